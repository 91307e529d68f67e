"""What inspections show on the pages of rooms below: of a mine its visits, of a hazard the visit that found it."""

from __future__ import annotations

from collections.abc import Iterator

from common.panels import ObjectPanel
from hazards.models import Hazard
from inspections.models import Visit
from inspections.relations import may_inspect
from units.models import Unit, User

SHOWN = 5


def unit_panels(unit: Unit, user: User) -> Iterator[ObjectPanel]:
    """The latest visits to a mine (one query)."""
    if unit.kind != Unit.Kind.MINE:
        return
    rows = list(Visit.objects.visible_to(user).filter(mine=unit).exclude(state=Visit.State.VOID)[:SHOWN])
    context = {"rows": rows, "may_inspect": may_inspect(user)}
    yield ObjectPanel("mine-visits", "检查", "inspections/unit_panel.html", context)


def hazard_panels(hazard: Hazard, user: User) -> Iterator[ObjectPanel]:
    """The visit on which a hazard was found, for those who may see it (one query)."""
    visit = Visit.objects.visible_to(user).filter(results__hazard=hazard).first()
    if visit is not None:
        yield ObjectPanel("hazard-visit", "检查来源", "inspections/hazard_panel.html", {"visit": visit})
