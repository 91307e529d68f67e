"""What a person has beside the password: a phone that shows a new number every half minute, and codes on paper."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from common.encryption import EncryptedTextField
from units.models.accounts import User


class SecondFactor(models.Model):
    """The secret that an account shares with an app on its person's phone (TOTP, RFC 6238).

    It counts from `confirmed_at`, when its person first typed a number of it. `last_step` is the half minute of the
    number taken last: the same one is not taken twice.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor", verbose_name="账号")
    secret = EncryptedTextField("密钥", max_length=64, editable=False)
    confirmed_at = models.DateTimeField("启用时间", null=True, blank=True)
    last_step = models.BigIntegerField(default=0, editable=False)
    failures = models.PositiveSmallIntegerField("连续输错次数", default=0)
    blocked_until = models.DateTimeField("暂停至", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "两步验证"

    def __str__(self) -> str:
        return f"{self.user}的两步验证"

    @property
    def is_blocked(self) -> bool:
        return self.blocked_until is not None and self.blocked_until > timezone.now()


class RecoveryCode(models.Model):
    """A code on paper that stands in once for a phone that was lost; only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes", verbose_name="账号")
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "备用码"

    def __str__(self) -> str:
        return f"{self.user}的备用码"
