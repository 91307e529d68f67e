"""Where a heading ends and the body begins: at a full stop, a line end, a colon, or a blank that all headings share."""

from __future__ import annotations

import re

from .flow import Flow
from .nodes import Node, Rank
from .traced import Traced
from .vocabulary import KNOWN_CHAPTER

_TITLE_STOP = re.compile(r"[。!?]")
_TITLE_MAX = 48
_COLON_TITLE_MAX = 32
# The responsibility printed behind a title: （牵头单位：…；配合单位：…）.
_TITLE_NOTE = re.compile(r"[(](?:[^()]|[(][^()]*[)])*?(?:单位|部门|牵头|负责|配合|落实)(?:[^()]|[(][^()]*[)])*[)]$")


def find_titles(root: Node, flow: Flow) -> None:
    for node in root.walk():
        node.title_end = _title_end(node, flow)


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
        if known and known.end() < end and (end - node.head > 22 or folded[known.end()] == ":"):
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
        if colon > 0 and (heading := _colon_title(node, folded, end)) is not None:
            end = heading
    note = _TITLE_NOTE.search(folded, node.head, end)
    if not 2 <= (note.start() if note else end) - node.head <= _TITLE_MAX:
        return _colon_title(node, folded, limit)
    return end


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
    note = _TITLE_NOTE.search(title.folded)
    return title[: note.start()].stripped("。:：;；,，") if note and note.start() >= 4 else title


def body_start(node: Node, flow: Flow) -> int:
    """Where the body begins: after the title and its mark."""
    start = node.head if node.title_end is None else node.title_end
    while start < node.end and flow.folded[start] in "。:;,!?" and node.title_end is not None:
        start += 1
        if flow.folded[start - 1] in "。:":
            break
    return start
