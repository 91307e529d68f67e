"""The pages of the working-day calendar: everybody reads it, administrators keep it."""

from __future__ import annotations

import datetime
from typing import Any

import django_filters
from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from common.errors import NotAllowed, Refused
from common.forms import FormPage, PageForm
from common.history import record, snapshot
from common.lists import BulkAction, Column, ListPage
from common.models import CalendarDay
from common.templatetags.page import status
from common.workdays import years_to_enter

FIELDS = ("date", "kind", "name", "source")
KEEPERS_ONLY = "工作日历由管理员维护，请联系局管理员修改。"


@transaction.atomic
def set_calendar_day(*, by: Any, date: datetime.date, kind: str, name: str, source: str = "") -> CalendarDay:
    """Say what a day is, whatever the table said of it before. Raises NotAllowed for all but administrators."""
    if not by.is_staff:
        raise NotAllowed(KEEPERS_ONLY)
    if kind == CalendarDay.Kind.WORKDAY and date.weekday() < 5:
        raise Refused("周一至周五本来就是工作日，不用登记“调休上班”。", fields={"date": ["请选择周六或周日。"]})
    old = CalendarDay.objects.filter(date=date).first()
    before = snapshot(old, FIELDS) if old else None
    day, _ = CalendarDay.objects.update_or_create(date=date, defaults={"kind": kind, "name": name, "source": source})
    record("calendar.changed" if old else "calendar.added", day, by=by, before=before, after=snapshot(day, FIELDS))
    return day


@transaction.atomic
def remove_calendar_days(*, by: Any, days: QuerySet[CalendarDay]) -> int:
    """Let the days follow their weekday again, and answer how many."""
    if not by.is_staff:
        raise NotAllowed(KEEPERS_ONLY)
    rows = list(days)
    for day in rows:
        record("calendar.removed", day, by=by, before=snapshot(day, FIELDS))
        day.delete()
    return len(rows)


def _remove(rows: QuerySet[Any], by: Any, data: dict[str, Any]) -> str:
    return f"已删除{remove_calendar_days(by=by, days=rows)}天，这些日期按星期几计算。"


class CalendarFilter(django_filters.FilterSet):
    year = django_filters.ChoiceFilter(
        label="年份",
        field_name="date__year",
        empty_label="全部",
        choices=lambda: [(d.year, f"{d.year}年") for d in CalendarDay.objects.dates("date", "year", order="DESC")],
    )
    kind = django_filters.ChoiceFilter(label="性质", choices=CalendarDay.Kind.choices, empty_label="全部")

    class Meta:
        model = CalendarDay
        fields: list[str] = []


class CalendarList(ListPage):
    """Every day that is not what its weekday says."""

    model = CalendarDay
    title = "工作日历"
    lead = "期限里的“工作日”按这张表计算；没有登记的日期，周一至周五为工作日。"
    template_name = "common/calendar.html"
    filterset_class = CalendarFilter
    order = "-date"
    columns = (
        Column("date", "日期", kind="title", sort="date", link=True),
        Column("weekday", "星期", cell=lambda row: "一二三四五六日"[row.date.weekday()], kind="short"),
        Column("kind", "性质", cell=lambda row: status(row.kind, row.get_kind_display(), "blue"), kind="short"),
        Column("name", "名称"),
        Column("source", "依据"),
    )
    bulk_actions = (
        BulkAction(
            "remove",
            "删除",
            _remove,
            style="danger",
            confirm="确定删除所选日期吗？",
            visible=lambda user: user.is_staff,
        ),
    )
    empty_title = "还没有节假日数据"

    def get_queryset(self) -> QuerySet[Any]:
        return CalendarDay.objects.all()

    def row_url(self, row: CalendarDay) -> str:
        keeps = getattr(self.request.user, "is_staff", False)
        return f"{reverse('common:calendar_day')}?date={row.date}" if keeps else ""

    def extra_context(self) -> dict[str, Any]:
        missing = years_to_enter(timezone.localdate())
        return {"keeps": getattr(self.request.user, "is_staff", False), "missing": missing}


class CalendarDayForm(PageForm):
    date = forms.DateField(label="日期")
    kind = forms.ChoiceField(label="性质", choices=CalendarDay.Kind.choices)
    name = forms.CharField(label="名称", max_length=60, help_text="如：国庆节。")
    source = forms.CharField(label="依据", max_length=200, required=False, help_text="节假日安排通知的名称或文号。")


class CalendarDayPage(FormPage):
    """Enter a day, or change the one named in the address."""

    form_class = CalendarDayForm
    title = "登记节假日或调休上班日"

    @cached_property
    def day(self) -> CalendarDay | None:
        asked = self.request.GET.get("date", "")
        try:
            date = datetime.date.fromisoformat(asked)
        except ValueError:
            return None
        return get_object_or_404(CalendarDay, date=date)

    def get_initial(self) -> dict[str, Any]:
        if not getattr(self.request.user, "is_staff", False):
            raise NotAllowed(KEEPERS_ONLY)
        return {name: getattr(self.day, name) for name in FIELDS} if self.day else {"date": timezone.localdate()}

    def get_success_url(self) -> str:
        return reverse("common:calendar")

    def perform(self, form: CalendarDayForm) -> str:
        day = set_calendar_day(by=self.request.user, **form.cleaned_data)
        return f"已登记：{day}。"
