"""The draft as a tree of headings and tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tasks.models.campaigns import Frequency, UnitRole
from tasks.services.drafts import is_changed, living_tasks, read_task

from .spans import Shown, anchor, places
from .warnings import warned_keys

EXCERPT = 90
AT_ONCE = 80
"""Tasks that come with a page; it fetches the next ones itself."""
ROLES: dict[str, str] = {str(value): str(label) for value, label in UnitRole.choices}
FREQUENCIES: dict[str, str] = {str(value): str(label) for value, label in Frequency.choices}


@dataclass(slots=True)
class ShownTask:
    key: str
    number: str
    heading: str
    excerpt: str
    at: str
    href: str
    units: list[Shown]
    deadlines: list[Shown]
    recurrences: list[Shown]
    is_parent: bool
    is_child: bool
    is_changed: bool
    is_own: bool
    dropped: bool
    merged: bool
    warned: bool


@dataclass(slots=True)
class Node:
    """A line of the tree: a heading of some depth, or a task."""

    task: ShownTask | None = None
    title: str = ""
    depth: int = 0


def tree(draft: Mapping[str, Any], plan: Mapping[str, Any], since: int = 0, *, goes_on: bool = False) -> list[Node]:
    """The headings and tasks of a draft in the order of the paper, `AT_ONCE` of them from the task at `since`.

    Struck-out tasks stand where they stood. What goes on below the tasks before has only the headings that are new.
    """
    warned = warned_keys(draft)
    parents = {str(task["parent"]) for task in living_tasks(draft) if task.get("parent")}
    nodes: list[Node] = []
    path: list[str] = list(draft["tasks"][since - 1].get("path") or []) if goes_on and since else []
    for task in draft["tasks"][since : since + AT_ONCE]:
        new = list(task.get("path") or [])
        same = next((i for i, (a, b) in enumerate(zip(path, new, strict=False)) if a != b), min(len(path), len(new)))
        nodes += [Node(title=title, depth=depth) for depth, title in enumerate(new) if depth >= same]
        path = new
        nodes.append(Node(task=shown_task(task, plan, parents, warned)))
    return nodes


def shown_task(task: Mapping[str, Any], plan: Mapping[str, Any], parents: set[str], warned: set[str]) -> ShownTask:
    """One task as its line in the tree."""
    spans = task["spans"]
    whole = list(spans.get("title") or []) + list(spans.get("text") or [])
    text = task.get("text") or ""
    heading = task.get("title") or ""
    origin = task.get("origin")
    return ShownTask(
        key=task["key"],
        number=task.get("number") or "",
        heading=heading,
        excerpt=text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…",
        at=places(whole),
        href=anchor(whole),
        units=[_unit(unit) for unit in task["units"]],
        deadlines=[_deadline(deadline) for deadline in task["deadlines"]],
        recurrences=[
            Shown(recurrence_words(row), "", places(row.get("spans")), anchor(row.get("spans")), row.get("text") or "")
            for row in task["recurrences"]
        ],
        is_parent=str(task["id"]) in parents,
        is_child=bool(task.get("parent")),
        is_changed=bool(origin is not None and task["v"] and is_changed(task, read_task(plan, origin))),
        is_own=origin is None,
        dropped=task["dropped"],
        merged=bool(task.get("merged_into")),
        warned=task["key"] in warned,
    )


def _unit(unit: Mapping[str, Any]) -> Shown:
    role = unit.get("role") or "responsible"
    expanded = unit.get("expanded")
    hint = f"即{expanded}" if expanded and expanded != unit["name"] else ""
    return Shown(unit["name"], role, places(unit.get("spans")), anchor(unit.get("spans")), hint)


def _deadline(deadline: Mapping[str, Any]) -> Shown:
    return Shown(
        deadline_words(deadline),
        deadline["kind"],
        places(deadline.get("spans")),
        anchor(deadline.get("spans")),
        deadline.get("scope") or "",
    )


def deadline_words(deadline: Mapping[str, Any]) -> str:
    """A deadline in few words: its day, how much by then, and for which part."""
    if deadline["kind"] == "ongoing":
        return "长期坚持"
    if deadline["kind"] == "relative" or not deadline.get("date"):
        return deadline.get("text") or "相对期限"
    quantity = deadline.get("quantity") or {}
    words = f"{dt.date.fromisoformat(deadline['date']):%Y-%m-%d}"
    if quantity:
        words += f" {quantity['value']:g}{quantity.get('unit') or ''}"
    scope = deadline.get("scope") or ""
    return f"{words}（{scope if len(scope) <= 16 else scope[:15] + '…'}）" if scope else words


def recurrence_words(row: Mapping[str, Any]) -> str:
    words = FREQUENCIES.get(row["every"], row["every"])
    return f"{words}{row['times']}次" if (row.get("times") or 1) > 1 else words
