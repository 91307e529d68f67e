"""Registers that were handed in as spreadsheets, and which of a unit's headings means what."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from hazards.querysets import RegisterImportQuerySet
from units.models import Region, Unit


class RegisterImport(models.Model):
    """One spreadsheet on its way into the register. The file itself is kept as evidence about this row.

    `headings` are what stands in the file's heading row, `mapping` says which column of the register each heading
    fills. `sheets` are the sheets that are read, as pairs of title and heading row. `given` is what holds for every row: `mine`,
    `found_on`, and what a blank cell means; `names` says which mine (key of a unit) is meant by a name that the
    directory does not know. `preview` is what the last check found: counts, the first rows of each outcome, the first errors.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "待对应列"
        CHECKED = "checked", "待确认"
        CONFIRMED = "confirmed", "已导入"
        DROPPED = "dropped", "已放弃"

    public_id = models.UUIDField("公开编号", unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField("进度", max_length=10, choices=State.choices, default=State.UPLOADED)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区划")
    county = CountyField("region")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    file_name = models.CharField("文件名", max_length=150)
    sha256 = models.CharField("SHA-256", max_length=64)
    sheet = models.CharField("工作表", max_length=100)
    header_row = models.PositiveIntegerField("表头行")
    sheets = models.JSONField("同样列名的工作表", default=list)
    left_out = models.JSONField("没有读的工作表", default=list)
    headings = models.JSONField("表头", default=list)
    samples = models.JSONField("前几行", default=list)
    mapping = models.JSONField("列的对应", default=dict)
    given = models.JSONField("整张表的内容", default=dict)
    names = models.JSONField("矿山的写法", default=dict)
    closed_rows = models.CharField("已销号的行", max_length=10, default="refuse")
    preview = models.JSONField("检查结果", default=dict)
    marked_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    batch = models.UUIDField("批次", null=True, editable=False)
    created_at = models.DateTimeField("上传时间", default=timezone.now)
    checked_at = models.DateTimeField("检查时间", null=True)
    confirmed_at = models.DateTimeField("导入时间", null=True)

    objects: ClassVar[Any] = RegisterImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "台账导入"

    def __str__(self) -> str:
        return f"隐患台账导入：{self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("hazards:import", args=[self.public_id])

    @property
    def tables(self) -> dict[str, int]:
        """The sheets that are read, with the number of the heading row; files of former times had one."""
        return dict(self.sheets) or {self.sheet: self.header_row}


class RememberedHeading(models.Model):
    """What a unit's people said a heading means; an empty `column` is a heading that is not read."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name="单位")
    heading = models.CharField("表头", max_length=100)
    column = models.CharField("列", max_length=30, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "列的对应"
        constraints = [models.UniqueConstraint(fields=["unit", "heading"], name="heading_once_in_a_unit")]

    def __str__(self) -> str:
        return f"{self.heading} → {self.column}"
