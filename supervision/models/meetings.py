"""Advance meetings and committee meetings: they come back by rule, are minuted, and decide things that become tasks."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from supervision import transitions
from supervision.querysets import MeetingQuerySet, OfUnitQuerySet, SeriesQuerySet
from tasks.models import Task
from tasks.models.campaigns import Frequency
from units.models import Region, Unit, User

EVERY = [(one.value, one.label) for one in (Frequency.MONTH, Frequency.QUARTER, Frequency.HALF_YEAR)]


def in_bureau(user: User, region_id: str) -> bool:
    """Whether a user works in the bureau of a region."""
    return bool(user.reviews and user.unit is not None and region_id.startswith(user.unit.region.prefix))


class MeetingSeries(models.Model):
    """A meeting that comes back: every month, or in one month of each quarter, on a day of the month or the next
    working day."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    organ = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="召集单位")
    name = models.CharField("会议", max_length=100)
    every = models.CharField(
        "频次",
        max_length=10,
        choices=EVERY,
    )
    month = models.PositiveSmallIntegerField("期内第几个月", default=1)
    day = models.PositiveSmallIntegerField("几日", default=10)
    people = models.CharField("参加人员", max_length=300, blank=True)
    agenda = models.TextField("例行议程", blank=True)
    source = models.CharField("依据", max_length=200, blank=True)
    is_active = models.BooleanField("继续召开", default=True)

    objects: ClassVar[Any] = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = verbose_name_plural = "例会"
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="series_name_once_in_a_region")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("supervision:series_edit", args=[self.pk])


class Meeting(models.Model):
    """One meeting, of a series or by itself."""

    class State(models.TextChoices):
        PLANNED = "planned", "待召开"
        HELD = "held", "已召开"
        CANCELLED = "cancelled", "已取消"

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    organ = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="召集单位")
    series = models.ForeignKey(
        MeetingSeries, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name="例会"
    )
    period = models.CharField("期间", max_length=20, blank=True)
    title = models.CharField("会议", max_length=200)
    planned_on = models.DateField("应召开日期")
    held_on = models.DateField("召开日期", null=True, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    chair = models.CharField("主持人", max_length=60, blank=True)
    people = models.CharField("参加人员", max_length=500, blank=True)
    agenda = models.TextField("议程", blank=True)
    minutes = models.TextField("会议纪要", blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PLANNED)

    moves: ClassVar = transitions.MEETING_MOVES
    objects: ClassVar[Any] = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_on", "-pk"]
        verbose_name = verbose_name_plural = "会议"
        constraints = [
            models.UniqueConstraint(fields=["series", "period"], name="one_meeting_a_period"),
            models.CheckConstraint(
                condition=~models.Q(state="held") | models.Q(held_on__isnull=False), name="held_meeting_says_when"
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "planned_on"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("supervision:meeting", args=[self.pk])

    @property
    def is_overdue(self) -> bool:
        """The one rule of lateness; `MeetingQuerySet.overdue` says the same in SQL."""
        return self.is_overdue_on(timezone.localdate())

    def is_overdue_on(self, day: dt.date) -> bool:
        return self.state == self.State.PLANNED and self.planned_on < day

    def relations_of(self, user: User) -> frozenset[str]:
        return frozenset({"bureau"}) if in_bureau(user, self.region_id) else frozenset()


class Decision(models.Model):
    """One thing that a meeting decided, and the task of a campaign that it became."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    county = CountyField("meeting__region")
    position = models.PositiveSmallIntegerField("序号")
    text = models.TextField("议定事项")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="责任单位")
    due_on = models.DateField("完成时限")
    task = models.OneToOneField(Task, models.PROTECT, related_name="decision", verbose_name="任务")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间", default=timezone.now)

    objects: ClassVar[Any] = OfUnitQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "position"]
        verbose_name = verbose_name_plural = "议定事项"
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="one_decision_a_position")]

    def __str__(self) -> str:
        return self.text[:60]
