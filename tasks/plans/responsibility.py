"""Where a paragraph says who is responsible and until when: brackets, labelled lines and bare closing phrases."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from .flow import Flow, Gap
from .model import Role, Unit
from .traced import Traced
from .units import LEVEL_ALONE, is_unit_list, looks_like_body, parse_units
from .vocabulary import BODY_END, LABEL, OPEN_LIST, ROLE_WORDS

# 责任单位： or 【责任单位】
_LABEL_COLON = re.compile(rf"(?P<open>[(])?(?:{LABEL.pattern})(?(open)[)]:?|\s*:)")
# (责任单位 市应急局；完成时限 6月底): a blank stood for the colon.
_LABEL_BLANK = re.compile(rf"(?:^|(?<=[;,。]))(?:{LABEL.pattern})(?=.{{2}})")
_BLANKET = re.compile(r"(?:以下|以上|上述|本方案)\S{0,12}?(?:均|都|全部)(?:需|须|由|应由|要由)?")
_FIELD_MAX = 900
_MARKS = re.compile(r"[()]")
_ENDS_IN_ROLE = re.compile(rf"(?:{ROLE_WORDS.pattern})[。.,]?$")
# A field goes on after its full stop with a blanket clause, or after a semicolon: …负责；以下均需各县人民政府落实
_FIELD_END = re.compile(r"。|[;；](?=(?:以下|以上|上述|本方案)[^;；。]{0,12}?(?:均|都|全部))")
_PLAIN_ROLE = re.compile(
    ROLE_WORDS.pattern.replace("?P<lead>", "").replace("?P<cooperating>", "").replace("?P<responsible>", "")
)
_LOOSE = re.compile(r"[。;；,，.、\s]*")


@dataclass(slots=True)
class Responsibility:
    """One printed group of fields: who, in which role, and the words of the deadline field."""

    start: int
    end: int
    text: Traced
    units: list[Unit] = field(default_factory=list)
    units_open: bool = False
    deadlines: list[Traced] = field(default_factory=list)
    blanket: list[Unit] = field(default_factory=list)
    own_line: bool = False
    same_as_above: bool = False

    @property
    def printed_as_field(self) -> bool:
        """A bracket or a label, not a sentence that names bodies."""
        return self.text.folded.startswith("(") or LABEL.match(self.text.folded) is not None


def find_responsibilities(flow: Flow, start: int, end: int) -> list[Responsibility]:
    """Every group of responsibility fields between two places of the text; neighbours with nothing between are one."""
    found: list[Responsibility] = []
    for low, high in _places(flow, start, end):
        read = _field_at(flow, low, high)
        if read is None:
            continue
        # A copy, since neighbours are joined below.
        group = replace(read, units=list(read.units), deadlines=list(read.deadlines), blanket=list(read.blanket))
        if found and not _LOOSE.sub("", flow.text.text[found[-1].end : low]):
            previous = found[-1]
            previous.end = high
            previous.text = flow.text[previous.start : high]
            previous.units += group.units
            previous.deadlines += group.deadlines
            previous.blanket += group.blanket
            previous.units_open |= group.units_open
        else:
            found.append(group)
    return [
        group
        for group in found
        if group.units
        or group.deadlines
        or group.blanket
        or group.same_as_above
        or _PERSON_LINE.match(group.text.folded)
    ]


def _field_at(flow: Flow, low: int, high: int) -> Responsibility | None:
    """The field at one place, read once although chapter, section and item all ask for it."""
    if (low, high) not in flow.fields:
        group = _read_group(flow, low, high)
        if group is not None:
            group.own_line = low in flow.lines
        flow.fields[low, high] = group
    known = flow.fields[low, high]
    return known if isinstance(known, Responsibility) else None


def _places(flow: Flow, start: int, end: int) -> list[tuple[int, int]]:
    """Brackets, and labels that stand outside every bracket (their bracket lost, or a line of their own)."""
    folded = flow.folded
    places: list[tuple[int, int]] = []
    stack: list[int] = []
    for mark in _MARKS.finditer(folded, start, end):
        at = mark.start()
        if folded[at] == "(":
            stack.append(at)
        elif stack:
            low = stack.pop()
            if not stack and not _LABEL_COLON.fullmatch(folded, low, at + 1):
                places.append((low, at + 1))
    if stack:
        places.append((stack[0], end))
    places.sort()
    brackets = [low for low, _ in places]
    labelled: list[tuple[int, int]] = []
    for label in _LABEL_COLON.finditer(folded, start, end):
        if labelled and label.start() < labelled[-1][1]:
            continue
        before = bisect_right(brackets, label.start()) - 1
        if before >= 0 and label.start() < places[before][1]:
            continue
        if not _opens_field(flow, label, start):
            continue
        labelled.append((label.start(), _field_end(flow, label.end(), end)))
    # 配合单位：各镇（街道、园区）: a bracket inside a labelled field belongs to a name, unless it has a label of its own.
    places = [
        (low, high)
        for low, high in places
        if not any(a < low and high <= b for a, b in labelled) or _LABEL_COLON.search(flow.folded, low, high)
    ]
    places += labelled
    for low, high in _role_lines(flow, start, end):
        inside = [(a, b) for a, b in places if low < a and b < high]  # 各县（区）人民政府
        if not any(a < high and low < b for a, b in places if (a, b) not in inside):
            places = [place for place in places if place not in inside] + [(low, high)]
    return sorted(places)


def _role_lines(flow: Flow, start: int, end: int) -> list[tuple[int, int]]:
    """Last sentences of paragraphs, or whole lines, that only say who does what: X牵头，Y、Z按职责分工负责。"""
    found: list[tuple[int, int]] = []
    lines = flow.lines[bisect_right(flow.lines, start) : bisect_left(flow.lines, end)]
    for at, high in zip([start, *lines], [*lines, end], strict=True):
        sentence = flow.folded[at:high].rstrip("。;,")
        low = at + max(sentence.rfind(mark) for mark in "。;!?") + 1
        sentence = flow.folded[low : at + len(sentence)]
        names = sentence.lstrip("-")
        dashed = len(names) < len(sentence) and _only_names(names)  # ——县水利局、县气象局
        if low > start and len(sentence) <= 300 and (dashed or (_closing_role(sentence) and _all_bodies(sentence))):
            found.append((low, high))
    return found


# 由县自然资源局牵头，县公安局配合，…: clauses of a sentence in which no verb of another kind stands.
_BY_WHOM = re.compile(
    rf"(?:^|(?<=[。,;:]))由(?P<who>[^。;:]{{2,80}}?(?:{_PLAIN_ROLE.pattern})(?:[,;][^。,;:]{{2,60}}?(?:{_PLAIN_ROLE.pattern}))*)(?=[。,;]|$)"
)


def said_in(body: Traced) -> Responsibility | None:
    """The bodies that a sentence of an item without a field names with their role, and 长期坚持 behind them."""
    for clause in _BY_WHOM.finditer(body.folded):
        low, high = clause.span("who")
        if _all_bodies(clause.group("who")):
            group = Responsibility(low, high, body[low:high])
            after = re.match(r",[^,;。]{2,12}(?=[。;]|$)", body.folded[high:])
            group.text = _without_days(body[low : high + (after.end() if after else 0)], group)
            group.units, group.units_open = parse_units(body[low:high])
            return group
    return None


def _all_bodies(line: str) -> bool:
    names = [name for name in re.split(r"[、,;]", _PLAIN_ROLE.sub(",", re.sub(r"[(][^()]*[)]", "", line))) if name]
    names = [re.sub(r"^(?:由|以及|和|及)|等\w*$", "", name) for name in names]
    return bool(names) and all(looks_like_body(name) for name in names if name)


def _person_line(flow: Flow, label: re.Match[str]) -> bool:
    """责任人：… on a line of its own: no body is named, yet it is a field and not part of the duty."""
    return flow.gap(label.start()) is Gap.LINE and _PERSON_LINE.match(flow.folded, label.start()) is not None


_PERSON_LINE = re.compile(r"(?:责任|牵头|分管|包保|整改责任|责任牵头)(?:责任)?(?:人|领导):")


def _opens_field(flow: Flow, label: re.Match[str], start: int) -> bool:
    """A label without bracket counts after a sentence, at the start of a line, or when it names units."""
    if _person_line(flow, label):
        return True
    if label.group("person") and not _LABEL_COLON.search(flow.folded, label.end(), label.end() + 24):
        return False
    before = flow.folded[label.start() - 1] if label.start() > start else "。"
    if label.lastgroup == "deadline":
        return before in "。;)" or flow.gap(label.start()) > 0
    return before in "。;,)!?" or flow.gap(label.start()) > 0 or len(label.group()) >= 5


def _field_end(flow: Flow, at: int, end: int) -> int:
    """Up to the closing bracket that has no opening one, the full stop, or the end of the line."""
    folded, depth = flow.folded, 0
    line = flow.next_line(at)
    for place in range(at, min(end, at + 2 * _FIELD_MAX)):
        if folded[place] == "(":
            depth += 1
        elif folded[place] == ")":
            depth -= 1
            if depth < 0:
                return place + 1
        elif folded[place] == "。" or (place == line and depth == 0 and place > at):
            if folded[place] != "。" and folded[place - 1] in "、,;:":
                line = flow.next_line(place)
                continue
            return place + (folded[place] == "。")
    return end


def _read_group(flow: Flow, low: int, high: int) -> Responsibility | None:
    text = flow.text[low:high]
    inner = text[1:] if text.folded.startswith("(") and not _LABEL_COLON.match(text.folded) else text
    inner = inner[:-1] if inner.folded.endswith(")") and inner.folded.count(")") > inner.folded.count("(") else inner
    if len(inner) > _FIELD_MAX:
        return None
    labels = [label for label in _LABEL_COLON.finditer(inner.folded) if _top_level(inner.folded, label.start())]
    if not labels and text.folded.startswith("(") and _LABEL_BLANK.match(inner.folded):
        labels = [label for label in _LABEL_BLANK.finditer(inner.folded) if _top_level(inner.folded, label.start())]
    if labels and (
        labels[0].start() <= 3 or (text.folded.startswith("(") and _is_opening(inner.folded[: labels[0].start()]))
    ):
        return _labelled(low, high, text, inner, labels)
    return _bare(low, high, text, inner) or _one_name(flow, low, high, text, inner)


_NOT_A_NAME = re.compile(r"^(?:以下|下同|含|包括|不含|见|详见|附|除|如|即|指|或|略)|简称|附件|企业$|单位$|[\d“”《》]")


def _one_name(flow: Flow, low: int, high: int, text: Traced, inner: Traced) -> Responsibility | None:
    """…不低于20%。（政策法规处）: one name alone in brackets after the last sentence of a paragraph."""
    after = flow.folded[high : high + 1]
    closes = (
        low > 0
        and flow.folded[low - 1] in "。;"
        and (not after or high in flow.gaps or after in "(0123456789一二三四五六七八九")
    )
    name = inner.folded
    if not closes or len(name) > 16 or _NOT_A_NAME.search(name) or not BODY_END.search(name):
        return None
    units, _ = parse_units(inner)
    return Responsibility(low, high, text, units) if len(units) == 1 else None


def read_labelled(text: Traced) -> Responsibility | None:
    """A cell that says 牵头单位：… 配合单位：… inside; None when it holds plain names."""
    labels = [label for label in _LABEL_COLON.finditer(text.folded) if _top_level(text.folded, label.start())]
    return _labelled(0, len(text), text, text, labels) if labels and labels[0].start() <= 3 else None


def _is_opening(before: str) -> bool:
    return is_unit_list(before.rstrip(",;")) or bool(_ENDS_IN_ROLE.search(before.rstrip(";,。")))


def _top_level(folded: str, at: int) -> bool:
    return folded.count("(", 0, at) <= folded.count(")", 0, at)


def _labelled(low: int, high: int, text: Traced, inner: Traced, labels: list[re.Match[str]]) -> Responsibility:
    group = Responsibility(low, high, text)
    if labels[0].start() > 3:
        units, is_open = parse_units(inner[: labels[0].start()])
        group.units += units
        group.units_open |= is_open
    for label, following in zip_longest(labels, labels[1:]):
        value = inner[label.end() : following.start() if following else len(inner)].stripped("。;；,，、")
        kind = next(name for name in ("lead", "cooperating", "responsible", "deadline", "person") if label.group(name))
        if kind == "deadline":
            group.deadlines.append(value)
        elif kind != "person":
            role: Role = "lead" if kind == "lead" else "cooperating" if kind == "cooperating" else "responsible"
            value = _without_days(value, group)
            if value.folded.strip() == "同上":
                group.same_as_above = True
                continue
            for number, part in enumerate(value.split(_NEXT_PART)):
                if _BLANKET.match(part.folded):
                    group.blanket = _blanket_units(part)
                    continue
                own = number > 0 and _ENDS_IN_ROLE.search(part.folded) is not None
                units, is_open = parse_units(part, "responsible" if own else role)
                group.units += units
                group.units_open |= is_open
    return group


# 配合单位：县公安局；各乡镇人民政府负责落实: what follows the mark has a role word of its own.
_NEXT_PART = re.compile(r"[;；。]")


_DAY_WORDS = re.compile(
    r"(?:(?:20\d{2}年|\d{1,2}月|每?年)[^、,;]{0,12}?(?:前|底|末|日|月|季度|年)(?:完成|落实|到位|整改到位)?(?:并?(?:持续|长期|常态化)(?:推进|坚持|开展))?|长期(?:坚持|推进|落实)?|持续(?:推进|开展)|全年|常态化(?:推进|开展)?|年内(?:完成)?)$"
)


def _without_days(value: Traced, group: Responsibility) -> Traced:
    """(责任单位：市应急局，7月15日前完成): the last pieces of the list that tell a time go to the deadlines."""
    while True:
        at = max(value.folded.rfind(mark) for mark in ",;")
        last = value[at + 1 :].stripped("。，,；;、")
        if at < 0 or not _DAY_WORDS.match(last.folded):
            return value
        group.deadlines.insert(0, last)
        value = value[:at]


_OWN_BODY = re.compile(
    r"(?:各级|各|省|市|县|区|州|旗|盟|国家|镇|乡|应急管理部|公安部|水利部|教育部)(?=\S{2})(?!场|级|中心)"
)
_ORDER_NOTE = re.compile(r"[;,。](?:以下)?(?:列|排)(?:在|名)?(?:首位|第一位?|首个|前面?)的?[^()]*为[^()]*$|[;,。]下同$")


def _bare(low: int, high: int, text: Traced, inner: Traced) -> Responsibility | None:
    """(省住建厅牵头,省公安厅等部门分工负责), (…负责), (…督促企业落实), or a bracket of nothing but names."""
    group = Responsibility(low, high, text)
    recognised = False
    note = _BLANKET_NOTE.search(inner.folded)
    if note:
        group.blanket = _blanket_units(inner[note.start("clause") : note.end("clause")])
        inner = inner.cut([note.span()])
        recognised = True
    if inner.folded.strip("。;, ") in ("同上", "责任单位同上"):
        group.same_as_above = True
        return group
    for sentence in inner.without(_ORDER_NOTE, folded=True).split(_FIELD_END):
        folded = sentence.folded.strip()
        blanket = _BLANKET.match(folded)
        if blanket:
            group.blanket = _blanket_units(sentence)
            recognised = True
            continue
        sentence = _without_days(sentence, group)
        folded = sentence.folded.strip(" -")
        if folded and (_closing_role(folded) or _only_names(folded)):
            units, is_open = parse_units(sentence)
            group.units += units
            group.units_open |= is_open
            recognised = recognised or bool(units)
    return group if recognised else None


_BLANKET_NOTE = re.compile(r"[(](?P<clause>(?:以下|以上)[^()]*)[)]")


def _blanket_units(clause: Traced) -> list[Unit]:
    """以下均需市、县人民政府负责，不再一一列出 -> 市、县人民政府."""
    opening = _BLANKET.match(clause.folded)
    clause = clause[opening.end() :] if opening else clause
    stop = clause.folded.find(",")
    return parse_units(clause[:stop] if stop > 0 else clause)[0]


def _closing_role(folded: str) -> bool:
    """Names of bodies and then a role word, with no verb of another kind before."""
    if not _ENDS_IN_ROLE.search(folded) or folded.endswith(("负责人", "责任人")):
        return False
    names = [name for name in re.split(r"[、,;]", _PLAIN_ROLE.split(folded)[0]) if name and name not in LEVEL_ALONE]
    return any(looks_like_body(OPEN_LIST.sub("", name)) for name in names)


def _only_names(folded: str) -> bool:
    single = not re.search("[、,]", folded)
    if single and not (_OWN_BODY.match(folded) and BODY_END.search(folded) and len(folded) <= 24):
        return False
    if OPEN_LIST.search(folded) and is_unit_list(folded):
        return True
    return (
        is_unit_list(folded)
        and all(
            looks_like_body(name) for name in re.split(r"[、,;]", re.sub(r"[(][^()]*[)]|等\w*$", "", folded)) if name
        )
        and not re.search(r"企业[、,]|单位[、,]|场所", folded)
    )
