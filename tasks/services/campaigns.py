"""A plan becomes a campaign; a revised plan changes it and keeps the progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from common.errors import NotAllowed, Refused
from common.history import record
from common.transitions import advance
from tasks.models import (
    Assignment,
    Campaign,
    Deadline,
    Recurrence,
    ReportingDuty,
    Responsibility,
    Section,
    Stage,
    Target,
    Task,
)
from tasks.models.campaigns import Frequency
from tasks.services.due_items import create_deadline_items, create_period_items, refresh_due_on
from units.models import Region, Unit, UnitGroup, User
from units.names import name_key
from units.services import learn_alias

Plan = Mapping[str, Any]
"""A plan in the shape that `tasks.plans` writes: campaign, goals, stages, tasks, reporting, protection_measures."""

Matches = Mapping[str, Mapping[str, Any]]
"""What a printed name means: {name_key: {"unit": pk} or {"group": pk} or {"skip": true}}; one left out is unmatched."""

CHUNK = 500
ROLE_ORDER = {"lead": 0, "responsible": 1, "cooperating": 2}


@transaction.atomic
def create_campaign(
    *, by: User, region: Region, plan: Plan, matches: Matches, begins_on: dt.date | None = None, note: str = ""
) -> Campaign:
    """Set up a whole campaign from a plan: sections, tasks, responsibilities, deadlines, assignments and due items.

    `begins_on` is the day from which recurring duties are counted (today). Raises NotAllowed when the region is not
    the user's to run, Refused when the plan has no title or no task.
    """
    check_runs_campaigns(by, region)
    head = plan["campaign"]
    if not (head.get("title") or "").strip():
        raise Refused("请填写行动名称后再确认。", fields={"title": ["请填写行动名称。"]})
    if not plan["tasks"]:
        raise Refused("方案里没有任务，不能建立行动。请先在核对页补充任务。")
    campaign = Campaign.objects.create(region=region, created_by=by, note=note, **head_fields(head, plan))
    write_outline(campaign, plan)
    tasks = write_tasks(campaign, plan["tasks"], Targets(campaign, plan))
    blanket = blanket_units(plan)
    responsibilities = write_responsibilities(tasks, plan["tasks"], matches, blanket)
    assign(campaign, responsibilities, begins_on=begins_on)
    record(
        "campaign.created",
        campaign,
        by=by,
        note=note,
        after={"title": campaign.title, "tasks": len(tasks), "assignments": campaign.assignments.count()},
    )
    return campaign


def check_runs_campaigns(by: User, region: Region) -> None:
    if not (by.reviews and region.code.startswith(by.reach.region if by.reach.region is not None else "-")):
        raise NotAllowed("只有本地区应急管理局的工作人员可以建立和修改专项行动。")


def close_campaign(*, by: User, campaign: Campaign, note: str) -> Campaign:
    return advance(campaign, "close", by=by, note=note)


def reopen_campaign(*, by: User, campaign: Campaign, note: str) -> Campaign:
    return advance(campaign, "reopen", by=by, note=note)


# -- writing the paper -------------------------------------------------------------------------------------------


def day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


MOST = Decimal(10) ** 12
"""Numbers from here on are no count and no sum that a plan could mean: the columns do not hold them."""


def number(value: Any) -> Decimal | None:
    """The number that was read; None for one so large that it is a misprint, whose words stay."""
    given = None if value is None else Decimal(str(value))
    return given if given is None or -MOST < given < MOST else None


def head_fields(head: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    return {
        "title": head["title"].strip()[:200],
        "document_number": (head.get("document_number") or "")[:80],
        "issuer": (head.get("issuer") or "")[:100],
        "issued_on": day(head.get("issued_on")),
        "start": day(head.get("start")),
        "end": day(head.get("end")),
        "level": head.get("level") or "county",
        "protection_measures": list(plan.get("protection_measures") or []),
    }


def write_outline(campaign: Campaign, plan: Plan) -> None:
    """Write stages, campaign targets and reporting duties."""
    Stage.objects.bulk_create(
        Stage(
            campaign=campaign,
            position=i,
            name=s["name"][:100],
            start=day(s.get("start")),
            end=day(s.get("end")),
            text=s.get("text") or "",
        )
        for i, s in enumerate(plan.get("stages") or [])
    )
    ReportingDuty.objects.bulk_create(
        ReportingDuty(
            campaign=campaign,
            position=i,
            what=(r.get("what") or "")[:300],
            reporter=(r.get("from") or "")[:200],
            receiver=(r.get("to") or "")[:200],
            every=r.get("every") or "",
            due=(r.get("due") or "")[:40],
            text=r.get("text") or "",
        )
        for i, r in enumerate(plan.get("reporting") or [])
    )


class Targets:
    """Builds targets in one running order: the campaign's goals first, then those inside tasks."""

    def __init__(self, campaign: Campaign, plan: Plan) -> None:
        self.campaign = campaign
        self.rows: list[Target] = []
        for goal in plan.get("goals") or []:
            self.add(goal)

    def add(self, goal: Mapping[str, Any], task: Task | None = None) -> None:
        text = goal.get("text") or ""
        self.rows.append(
            Target(
                campaign=self.campaign,
                task=task,
                position=len(self.rows),
                text=text,
                indicator=(goal.get("indicator") or text)[:200],
                value=number(goal.get("value")),
                unit=(goal.get("unit") or "")[:20],
                comparator=goal.get("comparator") or "",
                by=day(goal.get("by")),
            )
        )

    def write(self) -> None:
        Target.objects.bulk_create(self.rows, batch_size=CHUNK)


class Sections:
    """Creates each heading once, under the headings above it, in the order of the paper."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.known: dict[tuple[str, ...], Section] = {}
        self.next_position = 0
        for section in campaign.sections.select_related("parent"):
            self.known[self._path(section)] = section
            self.next_position = max(self.next_position, section.position + 1)

    @staticmethod
    def _path(section: Section) -> tuple[str, ...]:
        titles: list[str] = []
        at: Section | None = section
        while at is not None:
            titles.insert(0, at.title)
            at = at.parent
        return tuple(titles)

    def at(self, path: Iterable[str]) -> Section | None:
        titles = tuple(title[:300] for title in path)
        if not titles:
            return None
        if titles not in self.known:
            self.known[titles] = Section.objects.create(
                campaign=self.campaign,
                parent=self.at(titles[:-1]),
                position=self.next_position,
                depth=len(titles) - 1,
                title=titles[-1],
            )
            self.next_position += 1
        return self.known[titles]


def task_fields(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": (item.get("number") or "")[:40],
        "title": (item.get("title") or "")[:300],
        "text": item.get("text") or "",
        "responsibility_text": item.get("responsibility_text") or "",
        "deadline_text": deadline_text(item),
        "is_parent": bool(item.get("children")),
        "is_ongoing": any(d["kind"] == "ongoing" for d in item.get("deadlines") or []),
        "units_open": bool(item.get("units_open")),
        "source_span": item.get("source_span"),
    }


def deadline_text(item: Mapping[str, Any]) -> str:
    """The cell 完成时限 of the official form: each deadline with its part, then how often."""
    days = [
        f"{d.get('text') or ''}（{d['scope']}）" if d.get("scope") else d.get("text") or ""
        for d in item.get("deadlines") or []
    ]
    often = [Frequency(r["every"]).label for r in item.get("recurrences") or []]
    return "；".join(dict.fromkeys(filter(None, [*days, *often])))


def write_tasks(campaign: Campaign, items: list[Mapping[str, Any]], targets: Targets) -> list[Task]:
    """Write tasks with their deadlines, recurrences and targets; answer them in the order of `items`."""
    sections = Sections(campaign)
    tasks: list[Task] = []
    for i, item in enumerate(items):
        tasks.append(
            Task(
                campaign=campaign,
                section=sections.at(item.get("path") or []),
                position=i,
                ref=str(item["id"])[:40],
                **task_fields(item),
            )
        )
    Task.objects.bulk_create(tasks, batch_size=CHUNK)
    by_ref = {task.ref: task for task in tasks}
    children = []
    for task, item in zip(tasks, items, strict=True):
        if (parent := by_ref.get(str(item.get("parent") or "")[:40])) and parent is not task:
            task.parent = parent
            children.append(task)
        for target in item.get("targets") or []:
            targets.add(target, task)
    Task.objects.bulk_update(children, ["parent"], batch_size=CHUNK)
    write_deadlines(zip(tasks, items, strict=True))
    targets.write()
    return tasks


def write_deadlines(pairs: Iterable[tuple[Task, Mapping[str, Any]]]) -> None:
    deadlines: list[Deadline] = []
    recurrences: list[Recurrence] = []
    for task, item in pairs:
        seen: set[tuple[Any, ...]] = set()
        for d in item.get("deadlines") or []:
            key = (d["kind"], d.get("date"), d.get("scope"))
            if key in seen:
                continue
            seen.add(key)
            quantity = d.get("quantity") or {}
            deadlines.append(
                Deadline(
                    task=task,
                    kind=d["kind"],
                    date=day(d.get("date")),
                    text=(d.get("text") or "")[:200],
                    scope=(d.get("scope") or "")[:500],
                    quantity=number(quantity.get("value")),
                    quantity_unit=(quantity.get("unit") or "")[:20],
                    comparator=quantity.get("comparator") or "",
                )
            )
        recurrences += [
            Recurrence(task=task, every=r["every"], times=r.get("times") or 1, text=(r.get("text") or "")[:200])
            for r in item.get("recurrences") or []
        ]
    Deadline.objects.bulk_create(deadlines, batch_size=CHUNK)
    Recurrence.objects.bulk_create(recurrences, batch_size=CHUNK)


# -- who owes what -----------------------------------------------------------------------------------------------


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
    for group in UnitGroup.objects.with_rule().filter(pk__in={r.group_id for r in responsibilities if r.group_id}):
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
