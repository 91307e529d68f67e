"""How people are reached outside of the inbox: a region's channels, each person's wishes, and what was sent."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from common.county import CountyField
from common.encryption import EncryptedTextField
from common.outbox import Outgoing
from supervision.models.notices import Digest
from supervision.querysets import ChannelQuerySet, DeliveryQuerySet
from units.models import Region, User

PLACES = ("{phone}", "{email}", "{username}")
"""What an address of another service may leave open for each person; without any, a group reads what is sent."""


class Channel(models.Model):
    """One way out of a region's system. `secret` is written and never shown again."""

    class Kind(models.TextChoices):
        EMAIL = "email", "电子邮件"
        WECOM = "wecom", "企业微信群机器人"
        DINGTALK = "dingtalk", "钉钉群机器人"
        FEISHU = "feishu", "飞书群机器人"
        HOOK = "hook", "短信网关或其他系统"
        OTHER = "other", "其他服务（Apprise 地址）"

    region = models.ForeignKey(Region, models.CASCADE, related_name="+", verbose_name="地区")
    kind = models.CharField("渠道", max_length=10, choices=Kind.choices)
    is_on = models.BooleanField("启用", default=False)
    address = models.CharField("接收地址", max_length=300, blank=True)
    secret = EncryptedTextField("密钥", max_length=300, blank=True)
    signing_secret = EncryptedTextField("加签密钥", max_length=300, blank=True)
    worked_at = models.DateTimeField("最近成功", null=True, blank=True)
    failed_at = models.DateTimeField("最近失败", null=True, blank=True)
    error = models.CharField("最近的错误", max_length=300, blank=True)

    objects: ClassVar[Any] = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["region", "kind"]
        verbose_name = verbose_name_plural = "提醒渠道"
        constraints = [models.UniqueConstraint(fields=["region", "kind"], name="one_channel_of_a_kind")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_robot(self) -> bool:
        """Whether a message is read by a whole group: it then says how many things, not which."""
        if self.kind == self.Kind.OTHER:
            return not any(place in self.secret for place in PLACES)
        return self.kind in (self.Kind.WECOM, self.Kind.DINGTALK, self.Kind.FEISHU)

    @property
    def knows_repeats(self) -> bool:
        """Whether the other side can tell a repeated message by its key, so that it may be sent again in doubt."""
        return self.kind in (self.Kind.EMAIL, self.Kind.HOOK)

    def reaches(self, user: User) -> bool:
        """Whether this person can be found by this channel at all."""
        wants_email = self.kind == self.Kind.EMAIL or (self.kind == self.Kind.OTHER and "{email}" in self.secret)
        wants_phone = self.kind == self.Kind.HOOK or (self.kind == self.Kind.OTHER and "{phone}" in self.secret)
        return not (wants_email and not user.email) and not (wants_phone and not user.phone)

    @property
    def is_failing(self) -> bool:
        return self.failed_at is not None and (self.worked_at is None or self.failed_at > self.worked_at)


class Contact(models.Model):
    """The hours in which a person does not want to be disturbed; without a row those of the region hold."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="contact")
    quiet_from = models.TimeField("免打扰开始", default=dt.time(20))
    quiet_until = models.TimeField("免打扰结束", default=dt.time(8))

    class Meta:
        verbose_name = verbose_name_plural = "免打扰时间"

    def __str__(self) -> str:
        return f"{self.user} {self.quiet_from:%H:%M}-{self.quiet_until:%H:%M}"


class Mute(models.Model):
    """One kind of things of which a person does not want to be told by one channel; the inbox always has them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mutes")
    channel = models.CharField("渠道", max_length=10, choices=Channel.Kind.choices)
    kind = models.CharField("种类", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "不接收的提醒"
        constraints = [models.UniqueConstraint(fields=["user", "channel", "kind"], name="one_mute_for_each_kind")]

    def __str__(self) -> str:
        return f"{self.user} {self.channel} {self.kind}"


class Delivery(Outgoing):
    """One digest on its way by one channel. `key` is the same in every attempt, for the other side to know repeats by.

    Where a worker died while sending nobody knows whether the message left: a channel that knows repeats gets it again,
    for another it stays `unsure` and is not repeated.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        FAILED = "failed", "未送达"
        UNSURE = "unsure", "不确定"
        DROPPED = "dropped", "不需再发"

    digest = models.ForeignKey(Digest, models.CASCADE, db_index=False, related_name="deliveries")
    county = CountyField("digest__county")
    channel = models.ForeignKey(Channel, models.CASCADE, db_index=False, related_name="deliveries", verbose_name="渠道")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    log = models.JSONField("经过", default=list)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)

    objects: ClassVar[Any] = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "发送记录"
        constraints = [models.UniqueConstraint(fields=["digest", "channel"], name="one_delivery_for_each_channel")]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"], condition=models.Q(state="waiting"), name="delivery_waiting"
            ),
            models.Index(fields=["claimed_at"], condition=models.Q(state="sending"), name="delivery_sending"),
            models.Index(fields=["channel", "state", "-id"], name="delivery_by_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.digest} {self.channel}"

    @property
    def last_error(self) -> str:
        return str(self.log[-1]["error"]) if self.log else ""
