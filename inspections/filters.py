"""Filters of visits and checklists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from common.filters import DateRangeFilter, SearchFilter, VisibleFilter, YesNoFilter
from hazards.filters import MineFilter
from inspections.document_kinds import CHOICES
from inspections.models import (
    Certificate,
    Checklist,
    Clue,
    Document,
    InspectionPlan,
    PatrolGroup,
    PlannedVisit,
    Visit,
)
from mines.models import MineType


class VisitFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "places", "mine__name", "mine__short_name"], placeholder="编号、矿山、地点")
    kind = django_filters.ChoiceFilter(label="检查方式", choices=Visit.Kind.choices, empty_label="全部")
    state = django_filters.ChoiceFilter(label="状态", choices=Visit.State.choices, empty_label="全部")
    mine = MineFilter(label="矿山")
    begun = DateRangeFilter(label="检查日期", field_name="begun_on")
    group = VisibleFilter(label="检查小组", model=PatrolGroup)
    is_full = YesNoFilter(label="全面检查")
    mine_type = django_filters.ChoiceFilter(
        label="矿山类型", choices=MineType.choices, field_name="mine__mine__mine_type", empty_label="全部"
    )

    class Meta:
        model = Visit
        fields: list[str] = []


class ChecklistFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["name"], placeholder="名称")
    state = django_filters.ChoiceFilter(label="状态", choices=Checklist.State.choices, empty_label="全部")
    mine_type = django_filters.ChoiceFilter(label="矿山类型", choices=MineType.choices, empty_label="全部")

    class Meta:
        model = Checklist
        fields: list[str] = []


class DocumentFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "visit__number", "visit__mine__name"], placeholder="文号、检查编号、矿山")
    kind = django_filters.ChoiceFilter(label="文书", choices=CHOICES, empty_label="全部")
    state = django_filters.ChoiceFilter(label="状态", choices=Document.State.choices, empty_label="全部")
    late = YesNoFilter(label="逾期未公示", method="filter_late")
    issued = DateRangeFilter(label="签发日期", field_name="issued_on")

    class Meta:
        model = Document
        fields: list[str] = []

    def filter_late(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        late = Document.objects.late_to_publish()
        return rows.filter(pk__in=late.values("pk")) if value else rows.exclude(pk__in=late.values("pk"))


class CertificateFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "officer__name"], placeholder="证号、姓名")

    class Meta:
        model = Certificate
        fields: list[str] = []


class PlanFilter(django_filters.FilterSet):
    year = django_filters.NumberFilter(label="年度", max_value=9999)
    state = django_filters.ChoiceFilter(label="状态", choices=InspectionPlan.State.choices, empty_label="全部")

    class Meta:
        model = InspectionPlan
        fields: list[str] = []


class GroupFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["name"], placeholder="名称")

    class Meta:
        model = PatrolGroup
        fields: list[str] = []


class PlannedFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["mine__name", "mine__short_name", "reason"], placeholder="矿山、理由")
    result = django_filters.ChoiceFilter(
        label="状态", method="filter_result", empty_label="全部",
        choices=[("open", "未完成"), ("late", "逾期未完成"), ("done", "已完成"), ("dropped", "已取消")],
    )  # fmt: skip
    kind = django_filters.ChoiceFilter(label="检查方式", choices=Visit.Kind.choices, empty_label="全部")
    mine = MineFilter(label="矿山")
    due = DateRangeFilter(label="最迟日期", field_name="due_on")

    class Meta:
        model = PlannedVisit
        fields: list[str] = []

    def filter_result(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        planned = PlannedVisit.objects
        chosen = {
            "open": planned.open,
            "late": planned.overdue,
            "done": lambda: planned.filter(state="planned", visits__state="finished"),
            "dropped": lambda: planned.filter(state="dropped"),
        }[value]
        return rows.filter(pk__in=chosen().values("pk"))


class ClueFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "subject", "receiver_name"], placeholder="文号、涉及单位、接收部门")
    state = django_filters.ChoiceFilter(label="状态", choices=Clue.State.choices, empty_label="全部")
    late = YesNoFilter(label="逾期未答复", method="filter_late")
    sent = DateRangeFilter(label="移送日期", field_name="sent_on")

    class Meta:
        model = Clue
        fields: list[str] = []

    def filter_late(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        late = Clue.objects.overdue().values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)
