"""Catalogues of major hazards, versioned by the days on which they are in force."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from common.pinyin import initials
from hazards.querysets import ClauseQuerySet, StandardQuerySet
from mines.models import MineType


class Standard(models.Model):
    """One issue of a catalogue. `companions` are those always used together with it."""

    code = models.SlugField("代码", max_length=60, primary_key=True)
    name = models.CharField("名称", max_length=100)
    document_number = models.CharField("文号", max_length=60)
    issuer = models.CharField("印发单位", max_length=60, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    in_force_from = models.DateField("施行日期")
    in_force_until = models.DateField("废止前最后一日", null=True, blank=True)
    companions = models.ManyToManyField("self", blank=True, verbose_name="一并适用")
    source_note = models.TextField("说明", blank=True)

    objects: ClassVar[Any] = StandardQuerySet.as_manager()

    class Meta:
        ordering = ["-in_force_from", "code"]
        verbose_name = verbose_name_plural = "判定标准"

    def __str__(self) -> str:
        return f"{self.name}（{self.document_number}）"

    def get_absolute_url(self) -> str:
        return reverse("hazards:standard", args=[self.code])


class Category(models.Model):
    standard = models.ForeignKey(Standard, models.CASCADE, related_name="categories")
    code = models.CharField("代码", max_length=20)
    title = models.CharField("名称", max_length=200)
    position = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        ordering = ["standard", "position"]
        verbose_name = verbose_name_plural = "类别"
        constraints = [models.UniqueConstraint(fields=["standard", "code"], name="category_once_in_a_standard")]

    def __str__(self) -> str:
        return self.title


class Clause(models.Model):
    """One item under which a hazard falls. `label` is our own short wording, `official_text` what the bureau loaded.

    `is_selectable` is false for an item that only leads in its sub-items.
    """

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="clauses")
    category = models.ForeignKey(Category, models.CASCADE, related_name="clauses")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField("顺序", default=0)
    code = models.CharField("条款", max_length=20)
    label = models.CharField("短语", max_length=60)
    official_text = models.TextField("正式条文", blank=True)
    mine_types = models.JSONField("适用矿山类型", default=list)
    is_selectable = models.BooleanField("可选用", default=True)
    search_key = models.CharField(max_length=400, editable=False, default="")

    objects: ClassVar[Any] = ClauseQuerySet.as_manager()

    class Meta:
        ordering = ["standard", "position"]
        verbose_name = verbose_name_plural = "条款"
        constraints = [models.UniqueConstraint(fields=["standard", "code"], name="clause_once_in_a_standard")]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def mine_type_names(self) -> str:
        return "、".join(MineType(kind).label for kind in self.mine_types)

    def make_search_key(self) -> str:
        """Code, label and the first letters of its syllables, by which people look a clause up."""
        return f"{self.code} {self.label} {initials(self.label)} {self.category.title}".lower()[:400]
