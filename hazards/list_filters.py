"""Filters of the two lists, and of the rows behind the monthly figures."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet

from common.filters import DateRangeFilter, SearchFilter, VisibleFilter, YesNoFilter
from hazards.exports.register import KINDS
from hazards.models import Hazard, Implementation, InstitutionalMeasure, Level, Listing
from tasks.models import Campaign
from units.models import Region, Unit

OPEN, UNKNOWN, UNGRADED = "open", "unknown", "none"
FACETS = 5


def kind_condition(kind: str) -> Q:
    """Hazards of the mines of one row of the monthly table."""
    if kind == UNKNOWN:
        return Q(mine__mine__isnull=True)
    return Q(mine__mine__mine_type__in=KINDS[kind][1])


def planned_by(day: Any) -> Q:
    """With a treatment plan made on that day or before."""
    return Q(treatment_plan__made_at__date__lte=day)


def five_proved_by(day: Any) -> Q:
    """With all five implementations in place, with evidence, and confirmed on that day or before."""
    proved = Implementation.objects.filter(
        in_place=True, has_evidence=True, confirmed_at__date__lte=day, confirmed_by__isnull=False
    )
    whole = proved.order_by().values("hazard").annotate(proved=Count("pk")).filter(proved=FACETS)
    return Q(pk__in=whole.values("hazard"))


def listed_by(day: Any, level: str = "") -> Q:
    """Put under supervision on that day or before, by a government of that level where one is named."""
    listings = Listing.objects.exclude(state=Listing.State.REVOKED).filter(listed_on__lte=day)
    if level:
        listings = listings.filter(level=level)
    return Q(pk__in=listings.order_by().values("hazard"))


class ProblemFilter(django_filters.FilterSet):
    """Of the problem list; mistaken entries are not in it."""

    q = SearchFilter(fields=["number", "place", "description", "mine__name"], placeholder="编号、单位、地点、内容")
    kind = django_filters.ChoiceFilter(
        label="行业领域",
        choices=[*((key, label) for key, (label, _) in KINDS.items()), (UNKNOWN, "未填类型")],
        method="filter_kind",
        empty_label="全部",
    )
    mine = VisibleFilter(label="单位", model=Unit, search=("name", "short_name"), method="filter_mine")
    level = django_filters.ChoiceFilter(
        label="等级", choices=[*Level.choices, (UNGRADED, "待定级")], method="filter_level", empty_label="全部"
    )
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(OPEN, "未销号"), *Hazard.State.choices[:-1]], method="filter_state", empty_label="全部"
    )
    overdue = YesNoFilter(label="已逾期", method="filter_overdue")
    found = DateRangeFilter(field_name="found_on", label="发现日期")
    closed = DateRangeFilter(field_name="closed_on", label="销号日期")
    region = django_filters.ModelChoiceFilter(
        label="地区", queryset=lambda request: regions_of(request), method="filter_region", empty_label="全部"
    )
    planned = django_filters.DateFilter(label="在此日以前列入治理计划", method="filter_planned")
    five = django_filters.DateFilter(label="在此日以前达到“五到位”", method="filter_five")
    listed = django_filters.DateFilter(label="在此日以前挂牌督办", method="filter_listed")
    province = django_filters.DateFilter(label="在此日以前省级挂牌", method="filter_province")

    class Meta:
        model = Hazard
        fields: list[str] = []

    def filter_kind(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(kind_condition(value))

    def filter_mine(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """A mine, or all mines of an enterprise."""
        return (
            rows.filter(mine__path__startswith=value.path)
            if isinstance(value, Unit)
            else rows.filter(mine__name__icontains=value)
        )

    def filter_level(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(level="" if value == UNGRADED else value)

    def filter_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.exclude(state=Hazard.State.CLOSED) if value == OPEN else rows.filter(state=value)

    def filter_overdue(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        late = rows.overdue()
        return late if value else rows.exclude(pk__in=late.values("pk"))

    def filter_region(self, rows: QuerySet[Any], name: str, value: Region) -> QuerySet[Any]:
        return rows.filter(mine__region__code__startswith=value.prefix)

    def filter_planned(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(planned_by(value))

    def filter_five(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(five_proved_by(value))

    def filter_listed(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(listed_by(value))

    def filter_province(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(listed_by(value, Listing.Level.PROVINCE))


def regions_of(request: Any) -> QuerySet[Any]:
    return Region.objects.visible_to(request.user) if request is not None else Region.objects.none()


class MeasureFilter(django_filters.FilterSet):
    """Of the list of institutional measures."""

    q = SearchFilter(
        fields=["name", "gist", "document", "lead_unit__name", "responsible_units"],
        placeholder="名称、内容、单位、文件",
    )
    state = django_filters.ChoiceFilter(label="状态", choices=InstitutionalMeasure.State.choices, empty_label="全部")
    overdue = YesNoFilter(label="已逾期", method="filter_overdue")
    campaign = VisibleFilter(label="专项行动", model=Campaign, search=("title",))
    due = DateRangeFilter(field_name="due_on", label="完成时限")

    class Meta:
        model = InstitutionalMeasure
        fields: list[str] = []

    def filter_overdue(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        late = rows.overdue()
        return late if value else rows.exclude(pk__in=late.values("pk"))
