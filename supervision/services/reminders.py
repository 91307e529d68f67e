"""The run: find what has reached a step, write it down once for ever, and make one digest of a person's day.

A run may be killed anywhere, run twice at once or stay away for months. What a step was told of is a row with a unique
key, written together with its notices in one transaction; whoever is first to write it tells, and nobody else. Of
several steps that passed meanwhile only the highest is told.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Case, Exists, Max, OuterRef, Q, QuerySet, SmallIntegerField, Subquery, Value, When
from django.db.models.functions import Substr
from django.utils import timezone

from common.bulk import insert_rows
from common.county import DIGITS as COUNTY
from common.due import DueSource, DueThing, due_source, due_sources
from common.workdays import is_workday
from supervision.hours import is_quiet, quiet_hours
from supervision.ladders import DEFAULT_STEPS, Step, Steps, latest_due
from supervision.models import Channel, Delivery, Digest, Ladder, Mute, Notice, Rung, new_claim
from supervision.recipients import People
from units.models import User

CHUNK = 2000
RUNG = (
    "kind", "object_id", "due_on", "step", "page", "title", "unit_id", "region_id", "skipped", "told_at", "claim",
)  # fmt: skip
PEOPLE = 500
"""Recipients whose digests are made in one transaction."""


@dataclass(frozen=True, slots=True)
class Reached:
    """One thing that has reached a step of which nobody has been told; `lower` are the steps below it."""

    source: DueSource
    thing: DueThing
    step: Step
    lower: tuple[int, ...]
    recipients: tuple[int, ...]

    @property
    def key(self) -> tuple[int, dt.date]:
        return self.thing.pk, self.thing.due_on


@dataclass(slots=True)
class Outcome:
    """What a run did."""

    rungs: int = 0
    notices: int = 0
    digests: int = 0


def run_reminders(*, now: dt.datetime | None = None) -> Outcome:
    """Tell everybody of what has reached a step by today, and make the digests of those who may be disturbed now.

    Does nothing on a day without work. Safe to call at any time, twice at once, and with a clock that was set back.
    """
    now = now or timezone.now()
    outcome = Outcome()
    today = timezone.localdate(now)
    if not is_workday(today):
        return outcome
    for chunk in find_reached(today):
        told = tell(chunk, now=now)
        outcome.rungs += told[0]
        outcome.notices += told[1]
    # Only after everything is told: a digest made earlier would leave the rest of its day to the next one.
    outcome.digests = make_digests(now=now)
    return outcome


def find_reached(today: dt.date) -> Iterator[list[Reached]]:
    """Yield, in chunks, the open things whose highest step by `today` has not been told; writes nothing."""
    people = People()
    ladders = ladder_scopes()
    for source in due_sources():
        for steps, campaigns, regions, others in ladders:
            scope = _scope(source, campaigns, regions, others)
            yield from _reached_of(source, scope, steps, today, people)


@transaction.atomic
def tell(chunk: list[Reached], *, now: dt.datetime) -> tuple[int, int]:
    """Write the rungs and notices of a chunk, but for those that another run wrote first; how many of each."""
    claim = new_claim()
    source = chunk[0].source
    earlier = _highest_told(source.kind, [one.thing.pk for one in chunk])
    rungs = (_rung(one, earlier.get(one.key), claim, now) for one in chunk)
    # A rung that another run is just writing waits for it and is then left out, so that ours are those with the claim.
    insert_rows(Rung, RUNG, rungs, skip_known=True)
    mine = {
        (object_id, due_on): (pk, county)
        for pk, object_id, due_on, county in Rung.objects.filter(
            kind=source.kind, object_id__in=[one.thing.pk for one in chunk], claim=claim
        )
        .order_by()
        .values_list("pk", "object_id", "due_on", "county")
    }
    notices = ((*mine[one.key], recipient) for one in chunk if one.key in mine for recipient in one.recipients)
    return len(mine), insert_rows(Notice, ("rung_id", "county", "recipient_id"), notices)


def make_digests(*, now: dt.datetime) -> int:
    """Gather each person's waiting notices into the digest of the day; answers how many digests were new."""
    today = timezone.localdate(now)
    had = Digest.objects.filter(recipient=OuterRef("pk"), day=today)
    waiting = Notice.objects.waiting().filter(recipient=OuterRef("pk"))
    users = User.objects.filter(Exists(waiting), ~Exists(had), is_active=True).order_by("pk")
    made, last = 0, 0
    while people := list(users.filter(pk__gt=last)[:PEOPLE]):
        last = people[-1].pk
        quiet = quiet_hours(people)
        awake = [user for user in people if not is_quiet(quiet[user.pk], now)]
        if awake:
            made += _make_digests_of(awake, today, now)
    return made


def ladder_scopes() -> list[tuple[Steps, list[int], list[str], tuple[list[int], list[str]] | None]]:
    """The ladders in force: their steps, the campaigns and the regions for which they hold, and for the default one
    (the last) the campaigns and regions that have their own. A campaign's ladder goes before its region's."""
    campaigns: dict[Steps, list[int]] = defaultdict(list)
    regions: dict[Steps, list[str]] = defaultdict(list)
    for ladder in Ladder.objects.all():
        if ladder.campaign_id:
            campaigns[ladder.as_steps].append(ladder.campaign_id)
        else:
            regions[ladder.as_steps].append(ladder.region_id)
    own = ([pk for keys in campaigns.values() for pk in keys], [code for codes in regions.values() for code in codes])
    scopes: list[tuple[Steps, list[int], list[str], tuple[list[int], list[str]] | None]] = []
    for steps in {**campaigns, **regions}:
        scopes.append((steps, campaigns.get(steps, []), regions.get(steps, []), own))
    scopes.append((DEFAULT_STEPS, [], [], own))
    return [scope for scope in scopes if scope[0]]


def steps_for(thing: DueThing) -> Steps:
    """The ladder of one thing: its campaign's, else its region's, else the default."""
    ladders = Ladder.objects.filter(Q(campaign=thing.campaign, campaign__isnull=False) | Q(region=thing.region))
    rows = [one for one in ladders if one.campaign_id in (None, thing.campaign)]
    rows.sort(key=lambda one: one.campaign_id is None)
    return rows[0].as_steps if rows else DEFAULT_STEPS


def _scope(source: DueSource, campaigns: list[int], regions: list[str], own: tuple[list[int], list[str]] | None) -> Q:
    with_own = own or ([], [])
    by_campaign = Q(**{f"{source.campaign}__in": campaigns}) if source.campaign and campaigns else Q(pk__in=[])
    elsewhere = ~Q(**{f"{source.campaign}__in": with_own[0]}) if source.campaign and with_own[0] else Q()
    if campaigns or regions:
        return by_campaign | (Q(run_by__in=regions) & elsewhere)
    return ~Q(run_by__in=with_own[1]) & elsewhere if with_own[1] else elsewhere


def _reached_of(source: DueSource, scope: Q, steps: Steps, today: dt.date, people: People) -> Iterator[list[Reached]]:
    by_offset = {step.offset: step for step in steps}
    ends = [(offset, latest_due(today, offset)) for offset in sorted(by_offset, reverse=True)]
    highest = Case(
        *(When(**{f"{source.due_on}__lte": end}, then=Value(offset)) for offset, end in ends),
        output_field=SmallIntegerField(),
    )
    told = Rung.objects.filter(
        kind=source.kind, object_id=OuterRef("pk"), due_on=OuterRef(source.due_on), step__gte=OuterRef("highest_step")
    )
    rows: QuerySet[Any] = (
        source.open_rows()
        .alias(run_by=Substr(source.region, 1, COUNTY))
        .filter(scope, **{f"{source.due_on}__lte": ends[-1][1]})
        .annotate(highest_step=highest)
        .filter(~Exists(told))
        .order_by("pk")
    )
    last = 0
    while True:
        found = list(rows.filter(pk__gt=last).values_list(*source.paths, "highest_step")[:CHUNK])
        if not found:
            return
        last = found[-1][0]
        chunk = []
        for *values, offset in found:
            thing, step = source.thing(tuple(values)), by_offset[offset]
            told_to = tuple(people.told(thing, step.audiences, source.kind))
            chunk.append(Reached(source, thing, step, tuple(sorted(o for o in by_offset if o < offset)), told_to))
        yield chunk


def _highest_told(kind: str, keys: list[int]) -> dict[tuple[int, dt.date], int]:
    rows = Rung.objects.filter(kind=kind, object_id__in=keys).order_by().values_list("object_id", "due_on")
    return {(object_id, due_on): step for object_id, due_on, step in rows.annotate(highest=Max("step"))}


def _rung(one: Reached, told: int | None, claim: uuid.UUID, now: dt.datetime) -> tuple[Any, ...]:
    """The values of one rung, in the order of `RUNG`."""
    thing, kind = one.thing, one.source.kind
    skipped = ",".join(str(offset) for offset in one.lower if told is None or offset > told)
    known = (kind, thing.pk, thing.due_on, one.step.offset)
    return (*known, str(thing.page), thing.title[:200], thing.unit, thing.region, skipped, now, claim)


@transaction.atomic
def _make_digests_of(users: list[User], today: dt.date, now: dt.datetime) -> int:
    keys = [user.pk for user in users]
    _drop_settled(Notice.objects.waiting().filter(recipient__in=keys, rung__told_at__lt=now), now)
    claim = new_claim()
    left = Notice.objects.waiting().filter(recipient__in=keys).order_by().values_list("recipient", flat=True).distinct()
    known = {user.pk: user for user in users}
    digests = [Digest(recipient=known[key], day=today, made_at=now, claim=claim) for key in sorted(left)]
    Digest.objects.bulk_create(digests, ignore_conflicts=True)
    mine = Digest.objects.filter(recipient__in=keys, day=today, claim=claim).order_by()
    by_user = dict(mine.values_list("recipient_id", "pk"))
    # By the unique key and not by the claim: each of a hundred thousand notices looks its digest up.
    of_recipient = Digest.objects.filter(recipient=OuterRef("recipient"), day=today).order_by().values("pk")
    Notice.objects.waiting().filter(recipient__in=list(by_user)).update(digest=Subquery(of_recipient))
    _make_deliveries([user for user in users if user.pk in by_user], by_user, now)
    return len(by_user)


def _drop_settled(notices: QuerySet[Notice], now: dt.datetime) -> None:
    """Leave out what was settled, or given another day, since it was written down."""
    for kind in list(notices.order_by().values_list("rung__kind", flat=True).distinct()):
        source = due_source(kind)
        if source is None:
            continue
        same = {"pk": OuterRef("rung__object_id"), source.due_on: OuterRef("rung__due_on")}
        settled = notices.filter(~Exists(source.open_rows().filter(**same)), rung__kind=kind)
        Notice.objects.filter(pk__in=list(settled.values_list("pk", flat=True))).update(dropped_at=now)


def _make_deliveries(users: list[User], digests: dict[int, int], now: dt.datetime) -> None:
    """One delivery for each channel by which a person can be reached and wants at least one kind of these things."""
    channels: dict[str, list[Channel]] = defaultdict(list)
    for channel in Channel.objects.filter(is_on=True):
        channels[channel.region_id].append(channel)
    if not channels:
        return
    kinds: dict[int, set[str]] = defaultdict(set)
    rows = Notice.objects.filter(digest__in=digests.values()).order_by().values_list("digest_id", "rung__kind")
    for digest, kind in rows.distinct():
        kinds[digest].add(kind)
    muted: dict[tuple[int, str], set[str]] = defaultdict(set)
    for mute in Mute.objects.filter(user__in=digests):
        muted[mute.user_id, mute.channel].add(mute.kind)
    Delivery.objects.bulk_create(
        Delivery(digest_id=digests[user.pk], channel=channel, next_attempt_at=now)
        for user in users
        for channel in channels.get(user.unit.region_id[:6] if user.unit else "", [])
        if channel.reaches(user) and kinds[digests[user.pk]] - muted[user.pk, channel.kind]
    )
