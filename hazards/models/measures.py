"""The second of the two lists: institutional measures (制度措施清单)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from hazards import transitions
from hazards.querysets import MeasureQuerySet
from tasks.models import Campaign
from units.models import Region, Unit, User


class InstitutionalMeasure(models.Model):
    """A rule or mechanism that has to be made so that the same hazard does not come back."""

    class State(models.TextChoices):
        DRAFTING = "drafting", "制定中"
        ISSUED = "issued", "已印发"
        DROPPED = "dropped", "不再制定"

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="measures", verbose_name="专项行动"
    )
    name = models.CharField("制度/措施名称", max_length=200)
    gist = models.TextField("主要内容", blank=True)
    lead_unit = models.ForeignKey(Unit, models.PROTECT, related_name="measures", verbose_name="牵头单位")
    responsible_units = models.CharField("责任单位", max_length=300, blank=True)
    due_on = models.DateField("完成时限", null=True, blank=True)
    document = models.CharField("印发文件", max_length=200, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    progress = models.TextField("进展", blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFTING)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    created_at = models.DateTimeField("登记时间", default=timezone.now)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    moves: ClassVar = transitions.MEASURE_MOVES
    objects: ClassVar[Any] = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "制度措施"
        constraints = [
            models.UniqueConstraint(fields=["region", "lead_unit", "name"], name="measure_once_with_a_unit"),
            models.CheckConstraint(
                condition=~models.Q(state="issued") | ~models.Q(document=""), name="issued_measure_names_its_document"
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "due_on"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("hazards:measure", args=[self.pk])

    @property
    def is_overdue(self) -> bool:
        """`MeasureQuerySet.overdue` says the same in SQL."""
        return self.is_overdue_on(timezone.localdate())

    def is_overdue_on(self, day: dt.date) -> bool:
        return self.state == self.State.DRAFTING and self.due_on is not None and self.due_on < day

    def relations_of(self, user: User) -> frozenset[str]:
        """The bureau keeps the list; the lead unit reports how far its own measures are."""
        found = set()
        if user.reviews and user.unit is not None and self.region_id.startswith(user.unit.region.prefix):
            found.add("bureau")
        if user.reports and user.unit_id == self.lead_unit_id:
            found.add("lead")
        return frozenset(found)
