"""What is remembered of the requests of other systems, so that the same one sent twice does no harm."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from common.county import CountyField
from exchange.models.accounts import ServiceAccount


class KeptAnswer(models.Model):
    """The answer to a request that carried an Idempotency-Key, given again to whoever sends the same request again.

    While `status` is empty the request is being worked on by whoever holds `claim`. Answer and work are committed
    together: a row without an answer whose worker died stands for nothing done.
    """

    account = models.ForeignKey(ServiceAccount, models.CASCADE, related_name="+", verbose_name="账号")
    county = CountyField("account__user__unit__region")
    key = models.CharField("幂等键", max_length=200)
    fingerprint = models.CharField("请求的SHA-256", max_length=64)
    claim = models.UUIDField(default=uuid.uuid4, editable=False)
    claimed_at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField("状态码", null=True, blank=True)
    body = models.TextField("应答", blank=True)
    headers = models.JSONField("应答头", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "已答复的请求"
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["claimed_at"])]

    def __str__(self) -> str:
        return self.key


class ExternalId(models.Model):
    """What another system calls a record that it gave: the same name again means the same record.

    `fingerprint` stands for what was last fetched from there by the clock, so that the same words change nothing.
    """

    account = models.ForeignKey(ServiceAccount, models.PROTECT, related_name="external_ids", verbose_name="来源系统")
    county = CountyField("account__user__unit__region")
    noun = models.CharField("内容", max_length=40)
    external_id = models.CharField("对方编号", max_length=120)
    object_id = models.CharField("本系统编号", max_length=40)
    fingerprint = models.CharField("最近内容的SHA-256", max_length=64, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "对方编号"
        constraints = [models.UniqueConstraint(fields=["account", "noun", "external_id"], name="one_record_per_name")]
        indexes = [models.Index(fields=["noun", "object_id"])]

    def __str__(self) -> str:
        return f"{self.noun} {self.external_id}"
