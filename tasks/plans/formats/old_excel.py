"""Old Excel workbooks (.xls, and .et of WPS Office), sheet by sheet like .xlsx."""

from __future__ import annotations

import io
import warnings
from typing import Any

import xlrd
from xlrd.biffh import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, XLRDError

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import limits
from tasks.plans.formats.building import DocumentBuilder
from tasks.plans.formats.detection import ENCRYPTED_OFFICE, OLD_EXCEL, Kind
from tasks.plans.formats.xlsx import (
    EMPTY_WORKBOOK,
    HIDDEN_ROWS,
    HIDDEN_SHEET,
    Layout,
    Row,
    Span,
    add_sheet,
    shown,
    without_rows,
)


def open_old_excel(name: str, data: bytes) -> Document:
    """Opens a workbook of Excel 97 to 2003. Raises UnreadableDocument."""
    builder = DocumentBuilder(name, Kind.XLS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Merged cells, hidden rows and the shapes of numbers are only told with the formatting.
            book = xlrd.open_workbook(
                file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO(), verbosity=0
            )
    except Exception as error:  # a damaged file fails in xlrd's many ways
        locked = isinstance(error, XLRDError) and "encrypted" in str(error)
        raise UnreadableDocument(ENCRYPTED_OFFICE if locked else OLD_EXCEL) from error
    sheets = [sheet for sheet in book.sheets() if sheet.visibility == 0]
    for sheet in book.sheets():
        if sheet.visibility != 0:
            builder.warn(HIDDEN_SHEET.format(sheet.name))
    for sheet in sheets:
        builder.watch.check()
        rows = _rows(book, sheet)
        layout = _layout(sheet)
        if layout.hidden:
            builder.warn(HIDDEN_ROWS.format(sheet.name, len(layout.hidden)))
            rows = without_rows(rows, layout)
        add_sheet(builder, sheet.name if len(sheets) > 1 else "", rows, layout.spans)
    if not builder.blocks:
        raise UnreadableDocument(EMPTY_WORKBOOK)
    return builder.document()


def _rows(book: Any, sheet: Any) -> list[Row]:
    if sheet.nrows > limits.ROWS:
        raise UnreadableDocument(limits.TOO_LONG)
    rows: list[Row] = []
    for number in range(sheet.nrows):
        texts = ((column, _text(book, cell)) for column, cell in enumerate(sheet.row(number)))
        rows.append({column: text for column, text in texts if text})
    while rows and not rows[-1]:
        rows.pop()
    if sum(len(row) for row in rows) > limits.CELLS:
        raise UnreadableDocument(limits.TOO_LONG)
    return rows


def _text(book: Any, cell: Any) -> str:
    value = cell.value
    shape = book.format_map.get(book.xf_list[cell.xf_index].format_key) if cell.xf_index is not None else None
    if cell.ctype == XL_CELL_DATE and 1 <= value < 2958466:
        value = xlrd.xldate_as_datetime(value, book.datemode)
    elif cell.ctype == XL_CELL_BOOLEAN:
        value = bool(value)
    elif cell.ctype == XL_CELL_ERROR:
        return ""
    return shown(value, shape.format_str if shape is not None else "")


def _layout(sheet: Any) -> Layout:
    spans = [Span(top, left, bottom - top, right - left) for top, bottom, left, right in sheet.merged_cells]
    hidden = {row for row, info in sheet.rowinfo_map.items() if info.hidden and row < sheet.nrows and sheet.row(row)}
    return Layout(spans, hidden)
