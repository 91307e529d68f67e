"""The ladder on the page of the thing that climbs it: what was told to whom and when, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
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
    """The steps told of this thing, newest first, and the next ones (at most six queries)."""
    sources = [source for source in due_sources() if source.page is type(thing)]
    kinds = [source.kind for source in sources]
    seen = Rung.objects.visible_to(user).filter(kind__in=kinds, page=str(thing.pk))
    rungs = list(seen.for_list()[:RUNGS])
    following = [line for source in sources for line in next_steps(source, thing, user)]
    if rungs or following:
        yield ObjectPanel("reminders", "提醒台阶", "supervision/ladder_panel.html", {"rungs": rungs, "next": following})


def next_steps(source: DueSource, page: Model, user: Any) -> list[dict[str, Any]]:
    """The next step of each open thing on this page that the user's reach holds, the nearest due day first."""
    today = timezone.localdate()
    units = Unit.objects.visible_to(user).order_by().values("pk")
    rows = source.open_rows().filter(**{source.page_key: page.pk, f"{source.unit}__in": units})
    rows = rows.order_by(source.due_on, "pk")[:THINGS]
    found = []
    ladders: dict[tuple[int | None, str], Steps] = {}
    for thing in source.things(rows):
        # What stands on one page belongs to one campaign: its ladder is read once.
        whose = (thing.campaign, thing.region)
        if whose not in ladders:
            ladders[whose] = steps_for(thing)
        if following := coming(thing.due_on, today, ladders[whose]):
            step, day = following
            found.append({"thing": thing, "step": step, "day": day})
    return found


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
