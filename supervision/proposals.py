"""Which letters are due: derived from what is late and what was already sent, never stored.

A thing climbs one step at a time. Its first letter is proposed when it is late by the days of the lowest step; the next
one when it is late by the days of the next step and the day to answer the former letter is past.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from django.utils import timezone

from common.due import DueSource, due_source, due_sources
from common.workdays import add_workdays, workdays_between
from supervision.due import NOT_PRESSED
from supervision.letter_kinds import LETTER_KINDS, LetterKind
from supervision.models import LetterItem
from units.models import Region, Unit
from units.rules import rules_for

MOST_ITEMS = 20_000
"""Late things of one kind that are looked at, those late longest first."""


@dataclass(frozen=True, slots=True)
class Late:
    """One thing that is past its day, and the unit that owes it."""

    source: str
    object_id: int
    page: int
    unit_id: int
    title: str
    url: str
    due_on: dt.date

    @property
    def key(self) -> tuple[str, int, dt.date]:
        return self.source, self.object_id, self.due_on


@dataclass(slots=True)
class Proposal:
    """A letter that the system proposes to write: everything of one unit that has reached the same step."""

    unit: Unit
    step: LetterKind
    items: list[Late] = field(default_factory=list)
    workdays: dict[tuple[str, int, dt.date], int] = field(default_factory=dict)

    @property
    def longest(self) -> int:
        return max(self.workdays.values())


def late_things(source: DueSource, region: Region, today: dt.date) -> Iterator[Late]:
    """What of one kind is past its day in a region, late longest first (one query)."""
    regions = Region.objects.filter(code__startswith=region.prefix).order_by().values("pk")
    rows = source.open_rows().filter(**{f"{source.due_on}__lt": today, f"{source.region}__in": regions})
    for thing in source.things(rows.order_by(source.due_on, "pk")[:MOST_ITEMS]):
        yield Late(source.kind, thing.pk, thing.page, thing.unit, thing.title, source.url(thing.page), thing.due_on)


def source_label(kind: str) -> str:
    source = due_source(kind)
    return source.label if source else kind


@dataclass(slots=True)
class _Former:
    """The highest letter that named a thing, and until when its answer is awaited."""

    position: int = 0
    answer_by: dt.date | None = None


def proposals_for(region: Region, today: dt.date | None = None) -> list[Proposal]:
    """Every letter that is due in a region, the highest step and the longest delay first (three queries, and one for each kind of things)."""
    today = today or timezone.localdate()
    numbers = rules_for(region)
    former = _former_letters(region, numbers)

    @cache
    def workdays(due_on: dt.date) -> int:
        return workdays_between(due_on, today)

    found: dict[tuple[int, str], Proposal] = {}
    units = Unit.objects.filter(region__code__startswith=region.prefix).select_related("parent", "region").in_bulk()
    for source in due_sources():
        if source.kind in NOT_PRESSED:
            continue
        for late in late_things(source, region, today):
            step = _next_step(workdays(late.due_on), former.get(late.key, _Former()), numbers, today)
            if step is None or late.unit_id not in units:
                continue
            proposal = found.setdefault((late.unit_id, step.kind), Proposal(units[late.unit_id], step))
            proposal.items.append(late)
            proposal.workdays[late.key] = workdays(late.due_on)
    return sorted(found.values(), key=lambda one: (-one.step.position, -one.longest, one.unit.sort_key))


def _next_step(days: int, former: _Former, numbers: dict[str, int], today: dt.date) -> LetterKind | None:
    if former.answer_by is not None and former.answer_by >= today:
        return None
    for step in LETTER_KINDS.values():
        if step.position == former.position + 1:
            return step if days >= numbers[step.after] else None
    return None


def _former_letters(region: Region, numbers: dict[str, int]) -> dict[tuple[str, int, dt.date], _Former]:
    """What was already written about each thing; a letter that is still being drafted counts as well.

    A letter that somebody declined to write holds the next one back for as long as its answer would have.
    """
    found: dict[tuple[str, int, dt.date], _Former] = {}
    rows = LetterItem.objects.filter(letter__region__code__startswith=region.prefix).exclude(letter__state="withdrawn")
    for source, pk, due_on, kind, state, answer_by, drafted_at in rows.order_by().values_list(
        "source", "object_id", "due_on", "letter__kind", "letter__state", "letter__answer_by", "letter__drafted_at"
    ):
        former = found.setdefault((source, pk, due_on), _Former())
        position = LETTER_KINDS[kind].position
        if position >= former.position:
            if state == "declined":
                answer_by = add_workdays(timezone.localdate(drafted_at), numbers[LETTER_KINDS[kind].answer])
            waits = dt.date.max if state in ("drafted", "refused", "approved") else answer_by
            former.position, former.answer_by = position, waits
    return found
