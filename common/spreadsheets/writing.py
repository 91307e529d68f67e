"""Writing a table that prints well, opens without harm and can be read back."""

from __future__ import annotations

import csv
import datetime
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from .columns import Column, Kind
from .heights import POINTS, row_height

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet program would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MAX_TEXT = 32_767
_LINES_AT_ONCE = 200
_RIGHT = {Kind.INTEGER, Kind.DECIMAL, Kind.PERCENT}
_LINE = Side(style="thin", color="BFBFBF")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def write_rows(
    target: IO[bytes],
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    *,
    title: str = "",
    sheet: str = "Sheet1",
) -> int:
    """Write rows, values by column key, as an .xlsx file for A4 landscape and return how many there were.

    `rows` may be a generator over any number of rows: one is held at a time. With `title` the table gets a title line.
    The head stays in view, filters, and is repeated on every printed page; text that looks like a formula stays text.
    """
    book = Workbook(write_only=True)
    page: Any = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", sheet)[:31].strip() or "Sheet1")
    head_row = 2 if title else 1
    _set_up_page(page, columns, head_row)
    if title:
        page.append(_title_cells(page, title, len(columns)))
    page.append([_head_cell(page, column.title) for column in columns])
    count = 0
    pens = [(column.key, _Pen(page, column)) for column in columns]
    for row in rows:
        count += 1
        cells = [pen.write(row.get(key)) for key, pen in pens]
        texts = [(cell.value, column.width, POINTS) for cell, column in zip(cells, columns) if _may_wrap(cell, column)]
        if texts:
            page.row_dimensions[head_row + count].height = row_height(texts)
        page.append(cells)
    _add_choices(page, columns, head_row)
    if count:
        page.auto_filter.ref = f"A{head_row}:{get_column_letter(len(columns))}{head_row + count}"
    book.save(target)
    return count


def make_book(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], *, title: str = "", sheet: str = "Sheet1"
) -> IO[bytes]:
    """The same as a temporary file at its beginning, for a response that closes it."""
    # A file and not memory: twenty thousand rows would otherwise stand in the web process twice.
    target = tempfile.TemporaryFile()  # noqa: SIM115
    write_rows(target, columns, rows, title=title, sheet=sheet)
    target.seek(0)
    return target


def csv_lines(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The same table as a CSV file (UTF-8 with its mark, so that Excel reads Chinese), for a stream: pieces of lines."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([column.title for column in columns])
    keyed = [(column.key, column) for column in columns]
    for count, row in enumerate(rows):
        if count % _LINES_AT_ONCE == 0:
            yield _taken(buffer)
        writer.writerow([_csv_text(column, row.get(key)) for key, column in keyed])
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _set_up_page(page: Any, columns: Sequence[Column], head_row: int) -> None:
    page.freeze_panes = f"A{head_row + 1}"
    for position, column in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(position)].width = column.width
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{head_row}:{head_row}"
    page.page_margins.left = page.page_margins.right = 0.5
    page.oddFooter.center.text = "第 &P 页，共 &N 页"


def _add_choices(page: Any, columns: Sequence[Column], head_row: int) -> None:
    """Drop-down lists under the columns that take only certain words."""
    for position, column in enumerate(columns, start=1):
        labels = ["是", "否"] if column.kind == Kind.BOOLEAN else list(column.choices.values())
        # Excel takes at most 255 characters of listed words, and the comma parts them.
        if labels and len(",".join(labels)) <= 255 and not any("," in label or '"' in label for label in labels):
            rule = DataValidation(type="list", formula1=f'"{",".join(labels)}"', allow_blank=True)
            letter = get_column_letter(position)
            rule.add(f"{letter}{head_row + 1}:{letter}{head_row + 2000}")
            page.data_validations.append(rule)


def _may_wrap(cell: Any, column: Column) -> bool:
    """Whether a cell may need a second line; most cells of a large table need none and are told at a glance."""
    text = cell.value
    return isinstance(text, str) and (2 * len(text) > column.width - 2 or "\n" in text)


def _title_cells(page: Any, title: str, width: int) -> list[Any]:
    cells = []
    for position in range(width):
        cell = WriteOnlyCell(page, value=None)
        if position == 0:
            _put_text(cell, title)
        cell.font = Font(bold=True, size=16)
        # Centred over the columns without merging them, so that the table can still be sorted.
        cell.alignment = Alignment(horizontal="centerContinuous", vertical="center")
        cells.append(cell)
    return cells


def _head_cell(page: Any, title: str) -> Any:
    cell = WriteOnlyCell(page, value=None)
    _put_text(cell, title)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="E8EEF7")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = _BORDER
    return cell


class _Pen:
    """Writes the cells of one column. A cell of each look is made once and filled anew for every row."""

    def __init__(self, page: Any, column: Column) -> None:
        self._page = page
        self._column = column
        self._cells: dict[str, Any] = {}

    def write(self, value: Any) -> Any:
        value = _local(value)
        if isinstance(value, datetime.datetime):
            return self._filled("yyyy-mm-dd hh:mm", value.replace(tzinfo=None))
        if isinstance(value, datetime.date):
            return self._filled("yyyy-mm-dd", value)
        is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        if is_number and self._column.kind == Kind.PERCENT:
            number = Decimal(str(value))
            decimals = max(0, -int(number.normalize().as_tuple().exponent))
            return self._filled(f"0.{'0' * decimals}%" if decimals else "0%", number / 100)
        if is_number:
            return self._filled("General", value)
        text = _label(self._column, value)
        cell = self._look("quoted" if text.startswith(_FORMULA) else "text")
        _put_text(cell, text)
        return cell

    def _filled(self, number_format: str, value: Any) -> Any:
        cell = self._look(number_format)
        cell.value = value
        return cell

    def _look(self, look: str) -> Any:
        cell = self._cells.get(look)
        if cell is None:
            cell = self._cells[look] = WriteOnlyCell(self._page, value=None)
            horizontal = "right" if self._column.kind in _RIGHT else None
            cell.alignment = Alignment(horizontal=horizontal, vertical="top", wrap_text=True)
            cell.border = _BORDER
            if look == "quoted":
                # Excel keeps such a text as text even when somebody edits the cell.
                cell.quotePrefix = True
            elif look != "text":
                cell.number_format = look
        return cell


def _put_text(cell: Any, text: str) -> None:
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    if len(text) > _MAX_TEXT:
        text = text[: _MAX_TEXT - 1] + "…"
    cell.value = text or None
    if text:
        # openpyxl would write "=1+1" as a formula and "#N/A" as an error.
        cell.data_type = "s"


def _csv_text(column: Column, value: Any) -> str:
    if type(value) is str and column.kind == Kind.TEXT:  # nearly every cell
        return f"'{value}" if value.startswith(_FORMULA) else value
    value = _local(value)
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
        return f"{text}%" if column.kind == Kind.PERCENT else text
    text = _label(column, value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _label(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if column.kind == Kind.CHOICE:
        return str(column.choices.get(value, value))
    return str(value)


def _local(value: Any) -> Any:
    """An instant in the bureau's time; a spreadsheet knows no zones."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value
