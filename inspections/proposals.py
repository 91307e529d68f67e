"""Which mines to visit next week: by what is wrong with them, and by how long nobody has been there."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Max, Q
from django.db.models.functions import Greatest

from hazards.models import Hazard, Level, Risk
from hazards.querysets import OPEN_STATES
from inspections.coverage import lacking, monday_of, rules_in_force
from inspections.models import PlannedVisit, Visit
from units.models import Region, Unit
from units.rules import rules_for

WEAK_GRADES = ("3", "none")


@dataclass(slots=True)
class Proposal:
    """A mine with its points and the sentences that they come from."""

    mine: Unit
    last_visit: dt.date | None
    planned: PlannedVisit | None
    points: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, points: int, count: int, words: str) -> None:
        if points and count:
            self.points += points * count
            self.reasons.append(words)

    @property
    def reason(self) -> str:
        return "；".join(self.reasons)


def next_week(today: dt.date) -> tuple[dt.date, dt.date]:
    monday = monday_of(today) + dt.timedelta(days=7)
    return monday, monday + dt.timedelta(days=6)


def proposals_for(region: Region, today: dt.date) -> list[Proposal]:
    """Every mine of a region with its points for next week, the most pressing first.

    A handful of queries, each over the whole region, and one for each coverage rule in force. The points of each fact
    are rules (`proposal_…` in inspections/rules.py).
    """
    points = rules_for(region)
    begins_on, ends_on = next_week(today)
    mines = list(
        Unit.objects.filter(kind=Unit.Kind.MINE, is_active=True, region__code__startswith=region.prefix)
        .exclude(mine__state="closed")
        .select_related("mine")
    )
    visited = dict(
        Visit.objects.filter(mine__region__code__startswith=region.prefix)
        .exclude(state=Visit.State.VOID)
        .order_by()
        .values_list("mine")
        .annotate(last=Max(Greatest("begun_on", "ended_on")))
    )
    planned = {
        one.mine_id: one
        for one in PlannedVisit.objects.open().filter(
            mine__region__code__startswith=region.prefix, begins_on__lte=ends_on, due_on__gte=begins_on
        )
    }
    wrong = _hazards(region, today)
    risky = _risks(region)
    gaps = _gaps(region, begins_on, today.year)
    made = []
    for mine in mines:
        one = Proposal(mine, visited.get(mine.pk), planned.get(mine.pk))
        lacks = gaps.get(mine.pk, [])
        one.add(points["proposal_gap"], len(lacks), f"尚缺{'、'.join(lacks)}")
        major, overdue, returned = wrong.get(mine.pk, (0, 0, 0))
        one.add(points["proposal_major"], major, f"未销号重大隐患{major}条")
        one.add(points["proposal_overdue"], overdue, f"逾期隐患{overdue}条")
        one.add(points["proposal_returned"], returned, f"复查退回过的隐患{returned}条")
        red, orange = risky.get(mine.pk, (0, 0))
        one.add(points["proposal_red"], red, f"红色风险{red}处")
        one.add(points["proposal_orange"], orange, f"橙色风险{orange}处")
        file = getattr(mine, "mine", None)
        if file is not None and file.grade in WEAK_GRADES:
            one.add(points["proposal_grade"], 1, f"标准化{file.get_grade_display()}")
        weeks = (today - one.last_visit).days // 7 if one.last_visit else points["proposal_weeks"]
        words = f"{weeks}周没有检查" if one.last_visit else "系统中还没有检查记录"
        one.add(points["proposal_week"], min(weeks, points["proposal_weeks"]), words)
        made.append(one)
    return sorted(made, key=lambda one: (-one.points, one.mine.sort_key, one.mine.pk))


def _hazards(region: Region, today: dt.date) -> dict[int, tuple[int, int, int]]:
    """For each mine its open major hazards, those that are late, and those that were given back (one query)."""
    rows = (
        Hazard.objects.on_record()
        .exclude(state=Hazard.State.CLOSED)
        .filter(region__code__startswith=region.prefix)
        .order_by()
        .values_list("mine")
        .annotate(
            major=Count("pk", Q(level=Level.MAJOR)),
            late=Count("pk", Q(due_on__lt=today, state__in=OPEN_STATES)),
            returned=Count("pk", Q(returned_count__gt=0)),
        )
    )
    return {mine: (major, late, returned) for mine, major, late, returned in rows}


def _risks(region: Region) -> dict[int, tuple[int, int]]:
    """For each mine its red and orange risks in force (one query)."""
    rows = (
        Risk.objects.in_force()
        .filter(region__code__startswith=region.prefix)
        .order_by()
        .values_list("area__mine")
        .annotate(red=Count("pk", Q(level=Risk.Level.MAJOR)), orange=Count("pk", Q(level=Risk.Level.LARGER)))
    )
    return {mine: (red, orange) for mine, red, orange in rows}


def _gaps(region: Region, day: dt.date, year: int) -> dict[int, list[str]]:
    """For each mine what this year's rules still want in the period of next week (one query for each rule)."""
    found: dict[int, list[str]] = defaultdict(list)
    for rule in rules_in_force(region.prefix, year):
        label = f"{rule.get_period_display()}{'全面' if rule.full else ''}检查"
        for mine in lacking(rule, day).values_list("pk", flat=True):
            found[mine].append(label)
    return found
