"""A region's own values for the rules that the apps register with `units/rules.py`."""

from __future__ import annotations

from django.db import models

from units.models.regions import Region


class RuleSetting(models.Model):
    """A value that a region sets for itself, and the paper by which it does."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="+", verbose_name="地区")
    key = models.CharField("规则", max_length=40)
    value = models.PositiveIntegerField("数值")
    source = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "规则"
        constraints = [models.UniqueConstraint(fields=["region", "key"], name="own_value_once_in_a_region")]

    def __str__(self) -> str:
        return f"{self.key}={self.value}"
