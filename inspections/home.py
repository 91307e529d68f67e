"""What waits for inspectors on the first page."""

from __future__ import annotations

import datetime as dt

from django.db.models import DateField, IntegerField, Q, Value
from django.urls import reverse
from django.utils import timezone

from inspections.coverage import lacking, rules_in_force, span_of
from inspections.models import Clue, CoverageRule, PlannedVisit, Visit
from inspections.relations import may_inspect
from tasks.home import Panel
from units.models import Unit, User

SHORT = (CoverageRule.Period.WEEK, CoverageRule.Period.MONTH)
"""Periods whose gaps are told on the first page; longer ones stand in the matrix."""


def home_panels(user: User) -> list[Panel]:
    """The mines that the user's groups have not visited, planned visits, and visits that are not finished."""
    if not may_inspect(user):
        return clue_panels(user)
    today = timezone.localdate()
    running = Visit.objects.visible_to(user).filter(state=Visit.State.RUNNING).select_related("mine")
    own = Q(planned_by=user) | Q(group__members=user)
    planned = PlannedVisit.objects.filter(
        pk__in=PlannedVisit.objects.visible_to(user).open().filter(own, begins_on__lte=today).values("pk")
    ).select_related("mine")
    return [
        *group_panels(user, today),
        Panel(
            "planned-visits", "安排的检查", planned.order_by("due_on", "pk"),
            reverse("inspections:planned") + "?heap=planned-visits", "inspections/home_planned.html",
        ),
        Panel(
            "visits", "没有完成的检查", running.order_by("begun_on", "pk"),
            reverse("inspections:visits") + "?state=running", "inspections/home_row.html",
        ),
    ]  # fmt: skip


def clue_panels(user: User) -> list[Panel]:
    """The clues that wait for the answer of a department (one query)."""
    if not user.reports or user.unit is None or user.unit.kind != Unit.Kind.DEPARTMENT:
        return []
    rows = Clue.objects.visible_to(user).waiting().filter(receiver=user.unit_id)
    address = reverse("inspections:clues") + "?heap=clues"
    return [Panel("clues", "收到的线索移送", rows.order_by("answer_by", "pk"), address, "inspections/home_clue.html")]


def group_panels(user: User, today: dt.date) -> list[Panel]:
    """For each rule of the user's groups the mines that it still wants visited in its period (one query)."""
    assert user.unit is not None
    titles = {"week": "本周还没有检查的矿山", "month": "本月还没有检查的矿山"}
    rules = rules_in_force(user.unit.region.prefix, today.year, group__members=user, period__in=SHORT)
    panels = []
    for rule in rules:
        known = {
            "rule": Value(str(rule)),
            "until": Value(span_of(rule.period, today)[1], DateField()),
            "in_group": Value(rule.group_id, IntegerField()),
        }
        mines = lacking(rule, today).annotate(**known).order_by("sort_key", "pk")
        panels.append(
            Panel(f"unvisited-{rule.pk}", titles[rule.period], mines, reverse("inspections:unvisited"),
                  "inspections/home_unvisited.html")
        )  # fmt: skip
    return panels
