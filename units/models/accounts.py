"""Who acts: user accounts, their roles and reach, and what proves that a person is who they say."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.encryption import EncryptedTextField
from units.models.directory import Unit
from units.querysets import UserQuerySet


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
        """With unit and region, which every request asks for to know how far the account sees."""
        return UserQuerySet(self.model, using=self._db).select_related("unit__region")

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
    phone = EncryptedTextField(
        "手机",
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[\d+ -]{5,20}$", "请填写电话号码，只用数字和横线。")],
    )
    email = models.EmailField("邮箱", blank=True)
    is_active = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField(editable=False, default=False)
    # Of another system: it works by tokens alone, is never active, and so nobody logs in by it or is asked anything.
    is_service = models.BooleanField("接口账号", editable=False, default=False)
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

    def get_absolute_url(self) -> str:
        return reverse("units:account", args=[self.pk])

    def get_full_name(self) -> str:
        return self.name

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    @property
    def is_activated(self) -> bool:
        """Whether the person has a password of their own, and so has used the activation code."""
        return self.has_usable_password()

    @property
    def state(self) -> str:
        """`inactive`, `waiting` for its person to set a password, or `active`; the lists filter by the same words."""
        if self.is_service:
            return "service"
        if not self.is_active:
            return "inactive"
        return "active" if self.is_activated else "waiting"

    @property
    def state_label(self) -> str:
        return {"service": "接口账号", "inactive": "已停用", "waiting": "待激活", "active": "在用"}[self.state]

    @property
    def password_is_due(self) -> bool:
        """Whether the password must be changed before anything else: a first one, or one past its age."""
        if self.must_change_password:
            return True
        changed, days = self.password_changed_at, settings.PASSWORD_MAX_AGE_DAYS
        return bool(days and changed and timezone.now() - changed > timedelta(days=days))

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
    def keeps_accounts(self) -> bool:
        """Whether the account may open, change and close the accounts of its region."""
        return self.role == Role.BUREAU_ADMIN

    @property
    def audits(self) -> bool:
        """Whether the account may read every act of every account of its region."""
        return self.role in (Role.BUREAU_ADMIN, Role.AUDITOR) or self.is_superuser

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


class FormerPassword(models.Model):
    """The hash of a password that an account has had, so that it is not taken again soon."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-set_at", "-pk"]
        verbose_name = verbose_name_plural = "用过的密码"

    def __str__(self) -> str:
        return f"{self.user} {self.set_at:%Y-%m-%d}"


CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 16


class ActivationQuerySet(models.QuerySet["Activation"]):
    def usable(self) -> Self:
        return self.filter(used_at=None, expires_at__gt=timezone.now(), user__is_active=True)

    def with_code(self, code: str) -> Self:
        return self.filter(code_hash=Activation.hash_of(code))


class Activation(models.Model):
    """The right to set the password of an account once, proved by a code that only its person holds.

    The code has 80 random bits and is typed from paper, so that letters that look alike are left out; only its
    hash is kept. An account has one usable code at most: making a new one takes the right from the old.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="activation", verbose_name="账号")
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("生成时间", default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="生成人")
    expires_at = models.DateTimeField("有效期至")
    used_at = models.DateTimeField("使用时间", null=True)

    objects: ClassVar[Any] = ActivationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "激活码"

    def __str__(self) -> str:
        return f"{self.user}的激活码"

    @property
    def is_usable(self) -> bool:
        return self.used_at is None and self.expires_at > timezone.now()

    @staticmethod
    def new_code() -> str:
        """Draw a code, in the groups of four in which it is printed."""
        letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        return "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))

    @staticmethod
    def hash_of(code: str) -> str:
        """Hash a code as typed, in any case, with or without its lines."""
        return hashlib.sha256(re.sub(r"[^0-9A-Z]", "", code.upper()).encode()).hexdigest()


# Signs in the order in which they must be asked: an Edge also calls itself Chrome, and an Android Linux.
SYSTEMS = (("Windows", "Windows"), ("Android", "安卓"), ("iPhone", "iPhone"), ("Mac OS", "Mac"), ("Linux", "Linux"))
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg/", "Edge"),
    ("Firefox", "火狐"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


class AccountSession(models.Model):
    """One log-in of an account that is still open: the row by which the person, or the bureau, can end it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="open_sessions", verbose_name="账号")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    started_at = models.DateTimeField("登录时间", default=timezone.now)
    seen_at = models.DateTimeField("最近操作", default=timezone.now)
    address = models.GenericIPAddressField("网络地址", null=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)

    class Meta:
        ordering = ["-seen_at", "-pk"]
        verbose_name = verbose_name_plural = "登录会话"

    def __str__(self) -> str:
        return f"{self.user} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def device(self) -> str:
        """The browser and the system in words that its owner knows again."""
        system = next((label for sign, label in SYSTEMS if sign in self.agent), "未知系统")
        browser = next((label for sign, label in BROWSERS if sign in self.agent), "未知浏览器")
        return f"{system} · {browser}"
