"""The neutral form of a document: what every file format is opened into, and what the reader reads.

A document is a flat tuple of blocks in reading order. A block is a paragraph, or one cell of a table; the text is
exactly what the file holds, so that every extracted field can point back into it as (block, start, end).
"""

from __future__ import annotations

from dataclasses import dataclass, field


class UnreadableDocument(Exception):
    """The file cannot be read as a plan. `message` is one Chinese sentence that says what to do about it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Cell:
    """Where in a table a block stands. Rows and columns count from 0; spans are 1 unless merged in the file."""

    table: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, or one table cell when `cell` is set. `page` counts from 1 where the format has pages.

    `style` is the name of a heading style where the format marks headings ("h1" to "h6", "title"), otherwise "".
    `text` may hold line breaks (a cell with several paragraphs joins them with a line feed).
    """

    index: int
    text: str
    cell: Cell | None = None
    page: int | None = None
    style: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the original: characters `start` (included) to `end` (excluded) of block `block`."""

    block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document as opened, before any cleaning. `media_type` is found by content, never by file name."""

    name: str
    media_type: str
    blocks: tuple[Block, ...]
    warnings: tuple[str, ...] = field(default=())

    @property
    def characters(self) -> int:
        return sum(len(block.text) for block in self.blocks)
