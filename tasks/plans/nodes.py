"""The tree of numbered headings: which kinds of numbers there are, and what a numbered piece holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from .vocabulary import NUMERALS

_DIGITS = {character: value for value, character in enumerate(NUMERALS, 1)}


class Rank(IntEnum):
    """The usual order of numbering in official documents (GB/T 9704: 一、 （一） 1. （1）)."""

    ROOT = 0
    APPENDIX = 1
    TOPIC = 2
    CHAPTER = 3
    SECTION = 4
    ITEM = 5
    DECIMAL = 6
    SUBITEM = 7
    CIRCLED = 8


@dataclass(slots=True)
class Node:
    """A numbered piece of the document. `start`..`head` is the number, `head`..`end` title, body and children."""

    rank: Rank
    number: int
    start: int
    head: int
    end: int = 0
    strong: bool = True
    parent: Node | None = field(default=None, repr=False)
    children: list[Node] = field(default_factory=list)
    title_end: int | None = None

    @property
    def own_end(self) -> int:
        """Where the text before the first child stops."""
        return self.children[0].start if self.children else self.end

    def walk(self) -> Iterator[Node]:
        for child in self.children:
            yield child
            yield from child.walk()

    def ancestors(self) -> list[Node]:
        """From the outermost heading to the parent."""
        line: list[Node] = []
        node = self.parent
        while node is not None and node.rank is not Rank.ROOT:
            line.append(node)
            node = node.parent
        return line[::-1]


def ordinal(numerals: str) -> int:
    """二十一 -> 21; digits are read as digits."""
    if numerals.isdigit():
        return int(numerals)
    if numerals in "-—–":
        return 1  # a copy prints the dash for 一
    tens, _, ones = numerals.rpartition("十")
    if "十" not in numerals:
        return _DIGITS.get(numerals, 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
