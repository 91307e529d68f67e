"""The source as paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_TABLE_LINE = re.compile(r"\s*\|.*\|.*\|", re.S)


@dataclass(slots=True)
class SourceCell:
    index: int
    text: str
    row_span: int = 1
    column_span: int = 1


@dataclass(slots=True)
class SourceLine:
    """A table row written as text (`| 1 | … |`): its cells keep every character, so that places still count right."""

    index: int
    cells: list[tuple[str, str]]
    end: str
    is_rule: bool


@dataclass(slots=True)
class SourcePart:
    """A paragraph (`text`), a table (`rows`), a table written as text (`lines`), or the first line of a page (`page`)."""

    index: int = 0
    text: str = ""
    heading: bool = False
    rows: list[list[SourceCell]] = field(default_factory=list)
    lines: list[SourceLine] = field(default_factory=list)
    page: int | None = None


def source_parts(blocks: Sequence[Mapping[str, Any]]) -> Iterator[SourcePart]:
    """Yield the parts of a document in reading order; cells of one table come together as one part."""
    page, table_number, last_row = None, None, None
    table, written = SourcePart(), SourcePart()
    for index, block in enumerate(blocks):
        cell = block.get("cell")
        if table.rows and (cell is None or cell[0] != table_number):
            yield table
            table = SourcePart()
        if block.get("page") and block["page"] != page:
            page = block["page"]
            if cell is None:
                yield SourcePart(page=page)
        if cell is None and _TABLE_LINE.match(block["text"]):
            written.lines.append(_line_of(index, block["text"]))
            continue
        if written.lines:
            yield written
            written = SourcePart()
        if cell is None:
            yield SourcePart(index=index, text=block["text"], heading=bool(block.get("style")))
            continue
        table_number, row = cell[0], cell[1]
        if not table.rows or row != last_row:
            table.rows.append([])
        last_row = row
        table.rows[-1].append(SourceCell(index, block["text"], cell[3], cell[4]))
    if table.rows:
        yield table
    if written.lines:
        yield written


def _line_of(index: int, text: str) -> SourceLine:
    """A written row cut before each bar: (bar, words) of each cell, which together are the text again."""
    before, *pieces = text.split("|")
    cells = [("|", piece) for piece in pieces]
    cells[0] = (before + "|", pieces[0])
    end = f"|{cells.pop()[1]}" if not pieces[-1].strip() else ""
    return SourceLine(index, cells, end, not re.search(r"[^|:\s-]", text))
