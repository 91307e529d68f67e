"""Old Word files (.doc, and .wps of WPS Office): paragraphs and tables in the order of print, with the numbers Word draws."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import limits
from tasks.plans.formats.building import DocumentBuilder
from tasks.plans.formats.detection import ENCRYPTED_OFFICE, OLD_WORD, Kind
from tasks.plans.formats.tables_by_edges import Row, placed
from tasks.plans.formats.word97_layout import (
    CHARACTER_PAGES,
    DELETED,
    DEPTH,
    HIDDEN,
    IN_TABLE,
    INNER_ROW_END,
    LIST,
    LIST_LEVEL,
    OUTLINE,
    PARAGRAPH_PAGES,
    ROW_END,
    Layout,
    Properties,
    cells_of,
)
from tasks.plans.formats.word97_lists import read_lists

NO_WORDS = "文件里没有文字，请检查后重新上传。"
_WORD_97 = 0x00C1  # the first version that writes this layout
_CELL_END, _FIELD, _FIELD_RESULT, _FIELD_END = "\x07", "\x13", "\x14", "\x15"
_DRAWN = "\x08"  # where a drawn object hangs
_PRINTED = {"\x0b": "\n", "\x1e": "-", "\x1f": "", "\x0e": "", "\t": "\t"}


@dataclass(slots=True)
class Line:
    """A paragraph as it stands in the file, with the mark that ends it."""

    text: str
    mark: str
    properties: Properties


@dataclass(slots=True)
class Cells:
    """A table while its rows are gathered."""

    rows: list[Row] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def open_word97(name: str, data: bytes) -> Document:
    """Opens a .doc or .wps file of Word 97 to 2003. Raises UnreadableDocument."""
    builder = DocumentBuilder(name, Kind.DOC)
    try:
        _read(builder, _layout(data, builder.watch))
    except (struct.error, IndexError, OSError, ValueError, OverflowError) as error:
        raise UnreadableDocument(OLD_WORD) from error
    if not builder.blocks:
        raise UnreadableDocument(NO_WORDS)
    return builder.document()


def _read(builder: DocumentBuilder, layout: Layout) -> None:
    numbering = read_lists(layout)
    table = Cells()
    styles = layout.styles()
    for line in _lines(layout, layout.body(), layout.boxes()):
        text = line.text
        in_force = line.properties.over(styles.get(line.properties.style, {}))
        listed, level = in_force.number(LIST), min(in_force.number(LIST_LEVEL), 8)
        number = numbering.next_number(str(listed), level) if listed else ""
        text = number + text.lstrip() if number else text
        if not line.properties.number(IN_TABLE):
            _close(table, builder)
            table = Cells()
            builder.paragraph(text if line.text.strip() else "", style=_style(in_force))
        elif line.properties.number(ROW_END):
            if table.rows and table.texts == table.rows[0].texts:  # the next table, with no paragraph between
                builder.table(placed(table.rows))
                table.rows = []
            table.rows.append(Row(table.texts, cells_of(line.properties)))
            table.texts, table.lines = [], []
        elif line.mark == _CELL_END and line.properties.number(DEPTH, 1) <= 1:
            table.texts.append("\n".join([*table.lines, text]))
            table.lines = []
        elif not line.properties.number(INNER_ROW_END):  # a paragraph of a cell, or a cell of a table inside it
            table.lines.append(text)
    _close(table, builder)


def _layout(data: bytes, watch: limits.Watch) -> Layout:
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        if not file.exists("WordDocument"):
            raise UnreadableDocument(OLD_WORD)
        main = file.openstream("WordDocument").read()
        version = int.from_bytes(main[2:4], "little")
        flags = int.from_bytes(main[10:12], "little")
        if flags & 0x0100:
            raise UnreadableDocument(ENCRYPTED_OFFICE)
        table = "1Table" if flags & 0x0200 else "0Table"
        if version < _WORD_97 or len(main) < 900 or not file.exists(table):
            raise UnreadableDocument(OLD_WORD)
        if int.from_bytes(main[76:80], "little") > limits.CHARACTERS:
            raise UnreadableDocument(limits.TOO_LONG)
        store = file.openstream("Data").read() if file.exists("Data") else b""
        return Layout(main, file.openstream(table).read(), store, watch)


def _lines(layout: Layout, part: range, boxes: dict[int, range]) -> Iterator[Line]:
    """The paragraphs of a part of the text, those of a text box behind the paragraph or table it hangs on.

    Deleted and hidden words, codes of fields, pictures and marks of notes are left out.
    """
    paragraphs, runs = layout.properties(PARAGRAPH_PAGES), layout.properties(CHARACTER_PAGES)
    pieces: list[str] = []
    codes: list[bool] = []  # for each open field: are we still in its code?
    hanging: list[range] = []
    for place, (character, offset) in zip(part, layout.characters(part), strict=False):
        run = runs.at(offset)
        if character in "\r\x0c\x07" and character:
            line = Line("".join(pieces), character, paragraphs.at(offset))
            pieces = []
            yield line
            if hanging and not line.properties.number(IN_TABLE):
                for box in hanging:
                    yield from _lines(layout, box, {})
                hanging = []
        elif character == _DRAWN and place in boxes:
            hanging.append(boxes[place])
        elif character == _FIELD:
            codes.append(True)
        elif character == _FIELD_RESULT and codes:
            codes[-1] = False
        elif character == _FIELD_END and codes:
            codes.pop()
        elif any(codes) or run.number(DELETED) or run.number(HIDDEN):
            continue
        elif character >= " ":
            pieces.append(character)
        else:
            pieces.append(_PRINTED.get(character, ""))
    if pieces:
        yield Line("".join(pieces), "\r", Properties())
    for box in hanging:
        yield from _lines(layout, box, {})


def _style(properties: Properties) -> str:
    """Styles 1 to 9 are always the headings; a paragraph may say its place in the outline itself."""
    level = properties.number(OUTLINE, 9) + 1 if properties.style == 0 else properties.style
    return f"h{level}" if 1 <= level <= 6 else ""


def _close(table: Cells, builder: DocumentBuilder) -> None:
    if table.rows:
        builder.table(placed(table.rows))
    for text in [*table.texts, *table.lines]:
        builder.paragraph(text)
