"""The county's own words about a period, drafted from the reports and edited by a person."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from supervision.querysets import NarrativeQuerySet
from tasks.models import ReportingRule


class ConsolidatedNarrative(models.Model):
    """One version of the words of a consolidated report; an edit adds a version, and none is ever written over."""

    rule = models.ForeignKey(ReportingRule, models.CASCADE, related_name="narratives", verbose_name="报送规则")
    county = CountyField("rule__county")
    period = models.CharField("期间代码", max_length=20)
    version = models.PositiveIntegerField("版次")
    progress = models.TextField("总体进展")
    problems = models.TextField("存在问题", blank=True)
    plans = models.TextField("下步打算", blank=True)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编写人")
    edited_at = models.DateTimeField("编写时间", default=timezone.now)

    objects: ClassVar[Any] = NarrativeQuerySet.as_manager()

    class Meta:
        ordering = ["rule", "period", "-version"]
        verbose_name = verbose_name_plural = "汇总文字"
        constraints = [
            models.UniqueConstraint(fields=["rule", "period", "version"], name="narrative_once_in_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.period} 第{self.version}稿"

    def get_absolute_url(self) -> str:
        return reverse("supervision:consolidation", args=[self.rule_id, self.period])
