"""A list as a file: .xlsx of one sheet, or .csv that streams."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from common.lists.columns import Column

A4 = 9
"""The paper's number in the format (ECMA-376, 18.3.1.63)."""

SHEET_CAP = 20_000
"""Rows of an .xlsx made while the user waits (about three seconds); .csv has no limit, since it streams."""


def make_sheet(title: str, columns: Sequence[Column], rows: Iterable[Any]) -> IO[bytes]:
    """The rows as a workbook of one sheet: head frozen and repeated on every printed page, A4 across."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31] or "清单")
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    head = []
    for column in columns:
        cell = WriteOnlyCell(sheet, column.label)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")
        head.append(cell)
    sheet.append(head)
    for row in rows:
        sheet.append([_sheet_cell(sheet, column.export_value(row)) for column in columns])
    # A file and not memory: twenty thousand rows would otherwise stand in the web process twice.
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


def _sheet_cell(sheet: Any, value: Any) -> Any:
    """Text is always text: openpyxl takes a leading = for a formula, and control characters break the file."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767])
    cell.data_type = "s"
    return cell


def csv_lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """Lines of a CSV file that Excel opens with the right characters."""
    line = io.StringIO()
    writer = csv.writer(line)

    def taken() -> str:
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    writer.writerow([column.label for column in columns])
    yield "\ufeff" + taken()
    for row in rows:
        writer.writerow([_harmless(column.export_value(row)) for column in columns])
        yield taken()


def _harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets a mark before it that makes it text again."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return "" if value is None else value
