"""Seals over the history, and the check that finds what was changed behind the program's back.

Every seal is a SHA-256 over the events that had appeared since the seal before it, and over that seal's own digest.
How a late event is taken in is told in docs/history.md.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connections, models, transaction
from django.utils import timezone

from .guards import missing_guards
from .models import Event, Seal

# An event may show up under a lower number than one already sealed, because its transaction was longer. Nothing here
# runs a transaction for a day, so whatever appears later than that was put in by hand.
LATE_FOR = datetime.timedelta(hours=24)
EVENTS_PER_SEAL = 5000
_LEAF = 16

Range = tuple[int, int]


def seal_history(*, now: datetime.datetime | None = None) -> Seal | None:
    """Seal the events that no seal holds yet and return the last new seal, or None where there was nothing to seal.

    May run twice at once or again after a crash: the number of a seal is unique, and who comes second leaves the work
    to the first.
    """
    now = now or timezone.now()
    newest: Seal | None = None
    while True:
        try:
            with transaction.atomic():
                seal = _seal_once(now)
        except IntegrityError:
            return newest
        if seal is None:
            return newest
        newest = seal
        if seal.count < EVENTS_PER_SEAL:
            return newest


@dataclass(frozen=True)
class Fault:
    """The first thing in the history that is not as it was sealed, as one Chinese sentence."""

    message: str
    seal: int | None = None
    event: int | None = None


@dataclass(frozen=True)
class Report:
    """What a check of the whole history found; `fault` is None where all is well."""

    seals: int
    events: int
    unsealed: int
    last_digest: str
    fault: Fault | None


def verify_history(*, digest: str = "", now: datetime.datetime | None = None, using: str = "default") -> Report:
    """Read the whole history again and compare it with its seals, from the first to the last.

    `digest` is one that somebody wrote down earlier: the chain must still contain it, which finds even a history whose
    seals were all computed anew.
    """
    now = now or timezone.now()
    previous: Seal | None = None
    gaps: dict[Range, Seal] = {}
    late_ids: set[int] = set()
    seals = events = 0
    digest_seen = not digest
    fault: Fault | None = None
    if missing := missing_guards(connections[using]):
        fault = Fault(
            f"保护历史和销号等记录的数据库触发器缺失或被改动：{'、'.join(missing)}。请运行 migrate 恢复，并查明是谁动过。"
        )
    for seal in Seal.objects.using(using).order_by("number").iterator(chunk_size=200):
        found, count = _check(seal, previous, using)
        fault = fault or found
        for low, high in seal.missing:
            gaps[low, high] = seal
        late_ids.update(seal.late)
        seals, events, previous = seals + 1, events + count, seal
        digest_seen = digest_seen or seal.digest == digest
        if found:
            break
    end = previous.to_event if previous else 0
    manager = Event.objects.using(using)
    if fault is None:
        fault = _check_gaps(gaps, late_ids, now, using)
    if fault is None and (stray := manager.filter(id__lt=1).order_by("id").first()):
        fault = Fault(f"记录 {stray.pk} 的编号不可能由系统产生，是事后插入的。", event=stray.pk)
    if fault is None and not digest_seen:
        fault = Fault(f"封印链中找不到摘要 {digest}：封印可能被整体重算或删除过。")
    return Report(
        seals=seals,
        events=events,
        unsealed=manager.filter(id__gt=end).count(),
        last_digest=previous.digest if previous else "",
        fault=fault,
    )


def _seal_once(now: datetime.datetime) -> Seal | None:
    last = Seal.objects.order_by("-number").first()
    start = last.to_event if last else 0
    late = _late_events(now)
    fresh = list(Event.objects.filter(id__gt=start).order_by("id")[:EVENTS_PER_SEAL])
    if not late and not fresh:
        return None
    end = fresh[-1].pk if fresh else start
    seal = Seal(
        number=last.number + 1 if last else 1,
        at=now,
        from_event=start + 1,
        to_event=end,
        late=[event.pk for event in late],
        missing=_ranges_without([event.pk for event in fresh], start + 1, end),
        count=len(late) + len(fresh),
        previous=last.digest if last else "",
    )
    hashes = [_event_hash(event) for event in [*late, *fresh]]
    seal.leaves = "".join(leaf[:_LEAF] for leaf in hashes)
    seal.digest = _seal_digest(seal, hashes)
    seal.save(force_insert=True)
    return seal


def _late_events(now: datetime.datetime) -> list[Event]:
    """Events that have appeared since under numbers that a recent seal found empty."""
    recent = list(Seal.objects.filter(at__gte=now - LATE_FOR).order_by("number"))
    ranges = [(low, high) for seal in recent for low, high in seal.missing]
    if not ranges:
        return []
    taken = {pk for seal in recent for pk in seal.late}
    return [event for event in _in_ranges(Event.objects.all(), ranges) if event.pk not in taken]


def _in_ranges(events: models.QuerySet[Event], ranges: Sequence[Range]) -> Iterable[Event]:
    # A database takes only so many conditions in one statement.
    for start in range(0, len(ranges), 200):
        conditions = [models.Q(id__range=pair) for pair in ranges[start : start + 200]]
        yield from events.filter(reduce(or_, conditions)).order_by("id")


def _ranges_without(ids: Sequence[int], low: int, high: int) -> list[list[int]]:
    """The stretches of low…high in which no id of the sorted `ids` lies."""
    ranges = []
    expected = low
    for pk in [*ids, high + 1]:
        if pk > expected:
            ranges.append([expected, pk - 1])
        expected = pk + 1
    return ranges


def _event_hash(event: Event) -> str:
    content_type = ContentType.objects.get_for_id(event.content_type_id)
    fields: dict[str, object] = {
        "id": event.pk,
        "at": event.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        "actor": event.actor_id,
        "actor_name": event.actor_name,
        "actor_unit": event.actor_unit,
        "verb": event.verb,
        "object": f"{content_type.app_label}.{content_type.model}:{event.object_id}",
        "object_text": event.object_text,
        "before": event.before,
        "after": event.after,
        "note": event.note,
        "batch": str(event.batch) if event.batch else None,
    }
    if event.address is not None:
        # Events from before addresses were kept have their seals already.
        fields["address"] = event.address
    return _sha256(fields)


def _seal_digest(seal: Seal, hashes: Sequence[str]) -> str:
    fields = {
        "number": seal.number,
        "at": seal.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        "from": seal.from_event,
        "to": seal.to_event,
        "late": seal.late,
        "missing": seal.missing,
        "count": seal.count,
        "previous": seal.previous,
        "events": list(hashes),
    }
    return _sha256(fields)


def _sha256(fields: dict[str, object]) -> str:
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _check(seal: Seal, previous: Seal | None, using: str) -> tuple[Fault | None, int]:
    """The first fault of one seal, and how many events it holds."""
    number = previous.number + 1 if previous else 1
    if seal.number != number:
        return Fault(f"第 {number} 号封印不见了，下一个是第 {seal.number} 号。", seal=number), 0
    if seal.previous != (previous.digest if previous else ""):
        return Fault(f"第 {number} 号封印与前一封印对不上：两者之一被改动过。", seal=number), 0
    if seal.from_event != (previous.to_event + 1 if previous else 1):
        return Fault(f"第 {number} 号封印的记录范围与前一封印不衔接。", seal=number), 0
    events = _sealed_events(seal, using)
    hashes = [_event_hash(event) for event in events]
    if _seal_digest(seal, hashes) == seal.digest:
        return None, len(events)
    return _locate(seal, events, hashes), len(events)


def _sealed_events(seal: Seal, using: str) -> list[Event]:
    manager = Event.objects.using(using)
    late = list(manager.filter(id__in=seal.late).order_by("id")) if seal.late else []
    fresh = [
        event
        for event in manager.filter(id__range=(seal.from_event, seal.to_event)).order_by("id")
        if not any(low <= event.pk <= high for low, high in seal.missing)
    ]
    return [*late, *fresh]


def _locate(seal: Seal, events: Sequence[Event], hashes: Sequence[str]) -> Fault:
    """Name the event for which a seal no longer fits, or the seal itself where its own row was changed."""
    width = seal.to_event - seal.from_event + 1 - sum(high - low + 1 for low, high in seal.missing)
    # A seal whose own numbers were falsified may name billions of events; only a sound one is taken apart.
    sound = width + len(seal.late) == seal.count
    sealed_ids = [*seal.late, *_ids_outside(seal.missing, seal.from_event, seal.to_event)] if sound else []
    leaves = [seal.leaves[at : at + _LEAF] for at in range(0, len(seal.leaves), _LEAF)]
    found = {event.pk: leaf[:_LEAF] for event, leaf in zip(events, hashes, strict=True)}
    if len(sealed_ids) == len(leaves) == seal.count:
        for pk, leaf in zip(sealed_ids, leaves, strict=True):
            if pk not in found:
                return Fault(f"第 {seal.number} 号封印中的记录 {pk} 被删除。", seal=seal.number, event=pk)
            if found[pk] != leaf:
                return Fault(f"第 {seal.number} 号封印中的记录 {pk} 被改动。", seal=seal.number, event=pk)
    return Fault(
        f"第 {seal.number} 号封印（记录 {seal.from_event} 至 {seal.to_event}）与内容不符：封印或其中的记录被改动。",
        seal=seal.number,
    )


def _ids_outside(missing: Iterable[Sequence[int]], low: int, high: int) -> list[int]:
    ids: list[int] = []
    for gap_low, gap_high in missing:
        ids.extend(range(low, gap_low))
        low = gap_high + 1
    ids.extend(range(low, high + 1))
    return ids


def _check_gaps(gaps: dict[Range, Seal], late_ids: set[int], now: datetime.datetime, using: str) -> Fault | None:
    """An event in a number that was empty must have been sealed late, or still have time to be."""
    for event in _in_ranges(Event.objects.using(using).all(), list(gaps)):
        if event.pk in late_ids:
            continue
        seal = next(seal for (low, high), seal in gaps.items() if low <= event.pk <= high)
        if now - seal.at > LATE_FOR:
            return Fault(f"记录 {event.pk} 是在第 {seal.number} 号封印之后插入的。", seal=seal.number, event=event.pk)
    return None
