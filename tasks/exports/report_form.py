"""The form of one report to fill in off line: words, figures and tasks, each row with the cells it asks for."""

from __future__ import annotations

from typing import IO, Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from tasks.exports import form_sheet
from tasks.exports.form_sheet import Pen
from tasks.exports.task_list import clean
from tasks.imports.report import COLUMNS, SHEET, Seal, digest_of_places, label_at, places_of, token_at
from tasks.models import ReportEntry
from tasks.reporting import FigureLine, Line, Sheet

HEAD_ROW = 3
HINT = "只填黄色的格子。不要增删行、改列名或列的顺序。填报数与系统数不同时，在右边写明理由。填好后到月报页面点“上传填好的表”。"
SECTIONS = {"words": "一、综合情况", "figure": "二、数据", "line": "三、任务进展"}
ASKED = {"words": ("text",), "figure": ("number", "text"), "line": ("state", "number", "text")}


def write_report_form(sheet: Sheet, target: IO[bytes]) -> None:
    """Write the form as .xlsx; what the report says by now is filled in."""
    book = Workbook(write_only=True)
    page: Any = book.create_sheet(SHEET)
    form_sheet.set_up(page, COLUMNS, HEAD_ROW)
    report = sheet.report
    title = f"{report}（{report.campaign.title}）　{report.due_on:%Y-%m-%d}前报"
    page.append([form_sheet.cell(page, clean(title), form_sheet.TITLE)])
    page.append([form_sheet.cell(page, HINT, form_sheet.HINT)])
    page.append([form_sheet.head(page, column.title) for column in COLUMNS])
    pens = {
        kind: {column.key: Pen(page, column, answer=column.key in asked) for column in COLUMNS}
        for kind, asked in ASKED.items()
    }
    places = places_of(sheet)
    digest = digest_of_places(places)
    above, row = "", HEAD_ROW
    cells: dict[str, list[str]] = {"state": [], "ongoing": [], "percent": [], "number": [], "text": []}
    for name, place in places.items():
        kind = "line" if isinstance(place, Line) else "figure" if isinstance(place, FigureLine) else "words"
        if kind != above:
            page.append([form_sheet.cell(page, SECTIONS[kind], Font(bold=True))])
            above, row = kind, row + 1
        row += 1
        values = {
            "item": clean(label_at(name, place)),
            "due": "",
            "former": clean(getattr(sheet.former, name, "")) if kind == "words" else "",
            "state": "",
            "number": "",
            "text": clean(place) if isinstance(place, str) else "",
            "seal": str(Seal(report.pk, name, token_at(place), digest)),
        } | _more(place)
        page.append([pens[kind][column.key].write(values[column.key]) for column in COLUMNS])
        if isinstance(place, Line):
            cells["ongoing" if place.assignment.is_ongoing else "state"].append(f"D{row}")
        if kind != "words":
            cells["percent" if kind == "line" else "number"].append(f"E{row}")
        cells["text"].append(f"F{row}")
    _validate(page, cells)
    book.save(target)


def _more(place: Line | FigureLine | str) -> dict[str, Any]:
    if isinstance(place, Line):
        owed = place.assignment
        return {
            "due": f"{owed.due_on:%Y-%m-%d}" if owed.due_on else ("长期坚持" if owed.is_ongoing else ""),
            "former": clean(place.former or owed.summary),
            "state": place.state_label,
            "number": place.percent,
            "text": clean(place.text),
        }
    if isinstance(place, FigureLine):
        return {"former": f"系统数 {place.computed.normalize():f}", "number": place.stated, "text": clean(place.reason)}
    return {}


def _validate(page: Any, cells: dict[str, list[str]]) -> None:
    def choices(states: list[str]) -> DataValidation:
        return DataValidation(type="list", formula1=f'"{",".join(states)}"', allow_blank=True)

    labels = [str(label) for label in ReportEntry.State.labels]
    whole = DataValidation(type="whole", operator="between", formula1="0", formula2="100", allow_blank=True)
    number = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    text = DataValidation(type="textLength", operator="lessThanOrEqual", formula1="5000", allow_blank=True)
    form_sheet.ask(page, choices(labels), "状态", "请从下拉列表中选择。", cells["state"])
    form_sheet.ask(page, choices(labels[:-1]), "状态", "长期坚持的任务请选“未开展”或“推进中”。", cells["ongoing"])
    form_sheet.ask(page, whole, "进度", "请填0到100之间的整数，不用写百分号。", cells["percent"])
    form_sheet.ask(page, number, "填报数", "请填不小于0的数。", cells["number"])
    form_sheet.ask(page, text, "文字", "最多5000字，请精简。", cells["text"])
