"""What each unit owes on a task, the items it owes by a day, and what it handed in."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from tasks import transitions
from tasks.models.campaigns import Campaign, Deadline, Recurrence, Responsibility, Task, UnitRole
from tasks.querysets import OPEN_STATES, AssignmentQuerySet, DueItemQuerySet, ExtensionQuerySet
from units.models import Region, Unit, User


def relations(user: User, unit: Unit, region_id: str) -> frozenset[str]:
    """What a user is to what `unit` owes inside `region_id`: one of its people, its reviewer, both or neither."""
    found = set()
    if user.reports and user.unit_id == unit.pk:
        found.add("unit")
    if user.reviews and user.unit and region_id.startswith(user.unit.region.prefix):
        found.add("reviewer")
    return frozenset(found)


class Assignment(models.Model):
    """One unit's part in one task, with a state of its own. `due_on` is the nearest day still open (see DueItem);
    recurring duties are counted from `begins_on`."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", "未开始"
        IN_PROGRESS = "in_progress", "推进中"
        SUBMITTED = "submitted", "待审核"
        RETURNED = "returned", "已退回"
        DONE = "done", "已完成"

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="assignments", verbose_name="专项行动")
    task = models.ForeignKey(Task, models.CASCADE, related_name="assignments", verbose_name="任务")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments", verbose_name="单位")
    responsibility = models.ForeignKey(Responsibility, models.SET_NULL, null=True, related_name="assignments")
    role = models.CharField("职责", max_length=12, choices=UnitRole.choices, default=UnitRole.RESPONSIBLE)
    printed_name = models.CharField("原文名称", max_length=200, blank=True)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.NOT_STARTED)
    is_ongoing = models.BooleanField("长期坚持", default=False)
    percent = models.PositiveSmallIntegerField("进度", default=0)
    summary = models.TextField("主要进展及完成情况", blank=True)
    begins_on = models.DateField("起算日期", default=timezone.localdate)
    due_on = models.DateField("应完成日期", null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    returned_count = models.PositiveSmallIntegerField("退回次数", default=0)
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    moves: ClassVar = transitions.ASSIGNMENT_MOVES
    objects: ClassVar[Any] = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["task__position", "pk"]
        verbose_name = verbose_name_plural = "责任事项"
        constraints = [
            models.UniqueConstraint(fields=["task", "unit"], name="one_assignment_per_task_and_unit"),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="percent_is_at_most_100"),
            models.CheckConstraint(
                condition=~models.Q(state="done", is_ongoing=True), name="ongoing_assignments_are_never_done"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"]),
            models.Index(fields=["campaign", "state", "due_on"]),
            models.Index(fields=["region", "state", "due_on"]),
            models.Index(fields=["campaign", "unit"]),
            models.Index(fields=["state", "submitted_at"]),
            models.Index(fields=["due_on", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.task}（{self.unit}）"

    def get_absolute_url(self) -> str:
        return reverse("tasks:assignment", args=[self.pk])

    def relations_of(self, user: User) -> frozenset[str]:
        if self.withdrawn_on or self.campaign.state != Campaign.State.ACTIVE:
            return frozenset()
        return relations(user, self.unit, self.region_id)

    @property
    def is_overdue(self) -> bool:
        """The one rule of lateness; `AssignmentQuerySet.overdue` says the same in SQL."""
        return self.is_overdue_on(timezone.localdate())

    def is_overdue_on(self, day: dt.date) -> bool:
        return self.due_on is not None and self.due_on < day and self.state in OPEN_STATES and self.withdrawn_on is None


class DueItem(models.Model):
    """One thing that an assignment owes by one day: a dated deadline, or one period of a recurring duty."""

    class State(models.TextChoices):
        OPEN = "open", "待完成"
        REPORTED = "reported", "待审核"
        RETURNED = "returned", "已退回"
        ACCEPTED = "accepted", "已完成"

    PENDING = (State.OPEN, State.RETURNED)

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="due_items")
    county = CountyField("assignment__region")
    deadline = models.ForeignKey(Deadline, models.CASCADE, null=True, blank=True, related_name="due_items")
    recurrence = models.ForeignKey(Recurrence, models.CASCADE, null=True, blank=True, related_name="due_items")
    period = models.CharField("期间", max_length=20, blank=True)
    label = models.CharField("事项", max_length=500, blank=True)
    due_on = models.DateField("应完成日期")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField("填报时间", null=True, blank=True)

    moves: ClassVar = transitions.DUE_ITEM_MOVES
    objects: ClassVar[Any] = DueItemQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = verbose_name_plural = "到期事项"
        constraints = [
            models.UniqueConstraint(fields=["assignment", "deadline"], name="one_due_item_per_deadline"),
            models.UniqueConstraint(fields=["assignment", "recurrence", "period"], name="one_due_item_per_period"),
            models.CheckConstraint(
                condition=models.Q(deadline__isnull=True) ^ models.Q(recurrence__isnull=True),
                name="due_item_of_a_deadline_or_of_a_recurrence",
            ),
        ]
        indexes = [
            models.Index(fields=["assignment", "state", "due_on"]),
            models.Index(fields=["state", "due_on"]),
            models.Index(fields=["state", "reported_at"]),
            models.Index(fields=["due_on", "id"]),
        ]

    def __str__(self) -> str:
        return self.label or self.assignment.task.heading

    def relations_of(self, user: User) -> frozenset[str]:
        return self.assignment.relations_of(user)

    @property
    def is_overdue(self) -> bool:
        return self.due_on < timezone.localdate() and self.state in self.PENDING


class ProgressEntry(models.Model):
    """What a unit says of its progress on a day. Entries are never changed; a correction is a new entry."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="progress")
    county = CountyField("assignment__region")
    due_item = models.ForeignKey(DueItem, models.SET_NULL, null=True, blank=True, related_name="progress")
    percent = models.PositiveSmallIntegerField("进度")
    text = models.TextField("进展情况")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("填报时间", default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = verbose_name_plural = "进展记录"

    def __str__(self) -> str:
        return f"{self.percent}% {self.text[:40]}"


class DeadlineExtension(models.Model):
    """A request to move one due day. Rows are kept whatever came of them, so that all former dates can be read."""

    class State(models.TextChoices):
        REQUESTED = "requested", "待审批"
        APPROVED = "approved", "已同意"
        REFUSED = "refused", "未同意"
        WITHDRAWN = "withdrawn", "已撤回"

    due_item = models.ForeignKey(DueItem, models.CASCADE, related_name="extensions")
    county = CountyField("due_item__county")
    old_due_on = models.DateField("原期限")
    new_due_on = models.DateField("申请延至")
    reason = models.TextField("理由")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.REQUESTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    requested_at = models.DateTimeField("申请时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)

    moves: ClassVar = transitions.EXTENSION_MOVES
    objects: ClassVar[Any] = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = verbose_name_plural = "延期申请"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(new_due_on__gt=models.F("old_due_on")), name="extension_goes_forward"
            ),
            models.UniqueConstraint(
                fields=["due_item"], condition=models.Q(state="requested"), name="one_open_extension_per_due_item"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("requested_by"))
                | models.Q(state="withdrawn"),
                name="extension_decided_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_due_on} → {self.new_due_on}"

    def relations_of(self, user: User) -> frozenset[str]:
        return self.due_item.assignment.relations_of(user)
