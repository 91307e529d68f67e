"""One mine, one file: what kind of mine a unit is."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from mines.querysets import MineQuerySet
from units.models import Unit


class MineType(models.TextChoices):
    """The kinds that the catalogues of major hazards tell apart."""

    COAL_UNDERGROUND = "coal_underground", "井工煤矿"
    COAL_OPEN_PIT = "coal_open_pit", "露天煤矿"
    NONCOAL_UNDERGROUND = "noncoal_underground", "金属非金属地下矿山"
    NONCOAL_OPEN_PIT = "noncoal_open_pit", "金属非金属露天矿山"
    TAILINGS_POND = "tailings_pond", "尾矿库"


class Mine(models.Model):
    """What a unit of the kind mine is as a mine."""

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="mine", verbose_name="单位")
    mine_type = models.CharField("矿山类型", max_length=24, choices=MineType.choices)

    objects: ClassVar[Any] = MineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "矿山"

    def __str__(self) -> str:
        return self.unit.name
