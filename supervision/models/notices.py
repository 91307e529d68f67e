"""What was told of a due day, at which step, to whom; and the one digest of a person and day."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from common.county import CountyField
from common.dates import SOON_DAYS
from common.due import due_source
from supervision.ladders import Steps, from_stored, step_label
from supervision.querysets import DigestQuerySet, NoticeQuerySet, RungQuerySet
from tasks.models import Campaign
from units.models import Region, Unit


class Ladder(models.Model):
    """The steps of a region, or of one of its campaigns, in place of the default ones."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="+", verbose_name="地区")
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, null=True, blank=True, related_name="ladders", verbose_name="专项行动"
    )
    steps = models.JSONField("提醒台阶", default=list)
    source = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "提醒台阶"
        constraints = [
            models.UniqueConstraint(
                fields=["region"], condition=models.Q(campaign__isnull=True), name="one_ladder_of_a_region"
            ),
            models.UniqueConstraint(fields=["campaign"], name="one_ladder_of_a_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign or self.region}的提醒台阶"

    @property
    def as_steps(self) -> Steps:
        return from_stored(self.steps)


class Rung(models.Model):
    """One step of the ladder that one due thing has reached: written once, and the claim to tell people of it.

    Known for ever by kind, thing, due day and step, so that nothing is told twice; a due day that was moved begins
    anew. `skipped` holds the lower steps that passed while nobody could be told, or before the thing was there.
    `claim` is the run that wrote it.
    """

    kind = models.CharField("种类", max_length=40)
    object_id = models.BigIntegerField()
    due_on = models.DateField("应完成日期")
    step = models.SmallIntegerField("台阶")
    page = models.CharField(max_length=40)
    title = models.CharField("事项", max_length=200)
    unit = models.ForeignKey(Unit, models.CASCADE, db_index=False, related_name="+", verbose_name="单位")
    region = models.ForeignKey(Region, models.CASCADE, db_index=False, related_name="+", verbose_name="地区")
    county = CountyField("region")
    skipped = models.CharField("未发的台阶", max_length=100, blank=True)
    told_at = models.DateTimeField("提醒时间", default=timezone.now)
    claim = models.UUIDField(editable=False)

    objects: ClassVar[Any] = RungQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "提醒"
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "due_on", "step"], name="one_rung_for_each_step")
        ]
        indexes = [
            models.Index(fields=["kind", "page"], name="rung_by_page"),
            models.Index(fields=["region", "-id"], name="rung_by_region"),
            models.Index(fields=["unit", "-id"], name="rung_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.step_label}"

    def get_absolute_url(self) -> str:
        source = due_source(self.kind)
        return source.url(self.page) if source else ""

    @property
    def step_label(self) -> str:
        return step_label(self.step)

    @property
    def tone(self) -> str:
        """The colour of the step, as lists show the day that it tells of: red past it, amber from three days before."""
        return "red" if self.step > 0 else "amber" if self.step >= -SOON_DAYS else "grey"

    @property
    def kind_label(self) -> str:
        source = due_source(self.kind)
        return source.label if source else self.kind

    @property
    def skipped_labels(self) -> str:
        return "、".join(step_label(int(step)) for step in self.skipped.split(",") if step)


class Digest(models.Model):
    """Everything that one person is told on one day, in one message for each channel."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+", verbose_name="收件人"
    )
    county = CountyField("recipient__unit__region")
    day = models.DateField("日期")
    made_at = models.DateTimeField("生成时间", default=timezone.now)
    claim = models.UUIDField(editable=False)

    objects: ClassVar[Any] = DigestQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = verbose_name_plural = "每日提醒"
        constraints = [models.UniqueConstraint(fields=["recipient", "day"], name="one_digest_a_day")]

    def __str__(self) -> str:
        return f"{self.recipient} {self.day}"


class Notice(models.Model):
    """One person told of one rung. It stands in the inbox at once, and goes out with the person's next digest.

    `dropped_at` is set instead where the thing was settled before the digest was made.
    """

    # A run may write hundreds of thousands: no index of their own for columns that another one begins with.
    rung = models.ForeignKey(Rung, models.CASCADE, db_index=False, related_name="notices")
    county = CountyField("rung__county")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="notices", verbose_name="收件人"
    )
    digest = models.ForeignKey(Digest, models.SET_NULL, null=True, blank=True, related_name="notices")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    dropped_at = models.DateTimeField("不再发送", null=True, blank=True)

    objects: ClassVar[Any] = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "通知"
        constraints = [models.UniqueConstraint(fields=["rung", "recipient"], name="one_notice_for_each_recipient")]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_by_recipient"),
            models.Index(
                fields=["recipient"],
                condition=models.Q(read_at__isnull=True, dropped_at__isnull=True),
                name="notice_unread",
            ),
            models.Index(
                fields=["recipient"],
                condition=models.Q(digest__isnull=True, dropped_at__isnull=True),
                name="notice_waiting",
            ),
        ]

    def __str__(self) -> str:
        return str(self.rung)


def new_claim() -> uuid.UUID:
    """A mark of this run's own, by which it knows again what it was the first to write."""
    return uuid.uuid4()
