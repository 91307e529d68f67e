"""Tables that print one task on a card: 任务名称 | … below 牵头单位 | … below 完成时限 | …."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from .grid_rows import Column, is_task_head, kind_of_head
from .grids import Grid, Slot
from .traced import Traced

_PAIRS_MAX = 12


def upright(grid: Grid) -> Grid:
    """A card as a table with its labels as the head; any other table as it is. Several cards in one table become rows."""
    if not all(len(row) in (2, 4) for row in grid.rows) or not 2 <= len(grid.rows) <= 400:
        return grid
    pairs = list(_pairs(grid))
    labels = [label.compact().folded.rstrip(":") for label, _ in pairs]
    kinds = [kind_of_head(label) for label in labels]
    again = next((at for at in range(1, len(labels)) if labels[at] == labels[0]), len(labels))
    heads = labels[:again]
    columns = [Column(index, kind, head) for index, (kind, head) in enumerate(zip(kinds, heads, strict=False))]
    if not all(kinds) or len(set(heads)) < len(heads) or not 3 <= again <= _PAIRS_MAX or not is_task_head(columns):
        return grid
    if labels != [heads[at % again] for at in range(len(labels))] or len(labels) % again:
        return grid
    rows = [[Slot(label, index) for index, (label, _) in enumerate(pairs[:again])]]
    for low in range(0, len(pairs), again):
        rows.append([Slot(value, index) for index, (_, value) in enumerate(pairs[low : low + again])])
    return Grid(rows, placed=True)


def _pairs(grid: Grid) -> Iterator[tuple[Traced, Traced]]:
    """Label and value, two or four cells a row."""
    for row in grid.rows:
        cells = [slot.text.stripped() for slot in row]
        yield from (pair for at, pair in enumerate(pairwise(cells)) if at % 2 == 0)
