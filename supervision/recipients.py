"""Who stands behind each audience of a ladder, out of the accounts in use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from common.due import DueThing
from supervision.ladders import Audience
from supervision.models import DeskOfficer
from units.models import Role, Unit, User

CLERKS = (Role.LIAISON, Role.MINE_CLERK)
HEADS = (Role.MINE_HEAD, Role.LEADER)
STAFF = (Role.BUREAU_STAFF, Role.INSPECTOR)
TOWN = 9
"""Digits of a township's code; that of a village goes on from there."""


class People:
    """All accounts in use, read once for a run (three queries), and asked for the audiences of each thing."""

    def __init__(self) -> None:
        self._regions: dict[int, str] = dict(Unit.objects.order_by().values_list("pk", "region_id"))
        self._clerks: dict[int, list[int]] = defaultdict(list)
        self._heads: dict[int, list[int]] = defaultdict(list)
        self._staff_of_unit: dict[int, list[int]] = defaultdict(list)
        self._townships: dict[str, list[int]] = defaultdict(list)
        self._sections: dict[str, list[int]] = defaultdict(list)
        self._leaders: dict[str, list[int]] = defaultdict(list)
        self._active: set[int] = set()
        self._desks: dict[tuple[str, int | str], list[int]] = defaultdict(list)
        for region, campaign, kind, officer in DeskOfficer.objects.order_by("pk").values_list(
            "region", "campaign", "kind", "officer"
        ):
            self._desks[region, campaign or kind].append(officer)
        accounts = User.objects.filter(is_active=True, unit__isnull=False).order_by("pk")
        for pk, role, unit, kind, region in accounts.values_list(
            "pk", "role", "unit_id", "unit__kind", "unit__region_id"
        ):
            self._active.add(pk)
            if role in CLERKS:
                self._clerks[unit].append(pk)
                if kind == Unit.Kind.TOWNSHIP:
                    self._townships[region[:TOWN]].append(pk)
            if role in HEADS:
                self._heads[unit].append(pk)
            if role in STAFF:
                self._staff_of_unit[unit].append(pk)
            if role == Role.BUREAU_STAFF:
                self._sections[region].append(pk)
            if role == Role.LEADER:
                self._leaders[region].append(pk)

    def told(self, thing: DueThing, audiences: Iterable[str], kind: str = "") -> list[int]:
        """The keys of the accounts to tell of a thing of that kind, each once and in a steady order."""
        found: dict[int, None] = {}
        for audience in audiences:
            found.update(dict.fromkeys(self._audience(thing, audience, kind)))
        return list(found)

    def _audience(self, thing: DueThing, audience: str, kind: str) -> list[int]:
        if audience == Audience.PERSON:
            return self._person(thing)
        if audience == Audience.HEAD:
            return self._heads.get(thing.unit, [])
        if audience == Audience.TOWNSHIP:
            return self._townships.get(self._regions.get(thing.unit, "")[:TOWN], [])
        if audience == Audience.SECTION:
            return self._desk(thing, kind) or self._sections.get(thing.region, [])
        return self._leaders.get(thing.region, [])

    def _desk(self, thing: DueThing, kind: str) -> list[int]:
        """Who was named for the thing's campaign, else for its kind."""
        for key in (thing.campaign, kind):
            found = [one for one in self._desks.get((thing.region, key), ()) if one in self._active] if key else []
            if found:
                return found
        return []

    def _person(self, thing: DueThing) -> list[int]:
        """Whoever is named, else those who report for the unit; a unit without such people is told by its head."""
        if thing.person in self._active:
            return [thing.person] if thing.person is not None else []
        for people in (self._clerks, self._staff_of_unit, self._heads):
            if found := people.get(thing.unit):
                return found
        return []
