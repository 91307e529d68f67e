"""What the indicators were on each day, for trends; and what the year's assessment needs that no register knows."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from supervision.querysets import AccidentCountQuerySet
from units.models import Region, Unit


class DailySnapshot(models.Model):
    """The figures of one unit, or of the whole region (`unit` empty), from 1 January to the end of one day.

    `rebuilt` ones were counted later from the dates on record: they know a correction that came after the day, and
    leave out what a past day cannot tell.
    """

    region = models.ForeignKey(Region, models.CASCADE, related_name="+", verbose_name="地区")
    day = models.DateField("日期")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="单位")
    figures = models.JSONField("数字", default=dict)
    rebuilt = models.BooleanField("补算", default=False)

    class Meta:
        ordering = ["region", "day", "pk"]
        verbose_name = verbose_name_plural = "每日快照"
        constraints = [
            models.UniqueConstraint(fields=["region", "day", "unit"], name="one_snapshot_a_day"),
            models.UniqueConstraint(
                fields=["region", "day"], condition=models.Q(unit__isnull=True), name="one_snapshot_of_the_whole_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.unit or self.region}"


class AccidentCount(models.Model):
    """How many accidents and deaths a unit had in a year, entered by the bureau for the assessment (事故防范)."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    year = models.PositiveSmallIntegerField("年度")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    accidents = models.PositiveSmallIntegerField("事故起数", default=0)
    deaths = models.PositiveSmallIntegerField("死亡人数", default=0)
    note = models.CharField("说明", max_length=300, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间", default=timezone.now)

    objects: ClassVar[Any] = AccidentCountQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "unit"]
        verbose_name = verbose_name_plural = "年度事故数"
        constraints = [models.UniqueConstraint(fields=["year", "unit"], name="one_accident_count_a_year")]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"
