"""What a hazard waits for beside its way: its mine to resume, or another department to answer."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from hazards.models.register import Hazard
from hazards.querysets import HandOverQuerySet
from units.models import Unit


class HazardSuspension(models.Model):
    """The days for which a hazard waits because its mine is suspended; its own day is not moved by them."""

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="suspensions")
    county = CountyField("hazard__region")
    reason = models.CharField("暂缓理由", max_length=300)
    paper = models.CharField("停产文书", max_length=120)
    since = models.DateField("暂缓起始日期")
    resumed_on = models.DateField("恢复办理日期", null=True, blank=True)
    resumed_paper = models.CharField("复产文书", max_length=120, blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["hazard", "pk"]
        verbose_name = verbose_name_plural = "停产暂缓"
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=models.Q(resumed_on__isnull=True), name="one_open_suspension_per_hazard"
            ),
            models.CheckConstraint(
                condition=models.Q(resumed_on__isnull=True) | models.Q(resumed_on__gte=models.F("since")),
                name="suspension_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}起停产暂缓"

    @property
    def days(self) -> int:
        """How many days the hazard waited, or has waited until today."""
        return self.days_until(timezone.localdate())

    def days_until(self, today: dt.date) -> int:
        return ((self.resumed_on or today) - self.since).days


class HandOver(models.Model):
    """A hazard that is another department's business: sent with a letter, received, answered.

    The answer is what was done. It takes the place of the mine's own claim and of nothing else: whoever enters it
    counts as the rectifier, and others re-inspect before the hazard is closed.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", "等待答复"
        TREATED = "treated", "答复已整改"
        TAKEN_BACK = "taken_back", "收回办理"

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="hand_overs", verbose_name="隐患")
    county = CountyField("hazard__region")
    receiver = models.CharField("移送至", max_length=200)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="接收单位",
        help_text="接收部门在本系统中的单位；它的联络员可以自己签收、填报和答复。",
    )  # fmt: skip
    letter = models.CharField("移送函文号", max_length=60)
    reason = models.TextField("移送理由")
    sent_on = models.DateField("移送日期")
    received_on = models.DateField("签收日期", null=True, blank=True)
    receipt = models.CharField("签收人或回执", max_length=120, blank=True)
    treatment = models.TextField("办理情况", blank=True)
    treatment_on = models.DateField("填报日期", null=True, blank=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answer = models.TextField("答复内容", blank=True)
    answer_paper = models.CharField("答复文号", max_length=60, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = HandOverQuerySet.as_manager()

    class Meta:
        ordering = ["hazard", "pk"]
        verbose_name = verbose_name_plural = "隐患移送"
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=models.Q(outcome="waiting"), name="one_open_hand_over_per_hazard"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="waiting") | (models.Q(answered_on__isnull=False) & ~models.Q(answer="")),
                name="ended_hand_over_says_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sent_on:%Y-%m-%d}移送{self.receiver}"

    def get_absolute_url(self) -> str:
        return reverse("hazards:handed_over", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.WAITING
