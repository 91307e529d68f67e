"""Digests on their way (`common/outbox.py`).

Where a worker died between sending and marking, nobody knows whether the message left. E-mail and hooks carry a key by
which the other side knows a repeated message, so that they are sent again; a robot would say it twice to a whole group,
so that its delivery stays "unsure" and is shown to the administrator. The inbox has the digest in any case.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from common import outbox
from common.due import due_source
from common.errors import Refused
from common.history import record
from supervision.channels import send
from supervision.hours import is_quiet, quiet_ends, quiet_hours
from supervision.messages import compose
from supervision.models import Channel, Delivery, Mute, Notice
from units.models import User

PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
"""How long to wait after the first, second, … attempt; after the last one the delivery has failed."""
FRESH = dt.timedelta(minutes=15)
"""A digest younger than this is not checked for things that were settled since."""
DEAD_AFTER = 3
"""Failures in one run after which a channel is left alone until the next."""


def deliver_digests(*, now: dt.datetime | None = None, seconds: float = 45) -> Counter[str]:
    """Send what is due to be sent, for at most so many seconds; answers how many deliveries came to which state.

    The time is short, so that a slow channel does not keep the workers from other jobs; the clock calls again every
    minute.
    """
    result: Counter[str] = Counter()
    release_lost(now=now)
    run = outbox.Run(now=now, seconds=seconds, patience=DEAD_AFTER)
    for batch in run.batches(Delivery.objects.for_list, "channel"):
        at = run.at
        quiet = quiet_hours(row.digest.recipient for row in batch)
        for row in batch:
            hours = quiet[row.digest.recipient_id]
            if run.is_silent(row.channel_id):
                continue
            if is_quiet(hours, at):
                Delivery.objects.filter(pk=row.pk, state=Delivery.State.WAITING).update(
                    next_attempt_at=quiet_ends(hours, at)
                )
            elif outcome := _deliver(row, at, run):
                result[outcome] += 1
    return result


def release_lost(*, now: dt.datetime | None = None) -> int:
    """Deal with deliveries whose worker died while it was sending; answers how many there were."""
    now = now or timezone.now()
    count = 0
    for row in outbox.lost_rows(Delivery, now).select_related("channel")[:500]:
        state = Delivery.State.WAITING if row.channel.knows_repeats else Delivery.State.UNSURE
        log = [*row.log, _line(now, "发送时程序中断，不知道对方是否收到")]
        count += outbox.finish(row, state, next_attempt_at=now, log=log)
    return count


@transaction.atomic
def retry_delivery(*, by: User, delivery: Delivery) -> None:
    """Send once more what has failed. Raises Refused for a delivery in another state."""
    again = (Delivery.State.FAILED, Delivery.State.UNSURE)
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state not in again:
        raise Refused("只有未送达或不确定的才需要重发，请刷新页面。")
    outbox.send_once_more(Delivery.objects.filter(pk=row.pk))
    record("delivery.retried", row, by=by)


def _deliver(row: Delivery, now: dt.datetime, run: outbox.Run) -> str:
    if not outbox.take(row):
        return ""
    notices = _notices_of(row, now)
    if not notices:
        outbox.finish(row, Delivery.State.DROPPED)
        return Delivery.State.DROPPED
    channel, recipient = row.channel, row.digest.recipient
    fault = outbox.attempt(
        row, lambda: send(channel, compose(recipient, notices, str(row.key), timezone.localdate(now)))
    )
    run.heard(channel.pk, fault)
    if fault is not None:
        words = str(fault)[:300]
        Channel.objects.filter(pk=channel.pk).update(failed_at=now, error=words)
        log = [*row.log, _line(now, words)]
        return outbox.put_off(row, now=now, pauses=PAUSES, final=fault.final, log=log)
    outbox.finish(row, Delivery.State.SENT, sent_at=timezone.now())
    if channel.worked_at is None or now - channel.worked_at > dt.timedelta(minutes=1):
        channel.worked_at = now
        Channel.objects.filter(pk=channel.pk).update(worked_at=now)
    return Delivery.State.SENT


def _notices_of(row: Delivery, now: dt.datetime) -> list[Notice]:
    """What the message is to say: the kinds that its reader wants by this channel and that are still open."""
    muted = Mute.objects.filter(user=row.digest.recipient_id, channel=row.channel.kind).values("kind")
    found = Notice.objects.filter(digest=row.digest).exclude(rung__kind__in=muted).select_related("rung__unit")
    if now - row.digest.made_at < FRESH:
        return list(found)
    still = []
    for kind in list(found.order_by().values_list("rung__kind", flat=True).distinct()):
        of_kind, source = found.filter(rung__kind=kind), due_source(kind)
        if source is not None:
            same = {"pk": OuterRef("rung__object_id"), source.due_on: OuterRef("rung__due_on")}
            of_kind = of_kind.filter(Exists(source.open_rows().filter(**same)))
        still += list(of_kind)
    return still


def _line(now: dt.datetime, words: str) -> dict[str, str]:
    return {"at": timezone.localtime(now).isoformat(timespec="minutes"), "error": words}
