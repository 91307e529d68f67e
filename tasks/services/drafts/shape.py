"""What a draft is made of, and how it is read from a plan and becomes one again."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from common.errors import Refused

Draft = dict[str, Any]
Item = dict[str, Any]

HEAD = "head"
"""The part of a draft that is no task: the campaign's own fields."""

OUTLINE: dict[str, tuple[str, ...]] = {
    "stages": ("name", "start", "end", "text"),
    "goals": ("indicator", "comparator", "value", "unit", "by", "kind", "text"),
    "reporting": ("what", "from", "to", "every", "due", "text"),
}
"""The lists of a draft beside its tasks that may be corrected, each as a whole, and the fields of their rows."""

HEAD_FIELDS = ("title", "document_number", "issuer", "issued_on", "start", "end", "level")
TASK_FIELDS = ("number", "title", "path", "text", "responsibility_text", "units", "deadlines", "recurrences")
LABELS = {
    "number": "序号",
    "title": "标题",
    "path": "所在章节",
    "text": "任务内容",
    "responsibility_text": "责任原文",
    "units": "责任单位",
    "deadlines": "完成时限",
    "recurrences": "周期要求",
}


def draft_of(plan: Mapping[str, Any]) -> Draft:
    """The draft of a plan as read: the same words, with the places of the source beside each."""
    positions = plan.get("positions") or {}
    names = ("campaign", "goals", "stages", "reporting", "protection_measures")
    draft: Draft = {name: copy.deepcopy(plan.get(name)) for name in names}
    draft["campaign"]["spans"] = positions.get("campaign") or {}
    draft["campaign"]["v"] = 0
    for name in ("goals", "stages", "reporting"):
        for row, spans in zip(draft[name] or [], positions.get(name) or [], strict=False):
            row["spans"] = spans
    draft["protection_spans"] = positions.get("protection_measures") or []
    draft["warnings"] = copy.deepcopy(plan.get("warnings") or [])
    draft["settled"] = []
    draft["tasks"] = [read_task(plan, origin) for origin in range(len(plan["tasks"]))]
    draft["next_key"] = len(draft["tasks"])
    return draft


def read_task(plan: Mapping[str, Any], origin: int) -> Item:
    """One task as a draft holds it at first."""
    task: Item = copy.deepcopy(plan["tasks"][origin])
    places = (plan.get("positions") or {}).get("tasks") or {}
    at = places.get(str(task["id"])) or {}
    task["spans"] = {name: at.get(name) or [] for name in ("number", "title", "text", "responsibility_text")}
    for name in ("units", "deadlines", "recurrences"):
        task[name] = task.get(name) or []
        for row, spans in zip(task[name], at.get(name) or [], strict=False):
            row["spans"] = spans
    return task | {"key": str(origin), "origin": origin, "v": 0, "dropped": False}


def plan_of(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The plan that a draft stands for: without what was struck out, and with whole families only."""
    living = [task for task in draft["tasks"] if not task["dropped"]]
    ids = {str(task["id"]) for task in living}
    parents = {str(task["parent"]) for task in living if task.get("parent")}
    names = ("campaign", "goals", "stages", "reporting", "protection_measures")
    plan: dict[str, Any] = {name: copy.deepcopy(draft.get(name)) for name in names}
    plan["tasks"] = []
    for task in living:
        row = copy.deepcopy(task)
        if str(row.get("parent")) not in ids:
            row["parent"] = None
        row["children"] = str(row["id"]) in parents
        row["source_span"] = (row["spans"].get("title") or []) + (row["spans"].get("text") or []) or None
        plan["tasks"].append(row)
    return plan


def living_tasks(draft: Mapping[str, Any]) -> list[Item]:
    return [task for task in draft["tasks"] if not task["dropped"]]


def task_at(draft: Mapping[str, Any], key: str) -> Item:
    """The task with a key. Raises Refused for one that is not there."""
    for task in draft["tasks"]:
        if task["key"] == key:
            return task  # type: ignore[no-any-return]
    raise Refused("这项任务已不在草稿里，请刷新页面后再改。")


def next_task(draft: Mapping[str, Any], key: str) -> Item | None:
    """The task that follows in the paper and was not struck out."""
    tasks = draft["tasks"]
    at = tasks.index(task_at(draft, key))
    return next((task for task in tasks[at + 1 :] if not task["dropped"]), None)


def name_of(task: Mapping[str, Any]) -> str:
    """What to call a task in a sentence."""
    words = task.get("title") or task.get("text") or "未命名任务"
    words = words if len(words) <= 24 else words[:23] + "…"
    return f"{task['number']} {words}" if task.get("number") else words


def is_changed(task: Mapping[str, Any], read: Mapping[str, Any] | None) -> bool:
    """Whether a person changed what the reader made of this task."""
    return read is None or any(task.get(name) != read.get(name) for name in TASK_FIELDS)
