"""What the page of a unit shows of it as a mine: the way to its file."""

from __future__ import annotations

from collections.abc import Iterator

from common.panels import ObjectPanel
from units.models import Unit, User

KEY = "mine-file"


def unit_panels(unit: Unit, user: User) -> Iterator[ObjectPanel]:
    if unit.kind == Unit.Kind.MINE:
        yield ObjectPanel(KEY, "一矿一册", "mines/unit_panel.html")
