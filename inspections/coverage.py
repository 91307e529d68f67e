"""Which mines a plan's rules want visited, which were, and what is missing: one period, or a whole year of weeks."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from inspections.models import CoverageRule, Visit
from units.models import Unit

Span = tuple[dt.date, dt.date]
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def span_of(period: str, day: dt.date) -> Span:
    """First and last day of the week, month, quarter, half-year or year in which a day lies."""
    if period == CoverageRule.Period.WEEK:
        return monday_of(day), monday_of(day) + WEEK - DAY
    length = MONTHS[period]
    first = dt.date(day.year, (day.month - 1) // length * length + 1, 1)
    after = first.month + length
    return first, dt.date(first.year + (after > 12), (after - 1) % 12 + 1, 1) - DAY


def weeks_of(year: int) -> list[dt.date]:
    """The Mondays of a year's weeks (ISO 8601: a week belongs to the year in which its Thursday lies)."""
    first = monday_of(dt.date(year, 1, 4))
    end = monday_of(dt.date(year + 1, 1, 4))
    return [first + index * WEEK for index in range((end - first).days // 7)]


def mines_of(rule: CoverageRule) -> QuerySet[Unit]:
    """The mines that a rule speaks of: in use, not closed, of its group and of its types."""
    rows: QuerySet[Unit] = Unit.objects.filter(
        kind=Unit.Kind.MINE, is_active=True, region__code__startswith=rule.plan.region.prefix
    ).exclude(mine__state="closed")
    if rule.group_id is not None:
        rows = rows.filter(patrol_groups=rule.group_id)
    return rows.filter(mine__mine_type__in=rule.mine_types) if rule.mine_types else rows


def visits_for(rule: CoverageRule, since: dt.date, until: dt.date) -> QuerySet[Visit]:
    """The finished visits that count for a rule, by the day on which they began."""
    rows: QuerySet[Visit] = Visit.objects.filter(
        state=Visit.State.FINISHED, begun_on__range=(since, until), region_id=rule.plan.region_id
    )
    if rule.group_id is not None:
        rows = rows.filter(group=rule.group_id)
    if rule.kinds:
        rows = rows.filter(kind__in=rule.kinds)
    return rows.filter(is_full=True) if rule.full else rows


def lacking(rule: CoverageRule, day: dt.date) -> QuerySet[Unit]:
    """The mines that a rule still wants visited in the period of a day (one query)."""
    since, until = span_of(rule.period, day)
    made = visits_for(rule, since, until).filter(mine=OuterRef("pk")).order_by().values("mine")
    count = Coalesce(Subquery(made.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
    return mines_of(rule).annotate(made=count).filter(made__lt=rule.times)


@dataclass(frozen=True, slots=True)
class Week:
    """One column of the matrix."""

    monday: dt.date
    number: int
    month: int
    """The month, in the first week of it; otherwise 0."""
    is_now: bool


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One mine: for each week what is to be read there, and how many of the periods that are over were kept.

    A cell is the number of visits, or `gap` (the period ended without enough), `open` (it still runs), or "" where
    nothing is asked.
    """

    mine: Unit
    cells: list[int | str]
    kept: int
    asked: int

    @property
    def missed(self) -> int:
        return self.asked - self.kept


@dataclass(frozen=True, slots=True)
class Matrix:
    rule: CoverageRule
    weeks: list[Week]
    rows: list[MatrixRow]

    @property
    def kept(self) -> int:
        return sum(row.kept for row in self.rows)

    @property
    def asked(self) -> int:
        return sum(row.asked for row in self.rows)

    @property
    def rate(self) -> int | None:
        """Percent of all periods that are over, rounded down so that 100 means all."""
        return self.kept * 100 // self.asked if self.asked else None


def matrix_of(rule: CoverageRule, mines: Iterable[Unit], today: dt.date) -> Matrix:
    """The weeks of a rule's year from the plan's first day on, for these mines (one query, however many mines)."""
    year = rule.plan.year
    mondays = [monday for monday in weeks_of(year) if monday + WEEK > rule.plan.begins_on]
    last_week = weeks_of(year)[-1]
    first, last = min(weeks_of(year)[0], dt.date(year, 1, 1)), max(last_week + WEEK - DAY, dt.date(year, 12, 31))
    days: dict[int, list[dt.date]] = defaultdict(list)
    for mine, day in visits_for(rule, first, last).order_by().values_list("mine_id", "begun_on"):
        days[mine].append(day)
    spans = [span_of(rule.period, monday + 3 * DAY) for monday in mondays]
    wanted = {span for span in spans if span[0] >= rule.plan.begins_on or span[0] <= rule.plan.begins_on <= span[1]}
    over = {span for span in wanted if span[1] < today}
    months = [(monday + 3 * DAY).month for monday in mondays]
    weeks = [
        Week(
            monday, (monday + 3 * DAY).isocalendar().week,
            month if index == 0 or months[index - 1] != month else 0, monday == monday_of(today),
        )
        for index, (monday, month) in enumerate(zip(mondays, months, strict=True))
    ]  # fmt: skip
    blank = [_blank(span, monday, wanted, over, today) for span, monday in zip(spans, mondays, strict=True)]
    rows = [_row(rule, mine, days.get(mine.pk, ()), mondays, spans, blank, over) for mine in mines]
    return Matrix(rule, weeks, rows)


def coverage_between(rule: CoverageRule, since: dt.date, until: dt.date) -> tuple[int, int]:
    """How many mine-periods of a rule that ended between two days were kept, and how many there were (two queries)."""
    spans = set()
    day = since
    while day <= until:
        span = span_of(rule.period, day)
        if since <= span[1] <= until and span[1] >= rule.plan.begins_on:
            spans.add(span)
        day = span[1] + DAY
    if not spans:
        return 0, 0
    mines = set(mines_of(rule).values_list("pk", flat=True))
    first = min(span[0] for span in spans)
    made: Counter[tuple[int, Span]] = Counter()
    for mine, begun in visits_for(rule, first, until).order_by().values_list("mine_id", "begun_on"):
        made[mine, span_of(rule.period, begun)] += 1
    kept = sum(mine in mines and span in spans and count >= rule.times for (mine, span), count in made.items())
    return kept, len(mines) * len(spans)


def _blank(span: Span, monday: dt.date, wanted: set[Span], over: set[Span], today: dt.date) -> str:
    """What a week without a visit shows as long as its period lacks one."""
    if span not in wanted or monday > today:
        return ""
    return "gap" if span in over else "open"


def _row(
    rule: CoverageRule,
    mine: Unit,
    days: Iterable[dt.date],
    mondays: list[dt.date],
    spans: list[Span],
    blank: list[str],
    over: set[Span],
) -> MatrixRow:
    by_week = Counter(monday_of(day) for day in days)
    by_span = Counter(span_of(rule.period, day) for day in days)
    enough = {span for span, count in by_span.items() if count >= rule.times}
    cells: list[int | str] = [
        by_week.get(monday) or ("" if span in enough else empty)
        for monday, span, empty in zip(mondays, spans, blank, strict=True)
    ]
    return MatrixRow(mine, cells, len(over & enough), len(over))


def rules_in_force(prefix: str, year: int, **more: Any) -> QuerySet[CoverageRule]:
    """The rules of the plans in force of a region, in their order."""
    rows: QuerySet[CoverageRule] = CoverageRule.objects.in_force(year).filter(
        plan__region__code__startswith=prefix, **more
    )
    return rows.order_by("plan__region", "position", "pk")
