"""One printed page, whatever format it came in: its characters and its ruling lines, in points, y growing downwards."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

THIN = 3.0  # points; a shape thinner than this is a ruling line


@dataclass(slots=True)
class Char:
    """One printed character: its box and the size of its font, all in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    after_space: bool = False  # a space character stands before it in the file

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


@dataclass(slots=True)
class Ruling:
    """A horizontal or vertical line: at `place` on one axis, from `start` to `end` on the other."""

    place: float
    start: float
    end: float


@dataclass(slots=True)
class PageContent:
    """What stands on a page, turned so that its text is upright."""

    number: int
    width: float
    height: float
    chars: list[Char]
    horizontals: list[Ruling]
    verticals: list[Ruling]
    has_image: bool


Turn = int  # quarter turns that make the text upright
Box = tuple[float, float, float, float]  # left, low, right, high
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def upright(
    number: int,
    size: tuple[float, float],
    found: Sequence[tuple[Turn | None, Char]],
    lines: Sequence[Box],
    *,
    has_image: bool,
) -> PageContent:
    """The page turned so that most of its text is upright. Boxes come as drawn, y growing upwards.

    Text printed askew (watermarks) is left out.
    """
    turns = Counter(turn for turn, _ in found if turn is not None)
    most = turns.most_common(1)[0][0] if turns else 0
    chars = [char for turn, char in found if turn == most]
    for char in chars:
        _turn_char(char, most, size)
    horizontals, verticals = [], []
    for x0, y0, x1, y1 in lines:
        left, top, right, bottom = _turned_box(x0, y0, x1, y1, most, size)
        if bottom - top <= THIN and right - left > THIN:
            horizontals.append(Ruling((top + bottom) / 2, left, right))
        elif right - left <= THIN and bottom - top > THIN:
            verticals.append(Ruling((left + right) / 2, top, bottom))
    width, height = size if most % 2 == 0 else (size[1], size[0])
    return PageContent(number, width, height, chars, horizontals, verticals, has_image)


def quarter_turn(angle: float) -> Turn | None:
    """The number of quarter turns of an angle in radians; None when the text is askew."""
    if not angle:
        return 0
    quarters = angle / (math.pi / 2)
    nearest = round(quarters)
    return nearest % 4 if abs(quarters - nearest) < 0.06 else None


def _turn_char(char: Char, turn: Turn, box: tuple[float, float]) -> None:
    char.left, char.top, char.right, char.bottom = _turned_box(char.left, char.top, char.right, char.bottom, turn, box)
    char.size = char.bottom - char.top


def _turned_box(
    x0: float, y0: float, x1: float, y1: float, turn: Turn, box: tuple[float, float]
) -> tuple[float, float, float, float]:
    """A box as drawn (y upwards) turned so that text of this turn is upright, with y growing downwards."""
    width, height = box
    if turn == 0:
        return x0, height - y1, x1, height - y0
    if turn == 1:
        return height - y1, width - x1, height - y0, width - x0
    if turn == 2:
        return width - x1, y0, width - x0, y1
    return y0, x0, y1, x1


def straight_lines(points: Sequence[tuple[float, float]], pieces: Sequence[Box], *, stroked: bool) -> list[Box]:
    """The ruling lines of one drawn shape: a thin shape is one, else those of its straight sides that are drawn."""
    if len(points) < 2:
        return []
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    left, right, low, high = min(xs), max(xs), min(ys), max(ys)
    if right - left <= THIN or high - low <= THIN:
        return [(left, low, right, high)]
    return [
        (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        for x0, y0, x1, y1 in (pieces if stroked else ())
        if abs(x0 - x1) <= 1 or abs(y0 - y1) <= 1
    ]


def product(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
