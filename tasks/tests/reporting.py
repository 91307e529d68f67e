"""Reports for tests: a campaign with a monthly rule, and a report brought to any state."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tasks.models import Campaign, ProgressReport, ReportingRule
from tasks.reporting import Sheet, token
from tasks.services.campaigns import create_campaign
from tasks.services.reporting_rules import set_reporting_rule
from tasks.services.reports import (
    Answers,
    LineAnswer,
    WordsAnswer,
    decide_report,
    move_report,
    save_report,
    sign_report,
)
from tasks.tests.plans import small_matches, small_plan
from units.models import Unit, User

ON_THE_20TH = dt.datetime(2026, 2, 20, 1, 0, tzinfo=dt.UTC)


def small_campaign(county: Any, by: User) -> Campaign:
    return create_campaign(by=by, region=county.region, plan=small_plan(), matches=small_matches(county))


def monthly(campaign: Campaign, county: Any, by: User, **more: Any) -> ReportingRule:
    values = {"receiver": county.bureau, "title": "月度总结", "begins_on": dt.date(2026, 2, 1)} | more
    return set_reporting_rule(by=by, campaign=campaign, **values)


def report_of(unit: Unit, **which: Any) -> ProgressReport:
    rows = ProgressReport.objects.select_related("rule", "unit", "campaign", "replaces")
    found: ProgressReport = rows.get(unit=unit, **which)
    return found


def filled(
    report: ProgressReport, by: User, text: str = "已按要求办理。", percent: int = 40, state: str = "in_progress"
) -> None:
    """Write every place of a report."""
    lines = {line.pk: LineAnswer(state, percent, text, line.token) for line in Sheet(report).lines}
    words = {"progress": WordsAnswer("本月正常推进。", token(report.progress))}
    save_report(by=by, report=report, answers=Answers(words, lines))


def handed_in(report: ProgressReport, by: User, signer: User | None = None, **how: Any) -> ProgressReport:
    filled(report, by, **how)
    report.refresh_from_db()
    sign_report(by=signer or by, report=report, signed_for="主要负责人")
    return move_report(by=by, report=report, action="submit")


def accepted(report: ProgressReport, by: User, reviewer: User, **how: Any) -> ProgressReport:
    return decide_report(by=reviewer, report=handed_in(report, by, **how), action="accept")
