"""Tables printed inside running text: Markdown rows and HTML tags become cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest

from .traced import Traced


@dataclass(slots=True)
class Slot:
    """One printed cell. `inherited` marks a cell filled from a merged neighbour."""

    text: Traced
    column: int
    row_span: int = 1
    column_span: int = 1
    inherited: bool = False


@dataclass(slots=True)
class Grid:
    """One printed table. `placed` is true when the file itself says which cells are merged."""

    rows: list[list[Slot]] = field(default_factory=list)
    first_row: int = 0
    placed: bool = False


_RULE = re.compile(r"\|(?:\s*(?::?-{2,}:?|:-+:?|-+:)\s*\|){2,}")
_TABLE = re.compile(r"<table\b.*?</table\s*>", re.I | re.S)
_ROW = re.compile(r"<tr\b[^>]*>(.*?)(?=<tr\b|</tr|</table)", re.I | re.S)
_CELL = re.compile(r"<t[dh]\b([^>]*)>(.*?)(?=<t[dh]\b|</t[dh]|</tr|\Z)", re.I | re.S)
_SPAN = re.compile(r"(row|col)span\s*=\s*[\"']?(\d+)", re.I)


def split_text_grids(stream: Traced) -> list[Traced | Grid]:
    """Running text and tables, in reading order."""
    parts: list[Traced | Grid] = []
    at = 0
    for match in _TABLE.finditer(stream.text):
        parts += _split_markdown(stream[at : match.start()])
        parts.append(_html_grid(stream[match.start() : match.end()]))
        at = match.end()
    parts += _split_markdown(stream[at:])
    for mark, fewest in (("\t", 2), ("|", 3)):
        parts = [
            piece
            for part in parts
            for piece in (_split_lines(part, mark, fewest) if isinstance(part, Traced) else [part])
        ]
    return parts


def _split_lines(stream: Traced, mark: str, fewest: int) -> list[Traced | Grid]:
    """Rows of a sheet pasted as text, or drawn with bars: lines one after the other with the same number of marks."""
    if mark not in stream.text:
        return [stream]
    parts: list[Traced | Grid] = []
    plain = at = 0
    rows: list[tuple[int, int]] = []
    for line in [*stream.text.split("\n"), ""]:
        row = at, at + len(line)
        if mark == "|":  # those at the ends of a line part nothing
            row = row[0] + len(line) - len(line.lstrip("| ")), row[0] + len(line.rstrip("| "))
        marks = stream.text.count(mark, *row)
        if rows and marks != stream.text.count(mark, *rows[0]):
            if len(rows) >= fewest:
                if stream.text[plain : rows[0][0]].strip(f"{mark}\n "):
                    parts.append(stream[plain : rows[0][0]])
                parts.append(Grid([_slots(list(stream[low:high].split(_MARKS[mark]))) for low, high in rows]))
                plain = at - 1
            rows = []
        if marks >= 2:
            rows.append(row)
        at += len(line) + 1
    if stream.text[plain:].strip(f"{mark}\n ") or not parts:
        parts.append(stream[plain:])
    return parts


_MARKS = {"\t": re.compile("\t"), "|": re.compile(r"\|")}


def _html_grid(table: Traced) -> Grid:
    grid = Grid()
    for row in _ROW.finditer(table.text):
        slots: list[Slot] = []
        column = 0
        for cell in _CELL.finditer(table.text, row.start(1), row.end(1)):
            spans = {name.lower(): min(int(value), 500) for name, value in _SPAN.findall(cell.group(1))}
            text = table[cell.start(2) : cell.end(2)]
            slots.append(Slot(text, column, spans.get("row", 1), spans.get("col", 1)))
            column += spans.get("col", 1)
        if slots:
            grid.rows.append(slots)
    return _placed(grid)


def _placed(grid: Grid) -> Grid:
    """Move cells to the right of those that reach down from rows above."""
    taken: dict[tuple[int, int], bool] = {}
    for number, row in enumerate(grid.rows):
        column = 0
        for slot in row:
            while (number, column) in taken:
                column += 1
            slot.column = column
            for down in range(min(slot.row_span, len(grid.rows) - number)):
                for right in range(slot.column_span):
                    taken[number + down, column + right] = True
            column += slot.column_span
            grid.placed = grid.placed or slot.row_span > 1
    return grid


def _split_markdown(stream: Traced) -> list[Traced | Grid]:
    """Markdown tables. Rows are counted by their bars, so that rows broken over lines, or all on one line, are read too."""
    parts: list[Traced | Grid] = []
    heads: list[tuple[int, int, re.Match[str]]] = []
    at = 0
    for rule in _RULE.finditer(stream.text):
        width = rule.group().count("|") - 1
        head = _bars_before(stream.text, at, rule.start(), width + 1)
        if head >= 0:
            heads.append((head, width, rule))
            at = rule.end()
    at = 0
    for (head, width, rule), following in zip_longest(heads, heads[1:]):
        top, _ = _rows(stream, head, rule.start(), width)
        body, end = _rows(stream, rule.end(), following[0] if following else len(stream), width)
        grid = Grid([_slots(cells) for cells in top + body])
        if stream.text[at:head].strip():
            parts.append(stream[at:head])
        parts.append(grid)
        at = end
    if stream.text[at:].strip():
        parts.append(stream[at:])
    return parts


def _bars_before(text: str, low: int, end: int, count: int) -> int:
    """Where the row that ends at `end` begins: its first of `count` bars, or -1."""
    place = end
    for _ in range(count):
        place = text.rfind("|", low, place)
        if place < 0:
            return -1
    return place


def _rows(stream: Traced, start: int, end: int, width: int) -> tuple[list[list[Traced]], int]:
    """Rows of `width` cells from `start` on, and where they stop."""
    text, at = stream.text, start
    rows: list[list[Traced]] = []
    while True:
        bar = _next_bar(text, at, end)
        if bar < 0:
            return rows, at
        cells: list[Traced] = []
        place = bar
        for _ in range(width):
            close = text.find("|", place + 1, end)
            if close < 0:
                break
            cells.append(stream[place + 1 : close])
            place = close
        if len(cells) < width:
            return rows, at
        rows.append(cells)
        at = place + 1


def _next_bar(text: str, at: int, end: int) -> int:
    """The bar that opens the next row, if only white space stands before it."""
    while at < end and text[at].isspace():
        at += 1
    return at if at < end and text[at] == "|" else -1


def _slots(cells: list[Traced]) -> list[Slot]:
    return [Slot(text, column) for column, text in enumerate(cells)]
