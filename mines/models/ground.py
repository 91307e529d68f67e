"""What lies hidden in the ground of a mine, and mines and ponds that are to be closed for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F
from django.utils import timezone

from mines.models.file import MineType
from mines.models.lines import FileLine, check_order


class HiddenCause(FileLine):
    """What a survey of an area found that may cause a disaster (隐蔽致灾因素), and what is done about it until when."""

    class Kind(models.TextChoices):
        GOAF = "goaf", "采空区、废弃老窑"
        WATER = "water", "老空水、含水层、地表水体"
        FAULT = "fault", "断层、裂隙、褶曲"
        COLUMN = "column", "陷落柱"
        GAS = "gas", "瓦斯富集区"
        FIRE = "fire", "火区、自燃"
        BURST = "burst", "导水裂隙带、冲击地压"
        SLOPE = "slope", "边坡、滑坡体"
        BOREHOLE = "borehole", "封闭不良钻孔"
        OTHER = "other", "其他"
        NONE = "none", "未发现"

    area = models.CharField("区域（采区、工作面、坝段）", max_length=100)
    kind = models.CharField("致灾因素", max_length=10, choices=Kind.choices)
    surveyed_on = models.DateField("普查日期")
    surveyor = models.CharField("普查单位", max_length=100, blank=True)
    found = models.CharField("普查结果", max_length=500)
    treatment = models.CharField("治理措施", max_length=500, blank=True)
    due_on = models.DateField("治理期限", null=True, blank=True)
    done_on = models.DateField("治理完成日期", null=True, blank=True)
    result = models.CharField("治理效果", max_length=300, blank=True)

    class Meta:
        ordering = [F("done_on").desc(nulls_first=True), "due_on", "-surveyed_on", "-pk"]
        verbose_name = verbose_name_plural = "隐蔽致灾因素"
        indexes = [models.Index(fields=["done_on", "due_on"])]

    def __str__(self) -> str:
        return f"{self.area}{self.get_kind_display()}"

    def clean(self) -> None:
        if self.surveyed_on and self.surveyed_on > timezone.localdate():
            raise ValidationError({"surveyed_on": "日期不能晚于今天。"})
        check_order(self.surveyed_on, self.due_on, "due_on")
        check_order(self.surveyed_on, self.done_on, "done_on")
        if self.treatment.strip() and self.due_on is None:
            raise ValidationError({"due_on": "写了治理措施，请填写治理期限。"})
        if self.due_on and not self.treatment.strip():
            raise ValidationError({"treatment": "有治理期限，请写明治理措施。"})

    @property
    def is_open(self) -> bool:
        """Whether something is still to be treated."""
        return self.due_on is not None and self.done_on is None


class PhaseOut(FileLine):
    """A mine that is to leave, or a pond that is to be closed, by the end of a year (淘汰退出、尾矿库闭库)."""

    class Kind(models.TextChoices):
        PHASE_OUT = "phase_out", "淘汰退出（关闭）"
        POND_CLOSURE = "pond_closure", "尾矿库闭库"

    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    year = models.PositiveSmallIntegerField("计划年份", validators=[MinValueValidator(2015), MaxValueValidator(2100)])
    plan = models.CharField("列入计划的文件", max_length=150)
    measures = models.CharField("工程和安全措施", max_length=500, blank=True)
    done_on = models.DateField("完成（验收）日期", null=True, blank=True)
    acceptance = models.CharField("验收或公告文件", max_length=150, blank=True)
    due_on = models.DateField("应完成日期", editable=False)

    class Meta:
        ordering = ["-year", "-pk"]
        verbose_name = verbose_name_plural = "退出和闭库"
        indexes = [models.Index(fields=["kind", "year"]), models.Index(fields=["done_on", "due_on"])]

    def __str__(self) -> str:
        return f"{self.year}年{self.get_kind_display()}"

    def clean(self) -> None:
        is_pond = self.mine.mine_type == MineType.TAILINGS_POND
        if self.kind and is_pond != (self.kind == self.Kind.POND_CLOSURE):
            raise ValidationError({"kind": "尾矿库登记闭库，其他矿山登记淘汰退出。"})
        if self.done_on and self.done_on > timezone.localdate():
            raise ValidationError({"done_on": "日期不能晚于今天。"})
        if self.done_on and not self.acceptance.strip():
            raise ValidationError({"acceptance": "请填写验收或公告文件。"})

    def settle(self, rules: Mapping[str, int]) -> None:
        if self.year:
            self.due_on = dt.date(self.year, 12, 31)
