"""Subscriptions to changes, the outbox that they fill, and the sending of it.

The outbox follows the feed of changes (`exchange/changes.py`), whose order no writer can slip behind, and each change
enters it once for each subscription. A message that was killed between sending and noting is sent again under the same
`webhook-id`, by which its reader knows it.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections import Counter
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common import outbox
from common.errors import Conflict, NotAllowed, Refused
from common.history import record, snapshot
from common.models import Seal
from common.outbox import NotDelivered
from common.verbs import VERBS
from exchange.addresses import fault_of_address
from exchange.changes import PLACES, events_after, sealed_ids, visible_changes
from exchange.models import HookDelivery, ServiceAccount, Subscription
from exchange.renderers import json_of
from exchange.resources import RESOURCES
from exchange.signing import is_secret, new_secret, sign
from supervision.channels.web import post
from units.models import User
from units.rules import find_rule

PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720)]
"""How long to wait after the first, second, … attempt; after the last one the message lies there until sent by hand."""
KEPT_DAYS = "hook_kept_days"
PORTION = 500
MOST = 10
FIELDS = ("address", "nouns", "verbs", "is_open")


@transaction.atomic
def subscribe(
    *,
    by: User,
    account: ServiceAccount,
    address: str,
    nouns: Sequence[str],
    verbs: Sequence[str] = (),
    secret: str = "",
) -> Subscription:
    """Tell an address of the changes that come from now on. Without a secret nothing is sent until one is made.

    Raises Refused with the faults of each field, Conflict for a closed account or one with `MOST` subscriptions.
    """
    row = _locked(by, account)
    if not row.is_open:
        raise Conflict("账号已停用；请先启用，再登记推送。")
    if row.subscriptions.count() >= MOST:
        raise Conflict(f"一个账号最多登记{MOST}个推送地址，请先停用并改用已有的。")
    faults = faults_of(row.scopes_of(by), address, nouns, verbs)
    if secret and not is_secret(secret):
        faults["secret"] = ["签名密钥写成 whsec_ 加24到64个字节的base64。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    made = Subscription.objects.create(
        account=row, address=address, nouns=sorted(set(nouns)), verbs=sorted(set(verbs)), secret=secret,
        after=end_of_feed(), created_by=by,
    )  # fmt: skip
    record("subscription.opened", made, by=by, after={"account": row, **snapshot(made, FIELDS)})
    return made


@transaction.atomic
def change_subscription(
    *, by: User, subscription: Subscription, address: str, nouns: Sequence[str], verbs: Sequence[str]
) -> Subscription:
    """Change where to and of what; what is in the outbox already goes to the new address. Raises as `subscribe` does."""
    row = _own(by, subscription)
    if faults := faults_of(row.account.scopes_of(by), address, nouns, verbs):
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    before = snapshot(row, FIELDS)
    row.address, row.nouns, row.verbs = address, sorted(set(nouns)), sorted(set(verbs))
    row.save(update_fields=["address", "nouns", "verbs"])
    record("subscription.changed", row, by=by, before=before, after=snapshot(row, FIELDS))
    return row


@transaction.atomic
def open_or_close(*, by: User, subscription: Subscription, is_open: bool) -> Subscription:
    """Stop telling, or go on from now; what happened in between is found in the feed of changes."""
    row = _own(by, subscription)
    if row.is_open != is_open:
        row.is_open = is_open
        if is_open:
            row.after = max(row.after, end_of_feed())
        row.save(update_fields=["is_open", "after"])
        record("subscription.reopened" if is_open else "subscription.closed", row, by=by)
    return row


@transaction.atomic
def renew_secret(*, by: User, subscription: Subscription) -> str:
    """Make a new secret, by which every message from now on is signed; it is shown now or never."""
    row = _own(by, subscription)
    row.secret = secret = new_secret()
    row.save(update_fields=["secret"])
    record("subscription.secret_renewed", row, by=by)
    return secret


@transaction.atomic
def send_again(*, by: User, subscription: Subscription, keys: Sequence[int] = ()) -> int:
    """Put what was not delivered into the queue again, all of it where no keys are named; answers how many."""
    row = _own(by, subscription)
    failed = row.deliveries.filter(state=HookDelivery.State.FAILED)
    if keys:
        failed = failed.filter(pk__in=keys)
    count = outbox.send_once_more(failed)
    if not count:
        raise Refused("没有未送达的消息需要重发，请刷新页面。")
    record("subscription.sent_again", row, by=by, after={"count": count})
    return count


def try_subscription(*, by: User, subscription: Subscription) -> None:
    """Send a signed test message at once. Raises Refused with the words of the failure."""
    row = _own(by, subscription)
    if not row.secret:
        raise Refused("请先生成签名密钥。")
    key = str(uuid.uuid4())
    body = json_of({"type": "test", "timestamp": timezone.now(), "data": {}})
    try:
        _post(row, key, body)
    except NotDelivered as fault:
        raise Refused(f"测试消息没有送达：{fault}。请与对方核对地址后再试。") from fault


def faults_of(
    scopes: Collection[str], address: str, nouns: Sequence[str], verbs: Sequence[str]
) -> dict[str, list[str]]:
    """What is wrong with a subscription, by field."""
    faults: dict[str, list[str]] = {}
    allowed = {noun for noun, one in RESOURCES.items() if one.is_readable(scopes) and one.is_followed}
    if not nouns or set(nouns) - allowed:
        faults["nouns"] = ["请至少选一项，并且只选账号有权读取的内容。"]
    if unknown := [verb for verb in verbs if verb not in VERBS]:
        faults["verbs"] = [f"没有“{verb[:60]}”这种变动，请对照接口说明填写。" for verb in unknown[:5]]
    if fault := fault_of_address(address):
        faults["address"] = [fault]
    return faults


def end_of_feed() -> int:
    """The sequence number of the last sealed change: what comes after it is new."""
    last = Seal.objects.order_by("-number").first()
    return last.number * PLACES + sum(1 for _ in sealed_ids(last)) if last else 0


# -- by the clock ----------------------------------------------------------------------------------------------------


def fill_outbox(*, now: dt.datetime | None = None) -> int:
    """Take over the changes that the feed has since the last time; answers how many messages were made."""
    made = 0
    for pk in list(Subscription.objects.sending().values_list("pk", flat=True)):
        while (count := _fill(pk, now or timezone.now())) is not None:
            made += count
    return made


@transaction.atomic
def _fill(pk: int, now: dt.datetime) -> int | None:
    """One portion of the feed for one subscription; None where there is no more."""
    row = Subscription.objects.sending().select_for_update(of=("self",)).filter(pk=pk).for_list().first()
    found = events_after(row.after, PORTION) if row else []
    if row is None or not found:
        return None
    told = visible_changes(row.account.as_user(), found, row.account.scopes, row.nouns)
    events = dict(found)
    rows = [
        HookDelivery(
            subscription=row, event=events[one["sequence"]], sequence=one["sequence"], next_attempt_at=now,
            body=json_of({"type": one.pop("verb"), "timestamp": one.pop("at"), "data": one}).decode(),
        )
        for one in told
        if not row.verbs or one["verb"] in row.verbs
    ]  # fmt: skip
    HookDelivery.objects.bulk_create(rows)
    row.after = found[-1][0]
    row.save(update_fields=["after"])
    return len(rows)


def deliver_hooks(*, now: dt.datetime | None = None, seconds: float = 45) -> Counter[str]:
    """Send what waits, for at most so many seconds; answers how many messages came to which state."""
    result: Counter[str] = Counter()
    release_lost(now=now)
    run = outbox.Run(now=now, seconds=seconds, patience=1)
    for batch in run.batches(_sendable, "subscription"):
        for row in batch:
            if not run.is_silent(row.subscription_id) and (state := _deliver(row, run)):
                result[state] += 1
    return result


def _sendable() -> QuerySet[HookDelivery]:
    sending = Subscription.objects.sending().order_by().values("pk")
    return HookDelivery.objects.filter(subscription__in=sending).select_related("subscription")


def release_lost(*, now: dt.datetime | None = None) -> int:
    """Queue again what a worker held that died while sending; answers how many there were."""
    now = now or timezone.now()
    return outbox.lost_rows(HookDelivery, now).update(state=HookDelivery.State.WAITING, claim=None, next_attempt_at=now)


def forget_delivered(*, now: dt.datetime | None = None) -> int:
    """Clear away messages that arrived so long ago that nobody asks for them; what was not delivered stays."""
    days = find_rule(KEPT_DAYS).value
    before = (now or timezone.now()) - dt.timedelta(days=days)
    return HookDelivery.objects.filter(state=HookDelivery.State.SENT, sent_at__lt=before).delete()[0]


def _deliver(row: HookDelivery, run: outbox.Run) -> str:
    if not outbox.take(row):
        return ""
    now, subscription = run.at, Subscription.objects.filter(pk=row.subscription_id)
    fault = outbox.attempt(row, lambda: _post(row.subscription, str(row.key), row.body.encode()))
    run.heard(row.subscription_id, fault)
    if fault is not None:
        words = str(fault)[:300]
        subscription.update(failed_at=now, error=words)
        return outbox.put_off(row, now=now, pauses=PAUSES, error=words)
    outbox.finish(row, HookDelivery.State.SENT, sent_at=timezone.now(), error="")
    subscription.update(worked_at=now, error="")
    return HookDelivery.State.SENT


def _post(subscription: Subscription, key: str, body: bytes) -> None:
    post(subscription.address, body, sign(subscription.secret, key, int(time.time()), body))


def _locked(by: User, account: ServiceAccount) -> ServiceAccount:
    """The account, which its own system and the administrators that keep it may subscribe for. Raises NotAllowed."""
    rows = ServiceAccount.objects.spoken_for_by(by).select_for_update(of=("self",))
    row: ServiceAccount | None = rows.for_list().filter(pk=account.pk).first()
    if row is None:
        raise NotAllowed("这个接口账号不归您管理。")
    return row


def _own(by: User, subscription: Subscription) -> Subscription:
    rows = Subscription.objects.visible_to(by).select_for_update(of=("self",))
    row: Subscription | None = rows.for_list().filter(pk=subscription.pk).first()
    if row is None:
        raise NotAllowed("这个推送不归您管理。")
    return row
