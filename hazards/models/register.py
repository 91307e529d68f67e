"""The register itself: hazards, and requests to move their day."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from common.county import CountyField
from hazards import transitions
from hazards.models.catalogue import Clause
from hazards.querysets import OPEN_STATES, HazardExtensionQuerySet, HazardQuerySet
from tasks.models import Task
from units.models import Region, Role, Unit, User
from units.rules import rules_for


class Level(models.TextChoices):
    GENERAL = "general", "一般隐患"
    MAJOR = "major", "重大隐患"


class Source(models.TextChoices):
    SELF_CHECK = "self_check", "企业自查"
    INSPECTION = "inspection", "监管检查"
    TIP_OFF = "tip_off", "群众举报"
    ASSIGNED = "assigned", "上级交办"
    MONITORING = "monitoring", "监测预警"


class Hazard(models.Model):
    """Something that can kill, from the day it was found to the day somebody else saw that it is gone.

    `proposed_level` is the system's proposal from the clause; `level` is a person's decision, with `level_reason` where
    the two differ. `rectifier` is whoever claimed the latest rectification: never one who re-inspects it.
    Nothing is deleted: a mistaken entry becomes void.
    """

    class State(models.TextChoices):
        REGISTERED = "registered", "待定级"
        GRADED = "graded", "已定级"
        TREATING = "treating", "治理中"
        SELF_ACCEPTED = "self_accepted", "自验合格"
        AWAITING = "awaiting", "待复查"
        RETURNED = "returned", "复查退回"
        CLOSED = "closed", "已销号"
        SUSPENDED = "suspended", "停产暂缓"
        HANDED_OVER = "handed_over", "已移送"
        VOID = "void", "已作废"

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", db_index=False, verbose_name="地区")
    number = models.CharField("编号", max_length=40, unique=True)
    mine = models.ForeignKey(Unit, models.PROTECT, related_name="hazards", db_index=False, verbose_name="矿山")
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name="所属行动任务"
    )
    area = models.ForeignKey(
        "hazards.MineArea",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="hazards",
        verbose_name="区域",
    )
    place = models.CharField("地点", max_length=200)
    description = models.TextField("隐患内容")
    source = models.CharField("来源", max_length=12, choices=Source.choices)
    found_on = models.DateField("发现日期")
    found_by = models.CharField("发现人", max_length=60, blank=True)
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="hazards", db_index=False, verbose_name="判定条款"
    )
    proposed_level = models.CharField("系统建议", max_length=8, choices=Level.choices, blank=True)
    level = models.CharField("等级", max_length=8, choices=Level.choices, blank=True)
    level_reason = models.CharField("与建议不同的理由", max_length=300, blank=True)
    measures = models.TextField("整改措施", blank=True)
    responsible_unit = models.CharField("责任单位", max_length=100, blank=True)
    responsible_person = models.CharField("责任人", max_length=40, blank=True)
    remark = models.CharField("备注", max_length=500, blank=True)
    due_on = models.DateField("整改期限", null=True, blank=True)
    state = models.CharField("状态", max_length=16, choices=State.choices, default=State.REGISTERED)
    former_state = models.CharField("原来的状态", max_length=16, choices=State.choices, blank=True)
    returned_count = models.PositiveSmallIntegerField("退回次数", default=0)
    rectifier = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="整改人",
    )
    rectified_on = models.DateField("整改完成日期", null=True, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name="登记人"
    )
    registered_at = models.DateTimeField("登记时间", default=timezone.now)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    moves: ClassVar = transitions.HAZARD_MOVES
    objects: ClassVar[Any] = HazardQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "隐患"
        constraints = [
            models.CheckConstraint(condition=models.Q(level__in=("", *Level.values)), name="hazard_has_a_known_level"),
            models.CheckConstraint(
                condition=models.Q(state__in=("registered", "handed_over", "void")) | ~models.Q(level=""),
                name="hazard_is_graded_before_it_is_treated",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("suspended", "handed_over")) | ~models.Q(former_state=""),
                name="waiting_hazard_knows_its_former_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | models.Q(closed_on__isnull=False, closed_by__isnull=False),
                name="closed_hazard_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_by__isnull=True)
                | models.Q(rectifier__isnull=True)
                | ~models.Q(closed_by=models.F("rectifier")),
                name="hazard_is_not_closed_by_its_rectifier",
            ),
        ]
        # References have no index of their own (db_index=False): one of these begins with the same column, or nobody asks.
        indexes = [
            models.Index(fields=["found_on"]),
            models.Index(fields=["due_on"]),
            models.Index(fields=["region", "state", "due_on"]),
            models.Index(fields=["region", "level", "state"]),
            models.Index(fields=["region", "id"]),
            models.Index(
                fields=["state", "rectified_on"],
                condition=models.Q(state__in=("registered", "awaiting")),
                name="hazard_waiting_for_bureau",
            ),
            models.Index(fields=["mine", "state", "due_on"]),
            models.Index(fields=["mine", "found_on"]),
            models.Index(fields=["clause", "found_on"]),
            models.Index(fields=["area"], condition=models.Q(area__isnull=False), name="hazard_by_area"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.description[:30]}"

    def get_absolute_url(self) -> str:
        return reverse("hazards:hazard", args=[self.pk])

    @cached_property
    def rules(self) -> dict[str, int]:
        """The days and numbers in force in its county, read once while one hazard is looked at."""
        return rules_for(self.region_id)

    @property
    def is_major(self) -> bool:
        return self.level == Level.MAJOR

    @property
    def round(self) -> int:
        """Which attempt at rectification this is, from 1; every return begins a new one."""
        return self.returned_count + 1

    @property
    def is_overdue(self) -> bool:
        """The one rule of lateness; `HazardQuerySet.overdue` says the same in SQL."""
        return self.is_overdue_on(timezone.localdate())

    def is_overdue_on(self, day: dt.date) -> bool:
        return self.due_on is not None and self.due_on < day and self.state in OPEN_STATES

    def relations_of(self, user: User) -> frozenset[str]:
        """What a user is to this hazard: of its mine, of the bureau, somebody who may check or found it, an administrator, of the department that has it."""
        found = set()
        of_bureau = user.unit is not None and user.reads_region and self.region_id.startswith(user.unit.region.prefix)
        if user.reports and user.unit_id == self.mine_id:
            found.add("mine")
            if self.source == Source.SELF_CHECK:
                found.add("self_checker")
        if of_bureau and user.reviews:
            found.add("bureau")
        if of_bureau and (user.reviews or user.role == Role.INSPECTOR):
            found.add("inspector")
            if self.source == Source.INSPECTION and self.registered_by_id == user.pk:
                found.add("finder")
        if of_bureau and user.role == Role.BUREAU_ADMIN:
            found.add("admin")
        if self.state == self.State.HANDED_OVER and user.reports and not of_bureau and self._is_with(user.unit_id):
            found.add("receiver")
        return frozenset(found)

    def _is_with(self, unit: int | None) -> bool:
        """Whether this unit is the department that has the hazard now."""
        found: bool = self.hand_overs.open().filter(unit__isnull=False, unit=unit).exists()
        return found


class HazardExtension(models.Model):
    """A request to move the day of a hazard; kept whatever came of it."""

    class State(models.TextChoices):
        REQUESTED = "requested", "待审批"
        APPROVED = "approved", "已同意"
        REFUSED = "refused", "未同意"
        WITHDRAWN = "withdrawn", "已撤回"

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="extensions")
    county = CountyField("hazard__region")
    old_due_on = models.DateField("原期限")
    new_due_on = models.DateField("申请延至")
    reason = models.TextField("理由")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.REQUESTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("申请时间", auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)

    moves: ClassVar = transitions.EXTENSION_MOVES
    objects: ClassVar[Any] = HazardExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = verbose_name_plural = "隐患延期申请"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(new_due_on__gt=models.F("old_due_on")), name="hazard_extension_goes_forward"
            ),
            models.UniqueConstraint(
                fields=["hazard"], condition=models.Q(state="requested"), name="one_open_extension_per_hazard"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_due_on} → {self.new_due_on}"

    def relations_of(self, user: User) -> frozenset[str]:
        return self.hazard.relations_of(user)
