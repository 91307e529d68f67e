"""Collects paragraphs and cells in reading order and numbers them; keeps the size limits while doing so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tasks.plans.document import Block, Cell, Document, UnreadableDocument
from tasks.plans.formats import limits

# Everything that ends a line in text files and in the formats' own line breaks.
LINE_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
# Characters no reader can see and no rule should trip over: byte-order marks, zero-width marks, NUL and its kin.
INVISIBLE = re.compile("[\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f\u202a-\u202e\x00-\x08\x0e-\x1f\x7f]")
# Words of which a header row of a task table holds at least two.
HEADER_WORDS = re.compile(
    r"序号|编号|任务|内容|措施|要求|事项|项目|目标|责任|单位|部门|牵头|配合|时限|时间|进度|进展|完成|备注|负责人|领域"
)
NOTE = re.compile(r"(?:备注|附注|说明|填表说明|注)\s*\d*[:：.．]")


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell as a format gives it, before it is numbered. Rows and columns count from 0."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    page: int | None = None


def visible(text: str) -> str:
    return INVISIBLE.sub("", text)


def cell_text(text: str) -> str:
    """The lines of a cell joined with a line feed, without empty lines and without space around them."""
    lines = (line.strip() for line in LINE_BREAK.split(visible(text)))
    return "\n".join(line for line in lines if line)


def names_columns(texts: Iterable[str]) -> bool:
    """Whether these cells head a task table: at least two are short and say what stands below, none is a sentence."""
    cells = list(texts)
    named = sum(len(text) <= 20 and HEADER_WORDS.search(text) is not None for text in cells)
    return named >= 2 and not any(len(text) > 40 for text in cells)


class DocumentBuilder:
    """Blocks in reading order. Raises UnreadableDocument when the document outgrows the limits."""

    def __init__(self, name: str, media_type: str, watch: limits.Watch | None = None) -> None:
        self.name = name
        self.media_type = media_type
        self.watch = watch or limits.Watch()
        self.blocks: list[Block] = []
        self.warnings: list[str] = []
        self.tables = 0
        self.characters = 0

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def paragraph(self, text: str, *, page: int | None = None, style: str = "") -> None:
        """Adds one block for every line of `text` that is not empty; the space around a line is kept."""
        for line in LINE_BREAK.split(visible(text)):
            if line.strip():
                self._append(line, None, page, style)

    def table(self, cells: Iterable[TableCell], *, page: int | None = None) -> None:
        """Adds a table. Empty rows and columns around it are dropped; one column alone is read as paragraphs."""
        kept = trimmed([_clean(cell) for cell in cells])
        if not kept:
            return
        if max(cell.column + cell.column_span for cell in kept) == 1 or len(kept) == 1:
            for cell in sorted(kept, key=lambda cell: cell.row):
                self.paragraph(cell.text, page=cell.page or page)
            return
        if len(kept) > limits.CELLS or kept[-1].row >= limits.ROWS:
            raise UnreadableDocument(limits.TOO_LONG)
        before, kept, after = framed(kept)
        for cell in before:
            self.paragraph(cell.text, page=cell.page or page)
        number, self.tables = self.tables, self.tables + 1
        for cell in kept:
            place = Cell(number, cell.row, cell.column, cell.row_span, cell.column_span)
            self._append(cell.text, place, cell.page or page, "")
        for cell in after:
            self.paragraph(cell.text, page=cell.page or page)

    def document(self) -> Document:
        return Document(self.name, self.media_type, tuple(self.blocks), tuple(self.warnings))

    def _append(self, text: str, cell: Cell | None, page: int | None, style: str) -> None:
        self.characters += len(text)
        if self.characters > limits.CHARACTERS or len(self.blocks) > limits.CELLS:
            raise UnreadableDocument(limits.TOO_LONG)
        if len(self.blocks) % 1000 == 0:
            self.watch.check()
        self.blocks.append(Block(len(self.blocks), text, cell, page, style))


def lines_in(inner: DocumentBuilder) -> str:
    """The text of a cell whose content was read into a builder of its own; the rows of an inner table become lines."""
    lines: list[str] = []
    last_row: tuple[int, int] | None = None
    for block in inner.blocks:
        row = (block.cell.table, block.cell.row) if block.cell else None
        if row is not None and row == last_row:
            lines[-1] = f"{lines[-1]} {block.text}".strip()
        else:
            lines.append(block.text)
        last_row = row
    return "\n".join(lines)


def _clean(cell: TableCell) -> TableCell:
    text = cell_text(cell.text)
    return TableCell(cell.row, cell.column, text, max(1, cell.row_span), max(1, cell.column_span), cell.page)


def framed(cells: list[TableCell]) -> tuple[list[TableCell], list[TableCell], list[TableCell]]:
    """Parts a table from the rows over its whole width above its head (its title) and the notes below its last row."""
    width = max(cell.column + cell.column_span for cell in cells)
    last = max(cell.row for cell in cells)
    whole = {cell.row: cell for cell in cells if cell.column_span == width and cell.row_span == 1}
    first = 0
    while first in whole and first < last:
        first += 1
    end = last
    while end in whole and end > first and NOTE.match(whole[end].text):
        end -= 1
    inner = [replace(cell, row=cell.row - first) for cell in cells if first <= cell.row <= end]
    return [whole[row] for row in range(first)], inner, [whole[row] for row in range(end + 1, last + 1)]


def trimmed(cells: list[TableCell]) -> list[TableCell]:
    """The cells in row order without the empty rows and columns at the edges, counted from 0 again.

    Columns that no cell begins in (a merge over all rows) are closed up: column numbers are those a reader sees.
    """
    filled = [cell for cell in cells if cell.text]
    if not filled:
        return []
    last_row = max(cell.row + cell.row_span for cell in filled)
    first_row = min(cell.row for cell in filled)
    last_column = max(cell.column for cell in filled)
    columns = sorted({cell.column for cell in cells if cell.column <= last_column})
    first_filled = min(cell.column for cell in filled)
    columns = [column for column in columns if column >= first_filled]
    place = {column: index for index, column in enumerate(columns)}
    kept = []
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        if not first_row <= cell.row < last_row or cell.column not in place:
            continue
        covered = [c for c in range(cell.column, cell.column + min(cell.column_span, limits.COLUMNS)) if c in place]
        row_span = min(cell.row_span, last_row - cell.row)
        kept.append(TableCell(cell.row - first_row, place[cell.column], cell.text, row_span, len(covered), cell.page))
    return kept
