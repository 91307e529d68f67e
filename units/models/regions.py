"""Where: administrative divisions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models

from units.querysets import RegionQuerySet


class Region(models.Model):
    """An administrative division, by its GB/T 2260 code (6 digits) or its town or village code (9 or 12)."""

    code = models.CharField(
        "区划代码",
        max_length=12,
        primary_key=True,
        validators=[RegexValidator(r"^\d{6}(\d{3}){0,2}$", "区划代码应为6、9或12位数字。")],
    )
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=20, blank=True)

    objects: ClassVar[Any] = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = "行政区划"

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """The digits that the codes of this region and of everything inside it begin with."""
        if len(self.code) == 6:
            return (
                self.code[:2]
                if self.code.endswith("0000")
                else self.code[:4]
                if self.code.endswith("00")
                else self.code
            )
        return self.code[:9] if self.code.endswith("000") else self.code

    @property
    def county(self) -> Region:
        """The region itself, or for a town or village the county that it lies in."""
        return self if len(self.code) == 6 else Region.objects.get(code=self.code[:6])

    @property
    def level(self) -> str:
        return {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}[len(self.prefix)]
