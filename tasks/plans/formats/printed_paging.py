"""Tables that go on over the end of a page: which table a grid belongs to, and rows that the end of a page cuts in two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tasks.plans.formats.building import TableCell
from tasks.plans.formats.printed_lines import MARKER, cell_lines, joined_cell, lines_of
from tasks.plans.formats.printed_tables import Grid

SAME_COLUMN = 12.0  # points by which a column may move from page to page


@dataclass(slots=True)
class OpenTable:
    """A table that may go on on the next page."""

    columns: list[float]
    header: dict[int, str]
    cells: list[TableCell] = field(default_factory=list)
    rows: int = 0
    open_below: bool = False

    def add(self, cells: list[TableCell], open_below: bool) -> None:
        """Adds rows below those it has."""
        self.cells += [replace(cell, row=cell.row + self.rows) for cell in cells]
        self.rows = max((cell.row + cell.row_span for cell in self.cells), default=0)
        self.open_below = open_below

    def take_cut_row(self, cells: list[TableCell], first: int, open_above: bool) -> list[TableCell]:
        """Joins row `first` of the next page with the last row here when both are one; returns the cells that are left."""
        row = [cell for cell in cells if cell.row == first]
        above = {cell.column: self._last(cell.column) for cell in row}
        if not row or any(index is None for index in above.values()):
            return cells
        if not (open_above and self.open_below) and not self._is_cut(cells, row, first):
            return cells
        for cell in row:
            index = above[cell.column]
            assert index is not None
            upper = self.cells[index]
            span = max(upper.row_span, self.rows - 1 - upper.row + cell.row_span)
            self.cells[index] = replace(upper, text=joined_cell(upper.text, cell.text), row_span=span)
        return [replace(cell, row=cell.row - 1) if cell.row > first else cell for cell in cells if cell.row != first]

    def _last(self, column: int) -> int | None:
        """Where the cell stands that reaches the last row in a column."""
        for index in range(len(self.cells) - 1, -1, -1):
            cell = self.cells[index]
            if cell.column == column and cell.row <= self.rows - 1 < cell.row + cell.row_span:
                return index
        return None

    def _is_cut(self, cells: list[TableCell], row: list[TableCell], first: int) -> bool:
        """Whether a row without a number goes on with the last row.

        Where every other row has its number, a row without one at the top of a page is the rest of the row before,
        unless it begins like a paragraph of its own.
        """
        number = next((cell for cell in row if cell.column == 0), None)
        if number is None or number.text or number.row_span > 1 or any(cell.row_span > 1 for cell in row):
            return False
        others = [cell for cell in cells if cell.column == 0 and cell.row > first]
        others += [cell for cell in self.cells if cell.column == 0]
        if any(cell.row_span > 1 or not cell.text for cell in others):
            return False
        texts = [cell.text for cell in row if cell.text]
        return bool(texts) and not any(MARKER.match(text) for text in texts)


class PagedTables:
    """Puts the grids of following pages together to tables."""

    def __init__(self) -> None:
        self.open: OpenTable | None = None

    def add(self, grid: Grid, page: int) -> list[TableCell]:
        """Takes the next grid; returns the cells of the table that is finished by it, [] when that one goes on.

        A head that is printed again begins a new table: the reader wants to know where pages end.
        """
        cells = cells_of(grid, page)
        header = {cell.column: re.sub(r"\s", "", cell.text) for cell in cells if cell.row == 0}
        table = self.open
        if table is not None and same_columns(grid.columns, table.columns):
            head_again = header == table.header
            head_rows = max((cell.row_span for cell in cells if cell.row == 0), default=1) if head_again else 0
            cells = table.take_cut_row(cells, head_rows, grid.open_above and not head_again)
            if not head_again:
                table.add(cells, grid.open_below)
                return []
            if all(cell.row < head_rows for cell in cells):
                return []  # the page held nothing but the rest of one row
        finished = self.end()
        self.open = OpenTable(grid.columns, header)
        self.open.add(cells, grid.open_below)
        return finished

    def end(self) -> list[TableCell]:
        """Ends the open table and returns its cells."""
        finished, self.open = self.open, None
        return finished.cells if finished else []


def cells_of(grid: Grid, page: int) -> list[TableCell]:
    return [
        TableCell(
            cell.row,
            cell.column,
            cell_lines(lines_of(cell.chars, page), cell.left, cell.right),
            cell.row_span,
            cell.column_span,
            page,
        )
        for cell in grid.cells
    ]


def same_columns(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(abs(a - b) < SAME_COLUMN for a, b in zip(one, other, strict=True))
