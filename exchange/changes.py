"""The feed of changes: every event of the history once, in an order that no concurrent writer can slip behind.

On PostgreSQL an event may become visible after one with a higher number, so that whoever reads on from the highest
number seen would skip it. The seals know better (docs/history.md): each holds the events that had appeared since the
seal before it, the late ones included. The feed therefore reads sealed history in the order of the seals, at most
about a minute behind, and the place of an event in it never changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from common.api import Resource
from common.models import Event, Seal
from exchange.reading import Record, visible_rows
from exchange.resources import RESOURCES
from units.models import User

GONE, CAME = "record.gone", "record.came"
SIGHT = {GONE, CAME}
LINE = "line"
"""Under which events of a mine tell the key of the line that they are about."""
PLACES = 1_000_000
"""More than a seal can hold events; a sequence number is the seal's number times this, plus the place within it."""


def events_after(sequence: int, limit: int) -> list[tuple[int, Event]]:
    """The next `limit` sealed events after a sequence number, each with its own."""
    number, place = divmod(max(sequence, 0), PLACES)
    found: list[tuple[int, Event]] = []
    for seal in Seal.objects.filter(number__gte=max(number, 1)).order_by("number").iterator(chunk_size=20):
        first = place if seal.number == number else 0
        # Places are counted from 1, so that the sequence number of a seal's own beginning is free.
        ids = list(sealed_ids(seal))[first : first + limit - len(found)]
        events = Event.objects.in_bulk(ids)
        found += [
            (seal.number * PLACES + first + place_in + 1, events[pk]) for place_in, pk in enumerate(ids) if pk in events
        ]
        if len(found) >= limit:
            break
    return found


def sealed_ids(seal: Seal) -> Iterator[int]:
    """The keys of the events in a seal, in its order: first those that came late, then the fresh ones."""
    yield from seal.late
    low = seal.from_event
    for gap_low, gap_high in [*seal.missing, [seal.to_event + 1, seal.to_event]]:
        yield from range(low, gap_low)
        low = gap_high + 1


def visible_changes(
    user: User, found: Sequence[tuple[int, Event]], scopes: Collection[str], nouns: Collection[str] | None = None
) -> list[Record]:
    """Of these events, those about records of nouns that the account may read and sees; one query a noun.

    Where `nouns` are named, only of those. What was done to a line of a mine's file is told as a change of the line where
    its noun is asked for, else as one of the mine; whoever sees the mine sees its lines. What came into the account's
    sight or left it without being changed (`exchange/services/sight.py`) is told to that account alone.
    """
    readable = [one for one in RESOURCES.values() if one.is_readable(scopes)]
    wanted = {one.name for one in readable if nouns is None or one.name in nouns}
    kinds = {ContentType.objects.get_for_model(one.model).pk: one for one in readable if not one.history}
    lines = {verb: one for one in readable if one.name in wanted for verb in one.verbs}
    keys: dict[int, set[str]] = defaultdict(set)
    for _, event in found:
        if event.content_type_id in kinds:
            keys[event.content_type_id].add(event.object_id)
    seen: dict[int, set[str]] = {
        kind: {str(key) for key in visible_rows(kinds[kind], user).filter(pk__in=ids).values_list("pk", flat=True)}
        for kind, ids in keys.items()
    }
    told = []
    for sequence, event in found:
        after, before = event.after or {}, event.before or {}
        if event.verb in SIGHT:
            if event.object_id == str(user.service_account.pk) and after["noun"] in wanted:
                told.append(record_of(sequence, event, after["noun"], after["id"]))
        elif event.object_id in seen.get(event.content_type_id, ()):
            head, line = kinds[event.content_type_id], lines.get(event.verb)
            key = (after.get(LINE) or before.get(LINE)) if line else None
            if line and key:
                told.append(record_of(sequence, event, line.name, str(key), of=head))
            elif head.name in wanted:
                told.append(record_of(sequence, event, head.name, event.object_id))
    return told


def record_of(sequence: int, event: Event, noun: str, key: str, of: Resource | None = None) -> Record:
    return {
        "sequence": sequence,
        "at": event.at,
        "noun": noun,
        "id": key,
        "of": {"noun": of.name, "id": event.object_id} if of else None,
        "verb": event.verb,
        "label": event.verb_label,
        "url": reverse(f"exchange:{noun}-one", args=[key]),
    }
