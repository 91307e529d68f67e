from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: models.Model | AnonymousUser) -> JobQuerySet:
        """A job belongs to the one who started it; a superuser sees all."""
        if getattr(user, "is_superuser", False):
            return self
        return self.filter(by_id=user.pk) if user.pk else self.none()

    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])


class Job(models.Model):
    """Work that takes longer than a page may, as a row that its owner can watch.

    The row is the truth and the broker's message only a nudge: `common.jobs.sweep_jobs` sends it again when the
    message was lost or the worker died.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "排队中"
        RUNNING = "running", "处理中"
        DONE = "done", "已完成"
        FAILED = "failed", "失败"

    public_id = models.UUIDField("公开编号", unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("种类", max_length=80)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="发起人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    content_type = models.ForeignKey(ContentType, null=True, on_delete=models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=40, blank=True)
    about = GenericForeignKey("content_type", "object_id")
    args = models.JSONField("参数", default=dict)
    state = models.CharField("状态", max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    message = models.CharField("进度", max_length=200, blank=True)
    error = models.CharField("原因", max_length=500, blank=True)
    result = models.JSONField("结果", default=dict)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    # Which run holds the job; a run that lost it finds another value here and stops.
    claim = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField("提交时间", default=timezone.now)
    started_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    heartbeat_at = models.DateTimeField("最近活动", default=timezone.now)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "heartbeat_at"], name="job_by_heartbeat"),
            models.Index(fields=["content_type", "object_id", "-id"], name="job_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("common:job", args=[self.public_id])

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def percent(self) -> int | None:
        """Whole percent done, or None while the amount of work is unknown."""
        if self.state == self.State.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None
