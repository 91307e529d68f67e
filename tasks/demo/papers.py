"""Something to attach: the ledger that a unit hands in with what it did."""

from __future__ import annotations

import datetime as dt
import io

from django.core.files.base import ContentFile, File
from openpyxl import Workbook

from tasks.demo.dice import Dice
from tasks.models import Assignment
from units.models import User

HEAD = ("序号", "日期", "工作内容", "对象", "经办人", "结果")
STEPS = ("安排部署", "现场核查", "交办问题", "督促整改", "复查确认")


def ledger(assignment: Assignment, by: User, today: dt.date) -> File[bytes]:
    """Make a small workbook of dated steps for one assignment; its last step lies a few days before `today`."""
    dice = Dice(assignment.task.ref, assignment.unit.name, "ledger")
    book = Workbook()
    sheet = book.active
    sheet.title = "工作台账"
    sheet.append(["", assignment.task.title])
    sheet.append(HEAD)
    for i, step in enumerate(STEPS):
        day = today - dt.timedelta(days=6 * (len(STEPS) - i) + dice.number(f"day {i}", 0, 3))
        number = dice.number(f"number {i}", 2, 9)
        sheet.append([i + 1, day, step, f"涉及单位{number}家", by.name, "已完成"])
    for column, width in zip("ABCDEF", (6, 12, 16, 18, 10, 10)):
        sheet.column_dimensions[column].width = width
    content = io.BytesIO()
    book.save(content)
    return ContentFile(content.getvalue(), name=f"{assignment.task.ref} {assignment.unit}工作台账.xlsx")
