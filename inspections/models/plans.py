"""What is to be visited: the plan of a year, how often its rules want each mine seen, groups, and planned visits."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from inspections import transitions
from inspections.querysets import GroupQuerySet, PlannedQuerySet, PlanQuerySet, RuleQuerySet
from inspections.relations import relations_in
from mines.models import MineType
from units.models import Region, Unit, User


class VisitKind(models.TextChoices):
    PLANNED = "planned", "计划检查"
    SPECIAL = "special", "专项检查"
    UNANNOUNCED = "unannounced", "四不两直"
    CROSS = "cross", "交叉检查"
    LOOK_BACK = "look_back", "回头看"
    FIVE_GROUP = "five_group", "五人小组检查"
    REMOTE = "remote", "远程检查"


class PatrolGroup(models.Model):
    """People who visit the same mines again and again, such as a five-person group (五人小组)."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    name = models.CharField("名称", max_length=60)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="patrol_groups", verbose_name="成员")
    mines = models.ManyToManyField(Unit, related_name="patrol_groups", verbose_name="包保矿山")
    is_active = models.BooleanField("在用", default=True)

    objects: ClassVar[Any] = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = verbose_name_plural = "检查小组"
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="patrol_group_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("inspections:group", args=[self.pk])

    def relations_of(self, user: User) -> frozenset[str]:
        return frozenset(relations_in(self.region_id, user))


class InspectionPlan(models.Model):
    """The plan of one county for one year. Only what is in force asks for visits.

    `begins_on` is the day from which its rules are counted, so that a plan made in November does not show ten months
    of gaps.
    """

    class State(models.TextChoices):
        DRAFTING = "drafting", "编制中"
        IN_FORCE = "in_force", "执行中"

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    year = models.PositiveSmallIntegerField("年度")
    begins_on = models.DateField("起算日期")
    words = models.TextField("工作重点", blank=True)
    paper = models.CharField("批准文件", max_length=100, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFTING)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编制人")
    made_at = models.DateTimeField("编制时间", default=timezone.now)

    moves: ClassVar = transitions.PLAN_MOVES
    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "region"]
        verbose_name = verbose_name_plural = "检查计划"
        constraints = [models.UniqueConstraint(fields=["region", "year"], name="one_inspection_plan_a_year")]

    def __str__(self) -> str:
        return f"{self.region.name}{self.year}年度检查计划"

    def get_absolute_url(self) -> str:
        return reverse("inspections:plan", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.DRAFTING

    def relations_of(self, user: User) -> frozenset[str]:
        return frozenset(relations_in(self.region_id, user))


class CoverageRule(models.Model):
    """How often a plan wants each mine to be visited: by whom, how, and where that is written.

    With a group it speaks of that group's mines and of its visits; without, of every mine and of everybody's. An empty
    list of types or kinds means all of them.
    """

    class Period(models.TextChoices):
        WEEK = "week", "每周"
        MONTH = "month", "每月"
        QUARTER = "quarter", "每季度"
        HALF = "half", "每半年"
        YEAR = "year", "每年"

    plan = models.ForeignKey(InspectionPlan, models.CASCADE, related_name="rules", verbose_name="检查计划")
    county = CountyField("plan__region")
    position = models.PositiveSmallIntegerField("顺序")
    group = models.ForeignKey(
        PatrolGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="检查小组"
    )
    mine_types = models.JSONField("矿山类型", default=list, blank=True)
    kinds = models.JSONField("检查方式", default=list, blank=True)
    period = models.CharField("周期", max_length=8, choices=Period.choices)
    times = models.PositiveSmallIntegerField(
        "次数", default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    full = models.BooleanField("全面检查", default=False)
    source = models.CharField("依据", max_length=300)

    objects: ClassVar[Any] = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = verbose_name_plural = "检查覆盖要求"
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="coverage_position_once"),
            models.CheckConstraint(condition=models.Q(times__gte=1), name="coverage_asks_for_a_visit"),
        ]

    def __str__(self) -> str:
        whom = self.group.name if self.group else "应急管理局"
        types = "、".join(str(MineType(one).label) for one in self.mine_types) or "每座矿山"
        how = "、".join(str(VisitKind(one).label) for one in self.kinds)
        return f"{whom}：{types}{self.get_period_display()}{'全面' if self.full else ''}检查{self.times}次" + (
            f"（{how}）" if how else ""
        )


class PlannedVisit(models.Model):
    """A visit that is meant to happen between two days. It is done when a visit made for it is finished.

    That it is done is derived from its visits (`PlannedQuerySet.with_visit`), not stored.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "已安排"
        DROPPED = "dropped", "已取消"

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", db_index=False, verbose_name="地区")
    plan = models.ForeignKey(
        InspectionPlan, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="检查计划"
    )
    mine = models.ForeignKey(Unit, models.PROTECT, related_name="planned_visits", db_index=False, verbose_name="矿山")
    group = models.ForeignKey(
        PatrolGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="检查小组"
    )
    kind = models.CharField("检查方式", max_length=12, choices=VisitKind.choices, default=VisitKind.PLANNED)
    begins_on = models.DateField("最早")
    due_on = models.DateField("最迟")
    reason = models.CharField("安排理由", max_length=300, blank=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.PLANNED)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="安排人")
    planned_at = models.DateTimeField("安排时间", default=timezone.now)

    moves: ClassVar = transitions.PLANNED_MOVES
    objects: ClassVar[Any] = PlannedQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = verbose_name_plural = "计划检查"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("begins_on")), name="planned_visit_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["mine", "kind", "begins_on"],
                condition=models.Q(state="planned"),
                name="mine_planned_once_a_time",
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.mine} {self.begins_on:%m-%d}至{self.due_on:%m-%d} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:planned_visit", args=[self.pk])

    @property
    def finished_visit(self) -> int | None:
        """The key of the visit that did it; out of `with_visit`, or by a query."""
        if not hasattr(self, "done_by"):
            self.done_by: int | None = self.visits.filter(state="finished").values_list("pk", flat=True).first()
        return self.done_by

    @property
    def is_overdue(self) -> bool:
        """`PlannedQuerySet.overdue` says the same in SQL."""
        return self.is_overdue_on(timezone.localdate())

    def is_overdue_on(self, day: dt.date) -> bool:
        return self.state == self.State.PLANNED and self.due_on < day and self.finished_visit is None

    @property
    def result(self) -> str:
        """planned, done or dropped: what its chip shows."""
        return "done" if self.finished_visit and self.state == self.State.PLANNED else self.state

    def relations_of(self, user: User) -> frozenset[str]:
        return frozenset(relations_in(self.region_id, user))
