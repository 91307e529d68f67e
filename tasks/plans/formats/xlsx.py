"""Excel workbooks: every visible sheet's tables, with the title rows above a table read as paragraphs."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import range_boundaries

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import limits
from tasks.plans.formats.building import DocumentBuilder, TableCell, cell_text, names_columns
from tasks.plans.formats.detection import Kind
from tasks.plans.formats.package import DAMAGED, Package

EMPTY_WORKBOOK = "工作簿里没有内容，请检查后重新上传。"
HIDDEN_ROWS = "工作表“{}”有{}个隐藏的行没有读取，需要时请取消隐藏后重新上传。"
FILTERED_ROWS = "工作表“{}”有{}行被筛选隐藏，已一并读取，请核对。"
HIDDEN_SHEET = "隐藏的工作表“{}”没有读取，需要时请取消隐藏后重新上传。"
FORMULA_WITHOUT_VALUE = "有的单元格是公式而没有计算结果，请用Excel打开并保存后重新上传。"

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EMPTY_ROWS_END = 2000
DEFAULT_SHEET_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """A merged range: its first cell and its size."""

    row: int
    column: int
    rows: int
    columns: int


Row = dict[int, str]  # column → text, only cells that hold something


def open_xlsx(name: str, package: Package) -> Document:
    """Opens a .xlsx or .xlsm (macros are never looked at). Raises UnreadableDocument."""
    builder = DocumentBuilder(name, Kind.XLSX)
    for member in package.names:
        # openpyxl parses these with its own parser: what is hostile must be refused before.
        if member.endswith((".xml", ".rels")) and not member.startswith(("xl/drawings/", "xl/charts/", "customXml/")):
            package.check_xml(member)
    reader = _Reader(io.BytesIO(package.data), read_only=True, data_only=True, keep_links=False)
    reader.read()
    book = reader.wb
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                builder.warn(HIDDEN_SHEET.format(sheet.title))
        for sheet in sheets:
            builder.watch.check()
            path = _member(package, sheet)
            rows, layout = _rows(builder, sheet), layout_of(builder, package, path)
            if layout.hidden and layout.filtered:
                builder.warn(FILTERED_ROWS.format(sheet.title, len(layout.hidden)))
            elif layout.hidden:
                builder.warn(HIDDEN_ROWS.format(sheet.title, len(layout.hidden)))
                rows = without_rows(rows, layout)
            add_sheet(builder, sheet.title if len(sheets) > 1 else "", rows, layout.spans)
    finally:
        book.close()
    if not builder.blocks:
        raise UnreadableDocument(EMPTY_WORKBOOK)
    return builder.document()


class _Reader(ExcelReader):
    def read_chartsheet(self, sheet: Any, rel: Any) -> None:
        """A sheet that is one chart has nothing to read, and openpyxl fails at it when it reads row by row."""


def _member(package: Package, sheet: Any) -> str:
    path = str(sheet._worksheet_path).lstrip("/")
    if path not in package.names:
        raise UnreadableDocument(DAMAGED)
    return path


def _rows(builder: DocumentBuilder, sheet: Any) -> list[Row]:
    rows: list[Row] = []
    cells, empty = 0, 0
    sheet.reset_dimensions()  # what a file says about its own size is often wrong
    for values in sheet.iter_rows():
        row: Row = {}
        for cell in values:
            text = shown(cell.value, getattr(cell, "number_format", "") or "")
            if text:
                row[cell.column - 1] = text
        rows.append(row)
        cells += len(row)
        empty = 0 if row else empty + 1
        if empty > EMPTY_ROWS_END:
            break  # borders drawn down to the last possible row are no content
        if len(rows) > limits.ROWS or cells > limits.CELLS or (row and max(row) >= limits.COLUMNS * 5):
            raise UnreadableDocument(limits.TOO_LONG)
        if len(rows) % 500 == 0:
            builder.watch.check()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def shown(value: object, number_format: str) -> str:
    """The value of a cell as a person reads it: dates as 2024-06-30, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.datetime):
        # A cell formatted as month and year means the month; its day is only how Excel stores it.
        if "d" not in number_format.lower() and re.search("[ym]", number_format.lower()):
            return f"{value.year}年{value.month}月" if "m" in number_format.lower() else f"{value.year}年"
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float):
        if number_format.endswith("%"):
            return f"{value * 100:.10g}%"
        return f"{value:.15g}"
    if isinstance(value, int) and number_format.endswith("%"):
        return f"{value * 100}%"
    return cell_text(str(value))


@dataclass(slots=True)
class Layout:
    """What openpyxl does not keep when it streams: merged ranges, hidden rows, and whether a filter hides them."""

    spans: list[Span]
    hidden: set[int]
    filtered: bool = False


def layout_of(builder: DocumentBuilder, package: Package, path: str) -> Layout:
    """The layout of a sheet; warns of formulas without a value."""
    layout = Layout([], set())
    number = 0
    for element in package.stream(path, (f"{S}mergeCell", f"{S}c", f"{S}row", f"{S}filterColumn")):
        if element.tag == f"{S}row":
            written = element.get("r", "")
            number = int(written) if written.isdecimal() else number + 1
            if element.get("hidden") in ("1", "true") and len(element):
                layout.hidden.add(number - 1)
        elif element.tag == f"{S}filterColumn":
            layout.filtered = True
        elif element.tag == f"{S}c" and element.find(f"{S}f") is not None and not element.findtext(f"{S}v"):
            builder.warn(FORMULA_WITHOUT_VALUE)
        elif element.tag == f"{S}mergeCell":
            try:
                left, top, right, bottom = range_boundaries(element.get("ref", ""))
            except (ValueError, TypeError) as error:
                raise UnreadableDocument(DAMAGED) from error
            if None not in (left, top, right, bottom):
                layout.spans.append(Span(top - 1, left - 1, bottom - top + 1, right - left + 1))
    return layout


def without_rows(rows: list[Row], layout: Layout) -> list[Row]:
    """The rows that are seen; merged ranges move up and shrink with them."""
    moved = []
    for span in layout.spans:
        above = sum(1 for row in layout.hidden if row < span.row)
        inside = sum(1 for row in layout.hidden if span.row <= row < span.row + span.rows)
        if inside < span.rows:
            moved.append(Span(span.row - above, span.column, span.rows - inside, span.columns))
        if inside and span.row in layout.hidden and inside < span.rows:  # the value stands in the first of its rows
            first = next(row for row in range(span.row, span.row + span.rows) if row not in layout.hidden)
            if first < len(rows) and span.column in rows[span.row]:
                rows[first].setdefault(span.column, rows[span.row][span.column])
    layout.spans = moved
    return [row for number, row in enumerate(rows) if number not in layout.hidden]


def add_sheet(builder: DocumentBuilder, title: str, rows: list[Row], spans: list[Span]) -> None:
    """Adds the paragraphs and tables of one sheet. `title` is its name when the workbook has several."""
    if not rows:
        return
    if title and not DEFAULT_SHEET_NAME.fullmatch(title.strip()):
        first = next(row for row in rows if row)
        if len(first) > 1:  # a table without a title row of its own
            builder.paragraph(title, style="h2")
    for section in sections(rows, spans):
        if section.is_table:
            builder.table(_cells(rows, section, spans))
        else:
            for number in section.rows:
                builder.paragraph(" ".join(rows[number][column] for column in sorted(rows[number])))


@dataclass(slots=True)
class Section:
    """Rows of a sheet that belong together: one table, or paragraphs."""

    rows: list[int]
    is_table: bool


def sections(rows: list[Row], spans: Iterable[Span]) -> Iterator[Section]:
    """Cuts a sheet into paragraphs and tables.

    A table begins with its header row, else with the first row of two cells, and goes on over empty rows until rows of
    one cell follow an empty one, or until another header comes.
    """
    reach: dict[int, int] = {}  # row → last row that a merge ties to it
    for span in spans:
        for tied in range(span.row, min(span.row + span.rows, len(rows))):
            reach[tied] = max(reach.get(tied, 0), span.row + span.rows - 1)
    heads = {number for number, row in enumerate(rows) if names_columns(row.values())}
    current: Section | None = None
    tied_to = -1
    empty_before = True
    for number, row in enumerate(rows):
        if not row and number > tied_to:
            empty_before = True
            continue
        starts_table = number in heads and (current is None or not current.is_table or empty_before)
        full = len(row) > 1 and not (_head_ahead(number, heads, rows) and not (current and current.is_table))
        if current is None or starts_table:
            if current:
                yield current
            current = Section([number], starts_table or full)
        elif current.is_table and empty_before and len(row) == 1 and number > tied_to:
            yield current
            current = Section([number], False)
        elif not current.is_table and full:
            yield current
            current = Section([number], True)
        else:
            current.rows.append(number)
        tied_to = max(tied_to, reach.get(number, -1))
        empty_before = False
    if current:
        yield current


def _head_ahead(number: int, heads: set[int], rows: list[Row]) -> bool:
    """Whether the header row follows within a few rows: then this row (填报单位, 日期) still belongs to the title."""
    for ahead in range(number, min(number + 6, len(rows))):
        if ahead in heads:
            return ahead != number
        if not rows[ahead]:
            return any(later in heads for later in range(ahead, min(ahead + 3, len(rows))))
    return False


def _cells(rows: list[Row], section: Section, spans: list[Span]) -> Iterator[TableCell]:
    first, last = section.rows[0], section.rows[-1]
    width = max((max(rows[number], default=0) for number in section.rows), default=0) + 1
    starts: dict[tuple[int, int], Span] = {}
    covered: set[tuple[int, int]] = set()
    for span in spans:
        if span.row > last or span.row + span.rows <= first:
            continue
        starts[span.row, span.column] = span
        for row in range(max(first, span.row), min(last + 1, span.row + span.rows)):
            covered.update((row, column) for column in range(span.column, min(span.column + span.columns, width)))
    # Empty rows inside a table are only air and are not counted.
    place = {number: index for index, number in enumerate(section.rows)}
    for number in section.rows:
        for column in range(width):
            begun = starts.get((number, column))
            if begun is not None:
                high = sum(row in place for row in range(number, number + min(begun.rows, last - number + 1)))
                wide = min(begun.columns, width - column)
                yield TableCell(place[number], column, rows[number].get(column, ""), high, wide)
            elif (number, column) not in covered:
                yield TableCell(place[number], column, rows[number].get(column, ""))
