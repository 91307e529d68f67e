"""The quarterly scoring sheet of enforcement: what the system counts, the points it proposes, and room for a person's."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import IO

from django.db.models import Exists, F, OuterRef, Q

from common.letters import Heading, Letter, Paragraph
from common.letters import Table as LetterTable
from common.spreadsheets import Column, Kind, write_rows
from hazards.models import Hazard
from inspections.counts import FINED, Period, count
from inspections.coverage import coverage_between, rules_in_force
from inspections.document_kinds import DECISIONS
from inspections.models import Document, PlannedVisit, Visit
from units.models import Region
from units.rules import rules_for


@dataclass(frozen=True, slots=True)
class Line:
    """One item: its full points, how it is counted, and what was counted. `whole` 0 means that there was nothing to do."""

    label: str
    points: int
    formula: str
    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        return round(self.part * 100 / self.whole, 1) if self.whole else None

    @property
    def score(self) -> float | None:
        return round(self.points * self.part / self.whole, 1) if self.whole else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The items of one county. The total is scaled to the items that there was something to do of."""

    region: Region
    lines: list[Line]

    @property
    def total(self) -> float | None:
        scored = [(line.score, line.points) for line in self.lines if line.score is not None]
        points = sum(points for _, points in scored)
        return round(sum(score for score, _ in scored) * 100 / points, 1) if points else None


def sheets_of(region: Region, period: Period, today: dt.date) -> list[Sheet]:
    """The sheet of each county of a region that plans or inspects."""
    seen = Visit.objects.filter(region__code__startswith=region.prefix).values("region")
    rows = Region.objects.filter(Q(pk__in=seen) | Q(pk=region.pk), code__startswith=region.prefix).order_by("code")
    return [sheet_of(one, period, today) for one in rows if one.level == "county"]


def sheet_of(region: Region, period: Period, today: dt.date) -> Sheet:
    points = rules_for(region)
    until = min(period.until, today)
    finished = Visit.objects.filter(planned=OuterRef("pk"), state="finished", begun_on__lte=period.until)
    planned = PlannedVisit.objects.filter(region=region, state="planned", due_on__range=(period.since, until)).annotate(
        done=Exists(finished)
    )
    kept, asked = 0, 0
    for rule in rules_in_force(region.prefix, period.since.year):
        one = coverage_between(rule, period.since, min(until, today - dt.timedelta(days=1)))
        kept, asked = kept + one[0], asked + one[1]
    owed = Hazard.objects.on_record().filter(
        finding__visit__region=region, finding__visit__state="finished",
        finding__visit__begun_on__range=(period.since, period.until), due_on__lte=until,
    )  # fmt: skip
    issued = Document.objects.in_force().filter(region=region, issued_on__range=(period.since, period.until))
    published = Document.objects.in_force().filter(
        region=region, kind__in=DECISIONS, publish_by__range=(period.since, until)
    )
    _, total = count(period, region, "region")
    fined = any(total.values.get(key) for key in FINED)
    return Sheet(
        region,
        [
            Line("计划检查完成率", points["score_planned"], "期内到期、已完成的计划检查÷期内到期的计划检查",
                 planned.filter(done=True).count(), planned.count()),
            Line("检查覆盖率", points["score_coverage"], "各项覆盖要求期内结束、查够的矿次÷应查的矿次", kept, asked),
            Line("检查发现隐患整改率", points["score_rectified"], "期内检查发现、已到整改期限的隐患中已销号的÷已到期限的",
                 owed.filter(state=Hazard.State.CLOSED).count(), owed.count()),
            Line("执法文书归档率", points["score_filed"], "期内签发、签字扫描件已归档的文书÷期内签发的文书",
                 issued.filter(state=Document.State.CLOSED).count(), issued.count()),
            Line("行政处罚按期公示率", points["score_published"], "应公示日期在期内、按期公示的处罚决定÷应公示的",
                 published.filter(published_on__lte=F("publish_by")).count(), published.count()),
            Line("没有“零处罚”", points["score_punished"], "期内有检查的，有行政处罚得满分，没有不得分",
                 int(fined), int(bool(total.values.get("visits")))),
        ],
    )  # fmt: skip


def write_sheet(sheets: list[Sheet], title: str) -> IO[bytes]:
    """The sheets as one .xlsx table, with empty columns for the points that people decide and their remarks."""
    columns = [
        Column("region", "县（市、区）", width=14), Column("label", "考评项目", width=22),
        Column("points", "分值", Kind.INTEGER, width=8), Column("formula", "计算方法", width=44),
        Column("part", "分子", Kind.INTEGER, width=8), Column("whole", "分母", Kind.INTEGER, width=8),
        Column("rate", "比率（%）", Kind.DECIMAL, width=10), Column("score", "系统计分", Kind.DECIMAL, width=10),
        Column("decided", "核定得分", Kind.DECIMAL, width=10), Column("remark", "扣分理由", width=24),
    ]  # fmt: skip
    rows = [
        *(
            {"region": sheet.region.name, "label": line.label, "points": line.points, "formula": line.formula,
             "part": line.part, "whole": line.whole, "rate": line.rate, "score": line.score}
            for sheet in sheets
            for line in sheet.lines
        ),
        *({"region": sheet.region.name, "label": "合计（折算为百分制）", "score": sheet.total} for sheet in sheets),
    ]  # fmt: skip
    target = io.BytesIO()
    write_rows(target, columns, rows, title=title, sheet="季度考评")
    target.seek(0)
    return target


def scoring_letter(sheets: list[Sheet], title: str, organ: str) -> Letter:
    """The same on paper, a table for each county."""
    body: list[Heading | Paragraph | LetterTable] = []
    for sheet in sheets:
        rows = [
            [line.label, str(line.points), line.formula, f"{line.part}/{line.whole}" if line.whole else "—",
             f"{line.score:g}" if line.score is not None else "—", ""]
            for line in sheet.lines
        ]  # fmt: skip
        total = f"{sheet.total:g}" if sheet.total is not None else "—"
        body += [
            Heading(sheet.region.name),
            LetterTable(
                [*rows, ["合计（百分制）", "100", "有内容可考评的项目折算", "", total, ""]],
                head=["考评项目", "分值", "计算方法", "完成", "系统计分", "核定得分"], shares=[4, 2, 7, 2, 2, 2],
            ),
        ]  # fmt: skip
    body.append(Paragraph("没有应办事项的项目不计分，合计按其余项目折算。核定得分由考评人员填写。"))
    return Letter(organ=organ, number="", title=title, to="", body=body, signers=["考评人（签名）："], date=None)
