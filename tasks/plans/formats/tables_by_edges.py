"""Tables of formats that know no columns: each row says where its cells begin and end, in twentieths of a point."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.plans.document import UnreadableDocument
from tasks.plans.formats import limits
from tasks.plans.formats.building import TableCell

_SNAP = 40  # edges nearer than two points are one


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a cell stands in its row, and whether it is part of the one to its left or of a merge downwards."""

    left: int
    right: int
    joined: bool = False
    begins: bool = False
    continues: bool = False


@dataclass(slots=True)
class Row:
    texts: list[str]
    edges: list[Edge]


def placed(rows: list[Row]) -> list[TableCell]:
    """The cells on the grid that the edges of all rows draw together; merges downwards become row spans."""
    columns: list[int] = []
    for place in sorted({place for row in rows for edge in row.edges for place in (edge.left, edge.right)}):
        if not columns or place - columns[-1] > _SNAP:
            columns.append(place)
    if len(columns) > limits.COLUMNS or len(rows) > limits.ROWS:
        raise UnreadableDocument(limits.TOO_LONG)
    found: list[TableCell] = []
    open_above: dict[int, int] = {}  # column → index in `found` of the cell that a merge continues
    for number, row in enumerate(rows):
        for index, text in enumerate(row.texts):
            if index >= len(row.edges):  # a row that does not say where its cells stand: one column after another
                found.append(TableCell(number, index, text))
                continue
            edge = row.edges[index]
            column = _nearest(columns, edge.left)
            span = max(1, _nearest(columns, edge.right) - column)
            above = open_above.get(column)
            if edge.joined and found and found[-1].row == number:
                last = found.pop()
                found.append(TableCell(number, last.column, last.text, 1, last.column_span + span))
            elif edge.continues and above is not None:
                cell = found[above]
                found[above] = TableCell(cell.row, cell.column, cell.text, number - cell.row + 1, cell.column_span)
            else:
                open_above.pop(column, None)
                if edge.begins:
                    open_above[column] = len(found)
                found.append(TableCell(number, column, text, 1, span))
    return found


def _nearest(columns: list[int], place: int) -> int:
    return min(range(len(columns)), key=lambda index: abs(columns[index] - place))
