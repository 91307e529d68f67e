"""What the files of mines count: which stand still, which work again, and the accidents."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from common.indicators import FigureSource, Indicator, Span
from mines.models import Accident, Suspension


def suspensions(span: Span) -> QuerySet[Suspension]:
    rows: QuerySet[Suspension] = Suspension.objects.on_record().filter(
        since__lte=span.on, mine__unit__region__code__startswith=span.prefix
    )
    return rows


def accidents(span: Span) -> QuerySet[Accident]:
    rows: QuerySet[Accident] = Accident.objects.filter(
        happened_on__range=(span.since, span.on), mine__unit__region__code__startswith=span.prefix
    )
    return rows


SUSPENSIONS = FigureSource(
    kind="suspensions",
    label="停产停建",
    rows=suspensions,
    unit="mine__unit_id",
    figures={
        "suspended": lambda span: Q(resumed_on__isnull=True) | Q(resumed_on__gt=span.on),
        "resumed": lambda span: Q(resumed_on__range=(span.since, span.on)),
    },
    select=("mine__unit",),
    order="since",
    title=lambda row: f"{row.get_kind_display()}：{row.reason}",
    unit_of=lambda row: row.mine.unit,
    day=lambda row: row.since,
)
ACCIDENTS = FigureSource(
    kind="accidents",
    label="事故",
    rows=accidents,
    unit="mine__unit_id",
    figures={"accidents": lambda span: Q(pk__isnull=False)},
    sums={"deaths": (lambda span: Q(deaths__gt=0), F("deaths"))},
    select=("mine__unit",),
    order="happened_on",
    title=lambda row: f"{row}，死亡{row.deaths}人：{row.words}"[:120],
    unit_of=lambda row: row.mine.unit,
    day=lambda row: row.happened_on,
    state=lambda row: f"{row.grade}事故" + ("，已结案" if row.case_closed_on else ""),
)
HAPPENED = (
    Indicator("accidents", "事故", "期内发生、登记在矿山档案里的事故起数", "accidents", kind="count", better="low", measure="起"),
    Indicator("deaths", "死亡", "期内事故死亡人数", "deaths", kind="count", better="low", measure="人"),
)  # fmt: skip
INDICATORS = (
    Indicator("suspended", "停产停建", "期末停产停建、还没有复产复工的次数", "suspended", kind="count", better=""),
)
