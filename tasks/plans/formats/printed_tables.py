"""Tables of a printed page from its ruling lines: lines that cross make a grid, missing pieces of it make merged cells."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks.plans.formats.printed_page import Char, PageContent, Ruling

NEAR = 3.0  # points within which two lines are one, or touch
MOST_LINES = 3000  # on one page


@dataclass(slots=True)
class GridCell:
    """One cell of a table on a page, in points, with the characters printed in it."""

    row: int
    column: int
    row_span: int
    column_span: int
    left: float
    top: float
    right: float
    bottom: float
    chars: list[Char] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """A table on a page. `columns` are the places of its vertical lines."""

    left: float
    top: float
    right: float
    bottom: float
    columns: list[float]
    rows: list[float]
    cells: list[GridCell]
    fields: dict[tuple[int, int], GridCell]  # every field of the grid → the cell it belongs to
    open_above: bool  # no line closes it there: its first row began on the page before
    open_below: bool

    def holding(self, chars: list[Char]) -> list[Char]:
        """The characters whose middle stands inside the grid."""
        left, right, top, bottom = 2 * self.left, 2 * self.right, 2 * self.top, 2 * self.bottom
        return [
            char
            for char in chars
            if top <= char.top + char.bottom <= bottom and left <= char.left + char.right <= right
        ]

    def cell_of(self, char: Char) -> GridCell | None:
        row, column = bisect(self.rows, char.middle) - 1, bisect(self.columns, char.centre) - 1
        return self.fields.get((min(row, len(self.rows) - 2), min(column, len(self.columns) - 2)))


def find_tables(page: PageContent) -> list[Grid]:
    """The tables of a page from top to bottom. A frame of one cell is no table."""
    horizontals, verticals = joined(page.horizontals), joined(page.verticals)
    if len(horizontals) > MOST_LINES or len(verticals) > MOST_LINES:
        return []
    grids = []
    for group_h, group_v in _groups(horizontals, verticals):
        if grid := _grid(group_h, group_v):
            grids.append(grid)
    grids.sort(key=lambda grid: grid.top)
    outer = [g for g in grids if not any(o is not g and _inside(g, o) for o in grids)]
    for grid in outer:
        _fill(grid, grid.holding(page.chars))
    return [grid for grid in outer if any(cell.chars for cell in grid.cells)]


def joined(rulings: list[Ruling]) -> list[Ruling]:
    """Pieces of the same line as one line."""
    merged: list[Ruling] = []
    for ruling in sorted(rulings, key=lambda ruling: (round(ruling.place / NEAR), ruling.start)):
        for other in reversed(merged[-40:]):
            if (
                abs(other.place - ruling.place) <= NEAR
                and ruling.start <= other.end + NEAR
                and (ruling.end >= other.start - NEAR)
            ):
                other.start, other.end = min(other.start, ruling.start), max(other.end, ruling.end)
                break
        else:
            merged.append(Ruling(ruling.place, ruling.start, ruling.end))
    return merged


def _groups(horizontals: list[Ruling], verticals: list[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Lines that hang together by crossing or touching."""
    parent = list(range(len(horizontals) + len(verticals)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, h in enumerate(horizontals):
        for j, v in enumerate(verticals):
            if h.start - NEAR <= v.place <= h.end + NEAR and v.start - NEAR <= h.place <= v.end + NEAR:
                parent[root(i)] = root(len(horizontals) + j)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for i, h in enumerate(horizontals):
        groups.setdefault(root(i), ([], []))[0].append(h)
    for j, v in enumerate(verticals):
        groups.setdefault(root(len(horizontals) + j), ([], []))[1].append(v)
    # Fewer than four lines are a rule under a heading or a mark in the margin.
    return [group for group in groups.values() if group[0] and group[1] and len(group[0]) + len(group[1]) >= 4]


def _places(values: Sequence[float]) -> list[float]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > NEAR:
            places.append(value)
    return places


def _grid(horizontals: list[Ruling], verticals: list[Ruling]) -> Grid | None:
    xs, ys = [v.place for v in verticals], [h.place for h in horizontals]
    left, right = min(h.start for h in horizontals), max(h.end for h in horizontals)
    top, bottom = min(v.start for v in verticals), max(v.end for v in verticals)
    # Tables are often printed without their outer sides.
    open_sides = [side for side, missing in ((left, left < min(xs) - 10), (right, right > max(xs) + 10)) if missing]
    verticals = [*verticals, *(Ruling(side, min(ys), max(ys)) for side in open_sides)]
    open_above, open_below = top < min(ys) - 10, bottom > max(ys) + 10
    open_ends = [end for end, missing in ((top, open_above), (bottom, open_below)) if missing]
    horizontals = [*horizontals, *(Ruling(end, left, right) for end in open_ends)]
    columns, rows = _places([v.place for v in verticals]), _places([h.place for h in horizontals])
    if len(columns) < 2 or len(rows) < 2 or len(columns) * len(rows) > 20_000:
        return None
    cells, fields = _cells(columns, rows, horizontals, verticals)
    if len(cells) < 2:
        return None
    return Grid(columns[0], rows[0], columns[-1], rows[-1], columns, rows, cells, fields, open_above, open_below)


def _cells(
    columns: list[float], rows: list[float], horizontals: list[Ruling], verticals: list[Ruling]
) -> tuple[list[GridCell], dict[tuple[int, int], GridCell]]:
    """The cells: fields of the grid joined wherever no line parts them."""
    wide, high = len(columns) - 1, len(rows) - 1
    owner: dict[tuple[int, int], GridCell] = {}
    cells = []
    at_column = [[v for v in verticals if abs(v.place - place) <= NEAR * 1.5] for place in columns]
    at_row = [[h for h in horizontals if abs(h.place - place) <= NEAR * 1.5] for place in rows]

    def parted_right(row: int, column: int) -> bool:
        middle = (rows[row] + rows[row + 1]) / 2
        return any(v.start <= middle <= v.end for v in at_column[column + 1])

    def parted_below(row: int, column: int) -> bool:
        middle = (columns[column] + columns[column + 1]) / 2
        return any(h.start <= middle <= h.end for h in at_row[row + 1])

    for row in range(high):
        for column in range(wide):
            if (row, column) in owner:
                continue
            last = column
            while last + 1 < wide and (row, last + 1) not in owner and not parted_right(row, last):
                last += 1
            end = row
            while end + 1 < high and not any(parted_below(end, c) for c in range(column, last + 1)):
                if any(not parted_right(end + 1, c) for c in (column - 1, last) if 0 <= c < wide - 1):
                    break
                end += 1
            cell = GridCell(
                row,
                column,
                end - row + 1,
                last - column + 1,
                columns[column],
                rows[row],
                columns[last + 1],
                rows[end + 1],
            )
            owner.update(((r, c), cell) for r in range(row, end + 1) for c in range(column, last + 1))
            cells.append(cell)
    return cells, owner


def _inside(inner: Grid, outer: Grid) -> bool:
    return (
        outer.left - NEAR <= inner.left
        and inner.right <= outer.right + NEAR
        and outer.top - NEAR <= inner.top
        and inner.bottom <= outer.bottom + NEAR
    )


def _fill(grid: Grid, chars: list[Char]) -> None:
    for char in chars:
        if (cell := grid.cell_of(char)) is not None:
            cell.chars.append(char)
