"""Enforcement documents of a visit, the hazards they list and the penalties they set."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from hazards.models import Hazard
from inspections import transitions
from inspections.document_kinds import CHOICES, FIRST, KINDS, DocumentKind
from inspections.models.visits import Visit
from inspections.querysets import DocumentQuerySet, PenaltyQuerySet
from inspections.relations import relations_in
from units.models import Region, User


class Document(models.Model):
    """One document of a visit, of a kind out of `document_kinds.KINDS`.

    Its number is taken when it is approved, runs without gaps for each county, kind and year, and stays for ever: a
    mistaken document becomes void and keeps it. From then on its words are not changed. The signed scan closes it.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", "起草中"
        SUBMITTED = "submitted", "待审批"
        APPROVED = "approved", "已签发"
        CLOSED = "closed", "已归档"
        VOID = "void", "已作废"

    IN_FORCE = ("approved", "closed")
    """States in which a document may be followed by the next."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="documents", verbose_name="检查")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers")
    kind = models.CharField("文书", max_length=12, choices=CHOICES)
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    serial = models.PositiveIntegerField("序号", null=True, blank=True)
    number = models.CharField("文号", max_length=60, blank=True)
    facts = models.TextField("事实和情况")
    demand = models.TextField("依据和决定")
    due_on = models.DateField("期限", null=True, blank=True)
    review_organ = models.CharField("行政复议机关", max_length=100, blank=True)
    court = models.CharField("行政诉讼法院", max_length=100, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFTED)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起草人")
    drafted_at = models.DateTimeField("起草时间", default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批人"
    )
    issued_on = models.DateField("签发日期", null=True, blank=True)
    received_by = models.CharField("签收人", max_length=40, blank=True)
    received_on = models.DateField("签收日期", null=True, blank=True)
    publish_by = models.DateField("应公示日期", null=True, blank=True)
    published_on = models.DateField("公示日期", null=True, blank=True)
    published_at = models.CharField("公示处", max_length=200, blank=True)

    moves: ClassVar = transitions.DOCUMENT_MOVES
    objects: ClassVar[Any] = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "执法文书"
        constraints = [
            models.UniqueConstraint(fields=["region", "kind", "year", "serial"], name="document_number_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=FIRST) | models.Q(parent__isnull=False), name="document_follows_another"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("drafted", "submitted", "void"))
                | models.Q(serial__isnull=False, approved_by__isnull=False, issued_on__isnull=False),
                name="approved_document_has_its_number",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("drafted_by")),
                name="document_is_not_approved_by_its_drafter",
            ),
        ]
        indexes = [models.Index(fields=["region", "state"]), models.Index(fields=["publish_by"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()

    def get_absolute_url(self) -> str:
        return reverse("inspections:document", args=[self.pk])

    @property
    def rules(self) -> DocumentKind:
        """What its kind demands."""
        return KINDS[self.kind]

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.DRAFTED, self.State.SUBMITTED)

    @property
    def in_force(self) -> bool:
        return self.state in self.IN_FORCE

    @property
    def is_late_to_publish(self) -> bool:
        """`DocumentQuerySet.late_to_publish` says the same in SQL."""
        return self.is_late_to_publish_on(timezone.localdate())

    def is_late_to_publish_on(self, day: dt.date) -> bool:
        in_force = self.state in Document.IN_FORCE
        return in_force and self.published_on is None and self.publish_by is not None and self.publish_by < day

    def relations_of(self, user: User) -> frozenset[str]:
        """Of the bureau, an officer of its visit, whoever may approve it (of the bureau, not its drafter), an admin."""
        found = set(self.visit.relations_of(user))
        if "bureau" in relations_in(self.region_id, user) and user.pk != self.drafted_by_id:
            found.add("approver")
        return frozenset(found)


class DocumentHazard(models.Model):
    """One line of the numbered list, as it read when the document was written."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="lines")
    county = CountyField("document__region")
    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="document_lines")
    position = models.PositiveSmallIntegerField("序号")
    text = models.TextField("问题隐患")
    due_on = models.DateField("期限", null=True, blank=True)
    outcome = models.CharField("复查情况", max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name = verbose_name_plural = "文书所列隐患"
        constraints = [models.UniqueConstraint(fields=["document", "hazard"], name="hazard_once_in_a_document")]

    def __str__(self) -> str:
        return f"{self.position}. {self.text}"


class Penalty(models.Model):
    """What the unit, or its head, pays: each on a row of its own (一案双罚)."""

    class Subject(models.TextChoices):
        UNIT = "unit", "单位"
        HEAD = "head", "主要负责人"

    document = models.ForeignKey(Document, models.CASCADE, related_name="penalties")
    county = CountyField("document__region")
    subject = models.CharField("处罚对象", max_length=4, choices=Subject.choices)
    name = models.CharField("名称或姓名", max_length=100)
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)
    paid_on = models.DateField("缴纳日期", null=True, blank=True)

    objects: ClassVar[Any] = PenaltyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "罚款"
        constraints = [
            models.UniqueConstraint(fields=["document", "subject"], name="one_penalty_per_subject"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="penalty_is_more_than_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}{self.name} {self.amount}元"


class Measure(models.Model):
    """What a document orders beside putting hazards right, as the enforcement count adds it up."""

    class Kind(models.TextChoices):
        STOP_EQUIPMENT = "stop_equipment", "停止使用设备"
        STOP_PART = "stop_part", "局部停止作业"
        STOP_MINE = "stop_mine", "停产整顿"
        SUSPEND_LICENCE = "suspend_licence", "暂扣许可证"
        JOINT_PUNISHMENT = "joint", "联合惩戒"
        EXPOSURE = "exposure", "公开曝光"

    UNITS: ClassVar = {
        "stop_equipment": "台", "stop_part": "处", "stop_mine": "处", "suspend_licence": "个", "joint": "次", "exposure": "次",
    }  # fmt: skip

    document = models.ForeignKey(Document, models.CASCADE, related_name="measures")
    county = CountyField("document__region")
    kind = models.CharField("措施", max_length=16, choices=Kind.choices)
    quantity = models.PositiveSmallIntegerField("数量")

    objects: ClassVar[Any] = PenaltyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "处理措施"
        constraints = [
            models.UniqueConstraint(fields=["document", "kind"], name="measure_once_in_a_document"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="measure_is_more_than_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{self.quantity}{self.UNITS[self.kind]}"
