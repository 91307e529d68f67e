"""What the files of mines count: which stand still, and which work again."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from common.indicators import FigureSource, Indicator, Span
from mines.models import Suspension


def suspensions(span: Span) -> QuerySet[Suspension]:
    rows: QuerySet[Suspension] = Suspension.objects.on_record().filter(
        since__lte=span.on, mine__unit__region__code__startswith=span.prefix
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
INDICATORS = (
    Indicator("suspended", "停产停建", "期末停产停建、还没有复产复工的次数", "suspended", kind="count", better=""),
)
