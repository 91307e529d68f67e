"""Figures of past months as they were reported."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from hazards.querysets import MonthlyFiguresQuerySet
from units.models import Region, User


class MonthlyFigures(models.Model):
    """The monthly hazard table of a region as it was closed; closed again after a re-opening makes a further edition.

    `figures` maps the kind of mine to the cumulative figures from January (see `hazards/monthly.py`). Nothing is
    written over: what was reported first stays beside what it was corrected to.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    year = models.PositiveSmallIntegerField("年")
    month = models.PositiveSmallIntegerField("月")
    edition = models.PositiveSmallIntegerField("第几次")
    figures = models.JSONField("数字")
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="结账人")
    closed_at = models.DateTimeField("结账时间", default=timezone.now)
    reopened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="重开人")
    reopened_at = models.DateTimeField("重开时间", null=True)
    reopen_reason = models.CharField("重开理由", max_length=300, blank=True)

    objects: ClassVar[Any] = MonthlyFiguresQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-month", "-edition"]
        verbose_name = verbose_name_plural = "隐患月报数字"
        constraints = [
            models.UniqueConstraint(fields=["region", "year", "month", "edition"], name="month_once_in_an_edition"),
            models.UniqueConstraint(
                fields=["region", "year", "month"],
                condition=models.Q(reopened_at__isnull=True),
                name="month_is_closed_once_at_a_time",
            ),
            models.CheckConstraint(condition=models.Q(month__range=(1, 12)), name="month_of_the_calendar"),
            models.CheckConstraint(
                condition=models.Q(reopened_at__isnull=True) | ~models.Q(reopen_reason=""),
                name="month_is_reopened_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.month}月隐患排查治理情况"
