"""Who wants to be told of changes, and what is on its way to them."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse

from common.county import CountyField
from common.encryption import EncryptedTextField
from common.models import Event
from common.outbox import Outgoing
from exchange.models.accounts import OfAccountQuerySet, Outlet, ServiceAccount


class SubscriptionQuerySet(OfAccountQuerySet):
    def for_list(self) -> Self:
        return self.select_related("account__user__unit__region", "account__region", "created_by")

    def sending(self) -> Self:
        """Those that are told of changes: open, with a secret to sign by, of an account whose token would be taken."""
        live = self.filter(is_open=True, account__is_open=True, account__user__unit__is_active=True)
        return live.exclude(secret="")


class Subscription(Outlet):
    """One address of another system that is told of changes, within what its account sees and may read.

    `nouns` are those of the interface; `verbs` narrow them down, none means all. `after` is the place in the feed of
    changes up to which the outbox was filled.
    """

    account = models.ForeignKey(ServiceAccount, models.PROTECT, related_name="subscriptions", verbose_name="接口账号")
    verbs = models.JSONField("变动", default=list, blank=True)
    secret = EncryptedTextField("签名密钥", max_length=200, blank=True)
    after = models.BigIntegerField("已读到", default=0)
    is_open = models.BooleanField("在用", default=True)
    failed_at = models.DateTimeField("最近失败", null=True, blank=True)

    objects: ClassVar[Any] = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "变更推送"

    def __str__(self) -> str:
        return self.address

    def get_absolute_url(self) -> str:
        return reverse("exchange:subscription", args=[self.pk])

    @property
    def state(self) -> str:
        if not self.is_open:
            return "closed"
        return "open" if self.secret else "unsigned"


class HookDelivery(Outgoing):
    """One change for one subscription. The row is made once, and `body` is the same in every attempt."""

    key = models.UUIDField("消息编号", default=uuid.uuid4, unique=True, editable=False)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries", verbose_name="推送")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False, verbose_name="变更")
    county = CountyField("event__county")
    sequence = models.BigIntegerField("序号")
    body = models.TextField("内容")
    error = models.CharField("失败原因", max_length=300, blank=True)
    sent_at = models.DateTimeField("送达时间", null=True, blank=True)

    class Meta:
        ordering = ["sequence"]
        verbose_name = verbose_name_plural = "推送记录"
        constraints = [
            models.UniqueConstraint(fields=["subscription", "sequence"], name="one_hook_delivery_for_each_change")
        ]
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], condition=models.Q(state="waiting"), name="hook_waiting"),
            models.Index(fields=["claimed_at"], condition=models.Q(state="sending"), name="hook_sending"),
            models.Index(fields=["subscription", "state", "-sequence"], name="hook_by_subscription"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription} {self.sequence}"
