"""Who owes: units, their other names, and the classes that plans name as one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from stdnum.cn import uscc

from common.pinyin import initials, spelling
from units.models.regions import Region
from units.names import name_key
from units.querysets import GroupQuerySet, UnitQuerySet


def check_credit_code(value: str) -> None:
    """Check a unified social credit code: 18 characters with its check digit (GB 32100-2015)."""
    if value and not uscc.is_valid(value):
        raise ValidationError("统一社会信用代码应为18位且校验码正确，请对照营业执照核对。", code="credit_code")


class UnitTag(models.Model):
    """A trait by which class names pick units: produces coal, has tailings ponds, …"""

    code = models.SlugField("代码", max_length=40, primary_key=True)
    name = models.CharField("名称", max_length=40, unique=True)

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = "单位标记"

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A body that can owe something: a department, a township, an enterprise, a mine, …"""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", "党委政府"
        DEPARTMENT = "department", "部门"
        TOWNSHIP = "township", "乡镇（街道）"
        COMMITTEE = "committee", "议事协调机构"
        ENTERPRISE = "enterprise", "企业"
        MINE = "mine", "矿山"
        OTHER = "other", "其他"

    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    name = models.CharField("全称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="units", verbose_name="所在区划")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级单位"
    )
    credit_code = models.CharField(
        "统一社会信用代码",
        max_length=18,
        null=True,
        blank=True,
        unique=True,
        validators=[check_credit_code],
        error_messages={"unique": "已有单位使用这个统一社会信用代码，请核对是否重复登记。"},
    )
    tags = models.ManyToManyField(UnitTag, blank=True, related_name="units", verbose_name="标记")
    is_active = models.BooleanField("在用", default=True)
    path = models.CharField(max_length=200, editable=False, default="", db_index=True)
    sort_key = models.CharField(max_length=200, editable=False, default="", db_index=True)
    initials = models.CharField(max_length=140, editable=False, default="", db_index=True)

    objects: ClassVar[Any] = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = verbose_name_plural = "单位"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="unit_name_once_in_a_region",
                violation_error_message="本区划内已有同名单位，请核对是否重复登记。",
            ),
            models.CheckConstraint(condition=~models.Q(parent=models.F("pk")), name="unit_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_keys()
        if self.pk is None:
            super().save(*args, **kwargs)
            kwargs = {}
        old = self.path
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        super().save(*args, **kwargs)
        if old and old != self.path:
            for child in self.children.all():
                child.save()

    def get_absolute_url(self) -> str:
        return reverse("units:unit", args=[self.pk])

    def set_keys(self) -> None:
        """Derive what lists sort and search by; `save` does it, and whoever writes units in bulk."""
        self.credit_code = self.credit_code or None
        self.sort_key = spelling(self.name)[:200]
        # Two runs of letters, so that both the full and the short name are found by the initials people type.
        self.initials = " ".join(initials(name) for name in (self.name, self.short_name) if name)[:140]

    def clean(self) -> None:
        if self.pk and self.parent and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": "上级单位不能是本单位或它的下级。"})


class UnitGroup(models.Model):
    """A class of units that plans name as one, such as the coal-producing townships of a county.

    Members are the units of the region that have one of `kinds` and all of `tags`, and those in `extra_members`.
    A group without kinds holds its extra members only.
    """

    name = models.CharField("名称", max_length=100)
    region = models.ForeignKey(Region, models.PROTECT, related_name="unit_groups", verbose_name="区划")
    kinds = models.JSONField("单位类别", default=list, blank=True)
    tags = models.ManyToManyField(UnitTag, blank=True, verbose_name="须有的标记")
    extra_members = models.ManyToManyField(Unit, blank=True, related_name="groups", verbose_name="另加单位")

    objects: ClassVar[Any] = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = "单位组"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="group_name_once_in_a_region",
                violation_error_message="本区划内已有同名单位组，请换一个名称。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("units:group", args=[self.pk])

    def members(self) -> models.QuerySet[Unit]:
        """Answer the active units that the class name stands for today."""
        rule = models.Q(pk__in=self.extra_members.values("pk"))
        if self.kinds:
            by_rule = Unit.objects.filter(kind__in=self.kinds, region__code__startswith=self.region.prefix)
            for tag in self.tags.all():
                by_rule = by_rule.filter(tags=tag)
            rule |= models.Q(pk__in=by_rule.values("pk"))
        return Unit.objects.filter(rule, is_active=True)


class UnitAlias(models.Model):
    """Another name under which papers of a region print a unit or a group, such as 县应急局."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="aliases", verbose_name="区划")
    name = models.CharField("别名", max_length=100)
    key = models.CharField(max_length=100, editable=False)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="aliases", verbose_name="单位")
    group = models.ForeignKey(
        UnitGroup, models.CASCADE, null=True, blank=True, related_name="aliases", verbose_name="单位组"
    )
    learned = models.BooleanField("导入时记住的", default=False)

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = "单位别名"
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="alias_once_in_a_region"),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=True) ^ models.Q(group__isnull=True),
                name="alias_of_a_unit_or_of_a_group",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = name_key(self.name)
        super().save(*args, **kwargs)
