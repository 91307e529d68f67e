"""What telephones sent from underground, known by the keys that they gave it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from common.county import CountyField
from inspections.models.visits import Visit, VisitResult


class FieldEntry(models.Model):
    """One answer or photograph that was taken over from a telephone.

    A telephone that did not hear the answer sends the same again, under the same `client_id`; it is taken over once.
    """

    client_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="+")
    county = CountyField("visit__region")
    result = models.ForeignKey(VisitResult, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人")
    made_at = models.DateTimeField("手机上填写的时间")
    received_at = models.DateTimeField("收到时间", default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "手机上传记录"

    def __str__(self) -> str:
        return str(self.client_id)
