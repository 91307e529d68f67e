"""Closed hazards drawn to be looked at again (回头看): by lot and by risk, so that the draw can be shown later."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from hazards.models import LookBack
from inspections.querysets import DrawQuerySet
from inspections.relations import relations_in
from units.models import Region, User


class LookBackDraw(models.Model):
    """One draw: what it drew from, how many, and the seed that nobody could choose. It is never changed.

    `pool` keeps every hazard that could be drawn as [number, points], so that whoever wants can draw again by hand
    (`inspections/drawing.py`).
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    closed_from = models.DateField("销号日期从")
    closed_until = models.DateField("销号日期到")
    random_count = models.PositiveSmallIntegerField("随机抽取")
    risk_count = models.PositiveSmallIntegerField("按风险抽取")
    due_on = models.DateField("应完成日期")
    method = models.CharField("方法", max_length=20)
    seed = models.CharField("随机种子", max_length=32)
    pool = models.JSONField("抽取范围")
    digest = models.CharField("抽取范围的摘要", max_length=64)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="抽取人")
    drawn_at = models.DateTimeField("抽取时间", default=timezone.now)

    objects: ClassVar[Any] = DrawQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "回头看抽查"

    def __str__(self) -> str:
        return f"{self.region.name}{self.drawn_at:%Y-%m-%d}回头看抽查"

    def get_absolute_url(self) -> str:
        return reverse("inspections:draw", args=[self.pk])

    def relations_of(self, user: User) -> frozenset[str]:
        return frozenset(relations_in(self.region_id, user))


class DrawnHazard(models.Model):
    """One hazard that was drawn, and the look that was ordered for it."""

    class How(models.TextChoices):
        RANDOM = "random", "随机"
        RISK = "risk", "按风险"

    draw = models.ForeignKey(LookBackDraw, models.PROTECT, related_name="drawn")
    county = CountyField("draw__region")
    look_back = models.OneToOneField(LookBack, models.PROTECT, related_name="drawn", verbose_name="回头看")
    how = models.CharField("方式", max_length=6, choices=How.choices)
    rank = models.PositiveSmallIntegerField("顺序")
    points = models.PositiveSmallIntegerField("风险分")

    class Meta:
        ordering = ["rank"]
        verbose_name = verbose_name_plural = "抽中的隐患"
        constraints = [models.UniqueConstraint(fields=["draw", "rank"], name="drawn_rank_once")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.look_back}"
