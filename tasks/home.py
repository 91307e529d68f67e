"""Heaps of work on the first page, and how apps upstairs add theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from units.models import User

SHOWN = 5
"""Rows of each panel; the rest stands behind its link."""


@dataclass(frozen=True)
class Panel:
    """One heap of work: rows to show, and where all of them are. `template` prints one `row` as a table row."""

    key: str
    title: str
    rows: list[Any]
    url: str = ""
    template: str = "tasks/home_row.html"
    is_late: bool = False

    @property
    def more(self) -> bool:
        return len(self.rows) > SHOWN

    @property
    def count(self) -> str:
        """How many rows there are, as the index at the head of the page says it."""
        return f"{SHOWN}+" if self.more else str(len(self.rows))

    @property
    def shown(self) -> list[Any]:
        return self.rows[:SHOWN]


def some(rows: QuerySet[Any]) -> list[Any]:
    """One row more than is shown, so that the page knows there are more without counting."""
    return list(rows[: SHOWN + 1])


_sources: list[Callable[[User], list[Panel]]] = []


def register_home_panels(source: Callable[[User], list[Panel]]) -> None:
    """Add heaps to the first page; called from `AppConfig.ready`. `source` answers those of a user that are not empty."""
    if source not in _sources:
        _sources.append(source)


def panels_from_above(user: User) -> list[Panel]:
    """The heaps that other apps have registered, in the order of the apps."""
    return [panel for source in _sources for panel in source(user) if panel.rows]


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
