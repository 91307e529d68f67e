"""The form of progress that a unit fills in without the network: what it owes, two cells to answer, a hidden seal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from common.spreadsheets import Column
from tasks.exports.task_list import clean
from tasks.imports import COLUMNS, SHEET, Seal
from tasks.models import Assignment, Campaign

HEAD_ROW = 3
HINT = "只填黄色的两列：进度填0到100的整数，进展写明做了什么、做到哪一步。填好后回到行动页面，点“导入进展”上传。没有改动的行不会写入。"
_THIN = Side(style="thin", color="7F7F7F")
_EDGES = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_ANSWER = PatternFill("solid", fgColor="FFF9DB")
_HEAD = PatternFill("solid", fgColor="E8EEF7")
_ANSWERS = ("percent", "text")


def write_progress_form(campaign: Campaign, assignments: Iterable[Any], target: IO[bytes]) -> int:
    """Write one row for each assignment (with task and unit at hand) as .xlsx and answer how many there were."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(SHEET)
    _set_up(sheet)
    sheet.append([_cell(sheet, clean(f"{campaign.title}进展填报表"), Font(name="黑体", size=16))])
    sheet.append([_cell(sheet, HINT, Font(color="595959"))])
    sheet.append([_head(sheet, column.title) for column in COLUMNS])
    count = 0
    pens = [(column.key, _Pen(sheet, column)) for column in COLUMNS]
    for owed in assignments:
        values = _values(owed)
        sheet.append([pen.write(values[key]) for key, pen in pens])
        count += 1
    _validate(sheet, HEAD_ROW + count)
    book.save(target)
    return count


def _set_up(sheet: Any) -> None:
    for number, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].hidden = column.key == "seal"
    sheet.freeze_panes = f"A{HEAD_ROW + 1}"
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    # Without a password: it keeps people from slips, and the seals keep the ledger from everything else.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.formatCells = False


def _values(owed: Assignment) -> dict[str, str | int]:
    return {
        "ref": clean(owed.task.ref),
        "task": clean(owed.task.printed),
        "unit": clean(owed.unit.name),
        "deadline": f"{owed.due_on:%Y-%m-%d}" if owed.due_on else ("长期坚持" if owed.is_ongoing else ""),
        "state": str(owed.get_state_display()),
        "percent": owed.percent,
        "text": clean(owed.summary),
        "seal": str(Seal.of(owed)),
    }


class _Pen:
    """Writes the cells of one column: a cell of each look is made once and filled anew for every row."""

    def __init__(self, sheet: Any, column: Column) -> None:
        self._plain, self._quoted = (_look(sheet, column) for _ in range(2))
        # Excel keeps such a text as text even when somebody edits the cell.
        self._quoted.quotePrefix = True

    def write(self, value: str | int) -> Any:
        formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@"))
        return _filled(self._quoted if formula else self._plain, value)


def _look(sheet: Any, column: Column) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.border = _EDGES
    cell.alignment = Alignment(
        vertical="top", wrap_text=column.key != "seal", horizontal="center" if column.key == "percent" else None
    )
    if column.key in _ANSWERS:
        cell.protection = Protection(locked=False)
        cell.fill = _ANSWER
    return cell


def _head(sheet: Any, title: str) -> Any:
    cell = _cell(sheet, title, Font(bold=True))
    cell.fill, cell.border = _HEAD, _EDGES
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def _cell(sheet: Any, value: str, font: Font) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.font = font
    return _filled(cell, value)


def _filled(cell: Any, value: str | int) -> Any:
    cell.value = value
    if isinstance(value, str) and value:
        # openpyxl takes text with = before it for a formula.
        cell.data_type = "s"
    return cell


def _validate(sheet: Any, last: int) -> None:
    letters = {column.key: get_column_letter(number) for number, column in enumerate(COLUMNS, start=1)}
    percent = DataValidation(type="whole", operator="between", formula1="0", formula2="100", allow_blank=True)
    percent.errorTitle, percent.error = "进度", "请填0到100之间的整数，不用写百分号。"
    text = DataValidation(type="textLength", operator="lessThanOrEqual", formula1="5000", allow_blank=True)
    text.errorTitle, text.error = "主要进展及完成情况", "最多5000字，请精简。"
    for rule, key in ((percent, "percent"), (text, "text")):
        rule.showErrorMessage = True
        rule.add(f"{letters[key]}{HEAD_ROW + 1}:{letters[key]}{max(last, HEAD_ROW + 1)}")
        sheet.data_validations.append(rule)
