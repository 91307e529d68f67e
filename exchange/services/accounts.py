"""Service accounts as the administrators of a region keep them, and their tokens."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from knox.models import AuthToken

from common.errors import Conflict, NotAllowed, Refused
from common.history import record, snapshot
from exchange.mapping import faults_of as mapping_faults
from exchange.models import NarrowToken, ServiceAccount
from exchange.models.accounts import hash_of_secret
from exchange.scopes import SCOPES
from exchange.services.sight import look_again
from units.models import Region, Unit, User
from units.services.accounts import check_keeps_accounts, check_placement

MOST_DAYS = 366
MOST_TOKENS = 5
FETCHED = "cf_"
"""How tokens begin that a system fetched by its client secret."""
FETCHED_FOR = dt.timedelta(hours=1)
MOST_FETCHED = 20
FIELDS = ("purpose", "contact", "region", "scopes", "networks", "per_minute")


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token just made; it is nowhere else, so show it now or never."""

    account: ServiceAccount
    token: str
    expires_at: dt.datetime


@transaction.atomic
def open_service_account(
    *,
    by: User,
    name: str,
    unit: Unit,
    role: str,
    purpose: str,
    contact: str,
    scopes: Sequence[str],
    networks: Sequence[str] = (),
    region: Region | None = None,
    per_minute: int = 120,
) -> ServiceAccount:
    """Open the account of another system, bound to a unit and a role as a person's is; it has no token yet.

    Raises NotAllowed unless the user keeps the accounts of that region, Refused with the faults of each field.
    """
    check_keeps_accounts(by)
    check_placement(by, unit, role)
    faults: dict[str, list[str]] = {}
    for field, text in (("name", name), ("purpose", purpose), ("contact", contact)):
        if not text.strip():
            faults[field] = ["请填写这一项。"]
    user = User(
        username=f"api.{secrets.token_hex(6)}", name=name.strip()[:40], role=role, unit=unit, is_active=False,
        is_service=True, must_change_password=False,
    )  # fmt: skip
    faults |= faults_of(user, scopes, networks, region, per_minute)
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    user.set_unusable_password()
    user.save()
    account = ServiceAccount.objects.create(
        user=user, purpose=purpose.strip(), contact=contact.strip(), region=region, scopes=sorted(set(scopes)),
        networks=list(networks), per_minute=per_minute, created_by=by,
    )  # fmt: skip
    after = {"unit": unit, "role": role, **snapshot(account, FIELDS)}
    record("serviceaccount.opened", account, by=by, after=after)
    return account


@transaction.atomic
def change_service_account(
    *,
    by: User,
    account: ServiceAccount,
    purpose: str,
    contact: str,
    scopes: Sequence[str],
    networks: Sequence[str],
    region: Region | None,
    per_minute: int,
) -> ServiceAccount:
    """Change what an account may do and from where; it holds from the next request on.

    What another region takes out of its sight is written down at once, to be told to it.
    """
    row = _locked(by, account)
    if faults := faults_of(row.user, scopes, networks, region, per_minute):
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    is_moved = row.region != region
    if is_moved:
        look_again(account=row)
    before = snapshot(row, FIELDS)
    row.purpose, row.contact, row.region, row.per_minute = purpose.strip(), contact.strip(), region, per_minute
    row.scopes, row.networks = sorted(set(scopes)), list(networks)
    row.save(update_fields=FIELDS)
    after = snapshot(row, FIELDS)
    if before != after:
        record("serviceaccount.changed", row, by=by, before=before, after=after)
    if is_moved:
        look_again(account=row)
    return row


def faults_of(
    user: User, scopes: Sequence[str], networks: Sequence[str], region: Region | None, per_minute: int
) -> dict[str, list[str]]:
    """What is wrong with the limits of an account, by field."""
    faults: dict[str, list[str]] = {}
    if not scopes or set(scopes) - set(SCOPES):
        faults["scopes"] = ["请至少选择一项权限。"]
    wrong = [network for network in networks if not is_network(network)]
    if wrong:
        faults["networks"] = [f"“{network}”不是网络地址，请写成 10.1.2.3 或 10.1.0.0/16。" for network in wrong]
    if region is not None and not region.code.startswith(user.reach.region or "-"):
        faults["region"] = ["只能限定在账号单位本来能看到的地区之内；企业和矿山的账号不用限定。"]
    if not 1 <= per_minute <= 6000:
        faults["per_minute"] = ["每分钟请求上限应在1到6000之间。"]
    return faults


def is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


@transaction.atomic
def change_mapping(*, by: User, account: ServiceAccount, mapping: dict[str, Any]) -> ServiceAccount:
    """Say how the other system calls our nouns, fields and codes. Raises Refused with what is wrong."""
    row = _locked(by, account)
    if faults := mapping_faults(mapping):
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields={"mapping": faults})
    before = snapshot(row, ["mapping"])
    row.mapping = mapping
    row.save(update_fields=["mapping"])
    record("serviceaccount.mapped", row, by=by, before=before, after=snapshot(row, ["mapping"]))
    return row


def lasting_tokens(account: ServiceAccount) -> QuerySet[AuthToken]:
    """The tokens that an administrator issued, without those that the system fetches for an hour."""
    tokens: QuerySet[AuthToken] = AuthToken.objects.filter(user=account.user_id)
    return tokens.exclude(token_key__startswith=FETCHED)


@transaction.atomic
def make_secret(*, by: User, account: ServiceAccount) -> str:
    """Make the client secret with which the system fetches its tokens; the one before and what it fetched end at once.

    It is nowhere else, so show it now or never. Raises Conflict for a closed account.
    """
    row = _locked(by, account)
    if not row.is_open:
        raise Conflict("账号已停用；请先启用，再生成客户端密钥。")
    secret = f"cs_{secrets.token_urlsafe(32)}"
    row.secret_hash, row.secret_made_at = hash_of_secret(secret), timezone.now()
    row.save(update_fields=["secret_hash", "secret_made_at"])
    AuthToken.objects.filter(user=row.user, token_key__startswith=FETCHED).delete()
    record("serviceaccount.secret_made", row, by=by)
    return secret


@transaction.atomic
def fetch_token(*, account: ServiceAccount, address: str, scopes: Collection[str] = ()) -> IssuedToken:
    """A token for `FETCHED_FOR` to a system that showed its client secret; of many that live the oldest ends.

    It holds the named scopes of the account, or all of them where none is named.
    """
    fetched = AuthToken.objects.filter(user=account.user_id, token_key__startswith=FETCHED).order_by("-expiry")
    ended = [token.pk for token in fetched.filter(expiry__gt=timezone.now())[MOST_FETCHED - 1 :]]
    AuthToken.objects.filter(pk__in=ended).delete()
    fetched.filter(expiry__lte=timezone.now()).delete()
    made, token = AuthToken.objects.create(account.user, expiry=FETCHED_FOR, prefix=FETCHED)
    after = {"token": made.token_key, "expires_at": made.expiry}
    if scopes:
        NarrowToken.objects.create(token=made, scopes=sorted(scopes))
        after["scopes"] = sorted(scopes)
    record("serviceaccount.token_fetched", account, by=account.user, after=after, note=f"网络地址 {address}")
    return IssuedToken(account, token, made.expiry)


@transaction.atomic
def issue_token(*, by: User, account: ServiceAccount, days: int) -> IssuedToken:
    """Make a token that is good for so many days, a year at most; older tokens stay good until they end or are revoked.

    Raises Conflict for a closed account, Refused when it has `MOST_TOKENS` already.
    """
    row = _locked(by, account)
    if not row.is_open:
        raise Conflict("账号已停用；请先启用，再发放令牌。")
    if not 1 <= days <= MOST_DAYS:
        raise Refused("令牌的有效期应在1到366天之间。", fields={"days": [f"请填1到{MOST_DAYS}之间的天数。"]})
    if lasting_tokens(row).count() >= MOST_TOKENS:
        raise Refused(f"一个账号最多有{MOST_TOKENS}个令牌，请先吊销不用的。")
    made, token = AuthToken.objects.create(row.user, expiry=dt.timedelta(days=days))
    record("serviceaccount.token_issued", row, by=by, after={"token": made.token_key, "expires_at": made.expiry})
    return IssuedToken(row, token, made.expiry)


@transaction.atomic
def revoke_token(*, by: User, account: ServiceAccount, token_key: str) -> None:
    """End one token at once."""
    row = _locked(by, account)
    found = AuthToken.objects.filter(user=row.user, token_key=token_key).first()
    if found is None:
        raise Conflict("这个令牌已经吊销。")
    found.delete()
    record("serviceaccount.token_revoked", row, by=by, before={"token": token_key})


@transaction.atomic
def close_service_account(*, by: User, account: ServiceAccount, note: str = "") -> ServiceAccount:
    """Close an account: its tokens are revoked, what it did stays on record."""
    row = _locked(by, account)
    if not row.is_open:
        raise Conflict("账号已经停用。")
    row.is_open, row.secret_hash, row.secret_made_at = False, "", None
    row.save(update_fields=["is_open", "secret_hash", "secret_made_at"])
    AuthToken.objects.filter(user=row.user).delete()
    record("serviceaccount.closed", row, by=by, before={"is_open": True}, after={"is_open": False}, note=note.strip())
    return row


@transaction.atomic
def reopen_service_account(*, by: User, account: ServiceAccount) -> ServiceAccount:
    """Open a closed account again; it needs a new token."""
    row = _locked(by, account)
    if row.is_open:
        raise Conflict("账号正在使用，无需启用。")
    row.is_open = True
    row.save(update_fields=["is_open"])
    record("serviceaccount.reopened", row, by=by, before={"is_open": False}, after={"is_open": True})
    return row


def _locked(by: User, account: ServiceAccount) -> ServiceAccount:
    """The row under lock, if the user keeps it."""
    if not ServiceAccount.objects.visible_to(by).filter(pk=account.pk).exists():
        raise NotAllowed("接口账号由本地区的局管理员管理。")
    found: ServiceAccount = (
        ServiceAccount.objects.select_for_update(of=("self",)).select_related("user__unit__region").get(pk=account.pk)
    )
    return found
