"""Digests on their way: taken, committed, sent, marked; tried again with growing pauses, and given up in the end.

Where a worker died between sending and marking, nobody knows whether the message left. E-mail and hooks carry a key by
which the other side knows a repeated message, so that they are sent again; a robot would say it twice to a whole group,
so that its delivery stays "unsure" and is shown to the administrator. The inbox has the digest in any case.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections import Counter

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from common.due import due_source
from common.errors import Refused
from common.history import record
from supervision.channels import NotDelivered, send
from supervision.hours import is_quiet, quiet_ends, quiet_hours
from supervision.messages import compose
from supervision.models import Channel, Delivery, Mute, Notice, new_claim
from units.models import User

logger = logging.getLogger(__name__)

PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
"""How long to wait after the first, second, … attempt; after the last one the delivery has failed."""
FRESH = dt.timedelta(minutes=15)
"""A digest younger than this is not checked for things that were settled since."""
BATCH = 50
DEAD_AFTER = 3
"""Failures in one run after which a channel is left alone until the next."""


def deliver_digests(*, now: dt.datetime | None = None, seconds: float = 45) -> Counter[str]:
    """Send what is due to be sent, for at most so many seconds; answers how many deliveries came to which state.

    Two workers at once share the work: each delivery is taken by one compare-and-set. The time is short, so that a slow
    channel does not keep the workers from other jobs; the clock calls again every minute.
    """
    began = time.monotonic()
    result: Counter[str] = Counter()
    dead: Counter[int] = Counter()
    release_lost(now=now)
    while time.monotonic() - began < seconds:
        at = now or timezone.now()
        silent = [channel for channel, failures in dead.items() if failures >= DEAD_AFTER]
        rows = Delivery.objects.filter(state=Delivery.State.WAITING, next_attempt_at__lte=at)
        batch = list(rows.exclude(channel__in=silent).for_list().order_by("next_attempt_at", "pk")[:BATCH])
        if not batch:
            break
        quiet = quiet_hours(row.digest.recipient for row in batch)
        for row in batch:
            hours = quiet[row.digest.recipient_id]
            if dead[row.channel_id] >= DEAD_AFTER:
                continue
            if is_quiet(hours, at):
                rows.filter(pk=row.pk).update(next_attempt_at=quiet_ends(hours, at))
                continue
            outcome = _deliver(row, at, dead)
            if outcome:
                result[outcome] += 1
    return result


def release_lost(*, now: dt.datetime | None = None) -> int:
    """Deal with deliveries whose worker died while it was sending; answers how many there were."""
    now = now or timezone.now()
    stale = now - dt.timedelta(seconds=settings.DELIVERY_LOST_AFTER_SECONDS)
    lost = Delivery.objects.filter(state=Delivery.State.SENDING, claimed_at__lt=stale)
    count = 0
    for row in lost.select_related("channel")[:500]:
        state = Delivery.State.WAITING if row.channel.knows_repeats else Delivery.State.UNSURE
        log = [*row.log, _line(now, "发送时程序中断，不知道对方是否收到")]
        count += lost.filter(pk=row.pk, claim=row.claim).update(state=state, claim=None, next_attempt_at=now, log=log)
    return count


@transaction.atomic
def retry_delivery(*, by: User, delivery: Delivery) -> None:
    """Send once more what has failed. Raises Refused for a delivery in another state."""
    again = (Delivery.State.FAILED, Delivery.State.UNSURE)
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state not in again:
        raise Refused("只有未送达或不确定的才需要重发，请刷新页面。")
    row.state, row.attempts, row.next_attempt_at = Delivery.State.WAITING, 0, timezone.now()
    row.save(update_fields=["state", "attempts", "next_attempt_at"])
    record("delivery.retried", row, by=by)


def _deliver(row: Delivery, now: dt.datetime, dead: Counter[int]) -> str:
    claim = new_claim()
    waiting = Delivery.objects.filter(pk=row.pk, state=Delivery.State.WAITING, next_attempt_at=row.next_attempt_at)
    # Committed before anything leaves: a second worker finds it taken, and a crash leaves a trace.
    if not waiting.update(
        state=Delivery.State.SENDING, claim=claim, claimed_at=timezone.now(), attempts=F("attempts") + 1
    ):
        return ""
    row.attempts += 1
    mine = Delivery.objects.filter(pk=row.pk, claim=claim)
    notices = _notices_of(row, now)
    if not notices:
        mine.update(state=Delivery.State.DROPPED, claim=None)
        return Delivery.State.DROPPED
    channel, recipient = row.channel, row.digest.recipient
    try:
        send(channel, compose(recipient, notices, str(row.key), timezone.localdate(now)))
    except NotDelivered as fault:
        return _note_failure(row, claim, fault, now, dead)
    except Exception:
        logger.exception("delivery %s failed", row.pk)
        return _note_failure(row, claim, NotDelivered("程序出错，已记入日志"), now, dead)
    mine.update(state=Delivery.State.SENT, claim=None, sent_at=timezone.now())
    dead.pop(channel.pk, None)
    if channel.worked_at is None or now - channel.worked_at > dt.timedelta(minutes=1):
        channel.worked_at = now
        Channel.objects.filter(pk=channel.pk).update(worked_at=now)
    return Delivery.State.SENT


def _note_failure(row: Delivery, claim: uuid.UUID, fault: NotDelivered, now: dt.datetime, dead: Counter[int]) -> str:
    words = str(fault)[:300]
    dead[row.channel_id] += fault.dead
    over = fault.final or row.attempts > len(PAUSES)
    state = Delivery.State.FAILED if over else Delivery.State.WAITING
    changes = {} if over else {"next_attempt_at": now + PAUSES[row.attempts - 1]}
    Delivery.objects.filter(pk=row.pk, claim=claim).update(
        state=state, claim=None, log=[*row.log, _line(now, words)], **changes
    )
    Channel.objects.filter(pk=row.channel_id).update(failed_at=now, error=words)
    logger.warning("delivery %s by %s: %s", row.pk, row.channel.kind, words)
    return state


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
