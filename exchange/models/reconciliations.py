"""What another system says that it holds, beside what it should hold."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from common.county import CountyField
from exchange.models.accounts import OfAccountQuerySet, ServiceAccount
from units.models import User


class ReconciliationQuerySet(OfAccountQuerySet):
    def visible_to(self, user: User) -> Self:
        """Seen by whoever may look at the exchange of the account."""
        return self.filter(account__in=ServiceAccount.objects.read_by(user).order_by().values("pk"))

    def for_list(self) -> Self:
        return self.select_related("account__user")


class Reconciliation(models.Model):
    """The counts of one moment. `counts` holds for each noun what this system counted and what the other one did."""

    account = models.ForeignKey(ServiceAccount, models.PROTECT, related_name="reconciliations", verbose_name="接口账号")
    county = CountyField("account__user__unit__region")
    at = models.DateTimeField("对账时间", default=timezone.now)
    counts = models.JSONField("数量", default=dict)
    agrees = models.BooleanField("一致")

    objects: ClassVar[Any] = ReconciliationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "对账"
        indexes = [models.Index(fields=["account", "-id"])]

    def __str__(self) -> str:
        return f"{self.account} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    @property
    def state(self) -> str:
        return "agrees" if self.agrees else "differs"
