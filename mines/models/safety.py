"""What a mine's safety comes to in numbers: accidents, and the output that they are set against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from mines.models.lines import FileLine, check_order
from mines.querysets import AccidentQuerySet, RegionTargetQuerySet
from units.models import Region, User


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return dt.date(year, month + 1, min(day.day, (following - dt.timedelta(days=1)).day))


class Accident(FileLine):
    """An accident at a mine, how its case ended, and the look back within a year of that."""

    class Kind(models.TextChoices):
        ROOF = "roof", "顶板（冒顶片帮）"
        GAS = "gas", "瓦斯（中毒窒息）"
        MACHINE = "machine", "机电"
        TRANSPORT = "transport", "运输（车辆伤害）"
        BLAST = "blast", "放炮（爆破）"
        WATER = "water", "水害（透水）"
        FIRE = "fire", "火灾"
        FALL = "fall", "坠落（坠罐跑车）"
        SLOPE = "slope", "边坡（坍塌）"
        POND = "pond", "尾矿库溃坝泄漏"
        OTHER = "other", "其他"

    happened_on = models.DateField("发生日期")
    place = models.CharField("地点", max_length=100, blank=True)
    kind = models.CharField("事故类别", max_length=10, choices=Kind.choices)
    deaths = models.PositiveSmallIntegerField("死亡人数", default=0)
    injured = models.PositiveSmallIntegerField("重伤人数", default=0)
    loss = models.DecimalField(
        "直接经济损失（万元）",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    words = models.CharField("简要经过和原因", max_length=500)
    case_closed_on = models.DateField("结案（批复）日期", null=True, blank=True)
    follow_up_by = models.DateField("应评估日期", null=True, editable=False)
    followed_up_on = models.DateField("评估日期", null=True, blank=True)
    follow_up_words = models.CharField("整改和防范措施落实情况", max_length=500, blank=True)

    settled = ("follow_up_by",)
    objects: ClassVar[Any] = AccidentQuerySet.as_manager()  # type: ignore[assignment, unused-ignore]  # by the order of its reading

    class Meta:
        ordering = ["-happened_on", "-pk"]
        verbose_name = verbose_name_plural = "事故"
        indexes = [models.Index(fields=["happened_on"]), models.Index(fields=["followed_up_on", "follow_up_by"])]

    def __str__(self) -> str:
        return f"{self.happened_on:%Y-%m-%d}{self.get_kind_display()}事故"

    def clean(self) -> None:
        if self.happened_on and self.happened_on > timezone.localdate():
            raise ValidationError({"happened_on": "日期不能晚于今天。"})
        check_order(self.happened_on, self.case_closed_on, "case_closed_on")
        check_order(self.case_closed_on, self.followed_up_on, "followed_up_on")
        if self.followed_up_on and not self.case_closed_on:
            raise ValidationError({"case_closed_on": "还没有结案，不能登记评估；请先填写结案日期。"})
        if self.followed_up_on and not self.follow_up_words.strip():
            raise ValidationError({"follow_up_words": "请写明整改和防范措施的落实情况。"})

    def settle(self, rules: Mapping[str, int]) -> None:
        closed = self.case_closed_on
        self.follow_up_by = months_after(closed, rules["accident_followup_months"]) if closed else None

    @property
    def grade(self) -> str:
        """By deaths, serious injuries and direct loss (《生产安全事故报告和调查处理条例》第三条)."""
        loss = self.loss or 0
        if self.deaths >= 30 or self.injured >= 100 or loss >= 10_000:
            return "特别重大"
        if self.deaths >= 10 or self.injured >= 50 or loss >= 5_000:
            return "重大"
        if self.deaths >= 3 or self.injured >= 10 or loss >= 1_000:
            return "较大"
        return "一般"


class MonthlyOutput(FileLine):
    """What a mine produced in a month."""

    month = models.DateField("月份", help_text="填这个月的任何一天。")
    """The first day of the month."""
    tonnes = models.DecimalField(
        "产量（万吨）", max_digits=10, decimal_places=3, validators=[MinValueValidator(0)], help_text="停产的填0。"
    )

    class Meta:
        ordering = ["-month", "-pk"]
        verbose_name = verbose_name_plural = "月产量"
        constraints = [
            models.UniqueConstraint(
                fields=["mine", "month"], name="one_output_a_month",
                violation_error_message="这个月的产量已经登记，请点开那一行修改。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.month:%Y年%m月}产量"

    def clean(self) -> None:
        if self.month and self.month > timezone.localdate():
            raise ValidationError({"month": "月份不能晚于本月。"})

    def settle(self, rules: Mapping[str, int]) -> None:
        if self.month:
            self.month = self.month.replace(day=1)


class RegionTarget(models.Model):
    """A number that a region must reach, or must not pass, in a year; set by its bureau with the paper it comes from."""

    class Subject(models.TextChoices):
        DEATH_RATE = "death_rate", "煤矿百万吨死亡率（上限）"
        DEATHS = "deaths", "死亡人数（上限）"
        PHASE_OUT = "phase_out", "淘汰退出矿山（座）"
        POND_CLOSURE = "pond_closure", "尾矿库闭库（座）"

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    year = models.PositiveSmallIntegerField("年份")
    subject = models.CharField("指标", max_length=12, choices=Subject.choices)
    value = models.DecimalField("目标值", max_digits=10, decimal_places=3, validators=[MinValueValidator(0)])
    source = models.CharField("依据文件", max_length=150)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="设置人")
    set_at = models.DateTimeField("设置时间", auto_now=True)

    objects: ClassVar[Any] = RegionTargetQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "subject"]
        verbose_name = verbose_name_plural = "年度指标"
        constraints = [models.UniqueConstraint(fields=["region", "year", "subject"], name="one_target_a_year")]

    def __str__(self) -> str:
        return f"{self.year}年{self.get_subject_display()}"
