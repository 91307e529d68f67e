"""Signs of a rectification that did not happen: what is kept of photographs and words to find them, and what people said."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.county import CountyField
from common.models import Evidence
from hazards.models.proofs import Rectification
from hazards.models.register import Hazard
from hazards.querysets import SignQuerySet
from units.models import Region


class PhotoPrint(models.Model):
    """What is needed of one photograph to find it again: how it looks, and when it was taken.

    `dhash` is 16 hex digits (see `hazards/photos.py`), empty for a picture without structure. It is cut into bands:
    two prints that differ in fewer bits than there are bands agree in at least one, so near pictures are found by
    index. Of the place only whether the file names one is kept.
    """

    class Side(models.TextChoices):
        BEFORE = "before", "整改前"
        AFTER = "after", "整改后"

    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="+")
    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="photo_prints")
    # Without an index: a database would take it for the better way in, and read a whole county for each photograph.
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=6, choices=Side.choices)
    round = models.PositiveSmallIntegerField(default=0)
    dhash = models.CharField(max_length=16, blank=True)
    band_0 = models.PositiveSmallIntegerField(null=True, db_index=True)
    band_1 = models.PositiveSmallIntegerField(null=True, db_index=True)
    band_2 = models.PositiveSmallIntegerField(null=True, db_index=True)
    band_3 = models.PositiveSmallIntegerField(null=True, db_index=True)
    band_4 = models.PositiveSmallIntegerField(null=True, db_index=True)
    band_5 = models.PositiveSmallIntegerField(null=True, db_index=True)
    taken_at = models.DateTimeField("拍摄时间", null=True)
    has_gps = models.BooleanField("带有定位", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "照片特征"

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.dhash}"


class StatementPrint(models.Model):
    """The hash of what a mine says that it did, without spaces and signs, so that copies are found by index."""

    rectification = models.OneToOneField(Rectification, models.CASCADE, related_name="+")
    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "整改文字特征"
        indexes = [models.Index(fields=["digest", "region"])]

    def __str__(self) -> str:
        return self.digest


class Sign(models.Model):
    """One thing about a rectification that a person should look at. It blocks nothing.

    `words` say what was seen, with its numbers, as it was when it was seen. `key` tells two signs of a kind apart.
    """

    class Kind(models.TextChoices):
        SAME_PHOTO = "same_photo", "整改前后照片相同"
        NEAR_PHOTO = "near_photo", "整改前后照片几乎相同"
        PHOTO_AGAIN = "photo_again", "退回后用了旧照片"
        PHOTO_ELSEWHERE = "photo_elsewhere", "照片用于别的隐患"
        TAKEN_BEFORE = "taken_before", "照片早于隐患发现"
        TAKEN_LONG_AGO = "taken_long_ago", "照片早于填报多日"
        CLOSED_AT_ONCE = "closed_at_once", "填报后很快销号"
        MANY_CLOSED = "many_closed", "短时间大量销号"
        COPIED_WORDS = "copied_words", "整改说明雷同"

    class Verdict(models.TextChoices):
        OPEN = "open", "待判断"
        FINE = "fine", "没有问题"
        SUSPICIOUS = "suspicious", "可疑"

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="signs", verbose_name="隐患")
    county = CountyField("hazard__region")
    kind = models.CharField("疑点", max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=80, blank=True)
    words = models.CharField("看到的情况", max_length=300)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+", verbose_name="照片")
    other_evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+", verbose_name="对比照片")
    other_hazard = models.ForeignKey(Hazard, models.CASCADE, null=True, related_name="+", verbose_name="另一条隐患")
    found_at = models.DateTimeField("发现时间", default=timezone.now)
    verdict = models.CharField("判断", max_length=10, choices=Verdict.choices, default=Verdict.OPEN)
    verdict_words = models.CharField("判断说明", max_length=300, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="判断人"
    )
    judged_at = models.DateTimeField("判断时间", null=True)

    objects: ClassVar[Any] = SignQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "整改疑点"
        constraints = [
            models.UniqueConstraint(fields=["hazard", "kind", "key"], name="sign_once_about_a_hazard"),
            models.CheckConstraint(
                condition=models.Q(verdict="open") | models.Q(judged_by__isnull=False, judged_at__isnull=False),
                name="judged_sign_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~models.Q(verdict="suspicious") | ~models.Q(verdict_words=""),
                name="suspicion_is_put_in_words",
            ),
        ]
        indexes = [models.Index(fields=["verdict", "kind"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.hazard.number}"

    def get_absolute_url(self) -> str:
        return reverse("hazards:sign", args=[self.pk])
