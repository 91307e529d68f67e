"""Filters of tasks and assignments; pages, exports and the API use the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from common.filters import MOST_WORDS, DateRangeFilter, SearchFilter, YesNoFilter, in_any
from tasks.models import (
    Assignment,
    Campaign,
    DeadlineExtension,
    DueItem,
    ProgressReport,
    ReportingRule,
    Section,
    Task,
)
from tasks.models.campaigns import UnitRole
from units.models import Unit

WITHIN = [("7", "7天内"), ("30", "30天内"), ("90", "90天内")]
ROW_STATES = [*Assignment.State.choices, ("ongoing", "长期坚持")]


OWED = ("task__title", "task__text", "unit__name", "unit__short_name")
COUNTY = 6
"""Digits of a county's code; a township has more."""


class OwedSearchFilter(SearchFilter):
    """Looks for the words in the fewer first.

    There are twenty assignments to a task: for a county, reading each task's text once for all of them is what makes it
    quick. A mine, a department or a township owes so little that the texts of just these rows are read. `owed` is the
    lookup path to the assignment.
    """

    def __init__(self, *, owed: str = "", more: Sequence[str] = (), **kwargs: Any) -> None:
        self.owed, self.more = owed, tuple(more)
        super().__init__(fields=(), **kwargs)

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        region = self.parent.request.user.reach.region
        owes_little = region is None or len(region) > COUNTY
        for word in (value or "").split()[:MOST_WORDS]:
            if owes_little:
                queryset = queryset.filter(in_any([*(f"{self.owed}{name}" for name in OWED), *self.more], word))
                continue
            tasks = Task.objects.filter(in_any(("title", "text"), word)).order_by().values("pk")
            units = Unit.objects.filter(in_any(("name", "short_name"), word)).order_by().values("pk")
            found = Q(**{f"{self.owed}task__in": tasks}) | Q(**{f"{self.owed}unit__in": units})
            queryset = queryset.filter(found | in_any(self.more, word) if self.more else found)
        return queryset


class AssignmentFilter(django_filters.FilterSet):
    """Of assignments, whoever's they are."""

    q = OwedSearchFilter(placeholder="任务、单位")
    campaign = django_filters.ModelChoiceFilter(
        label="专项行动", queryset=lambda request: campaigns_of(request), empty_label="全部"
    )
    state = django_filters.ChoiceFilter(label="状态", choices=ROW_STATES, method="filter_state", empty_label="全部")
    within = django_filters.ChoiceFilter(label="到期", choices=WITHIN, method="filter_within", empty_label="全部")
    overdue = YesNoFilter(label="已逾期", method="filter_overdue")
    role = django_filters.ChoiceFilter(label="职责", choices=UnitRole.choices, empty_label="全部")
    kind = django_filters.ChoiceFilter(
        field_name="unit__kind", label="单位类别", choices=Unit.Kind.choices, empty_label="全部"
    )
    due = DateRangeFilter(field_name="due_on", label="应完成日期")
    own = YesNoFilter(label="只看本单位", method="filter_own")

    class Meta:
        model = Assignment
        fields: list[str] = []

    def filter_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(is_ongoing=True) if value == "ongoing" else rows.filter(state=value)

    def filter_within(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        return rows.due_within(int(value))

    def filter_overdue(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        late = rows.overdue()
        return late if value else rows.exclude(pk__in=late.values("pk"))

    def filter_own(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        own = Q(unit_id=self.request.user.unit_id)
        return rows.filter(own) if value else rows.exclude(own)


def campaigns_of(request: Any) -> QuerySet[Any]:
    return Campaign.objects.visible_to(request.user) if request is not None else Campaign.objects.none()


def rules_of(request: Any) -> QuerySet[Any]:
    return ReportingRule.objects.visible_to(request.user) if request is not None else ReportingRule.objects.none()


class TaskFilter(django_filters.FilterSet):
    """Of one campaign's tasks, by what they print and by how the assignments that the user sees stand."""

    q = SearchFilter(fields=["title", "text", "ref"], placeholder="任务内容、编号")
    section = django_filters.ModelChoiceFilter(
        label="章节", queryset=Section.objects.none(), method="filter_section", empty_label="全部"
    )
    unit = django_filters.ModelChoiceFilter(
        label="责任部门", queryset=Unit.objects.none(), method="keep", empty_label="全部"
    )
    role = django_filters.ChoiceFilter(label="职责", choices=UnitRole.choices, method="keep", empty_label="全部")
    state = django_filters.ChoiceFilter(label="状态", choices=ROW_STATES, method="keep", empty_label="全部")
    within = django_filters.ChoiceFilter(label="到期", choices=WITHIN, method="keep", empty_label="全部")
    overdue = YesNoFilter(label="已逾期", method="keep")
    unmatched = YesNoFilter(label="有未对应单位", method="filter_unmatched")

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        user = self.request.user
        self.visible = Assignment.objects.visible_to(user).filter(campaign=campaign, withdrawn_on__isnull=True)
        self.filters["section"].queryset = campaign.sections.all()
        self.filters["unit"].queryset = Unit.objects.filter(pk__in=self.visible.values("unit"))

    def filter_section(self, rows: QuerySet[Any], name: str, value: Section) -> QuerySet[Any]:
        """The section and everything below it."""
        below, level = {value.pk}, {value.pk}
        children: dict[int | None, list[int]] = {}
        for pk, parent in self.campaign.sections.values_list("pk", "parent"):
            children.setdefault(parent, []).append(pk)
        while level := {child for pk in level for child in children.get(pk, [])}:
            below |= level
        return rows.filter(section__in=below)

    def keep(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Conditions on assignments are joined in `filter_queryset`, so that one assignment has to meet them all."""
        return rows

    def filter_unmatched(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        open_ended = Q(
            responsibilities__unit__isnull=True, responsibilities__group__isnull=True, responsibilities__isnull=False
        )
        found = Task.objects.filter(open_ended, campaign=self.campaign).values("pk")
        return rows.filter(pk__in=found) if value else rows.exclude(pk__in=found)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        owed = self.visible
        if asked.get("unit"):
            owed = owed.filter(unit=asked["unit"])
        if asked.get("role"):
            owed = owed.filter(role=asked["role"])
        if state := asked.get("state"):
            owed = owed.filter(is_ongoing=True) if state == "ongoing" else owed.filter(state=state)
        if asked.get("within"):
            owed = owed.due_within(int(asked["within"]))
        if (late := asked.get("overdue")) is not None:
            today = timezone.localdate()
            owed = owed.overdue(today) if late else owed.exclude(pk__in=owed.overdue(today).values("pk"))
        if owed is not self.visible:
            rows = rows.filter(Exists(owed.filter(task=OuterRef("pk"))))
        return rows


class DueItemFilter(django_filters.FilterSet):
    """Of the dated items of assignments."""

    q = OwedSearchFilter(owed="assignment__", more=["label"], placeholder="任务、单位、事项")
    campaign = django_filters.ModelChoiceFilter(
        field_name="assignment__campaign",
        label="专项行动",
        queryset=lambda request: campaigns_of(request),
        empty_label="全部",
    )
    state = django_filters.ChoiceFilter(label="状态", choices=DueItem.State.choices, empty_label="全部")
    due = DateRangeFilter(field_name="due_on", label="应完成日期")

    class Meta:
        model = DueItem
        fields: list[str] = []


class ExtensionFilter(django_filters.FilterSet):
    """Of requests to move a due day."""

    q = SearchFilter(
        fields=["due_item__assignment__task__title", "due_item__assignment__unit__name", "reason"],
        placeholder="任务、单位、理由",
    )
    state = django_filters.ChoiceFilter(label="状态", choices=DeadlineExtension.State.choices, empty_label="全部")

    class Meta:
        model = DeadlineExtension
        fields: list[str] = []


class ReportFilter(django_filters.FilterSet):
    """Of reports, whoever's they are."""

    q = SearchFilter(fields=["unit__name", "unit__short_name", "label"], placeholder="单位、期间")
    campaign = django_filters.ModelChoiceFilter(
        label="专项行动", queryset=lambda request: campaigns_of(request), empty_label="全部"
    )
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[("asked", "应报"), ("owed", "未报"), *ProgressReport.State.choices, ("standing", "已通过的最新版")],
        method="filter_state",
        empty_label="全部",
    )
    overdue = YesNoFilter(label="已逾期", method="filter_overdue")
    late = YesNoFilter(label="迟报", method="filter_late")
    kind = django_filters.ChoiceFilter(
        field_name="rule__kind", label="种类", choices=ReportingRule.Kind.choices, empty_label="全部"
    )
    rule = django_filters.ModelChoiceFilter(
        label="报送规则", queryset=lambda request: rules_of(request), empty_label="全部"
    )
    period = django_filters.CharFilter(field_name="period", label="期间（如2026-11）")
    due = DateRangeFilter(field_name="due_on", label="应报日期")
    own = YesNoFilter(label="只看本单位", method="filter_own")

    class Meta:
        model = ProgressReport
        fields: list[str] = []

    def filter_state(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        if value == "asked":
            return rows.filter(version=1).exclude(state=ProgressReport.State.DROPPED)
        if value == "standing":
            return rows.standing()
        return rows.filter(state__in=ProgressReport.OWED) if value == "owed" else rows.filter(state=value)

    def filter_overdue(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        late = rows.overdue()
        return late if value else rows.exclude(pk__in=late.values("pk"))

    def filter_late(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        late = Q(version=1, first_submitted_at__date__gt=F("due_on"))
        return rows.filter(late) if value else rows.exclude(late)

    def filter_own(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        own = Q(unit_id=self.request.user.unit_id)
        return rows.filter(own) if value else rows.exclude(own)
