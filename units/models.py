"""Who: regions, units with their names and groups, and user accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from pypinyin import lazy_pinyin
from stdnum.cn import uscc

from units.names import name_key
from units.querysets import GroupQuerySet, RegionQuerySet, UnitQuerySet, UserQuerySet


def check_credit_code(value: str) -> None:
    """Check a unified social credit code: 18 characters with its check digit (GB 32100-2015)."""
    if value and not uscc.is_valid(value):
        raise ValidationError("统一社会信用代码应为18位且校验码正确，请对照营业执照核对。", code="credit_code")


class Region(models.Model):
    """An administrative division, by its GB/T 2260 code (6 digits) or its town or village code (9 or 12)."""

    code = models.CharField(
        "区划代码",
        max_length=12,
        primary_key=True,
        validators=[RegexValidator(r"^\d{6}(\d{3}){0,2}$", "区划代码应为6、9或12位数字。")],
    )
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=20, blank=True)

    objects: ClassVar[Any] = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = "行政区划"

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """The digits that the codes of this region and of everything inside it begin with."""
        if len(self.code) == 6:
            return (
                self.code[:2]
                if self.code.endswith("0000")
                else self.code[:4]
                if self.code.endswith("00")
                else self.code
            )
        return self.code[:9] if self.code.endswith("000") else self.code

    @property
    def level(self) -> str:
        return {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}[len(self.prefix)]


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
        "统一社会信用代码", max_length=18, null=True, blank=True, unique=True, validators=[check_credit_code]
    )
    tags = models.ManyToManyField(UnitTag, blank=True, related_name="units", verbose_name="标记")
    is_active = models.BooleanField("在用", default=True)
    path = models.CharField(max_length=200, editable=False, default="", db_index=True)
    sort_key = models.CharField(max_length=200, editable=False, default="", db_index=True)

    objects: ClassVar[Any] = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = verbose_name_plural = "单位"
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="unit_name_once_in_a_region"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("pk")), name="unit_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.credit_code = self.credit_code or None
        self.sort_key = "".join(lazy_pinyin(self.name))[:200].lower()
        if self.pk is None:
            super().save(*args, **kwargs)
            kwargs = {}
        old = self.path
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        super().save(*args, **kwargs)
        if old and old != self.path:
            for child in self.children.all():
                child.save()

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
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="group_name_once_in_a_region")]

    def __str__(self) -> str:
        return self.name

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


class Role(models.TextChoices):
    BUREAU_ADMIN = "bureau_admin", "局管理员"
    BUREAU_STAFF = "bureau_staff", "局工作人员"
    INSPECTOR = "inspector", "执法检查人员"
    LEADER = "leader", "领导"
    AUDITOR = "auditor", "审计员"
    LIAISON = "liaison", "单位联络员"
    MINE_CLERK = "mine_clerk", "矿山填报员"
    MINE_HEAD = "mine_head", "矿长"


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an account sees: every unit whose region code begins with `region`, or the tree below `path`."""

    region: str | None = None
    path: str | None = None


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: User) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(username, password, is_superuser=True, role=Role.BUREAU_ADMIN, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account of one named person. What it may do follows from role and unit, never from who asked."""

    username = models.CharField(
        "登录名",
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9._-]{3,40}$", "登录名用3至40个小写字母、数字、点、横线或下划线。")],
        error_messages={"unique": "这个登录名已有人使用，请换一个。"},
    )
    name = models.CharField("姓名", max_length=40)
    role = models.CharField("角色", max_length=16, choices=Role.choices, default=Role.LIAISON)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="users", verbose_name="单位")
    duty = models.CharField("职务", max_length=40, blank=True)
    phone = models.CharField(
        "手机",
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[\d+ -]{5,20}$", "请填写电话号码，只用数字和横线。")],
    )
    email = models.EmailField("邮箱", blank=True)
    is_active = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField(editable=False, default=False)
    must_change_password = models.BooleanField("下次登录须改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ["username"]
        verbose_name = verbose_name_plural = "账号"

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether the account may open the reference-data pages of Django's admin."""
        return self.role == Role.BUREAU_ADMIN

    @property
    def reads_region(self) -> bool:
        """Whether the account sees everything in its unit's region."""
        return self.role in (Role.BUREAU_ADMIN, Role.BUREAU_STAFF, Role.INSPECTOR, Role.LEADER, Role.AUDITOR)

    @property
    def reviews(self) -> bool:
        """Whether the account may import plans, review what units hand in and decide on extensions."""
        return self.role in (Role.BUREAU_ADMIN, Role.BUREAU_STAFF)

    @property
    def reports(self) -> bool:
        """Whether the account may write for its own unit."""
        return self.role not in (Role.LEADER, Role.AUDITOR)

    @property
    def reach(self) -> Reach:
        if self.unit is None:
            return Reach(region="") if self.is_superuser else Reach(path="-")
        if self.reads_region:
            return Reach(region=self.unit.region.prefix)
        if self.unit.kind == Unit.Kind.TOWNSHIP and self.unit.region.level == "township":
            return Reach(region=self.unit.region.prefix, path=self.unit.path)
        return Reach(path=self.unit.path)
