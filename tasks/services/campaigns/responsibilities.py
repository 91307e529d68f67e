"""Who owes what: printed names, and the assignments of the units that they mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from common.errors import NotAllowed, Refused
from common.history import record
from tasks.models import Assignment, Campaign, Responsibility, Task
from tasks.services.campaigns.writing import CHUNK, Matches, Plan
from tasks.services.due_items import create_deadline_items, create_period_items, refresh_due_on
from units.models import Unit, UnitGroup, User
from units.names import name_key
from units.services import learn_alias

ROLE_ORDER = {"lead": 0, "responsible": 1, "cooperating": 2}


@dataclass(frozen=True, slots=True)
class Printed:
    """One body as the paper prints it beside a task."""

    name: str
    expanded: str
    role: str
    collective: bool
    blanket: bool = False

    @classmethod
    def of(cls, unit: Mapping[str, Any], *, blanket: bool = False) -> Printed:
        return cls(
            unit["name"],
            unit.get("expanded") or "",
            unit.get("role") or "responsible",
            bool(unit.get("collective")),
            blanket,
        )

    def meaning(self, matches: Matches) -> Mapping[str, Any]:
        return matches.get(name_key(self.expanded or self.name)) or matches.get(name_key(self.name)) or {}


def blanket_units(plan: Plan) -> list[tuple[str | None, Printed]]:
    """The bodies that a sentence of the paper adds to every task after the one named (None: to every task)."""
    return [
        (unit.get("applies_after"), Printed.of(unit, blanket=True))
        for unit in plan["campaign"].get("blanket_units") or []
    ]


def write_responsibilities(
    tasks: list[Task], items: list[Mapping[str, Any]], matches: Matches, blanket: list[tuple[str | None, Printed]]
) -> list[Responsibility]:
    """Write the printed bodies of each task, matched to units or groups, and answer those of tasks without parts."""
    order = {str(item["id"]): i for i, item in enumerate(items)}
    rows: list[Responsibility] = []
    for i, (task, item) in enumerate(zip(tasks, items, strict=True)):
        printed = [Printed.of(unit) for unit in item.get("units") or []]
        if not task.is_parent:
            printed += [body for after, body in blanket if after is None or order.get(after, -1) < i]
        for position, body in enumerate(printed):
            meaning = body.meaning(matches)
            rows.append(
                Responsibility(
                    task=task,
                    position=position,
                    printed_name=body.name[:200],
                    expanded=body.expanded[:200],
                    role=body.role,
                    is_collective=body.collective,
                    is_blanket=body.blanket,
                    unit_id=meaning.get("unit"),
                    group_id=meaning.get("group"),
                )
            )
    Responsibility.objects.bulk_create(rows, batch_size=CHUNK)
    return [row for row in rows if not row.task.is_parent]


def assign(
    campaign: Campaign, responsibilities: list[Responsibility], *, begins_on: dt.date | None = None
) -> list[Assignment]:
    """Give every unit that a printed body stands for its assignment, one per task and unit, in its strongest role."""
    members: dict[int, list[int]] = {}
    groups: Any = UnitGroup.objects.filter(pk__in={r.group_id for r in responsibilities if r.group_id})
    for group in groups.with_rule():
        members[group.pk] = list(group.members().values_list("pk", flat=True))
    active = set(
        Unit.objects.filter(pk__in={r.unit_id for r in responsibilities if r.unit_id}, is_active=True).values_list(
            "pk", flat=True
        )
    )
    already = set(campaign.assignments.values_list("task_id", "unit_id"))
    chosen: dict[tuple[int, int], Responsibility] = {}
    for row in sorted(responsibilities, key=lambda r: (ROLE_ORDER[r.role], r.group_id is not None)):
        units = [row.unit_id] if row.unit_id in active else members.get(row.group_id or 0, [])
        for unit in units:
            chosen.setdefault((row.task_id, unit), row)
    begins = {"begins_on": begins_on} if begins_on else {}
    assignments = Assignment.objects.bulk_create(
        [
            Assignment(
                region_id=campaign.region_id,
                campaign=campaign,
                task_id=task,
                unit_id=unit,
                responsibility=row,
                role=row.role,
                printed_name=row.printed_name,
                is_ongoing=row.task.is_ongoing,
                **begins,
            )
            for (task, unit), row in sorted(chosen.items(), key=lambda pair: pair[0])
            if (task, unit) not in already
        ],
        batch_size=CHUNK,
    )
    fresh = Assignment.objects.filter(campaign=campaign, due_items__isnull=True)
    create_deadline_items(fresh)
    create_period_items(Assignment.objects.filter(campaign=campaign))
    refresh_due_on(Assignment.objects.filter(campaign=campaign))
    return assignments


@transaction.atomic
def match_responsibility(
    *,
    by: User,
    responsibility: Responsibility,
    unit: Unit | None = None,
    group: UnitGroup | None = None,
    remember: bool = True,
) -> list[Assignment]:
    """Say which unit or group a printed body means, on every task of the campaign that prints it and has no unit yet.

    The units named get their assignments, which are answered; `remember` keeps the name as an alias.
    """
    campaign = responsibility.task.campaign
    if "reviewer" not in campaign.relations_of(by):
        raise NotAllowed("对应责任单位由本地区应急管理局的工作人员办理。")
    if (unit is None) == (group is None):
        raise Refused("请选定一个单位或一个单位组。", fields={"means": ["请选定一个单位或一个单位组。"]})
    same = Responsibility.objects.filter(
        task__campaign=campaign, printed_name=responsibility.printed_name, unit__isnull=True, group__isnull=True
    )
    rows = list(same.select_related("task"))
    for row in rows:
        row.unit, row.group = unit, group
    Responsibility.objects.bulk_update(rows, ["unit", "group"], batch_size=CHUNK)
    made = assign(campaign, [row for row in rows if not row.task.is_parent])
    if remember:
        name = responsibility.expanded or responsibility.printed_name
        learn_alias(by=by, region=campaign.region, name=name, unit=unit, group=group)
    record(
        "responsibility.matched",
        campaign,
        by=by,
        after={
            "name": responsibility.printed_name,
            "means": str(unit or group),
            "tasks": len(rows),
            "assignments": len(made),
        },
    )
    return made
