"""The sections of a mine's file: of each kind of line its title, who enters it, and what page and paper show of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from common.lists import Column
from mines.models import FileLine, Mine

BOTH = frozenset({"mine", "bureau"})
BUREAU = frozenset({"bureau"})


@dataclass(frozen=True)
class Ledger:
    """One kind of lines. `fields` are entered in that order, `columns` shown; `editors` are relations to the mine."""

    slug: str
    title: str
    model: type[FileLine]
    fields: tuple[str, ...]
    columns: tuple[Column, ...]
    editors: frozenset[str] = BOTH
    hint: str = ""
    says: Callable[[Mine, Sequence[Any], int], str] = lambda mine, lines, total: f"{total}条" if total else "还没有登记"
    """The section in a few words, out of its first lines and their number."""
    warns: Callable[[Mine, Sequence[Any]], str] = lambda mine, lines: ""
    """What somebody should look at, out of the first lines; empty where nothing."""

    sort: Callable[[Any], Any] | None = None
    """The order on the page of one mine, where that of the table would not do."""
    dated: str = ""
    """The day by which a list of many mines is cut into years."""
    late: Callable[[dt.date], Q] | None = None
    """Which lines are overdue on a day; None where nothing is ever owed."""
    offers: Mapping[str, Callable[[Mine], QuerySet[Any]]] = field(default_factory=dict)
    """What a field that points elsewhere may be chosen from."""

    def rows(self, mine: Any) -> Any:
        """The lines of one mine in the order of the table."""
        return self.model.objects.filter(mine=mine)

    def arranged(self, lines: Iterable[Any]) -> list[Any]:
        """Lines in the order of page and paper."""
        return sorted(lines, key=self.sort) if self.sort else list(lines)


_ledgers: dict[str, Ledger] = {}


def add(*ledgers: Ledger) -> None:
    _ledgers.update({one.slug: one for one in ledgers})


def all_ledgers() -> list[Ledger]:
    return list(_ledgers.values())


def ledger_named(slug: str) -> Ledger | None:
    return _ledgers.get(slug)


def ledger_of(line: FileLine) -> Ledger:
    """The ledger that a line stands in."""
    return next(one for one in _ledgers.values() if one.model is type(line))
