"""Units compared with each other: indicators of a month or a year, a weighted score, colours and arrows.

Figures are counted for the units that owe (`common/indicators.py`) and added up: an enterprise stands for everything
below it, a township for itself and everything inside its borders.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from common.indicators import Figures, Indicator, Span, count_units, indicators
from supervision.models import DailySnapshot
from units.models import Region, Unit
from units.rules import Rule, rules_for

GROUPS = {
    "mine": ("煤矿、矿山", ("mine",)),
    "enterprise": ("企业", ("enterprise",)),
    "township": ("乡镇", ("township",)),
    "department": ("部门", ("department", "government", "committee", "other")),
}
LIVE_UNITS = 2_000
"""With more units than these a year is ranked by the snapshots of the night; a month is always counted anew."""
OWN = "本系统建议值；各地考核办法不同，按本地办法设置"
COLOURS: dict[str, Rule] = {
    "red_score": Rule("红牌分数线", 60, "分以下", OWN),
    "yellow_score": Rule("黄牌分数线", 80, "分以下", OWN),
}
ASSESSMENT: dict[str, Rule] = {
    "assess_major": Rule("四项指标：重大隐患解决", 30, "分", f"方案规定第四季度按四项指标考核，未定权重；{OWN}"),
    "assess_measures": Rule("四项指标：制度成果", 20, "分", OWN),
    "assess_accidents": Rule("四项指标：事故防范", 30, "分", OWN),
    "assess_tasks": Rule("四项指标：任务完成", 20, "分", OWN),
}


def weight_key(indicator: Indicator) -> str:
    return f"weight_{indicator.key}"


def weight_rules() -> dict[str, Rule]:
    """A weight for each registered indicator that can take part in the score."""
    return {
        weight_key(one): Rule(f"权重：{one.label}", one.weight, "分", OWN)
        for one in indicators()
        if one.kind == "rate" and one.better == "high"
    }


@dataclass(frozen=True, slots=True)
class Period:
    """A month ("2026-11") or a year from January on ("2026")."""

    key: str
    since: dt.date
    until: dt.date

    @property
    def is_year(self) -> bool:
        return len(self.key) == 4

    @property
    def label(self) -> str:
        return f"{self.since.year}年{self.since.month}月" if not self.is_year else f"{self.since.year}年累计"

    def span(self, region: Region, today: dt.date) -> Span:
        return Span(self.since, min(self.until, today), region.prefix)

    def former(self, region: Region, today: dt.date) -> Span:
        """What the arrows compare with: the month before, or the year up to the end of the last month."""
        if not self.is_year:
            end = self.since - dt.timedelta(days=1)
            return Span(end.replace(day=1), end, region.prefix)
        end = min(self.until, today).replace(day=1) - dt.timedelta(days=1)
        return Span(self.since.replace(year=end.year), end, region.prefix)


def period_of(key: str) -> Period:
    """The period of a key; ValueError for words that are none."""
    if len(key) == 4:
        year = int(key)
        return Period(key, dt.date(year, 1, 1), dt.date(year, 12, 31))
    first = dt.date.fromisoformat(f"{key}-01")
    return Period(key, first, first.replace(day=monthrange(first.year, first.month)[1]))


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of one unit: its value, what it was made of, and how it moved since the period before."""

    indicator: Indicator
    value: float | None
    part: int
    whole: int
    moved: Literal["", "better", "worse", "same"]
    url: str
    whole_url: str

    @property
    def shown(self) -> str:
        return self.indicator.shown(self.value)

    @property
    def made_of(self) -> str:
        return f"{self.part}/{self.whole}" if self.whole else ""


@dataclass(slots=True)
class Ranked:
    """One unit with its numbers, score and place."""

    unit: Unit
    cells: list[Cell]
    score: float | None
    moved: str
    colour: Literal["", "red", "yellow"]
    why: str
    place: int = 0

    @property
    def shown_score(self) -> str:
        return "—" if self.score is None else f"{self.score:g}"


@dataclass(frozen=True, slots=True)
class Ranking:
    """Units of one group in one period, best first; those without a score come last and have no place."""

    region: Region
    group: str
    period: Period
    on: dt.date
    indicators: list[Indicator]
    rows: list[Ranked]
    weights: dict[str, int]
    red_below: int
    yellow_below: int

    @property
    def title(self) -> str:
        return f"{self.region.name}{GROUPS[self.group][0]}{self.period.label}工作排名"

    @property
    def score_formula(self) -> str:
        parts = [f"{one.label}×{self.weights[one.key]}" for one in self.indicators if self.weights.get(one.key)]
        return f"得分＝（{'＋'.join(parts)}）÷有数据的各项权重之和；没有应办事项的指标不计。"

    def listed(self, colour: str) -> list[Ranked]:
        return [row for row in self.rows if row.colour == colour]


def units_of(region: Region) -> list[Unit]:
    """Every unit in use of a region, with its division (one query)."""
    rows = Unit.objects.filter(region__code__startswith=region.prefix, is_active=True)
    return list(rows.select_related("region").order_by("sort_key", "pk"))


def members_condition(unit: Unit) -> Q:
    """The units whose figures a unit stands for, as a condition on units."""
    if unit.kind == Unit.Kind.TOWNSHIP and unit.region.level == "township":
        return Q(path__startswith=unit.path) | Q(region__code__startswith=unit.region.prefix)
    if unit.kind in (Unit.Kind.ENTERPRISE, Unit.Kind.MINE):
        return Q(path__startswith=unit.path)
    return Q(pk=unit.pk)


def roll_up(units: list[Unit], counted: Mapping[int, Figures]) -> dict[int, Figures]:
    """Add the figures of units up for those that stand for others; the same rule as `members_condition`."""
    by_path: dict[int, Figures] = {}
    townships = {
        unit.region.prefix: unit.pk
        for unit in units
        if unit.kind == Unit.Kind.TOWNSHIP and unit.region.level == "township"
    }
    standing = {unit.pk for unit in units if unit.kind in ("enterprise", "mine", "township")}
    for unit in units:
        figures = counted.get(unit.pk)
        if figures is None:
            continue
        above = {int(key) for key in unit.path.strip("/").split("/")} & standing
        township = townships.get(unit.region_id[:9])
        for pk in {unit.pk, *above, *([township] if township else [])}:
            total = by_path.setdefault(pk, {})
            for key, value in figures.items():
                total[key] = total.get(key, 0) + value
    return by_path


def kept_figures(span: Span, before: Span) -> tuple[Span, dict[int, Figures], dict[int, Figures]] | None:
    """The figures of the last snapshot in a span and those at the end of the former one; None without a snapshot."""
    rows = DailySnapshot.objects.filter(region__code__startswith=span.prefix, unit__isnull=False)
    day = rows.filter(day__range=(span.since, span.on)).order_by("-day").values_list("day", flat=True).first()
    if day is None:
        return None
    found: dict[dt.date, dict[int, Figures]] = {day: {}, before.on: {}}
    for unit, on, figures in rows.filter(day__in=found).values_list("unit", "day", "figures"):
        found[on][unit] = figures
    return replace(span, on=day), found[day], found[before.on] if before.on != day else {}


def score_of(figures: Figures, shown: list[Indicator], weights: Mapping[str, int]) -> float | None:
    """The weighted mean of the rates that have something to count; None where none has."""
    total = weight_sum = 0.0
    for one in shown:
        weight, value = weights.get(one.key, 0), one.value(figures)
        if weight and value is not None:
            total += weight * value
            weight_sum += weight
    return round(total / weight_sum, 1) if weight_sum else None


def rank(region: Region, group: str, period: Period, today: dt.date) -> Ranking:
    """Rank the units of a group (one query for each source and period, one for units, one for rules).

    A year of a very large region is ranked by its snapshots, as of their day.
    """
    span, before = period.span(region, today), period.former(region, today)
    units = units_of(region)
    kept = kept_figures(span, before) if len(units) > LIVE_UNITS and period.is_year else None
    if kept is not None:
        span, now, then = kept
    else:
        now, then = (roll_up(units, count_units(one, compared=True)) for one in (span, before))
    numbers = rules_for(region)
    weights = {one.key: numbers.get(weight_key(one), 0) for one in indicators()}
    chosen = [unit for unit in units if unit.kind in GROUPS[group][1] and any(now.get(unit.pk, {}).values())]
    used = {key for unit in chosen for key, value in now[unit.pk].items() if value}
    shown = [one for one in indicators() if used & {one.part, one.whole}]
    rows = []
    for unit in chosen:
        figures, former = now[unit.pk], then.get(unit.pk, {})
        score = score_of(figures, shown, weights)
        colour, why = colour_of(figures, score, numbers)
        cells = [cell_of(one, figures, former, unit, span) for one in shown]
        rows.append(Ranked(unit, cells, score, moved(score, score_of(former, shown, weights), "high"), colour, why))
    rows.sort(key=lambda row: (row.score is None, -(row.score or 0), row.unit.sort_key))
    for index, row in enumerate(rows):
        if row.score is not None:
            above = rows[index - 1] if index else None
            row.place = above.place if above is not None and above.score == row.score else index + 1
    return Ranking(region, group, period, span.on, shown, rows, weights, numbers["red_score"], numbers["yellow_score"])


def colour_of(
    figures: Figures, score: float | None, numbers: Mapping[str, int]
) -> tuple[Literal["", "red", "yellow"], str]:
    """Red and yellow card with the reason: an overdue major hazard is red whatever the score."""
    if figures.get("major_late"):
        return "red", f"重大隐患逾期{figures['major_late']}项"
    if score is None:
        return "", ""
    if score < numbers["red_score"]:
        return "red", f"得分低于{numbers['red_score']}分"
    if score < numbers["yellow_score"]:
        return "yellow", f"得分低于{numbers['yellow_score']}分"
    return "", ""


def moved(now: float | None, then: float | None, better: str) -> Literal["", "better", "worse", "same"]:
    if now is None or then is None or not better:
        return ""
    if now == then:
        return "same"
    return "better" if (now > then) == (better == "high") else "worse"


def cell_of(one: Indicator, figures: Figures, former: Figures, unit: Unit, span: Span) -> Cell:
    value = one.value(figures)
    return Cell(
        one,
        value,
        figures.get(one.part, 0),
        figures.get(one.whole, 0) if one.whole else 0,
        moved(value, one.value(former), one.better),
        rows_url(one.part, span, unit) if figures.get(one.part) else "",
        rows_url(one.whole, span, unit) if one.whole and figures.get(one.whole) else "",
    )


def rows_url(figure: str, span: Span, unit: Unit | None = None) -> str:
    """The address of the rows behind a figure."""
    asked: dict[str, object] = {"figure": figure, "since": span.since.isoformat(), "on": span.on.isoformat()}
    if unit is not None:
        asked["unit"] = unit.pk
    return f"{reverse('supervision:figure_rows')}?{urlencode(asked)}"
