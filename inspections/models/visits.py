"""A visit to a mine: who came, what they looked at, what they saw."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from hazards.models import Clause, Hazard, Level, LookBack
from inspections import transitions
from inspections.models.checklists import Checklist
from inspections.models.plans import PatrolGroup, PlannedVisit, VisitKind
from inspections.querysets import CertificateQuerySet, ResultQuerySet, VisitQuerySet
from inspections.relations import relations_in
from units.models import Region, Unit, User


class Certificate(models.Model):
    """The certificate by which a person may inspect; its number is printed on every document."""

    officer = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="certificate", verbose_name="执法人员"
    )
    number = models.CharField("执法证号", max_length=40, unique=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)

    objects: ClassVar[Any] = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["officer_id"]
        verbose_name = verbose_name_plural = "执法证件"

    def __str__(self) -> str:
        return self.number

    @property
    def has_expired(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.localdate()


class Outcome(models.TextChoices):
    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"
    NOT_APPLICABLE = "na", "不涉及"


class Visit(models.Model):
    """One visit, from the gate to its record.

    `client_id` is made by the form before it is sent: the same form sent twice opens one visit. Items of the checklist
    are copied when the visit is opened, so that a later version does not change what was looked at.
    """

    Kind = VisitKind

    class State(models.TextChoices):
        RUNNING = "running", "检查中"
        FINISHED = "finished", "已完成"
        VOID = "void", "已作废"

    client_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", db_index=False, verbose_name="地区")
    number = models.CharField("编号", max_length=40, unique=True)
    mine = models.ForeignKey(Unit, models.PROTECT, related_name="visits", db_index=False, verbose_name="矿山")
    kind = models.CharField("检查方式", max_length=12, choices=Kind.choices)
    checklist = models.ForeignKey(
        Checklist, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="检查表"
    )
    group = models.ForeignKey(
        PatrolGroup, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="检查小组"
    )
    planned = models.ForeignKey(
        PlannedVisit, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="计划"
    )
    is_full = models.BooleanField("全面检查", default=False)
    begun_on = models.DateField("检查开始")
    ended_on = models.DateField("检查结束")
    places = models.CharField("检查地点", max_length=500)
    companion = models.CharField("矿方陪同人员", max_length=60, blank=True)
    measures = models.TextField("现场处理措施", blank=True)
    summary = models.TextField("检查情况", blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.RUNNING)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    opened_at = models.DateTimeField("登记时间", default=timezone.now)

    moves: ClassVar = transitions.VISIT_MOVES
    objects: ClassVar[Any] = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_on", "-pk"]
        verbose_name = verbose_name_plural = "检查"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on__gte=models.F("begun_on")), name="visit_ends_after_it_begins"
            )
        ]
        indexes = [
            models.Index(fields=["region", "begun_on"]),
            models.Index(fields=["mine", "begun_on"]),
            models.Index(fields=["region", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.mine}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:visit", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    def relations_of(self, user: User) -> frozenset[str]:
        """Of the bureau, an inspector, an administrator, or an officer of this very visit."""
        found = relations_in(self.region_id, user)
        if "inspector" in found and any(one.officer_id == user.pk for one in self.officers.all()):
            found.add("officer")
        return frozenset(found)


class VisitOfficer(models.Model):
    """One of those who came, with the certificate as it was on that day."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="officers")
    county = CountyField("visit__region")
    officer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="执法人员")
    certificate = models.CharField("执法证号", max_length=40)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "检查人员"
        constraints = [models.UniqueConstraint(fields=["visit", "officer"], name="officer_once_in_a_visit")]

    def __str__(self) -> str:
        return f"{self.officer.name}（{self.certificate}）"


class VisitResult(models.Model):
    """One thing that was looked at: out of the checklist, or added on the spot (`is_own`).

    `client_id` is made by the form, so that what a weak connection sends twice is kept once.
    """

    client_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="results")
    county = CountyField("visit__region")
    position = models.PositiveSmallIntegerField("顺序")
    section = models.CharField("分类", max_length=60, blank=True)
    text = models.CharField("检查内容", max_length=500)
    basis = models.CharField("依据", max_length=300, blank=True)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+")
    is_own = models.BooleanField("现场添加", default=False)
    outcome = models.CharField("结果", max_length=8, choices=Outcome.choices, blank=True)
    words = models.CharField("情况", max_length=1000, blank=True)
    # What the officer thought of a fault on the spot; the register has its own once the hazard is entered.
    place = models.CharField("地点", max_length=200, blank=True)
    level = models.CharField("初定等级", max_length=10, choices=Level.choices, blank=True)
    due_on = models.DateField("初定整改期限", null=True, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField("检查时间", null=True, blank=True)
    look_back = models.ForeignKey(
        LookBack, models.PROTECT, null=True, blank=True, related_name="results", verbose_name="回头看"
    )
    hazard = models.OneToOneField(
        Hazard, models.PROTECT, null=True, blank=True, related_name="finding", verbose_name="登记的隐患"
    )

    objects: ClassVar[Any] = ResultQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = verbose_name_plural = "检查结果"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(outcome="failed") | ~models.Q(words=""), name="fault_says_what_is_wrong"
            ),
            models.CheckConstraint(
                condition=models.Q(hazard__isnull=True) | models.Q(outcome="failed"), name="hazard_comes_from_a_fault"
            ),
        ]

    def __str__(self) -> str:
        return self.text
