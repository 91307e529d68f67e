"""The task list as a workbook: A4 across, fitted to the width of the page, the head on every page.

Excel shows at most 409 points of a row and cuts what is longer without a word. A task whose text or progress is
longer goes on in rows of its own below, without a line between, so that it looks and reads like one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from common.spreadsheets.heights import lines_of, row_height, units_of, units_per_line
from tasks.exports.task_list import HEADS, TaskLine, TaskList
from tasks.exports.word import FANGSONG, HEI, SONG

WIDTHS = (9, 42, 28, 20, 58)
POINTS = 12
MOST_LINES = 20
"""Lines of 12 points that fit into one row with room to spare for faces that are wider than reckoned."""

A4 = 9
HEAD_ROW = 3
_THIN = Side(style="thin")
_LONG = (1, 4)
"""The columns that may go on in a further row; names of bodies and days are set smaller instead."""


def write_xlsx(paper: TaskList, target: IO[bytes]) -> None:
    """Write the paper as .xlsx."""
    book = Workbook()
    fill_sheet(book.active, paper)
    book.properties.title = paper.title
    book.properties.creator = ""
    book.save(target)


def fill_sheet(sheet: Any, paper: TaskList) -> None:
    """Write the paper into an empty sheet of a workbook."""
    sheet.title = "任务清单"
    _set_up_page(sheet)
    _write_across(sheet, 1, paper.title, Font(name=SONG, size=18), "center")
    _write_across(sheet, 2, paper.remark, Font(name=FANGSONG, size=11), "center")
    sheet.row_dimensions[1].height = 32 * lines_of(paper.title, sum(WIDTHS), 18)
    for column, head in enumerate(HEADS, start=1):
        cell = _write(sheet, HEAD_ROW, column, head, Font(name=HEI, size=POINTS), "center")
        cell.border = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
    row = HEAD_ROW + 1
    for line in paper.lines:
        if isinstance(line, TaskLine):
            row = _write_task(sheet, row, line)
        else:
            _write_across(sheet, row, line, Font(name=HEI, size=POINTS), "left")
            for column in range(1, len(HEADS) + 1):
                sheet.cell(row, column).border = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
            sheet.row_dimensions[row].height = row_height([(line, sum(WIDTHS), POINTS)])
            row += 1
    sheet.print_area = f"A1:{get_column_letter(len(HEADS))}{row - 1}"


def _set_up_page(sheet: Any) -> None:
    for number, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"A{HEAD_ROW + 1}"
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.6
    sheet.page_margins.top, sheet.page_margins.bottom = 0.8, 0.7
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def _write_across(sheet: Any, row: int, text: str, font: Font, horizontal: str) -> None:
    _write(sheet, row, 1, text, font, horizontal)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(HEADS))


def _write(sheet: Any, row: int, column: int, text: str, font: Font, horizontal: str, vertical: str = "center") -> Any:
    cell = sheet.cell(row, column)
    cell.font = font
    cell.alignment = Alignment(horizontal=horizontal, vertical=vertical, wrap_text=True)
    if text:
        cell.value = text
        # openpyxl takes text with = before it for a formula; Excel keeps a quoted one as text even when it is edited.
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
    return cell


def _write_task(sheet: Any, row: int, line: TaskLine) -> int:
    """Write one task in as many rows as its text needs; answer the next free row."""
    parts = [_parts(text, WIDTHS[column]) if column in _LONG else [text] for column, text in enumerate(line.cells)]
    rows = list(zip_longest(*parts, fillvalue=""))
    for number, texts in enumerate(rows):
        edges = Border(
            left=_THIN,
            right=_THIN,
            top=_THIN if number == 0 else None,
            bottom=_THIN if number == len(rows) - 1 else None,
        )
        sizes = [_size_for(text, width) for text, width in zip(texts, WIDTHS, strict=True)]
        sheet.row_dimensions[row + number].height = row_height(zip(texts, WIDTHS, sizes, strict=True))
        for column, text in enumerate(texts):
            font = Font(name=FANGSONG, size=sizes[column])
            vertical = "center" if len(rows) == 1 else "top"
            cell = _write(sheet, row + number, column + 1, text, font, "left" if column else "center", vertical)
            cell.border = edges
    return row + len(rows)


def _parts(text: str, width: int) -> list[str]:
    """The text in parts of at most `MOST_LINES` lines, cut after paragraphs where possible."""
    per_line = units_per_line(width, POINTS)
    parts: list[str] = []
    part: list[str] = []
    left = MOST_LINES
    for paragraph in text.split("\n"):
        for piece in _cut(paragraph, per_line * MOST_LINES):
            lines = lines_of(piece, width, POINTS)
            if lines > left and part:
                parts.append("\n".join(part))
                part, left = [], MOST_LINES
            part.append(piece)
            left -= lines
    return [*parts, "\n".join(part)]


def _cut(text: str, most: int) -> Sequence[str]:
    """Pieces of at most `most` units, of which a Chinese character takes two."""
    pieces, start, taken = [], 0, 0
    for place, char in enumerate(text):
        taken += units_of(char)
        if taken > most:
            pieces.append(text[start:place])
            start, taken = place, units_of(char)
    return [*pieces, text[start:]]


def _size_for(text: str, width: int) -> int:
    """The largest type in which the text fits into one row."""
    for points in (POINTS, 10, 8):
        if lines_of(text, width, points) * points <= MOST_LINES * POINTS:
            return points
    return 6
