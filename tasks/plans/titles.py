"""Where a heading ends and the body begins: at a full stop, a line end, a colon, or a blank that all headings share."""

from __future__ import annotations

import re

from .flow import Flow, Gap
from .nodes import Node, Rank
from .traced import Traced
from .units import is_unit_list, looks_like_body
from .vocabulary import KNOWN_CHAPTER

_TITLE_STOP = re.compile(r"[。!?]")
_TITLE_MAX = 48
_COLON_TITLE_MAX = 32
# The responsibility printed behind a title: （牵头单位：…；配合单位：…）.
_NAMES_NOTE = re.compile(r"[(](?P<names>(?:[^()]|[(][^()]*[)]){4,})[)]$")
_TITLE_NOTE = re.compile(r"[(](?:[^()]|[(][^()]*[)])*?(?:单位|部门|牵头|负责|配合|落实)(?:[^()]|[(][^()]*[)])*[)]$")


def find_titles(root: Node, flow: Flow) -> None:
    """Set `title_end` of every node below `root`."""
    nodes = list(root.walk())
    blanks = {id(node): _blank_title(node, flow) for node in nodes}
    habits = {rank for rank in Rank if _is_habit([blanks[id(node)] for node in nodes if node.rank is rank])}
    for node in nodes:
        blank = blanks[id(node)]
        node.title_end = blank if blank and node.rank in habits else _title_end(node, flow)


# 1.严格项目准入  建立联合审查机制，…: nothing but blanks between the heading and the sentence.
_BLANK_TITLE = re.compile(r"[\u4e00-\u9fff“”《》、]{4,24}$")


def _blank_title(node: Node, flow: Flow) -> int | None:
    """Where the first blank behind the number stands, when words without marks come before it and a sentence after."""
    folded, limit = flow.folded, min(node.own_end, node.head + 28)
    at = flow.next_gap(node.head, limit)
    if at >= limit or flow.gap(at) is not Gap.SPACE or not _BLANK_TITLE.match(folded, node.head, at):
        return None
    following = folded[at : min(node.own_end, at + 200)]
    return at if re.match(r"[\u4e00-\u9fff“《\d]", following) and re.search(r"[,。;]", following) else None


def _is_habit(blanks: list[int | None]) -> bool:
    """A single blank may be chance; two of them in more than half of the headings of one rank are how it was typed."""
    found = sum(1 for at in blanks if at)
    return found >= 2 and found * 2 > len(blanks)


def _title_end(node: Node, flow: Flow) -> int | None:
    """The heading is what stands before the first full stop or the end of the line; None when it would be a sentence."""
    folded, limit = flow.folded, node.own_end
    stop = _TITLE_STOP.search(folded, node.head, limit)
    end = stop.start() if stop else limit
    line = flow.next_line(node.head)
    if node.head < line < end:
        end = line
    if node.rank in (Rank.CHAPTER, Rank.TOPIC, Rank.APPENDIX):
        known = re.compile(rf"{KNOWN_CHAPTER}").match(folded, node.head)
        gap = flow.next_gap(node.head, end)
        if known and known.end() < end and _goes_over(folded[known.end() : end], glued=not flow.lines):
            end = known.end()
        elif gap < end and end - node.head > _TITLE_MAX and 2 <= gap - node.head <= 30:
            end = gap
    if end >= limit and not node.children and node.rank >= Rank.SECTION:
        return _colon_title(node, folded, limit)
    if node.rank >= Rank.SECTION and end > node.head:
        gap = flow.next_gap(node.head, end)
        if not flow.lines and 4 <= gap - node.head <= 30 and re.match(r"[^,。;:、]{2,12}:", folded[gap:end]):
            return gap
        colon = folded.find(":", node.head, end)
        if colon > 0 and not flow.lines and (cut := _glued_label(folded, node, colon)):
            return cut
        if colon > 0 and (heading := _colon_title(node, folded, end)) is not None:
            end = heading
    note = _note(folded[node.head : end])
    if not 2 <= (note.start() if note else end - node.head) <= _TITLE_MAX:
        return _colon_title(node, folded, limit)
    return end


# 加强灾种防范|火灾：…: nothing parts the heading from the first of its labelled paragraphs.
_ACT_AND_LABEL = re.compile(
    r"[\u4e00-\u9fff“”]{4,}?(?:防范|防治|防控|治理|整治|管理|管控|监管|建设|保障|排查|执法|检查|能力|水平|体系|机制|责任)(?=[\u4e00-\u9fff]{4,10}$)"
)
_LABELLED = re.compile(r"[。)][\u4e00-\u9fff]{3,10}:")


def _glued_label(folded: str, node: Node, colon: int) -> int | None:
    """Where the heading stops when labelled paragraphs follow it and the copy lost every break."""
    match = _ACT_AND_LABEL.match(folded[:colon], node.head)
    return match.end() if match and _LABELLED.search(folded, colon, node.own_end) else None


def _goes_over(rest: str, *, glued: bool) -> bool:
    """Behind a known title the body begins: after a colon, or where what follows is too long or too exact for a title."""
    return (
        rest.startswith(":") or len(rest) > 18 or (glued and len(rest) >= 8 and re.search(r"[\d%,]", rest) is not None)
    )


def _colon_title(node: Node, folded: str, limit: int) -> int | None:
    """强化培训：…: a short phrase before a colon; one that announces a list is a sentence."""
    colon = folded.find(":", node.head, min(limit, node.head + _COLON_TITLE_MAX))
    phrase = folded[node.head : max(node.head, colon)]
    if len(phrase) < 2 or re.search(r"[,;。(]|以下|如下|包括", phrase) or ("、" in phrase and len(phrase) < 12):
        return None
    return colon


def title_of(node: Node, flow: Flow) -> Traced | None:
    """The title without number, final marks and the responsibility printed behind it."""
    return None if node.title_end is None else _plain(flow.text[node.head : node.title_end])


def heading_of(node: Node, flow: Flow) -> Traced:
    """The number and the title as printed: （二）健全标准体系."""
    return _plain(flow.text[node.start : node.title_end if node.title_end is not None else node.head])


def _plain(title: Traced) -> Traced:
    title = title.stripped("。:：;；,，")
    note = _note(title.folded)
    return title[: note.start()].stripped("。:：;；,，") if note and note.start() >= 4 else title


def _note(heading: str) -> re.Match[str] | None:
    """The bracket behind a title that says who is responsible, in words or by nothing but names."""
    note = _TITLE_NOTE.search(heading)
    if note is None and (names := _NAMES_NOTE.search(heading)) and is_unit_list(names.group("names")):
        plain = re.sub(r"[(][^()]*[)]", "", names.group("names"))
        if all(looks_like_body(name) for name in re.split("[、,;]", plain)):
            return names
    return note


def body_start(node: Node, flow: Flow) -> int:
    """Where the body begins: after the title and its mark."""
    start = node.head if node.title_end is None else node.title_end
    while start < node.end and flow.folded[start] in "。:;,!?" and node.title_end is not None:
        start += 1
        if flow.folded[start - 1] in "。:":
            break
    return start
