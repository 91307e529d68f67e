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
    for owed in assignments:
        sheet.append(_row(sheet, owed))
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


def _row(sheet: Any, owed: Assignment) -> list[Any]:
    values: dict[str, str | int] = {
        "ref": clean(owed.task.ref),
        "task": clean(owed.task.printed),
        "unit": clean(owed.unit.name),
        "deadline": f"{owed.due_on:%Y-%m-%d}" if owed.due_on else ("长期坚持" if owed.is_ongoing else ""),
        "state": str(owed.get_state_display()),
        "percent": owed.percent,
        "text": clean(owed.summary),
        "seal": str(Seal.of(owed)),
    }
    cells = []
    for column in COLUMNS:
        cell = _cell(sheet, values[column.key], Font())
        cell.border = _EDGES
        cell.alignment = Alignment(
            vertical="top", wrap_text=column.key != "seal", horizontal="center" if column.key == "percent" else None
        )
        if column.key in _ANSWERS:
            cell.protection = Protection(locked=False)
            cell.fill = _ANSWER
        cells.append(cell)
    return cells


def _head(sheet: Any, title: str) -> Any:
    cell = _cell(sheet, title, Font(bold=True))
    cell.fill, cell.border = _HEAD, _EDGES
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def _cell(sheet: Any, value: str | int, font: Font) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    cell.font = font
    if isinstance(value, str) and value:
        # openpyxl takes text with = before it for a formula; Excel keeps a quoted one as text even when it is edited.
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
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
