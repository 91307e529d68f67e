"""Others who work in a mine: contractors and dispatched labour, and the checks that the mine owes of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils import timezone

from mines.models.lines import FileLine, check_order
from mines.models.safety import months_after


class Contractor(FileLine):
    """A contractor or a dispatcher of labour in a mine from a day on; each check sets the day of the next."""

    class Kind(models.TextChoices):
        CONTRACT = "contract", "承包施工"
        DISPATCH = "dispatch", "劳务派遣"

    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    name = models.CharField("单位名称", max_length=100)
    licence_number = models.CharField("资质或许可证号", max_length=60)
    licence_until = models.DateField("资质或许可有效期至", null=True, blank=True, help_text="长期有效的不填。")
    work = models.CharField("承包（作业）内容和地点", max_length=300)
    person = models.CharField("项目负责人", max_length=40, blank=True)
    people = models.PositiveSmallIntegerField("人数")
    underground = models.PositiveSmallIntegerField("其中下井人数", default=0)
    since = models.DateField("进场日期")
    until = models.DateField("退场日期", null=True, blank=True)
    check_months = models.PositiveSmallIntegerField(editable=False, default=1)
    check_by = models.DateField("应检查考核", null=True, editable=False)

    settled = ("check_months", "check_by")

    class Meta:
        ordering = [F("until").desc(nulls_first=True), "-since", "-pk"]
        verbose_name = verbose_name_plural = "外包和劳务派遣"
        indexes = [models.Index(fields=["until", "check_by"])]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        check_order(self.since, self.until, "until")
        if self.people is not None and self.underground is not None and self.underground > self.people:
            raise ValidationError({"underground": "下井人数不能多于总人数。"})

    def settle(self, rules: Mapping[str, int]) -> None:
        self.check_months = rules["contractor_check_months"]
        self.set_day()

    def set_day(self) -> None:
        """Set the day of the next check: so many months after the last one, or after the first day here."""
        last = self.checks.aggregate(last=models.Max("checked_on"))["last"] if self.pk else None
        begin = last or (max(self.since, timezone.localdate(self.created_at)) if self.since else None)
        runs = self.check_months and self.until is None and begin is not None
        self.check_by = months_after(begin, self.check_months) if runs and begin else None

    @property
    def faults(self) -> str:
        """What is wrong while they work here; empty where nothing."""
        if self.until is not None:
            return ""
        found = []
        if self.licence_until is not None and self.licence_until < timezone.localdate():
            found.append("资质已过期")
        if self.kind == self.Kind.DISPATCH and self.underground:
            found.append(f"井下有劳务派遣工{self.underground}人")
        return "、".join(found)


class ContractorCheck(FileLine):
    """A check of a contractor on a day, by the mine or by the bureau."""

    class Result(models.TextChoices):
        GOOD = "good", "合格"
        FAULTS = "faults", "存在问题，限期整改"
        STOPPED = "stopped", "停工整顿"

    contractor = models.ForeignKey(Contractor, models.PROTECT, related_name="checks", verbose_name="外包单位")
    name = models.CharField("单位名称", max_length=100, editable=False)
    """Copied, so that the check is told without its contractor."""
    checked_on = models.DateField("检查日期")
    checker = models.CharField("检查人", max_length=80)
    result = models.CharField("结果", max_length=10, choices=Result.choices)
    words = models.CharField("检查情况和问题", max_length=500)

    class Meta:
        ordering = ["-checked_on", "-pk"]
        verbose_name = verbose_name_plural = "外包单位检查"
        indexes = [models.Index(fields=["contractor", "checked_on"])]

    def __str__(self) -> str:
        return f"{self.name}{self.checked_on:%Y-%m-%d}检查"

    def clean(self) -> None:
        if self.contractor_id and self.contractor.mine_id != self.mine_id:
            raise ValidationError({"contractor": "请选择这座矿山的外包单位。"})
        if self.checked_on and self.checked_on > timezone.localdate():
            raise ValidationError({"checked_on": "日期不能晚于今天。"})
        if self.checked_on and self.contractor_id:
            first: dt.date = self.contractor.since
            if self.checked_on < first:
                raise ValidationError({"checked_on": f"这家单位{first:%Y-%m-%d}进场，日期不能更早。"})

    def settle(self, rules: Mapping[str, int]) -> None:
        if self.contractor_id:
            self.name = self.contractor.name

    def settle_others(self) -> None:
        for contractor in Contractor.objects.select_for_update().filter(mine=self.mine_id, until=None):
            contractor.set_day()
            contractor.save(update_fields=["check_by"])
