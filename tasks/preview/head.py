"""The campaign's own fields, its outline, and what the whole draft comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.services.drafts import living_tasks

from .nodes import FREQUENCIES, ROLES
from .spans import Shown, Spans, anchor, places

REPORT_TIMES = FREQUENCIES | {"once": "一次", "on_event": "随时"}


@dataclass(slots=True)
class Fact:
    label: str
    value: str
    at: str = ""
    href: str = ""


LEVELS = {"national": "国家", "province": "省级", "city": "市级", "county": "县级"}


def head_facts(draft: Mapping[str, Any]) -> list[Fact]:
    """The campaign's own fields with their places."""
    head = draft["campaign"]
    spans = head.get("spans") or {}
    known = head.get("start") or head.get("end")
    period = f"{head.get('start') or '即日起'} 至 {head.get('end') or '未定'}" if known else ""
    rows = (
        ("行动名称", head.get("title"), "title"),
        ("文号", head.get("document_number"), "document_number"),
        ("印发单位", head.get("issuer"), "issuer"),
        ("印发日期", head.get("issued_on"), "issued_on"),
        ("起止", period, "start" if spans.get("start") else "end"),
        ("级别", LEVELS.get(head.get("level") or ""), "level"),
    )
    return [
        Fact(label, str(value or ""), places(spans.get(name)), anchor(spans.get(name))) for label, value, name in rows
    ]


@dataclass(slots=True)
class OutlinePart:
    """A list beside the tasks; `key` is its name in the draft where a person may correct it."""

    title: str
    lines: list[Shown]
    key: str = ""


def outline(draft: Mapping[str, Any]) -> list[OutlinePart]:
    """Stages, goals, reporting duties, blanket units and protection measures, as lists of lines."""

    def line(row: Mapping[str, Any], text: str, hint: str = "") -> Shown:
        return Shown(text, "", places(row.get("spans")), anchor(row.get("spans")), hint)

    stages = [
        line(row, row["name"], f"{row.get('start') or '即日起'} 至 {row.get('end') or '未定'}")
        for row in draft.get("stages") or ()
    ]
    goals = [line(row, row.get("indicator") or row["text"], _goal_words(row)) for row in draft.get("goals") or ()]
    reports = [
        line(row, row.get("what") or row.get("text") or "", _report_words(row)) for row in draft.get("reporting") or ()
    ]
    blanket = [
        line(row, row["name"], f"全文统一规定·{ROLES.get(row.get('role') or '', '责任')}")
        for row in draft["campaign"].get("blanket_units") or ()
    ]
    protection = [
        Shown(title, "", places(spans), anchor(spans))
        for title, spans in _zip_longest(draft.get("protection_measures") or (), draft.get("protection_spans") or ())
    ]
    parts = [
        OutlinePart("阶段", stages, "stages"),
        OutlinePart("目标", goals, "goals"),
        OutlinePart("报送要求", reports, "reporting"),
        OutlinePart("统一责任单位", blanket),
        OutlinePart("保障措施", protection),
    ]
    return [part for part in parts if part.lines or part.key]


def outline_part(draft: Mapping[str, Any], key: str) -> OutlinePart:
    """One of the lists that may be corrected."""
    return next(part for part in outline(draft) if part.key == key)


def _zip_longest(titles: Sequence[str], spans: Sequence[Spans]) -> Iterator[tuple[str, Spans]]:
    for i, title in enumerate(titles):
        yield title, spans[i] if i < len(spans) else ()


def _goal_words(row: Mapping[str, Any]) -> str:
    if row.get("value") is None:
        return "定性目标"
    sign = {">=": "不低于", "<=": "不超过", "=": ""}.get(row.get("comparator") or "", "")
    words = f"{sign}{row['value']:g}{row.get('unit') or ''}"
    return f"{words}，{row['by']}前" if row.get("by") else words


def _report_words(row: Mapping[str, Any]) -> str:
    who = " → ".join(filter(None, (row.get("from"), row.get("to"))))
    when = REPORT_TIMES.get(row.get("every") or "", "")
    return "，".join(filter(None, (who, when, due_words(row.get("due") or ""))))


def due_words(due: str) -> str:
    day = due.removesuffix("th of month")
    if day != due:
        return f"{day}日前"
    parts = due.split("-")
    return f"{int(parts[0])}月{int(parts[1])}日前" if len(parts) == 2 and all(p.isdigit() for p in parts) else due


@dataclass(slots=True)
class Counts:
    tasks: int
    sections: int
    units: int
    without_units: int
    without_deadline: int
    warnings: int


def counts(draft: Mapping[str, Any]) -> Counts:
    """What the head of the preview says of the whole draft; parents that only gather parts are no tasks."""
    living = living_tasks(draft)
    parents = {str(task["parent"]) for task in living if task.get("parent")}
    leaves = [task for task in living if str(task["id"]) not in parents]
    names = {unit.get("expanded") or unit["name"] for task in leaves for unit in task["units"]}
    blanket = bool(draft["campaign"].get("blanket_units"))
    return Counts(
        tasks=len(leaves),
        sections=len({tuple(task.get("path") or ()) for task in leaves if task.get("path")}),
        units=len(names),
        without_units=0 if blanket else sum(not task["units"] for task in leaves),
        without_deadline=sum(not (task["deadlines"] or task["recurrences"]) for task in leaves),
        warnings=len(draft.get("warnings") or ()) - len(draft.get("settled") or ()),
    )
