"""Excel 97–2003 (.xls) and the .et of WPS, which is the same."""

from __future__ import annotations

import io
import warnings
from typing import Any

import xlrd
from xlrd.biffh import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, XL_CELL_NUMBER, error_text_from_code

from common.errors import Refused
from common.spreadsheets.sheet import MAX_COLUMNS, Hidden, Line, Sheet
from common.spreadsheets.values import PercentNumber


def old_sheets(data: bytes) -> list[Sheet]:
    """The visible sheets. Raises Refused for a password; a damaged file fails in xlrd's many ways."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Merged cells, hidden sheets and the shapes of numbers are only told with the formatting.
            book = xlrd.open_workbook(
                file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO(), verbosity=0
            )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise Refused("文件设了打开密码。请去掉密码后再导入。", code="file_encrypted") from error
        raise
    return [
        Sheet(
            sheet.name,
            _lines(book, sheet),
            [(c1, r1 + 1, c2 - 1, r2) for r1, r2, c1, c2 in sheet.merged_cells],
            _hidden(sheet),
        )
        for sheet in book.sheets()
        if sheet.visibility == 0
    ]


def _hidden(sheet: Any) -> Hidden:
    hidden = Hidden(columns={column for column, about in sheet.colinfo_map.items() if about.hidden})
    for row in sorted(row for row, about in sheet.rowinfo_map.items() if about.hidden):
        hidden.hide(row + 1, row + 1)
    return hidden


def _lines(book: Any, sheet: Any) -> list[Line]:
    lines: list[Line] = []
    for number in range(sheet.nrows):
        cells = [_value(book, cell) for cell in sheet.row(number)[:MAX_COLUMNS]]
        while cells and cells[-1] in (None, ""):
            cells.pop()
        if cells:
            lines.append((number + 1, cells))
    return lines


def _value(book: Any, cell: Any) -> object:
    kind, value = cell.ctype, cell.value
    if kind == XL_CELL_DATE:
        # A time of day alone, or a number that only looks like a day, stays a number.
        return xlrd.xldate_as_datetime(value, book.datemode) if 1 <= value < 2958466 else value
    if kind == XL_CELL_BOOLEAN:
        return bool(value)
    if kind == XL_CELL_ERROR:
        return error_text_from_code.get(value, "#N/A")
    if kind == XL_CELL_NUMBER:
        shape = book.format_map.get(book.xf_list[cell.xf_index].format_key)
        return PercentNumber(value) if shape is not None and "%" in shape.format_str else value
    return value or None
