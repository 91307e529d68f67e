"""The periods whose reports a bureau puts together, and how their reports stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from tasks.models import ProgressReport, ReportingRule
from units.models import User


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One period of a rule with how its reports stand."""

    rule: ReportingRule
    period: str
    label: str
    ends: dt.date
    due_on: dt.date
    asked: int
    accepted: int
    waiting: int
    missing: int


def consolidated_periods(user: User) -> list[PeriodRow]:
    """Every period for which the user may consolidate reports, the latest first (two queries)."""
    today = timezone.localdate()
    first = Q(version=1)
    rows = (
        ProgressReport.objects.filter(rule__in=rules_of(user))
        .in_force()
        .order_by("-ends", "rule")
        .values("rule", "period", "label", "ends", "due_on")
        .annotate(
            asked=Count("pk", first),
            accepted=Count("pk", first & Q(state="accepted")),
            waiting=Count("pk", first & Q(state="submitted")),
            missing=Count("pk", first & Q(state__in=ProgressReport.OWED, due_on__lt=today)),
        )
    )
    rules = {rule.pk: rule for rule in rules_of(user).select_related("campaign", "group", "receiver")}
    return [PeriodRow(**{**row, "rule": rules[row["rule"]]}) for row in rows]


def rules_of(user: User) -> Any:
    """The rules of the region whose reports the user reads."""
    reach = user.reach
    if not user.reads_region or reach.region is None:
        return ReportingRule.objects.none()
    return ReportingRule.objects.visible_to(user).filter(campaign__region__code__startswith=reach.region)
