"""Marks against a mine's credit, and in its favour."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models import F
from django.utils import timezone

from mines.models.lines import FileLine, check_order
from mines.querysets import CreditQuerySet


class CreditMark(FileLine):
    """A mark on the credit of a mine from a day to a day, by which paper, and whether the public may read it."""

    class Kind(models.TextChoices):
        BLACKLIST = "blacklist", "安全生产严重失信（黑名单）"
        BREACH = "breach", "失信行为记录"
        JOINT = "joint", "联合惩戒"
        GOOD = "good", "守信激励"

    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    reason = models.CharField("事由", max_length=300)
    body = models.CharField("认定单位", max_length=100)
    paper = models.CharField("认定文书", max_length=150, blank=True)
    since = models.DateField("起始日期")
    until = models.DateField("期满或移出日期", null=True, blank=True)
    is_public = models.BooleanField("向社会公开", default=False, help_text="勾选后，在公众页面公布到期满为止。")

    objects: ClassVar[Any] = CreditQuerySet.as_manager()  # type: ignore[assignment, unused-ignore]  # by the order of its reading

    class Meta:
        ordering = [F("until").desc(nulls_first=True), "-since", "-pk"]
        verbose_name = verbose_name_plural = "信用记录"
        indexes = [models.Index(fields=["kind", "until"])]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}{self.get_kind_display()}"

    def clean(self) -> None:
        check_order(self.since, self.until, "until")

    @property
    def is_in_force(self) -> bool:
        """Whether it holds today; `CreditQuerySet.in_force` says the same in SQL."""
        return self.is_in_force_on(timezone.localdate())

    def is_in_force_on(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)
