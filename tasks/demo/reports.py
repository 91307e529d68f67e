"""Monthly reports of the demo county: two months on file, the present one on its way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from common.history import record
from tasks.demo.county import BUREAU, County
from tasks.demo.dice import Dice
from tasks.models import Assignment, Campaign, ProgressReport, ReportEntry, ReportFigure, ReportingRule
from tasks.report_figures import figures_of
from tasks.reporting import Sheet, token
from tasks.services.reporting_rules import create_reports_of, periods_of, reporting_units, set_reporting_rule
from tasks.services.reports import (
    Answers,
    LineAnswer,
    WordsAnswer,
    decide_report,
    move_report,
    save_report,
    sign_report,
)
from units.models import Role, Unit, UnitGroup, User

PLAN = "plan_001"
MONTHS_BACK = 2
MISSED = 3
"""Units that owe the report of the last month."""
PRESENT = ("accepted", "submitted", "submitted", "returned", "submitted", "draft", "signed", "submitted")
"""How far the first units have come with the present month; the others have not begun."""
PRESENT_OF_MINES = ("draft", "submitted", "signed", "submitted", "returned", "submitted", "accepted")
WORDS = {
    "progress": "本月按方案要求组织自查自改，召开专题会议部署，对重点部位逐一检查，问题隐患建账销号。",
    "problems": "个别设备更换周期较长，整改资金拨付偏慢。",
    "plans": "下月继续开展重点检查，督促未销号隐患按期整改，做好冬季安全防范。",
}
LINES = (
    "已按要求开展，完成自查{n}处，发现问题{m}项，整改{k}项。",
    "召开专题会议{k}次，组织培训{m}人，台账已更新。",
    "正在推进，已完成{n}项中的{k}项，其余按计划实施。",
)
RETURNED = "没有写明检查数量和整改结果，请逐项补充。"


def load_reports(county: County, campaigns: dict[str, Campaign]) -> None:
    """Set two monthly rules of the campaign that still runs and play their reports; figures come from all registers."""
    play_rule(county, campaigns[PLAN], "月度进展和任务清单进度", None, PRESENT)
    play_rule(county, campaigns[PLAN], "矿山隐患排查治理月报表", county.groups["mines"], PRESENT_OF_MINES)


def play_rule(
    county: County, campaign: Campaign, title: str, group: UnitGroup | None, present_states: Sequence[str]
) -> None:
    staff = county.staff
    today = min(timezone.localdate(), campaign.end or timezone.localdate())
    first = today.replace(day=1)
    for _ in range(MONTHS_BACK):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    rule = set_reporting_rule(
        by=staff[0],
        campaign=campaign,
        receiver=county.units[BUREAU],
        title=title,
        group=group,
        begins_on=first,
        opens_days=27,
        source="每月28日前报送当月进展情况、月报表和任务清单进度。",
    )
    rule.reports.all().delete()
    units = list(reporting_units(rule).order_by("pk"))
    reporters = [unit for unit in units if unit.pk in county.speakers]
    past, present = split(rule, today)
    for number, (period, label) in enumerate(past):
        missing = {unit.pk for unit in reporters[-MISSED:]} if number == len(past) - 1 else set()
        lay_down(rule, period, label, [unit for unit in reporters if unit.pk not in missing], county, staff[-1])
    create_reports_of(rule)
    for unit, state in zip(reporters, present_states if present else (), strict=False):
        report = rule.reports.select_related("unit", "campaign", "rule").filter(unit=unit, period=present).first()
        if report is not None:
            play(report, state, county)


def split(rule: ReportingRule, today: dt.date) -> tuple[list[tuple[Any, str]], str]:
    """The periods that are over, and the name of the present one."""
    periods = list(periods_of(rule, today))
    past = [(period, label) for period, label in periods if period.end < today]
    return past[-MONTHS_BACK:], periods[-1][0].name if periods and periods[-1][0].end >= today else ""


def lay_down(rule: ReportingRule, period: Any, label: str, units: list[Unit], county: County, reviewer: User) -> None:
    """Write accepted reports of a past month in bulk, with the days on which they would have come."""
    due_on = rule.due_for(period.end)
    reports = []
    for unit in units:
        dice, speaker = Dice("report", period.name, unit.name), county.speakers[unit.pk]
        day = due_on + dt.timedelta(
            days=dice.number("late", 1, 4) if dice.number("is late", 0, 9) == 0 else -dice.number("early", 0, 6)
        )
        at = timezone.make_aware(
            dt.datetime.combine(min(day, timezone.localdate()), dt.time(9 + dice.number("hour", 0, 7)))
        )
        reports.append(
            ProgressReport(
                rule=rule, campaign=rule.campaign, region_id=rule.campaign.region_id, unit=unit,
                period=period.name, label=label, starts=period.start, ends=period.end, due_on=due_on,
                state=ProgressReport.State.ACCEPTED, edited_by=speaker, edited_at=at, signed_by=speaker,
                signed_for=head_of(unit, speaker), signed_at=at, submitted_by=speaker, submitted_at=at,
                first_submitted_at=at, decided_by=reviewer, decided_at=min(at + dt.timedelta(days=1), timezone.now()),
                returned_count=1 if dice.number("returned", 0, 7) == 0 else 0, **WORDS,
            )
        )  # fmt: skip
    ProgressReport.objects.bulk_create(reports)
    owed: dict[int, list[Assignment]] = {}
    for row in Assignment.objects.filter(campaign=rule.campaign, withdrawn_on=None).select_related("task"):
        owed.setdefault(row.unit_id, []).append(row)
    entries, figures = [], []
    for report in reports:
        for row in owed.get(report.unit_id, []):
            state, percent, text = said(row, period.name)
            entries.append(ReportEntry(report=report, assignment=row, state=state, percent=percent, text=text))
        for position, figure in enumerate(figures_of(report)):
            figures.append(
                ReportFigure(
                    report=report, position=position, key=figure.key, label=figure.label,
                    computed=figure.value, stated=figure.value,
                )
            )  # fmt: skip
    ReportEntry.objects.bulk_create(entries, batch_size=500)
    ReportFigure.objects.bulk_create(figures, batch_size=500)
    for report in reports:
        record("progressreport.past_loaded", report, by=reviewer, note="演示数据：以往的月报成批装入，日期为推算。")


def said(row: Assignment, period: str) -> tuple[str, int, str]:
    dice = Dice("line", period, row.pk)
    numbers = {"n": dice.number("n", 6, 20), "m": dice.number("m", 3, 30), "k": dice.number("k", 1, 5)}
    return ReportEntry.State.IN_PROGRESS, row.percent, dice.pick("words", list(LINES)).format(**numbers)


def head_of(unit: Unit, speaker: User) -> str:
    head = User.objects.filter(unit=unit, role=Role.MINE_HEAD).first()
    return (head or speaker).name


def play(report: ProgressReport, state: str, county: County) -> None:
    """Bring the report of the present month to a state through the services, by the people whose turn it is."""
    speaker = county.speakers[report.unit_id]
    lines = {}
    for line in Sheet(report).lines:
        new_state, _, text = said(line.assignment, report.period)
        lines[line.pk] = LineAnswer(new_state, line.percent, line.text or text, line.token)
    words = {name: WordsAnswer(text, token("")) for name, text in WORDS.items()}
    save_report(by=speaker, report=report, answers=Answers(words, lines))
    if state == "draft":
        return
    signer = User.objects.filter(unit=report.unit, role=Role.MINE_HEAD).first() or speaker
    sign_report(by=signer, report=report, signed_for=signer.name)
    if state == "signed":
        return
    move_report(by=speaker, report=report, action="submit")
    reviewer = next(one for one in county.staff if one.pk != speaker.pk)
    if state == "accepted":
        decide_report(by=reviewer, report=report, action="accept")
    elif state == "returned":
        first = next(iter(lines), None)
        marks = {f"line-{first}": RETURNED} if first else {}
        decide_report(by=reviewer, report=report, action="return", note="部分任务写得太笼统。", remarks=marks)
