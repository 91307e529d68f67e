"""What forms that are filled in off line have in common: locked cells, yellow ones to answer, a hidden seal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from common.spreadsheets import Column

TITLE = Font(name="黑体", size=16)
HINT = Font(color="595959")
_THIN = Side(style="thin", color="7F7F7F")
_EDGES = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_ANSWER = PatternFill("solid", fgColor="FFF9DB")
_HEAD = PatternFill("solid", fgColor="E8EEF7")


def set_up(sheet: Any, columns: Sequence[Column], head_row: int) -> None:
    """Widths, the frozen and repeated heading, A4 across, and the lock."""
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].hidden = column.key == "seal"
    sheet.freeze_panes = f"A{head_row + 1}"
    sheet.print_title_rows = f"{head_row}:{head_row}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    # Without a password: it keeps people from slips, and the seals keep the ledger from everything else.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.formatCells = False


class Pen:
    """Writes the cells of one column: a cell of each look is made once and filled anew for every row."""

    def __init__(self, sheet: Any, column: Column, *, answer: bool, centred: bool = False) -> None:
        self._plain, self._quoted = (self._look(sheet, column, answer, centred) for _ in range(2))
        # Excel keeps such a text as text even when somebody edits the cell.
        self._quoted.quotePrefix = True

    def write(self, value: Any) -> Any:
        formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@"))
        return _filled(self._quoted if formula else self._plain, value)

    @staticmethod
    def _look(sheet: Any, column: Column, answer: bool, centred: bool) -> Any:
        cell = WriteOnlyCell(sheet)
        cell.border = _EDGES
        wrap = column.key != "seal"
        cell.alignment = Alignment(vertical="top", wrap_text=wrap, horizontal="center" if centred else None)
        if answer:
            cell.protection = Protection(locked=False)
            cell.fill = _ANSWER
        return cell


def head(sheet: Any, title: str) -> Any:
    found = cell(sheet, title, Font(bold=True))
    found.fill, found.border = _HEAD, _EDGES
    found.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return found


def cell(sheet: Any, value: str, font: Font) -> Any:
    found = WriteOnlyCell(sheet)
    found.font = font
    return _filled(found, value)


def _filled(cell: Any, value: Any) -> Any:
    cell.value = value
    if isinstance(value, str) and value:
        # openpyxl takes text with = before it for a formula.
        cell.data_type = "s"
    return cell


def ask(sheet: Any, rule: DataValidation, title: str, words: str, cells: Collection[str]) -> None:
    """Let Excel check the cells while somebody fills them in."""
    if cells:
        rule.errorTitle, rule.error, rule.showErrorMessage = title, words, True
        for place in cells:
            rule.add(place)
        sheet.data_validations.append(rule)
