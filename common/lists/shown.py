"""What the template of a list gets: cells, rows, columns, and the numbers of pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from common.lists.columns import Column


@dataclass(frozen=True)
class ShownCell:
    column: Column
    content: str
    url: str


@dataclass(frozen=True)
class ShownRow:
    pk: Any
    cells: list[ShownCell]
    group: str
    name: str


@dataclass(frozen=True)
class ShownColumn:
    column: Column
    order_url: str
    sorted: Literal["", "ascending", "descending"]


def pages_around(page: int, last: int, reach: int = 2) -> list[int]:
    """Page numbers worth a link: the first, the last and those around this one; 0 stands for a gap."""
    wanted = sorted({1, last, *range(max(1, page - reach), min(last, page + reach) + 1)})
    shown: list[int] = []
    for number in wanted:
        if shown and number - shown[-1] == 2:
            shown.append(number - 1)
        elif shown and number - shown[-1] > 2:
            shown.append(0)
        shown.append(number)
    return shown
