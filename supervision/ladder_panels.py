"""The ladder on the page of the thing that climbs it: what was told to whom and when, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import CharField, Model, Value
from django.utils import timezone

from common.due import DueSource, due_sources
from common.panels import ObjectPanel, register_object_panels
from supervision.hours import quiet_hours
from supervision.ladders import Steps, coming
from supervision.models import Rung
from supervision.services.reminders import steps_for
from units.models import Unit, User

RUNGS = 20
THINGS = 3


def ladder_panel(thing: Model, user: Any) -> Iterable[ObjectPanel]:
    """The steps told of this thing, newest first, and the next ones (at most eight queries)."""
    sources = [source for source in due_sources() if source.page is type(thing)]
    kinds = [source.kind for source in sources]
    seen = Rung.objects.visible_to(user).filter(kind__in=kinds, page=str(thing.pk))
    rungs = list(seen.for_list()[:RUNGS])
    following = next_steps(sources, thing, user)
    if rungs or following:
        yield ObjectPanel("reminders", "提醒台阶", "supervision/ladder_panel.html", {"rungs": rungs, "next": following})


def next_steps(sources: Sequence[DueSource], page: Model, user: Any) -> list[dict[str, Any]]:
    """The next steps of the open things on this page that the user's reach holds, the nearest due day first.

    A page may have many kinds of things: one query finds which are nearest, and only those are read.
    """
    today = timezone.localdate()
    units = Unit.objects.visible_to(user).order_by().values("pk")
    nearest = {
        source.kind: source.open_rows().filter(**{source.page_key: page.pk, f"{source.unit}__in": units})
        for source in sources
    }
    if len(sources) > THINGS:
        days = [
            rows.order_by().values_list(Value(source.kind, CharField()), source.due_on)
            for source, rows in zip(sources, nearest.values(), strict=True)
        ]
        kinds = {kind for kind, _ in sorted(days[0].union(*days[1:]), key=lambda one: one[1])[:THINGS]}
        sources = [source for source in sources if source.kind in kinds]
    # What stands on one page belongs to one campaign: its ladder is read once.
    ladders: dict[tuple[int | None, str], Steps] = {}
    found = []
    for source in sources:
        for thing in source.things(nearest[source.kind].order_by(source.due_on, "pk")[:THINGS]):
            whose = (thing.campaign, thing.region)
            if whose not in ladders:
                ladders[whose] = steps_for(thing)
            if following := coming(thing.due_on, today, ladders[whose]):
                step, day = following
                found.append({"thing": thing, "step": step, "day": day})
    return sorted(found, key=lambda one: one["thing"].due_on)


def profile_panel(account: Model, user: Any) -> Iterable[ObjectPanel]:
    """On one's own page: when and how one is told."""
    if account == user:
        quiet = quiet_hours([user])[user.pk]
        yield ObjectPanel("contact", "提醒", "supervision/profile_panel.html", {"quiet": quiet[-1]})


def register_panels() -> None:
    """Show ladders on the pages of everything that is due, and the wishes on the profile."""
    for source in due_sources():
        register_object_panels(source.page, ladder_panel)
    register_object_panels(User, profile_panel)
