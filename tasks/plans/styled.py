"""Headings that nothing but their style marks, as Word and web pages print them: no number, a level of their own."""

from __future__ import annotations

import re

from .document import Document
from .flow import Flow
from .nodes import Rank
from .outline import number_rank
from .vocabulary import LABEL

_LEVEL = re.compile(r"h([1-6])$")
_HEADING_MAX = 40


def heading_blocks(document: Document) -> dict[int, int]:
    """The level of every paragraph that has the style of a heading, by the index of its block."""
    found = {}
    for block in document.blocks:
        level = _LEVEL.match(block.style) if block.cell is None else None
        if level and block.text.strip():
            found[block.index] = int(level.group(1))
    return found


def styled_headings(flow: Flow, levels: dict[int, int]) -> dict[int, Rank]:
    """Where headings without a number begin, and the rank of each; none when there are not two of them.

    A level takes the rank of the numbers printed at it; a level without numbers stands one below the level above.
    """
    plain: dict[int, int] = {}
    printed: dict[int, Rank] = {}
    for start in [0, *flow.lines]:
        if start >= len(flow.text):
            continue
        level = levels.get(flow.text.block_at(start))
        line = flow.folded[start : flow.next_line(start)]
        if level is None:
            continue
        rank = number_rank(line)
        if rank is not None:
            printed.setdefault(level, rank)
        elif 2 <= len(line) <= _HEADING_MAX and not re.search(r"[。;,]", line) and not LABEL.match(line):
            plain[start] = level
    first = min(plain, default=0)
    if plain and list(plain.values()).count(plain[first]) == 1 and plain[first] == min(plain.values()):
        del plain[first]  # the title of the document
    if len(plain) < 2:
        return {}
    ranks: dict[int, Rank] = {}
    above = Rank.TOPIC
    for level in sorted({*plain.values(), *printed}):
        above = ranks[level] = printed.get(level) or Rank(min(above + 1, Rank.CIRCLED))
    return {start: ranks[level] for start, level in plain.items()}
