"""Why a major hazard could come about: causes, who answers for it, and what has to change."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from hazards import transitions
from hazards.models.measures import InstitutionalMeasure
from hazards.models.register import Hazard
from hazards.querysets import InvestigationQuerySet
from units.models import Unit, User


class Investigation(models.Model):
    """The investigation of one major hazard, written by the bureau and signed by a second person.

    Until it is signed only those who read the region see it; then everybody who sees the hazard.
    """

    class State(models.TextChoices):
        DRAFTING = "drafting", "调查中"
        SUBMITTED = "submitted", "待签发"
        SIGNED = "signed", "已签发"

    PARTS = ("team", "facts", "direct_cause", "managerial_cause", "conclusion")

    hazard = models.OneToOneField(Hazard, models.CASCADE, related_name="investigation", verbose_name="隐患")
    county = CountyField("hazard__region")
    team = models.TextField("调查人员", help_text="组长和成员的姓名、单位、职务。")
    begun_on = models.DateField("调查开始日期")
    facts = models.TextField("调查查明的事实", blank=True)
    direct_cause = models.TextField("直接原因", blank=True)
    managerial_cause = models.TextField("管理原因", blank=True)
    conclusion = models.TextField("调查结论", blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFTING)
    number = models.CharField("文号", max_length=60, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="执笔人")
    written_at = models.DateTimeField("填写时间", default=timezone.now)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人"
    )
    signed_on = models.DateField("签发日期", null=True, blank=True)

    moves: ClassVar = transitions.INVESTIGATION_MOVES
    objects: ClassVar[Any] = InvestigationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "重大隐患调查"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="signed") | models.Q(signed_by__isnull=False, signed_on__isnull=False),
                name="signed_investigation_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_by__isnull=True) | ~models.Q(signed_by=models.F("written_by")),
                name="investigation_is_signed_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard.number} 调查"

    def get_absolute_url(self) -> str:
        return reverse("hazards:investigation", args=[self.hazard_id])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.DRAFTING

    @property
    def is_signed(self) -> bool:
        return self.state == self.State.SIGNED

    def relations_of(self, user: User) -> frozenset[str]:
        return self.hazard.relations_of(user) & {"bureau", "admin"}


class Liability(models.Model):
    """Who answers for it, for what, and what is proposed to be done."""

    class Kind(models.TextChoices):
        DIRECT = "direct", "直接责任"
        MAIN = "main", "主要责任"
        LEADING = "leading", "领导责任"
        SUPERVISORY = "supervisory", "监管责任"

    investigation = models.ForeignKey(Investigation, models.CASCADE, related_name="liabilities")
    county = CountyField("investigation__county")
    name = models.CharField("责任人或责任单位", max_length=100)
    post = models.CharField("单位和职务", max_length=120, blank=True)
    kind = models.CharField("责任", max_length=12, choices=Kind.choices)
    fault = models.TextField("责任事实")
    handling = models.TextField("处理建议")

    class Meta:
        ordering = ["investigation", "pk"]
        verbose_name = verbose_name_plural = "责任认定"

    def __str__(self) -> str:
        return f"{self.name} {self.get_kind_display()}"


class Recommendation(models.Model):
    """What has to change so that it does not come about again: by whom, until when; perhaps as a measure of the list."""

    investigation = models.ForeignKey(Investigation, models.CASCADE, related_name="recommendations")
    county = CountyField("investigation__county")
    text = models.TextField("建议")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="责任单位")
    due_on = models.DateField("完成时限")
    measure = models.OneToOneField(
        InstitutionalMeasure, models.SET_NULL, null=True, blank=True, related_name="recommendation"
    )

    class Meta:
        ordering = ["investigation", "pk"]
        verbose_name = verbose_name_plural = "整改建议"

    def __str__(self) -> str:
        return self.text[:60]
