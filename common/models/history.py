from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from common.county import CountyField
from common.verbs import verb_label


class Event(models.Model):
    """One thing that somebody did to one record. Written by `common.history.record`, never changed afterwards.

    Names are copied, so that the line still reads the same after a person or a unit is renamed. A database trigger
    refuses to change or remove a row (see `common.append_only`), so every reference out of here is PROTECT: a
    cascade or SET NULL could only fail later and less clearly.
    """

    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="操作人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    actor_name = models.CharField("操作人姓名", max_length=150)
    actor_unit = models.CharField("操作人单位", max_length=200, blank=True)
    # NULL where nobody's browser asked: a job, a command, an event from before addresses were kept.
    address = models.CharField("网络地址", max_length=45, null=True, editable=False)
    verb = models.CharField("动作", max_length=80)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Text, because some records have a UUID for a key.
    object_id = models.CharField(max_length=40)
    object_text = models.CharField("对象", max_length=300)
    object = GenericForeignKey("content_type", "object_id")
    before = models.JSONField("变更前", null=True)
    after = models.JSONField("变更后", null=True)
    note = models.TextField("说明", blank=True)
    batch = models.UUIDField("批次", null=True, db_index=True)
    # Of the record, else of the actor; empty for what the system does to a record of no county. No part of the seal:
    # it says where the row lies, and nothing about what happened.
    county = CountyField("actor__unit__region")

    class Meta:
        verbose_name = verbose_name_plural = "操作记录"
        ordering = ["-id"]
        # The largest table there is: the two references are found by the indexes that begin with them.
        indexes = [
            models.Index(fields=["content_type", "object_id", "-id"], name="event_by_object"),
            models.Index(fields=["actor", "-at"], name="event_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb_label} {self.object_text}"

    @property
    def verb_label(self) -> str:
        return verb_label(self.verb)


class Seal(models.Model):
    """A fingerprint over the events that had appeared since the last seal, chained to that seal.

    On PostgreSQL an event can become visible after one with a higher id. `missing` keeps the id ranges that had no
    event when this seal was made; `late` lists the events of former seals' missing ranges that this seal took in.
    """

    number = models.PositiveBigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间", default=timezone.now)
    from_event = models.BigIntegerField("起始记录")
    to_event = models.BigIntegerField("截止记录")
    late = models.JSONField("补封记录", default=list)
    missing = models.JSONField("空缺编号", default=list)
    count = models.PositiveIntegerField("记录数")
    previous = models.CharField("上一封印", max_length=64, blank=True)
    # The first 16 hex digits of every event's own hash, in order: they serve to name the event that no longer fits.
    leaves = models.TextField("逐条摘要", blank=True)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "历史封印"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"封印 {self.number}"
