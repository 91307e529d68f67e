"""All nouns that other systems can read and write, out of the `api.py` of every room below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from common.api import Act, Resource, Table
from exchange import nouns as own
from hazards import api as hazards
from inspections import api as inspections
from mines import api as mines
from supervision import api as supervision
from tasks import api as tasks
from units import api as units

RESOURCES: dict[str, Resource] = {
    resource.name: resource
    for room in (units, mines, tasks, hazards, inspections, supervision, own)
    for resource in room.RESOURCES
}
TABLES: tuple[Table, ...] = (*inspections.TABLES, *supervision.TABLES)
ENTRIES: Mapping[str, Sequence[Resource | Table]] = {
    "专项行动": tasks.RESOURCES,
    "矿山": mines.RESOURCES,
    "月报": (),
    "隐患": hazards.RESOURCES,
    "检查": (*inspections.RESOURCES, *inspections.TABLES),
    "督办": (*supervision.RESOURCES, *supervision.TABLES),
    "单位": units.RESOURCES,
}
"""The words of the navigation, under which an administrator looks for a noun."""
ENTRY_OF = {one.name: entry for entry, nouns in ENTRIES.items() for one in nouns} | dict.fromkeys(
    ("reports", "reporting-rules", "consolidations", "monthly-figures", "accident-counts"), "月报"
)
OWN = tuple(resource.name for resource in own.RESOURCES)
"""Nouns of the interface itself, which are nobody's business but an account's."""
ACTS: tuple[Act, ...] = (*mines.ACTS, *tasks.ACTS, *hazards.ACTS, *supervision.ACTS, *own.ACTS)


def acts_on(noun: str) -> tuple[Act, ...]:
    """What may be done with a noun, in the order of its room."""
    return tuple(act for act in ACTS if act.noun == noun)


def making(noun: str) -> Act | None:
    """How a record of a noun is made, where other systems may make one."""
    return next((act for act in acts_on(noun) if act.makes), None)
