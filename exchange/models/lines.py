"""Exchange by the clock: what goes to another system or is fetched from it, and the receipt of every portion."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from common.encryption import EncryptedTextField
from common.outbox import Outgoing
from exchange.models.accounts import OfAccountQuerySet, Outlet, ServiceAccount
from units.models import User

DAY = 24 * 60


class LineQuerySet(OfAccountQuerySet):
    def visible_to(self, user: User) -> Self:
        """Looked at by administrators and auditors of the region; the services ask who may change them."""
        return self.filter(account__in=ServiceAccount.objects.read_by(user).order_by().values("pk"))

    def for_list(self) -> Self:
        return self.select_related("account__user__unit__region", "account__region", "created_by")

    def running(self) -> Self:
        """Those that the clock works on."""
        return self.filter(is_on=True, account__is_open=True, account__user__unit__is_active=True)


class ExchangeLine(Outlet):
    """What goes out to an address of another system, or is fetched from there, at set times, as far as its account may.

    `after` is the place in the feed of changes up to which the other side has acknowledged, `cursor` the place in its
    own feed up to which we have taken over: the next portion begins there.
    """

    class Direction(models.TextChoices):
        PUSH = "push", "报送（发给对方）"
        PULL = "pull", "接收（从对方取）"

    class Every(models.IntegerChoices):
        QUARTER = 15, "每15分钟"
        HOUR = 60, "每小时"
        FOUR_HOURS = 240, "每4小时"
        DAY = DAY, "每天"

    account = models.ForeignKey(ServiceAccount, models.PROTECT, related_name="lines", verbose_name="接口账号")
    name = models.CharField("名称", max_length=80)
    direction = models.CharField("方向", max_length=10, choices=Direction.choices)
    credential = EncryptedTextField("凭据", max_length=500, blank=True)
    every = models.PositiveSmallIntegerField("间隔", choices=Every.choices, default=Every.DAY)
    hour = models.PositiveSmallIntegerField("几点", default=2)
    is_on = models.BooleanField("在用", default=False)
    next_run_at = models.DateTimeField("下次运行", null=True, blank=True)
    after = models.BigIntegerField("已报送到", default=0)
    cursor = models.CharField("已接收到", max_length=200, blank=True)
    ran_at = models.DateTimeField("最近运行", null=True, blank=True)

    objects: ClassVar[Any] = LineQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "交换计划"
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="one_exchange_line_of_a_name")]
        indexes = [models.Index(fields=["next_run_at"], condition=models.Q(is_on=True), name="exchange_line_due")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("exchange:line", args=[self.pk])

    @property
    def is_push(self) -> bool:
        return self.direction == self.Direction.PUSH

    @property
    def state(self) -> str:
        if not self.is_on:
            return "off"
        return "failing" if self.error else "on"

    @property
    def times(self) -> str:
        """每天2点 or 每小时"""
        label = str(self.get_every_display())
        return f"{label}{self.hour}点" if self.every == self.Every.DAY else label

    def next_time(self, now: dt.datetime) -> dt.datetime:
        """The first time of this line after a moment: full quarters, hours … of the day, or its hour."""
        here = timezone.localtime(now)
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        if self.every == self.Every.DAY:
            at = midnight + dt.timedelta(hours=self.hour)
            return at if at > here else at + dt.timedelta(days=1)
        step = dt.timedelta(minutes=self.every)
        return midnight + ((here - midnight) // step + 1) * step


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(line__in=ExchangeLine.objects.visible_to(user).order_by().values("pk"))

    def for_list(self) -> Self:
        return self.select_related("line__account__user__unit__region", "line__account__region")

    def open(self) -> Self:
        """Not acknowledged yet, or given up."""
        return self.exclude(state=Receipt.State.SENT)


class Receipt(Outgoing):
    """One portion of an exchange: where it began and ended, what it held, and what the receiving side said of it.

    A line has one that is not finished at most, and the next begins where the last acknowledged one ended. `body` is
    kept until it is acknowledged, so that every attempt sends the same bytes under the same `key`. `taken`, `unchanged`
    and `refused` are empty where the other side told no counts; `refusals` are noun, number and sentence.
    """

    key = models.UUIDField("回执编号", default=uuid.uuid4, unique=True, editable=False)
    line = models.ForeignKey(
        ExchangeLine, models.PROTECT, db_index=False, related_name="receipts", verbose_name="交换计划"
    )
    county = CountyField("line__account__user__unit__region")
    number = models.PositiveIntegerField("序号")
    starts = models.CharField("起", max_length=200, blank=True)
    ends = models.CharField("止", max_length=200, blank=True)
    body = models.TextField("内容", blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    count = models.PositiveIntegerField("条数", default=0)
    taken = models.PositiveIntegerField("接收", null=True, blank=True)
    unchanged = models.PositiveIntegerField("没有变化", null=True, blank=True)
    refused = models.PositiveIntegerField("退回", null=True, blank=True)
    refusals = models.JSONField("退回的", default=list)
    answer_status = models.PositiveSmallIntegerField("应答状态", null=True, blank=True)
    answer_number = models.CharField("对方回执号", max_length=120, blank=True)
    error = models.CharField("失败原因", max_length=300, blank=True)
    made_at = models.DateTimeField("生成时间", default=timezone.now)
    ended_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects: ClassVar[Any] = ReceiptQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "回执"
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="one_receipt_of_a_number"),
            models.UniqueConstraint(
                fields=["line"], condition=~models.Q(state="sent"), name="one_receipt_under_way_for_each_line"
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], condition=models.Q(state="waiting"), name="receipt_waiting"),
            models.Index(fields=["ended_at"], name="receipt_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.line} 第{self.number}份"

    def get_absolute_url(self) -> str:
        return reverse("exchange:receipt", args=[self.pk])

    @property
    def difference(self) -> int | None:
        """How many of the rows the other side did not account for; None where it told no counts."""
        if self.taken is None and self.unchanged is None and self.refused is None:
            return None
        return self.count - (self.taken or 0) - (self.unchanged or 0) - (self.refused or 0)
