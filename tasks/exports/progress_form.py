"""The form of progress that a unit fills in without the network: what it owes, two cells to answer, a hidden seal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from common.spreadsheets.heights import POINTS, row_height
from tasks.exports import form_sheet
from tasks.exports.form_sheet import Pen
from tasks.exports.task_list import clean
from tasks.imports.progress import COLUMNS, SHEET, Seal
from tasks.models import Assignment, Campaign

HEAD_ROW = 3
HINT = "只填黄色的两列：进度填0到100的整数，进展写明做了什么、做到哪一步。填好后回到行动页面，点“导入进展”上传。没有改动的行不会写入。"
_ANSWERS = ("percent", "text")


def write_progress_form(campaign: Campaign, assignments: Iterable[Any], target: IO[bytes]) -> int:
    """Write one row for each assignment (with task and unit at hand) as .xlsx and answer how many there were."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(SHEET)
    form_sheet.set_up(sheet, COLUMNS, HEAD_ROW)
    sheet.append([form_sheet.cell(sheet, clean(f"{campaign.title}进展填报表"), form_sheet.TITLE)])
    sheet.append([form_sheet.cell(sheet, HINT, form_sheet.HINT)])
    sheet.append([form_sheet.head(sheet, column.title) for column in COLUMNS])
    count = 0
    pens = [
        (column.key, Pen(sheet, column, answer=column.key in _ANSWERS, centred=column.key == "percent"))
        for column in COLUMNS
    ]
    for owed in assignments:
        values = _values(owed)
        count += 1
        texts = [(str(values[column.key]), column.width, POINTS) for column in COLUMNS if column.key != "seal"]
        sheet.row_dimensions[HEAD_ROW + count].height = row_height(texts)
        sheet.append([pen.write(values[key]) for key, pen in pens])
    _validate(sheet, HEAD_ROW + count)
    book.save(target)
    return count


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


def _validate(sheet: Any, last: int) -> None:
    letters = {column.key: get_column_letter(number) for number, column in enumerate(COLUMNS, start=1)}
    percent = DataValidation(type="whole", operator="between", formula1="0", formula2="100", allow_blank=True)
    text = DataValidation(type="textLength", operator="lessThanOrEqual", formula1="5000", allow_blank=True)
    rows = {key: f"{letters[key]}{HEAD_ROW + 1}:{letters[key]}{max(last, HEAD_ROW + 1)}" for key in _ANSWERS}
    form_sheet.ask(sheet, percent, "进度", "请填0到100之间的整数，不用写百分号。", [rows["percent"]])
    form_sheet.ask(sheet, text, "主要进展及完成情况", "最多5000字，请精简。", [rows["text"]])
