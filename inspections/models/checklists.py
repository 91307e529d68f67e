"""What to look at: checklists by the kind of mine, one version after another."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from hazards.models import Clause
from inspections import transitions
from inspections.querysets import ChecklistQuerySet
from inspections.relations import relations_in
from mines.models import MineType
from units.models import Region, User


class Checklist(models.Model):
    """One version of a checklist. A version in use is not changed any more: a change makes the next one.

    Visits keep the items they were made with, so that an old record reads as it was written.
    """

    class State(models.TextChoices):
        DRAFTING = "drafting", "编制中"
        IN_USE = "in_use", "使用中"
        RETIRED = "retired", "已停用"

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    name = models.CharField("名称", max_length=60)
    version = models.PositiveSmallIntegerField("版本", default=1)
    mine_type = models.CharField("矿山类型", max_length=24, choices=MineType.choices, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFTING)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编制人")
    made_at = models.DateTimeField("编制时间", default=timezone.now)

    moves: ClassVar = transitions.CHECKLIST_MOVES
    objects: ClassVar[Any] = ChecklistQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-version"]
        verbose_name = verbose_name_plural = "检查表"
        constraints = [
            models.UniqueConstraint(fields=["region", "name", "version"], name="checklist_version_once"),
            models.UniqueConstraint(
                fields=["region", "name"], condition=models.Q(state="drafting"), name="one_draft_per_checklist"
            ),
            models.UniqueConstraint(
                fields=["region", "name"], condition=models.Q(state="in_use"), name="one_checklist_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第{self.version}版）"

    def get_absolute_url(self) -> str:
        return reverse("inspections:checklist", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.DRAFTING

    def relations_of(self, user: User) -> frozenset[str]:
        return frozenset(relations_in(self.region_id, user))


class ChecklistItem(models.Model):
    """One thing to look at, with the clause that a fault falls under, where there is one."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items")
    county = CountyField("checklist__region")
    position = models.PositiveSmallIntegerField("顺序")
    section = models.CharField("分类", max_length=60, blank=True)
    text = models.CharField("检查内容", max_length=500)
    basis = models.CharField("依据", max_length=300, blank=True)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="判定条款")

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = verbose_name_plural = "检查项"
        constraints = [models.UniqueConstraint(fields=["checklist", "position"], name="checklist_position_once")]

    def __str__(self) -> str:
        return self.text
