"""The rows behind one figure of the monthly table: cumulative, or what a month added."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.numbers import whole_number
from hazards.list_filters import kind_condition
from hazards.models import Hazard
from hazards.monthly import FIGURES, LABELS, RATES, TOTAL, Figure, condition, funds_by, hazards_of_year, month_end
from hazards.services.monthly import figures_of
from units.models import Region, Unit, User
from units.requests import user_of

ROWS = 50


@dataclass(frozen=True)
class Asked:
    """Which figure, until when, since when, of which kind of mines and of whom."""

    user: User
    figure: Figure
    on: dt.date
    after: dt.date | None
    kind: str
    region: Region | None
    unit: Unit | None

    @property
    def whose(self) -> str:
        return str(self.unit or self.region or "")

    @property
    def of(self) -> Q:
        found = Q() if self.kind == TOTAL else kind_condition(self.kind)
        if self.region is not None:
            found &= Q(mine__region__code__startswith=self.region.prefix)
        if self.unit is not None:
            found &= Q(mine__path__startswith=self.unit.path)
        return found

    def hazards(self, on: dt.date) -> QuerySet[Hazard]:
        rows: QuerySet[Hazard] = hazards_of_year(on).filter(self.of, condition(self.figure.key, on))
        return rows

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """Mines for the count of mines, else hazards; what the day `after` counted already is left out."""
        now = self.hazards(self.on).filter(pk__in=Hazard.objects.visible_to(self.user).values("pk"))
        if self.figure.key == "mines":
            mines = Unit.objects.filter(pk__in=now.values("mine"))
            if self.after:
                mines = mines.exclude(pk__in=self.hazards(self.after).values("mine"))
            counted = now.filter(mine=OuterRef("pk")).order_by().values("mine").annotate(n=Count("pk")).values("n")
            return mines.select_related("parent").annotate(hazard_count=Subquery(counted)).order_by("sort_key", "pk")
        if self.after:
            now = now.exclude(pk__in=self.hazards(self.after).values("pk"))
        spent = funds_by(self.on).filter(hazard=OuterRef("pk")).values("spent")
        return now.select_related("mine").annotate(spent=Subquery(spent[:1])).order_by("found_on", "pk")

    def cells(self, row: Any) -> tuple[str, str, Any, dt.date | None, str]:
        """As `FigureSource.cells`."""
        if self.figure.key == "mines":
            first = (self.after + dt.timedelta(days=1)) if self.after else dt.date(self.on.year, 1, 1)
            asked = urlencode({"mine": row.pk, "found_after": first, "found_before": self.on})
            url = f"{reverse('hazards:problems')}?{asked}"
            return row.name, url, row.parent or "", None, f"隐患{row.hazard_count}项"
        state = str(row.get_state_display())
        if self.figure.key == "funds":
            state = f"{row.spent.normalize():f}万元"
        return (
            f"{row.number} {row.place}：{row.description[:60]}",
            row.get_absolute_url(),
            row.mine,
            row.found_on,
            state,
        )

    @property
    def printed(self) -> Decimal | int | None:
        """The number as the month's table prints it; None where no month's table does."""
        if self.region is None or self.on != month_end(self.on.year, self.on.month) or self.figure.key in RATES:
            return None
        found = [figures_of(self.region, day.year, day.month)[0] for day in (self.on, self.after) if day]
        numbers = [table[self.kind][self.figure.key] if self.kind in table else 0 for table in found]
        return numbers[0] - sum(numbers[1:])

    @property
    def counted(self) -> Decimal | int:
        """What the rows come to."""
        if self.figure.key == "funds":
            return sum((spent for spent in self.rows.values_list("spent", flat=True)), start=Decimal(0))
        return self.rows.count()


def asked_for(request: HttpRequest) -> Asked:
    """Read the address; 404 for words that ask nothing, and for regions and units out of sight."""
    data, user = request.GET, user_of(request)
    figure = next((one for one in FIGURES if one.key == data.get("figure")), None)
    kind = data.get("kind", TOTAL)
    if figure is None or kind not in LABELS:
        raise Http404
    try:
        on = dt.date.fromisoformat(data.get("on", ""))
        after = dt.date.fromisoformat(data["after"]) if data.get("after") else None
    except ValueError as error:
        raise Http404 from error
    region = unit = None
    if data.get("region"):
        region = get_object_or_404(Region.objects.visible_to(user), pk=data["region"])
    if data.get("mine"):
        unit = get_object_or_404(Unit.objects.visible_to(user), pk=whole_number(data["mine"]) or 0)
    if after is not None and not (after < on and after.year == on.year):
        raise Http404
    return Asked(user, figure, on, after, kind, region, unit)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    asked = asked_for(request)
    shown = Paginator(asked.rows, ROWS).get_page(request.GET.get("page"))
    printed, counted = asked.printed, asked.counted
    context = {
        "asked": asked,
        "label": LABELS[asked.kind],
        "since": asked.after + dt.timedelta(days=1) if asked.after else dt.date(asked.on.year, 1, 1),
        "counted": counted,
        "printed": printed,
        "corrected": None if printed is None or printed == counted else printed - counted,
        "page": shown,
        "rows": [asked.cells(row) for row in shown],
    }
    return render(request, "hazards/monthly_rows.html", context)
