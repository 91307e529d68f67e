"""Tables whose copy lost its lines: every cell on a line of its own, the head first, then 1, 2, 3 … before each row."""

from __future__ import annotations

import re

from .grid_rows import Column, is_task_head, kind_of_head
from .grids import Grid, Slot
from .traced import Traced
from .units import is_unit_list

_LINE = re.compile(r"[^\n]+")
_FIRST_HEAD = re.compile(r"(?:序号|编号|序)$")
_HEAD_LINE = re.compile(r"^\s*(?:序号|编号|序)\s*$", re.M)
_HEADS_MAX = 9
_STOPS = re.compile(r"附件|[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|注[:：]|备注[:：]")
_BODIES = ("lead", "responsible", "cooperating")


def split_stacked(stream: Traced) -> list[Traced | Grid]:
    """Running text and the tables in it that are printed as one cell a line."""
    if not _HEAD_LINE.search(stream.text):
        return [stream]
    lines = [line for match in _LINE.finditer(stream.text) if (line := stream[match.start() : match.end()].stripped())]
    places = [match.span() for match in _LINE.finditer(stream.text) if match.group().strip()]
    parts: list[Traced | Grid] = []
    at = number = 0
    while number < len(lines):
        found = _table(lines, number) if _FIRST_HEAD.match(lines[number].folded) else None
        if found is None:
            number += 1
            continue
        grid, following = found
        if stream.text[at : places[number][0]].strip():
            parts.append(stream[at : places[number][0]])
        parts.append(grid)
        at = places[following - 1][1]
        number = following
    if stream.text[at:].strip() or not parts:
        parts.append(stream[at:])
    return parts


def _table(lines: list[Traced], start: int) -> tuple[Grid, int] | None:
    """The table whose head begins at `start`, and the line after it."""
    first_row = next(
        (at for at in range(start + 3, min(start + _HEADS_MAX, len(lines))) if lines[at].text == "1"), None
    )
    if first_row is None:
        return None
    heads = lines[start:first_row]
    columns = [Column(index, kind_of_head(head.compact().folded), head.folded) for index, head in enumerate(heads)]
    if not is_task_head(columns):
        return None
    rows, end = _rows(lines, first_row, len(columns) - 1)
    grid = Grid([[Slot(head, index) for index, head in enumerate(heads)]])
    for number, cells in rows:
        placed = _placed(cells, columns[1:])
        grid.rows.append([Slot(number, 0), *(Slot(text, column) for column, text in placed)])
    return grid, end


def _rows(lines: list[Traced], start: int, width: int) -> tuple[list[tuple[Traced, list[Traced]]], int]:
    """The number and the lines of each row. The last row is as long as the one before it, at most as long as the head."""
    rows: list[tuple[Traced, list[Traced]]] = []
    at = start
    while at < len(lines) and lines[at].text == str(len(rows) + 1):
        following = str(len(rows) + 2)
        reach = range(at + 2, min(at + 4 * width + 2, len(lines)))
        end = next((place for place in reach if lines[place].text == following), None)
        if end is None:
            usual = len(rows[-1][1]) if rows else width
            reach = range(at + 1, min(at + 1 + usual, len(lines)))
            end = next((place for place in reach if _STOPS.match(lines[place].text)), reach.stop)
        rows.append((lines[at], lines[at + 1 : end]))
        at = end
    return rows, at


def _placed(cells: list[Traced], columns: list[Column]) -> list[tuple[int, Traced]]:
    """Each line in its column; lines beyond the columns continue one cell, the one that leaves names below unit heads."""
    surplus = len(cells) - len(columns)
    if surplus <= 0:
        return [(column.index, text) for column, text in zip(columns, cells, strict=False)]
    ways = []
    for wide in range(len(columns)):
        joined = [*cells[:wide], Traced.join(cells[wide : wide + surplus + 1], "\n"), *cells[wide + surplus + 1 :]]
        misplaced = sum(
            1
            for column, text in zip(columns, joined, strict=True)
            if (column.kind in _BODIES) != is_unit_list(text.compact().folded)
        )
        ways.append((misplaced, wide, joined))
    _, _, best = min(ways, key=lambda way: way[:2])
    return [(column.index, text) for column, text in zip(columns, best, strict=True)]
