"""A sheet as every reader hands it on, and how much of one is read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_BYTES = 20 * 1024 * 1024
MAX_COLUMNS = 120
MAX_UNPACKED = 120 * 1024 * 1024

Line = tuple[int, list[object]]
"""A row's number, from 1, and its cells."""
Merge = tuple[int, int, int, int]
"""First column, first row, last column, last row; columns from 0, rows from 1."""


@dataclass(frozen=True)
class Hidden:
    """What nobody sees on the screen: ranges of rows (first, last, from 1) in their order, and columns, from 0."""

    rows: list[tuple[int, int]] = field(default_factory=list)
    columns: set[int] = field(default_factory=set)

    def hide(self, first: int, last: int) -> None:
        """Add rows below those that are known."""
        if self.rows and self.rows[-1][1] >= first - 1:
            first, last = self.rows[-1][0], max(self.rows.pop()[1], last)
        self.rows.append((first, last))

    def has_row(self, number: int) -> bool:
        place = bisect_right(self.rows, number, key=lambda rows: rows[0]) - 1
        return place >= 0 and number <= self.rows[place][1]


@dataclass(frozen=True)
class Sheet:
    title: str
    lines: list[Line]
    merges: list[Merge]
    hidden: Hidden = field(default_factory=Hidden)


def rows_in_words(numbers: Iterable[int], most: int = 10) -> str:
    """Numbers of rows as one says them: 第 4、7–9 行."""
    ranges = Hidden()
    for number in sorted(numbers):
        ranges.hide(number, number)
    words = [f"{first}" if first == last else f"{first}–{last}" for first, last in ranges.rows]
    return f"第 {'、'.join(words[:most])} 行{'等' if len(words) > most else ''}"
