"""The form of one report, filled in off line: its tasks, its figures, its words, each row sealed.

A row's seal names the report, the place in it and a digest of what was printed there, and is signed with the
installation's key together with a digest of all places of the form. So the form of another unit or period is known at
once, as is one from which rows were taken, and an answer that was overtaken is not written over the newer one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.signing import BadSignature, Signer

from common.errors import Refused
from common.spreadsheets import CellError, Column, ImportResult, ImportRow, Kind, Outcome, Row, compare_rows, read_rows
from tasks.models import ProgressReport, ReportEntry
from tasks.reporting import MOST_WORDS, NARRATIVE, FigureLine, Line, Sheet, token
from tasks.services.reports import Answers, FigureAnswer, LineAnswer, WordsAnswer

MOST_ROWS = 2_000
SHEET = "月报"

COLUMNS = (
    Column("item", "项目", export_only=True, width=46),
    Column("due", "完成时限", export_only=True, width=14),
    Column("former", "上期内容或系统数", export_only=True, width=34),
    Column("state", "状态", Kind.CHOICE, required=False, choices=dict(ReportEntry.State.choices), width=10),
    Column("number", "进度（%）或填报数", Kind.DECIMAL, width=12),
    Column("text", "进展情况或更改理由", max_length=MOST_WORDS, width=60),
    Column("seal", "系统识别码", required=True, width=12),
)
ANSWERS = ("state", "number", "text")

NOT_OURS = "这不是本系统下载的月报表，或者隐藏的“系统识别码”列被删改了。请重新下载，填好后再上传。"
OTHER_ORDER = "表里的列名或列的顺序被改动了。请重新下载月报表，只填黄色的格子。"
ADDED = "这一行是下载以后加的，没有地方写入；请把内容写到表里原有的行，再删去这一行。"
OTHER_ROWS = "表里的行与下载时不一样，有的行被删除了。请重新下载月报表，只填黄色的格子。"


def _signer() -> Signer:
    return Signer(salt="tasks.report-form")


@dataclass(frozen=True, slots=True)
class Seal:
    report: int
    place: str
    printed: str
    places: str
    """A digest of all places of the form."""

    def __str__(self) -> str:
        return _signer().sign(f"{self.report}:{self.place}:{self.printed}:{self.places}")

    @classmethod
    def read(cls, text: str) -> Seal | None:
        """The seal in a cell, or None where it was not made here or was altered."""
        try:
            report, place, printed, places = _signer().unsign(text).split(":")
        except (BadSignature, ValueError):
            return None
        return cls(int(report), place, printed, places)


def digest_of_places(places: Iterable[str]) -> str:
    return token("\n".join(sorted(places)))


def places_of(sheet: Sheet) -> dict[str, Line | FigureLine | str]:
    """Every place of a report that a form asks about, in the order of the form."""
    found: dict[str, Line | FigureLine | str] = dict(sheet.narrative)
    found |= {f"figure-{figure.key}": figure for figure in sheet.figures}
    return found | {f"line-{line.pk}": line for line in sheet.lines}


def token_at(place: Line | FigureLine | str) -> str:
    return token(place) if isinstance(place, str) else place.token


def label_at(name: str, place: Line | FigureLine | str) -> str:
    if isinstance(place, Line):
        return f"{place.assignment.task.ref} {place.assignment.task.heading}"
    return place.label if isinstance(place, FigureLine) else NARRATIVE[name]


def check_report_form(data: bytes, *, report: ProgressReport) -> ImportResult:
    """Read a whole form and sort its rows into changed, unchanged and wrong.

    Raises Refused where the file is no form of this report, or its columns or rows are not those that were sent.
    """
    try:
        table = read_rows(data, COLUMNS, max_rows=MOST_ROWS)
    except Refused as refusal:
        if refusal.code == "table_no_header" or "系统识别码" in refusal.message:
            raise Refused(NOT_OURS, code="not_ours") from refusal
        raise
    for row in table.rows:
        if not row.texts.get("seal"):
            row.errors[:] = [CellError(table.sheet, row.number, "", "", ADDED)]
    if [column.key for column in table.columns] != [*ANSWERS, "seal"]:
        raise Refused(OTHER_ORDER, code="table_columns")
    seals = {row.number: Seal.read(row.values.get("seal") or "") for row in table.rows}
    known = [seal for seal in seals.values() if seal]
    if not known:
        raise Refused(NOT_OURS, code="not_ours")
    if foreign := next((seal for seal in known if seal.report != report.pk), None):
        raise Refused(
            f"这张表不是{report}的：是{_owner(foreign)}的。请到那份报告的页面上传，或在这里重新下载。",
            code="other_report",
        )
    if digest_of_places({seal.place for seal in known}) != known[0].places and len(known) == len(seals):
        raise Refused(OTHER_ROWS, code="table_rows")
    finder = _Finder(places_of(Sheet(report)), seals)
    return compare_rows(table, finder.find, key=lambda row: seals[row.number] and seals[row.number].place)  # type: ignore[union-attr]


def _owner(seal: Seal) -> str:
    # Whoever holds the form has seen its title: this names nothing new.
    report = ProgressReport.objects.select_related("unit", "rule").filter(pk=seal.report).first()
    return str(report) if report else "另一份报告"


class _Finder:
    def __init__(self, places: Mapping[str, Line | FigureLine | str], seals: Mapping[int, Seal | None]) -> None:
        self.places, self.seals = places, seals

    def find(self, row: Row) -> Mapping[str, Any]:
        """Answer what the row's place says now; settle the row's own values and name what is wrong with them."""
        seal = self.seals[row.number]
        if seal is None:
            raise Refused("被改动了，认不出是哪一项。请重新下载。", fields={"seal": ["被改动了，认不出是哪一项。"]})
        place = self.places.get(seal.place)
        if place is None:
            raise Refused("这一项已经不在本期月报里（任务已办结或撤销），请清空这一行的填写或重新下载。")
        row.values["text"] = row.values.get("text") or ""
        row.values["place"], row.values["label"] = seal.place, label_at(seal.place, place)
        before = _values_at(place)
        answer = answer_of(row.values, seal.printed)
        if answer is None or answer.digest in (seal.printed, token_at(place)):
            return {name: row.values[name] for name in ANSWERS}
        if faults := _faults(row.values, place):
            raise Refused("请改正标出的内容。", fields=faults)
        if token_at(place) != seal.printed:
            raise Refused("下载这张表以后，这一项又有人填过，现在的内容不同。请重新下载后再填。", code="overtaken")
        return before


def _values_at(place: Line | FigureLine | str) -> dict[str, Any]:
    if isinstance(place, Line):
        return {"state": place.state, "number": Decimal(place.percent), "text": place.text}
    if isinstance(place, FigureLine):
        return {"state": None, "number": place.stated, "text": place.reason}
    return {"state": None, "number": None, "text": place}


def _faults(values: Mapping[str, Any], place: Line | FigureLine | str) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    number = values.get("number")
    if isinstance(place, Line):
        if number is None or not 0 <= number <= 100 or number != int(number):
            faults["number"] = ["进度填0到100之间的整数。"]
        if not values.get("state"):
            faults["state"] = ["请从下拉列表中选择状态。"]
        elif values["state"] == ReportEntry.State.FINISHED and place.assignment.is_ongoing:
            faults["state"] = ["长期坚持的任务不能填“已完成”，请填“推进中”。"]
    elif isinstance(place, FigureLine):
        if number is None or number < 0 or number >= 10**14 or number != round(number, 2):
            faults["number"] = ["请填不小于0、最多两位小数的数。"]
        elif number != place.computed and not values["text"]:
            faults["text"] = ["填报数与系统数不同，请写明理由。"]
    return faults


def answer_of(values: Mapping[str, Any], printed: str) -> LineAnswer | FigureAnswer | WordsAnswer | None:
    """What a row says, in the shape that the service takes; None where its cells cannot be an answer."""
    place, number, text = values["place"], values.get("number"), values.get("text") or ""
    if place.startswith("line-"):
        percent = None if number is None else int(number) if number == int(number) else number
        return LineAnswer(values.get("state") or "", percent, text, printed)  # type: ignore[arg-type]
    if place.startswith("figure-"):
        return FigureAnswer(number, text, printed) if number is not None else FigureAnswer(Decimal(-1), text, printed)
    return WordsAnswer(text, printed)


def answers_of(rows: Iterable[ImportRow], sheet: Sheet) -> Answers:
    """The rows to write as one set of answers; each was compared with what stands there now."""
    places = places_of(sheet)
    narrative, lines, figures = {}, {}, {}
    for row in rows:
        if row.outcome not in (Outcome.NEW, Outcome.CHANGED):
            continue
        name = row.values["place"]
        answer = answer_of(row.values, token_at(places[name]))
        if isinstance(answer, LineAnswer):
            lines[int(name.removeprefix("line-"))] = answer
        elif isinstance(answer, FigureAnswer):
            figures[name.removeprefix("figure-")] = answer
        elif isinstance(answer, WordsAnswer):
            narrative[name] = answer
    return Answers(narrative, lines, figures)
