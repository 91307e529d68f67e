"""The county at a glance, in a fixed number of queries at any size: what is drawn per unit comes from the snapshots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import CharField, Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from common.charts import Chart, Series, draw_chart
from common.indicators import Figures, Indicator, Span, indicators
from hazards.models import Hazard, Listing
from hazards.querysets import OPEN_STATES
from supervision.models import DailySnapshot
from supervision.ranking import GROUPS, colour_of, rows_url, score_of, weight_key
from tasks.models import Assignment, Campaign, DueItem, Stage
from units.models import Region, Unit
from units.rules import rules_for

TREND_DAYS = 60
MOST_UNITS = 30
MOST_ROWS = 10
MOST_POINTS = 14
ALWAYS = ("tasks_done", "tasks_late", "major_closed", "general_closed", "hazards_late", "major_late")
TILES = (*ALWAYS, "accidents", "deaths", "suspended", "visits", "findings", "documents", "fined")
"""Tiles of what is always asked for, and of what happened this year."""
BURNING = ("major_late", "hazards_late", "tasks_late", "deaths", "accidents")
"""What a leader must see before anything else: these tiles stand first, and red when they are not nought."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    shown: str
    tone: Literal["", "red", "amber", "green"]
    url: str = ""


@dataclass(frozen=True, slots=True)
class HeatRow:
    unit: Unit
    score: float | None
    card: str
    cells: list[HeatCell]


@dataclass(frozen=True, slots=True)
class Tile:
    """One large number."""

    label: str
    value: str
    note: str
    url: str
    tone: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page."""

    region: Region
    group: str
    day: dt.date | None
    rebuilt: bool
    tiles: list[Tile]
    campaigns: list[Any]
    indicators: list[Indicator]
    heat: list[HeatRow]
    more_units: int
    listings: list[Any]
    coming: list[dict[str, Any]]
    charts: list[Chart]


def overview_of(region: Region, group: str, today: dt.date) -> Overview:
    """Put the page together (five queries)."""
    numbers = rules_for(region)
    since = today - dt.timedelta(days=TREND_DAYS)
    rows = DailySnapshot.objects.filter(region=region, day__lte=today)
    last = rows.order_by("-day").values("day")[:1]
    kinds = GROUPS[group][1]
    wanted = Q(unit__isnull=True, day__gte=since) | Q(unit__kind__in=kinds, day=Subquery(last))
    wholes: list[DailySnapshot] = []
    units: list[DailySnapshot] = []
    for row in rows.filter(wanted).select_related("unit").order_by("day", "pk"):
        (wholes if row.unit_id is None else units).append(row)
    latest = wholes[-1] if wholes else None
    shown = [
        one
        for one in indicators()
        if one.kind != "days" and one.better and any(one.value(row.figures) is not None for row in units)
    ]
    heat = heat_rows(units, shown, numbers)
    return Overview(
        region,
        group,
        latest.day if latest else None,
        latest.rebuilt if latest else False,
        tiles_of(latest, region) if latest else [],
        campaigns_of(region, today),
        shown,
        heat[:MOST_UNITS],
        max(len(heat) - MOST_UNITS, 0),
        listed(region),
        coming(region, today),
        charts_of(wholes),
    )


def heat_rows(snapshots: list[DailySnapshot], shown: list[Indicator], numbers: Mapping[str, int]) -> list[HeatRow]:
    """Units by colour, the worst first."""
    weights = {one.key: numbers.get(weight_key(one), 0) for one in shown}
    found = []
    for row in snapshots:
        assert row.unit is not None
        figures: Figures = row.figures
        score = score_of(figures, shown, weights)
        card, _ = colour_of(figures, score, numbers)
        found.append(HeatRow(row.unit, score, card, [heat_cell(one, row, numbers) for one in shown]))
    order = {"red": 0, "yellow": 1, "": 2}
    return sorted(found, key=lambda one: (order[one.card], 101 if one.score is None else one.score, one.unit.sort_key))


def heat_cell(one: Indicator, row: DailySnapshot, numbers: Mapping[str, int]) -> HeatCell:
    value = one.value(row.figures)
    if value is None:
        return HeatCell("—", "")
    span = Span(dt.date(row.day.year, 1, 1), row.day, row.region_id)
    url = rows_url(one.part, span, row.unit) if row.figures.get(one.part) else ""
    if one.kind == "count":
        return HeatCell(one.shown(value), "red" if value and one.better == "low" else "", url)
    if one.key == "own_found":
        return HeatCell(one.shown(value), "", url)
    good = value if one.better == "high" else 100 - value
    tone: Literal["red", "amber", "green"] = (
        "red" if good < numbers["red_score"] else "amber" if good < numbers["yellow_score"] else "green"
    )
    return HeatCell(one.shown(value), tone, url)


def tiles_of(latest: DailySnapshot, region: Region) -> list[Tile]:
    span = Span(dt.date(latest.day.year, 1, 1), latest.day, region.prefix)
    found = []
    place = {key: index for index, key in enumerate(BURNING)}
    for one in sorted(indicators(), key=lambda one: place.get(one.key, len(BURNING))):
        if one.key not in TILES or (one.key not in ALWAYS and not latest.figures.get(one.part)):
            continue
        value = one.value(latest.figures)
        whole = latest.figures.get(one.whole, 0)
        note = one.measure if not one.whole else f"{latest.figures.get(one.part, 0)}/{whole}" if whole else "没有应办的"
        tone = "tile-red" if one.key in BURNING and value else ""
        found.append(Tile(one.label, one.shown(value), note, rows_url(one.part, span), tone))
    return found


def campaigns_of(region: Region, today: dt.date) -> list[Any]:
    """Active campaigns with the stage they are in and how their assignments stand (one query)."""
    stages = Stage.objects.filter(campaign=OuterRef("pk"), end__gte=today).exclude(start__gt=today)
    owed = Assignment.objects.filter(campaign=OuterRef("pk"), withdrawn_on__isnull=True).order_by().values("campaign")

    def counted(condition: Q) -> Subquery:
        return Subquery(owed.annotate(n=Count("pk", filter=condition)).values("n"))

    rows = Campaign.objects.filter(region__code__startswith=region.prefix, state="active")
    return list(
        rows.annotate(
            stage=Subquery(stages.order_by("position").values("name")[:1]),
            stage_ends=Subquery(stages.order_by("position").values("end")[:1]),
            total=counted(Q(is_ongoing=False)),
            done=counted(Q(state="done")),
            late=counted(Q(due_on__lt=today, state__in=("not_started", "in_progress", "returned"))),
        )[:MOST_ROWS]
    )


def listed(region: Region) -> list[Any]:
    """Major hazards under supervision, the nearest end first (one query)."""
    rows = Listing.objects.open().filter(region__code__startswith=region.prefix)
    return list(rows.select_related("hazard__mine").order_by("due_on", "pk")[:MOST_ROWS])


def coming(region: Region, today: dt.date) -> list[dict[str, Any]]:
    """What falls due within seven days, of the ledger and of the register (one query)."""
    week = (today, today + dt.timedelta(days=6))

    def words(kind: str, title: Any, unit: str, page: str) -> dict[str, Any]:
        return {
            "kind": Value(kind, output_field=CharField()),
            "title": Cast(title, CharField(max_length=400)),
            "owner": Cast(F(unit), CharField(max_length=100)),
            "page": F(page),
            "day": F("due_on"),
        }

    items: Any = (
        DueItem.objects.in_force()
        .pending()
        .filter(due_on__range=week, assignment__region__code__startswith=region.prefix)
        .order_by()
        .values(**words("task", F("assignment__task__title"), "assignment__unit__name", "assignment_id"))
    )
    hazards: Any = (
        Hazard.objects.filter(due_on__range=week, state__in=OPEN_STATES, region__code__startswith=region.prefix)
        .order_by()
        .values(**words("hazard", Concat(F("number"), Value(" "), F("place")), "mine__name", "pk"))
    )
    names = {"task": "tasks:assignment", "hazard": "hazards:hazard"}
    rows = list(items.union(hazards, all=True).order_by("day", "kind", "page")[:MOST_ROWS])
    return [row | {"url": reverse(names[row["kind"]], args=[row["page"]])} for row in rows]


def charts_of(wholes: list[DailySnapshot]) -> list[Chart]:
    """The lines of the last weeks; with many days only every so many."""
    if len(wholes) < 2:
        return []
    step = max(1, -(-len(wholes) // MOST_POINTS))
    days = wholes[::-1][::step][::-1]
    labels = [f"{row.day.month}-{row.day.day}" for row in days]
    known = {one.key: one for one in indicators()}

    def line(key: str) -> Series:
        return Series(known[key].label, [known[key].value(row.figures) for row in days])

    rates = [line(key) for key in ("tasks_done", "major_closed", "general_closed") if key in known]
    counts = [line(key) for key in ("tasks_late", "hazards_late") if key in known]
    return [
        draw_chart(title="完成率、整改率（年初以来）", labels=labels, series=rates, unit="%"),
        draw_chart(title="逾期数", labels=labels, series=counts, unit="项"),
    ]
