"""How high a row must be for its wrapped text: not every program makes rows grow when it opens a file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

POINTS = 11
LEADING = 1.45
"""Height of a line for each point of its type; Chinese faces need more than Latin ones."""
HIGHEST = 409.0
"""Points; Excel takes no higher row."""


def lines_of(text: str, width: float, points: float = POINTS) -> int:
    """How many lines a text takes in a column of `width` (figures of 11 points), set in type of `points`."""
    room = units_per_line(width, points)
    return sum(max(1, -(-units_of(paragraph) // room)) for paragraph in text.split("\n"))


def units_per_line(width: float, points: float = POINTS) -> int:
    # The last character of a line often does not fit.
    return max(2, int(width * POINTS / points) - 2)


def units_of(text: str) -> int:
    """How wide a text is, a Chinese character counting two."""
    return len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def row_height(cells: Iterable[tuple[str, float, float]]) -> float:
    """The height in points of a row of cells: text, width of the column, points of the type."""
    return min(
        HIGHEST, max((lines_of(text, width, points) * points * LEADING for text, width, points in cells), default=0)
    )
