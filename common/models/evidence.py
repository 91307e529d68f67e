from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from common.errors import Refused


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def about(self, obj: models.Model) -> EvidenceQuerySet:
        """The evidence of one record, oldest first."""
        content_type = ContentType.objects.get_for_model(obj)
        return self.filter(content_type=content_type, object_id=str(obj.pk)).order_by("id")

    def delete(self) -> Any:
        raise Refused("印证资料不能删除，只能补充新的资料。", code="evidence_kept")


class Evidence(models.Model):
    """One file that proves something about one record. Written by `common.evidence.store_evidence`, and there to stay.

    The bytes lie under MEDIA_ROOT by their SHA-256, once, however many rows point at them.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", "图片"
        DOCUMENT = "document", "文件"

    public_id = models.UUIDField("公开编号", unique=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=40)
    object = GenericForeignKey("content_type", "object_id")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("字节数")
    media_type = models.CharField("类型", max_length=100)
    kind = models.CharField("类别", max_length=10, choices=Kind)
    name = models.CharField("文件名", max_length=150)
    caption = models.CharField("说明", max_length=200, blank=True)
    width = models.PositiveIntegerField("宽", null=True)
    height = models.PositiveIntegerField("高", null=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)
    # Of the record, else of who handed the file in.
    county = CountyField("uploaded_by__unit__region")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "印证资料"
        ordering = ["id"]
        indexes = [models.Index(fields=["content_type", "object_id", "id"], name="evidence_by_object")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("common:evidence", args=[self.public_id])

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise Refused("印证资料不能删除，只能补充新的资料。", code="evidence_kept")

    @property
    def thumb_url(self) -> str:
        """Where its small picture is; empty for a document."""
        return reverse("common:evidence_thumb", args=[self.public_id]) if self.kind == self.Kind.IMAGE else ""

    @property
    def original_url(self) -> str:
        return reverse("common:evidence_original", args=[self.public_id])
