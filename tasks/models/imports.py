"""A plan document on its way from a file to a campaign."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from common.models import Evidence, Job
from tasks.models.campaigns import Campaign
from tasks.querysets import ImportQuerySet, ProgressImportQuerySet
from units.models import Region


class PlanImport(models.Model):
    """One upload: the file, the document as opened, the plan as read, and the draft as corrected so far.

    `document` holds the blocks that the source pane shows, `plan` what the reader made of them, `draft` the same shape
    after a person's corrections, and `matches` what each printed name means: {name: {"unit": pk} | {"group": pk} |
    {"skip": true}}. `version` counts edits, so that two people cannot overwrite each other.
    """

    class State(models.TextChoices):
        READING = "reading", "正在读取"
        REVIEW = "review", "待核对"
        FAILED = "failed", "未能读取"
        CONFIRMED = "confirmed", "已建立"
        DISCARDED = "discarded", "已放弃"

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="地区")
    name = models.CharField("文件名", max_length=200)
    source = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    pasted = models.TextField("粘贴的文字", blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.READING)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    error = models.TextField("原因", blank=True)
    document: Any = models.JSONField(null=True, blank=True)
    plan: Any = models.JSONField(null=True, blank=True)
    draft: Any = models.JSONField(null=True, blank=True)
    matches: Any = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    revises = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="revisions")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="imports")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人")
    created_at = models.DateTimeField("导入时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects: ClassVar[Any] = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = verbose_name_plural = "方案导入"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tasks:import", args=[self.pk])


class ProgressImport(models.Model):
    """A form that was filled in off line, on its way back: of a campaign's progress, or of one `report`.

    The file is kept as evidence about this row.
    """

    class State(models.TextChoices):
        CHECKED = "checked", "待确认"
        CONFIRMED = "confirmed", "已写入"
        DROPPED = "dropped", "已放弃"

    public_id = models.UUIDField("公开编号", unique=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="progress_imports", verbose_name="专项行动")
    county = CountyField("campaign__region")
    report = models.ForeignKey(
        "tasks.ProgressReport", models.CASCADE, null=True, blank=True, related_name="form_imports", verbose_name="月报"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.CHECKED)
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    counts = models.JSONField("结果", default=dict)
    batch = models.UUIDField("批次", null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    created_at = models.DateTimeField("上传时间", default=timezone.now)
    confirmed_at = models.DateTimeField("写入时间", null=True)

    objects: ClassVar[Any] = ProgressImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "进展填报表"

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("tasks:progress_import", args=[self.public_id])
