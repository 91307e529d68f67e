"""Accounts as their administrators keep them. Nobody but the person ever chooses or sees a password."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from axes.utils import reset as reset_attempts
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.history import record, snapshot
from units.models import Activation, Role, Unit, User
from units.services.directory import check_fields
from units.services.own import set_password
from units.services.sessions import end_sessions_of

FIELDS = ("name", "role", "unit", "duty", "phone", "email")

REGION_ROLES = (Role.BUREAU_ADMIN, Role.BUREAU_STAFF, Role.INSPECTOR, Role.LEADER, Role.AUDITOR)
# Whoever reads a region reads all of it: a mine's own person must never be given such a role by mistake.
ROLES_OF_KIND: dict[str, tuple[Role, ...]] = {
    Unit.Kind.GOVERNMENT: (*REGION_ROLES, Role.LIAISON),
    Unit.Kind.DEPARTMENT: (*REGION_ROLES, Role.LIAISON),
    Unit.Kind.COMMITTEE: (*REGION_ROLES, Role.LIAISON),
    Unit.Kind.TOWNSHIP: (Role.LEADER, Role.LIAISON),
    Unit.Kind.ENTERPRISE: (Role.LIAISON, Role.MINE_CLERK),
    Unit.Kind.MINE: (Role.MINE_CLERK, Role.MINE_HEAD),
    Unit.Kind.OTHER: (Role.LIAISON,),
}


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """An account with the activation code just made for it; the code is nowhere else, so show it now or never."""

    account: User
    code: str
    expires_at: Any


def check_keeps_accounts(by: User, account: User | None = None) -> None:
    """Refuse whoever is not an administrator, or not one of the account's region."""
    if by.role != Role.BUREAU_ADMIN and not by.is_superuser:
        raise NotAllowed("账号由局管理员管理，请联系他们办理。")
    if account is None:
        return
    if not User.objects.visible_to(by).filter(pk=account.pk).exists():
        raise NotAllowed("只能管理本地区的账号。")
    if account.is_superuser and not by.is_superuser:
        raise NotAllowed("这是系统级账号，只能由运行维护人员管理。")


def check_placement(by: User, unit: Unit | None, role: str) -> None:
    """Refuse a unit outside the administrator's region, and a role that the kind of unit does not have."""
    if unit is None or not Unit.objects.visible_to(by).filter(pk=unit.pk).exists():
        raise Refused("请选择本地区内的单位。", fields={"unit": ["请选择本地区内的单位。"]})
    if not unit.is_active:
        sentence = f"“{unit.name}”已停用，不能再开账号；请先启用单位或另选单位。"
        raise Refused(sentence, fields={"unit": [sentence]})
    allowed = ROLES_OF_KIND[unit.kind]
    if role not in allowed:
        words = "、".join(str(Role(each).label) for each in allowed)
        sentence = f"“{unit.get_kind_display()}”的人员可选角色：{words}。请改选角色或单位。"
        raise Refused(sentence, code="role_does_not_fit", fields={"role": [sentence]})


@transaction.atomic
def create_account(
    *,
    by: User,
    username: str,
    name: str,
    role: str,
    unit: Unit,
    duty: str = "",
    phone: str = "",
    email: str = "",
    batch: uuid.UUID | None = None,
) -> User:
    """Open an account without a password; `issue_activation` then gives its person the way in.

    Raises NotAllowed when the user is no administrator, Refused with the faults of each field.
    """
    check_keeps_accounts(by)
    check_placement(by, unit, role)
    account = User(
        username=username.strip().lower(),
        name=name.strip(),
        role=role,
        unit=unit,
        duty=duty.strip(),
        phone=phone.strip(),
        email=email.strip(),
        must_change_password=False,
    )
    account.set_unusable_password()
    check_fields(account)
    account.save()
    after = {"username": account.username, **snapshot(account, FIELDS)}
    record("user.created", account, by=by, after=after, batch=batch)
    return account


@transaction.atomic
def change_account(*, by: User, account: User, batch: uuid.UUID | None = None, **changes: Any) -> User:
    """Change name, role, unit, duty, phone or email; nothing is recorded where nothing changed.

    Raises Refused for one's own role or unit, and when the region would be left without an administrator.
    """
    check_keeps_accounts(by, account)
    if unknown := set(changes) - set(FIELDS):
        raise ValueError(f"Not fields of an account that can be changed: {sorted(unknown)}")
    account = _locked(account)
    before = snapshot(account, FIELDS)
    for name, value in changes.items():
        setattr(account, name, value.strip() if isinstance(value, str) else value)
    after = snapshot(account, FIELDS)
    if before == after:
        return account
    moved = before["role"] != after["role"] or before["unit"] != after["unit"]
    if moved and account.pk == by.pk:
        raise Refused("不能更改自己的角色和单位，请由另一位局管理员办理。", code="own_rights")
    if moved:
        check_placement(by, account.unit, account.role)
        check_an_administrator_stays(account, User.objects.get(pk=account.pk))
    check_fields(account)
    account.save(update_fields=FIELDS)
    record("user.changed", account, by=by, before=before, after=after, batch=batch)
    if moved:
        # What the person had open was shown under the old rights.
        end_sessions_of(account)
    return account


def check_an_administrator_stays(changed: User | None, stored: User) -> None:
    """Refuse what would leave a region without an active administrator; `changed` is None when it is disabled."""
    if stored.role != Role.BUREAU_ADMIN or not stored.is_active or stored.unit is None:
        return
    stays = changed is not None and changed.role == Role.BUREAU_ADMIN and changed.unit is not None
    if stays and changed.unit.region_id == stored.unit.region_id:  # type: ignore[union-attr]
        return
    others = User.objects.filter(role=Role.BUREAU_ADMIN, is_active=True, unit__region_id=stored.unit.region_id).exclude(
        pk=stored.pk
    )
    # A colleague who never used the code cannot open the door again.
    if not any(other.is_activated for other in others):
        raise Refused(
            "这是本地区唯一能用的局管理员账号；请先开通并激活另一位局管理员，再办理。", code="last_administrator"
        )


def _administrators_of(region_id: str) -> QuerySet[User]:
    return User.objects.filter(role=Role.BUREAU_ADMIN, is_active=True, unit__region_id=region_id)


def _locked(account: User) -> User:
    """The account under lock. With an administrator's go those of all colleagues, always in the same order.

    Two administrators who disable each other at the same moment would otherwise both see the other still there.
    """
    if account.role == Role.BUREAU_ADMIN and account.unit is not None:
        colleagues = _administrators_of(account.unit.region_id).select_for_update(of=("self",)).order_by("pk")
        list(colleagues.values_list("pk", flat=True))
    found: User = User.objects.select_for_update(of=("self",)).get(pk=account.pk)
    return found


@transaction.atomic
def disable_account(*, by: User, account: User, note: str = "") -> User:
    """Close an account and end its log-ins at once. Raises Refused for one's own and for the last administrator's."""
    check_keeps_accounts(by, account)
    account = _locked(account)
    if account.pk == by.pk:
        raise Refused("不能停用自己的账号，请由另一位局管理员办理。", code="own_account")
    if not account.is_active:
        raise Conflict("这个账号已经停用，无需再次停用。")
    check_an_administrator_stays(None, account)
    account.is_active = False
    account.save(update_fields=["is_active"])
    Activation.objects.filter(user=account).delete()
    end_sessions_of(account)
    record("user.disabled", account, by=by, before={"is_active": True}, after={"is_active": False}, note=note)
    return account


@transaction.atomic
def enable_account(*, by: User, account: User) -> User:
    """Open a disabled account again, with the password that it had."""
    check_keeps_accounts(by, account)
    account = _locked(account)
    if account.is_service:
        raise Refused("这是其他系统的接口账号，不能用来登录。", code="service_account")
    if account.is_active:
        raise Conflict("这个账号正在使用，无需启用。")
    check_placement(by, account.unit, account.role)
    account.is_active = True
    account.save(update_fields=["is_active"])
    record("user.enabled", account, by=by, before={"is_active": False}, after={"is_active": True})
    return account


@transaction.atomic
def issue_activation(*, by: User | None, account: User, batch: uuid.UUID | None = None) -> IssuedCode:
    """Make the code with which a person sets the account's password; any old password and older code end now.

    The code is good once, for ACTIVATION_DAYS days. `by` is None for the first administrator of an installation.
    Raises Refused for one's own account (whose owner can change the password) and for a disabled one.
    """
    if by is not None:
        check_keeps_accounts(by, account)
        if account.pk == by.pk:
            raise Refused("自己的密码请在“修改密码”中更改。", code="own_account")
    account = _locked(account)
    if not account.is_active:
        raise Refused("账号已停用；请先启用，再发激活码。", code="account_disabled")
    had_password = account.is_activated
    account.set_unusable_password()
    account.save(update_fields=["password", "password_changed_at"])
    end_sessions_of(account)
    code = Activation.new_code()
    now = timezone.now()
    expires_at = now + timedelta(days=settings.ACTIVATION_DAYS)
    Activation.objects.update_or_create(
        user=account,
        defaults={
            "code_hash": Activation.hash_of(code),
            "created_at": now,
            "created_by": by,
            "expires_at": expires_at,
            "used_at": None,
        },
    )
    record("user.password_reset" if had_password else "user.code_issued", account, by=by, batch=batch)
    return IssuedCode(account, code, expires_at)


@transaction.atomic
def issue_activations(*, by: User, accounts: Iterable[User]) -> list[IssuedCode]:
    """Make codes for those of the accounts that are open and have no password yet; the others are left alone."""
    batch = uuid.uuid4()
    return [
        issue_activation(by=by, account=account, batch=batch)
        for account in accounts
        if account.is_active and not account.is_activated and account.pk != by.pk
    ]


@transaction.atomic
def activate_account(*, code: str, password: str) -> User:
    """Let the holder of a code set the password. Raises Refused for a bad code or a password that breaks the rule."""
    activation = Activation.objects.with_code(code).usable().select_for_update(of=("self",)).first()
    if activation is None:
        raise Refused(
            "激活码不正确、已用过或已过期。请核对后重新输入；仍不行请联系局管理员重新生成。", code="bad_activation_code"
        )
    user: User = activation.user
    set_password(user, password, field="new")
    activation.used_at = timezone.now()
    activation.save(update_fields=["used_at"])
    end_sessions_of(user)
    record("user.activated", user, by=user)
    return user


@transaction.atomic
def unlock_account(*, by: User, account: User) -> int:
    """Forget the failed log-ins of an account and return how many computers were locked out."""
    check_keeps_accounts(by, account)
    count: int = reset_attempts(username=account.username)
    if count:
        record("user.unlocked", account, by=by)
    return count
