"""What goes out to others: taken, committed, sent, noted; tried again with growing pauses, and given up in the end.

A row of an outbox is an `Outgoing`. A worker takes it, commits, sends it and notes how that ended, so that two workers
share the work and a crash leaves a trace. Where a worker died between sending and noting, nobody knows whether the
message left: each outbox deals with its `lost_rows` as its reader allows.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, QuerySet
from django.utils import timezone

logger = logging.getLogger(__name__)

BATCH = 50


class NotDelivered(Exception):
    """The message did not arrive; the text is for the administrator and holds no secret.

    `final` is set where another attempt would fare no better, such as an address that does not exist. `dead` is set
    where the way out itself does not answer, so that others need not wait for it as well.
    """

    def __init__(self, words: str, *, final: bool = False, dead: bool = False) -> None:
        super().__init__(words)
        self.final = final
        self.dead = dead


class Outgoing(models.Model):
    """A row on its way. Who holds its `claim` may note how the attempt ended, and nobody else."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待发送"
        SENDING = "sending", "正在发送"
        SENT = "sent", "已送达"
        FAILED = "failed", "未送达"

    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    next_attempt_at = models.DateTimeField("下次发送", default=timezone.now)
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class Run:
    """One run of a worker through an outbox, for at most so many seconds.

    A way out that did not answer `patience` times is left alone until the next run; others do not wait for it.
    """

    def __init__(self, *, now: dt.datetime | None, seconds: float, patience: int) -> None:
        self._now, self._patience = now, patience
        self._until = time.monotonic() + seconds
        self._unanswered: Counter[Any] = Counter()

    @property
    def at(self) -> dt.datetime:
        return self._now or timezone.now()

    def batches(self, due: Callable[[], QuerySet[Any]], way: str) -> Iterator[list[Any]]:
        """Portions of what waits among the rows of `due`, the longest waiting first; `way` is the field of the way out."""
        while time.monotonic() < self._until:
            silent = [key for key in self._unanswered if self.is_silent(key)]
            rows = due().filter(state=Outgoing.State.WAITING, next_attempt_at__lte=self.at)
            batch = list(rows.exclude(**{f"{way}__in": silent}).order_by("next_attempt_at", "pk")[:BATCH])
            if not batch:
                return
            yield batch

    def is_silent(self, way: Any) -> bool:
        return self._unanswered[way] >= self._patience

    def heard(self, way: Any, fault: NotDelivered | None) -> None:
        """Note whether the way out answered."""
        if fault is None:
            self._unanswered.pop(way, None)
        else:
            self._unanswered[way] += fault.dead


def take(row: Outgoing) -> bool:
    """Take a waiting row, as one compare-and-set; False where another worker was quicker.

    Call it outside of a transaction: it has to be committed before anything leaves.
    """
    claim, now = uuid.uuid4(), timezone.now()
    waiting = type(row)._base_manager.filter(
        pk=row.pk, state=Outgoing.State.WAITING, next_attempt_at=row.next_attempt_at
    )
    changes = {"state": Outgoing.State.SENDING, "claim": claim, "claimed_at": now}
    if not waiting.update(attempts=F("attempts") + 1, **changes):
        return False
    row.attempts += 1
    row.state, row.claim, row.claimed_at = Outgoing.State.SENDING, claim, now
    return True


def attempt(row: Outgoing, send: Callable[[], object]) -> NotDelivered | None:
    """Send what was taken; why it did not arrive, or None."""
    try:
        send()
    except NotDelivered as fault:
        logger.warning("%s %s: %s", row._meta.label, row.pk, fault)
        return fault
    except Exception:
        logger.exception("%s %s failed", row._meta.label, row.pk)
        return NotDelivered("程序出错，已记入日志")
    return None


def finish(row: Outgoing, state: str, **changes: Any) -> bool:
    """Note how the attempt ended; False where the row was taken for lost meanwhile, and nothing was written."""
    mine = type(row)._base_manager.filter(pk=row.pk, claim=row.claim)
    return bool(mine.update(state=state, claim=None, **changes))


def put_off(
    row: Outgoing, *, now: dt.datetime, pauses: Sequence[dt.timedelta], final: bool = False, **changes: Any
) -> str:
    """Note a failed attempt: again after the pause that it is time for, or given up after the last one."""
    if final or row.attempts > len(pauses):
        state: str = Outgoing.State.FAILED
    else:
        state, changes["next_attempt_at"] = Outgoing.State.WAITING, now + pauses[row.attempts - 1]
    finish(row, state, **changes)
    return state


def lost_rows(model: type[Outgoing], now: dt.datetime) -> QuerySet[Any]:
    """Rows whose worker died while it was sending."""
    stale = now - dt.timedelta(seconds=settings.DELIVERY_LOST_AFTER_SECONDS)
    return model._base_manager.filter(state=Outgoing.State.SENDING, claimed_at__lt=stale)


def send_once_more(rows: QuerySet[Any]) -> int:
    """Put rows into the queue again, with all their attempts before them; answers how many."""
    return rows.update(state=Outgoing.State.WAITING, claim=None, attempts=0, next_attempt_at=timezone.now())
