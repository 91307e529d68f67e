"""What the bureau asks of units each period, and the reports that follow from it, made ahead of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.db.models import DateField, Min, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from common.errors import NotAllowed, Refused
from common.history import record, snapshot
from tasks.models import Assignment, Campaign, ProgressReport, ReportingRule
from tasks.services.due_items import Period, periods
from units.models import Unit, User

CHUNK = 500
FIELDS = (
    "kind",
    "title",
    "group",
    "receiver",
    "due_day",
    "months_after",
    "on_day_off",
    "opens_days",
    "begins_on",
    "ends_on",
    "source",
)


def check_may_set_rules(by: User, campaign: Campaign) -> None:
    if "reviewer" not in campaign.relations_of(by):
        raise NotAllowed("报送规则由本地区应急管理局的工作人员设定。")
    if campaign.state != Campaign.State.ACTIVE:
        raise Refused("这个行动已经结束，不再设定报送规则。")


@transaction.atomic
def set_reporting_rule(
    *, by: User, campaign: Campaign, rule: ReportingRule | None = None, today: dt.date | None = None, **values: Any
) -> ReportingRule:
    """Set a new rule, or change `rule`: then the last days of reports that were not handed in follow it.

    `values` are fields of FIELDS; what is left out keeps its default or present value. Reports that are open by now
    are made at once. Raises Refused for a rule without any period.
    """
    check_may_set_rules(by, campaign)
    before = snapshot(rule, FIELDS) if rule else None
    if rule is not None and values.get("kind", rule.kind) != rule.kind and rule.reports.exists():
        raise Refused("已经按这条规则建立过报告，不能改种类。请停用后另设一条。", fields={"kind": ["不能再改种类。"]})
    rule = rule or ReportingRule(campaign=campaign, created_by=by)
    for name, value in values.items():
        if name not in FIELDS:
            raise TypeError(f"{name} is no field of a rule")
        setattr(rule, name, value)
    faults: dict[str, list[str]] = {}
    if rule.ends_on and rule.ends_on < rule.begins_on:
        faults["ends_on"] = ["截止日期不能早于起始日期。"]
    if rule.kind == ReportingRule.Kind.STAGE and not campaign.stages.filter(end__isnull=False).exists():
        faults["kind"] = ["这个行动的方案没有写明各阶段的起止日期，不能按阶段报送。"]
    if rule.kind == ReportingRule.Kind.SUMMARY and campaign.end is None:
        faults["kind"] = ["这个行动没有结束日期，不能设行动总结。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    rule.save()
    if before is None:
        record("reportingrule.set", rule, by=by, after=snapshot(rule, FIELDS))
    else:
        record("reportingrule.changed", rule, by=by, before=before, after=snapshot(rule, FIELDS))
        for report in rule.reports.filter(state__in=ProgressReport.OWED, first_submitted_at=None):
            due_on = rule.due_for(report.ends)
            if due_on != report.due_on:
                ProgressReport.objects.filter(pk=report.pk).update(due_on=due_on)
    create_reports_of(rule, today=today)
    return rule


def periods_of(rule: ReportingRule, last: dt.date) -> Iterator[tuple[Period, str]]:
    """Yield the periods of a rule that begin by `last`, each with its name for people.

    They begin with the one that holds the rule's first day and end with the rule or the campaign.
    """
    campaign = rule.campaign
    if rule.kind == ReportingRule.Kind.SUMMARY:
        if campaign.end:
            yield Period("summary", campaign.start or rule.begins_on, campaign.end), "行动总体"
        return
    if rule.kind == ReportingRule.Kind.STAGE:
        for stage in campaign.stages.filter(end__isnull=False, end__gte=rule.begins_on):
            start = stage.start or campaign.start or rule.begins_on
            if stage.end and start <= last:
                yield Period(f"stage-{stage.position}", start, stage.end), stage.name
        return
    until = min(day for day in (last, rule.ends_on, campaign.end) if day)
    for period in periods(rule.kind, rule.begins_on, until):
        yield period, period_in_words(rule.kind, period)


def period_in_words(kind: str, period: Period) -> str:
    year, month = period.start.year, period.start.month
    if kind == ReportingRule.Kind.MONTH:
        return f"{year}年{month}月"
    if kind == ReportingRule.Kind.QUARTER:
        return f"{year}年第{'一二三四'[(month - 1) // 3]}季度"
    if kind == ReportingRule.Kind.HALF_YEAR:
        return f"{year}年{'上' if month == 1 else '下'}半年"
    return f"{year}年"


def reporting_units(rule: ReportingRule) -> models.QuerySet[Unit]:
    """The units that report under a rule today: the members of its group, else all that owe something in the campaign."""
    if rule.group is not None:
        return rule.group.members()
    owed = Assignment.objects.filter(campaign=rule.campaign_id, withdrawn_on=None).order_by().values("unit")
    return Unit.objects.filter(pk__in=owed, is_active=True).exclude(pk=rule.receiver_id)


def create_reports_of(rule: ReportingRule, *, today: dt.date | None = None) -> int:
    """Make the reports of one rule that are open for writing by now, and answer how many were new."""
    today = today or timezone.localdate()
    wanted = []
    for period, label in periods_of(rule, today):
        due_on = rule.due_for(period.end)
        if due_on - dt.timedelta(days=rule.opens_days) <= today:
            wanted.append((period, label, due_on))
    if not wanted:
        return 0
    owed_since = Min("assignments__begins_on", filter=Q(assignments__campaign=rule.campaign_id))
    reports_since = Min("reports__starts", filter=Q(reports__rule=rule))
    units = (
        reporting_units(rule).order_by().annotate(since=Coalesce(owed_since, reports_since, Value(today, DateField())))
    )
    have = set(rule.reports.values_list("unit", "period"))
    rows = [
        ProgressReport(
            rule=rule,
            campaign_id=rule.campaign_id,
            region_id=rule.campaign.region_id,
            unit_id=unit,
            period=period.name,
            label=label,
            starts=period.start,
            ends=period.end,
            due_on=due_on,
        )
        for period, label, due_on in wanted
        for unit, since in units.values_list("pk", "since")
        # A unit that came in later owes nothing for the time before it.
        if (unit, period.name) not in have and since <= max(period.end, due_on)
    ]
    ProgressReport.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def create_reports(*, today: dt.date | None = None) -> int:
    """The nightly job: make the reports that are open for writing by now; a second run makes none."""
    rules = ReportingRule.objects.in_force().for_list()
    return sum(create_reports_of(rule, today=today) for rule in rules)
