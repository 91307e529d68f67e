"""Who of the bureau looks after what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tasks.models import Campaign
from units.models import Region


class DeskOfficer(models.Model):
    """One person who is the bureau's section for a campaign, or for one kind of due things; without any, all staff are."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="+", verbose_name="地区")
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="专项行动"
    )
    kind = models.CharField("种类", max_length=40, blank=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="主管人员")

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "主管人员"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "officer"], condition=Q(campaign__isnull=False), name="officer_once_for_a_campaign"
            ),
            models.UniqueConstraint(
                fields=["region", "kind", "officer"], condition=Q(campaign__isnull=True), name="officer_once_for_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(campaign__isnull=False, kind="") | (Q(campaign__isnull=True) & ~Q(kind="")),
                name="officer_for_a_campaign_or_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} {self.campaign or self.kind}"
