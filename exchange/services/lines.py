"""Exchange lines as the administrators of a region keep them: what goes where and when, and what is done by hand."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from common import outbox
from common.errors import Conflict, NotAllowed, Refused
from common.history import record, snapshot
from exchange.addresses import fault_of_address
from exchange.models import ExchangeLine, Receipt, ServiceAccount
from exchange.resources import ACTS, RESOURCES
from exchange.resources import OWN as OWN_NOUNS
from units.models import User
from units.services.accounts import check_keeps_accounts

MOST = 20
FIELDS = ("name", "direction", "address", "nouns", "every", "hour")
SENDABLE = [noun for noun, resource in RESOURCES.items() if noun not in OWN_NOUNS and resource.is_followed]
"""Nouns that can be sent by the clock: those of which the feed of changes tells."""
FETCHABLE = [act.noun for act in ACTS if act.renews is not None]
"""Nouns that can be fetched by the clock."""


@transaction.atomic
def open_line(
    *,
    by: User,
    account: ServiceAccount,
    name: str,
    direction: str,
    address: str,
    nouns: Sequence[str],
    every: int,
    hour: int,
    credential: str = "",
) -> ExchangeLine:
    """Set up a line; it is off until somebody has tried it and switches it on.

    Raises NotAllowed unless the user keeps the account, Refused with the faults of each field, Conflict for a closed
    account or one with `MOST` lines.
    """
    check_keeps_accounts(by)
    owner = ServiceAccount.objects.visible_to(by).select_for_update(of=("self",)).for_list().filter(pk=account.pk)
    row = owner.first()
    if row is None:
        raise NotAllowed("接口账号由本地区的局管理员管理。")
    if not row.is_open:
        raise Conflict("账号已停用；请先启用，再设立交换计划。")
    if row.lines.count() >= MOST:
        raise Conflict(f"一个账号最多有{MOST}项交换计划，请改用已有的。")
    line = ExchangeLine(account=row, created_by=by, credential=credential)
    _fill(line, name, direction, address, nouns, every, hour)
    line.save()
    record("exchangeline.opened", line, by=by, after={"account": row, **snapshot(line, FIELDS)})
    return line


@transaction.atomic
def change_line(
    *,
    by: User,
    line: ExchangeLine,
    name: str,
    address: str,
    nouns: Sequence[str],
    every: int,
    hour: int,
    credential: str = "",
) -> ExchangeLine:
    """Change a line; its direction stays. An empty credential leaves the one that is kept.

    A receipt that is under way keeps its content and goes to the new address.
    """
    row = _kept_line(by, line)
    before = snapshot(row, FIELDS)
    if credential:
        row.credential = credential
    _fill(row, name, row.direction, address, nouns, every, hour)
    if row.next_run_at is not None:
        row.next_run_at = row.next_time(timezone.now())
    row.save()
    after = snapshot(row, FIELDS)
    if before != after:
        record("exchangeline.changed", row, by=by, before=before, after=after)
    if credential:
        record("exchangeline.credential_renewed", row, by=by)
    return row


@transaction.atomic
def switch_line(*, by: User, line: ExchangeLine, is_on: bool) -> ExchangeLine:
    """Let the clock work on a line from its next time on, or leave it alone. What it missed, it takes up from there."""
    row = _kept_line(by, line)
    if row.is_on != is_on:
        row.is_on = is_on
        row.next_run_at = row.next_time(timezone.now()) if is_on else None
        row.save(update_fields=["is_on", "next_run_at"])
        record("exchangeline.switched_on" if is_on else "exchangeline.switched_off", row, by=by)
    return row


@transaction.atomic
def ask_for_run(*, by: User, line: ExchangeLine) -> ExchangeLine:
    """Make a line due at once, whether or not the clock works on it; what was given up has all its attempts again."""
    row = _kept_line(by, line)
    if not row.account.is_open:
        raise Conflict("账号已停用；请先启用账号。")
    row.next_run_at = timezone.now()
    row.save(update_fields=["next_run_at"])
    outbox.send_once_more(row.receipts.filter(state__in=(Receipt.State.WAITING, Receipt.State.FAILED)))
    record("exchangeline.run_by_hand", row, by=by)
    return row


@transaction.atomic
def rewind_line(*, by: User, receipt: Receipt) -> ExchangeLine:
    """Go back to where a receipt began, to exchange once more what came since: the same records do no harm twice.

    Raises Conflict while a receipt is under way.
    """
    row = _kept_line(by, receipt.line)
    if row.receipts.open().exists():
        raise Conflict("还有一份没有办完。请等它办完，或者先作废，再回到这里重来。")
    if row.is_push:
        row.after = int(receipt.starts or 0)
    else:
        row.cursor = receipt.starts
    row.next_run_at = timezone.now()
    row.save(update_fields=["after", "cursor", "next_run_at"])
    record("exchangeline.rewound", row, by=by, after={"number": receipt.number})
    return row


@transaction.atomic
def discard_receipt(*, by: User, receipt: Receipt) -> ExchangeLine:
    """Throw away a portion that was not acknowledged; it is drawn up anew, in the words of the mapping as it is now.

    Raises Conflict for one that is being sent or is done.
    """
    row = _kept_line(by, receipt.line)
    under_way = Receipt.objects.select_for_update().filter(pk=receipt.pk)
    found = under_way.filter(state__in=(Receipt.State.WAITING, Receipt.State.FAILED)).first()
    if found is None:
        raise Conflict("这一份正在办理或者已经办完，不能作废，请刷新页面。")
    record(
        "exchangeline.receipt_discarded", row, by=by, before={"number": found.number, "count": found.count,
        "sha256": found.sha256, "error": found.error},
    )  # fmt: skip
    found.delete()
    row.next_run_at, row.error = timezone.now(), ""
    row.save(update_fields=["next_run_at", "error"])
    return row


def _fill(
    line: ExchangeLine, name: str, direction: str, address: str, nouns: Sequence[str], every: int, hour: int
) -> None:
    """Take over what was given. Raises Refused with the faults of each field."""
    faults: dict[str, list[str]] = {}
    name = name.strip()
    others = ExchangeLine.objects.filter(account=line.account, name=name).exclude(pk=line.pk)
    if not name or len(name) > 80:
        faults["name"] = ["请用80字以内的名称。"]
    elif others.exists():
        faults["name"] = ["这个账号已有同名的交换计划。"]
    if direction not in ExchangeLine.Direction.values:
        faults["direction"] = ["请选择报送或接收。"]
    push = direction == ExchangeLine.Direction.PUSH
    allowed = SENDABLE if push else FETCHABLE
    scope = "read" if push else "write"
    if not nouns or set(nouns) - set(allowed):
        faults["nouns"] = [
            f"请至少选一项，{'报送' if push else '接收'}的可以是：{'、'.join(str(RESOURCES[noun].label) for noun in allowed)}。"
        ]
    elif wrong := [noun for noun in nouns if f"{RESOURCES[noun].scope}:{scope}" not in line.account.scopes]:
        told = "、".join(str(RESOURCES[noun].label) for noun in wrong)
        faults["nouns"] = [f"接口账号没有{'读取' if push else '填报'}“{told}”的权限，请先在账号里选上。"]
    if fault := fault_of_address(address):
        faults["address"] = [fault]
    if not (line.credential.isascii() and line.credential.isprintable() and len(line.credential) <= 500):
        faults["credential"] = ["凭据只能是500个以内的英文字符，不含换行。"]
    if every not in ExchangeLine.Every.values:
        faults["every"] = ["请选择间隔。"]
    if not 0 <= hour <= 23:
        faults["hour"] = ["请填0到23之间的整点。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    line.name, line.direction, line.address = name, direction, address
    line.nouns, line.every, line.hour = sorted(set(nouns)), every, hour


def _kept_line(by: User, line: ExchangeLine) -> ExchangeLine:
    """The line under lock, for whoever keeps its account. Raises NotAllowed."""
    kept = ServiceAccount.objects.visible_to(by).order_by().values("pk")
    rows = ExchangeLine.objects.filter(account__in=kept).select_for_update(of=("self",)).for_list()
    row: ExchangeLine | None = rows.filter(pk=line.pk).first()
    if row is None:
        raise NotAllowed("交换计划由本地区的局管理员管理。")
    return row
