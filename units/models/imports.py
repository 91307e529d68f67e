"""Spreadsheets of units and accounts that were handed in."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone

from units.models.accounts import User
from units.models.regions import Region


class DirectoryImportQuerySet(models.QuerySet["DirectoryImport"]):
    def visible_to(self, user: User) -> Self:
        """Imports of the user's own region, of the nouns that the user keeps."""
        if user.unit is None or not user.reviews:
            return self.none()
        nouns = [
            DirectoryImport.Noun.UNITS,
            DirectoryImport.Noun.MINES,
            *([DirectoryImport.Noun.ACCOUNTS] if user.keeps_accounts else []),
        ]
        return self.filter(region=user.unit.region_id, noun__in=nouns)


class DirectoryImport(models.Model):
    """One spreadsheet on its way into the directory. The file itself is kept as evidence about this row."""

    class Noun(models.TextChoices):
        UNITS = "units", "单位"
        ACCOUNTS = "accounts", "账号"
        MINES = "mines", "矿山档案"

    class State(models.TextChoices):
        CHECKED = "checked", "待确认"
        CONFIRMED = "confirmed", "已导入"
        DROPPED = "dropped", "已放弃"

    public_id = models.UUIDField("公开编号", unique=True, default=uuid.uuid4, editable=False)
    noun = models.CharField("内容", max_length=10, choices=Noun.choices)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.CHECKED)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区划")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    file_name = models.CharField("文件名", max_length=150)
    sha256 = models.CharField("SHA-256", max_length=64)
    counts = models.JSONField("结果", default=dict)
    batch = models.UUIDField("批次", null=True, editable=False)
    created_at = models.DateTimeField("上传时间", default=timezone.now)
    confirmed_at = models.DateTimeField("导入时间", null=True)

    objects: ClassVar[Any] = DirectoryImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "目录导入"

    def __str__(self) -> str:
        return f"{self.get_noun_display()}导入：{self.file_name}"

    def get_absolute_url(self) -> str:
        space = "mines" if self.noun == self.Noun.MINES else "units"
        return reverse(f"{space}:{self.noun[:-1]}_import", args=[self.public_id])
