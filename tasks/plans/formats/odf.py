"""OpenDocument text and sheets (.odt, .ods, flat .fodt): paragraphs and tables in the order of print, with list numbers.

Read straight from the published format (OASIS OpenDocument 1.3, GB/T 42133): deletions, notes, comments, hidden text and
tables of contents are left out, text boxes follow the paragraph they hang on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import limits
from tasks.plans.formats.building import DocumentBuilder, TableCell, lines_in
from tasks.plans.formats.detection import ENCRYPTED_OFFICE, Kind
from tasks.plans.formats.numbering import Level, Numbering
from tasks.plans.formats.package import DAMAGED, Package, parse_xml

NO_WORDS = "文件里没有文字，请检查后重新上传。"

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"

# Number formats by the sample that stands for them, in the words of ECMA-376.
_FORMATS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "": "none",
    "一, 二, 三, ...": "chineseCounting", "壹, 贰, 叁, ...": "chineseLegalSimplified", "壹, 貳, 參, ...": "chineseLegalSimplified",
    "①, ②, ③, ...": "decimalEnclosedCircle", "甲, 乙, 丙, ...": "ideographTraditional", "子, 丑, 寅, ...": "ideographZodiac",
    "１, ２, ３, ...": "decimalFullWidth",
}  # fmt: skip
_LEFT_OUT = frozenset(
    (
        TEXT + "tracked-changes", TEXT + "note", TEXT + "number", TEXT + "ruby-text", TEXT + "hidden-text", TEXT + "sequence-decls",
        TEXT + "table-of-content", TEXT + "illustration-index", TEXT + "table-index", TEXT + "alphabetical-index",
        OFFICE + "annotation", OFFICE + "forms", OFFICE + "event-listeners",
    )
)  # fmt: skip
_PRINTED = {TEXT + "tab": "\t", TEXT + "line-break": "\n"}
_BLANKS = re.compile(r"[ \t\r\n]+")
_OUTLINE = "outline"


@dataclass(slots=True)
class Lists:
    """Where the counting of lists stands: the style and the count that each printed list goes on with."""

    numbering: Numbering = field(default_factory=lambda: Numbering(None))
    styles: dict[str, dict[int, Level]] = field(default_factory=dict)
    by_id: dict[str, str] = field(default_factory=dict)
    by_style: dict[str, str] = field(default_factory=dict)

    def begin(self, element: Any, style: str) -> str:
        """The count of a list that begins here: a new one, or that of the list it continues."""
        count = self.by_id.get(element.get(f"{TEXT}continue-list", ""), "")
        if not count and element.get(f"{TEXT}continue-numbering") == "true":
            count = self.by_style.get(style, "")
        if not count:
            count = f"list {len(self.by_id)} {len(self.by_style)} {style} {id(element)}"
            self.numbering.add(count, count, self.styles.get(style, {}), {})
        self.by_id[element.get("{http://www.w3.org/XML/1998/namespace}id", count)] = self.by_style[style] = count
        return count


def open_odf(name: str, package: Package) -> Document:
    """Opens a .odt or .ods. Raises UnreadableDocument."""
    if "META-INF/manifest.xml" in package.names and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise UnreadableDocument(ENCRYPTED_OFFICE)
    styles = [package.xml("styles.xml")] if "styles.xml" in package.names else []
    return _open(DocumentBuilder(name, Kind.ODF), package.xml("content.xml"), styles)


def open_flat_odf(name: str, data: bytes) -> Document:
    """Opens a .fodt or .fods, which is one XML file. Raises UnreadableDocument."""
    return _open(DocumentBuilder(name, Kind.FLAT_ODF), parse_xml(data), [])


def _open(builder: DocumentBuilder, content: Any, styles: list[Any]) -> Document:
    body = content.find(f"{OFFICE}body")
    if body is None or not len(body):
        raise UnreadableDocument(DAMAGED)
    reader = _Body(builder, Lists(), set(), set())
    for root in [*styles, content]:
        reader.read_styles(root)
    if body[0].tag == f"{OFFICE}spreadsheet":
        reader.sheets(body[0])
    else:
        reader.blocks(body[0])
    if not builder.blocks:
        raise UnreadableDocument(NO_WORDS)
    return builder.document()


class _Body:
    """Walks the body, or one cell of a table with a builder of its own."""

    def __init__(self, builder: DocumentBuilder, lists: Lists, hidden: set[str], titles: set[str]) -> None:
        self.builder = builder
        self.lists = lists
        self.hidden = hidden
        self.titles = titles

    def read_styles(self, root: Any) -> None:
        for style in root.iter(f"{TEXT}list-style", f"{TEXT}outline-style"):
            name = _OUTLINE if style.tag == f"{TEXT}outline-style" else style.get(f"{STYLE}name", "")
            self.lists.styles[name] = dict(_level(level) for level in style if level.get(f"{TEXT}level", "").isdigit())
        self.lists.numbering.add(_OUTLINE, _OUTLINE, self.lists.styles.get(_OUTLINE, {}), {})
        for style in root.iter(f"{STYLE}style"):
            name = style.get(f"{STYLE}name", "")
            text, table = style.find(f"{STYLE}text-properties"), style.find(f"{STYLE}table-properties")
            if (text is not None and text.get(f"{TEXT}display") == "none") or (
                table is not None and table.get(f"{TABLE}display") == "false"
            ):
                self.hidden.add(name)
            if name == "Title" or style.get(f"{STYLE}parent-style-name") == "Title":
                self.titles.add(name)

    def blocks(self, parent: Any, depth: int = 0) -> None:
        """Adds the paragraphs, lists and tables under `parent` in order."""
        if depth > limits.DEPTH:
            raise UnreadableDocument(DAMAGED)
        for element in parent:
            if element.tag in (f"{TEXT}p", f"{TEXT}h"):
                self._paragraph(element, self._outline_number(element), depth)
            elif element.tag == f"{TEXT}list":
                self._list(element, depth + 1)
            elif element.tag == f"{TABLE}table":
                self.builder.table(self._cells(element, depth + 1))
            elif element.tag not in _LEFT_OUT and isinstance(element.tag, str):
                self.blocks(element, depth + 1)

    def _paragraph(self, element: Any, number: str, depth: int) -> None:
        pieces: list[str] = []
        boxes: list[Any] = []
        self._words(element, pieces, boxes, depth)
        text = "".join(pieces).lstrip(" ")
        style = element.get(f"{TEXT}style-name", "")
        if text.strip() and style not in self.hidden:
            level = element.get(f"{TEXT}outline-level", "") if element.tag == f"{TEXT}h" else ""
            heading = f"h{level}" if level in "123456" and level else "title" if style in self.titles else ""
            self.builder.paragraph(number + text.lstrip() if number else text, style=heading)
        for box in boxes:
            self.blocks(box, depth + 1)

    def _words(self, parent: Any, pieces: list[str], boxes: list[Any], depth: int) -> None:
        if depth > limits.DEPTH:
            return
        pieces.append(_BLANKS.sub(" ", parent.text or ""))
        for element in parent:
            tag = element.tag
            if tag == f"{TEXT}s":
                count = element.get(f"{TEXT}c", "1")
                pieces.append(" " * min(int(count) if count.isdigit() else 1, 100))
            elif tag in _PRINTED:
                pieces.append(_PRINTED[tag])
            elif isinstance(tag, str) and tag.startswith(DRAW):
                boxes.append(element)
            elif tag not in _LEFT_OUT and element.get(f"{TEXT}style-name", "") not in self.hidden:
                self._words(element, pieces, boxes, depth + 1)
            pieces.append(_BLANKS.sub(" ", element.tail or ""))

    # Lists

    def _list(self, element: Any, depth: int, level: int = 0, outer: str = "", count: str = "") -> None:
        if depth > limits.DEPTH:
            raise UnreadableDocument(DAMAGED)
        style = element.get(f"{TEXT}style-name", outer)
        count = count if count and style == outer else self.lists.begin(element, style)
        for item in element:
            numbered = item.tag == f"{TEXT}list-item"  # a header has no number
            start = item.get(f"{TEXT}start-value", "")
            for child in item:
                if child.tag in (f"{TEXT}p", f"{TEXT}h"):
                    number = ""
                    if numbered:
                        number = self.lists.numbering.next_number(
                            count, min(level, 8), int(start[:6]) if start.isdigit() else None
                        )
                    self._paragraph(child, number or self._outline_number(child), depth)
                    numbered = False  # further paragraphs of the same item
                elif child.tag == f"{TEXT}list":
                    self._list(child, depth + 1, level + 1, style, count)
                elif child.tag == f"{TABLE}table":
                    self.builder.table(self._cells(child, depth + 1))

    def _outline_number(self, element: Any) -> str:
        level = element.get(f"{TEXT}outline-level", "")
        if element.tag != f"{TEXT}h" or not level.isdigit() or element.get(f"{TEXT}is-list-header") == "true":
            return ""
        return self.lists.numbering.next_number(_OUTLINE, max(0, min(int(level) - 1, 8)))

    # Tables

    def _cells(self, table: Any, depth: int) -> list[TableCell]:
        if depth > limits.DEPTH:
            raise UnreadableDocument(DAMAGED)
        cells: list[TableCell] = []
        number = 0
        for row in _parts(table, f"{TABLE}table-row"):
            column, first = 0, len(cells)
            for cell in _parts(row, f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                again = _count(cell, "number-columns-repeated")
                text = "" if cell.tag == f"{TABLE}covered-table-cell" else self._cell_text(cell, depth)
                if column + again > limits.COLUMNS and text:
                    raise UnreadableDocument(limits.TOO_LONG)
                if cell.tag == f"{TABLE}table-cell":
                    high, wide = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
                    for at in range(column, min(column + again, limits.COLUMNS)):
                        cells.append(TableCell(number, at, text, high, wide))
                column += again
            again = _count(row, "number-rows-repeated")
            if again < limits.ROWS:  # else the empty rest of a sheet
                copies = cells[first:] if any(cell.text for cell in cells[first:]) else []
                for below in range(1, again if copies else 1):
                    cells += [replace(cell, row=number + below) for cell in copies]
                    if len(cells) > limits.CELLS:
                        break
                number += again
            if number > limits.ROWS or len(cells) > limits.CELLS:
                raise UnreadableDocument(limits.TOO_LONG)
        return cells

    def _cell_text(self, cell: Any, depth: int) -> str:
        day = cell.get(f"{OFFICE}date-value", "")
        if cell.get(f"{OFFICE}value-type") == "date" and re.match(r"\d{4}-\d\d-\d\d", day):
            return str(day[:10])
        inner = DocumentBuilder("", "", self.builder.watch)
        _Body(inner, self.lists, self.hidden, self.titles).blocks(cell, depth + 1)
        return lines_in(inner)

    def sheets(self, book: Any) -> None:
        from tasks.plans.formats.xlsx import HIDDEN_SHEET, Row, Span, add_sheet

        tables = [table for table in book if table.tag == f"{TABLE}table"]
        hidden = [table for table in tables if table.get(f"{TABLE}style-name", "") in self.hidden]
        for table in hidden:
            self.builder.warn(HIDDEN_SHEET.format(table.get(f"{TABLE}name", "")))
        shown = [table for table in tables if table not in hidden]
        for table in shown:
            self.builder.watch.check()
            cells = [cell for cell in self._cells(table, 0) if cell.text]
            rows: list[Row] = [{} for _ in range(max((cell.row + 1 for cell in cells), default=0))]
            for cell in cells:
                rows[cell.row][cell.column] = cell.text
            spans = [
                Span(cell.row, cell.column, cell.row_span, cell.column_span)
                for cell in cells
                if cell.row_span > 1 or cell.column_span > 1
            ]
            add_sheet(self.builder, table.get(f"{TABLE}name", "") if len(shown) > 1 else "", rows, spans)


def _level(element: Any) -> tuple[int, Level]:
    """One level of a list style, counted from 0."""
    level = min(int(element.get(f"{TEXT}level")), 9)
    number_format = _FORMATS.get(element.get(f"{STYLE}num-format", ""), "decimal")
    if element.tag == f"{TEXT}list-level-style-bullet":
        number_format = "bullet"
    pattern = element.get(f"{STYLE}num-list-format") or element.get(f"{LOEXT}num-list-format")
    if pattern:
        pattern = re.sub(r"%(\d)%", r"%\1", pattern)
    elif number_format not in ("none", "bullet"):
        shown = element.get(f"{TEXT}display-levels", "1")
        first = level - (int(shown) if shown.isdigit() else 1) + 1
        own = ".".join(f"%{above}" for above in range(max(1, first), level + 1))
        pattern = element.get(f"{STYLE}num-prefix", "") + own + element.get(f"{STYLE}num-suffix", "")
    start = element.get(f"{TEXT}start-value", "1")
    return level - 1, Level(int(start[:6]) if start.isdigit() else 1, number_format, pattern or "")


def _parts(parent: Any, *tags: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, through head rows and groups."""
    for element in parent:
        if element.tag in tags:
            yield element
        elif isinstance(element.tag, str) and re.search(r"\}table-(?:header-)?row(?:s|-group)$", element.tag):
            yield from _parts(element, *tags)


def _count(element: Any, name: str) -> int:
    value = element.get(TABLE + name, "1")
    return max(1, int(value[:7])) if value.isdigit() else 1
