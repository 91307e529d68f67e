"""Accounts of other systems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from hashlib import sha256
from hmac import compare_digest
from ipaddress import ip_address, ip_network
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from units.models import Reach, Region, Unit, User


def hash_of_secret(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


class ServiceUser(User):
    """The user behind a service account, as a request through its token sees it: kept within one region if so set."""

    within: str | None = None
    scopes: Collection[str] = ()
    """What may be done in this request: the scopes of the account, or those of them that its token was fetched for."""

    class Meta:
        proxy = True

    @property
    def reach(self) -> Reach:
        reach = super().reach
        if self.within is None or reach.region is None:
            return reach
        return Reach(region=self.within) if self.within.startswith(reach.region) else reach


class ServiceAccountQuerySet(models.QuerySet["ServiceAccount"]):
    def visible_to(self, user: User) -> Self:
        """Accounts of other systems are kept by the administrators of the region in which their unit lies."""
        if not user.keeps_accounts and not user.is_superuser:
            return self.none()
        return self.filter(user__unit__in=Unit.objects.visible_to(user).order_by().values("pk"))

    def spoken_for_by(self, user: User) -> Self:
        """Another system speaks for itself, and administrators for the accounts that they keep."""
        return self.filter(user=user.pk) if user.is_service else self.visible_to(user)

    def read_by(self, user: User) -> Self:
        """Those whose exchange a user may look at: another system its own, who audits those of the region."""
        if user.is_service or not user.audits:
            return self.spoken_for_by(user)
        return self.filter(user__unit__in=Unit.objects.visible_to(user).order_by().values("pk"))

    def for_list(self) -> Self:
        return self.select_related("user__unit__region", "region", "created_by")


class ServiceAccount(models.Model):
    """An account of another system: whose it is, what it may read, from where, and when it was last used.

    Its user holds role and unit, so that everything it sees and does follows the rules of people; nobody can log in by
    it. Tokens are knox's: shown once, kept as a hash.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="service_account", verbose_name="账号"
    )
    purpose = models.CharField("用途", max_length=200)
    contact = models.CharField("对方联系人", max_length=100)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="只限地区")
    scopes = models.JSONField("权限", default=list)
    networks = models.JSONField("允许的网络", default=list)
    per_minute = models.PositiveIntegerField("每分钟请求上限", default=120)
    mapping = models.JSONField("字段对照", default=dict, blank=True)
    # SHA-256 of a secret of 256 random bits: nothing to be guessed, so that no slow hash is needed.
    secret_hash = models.CharField(max_length=64, blank=True, editable=False)
    secret_made_at = models.DateTimeField("客户端密钥生成时间", null=True, editable=False)
    is_open = models.BooleanField("在用", default=True)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    last_address = models.GenericIPAddressField("最近使用的地址", null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="开通人")
    created_at = models.DateTimeField("开通时间", default=timezone.now)

    objects: ClassVar[Any] = ServiceAccountQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "接口账号"

    def __str__(self) -> str:
        return self.user.name

    def get_absolute_url(self) -> str:
        return reverse("exchange:account", args=[self.pk])

    @property
    def state(self) -> str:
        return "open" if self.is_open else "closed"

    def has_secret(self, secret: str) -> bool:
        """Whether this is the account's client secret."""
        return bool(self.secret_hash) and compare_digest(self.secret_hash, hash_of_secret(secret))

    def allows_address(self, address: str) -> bool:
        """Whether a request may come from this address; no networks named means from anywhere."""
        if not self.networks:
            return True
        try:
            asking = ip_address(address)
        except ValueError:
            return False
        return any(asking in ip_network(network) for network in self.networks)

    def as_user(self, token: AuthToken | None = None) -> ServiceUser:
        """The user of this account, kept within its region and to what the token was fetched for."""
        user: Any = self.user
        user.__class__ = ServiceUser
        user.within = self.region.prefix if self.region else None
        narrow: NarrowToken | None = getattr(token, "narrow", None)
        user.scopes = [scope for scope in self.scopes if narrow is None or scope in narrow.scopes]
        found: ServiceUser = user
        return found

    def scopes_of(self, by: User) -> Collection[str]:
        """What somebody who speaks for this account may have it do: its own program no more than the token holds."""
        return by.scopes if isinstance(by, ServiceUser) else self.scopes

    def used_recently(self, now: dt.datetime) -> bool:
        """Whether the last use was noted within the minute, so that reading does not write for every request."""
        return self.last_used_at is not None and now - self.last_used_at < dt.timedelta(minutes=1)


class NarrowToken(models.Model):
    """A fetched token that holds fewer scopes than its account, as the system wished that fetched it (RFC 6749, 3.3)."""

    token = models.OneToOneField(AuthToken, models.CASCADE, primary_key=True, related_name="narrow")
    scopes = models.JSONField("权限", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "收窄的令牌"

    def __str__(self) -> str:
        return " ".join(self.scopes)


class Outlet(models.Model):
    """An address of another system, the nouns that it is to have, and how it went."""

    address = models.URLField("对方地址", max_length=500)
    nouns = models.JSONField("内容", default=list)
    worked_at = models.DateTimeField("最近成功", null=True, blank=True)
    error = models.CharField("失败原因", max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="设立人")
    created_at = models.DateTimeField("设立时间", default=timezone.now)

    class Meta:
        abstract = True


class OfAccountQuerySet(models.QuerySet[Any]):
    """Rows that belong to an `account`."""

    def visible_to(self, user: User) -> Self:
        """Seen by whoever speaks for the account."""
        return self.filter(account__in=ServiceAccount.objects.spoken_for_by(user).order_by().values("pk"))
