"""Heaps of work on the first page, and how apps upstairs add theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Subquery

from units.models import User

SHOWN = 5
"""Rows of each heap; the rest stands behind its link."""
OPEN = 4
"""Heaps whose rows come with the page. Those of the others are fetched when somebody scrolls to them."""
MOST = 99
"""A heap is counted up to here."""


@dataclass(eq=False)
class Panel:
    """One heap of work, and where all of it is.

    `rows` stand in order: a queryset that nobody has asked yet, or rows that are known. `template` prints one `row` as
    a table row; a heap without one is told by its size alone.
    """

    key: str
    title: str
    rows: QuerySet[Any] | list[Any]
    url: str = ""
    template: str = "tasks/home_row.html"
    is_late: bool = False
    size: int = 0
    """Set by `sized`."""
    is_open: bool = False

    @property
    def more(self) -> bool:
        return self.size > SHOWN

    @property
    def count(self) -> str:
        return f"{MOST}+" if self.size > MOST else str(self.size)

    @cached_property
    def shown(self) -> list[Any]:
        return list(self.rows[:SHOWN])


def sized(panels: list[Panel], user: User) -> list[Panel]:
    """The heaps that are not empty, with their sizes (one query, however many heaps)."""
    asked = {f"heap_{index}": panel for index, panel in enumerate(panels) if isinstance(panel.rows, QuerySet)}
    counts: Any = {name: Subquery(_counted(panel.rows)) for name, panel in asked.items()}
    found: Any = User.objects.filter(pk=user.pk).values(**counts)[0] if counts else {}
    for index, panel in enumerate(panels):
        name = f"heap_{index}"
        panel.size = found[name] if name in found else len(panel.rows)
    return [panel for panel in panels if panel.size]


def _counted(rows: Any) -> QuerySet[Any]:
    """How many rows there are, at most one more than `MOST`, as a query with one value to stand inside another."""
    some = rows.order_by().values("pk")[: MOST + 1]
    count = Func(F("pk"), function="COUNT", output_field=IntegerField())
    found: QuerySet[Any] = rows.model._base_manager.filter(pk__in=some).order_by().annotate(how_many=count)
    return found.values("how_many")


_sources: list[Callable[[User], list[Panel]]] = []


def register_home_panels(source: Callable[[User], list[Panel]]) -> None:
    """Add heaps to the first page; called from `AppConfig.ready`. `source` answers those of a user, empty or not."""
    if source not in _sources:
        _sources.append(source)


def panels_from_above(user: User) -> list[Panel]:
    """The heaps that other apps have registered, in the order of the apps."""
    return [panel for source in _sources for panel in source(user)]


_landings: list[Callable[[User], str]] = []


def register_landing(choose: Callable[[User], str]) -> None:
    """Give some users another first page; called from `AppConfig.ready`.

    `choose` answers its address, or an empty string for everybody whose first page is this one.
    """
    if choose not in _landings:
        _landings.append(choose)


def landing_for(user: User) -> str:
    """The address of another first page for this user, or an empty string."""
    return next((url for choose in _landings if (url := choose(user))), "")
