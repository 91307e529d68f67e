"""What stands, beside what a revised paper wants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tasks.models import Campaign, Responsibility, Target, Task
from tasks.services.comparisons import norm


def head_fields_of(campaign: Campaign) -> dict[str, Any]:
    return {
        name: getattr(campaign, name)
        for name in (
            "title", "document_number", "issuer", "issued_on", "start", "end", "level", "protection_measures",
        )
    }  # fmt: skip


PLACES = ("position", "ref", "section", "parent", "source_span", "withdrawn_on")


def places(task: Task) -> list[Any]:
    return [task.position, task.ref, task.section_id, task.parent_id, task.source_span, task.withdrawn_on]


def fields_of_body(row: Responsibility) -> list[Any]:
    return [row.position, row.role, row.expanded, row.is_collective, row.unit_id, row.group_id]


def stands_for(row: Responsibility, unit: int) -> bool:
    if row.group_id and row.group:
        return row.group.members().filter(pk=unit).exists()
    return row.unit_id == unit


def replace(standing: Any, wanted: list[Any], fields: Sequence[str], name: str) -> set[str]:
    """Write rows that nothing points at anew, where they differ at all."""
    values: Callable[[Any], list[Any]] = lambda row: [getattr(row, field) for field in fields]  # noqa: E731
    if [values(row) for row in standing.order_by("position")] == [values(row) for row in wanted]:
        return set()
    standing.delete()
    standing.model.objects.bulk_create(wanted)
    return {name}


def follow_targets(standing: Any, wanted: list[Target]) -> set[str]:
    """Keep targets that are printed again, with their readings; add new ones; drop those that nobody has read."""
    fields = ("text", "indicator", "value", "unit", "comparator", "by")
    old = list(standing.order_by("position"))
    left, changed = list(old), False
    for target in wanted:
        same = next(
            (row for row in left if norm(row.text) == norm(target.text) and row.indicator == target.indicator), None
        )
        same = same or next((row for row in left if row.indicator == target.indicator), None)
        if same is None:
            target.save()
            changed = True
            continue
        left.remove(same)
        if [getattr(same, f) for f in fields] != [getattr(target, f) for f in fields]:
            for name in fields:
                setattr(same, name, getattr(target, name))
            changed = True
            same.save()
    for row in left:
        if not row.readings.exists():
            row.delete()
            changed = True
    return {"targets"} if changed else set()
