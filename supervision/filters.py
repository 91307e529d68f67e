"""Filters of the inbox, the reminders told, the deliveries and the letters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from common.due import due_sources
from common.filters import DateRangeFilter, SearchFilter, VisibleFilter, YesNoFilter
from supervision.letter_kinds import KINDS
from supervision.models import Channel, Delivery, Meeting, Notice, Rung, SupervisionLetter
from units.models import Unit


class LetterFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "title"], placeholder="文号、标题")
    kind = django_filters.ChoiceFilter(label="种类", choices=KINDS, empty_label="全部")
    state = django_filters.ChoiceFilter(label="状态", choices=SupervisionLetter.State.choices, empty_label="全部")
    unit = VisibleFilter(label="单位", model=Unit, field_name="receipts__unit")
    overdue = YesNoFilter(label="逾期未答复", method="filter_overdue")
    sent = DateRangeFilter(field_name="sent_on", label="发出日期")

    def filter_overdue(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        late = SupervisionLetter.objects.overdue().values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


def kinds() -> list[tuple[str, str]]:
    return [(source.kind, source.label) for source in due_sources()]


class NoticeFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["rung__title", "rung__unit__name"], placeholder="事项、单位")
    kind = django_filters.ChoiceFilter(label="种类", field_name="rung__kind", choices=kinds, empty_label="全部")
    unread = YesNoFilter(label="未读", field_name="read_at", lookup_expr="isnull")

    class Meta:
        model = Notice
        fields: list[str] = []


class RungFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["title", "unit__name"], placeholder="事项、单位")
    kind = django_filters.ChoiceFilter(label="种类", choices=kinds, empty_label="全部")
    late = YesNoFilter(label="逾期", method="filter_late")
    told = DateRangeFilter(label="提醒日期", field_name="told_at")

    class Meta:
        model = Rung
        fields: list[str] = []

    def filter_late(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(step__gt=0) if value else rows.filter(step__lte=0)


class DeliveryFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["digest__recipient__name", "digest__recipient__unit__name"], placeholder="姓名、单位")
    state = django_filters.ChoiceFilter(label="状态", choices=Delivery.State.choices, empty_label="全部")
    channel = django_filters.ChoiceFilter(
        label="渠道", field_name="channel__kind", choices=Channel.Kind.choices, empty_label="全部"
    )
    day = DateRangeFilter(label="日期", field_name="digest__day")

    class Meta:
        model = Delivery
        fields: list[str] = []


class MeetingSearch(SearchFilter):
    """Words of minutes and decisions are found by those alone who may read them."""

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        request = self.parent.request
        self.fields = self.fields if request is not None and request.user.reads_region else ("title",)
        found: QuerySet[Any] = super().filter(queryset, value)
        return found.distinct()


class MeetingFilter(django_filters.FilterSet):
    q = MeetingSearch(fields=["title", "minutes", "decisions__text"], placeholder="会议、纪要、议定事项")
    state = django_filters.ChoiceFilter(label="状态", choices=Meeting.State.choices, empty_label="全部")
    planned = DateRangeFilter(field_name="planned_on", label="日期")

    class Meta:
        model = Meeting
        fields: list[str] = []
