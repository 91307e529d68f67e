"""Looking again at a hazard that was closed (回头看)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from hazards.models.register import Hazard
from hazards.models.signs import Sign
from hazards.querysets import LookBackQuerySet
from units.models import User


class LookBack(models.Model):
    """A look at the place of a closed hazard, ordered by the bureau, made by people who did not close it.

    One that finds that the rectification does not hold opens the hazard again.
    """

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="look_backs", verbose_name="隐患")
    county = CountyField("hazard__region")
    sign = models.ForeignKey(
        Sign, models.SET_NULL, null=True, blank=True, related_name="look_backs", verbose_name="由疑点引起"
    )
    reason = models.CharField("安排理由", max_length=300)
    due_on = models.DateField("应完成日期")
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="安排人")
    ordered_at = models.DateTimeField("安排时间", default=timezone.now)
    on = models.DateField("回头看日期", null=True, blank=True)
    officers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="回头看人员")
    holds = models.BooleanField("整改属实", null=True, blank=True)
    opinion = models.TextField("看到的情况", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = LookBackQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "回头看"
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=models.Q(on__isnull=True), name="one_open_look_back_per_hazard"
            ),
            models.CheckConstraint(
                condition=models.Q(on__isnull=True) | (models.Q(holds__isnull=False) & ~models.Q(opinion="")),
                name="made_look_back_says_what_was_seen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard.number} 回头看"

    def get_absolute_url(self) -> str:
        return reverse("hazards:look_back", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.on is None

    @property
    def is_overdue(self) -> bool:
        """`LookBackQuerySet.overdue` says the same in SQL."""
        return self.on is None and self.due_on < timezone.localdate()

    @property
    def fails(self) -> bool:
        """Whether it found that the present closing of the hazard does not hold."""
        closed_on = self.hazard.closed_on
        return self.holds is False and self.on is not None and closed_on is not None and self.on >= closed_on

    @property
    def result(self) -> str:
        """waiting, holds or fails: what its chip shows."""
        return "waiting" if self.on is None else "holds" if self.holds else "fails"

    def relations_of(self, user: User) -> frozenset[str]:
        return self.hazard.relations_of(user)
