"""Lists of bodies as official documents print them: short lists, shared prefixes and endings, roles inside the list."""

from __future__ import annotations

import re
from itertools import zip_longest

from .model import Role, Unit
from .traced import Traced
from .vocabulary import (
    BODY_END,
    BODY_ENDINGS,
    COLLECTIVE,
    LEVEL_PREFIX,
    OPEN_LIST,
    OWN_LEVEL,
    ROLE_WORDS,
    SHORT_NAME,
)

_SEPARATOR = re.compile(r"[、,;/\s。|]+")
_JOINT = re.compile(r"以及|会同|[和及与暨]")
# 市、县人民政府: a level alone leans on the name behind it.
LEVEL_ALONE = ("省", "市", "县", "区", "乡", "镇")
_LEVELS_JOINED = re.compile(r"[市县区乡镇](?:[(][^()]*[)])?[^()、]*(?:人民政府|政府|党委|局|办|部门|$)")
_NOISE = re.compile(
    r"^(?:(?:以[上下](?:各项)?(?:任务|工作|措施)?(?:均)?由|由|其中|以及|和|及|与|请|会同|联合|涉及|包括|主要|分别为)|[:.\-·\d]+(?=[\u4e00-\u9fff])|[(][一二三四五六七八九十\d]+[)])+"
)
_TRAILING = re.compile(
    r"(?:等(?=按|分|共|各|依|根|依)|(?:按照?|根据|依据|依照|依)(?:各自)?(?:的)?(?:职责|职能|分工).*|(?:分工|分别|共同|各自)+$|[.:\-·]+$|等(?:单位)?$)"
)
_SENTENCE = re.compile(r"[的了将应须]|严禁|不得|开展|推动|加强|落实|完善|建立|督促|确保|全力|实施|提高|强化")
_LIST_OF_SENTENCES = 26
_AND_REST = re.compile(r"(等(?:[市县省区])?(?:有关|相关)?(?:部门|单位)?(?:按职责)?)(?=以及|[及和与])")


def looks_like_body(name: str) -> bool:
    """True for a name that ends as names of bodies do, or is a business line of government."""
    if not 2 <= len(name) <= 40:
        return False
    name = name.replace("（", "(").replace("）", ")")
    stem = LEVEL_PREFIX.sub("", name)
    return bool(BODY_END.search(name) or SHORT_NAME.match(stem) or SHORT_NAME.match(name))


def is_unit_list(text: str) -> bool:
    """True when the whole text is names of bodies and nothing else."""
    names = [name for name in _SEPARATOR.split(_OUTSIDE.sub("", text)) if name]
    names = [OPEN_LIST.sub("", name) for name in names]
    names = [name for name in names if name]
    if not names or any(len(name) > _LIST_OF_SENTENCES for name in names):
        return False
    good = [name for name in names if looks_like_body(name)]
    bad = [name for name in names if not looks_like_body(name) and (_SENTENCE.search(name) or len(name) > 8)]
    return bool(good) and not bad and len(good) * 2 >= len(names)


_OUTSIDE = re.compile(r"[(][^()]*[)]")


def parse_units(text: Traced, role: Role = "responsible") -> tuple[list[Unit], bool]:
    """The bodies named in a field, and whether the list ends in 等部门 (open).

    Role words inside the field decide for the names before them: X牵头,Y、Z等部门分工负责 -> X lead, Y and Z responsible.
    """
    units: list[Unit] = []
    open_list = False
    at = 0
    words = [match for match in ROLE_WORDS.finditer(text.folded) if _is_role_word(text.folded, match)]
    for match in words:
        given: Role = role
        if match.group("lead"):
            given = "lead"
        elif match.group("cooperating"):
            given = "cooperating"
        elif role == "lead" and len(words) > 1:
            given = "responsible"
        if given == "cooperating" and match is words[0] and (comma := _last_comma(text.folded[: match.start()])) > 0:
            names, is_open = _names(text[:comma], role)  # X、Y，Z配合: only Z cooperates
            units += names
            open_list |= is_open
            at = comma
        names, is_open = _names(text[at : match.start()], given)
        units += names
        open_list |= is_open
        at = match.end()
    names, is_open = _names(text[at:], role)
    return _distinct(units + names), open_list or is_open


def _last_comma(folded: str) -> int:
    """The last comma or semicolon outside brackets when it parts the list in two; -1 when all names stand between such."""
    plain = _OUTSIDE.sub(lambda bracket: "·" * len(bracket.group()), folded)
    marks = [match.start() for match in re.finditer("[,;]", plain.rstrip(",; "))]
    return marks[-1] if len(marks) == 1 else -1


def _is_role_word(folded: str, match: re.Match[str]) -> bool:
    """A role word ends a list: a mark, a bracket or the end follows it, not the rest of a name (落实办, 实施单位)."""
    after = folded[match.end() : match.end() + 2]
    if re.match(r"办|单位|部门|局|处|科|股|站|所|队|员|机构|职责|情况|的部门", after):
        return False
    return (
        match.group("lead") is not None
        or match.group("cooperating") is not None
        or not after
        or not re.match(r"[\u4e00-\u9fff]", after)
        or folded[match.start() - 1 : match.start()]
        in ("", "等", "门", "位", "局", "府", "企", "业", "厅", "委", "队", ",")
    )


def _distinct(units: list[Unit]) -> list[Unit]:
    """Each body once for each role; a body that leads is not also responsible for the same."""
    found: dict[tuple[str, str], Unit] = {}
    for unit in units:
        found.setdefault((unit.name, unit.role), unit)
    leads = {name for name, role in found if role == "lead"}
    return [unit for (name, role), unit in found.items() if role == "lead" or name not in leads]


# 领导小组各成员单位〈以下简称各成员单位〉
_CALLED = re.compile(r"[(〈<](?:以下|统称|下)[^()〈〉<>]{0,4}称[^()〈〉<>]*[)〉>]")


def _names(text: Traced, role: Role) -> tuple[list[Unit], bool]:
    pieces: list[Traced] = []
    open_list = False
    for piece in _split(text.without(_CALLED, folded=True)):
        piece = _trim(piece)
        plain = piece.folded
        ending = OPEN_LIST.search(plain)
        if ending:
            open_list = True
            piece = piece[: ending.start()]
        piece = _trim(piece)
        if piece.folded in LEVEL_ALONE or (len(piece) >= 2 and _is_name(piece.folded)):
            pieces.append(piece)
    pieces = [
        piece
        for piece, following in zip_longest(pieces, pieces[1:])
        if len(piece) > 1 or (following is not None and _LEVELS_JOINED.match(following.folded))
    ]
    return _expanded(pieces, role, text), open_list


def _trim(piece: Traced) -> Traced:
    piece = (
        piece.compact().stripped("。.、,，;；:：()（）")
        if not _balanced(piece.folded)
        else piece.compact().stripped("。.、,，;；:：")
    )
    noise = _NOISE.match(piece.folded)
    if noise:
        piece = piece[noise.end() :]
    tail = _TRAILING.search(piece.folded)
    return piece[: tail.start()] if tail and tail.start() >= 2 else piece


def _balanced(folded: str) -> bool:
    return folded.count("(") == folded.count(")")


def _is_name(name: str) -> bool:
    if len(name) > 45 or not re.search(r"[\u4e00-\u9fff]", name):
        return False
    if re.search(r"[《》“”\"=]|\d{4}年", name) and not BODY_END.search(name):
        return False
    if re.fullmatch(
        r"(?:牵头|责任|配合|负责|等)?(?:单位|部门)|职责|分工|各自|以上|以下|同上|无|不涉及|企业(?=$)", name
    ):
        return False
    return not (len(name) > 14 and not BODY_END.search(name))


def _split(text: Traced) -> list[Traced]:
    """At 、，； and white space outside brackets, and at 和 / 及 / 以及 between two complete names."""
    folded = text.folded
    pieces: list[Traced] = []
    depth = start = 0
    for at, character in enumerate(folded):
        if character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
        elif depth == 0 and _SEPARATOR.match(character):
            pieces.append(text[start:at])
            start = at + 1
    pieces.append(text[start:])
    if depth:
        pieces = list(text.split(_SEPARATOR))
    found: list[Traced] = []
    for piece in pieces:
        for name in _split_glued(piece):
            found += _split_joint(name)
    return [piece for piece in found if piece.text.strip()]


_GLUE = re.compile(r"(?<=[局委办厅队府院])(?=[省市县区州旗](?!级|直))")


def _split_glued(piece: Traced) -> list[Traced]:
    """县应急局县公安局: names that only a blank kept apart; each has the level of the first and ends as names do."""
    cuts = [match.start() for match in _GLUE.finditer(piece.folded)]
    names = [piece[low:high] for low, high in zip([0, *cuts], [*cuts, len(piece)], strict=True)]
    level = piece.folded[:1]
    whole = all(name.folded.startswith(level) and len(name) >= 3 and looks_like_body(name.folded) for name in names)
    return names if cuts and whole and LEVEL_PREFIX.match(piece.folded) else [piece]


def _split_joint(piece: Traced) -> list[Traced]:
    for match in _JOINT.finditer(piece.folded):
        left, right = piece.folded[: match.start()].strip(), piece.folded[match.end() :].strip()
        whole_left = OPEN_LIST.sub("", left)
        if len(right) < 2:
            continue
        after_rest = whole_left != left and bool(BODY_END.search(right))
        if not after_rest and not (_complete(left) and _complete_start(right)):
            continue
        return [piece[: match.start()], *_split_joint(piece[match.end() :])]
    return [piece]


def _complete(name: str) -> bool:
    return (
        len(name) >= 2
        and bool(BODY_END.search(name))
        and not re.search(r"(?:发展|规划|资源|建设|文化|信息|粮食|卫生|科技|民族|水利|住房|人力|财政|应急)$", name)
    )


def _complete_start(name: str) -> bool:
    """The right side is a name of its own: it has a level, or is one of the collective names, and ends as names do."""
    plain = OPEN_LIST.sub("", name)
    first = re.split(r"[和及与]", plain)[0]
    if not BODY_END.search(plain):
        return False
    if first in ("政府", "办事处", "企业") or OWN_LEVEL.match(name) or COLLECTIVE.search(name):
        return True
    return bool(LEVEL_PREFIX.match(name)) and bool(BODY_END.search(first) or BODY_END.search(plain))


_SUFFIX = re.compile(r"(人民政府|政府|部门|单位|企业|局|厅|管委会|党委|办事处|委员会|公司)$")
_OFFICE_PREFIX = re.compile(r"^((?:省|市|县|区|州|旗)委)(?=\S)")


def _expanded(pieces: list[Traced], role: Role, whole: Traced) -> list[Unit]:
    """Put back the level printed only before the first name, and the ending printed only after the last."""
    names = [piece.folded for piece in pieces]
    level = next((match.group().removeprefix("全") for name in names[:1] if (match := LEVEL_PREFIX.match(name))), "")
    group = str(whole.compact()).strip("。.、,，;；") if len(names) > 1 else None
    units: list[Unit] = []
    for number, (piece, name) in enumerate(zip(pieces, names, strict=True)):
        full = name
        if name in LEVEL_ALONE and number + 1 < len(names):
            full = name + names[number + 1][1:]
        elif number and level and not LEVEL_PREFIX.match(name) and not OWN_LEVEL.match(name):
            full = level + name
        office = _OFFICE_PREFIX.match(units[-1].expanded or names[number - 1]) if number else None
        if office and re.match(r"(?:组织|宣传|统战|政法|编|网信|社会工作)\S*[部办委]$", name):
            full = office.group(1) + name
        if number and names[number - 1].startswith("各") and name in ("政府", "人民政府", "办事处", "管委会", "纪委"):
            full = re.sub(r"(?:党委|党工委|人民政府|政府)$", "", names[number - 1]) + name
        elif number and names[number - 1].startswith("各") and len(names[number - 1]) <= 3 and LEVEL_PREFIX.match(name):
            full = "各" + name
        if (not BODY_END.search(full) and number + 1 < len(names)) or (len(name) <= 3 and name.startswith("各")):
            full = _with_ending(full, names[number + 1 :])
        unit = Unit(
            name=str(piece),
            role=role,
            collective=bool(COLLECTIVE.search(full)),
            expanded=full if full != name else None,
            group=_joint(whole, pieces, number) if full != name or group else None,
            spans=piece.spans(),
        )
        units.append(unit)
    return units


def _with_ending(name: str, following: list[str]) -> str:
    """宣传、应急管理部门 -> 宣传部门: only an ending that one following name carries for all."""
    for other in following:
        ending = _SUFFIX.search(other)
        if ending and ending.group() in ("部门", "人民政府", "政府"):
            return name + ending.group()
        if ending:
            return name
    return name


def _printed(whole: Traced, first: Traced, last: Traced) -> str:
    """Two names with what is printed between them: 各乡镇党委、政府, 各县党委和政府."""
    match = re.search(rf"{re.escape(first.text)}(?:、|和|及|与){re.escape(last.text)}", whole.compact().text)
    return match.group() if match else f"{first.text}、{last.text}"


def _joint(whole: Traced, pieces: list[Traced], number: int) -> str | None:
    """The joint phrase for names that lean on each other: 各乡镇党委、政府; 各市、县人民政府."""
    lean = {"政府", "人民政府", "办事处", "管委会"}
    here = pieces[number].folded
    if here in lean and number:
        return _printed(whole, pieces[number - 1], pieces[number])
    if number + 1 < len(pieces) and pieces[number + 1].folded in lean:
        return _printed(whole, pieces[number], pieces[number + 1])
    if here.startswith("各") and len(here) <= 3 and number + 1 < len(pieces):
        return f"{pieces[number].text}、{pieces[number + 1].text}"
    if number and pieces[number - 1].folded.startswith("各") and len(pieces[number - 1].folded) <= 3:
        return f"{pieces[number - 1].text}、{pieces[number].text}"
    return None


assert BODY_ENDINGS
