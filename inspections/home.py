"""What waits for inspectors on the first page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from inspections.coverage import lacking, rules_in_force, span_of
from inspections.models import CoverageRule, PlannedVisit, Visit
from inspections.relations import may_inspect
from tasks.home import Panel, some
from units.models import Unit, User

SHORT = (CoverageRule.Period.WEEK, CoverageRule.Period.MONTH)
"""Periods whose gaps are told on the first page; longer ones stand in the matrix."""


@dataclass(frozen=True)
class Unvisited:
    """A mine that one of the user's groups has still to visit."""

    mine: Unit
    rule: CoverageRule
    until: dt.date


def home_panels(user: User) -> list[Panel]:
    """The mines that the user's groups have not visited, planned visits, and visits that are not finished."""
    if not may_inspect(user):
        return []
    today = timezone.localdate()
    running = Visit.objects.visible_to(user).filter(state=Visit.State.RUNNING).select_related("mine")
    own = Q(planned_by=user) | Q(group__members=user)
    planned = PlannedVisit.objects.filter(
        pk__in=PlannedVisit.objects.visible_to(user).open().filter(own, begins_on__lte=today).values("pk")
    ).select_related("mine")
    return [
        *group_panels(user, today),
        Panel(
            "planned-visits", "安排的检查", some(planned.order_by("due_on", "pk")),
            reverse("inspections:planned") + "?result=open", "inspections/home_planned.html",
        ),
        Panel(
            "visits", "没有完成的检查", some(running.order_by("begun_on", "pk")),
            reverse("inspections:visits") + "?state=running", "inspections/home_row.html",
        ),
    ]  # fmt: skip


def group_panels(user: User, today: dt.date) -> list[Panel]:
    """For each period the mines that the user's groups have still to visit in it (a query, and one for each rule)."""
    assert user.unit is not None
    rules = rules_in_force(user.unit.region.prefix, today.year, group__members=user, period__in=SHORT)
    heaps: dict[str, list[Unvisited]] = {}
    for rule in rules:
        until = span_of(rule.period, today)[1]
        found = some(lacking(rule, today).order_by("sort_key", "pk"))
        heaps.setdefault(rule.period, []).extend(Unvisited(mine, rule, until) for mine in found)
    titles = {"week": "本周还没有检查的矿山", "month": "本月还没有检查的矿山"}
    return [
        Panel(f"unvisited-{period}", titles[period], rows, reverse("inspections:unvisited"),
              "inspections/home_unvisited.html")
        for period, rows in heaps.items()
    ]  # fmt: skip
