"""What is due: each app names its open things that have a day, and supervision reminds of all of them alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet
from django.urls import reverse

from common.county import DIGITS as COUNTY


class DueThing(NamedTuple):
    """One open thing as the reminders see it: what is due by when, who owes it, and who runs it.

    `region` is the code of the region whose bureau runs it: what lies in a town or village is run by its county. `page` is
    the key in the address of its page.
    """

    pk: int
    due_on: dt.date
    unit: int
    region: str
    campaign: int | None
    person: int | None
    page: Any
    title: str


@dataclass(frozen=True)
class DueSource:
    """One kind of things that are due.

    `open_rows` answers those for which somebody still has to act before the day: exactly the rows that lists would
    call overdue once the day has passed. What is handed in and waits for a review is not among them, which is what
    keeps the reminders quiet. The other fields are lookup paths from such a row to the facts of a `DueThing`; an empty
    path means that there is none. `title` is called with the values of `title_fields`. `page` is the model whose page
    shows the thing, `page_key` leads to its key, and `url_name` is reversed with that key.
    """

    kind: str
    label: str
    open_rows: Callable[[], QuerySet[Any]]
    page: type[Model]
    url_name: str
    title: Callable[..., str]
    title_fields: tuple[str, ...]
    page_key: str = "pk"
    due_on: str = "due_on"
    unit: str = "unit_id"
    region: str = "region_id"
    campaign: str = ""
    person: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """The lookup paths of one thing in the order that `thing` expects."""
        optional = (self.campaign or "pk", self.person or "pk")
        return ("pk", self.due_on, self.unit, self.region, *optional, self.page_key, *self.title_fields)

    def thing(self, values: tuple[Any, ...]) -> DueThing:
        """One thing out of the values of `paths`."""
        pk, due_on, unit, region, campaign, person, page, *words = values
        return DueThing(
            pk,
            due_on,
            unit,
            region[:COUNTY],
            campaign if self.campaign else None,
            person if self.person else None,
            page,
            self.title(*words),
        )

    def things(self, rows: QuerySet[Any]) -> Iterator[DueThing]:
        """The things in `rows`, in one query."""
        return map(self.thing, rows.values_list(*self.paths))

    def url(self, page: Any) -> str:
        return reverse(self.url_name, args=[page])


_sources: dict[str, DueSource] = {}


def register_due_source(source: DueSource) -> None:
    """Let an app's things be reminded of; called from `AppConfig.ready`, once for each kind."""
    _sources[source.kind] = source


def due_sources() -> list[DueSource]:
    """Every kind of things that are due, in the order of the apps."""
    return list(_sources.values())


def due_source(kind: str) -> DueSource | None:
    """The source of that kind, or None where its app is not part of this installation."""
    return _sources.get(kind)
