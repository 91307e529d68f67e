"""The consolidated report on paper: a workbook with its tables, and an official letter with words and tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from common.letters import Block, Heading, Letter, Paragraph, Table, to_docx
from hazards.exports.monthly import MonthlyPaper
from hazards.exports.monthly import fill_sheet as fill_monthly
from supervision.consolidation import Consolidation
from tasks.exports.excel import fill_sheet as fill_task_list
from tasks.exports.task_list import HEADS, NOTHING, TaskLine, clean
from tasks.models import ProgressReport

SONG, FANGSONG, HEI = "方正小标宋简体", "仿宋_GB2312", "黑体"
_THIN = Side(style="thin")
_EDGES = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
STANDING_HEAD = ("单位", "应报日期", "首次报送", "迟报（天）", "退回（次）", "状态")
FIGURE_HEAD = ("项目", "台账数", "填报合计", "差额", "本期新增", "填报单位数", "改动的单位数")


def write_workbook(found: Consolidation) -> bytes:
    """Who reported, the figures, the official hazard table where units state hazards, and the task list."""
    book = Workbook()
    sheet: Any = book.active
    _plain_sheet(sheet, "报送情况", found.title, STANDING_HEAD, standing_rows(found), (30, 14, 14, 12, 12, 14))
    _plain_sheet(
        book.create_sheet(), "数据汇总", found.title, FIGURE_HEAD, figure_rows(found), (34, 14, 14, 14, 14, 14, 14)
    )
    if found.has_hazards:
        fill_monthly(book.create_sheet(), monthly_paper(found))
    tasks = found.task_list()
    if tasks.lines:
        fill_task_list(book.create_sheet(), tasks)
    book.properties.title, book.properties.creator = found.title, ""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def standing_rows(found: Consolidation) -> list[list[Any]]:
    return [
        [
            report.unit.name,
            report.due_on.isoformat(),
            timezone.localtime(report.first_submitted_at).date().isoformat() if report.first_submitted_at else NOTHING,
            report.days_late or NOTHING,
            report.returned_count or NOTHING,
            state_in_words(report),
        ]
        for report in found.reports
    ]


def state_in_words(report: ProgressReport) -> str:
    """What a reader of the county's month wants to know of one unit."""
    if report.state in ProgressReport.OWED:
        return "逾期未报" if report.is_overdue else "未报"
    return str(report.get_state_display())


def figure_rows(found: Consolidation) -> list[list[Any]]:
    return [
        [
            row.label,
            plain(row.register),
            plain(row.stated),
            plain(row.difference),
            plain(row.added),
            row.units,
            row.changed,
        ]
        for row in found.figures()
    ]


def plain(value: Decimal | None) -> int | float | str:
    """A figure as a spreadsheet counts it: whole where it is whole, a dash where there is none."""
    if value is None:
        return NOTHING
    return int(value) if value == int(value) else float(value)


def monthly_paper(found: Consolidation) -> MonthlyPaper:
    table, added, closed = found.hazards
    head = found.head
    state = f"{closed.closed_at:%Y年%m月%d日}结账" if closed else "未结账"
    remark = f"统计期间：{head.ends.year}年1月至{head.ends.month}月　　{state}"
    parts = ((f"一、{head.ends.year}年1月至{head.ends.month}月累计", table), (f"二、{head.label}", added))
    title = f"{found.region.name}{head.label}隐患排查治理情况统计表"
    return MonthlyPaper(title, remark, parts, ["注：按隐患台账统计；整改率为已整改（销号）数除以排查数。"])


def _plain_sheet(
    sheet: Any, name: str, title: str, head: Sequence[str], rows: list[list[Any]], widths: Sequence[int]
) -> None:
    sheet.title = name
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows, sheet.freeze_panes = "2:2", "A3"
    sheet.append([clean(title)])
    sheet["A1"].font, sheet["A1"].alignment = Font(name=SONG, size=18), Alignment(horizontal="center", wrap_text=True)
    sheet["A1"].data_type = "s"
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(head))
    sheet.row_dimensions[1].height = 40
    for row, values in enumerate([list(head), *rows], start=2):
        sheet.row_dimensions[row].height = 22
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column, clean(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                # Names are typed by people: text stays text, whatever it begins with.
                cell.data_type = "s"
            cell.font, cell.border = Font(name=HEI if row == 2 else FANGSONG, size=12), _EDGES
            left = column == 1 and row > 2
            cell.alignment = Alignment(horizontal="left" if left else "center", vertical="center", wrap_text=True)


def write_letter(found: Consolidation) -> bytes:
    """The report in the layout of official documents, its tables inside the text."""
    words = found.words()
    rows = [[*map(str, row[:3]), str(row[5])] for row in standing_rows(found)]
    parts: list[tuple[str, Block]] = [
        ("总体进展", Paragraph(words["progress"])),
        ("存在问题", Paragraph(words["problems"] or "无。")),
        ("下步打算", Paragraph(words["plans"] or "按行动方案继续推进。")),
        ("数据汇总", Table([list(map(str, row[:5])) for row in figure_rows(found)], FIGURE_HEAD[:5], (4, 2, 2, 2, 2))),
    ]
    if found.has_hazards:
        figures = [[label, *cells] for label, cells in found.transposed()]
        table = Table(figures, ["项目", *found.kinds], (4, *[2] * len(found.kinds)))
        parts.append(("隐患排查治理情况（台账累计）", table))
    parts.append(("报送情况", Table(rows, ["单位", "应报日期", "首次报送", "状态"], (4, 2, 2, 2))))
    tasks = [
        [line.ref, line.task, line.units, line.deadlines, "\n".join(line.progress)]
        for line in found.task_list().lines
        if isinstance(line, TaskLine)
    ]
    if tasks:
        parts.append(("任务清单进展", Table(tasks, HEADS, (1, 3, 2, 2, 4))))
    body: list[Block] = []
    for number, (heading, block) in zip("一二三四五六七八", parts, strict=False):
        body += [Heading(f"{number}、{heading}"), block]
    letter = Letter(
        title=f"关于《{found.campaign.title}》{found.head.label}进展情况的报告",
        body=body,
        signers=[found.rule.receiver.name],
        date=timezone.localdate(),
    )
    return to_docx(letter)
