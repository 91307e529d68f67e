"""How a noun of the house looks to other systems: declared in each app's `api.py`, served by the room `exchange`.

One declaration gives the columns of the query, the names in the answer and the documentation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from common.errors import Refused

Columns = Mapping[str, str]
"""Name in the answer → lookup path from the model."""


def columns(*same: str, **named: str) -> Columns:
    """Columns that are called as their fields are, and then those with a name of their own (`mine="mine_id"`)."""
    return {name: name for name in same} | named


@dataclass(frozen=True)
class Derived:
    """A fact that is worked out from a row and the day, such as being overdue: yes or no, or in words."""

    label: str
    needs: tuple[str, ...]
    """The fields of the model that `holds` reads."""
    holds: Callable[[Any, dt.date], bool | str]
    """Told a row that has the fields in `needs` as its attributes, and the day: `Hazard.is_overdue_on`."""
    in_words: bool = False


def as_property(model: type[Model], name: str) -> Callable[[Any, dt.date], Any]:
    """The property of a model, told of a row with the fields that it reads: one rule for the page and for here."""
    return lambda row, day: getattr(model(**vars(row)), name)


@dataclass(frozen=True)
class Told:
    """What a single record tells beyond its columns, worked out from the record itself: what a report still lacks."""

    label: str
    shape: type[Any]
    """The serializer that documents it."""
    tell: Callable[[Any], Any]
    many: bool = False


@dataclass(frozen=True)
class Part:
    """Rows that belong to one record and are seen by whoever sees it: its proofs, its stages."""

    label: str
    model: type[Model]
    owner: str
    """The field of the part's model that holds the record's key, such as `hazard_id`."""
    columns: Columns
    order: tuple[str, ...] = ("pk",)
    only: Mapping[str, Any] = field(default_factory=dict)
    has_evidence: bool = False


@dataclass(frozen=True)
class Resource:
    """One noun under /api/v1/. Rows come from `model.objects.visible_to(user)` and from nowhere else.

    `filters` is the filter set of the noun's own page. `owner` is the field that holds the unit whose rows these are, where
    the noun is so large that a page must not walk past others' rows. A single record has `told` as well; `holds_moves`
    adds `allowed_actions` to it. `inside` names what the page shows only to those who read the whole region; to others
    it is told as empty. `under` is the noun whose scope opens this one, which has none of its own. `history` is the
    field that leads to the record in whose history the changes of these rows stand, where they have none of their own, and
    `verbs` are those of that history which are about one of these rows, whose key the event tells as `line`.
    """

    name: str
    label: str
    model: type[Model]
    columns: Columns
    parts: Mapping[str, Part] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    told: Mapping[str, Told] = field(default_factory=dict)
    filters: type[Any] | None = None
    has_evidence: bool = False
    owner: str = ""
    inside: tuple[str, ...] = ()
    under: str = ""
    history: str = ""
    verbs: tuple[str, ...] = ()

    @property
    def scope(self) -> str:
        """The noun that the scopes of an account name for it."""
        return self.under or self.name

    def is_readable(self, scopes: Collection[str]) -> bool:
        return f"{self.scope}:read" in scopes

    @property
    def is_followed(self) -> bool:
        """Whether the feed of changes tells of these rows themselves."""
        return not self.history or bool(self.verbs)

    @property
    def key(self) -> str:
        """The attribute name of the model's key."""
        return self.model._meta.pk.attname

    @property
    def holds_moves(self) -> bool:
        return hasattr(self.model, "moves")


@dataclass(frozen=True)
class Table:
    """What is worked out when it is asked for and is no row: a ranking, a count. For those who read a whole region.

    `tell(region=…, today=…, asked=…)` answers what `shape` documents, out of the account's region and the parameters; it
    raises Refused with the parameter that is faulty. `turned_away` is what the others are told.
    """

    name: str
    label: str
    words: str
    parameters: Mapping[str, str]
    """Name → what it says; what it may be, where it is one of some words, stands in `choices`."""
    shape: type[Any]
    tell: Callable[..., Any]
    turned_away: str
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    under: str = ""

    @property
    def scope(self) -> str:
        return self.under or self.name


def faulty(parameter: str, sentence: str) -> Refused:
    """A parameter, or a field, that says what cannot be."""
    return Refused("请改正标出的内容后再发送。", code="invalid", fields={parameter: [sentence]})


Do = Callable[..., Model]
"""Calls the services: `do(by=user, row=the record or None, given=what was sent)`; answers the record to be told."""


@dataclass(frozen=True)
class Act:
    """One thing that other systems may do with a noun, through the services that the pages call.

    Without a `name` it stands at the noun's own addresses: `makes` a record (POST), or changes one (PATCH, which asks
    for the version that its sender had seen). With one it is POST …/<key>/<name>/. `takes` is a serializer; files come as
    `given["files"]`. `renews` brings a record up to date that the sender pushed before under a key of its own (PUT).
    """

    noun: str
    label: str
    takes: type[Any]
    do: Do
    name: str = ""
    makes: bool = False
    files: bool = False
    renews: Do | None = None

    @property
    def changes(self) -> bool:
        return not self.name and not self.makes
