"""What a plan prints becomes rows: the head, stages, targets, sections, tasks and deadlines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from tasks.models import Campaign, Deadline, Recurrence, ReportingDuty, Section, Stage, Target, Task
from tasks.models.campaigns import Frequency

Plan = Mapping[str, Any]
"""A plan in the shape that `tasks.plans` writes: campaign, goals, stages, tasks, reporting, protection_measures."""

Matches = Mapping[str, Mapping[str, Any]]
"""What a printed name means: {name_key: {"unit": pk} or {"group": pk} or {"skip": true}}; one left out is unmatched."""

CHUNK = 500


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
