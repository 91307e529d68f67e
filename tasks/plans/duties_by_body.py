"""Duties that no heading parts: one under the name of each body (县公安局：负责查处…。), or 一要…。 二要…。 one a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from .dates import Calendar
from .duties import read_running_text
from .flow import Flow
from .model import Task
from .nodes import Node, Rank, ordinal
from .titles import heading_of, title_of
from .traced import Traced
from .units import is_unit_list, parse_units
from .vocabulary import NUMERALS

_NUMBER = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十\d]{1,3}[)]|\d{1,2}[.、](?!\d)|[①-⑳])?")
_NAMES = re.compile(r"(?P<names>[^:。;]{2,80}?)(?::|(?:要|应|主要)?(?=负责)|[。,](?=负责))")
_TALK = re.compile(r"(?:如下|以下)$")


def read_duties_by_body(flow: Flow, node: Node, when: Calendar) -> list[Task]:
    """One task for each paragraph that begins with names of bodies; none unless two paragraphs do."""
    found: list[Task] = []
    for start, end in _paragraphs(flow, node):
        number = _NUMBER.match(flow.folded, start, end)
        head = number.end() if number else start
        names = _NAMES.match(flow.folded, head, end)
        body = flow.text[names.end() : end].stripped() if names else Traced.empty()
        if not names or len(body) < 6 or not is_unit_list(names.group("names")) or _TALK.search(names.group("names")):
            continue
        units, is_open = parse_units(flow.text[head : names.end("names")])
        label = flow.text[start:head]
        task = Task(
            f"{len(found) + 1}", _path(flow, node, start), str(label.stripped("、.．")) or None, None, str(body), units, units_open=is_open,
            responsibility_text=str(flow.text[head : names.end("names")]), number_spans=label.spans(),
            text_spans=body.spans(), responsibility_spans=flow.text[head : names.end("names")].spans(),
        )  # fmt: skip
        read_running_text(task, body, when)
        found.append(task)
    return found if len(found) >= 2 else []


_SPOKEN = re.compile(rf"(?P<n>[{NUMERALS}]{{1,2}})(?:是|要)(?!否|求|么)[,:]?")


def spoken_paragraphs(flow: Flow, root: Node) -> list[Node]:
    """一要…。 二要…。: the paragraphs of a notice that has no other numbers, as items without titles."""
    if any(node.rank <= Rank.SECTION for node in root.children):
        return []
    found: list[Node] = []
    for start in [0, *flow.lines]:
        match = _SPOKEN.match(flow.folded, start)
        if match and ordinal(match.group("n")) == len(found) + 1:
            found.append(Node(Rank.ITEM, len(found) + 1, start, match.end(), flow.next_line(start)))
    return found if len(found) > 1 else []


def headed_by_bodies(flow: Flow, node: Node) -> bool:
    """（一）县公安局 … （二）各乡镇人民政府: the headings below are the bodies, and what stands under each is its duty."""
    titles = [title.folded for child in node.children if (title := title_of(child, flow))]
    return len(titles) >= 2 and all(is_unit_list(title) for title in titles)


def _path(flow: Flow, node: Node, at: int) -> list[str]:
    """The headings above a paragraph, down to the one that it stands below."""
    below = [other for other in node.walk() if other.title_end is not None and other.title_end <= at < other.end]
    deepest = max([node, *below], key=lambda other: other.start)
    return [
        str(heading_of(above, flow)) for above in [*deepest.ancestors(), deepest] if above.rank is not Rank.APPENDIX
    ]


def _paragraphs(flow: Flow, node: Node) -> Iterator[tuple[int, int]]:
    """The printed lines below a heading, and its numbered parts where they share a line."""
    starts = sorted({at for at in flow.lines if node.head < at < node.end} | {child.start for child in node.walk()})
    yield from pairwise([*starts, node.end])
