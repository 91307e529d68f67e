"""The lines of a mine's file: dated entries of one kind below each other, entered by the mine or by the bureau."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from mines.models.file import Mine
from mines.querysets import LineQuerySet
from units.models import User


class FileLine(models.Model):
    """What all lines have in common. `mines/ledgers/` says for each kind who enters it and what a page shows of it."""

    mine = models.ForeignKey(Mine, models.CASCADE, related_name="%(class)ss", verbose_name="矿山")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    settled: ClassVar[tuple[str, ...]] = ()
    """The fields that `settle` fills out of the rules, which follow when a rule changes."""
    objects: ClassVar[Any] = LineQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return self.mine.get_absolute_url()

    def settle(self, rules: Mapping[str, int]) -> None:
        """Fill what follows from the other fields and the region's rules, before the line is checked and written."""

    def settle_others(self) -> None:
        """Bring other rows of the mine in line, after the line was written or removed."""


def check_order(first: dt.date | None, last: dt.date | None, name: str) -> None:
    """Refuse a span that ends before it begins, beside the field of its end."""
    if first and last and last < first:
        raise ValidationError({name: "结束日期不能早于开始日期。"})


class GradeRecord(FileLine):
    """A standardization grade that the mine was given, or lost, on a day."""

    grade = models.CharField("等级", max_length=4, choices=Mine.GRADES)
    since = models.DateField("评定日期")
    until = models.DateField("有效期至", null=True, blank=True)
    body = models.CharField("评定单位", max_length=100, blank=True)
    reason = models.CharField("评定或降级说明", max_length=200, blank=True)

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = verbose_name_plural = "标准化等级"

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}{self.get_grade_display()}"

    def clean(self) -> None:
        check_order(self.since, self.until, "until")
        if self.since and self.since > timezone.localdate():
            raise ValidationError({"since": "评定日期不能晚于今天。"})

    def settle_others(self) -> None:
        latest = GradeRecord.objects.filter(mine=self.mine_id).order_by("-since", "-pk").first()
        self.mine.grade = latest.grade if latest else ""
        self.mine.save(update_fields=["grade", "updated_at"])


class Licence(FileLine):
    """A licence with its last day; a new one of the same kind takes its place."""

    class Kind(models.TextChoices):
        MINING = "mining", "采矿许可证"
        SAFETY = "safety", "安全生产许可证"
        BUSINESS = "business", "营业执照"
        EXPLOSIVES = "explosives", "爆破作业单位许可证"
        HEAD = "head", "矿长安全资格证"
        OTHER = "other", "其他证照"

    kind = models.CharField("证照", max_length=12, choices=Kind.choices)
    number = models.CharField("证号", max_length=60)
    issuer = models.CharField("发证机关", max_length=100, blank=True)
    issued_on = models.DateField("发证日期", null=True, blank=True)
    expires_on = models.DateField("有效期至", null=True, blank=True, help_text="长期有效的不填。")
    renew_by = models.DateField("应申请延期日期", null=True, editable=False)
    is_current = models.BooleanField("现行", default=True, editable=False)

    settled = ("renew_by",)

    class Meta:
        ordering = ["-is_current", "kind", "-pk"]
        verbose_name = verbose_name_plural = "证照"
        indexes = [models.Index(fields=["is_current", "expires_on"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{self.number}"

    def clean(self) -> None:
        check_order(self.issued_on, self.expires_on, "expires_on")

    def settle(self, rules: Mapping[str, int]) -> None:
        days = dt.timedelta(days=rules["licence_warn_days"])
        self.renew_by = self.expires_on - days if self.expires_on else None

    def settle_others(self) -> None:
        if self.kind == self.Kind.OTHER:
            return
        same = Licence.objects.filter(mine=self.mine_id, kind=self.kind).order_by("-issued_on", "-pk")
        latest = max(same, key=lambda one: (one.issued_on or dt.date.min, one.pk), default=None)
        for one in same:
            if one.is_current != (one == latest):
                one.is_current = one == latest
                one.save(update_fields=["is_current"])

    @property
    def status(self) -> str:
        """`replaced`, `endless`, `expired`, `expiring` or `valid`: the words behind `licence.` in the statuses."""
        return self.status_on(timezone.localdate())

    def status_on(self, day: dt.date) -> str:
        if not self.is_current:
            return "replaced"
        if self.expires_on is None:
            return "endless"
        if self.expires_on < day:
            return "expired"
        return "expiring" if self.renew_by is not None and self.renew_by <= day else "valid"
