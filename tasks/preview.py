"""What the preview of an import shows: the source as paragraphs and tables, and the draft as a tree.

Everything is plain data made in one pass, so that a plan of 300 tasks costs one query and little more than its words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tasks.models.campaigns import Frequency, UnitRole
from tasks.services.drafts import is_changed, living_tasks, read_task

EXCERPT = 90
_TABLE_LINE = re.compile(r"\s*\|.*\|.*\|", re.S)
ROLES: dict[str, str] = {str(value): str(label) for value, label in UnitRole.choices}
FREQUENCIES: dict[str, str] = {str(value): str(label) for value, label in Frequency.choices}
REPORT_TIMES = FREQUENCIES | {"once": "一次", "on_event": "随时"}

Spans = Sequence[Sequence[int]]


def places(spans: Spans | None) -> str:
    """Spans as the page carries them: "block:start:end" with commas between."""
    return ",".join(f"{block}:{start}:{end}" for block, start, end in spans or ())


def anchor(spans: Spans | None) -> str:
    """The address of the first block of some spans on the same page; empty where there is none."""
    return f"#b{spans[0][0]}" if spans else ""


# -- the source --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class SourceCell:
    index: int
    text: str
    row_span: int = 1
    column_span: int = 1


@dataclass(slots=True)
class SourceLine:
    """A table row written as text (`| 1 | … |`): its cells keep every character, so that places still count right."""

    index: int
    cells: list[tuple[str, str]]
    end: str
    is_rule: bool


@dataclass(slots=True)
class SourcePart:
    """A paragraph (`text`), a table (`rows`), a table written as text (`lines`), or the first line of a page (`page`)."""

    index: int = 0
    text: str = ""
    heading: bool = False
    rows: list[list[SourceCell]] = field(default_factory=list)
    lines: list[SourceLine] = field(default_factory=list)
    page: int | None = None


def source_parts(blocks: Sequence[Mapping[str, Any]]) -> Iterator[SourcePart]:
    """Yield the parts of a document in reading order; cells of one table come together as one part."""
    page, table_number, last_row = None, None, None
    table, written = SourcePart(), SourcePart()
    for index, block in enumerate(blocks):
        cell = block.get("cell")
        if table.rows and (cell is None or cell[0] != table_number):
            yield table
            table = SourcePart()
        if block.get("page") and block["page"] != page:
            page = block["page"]
            if cell is None:
                yield SourcePart(page=page)
        if cell is None and _TABLE_LINE.match(block["text"]):
            written.lines.append(_line_of(index, block["text"]))
            continue
        if written.lines:
            yield written
            written = SourcePart()
        if cell is None:
            yield SourcePart(index=index, text=block["text"], heading=bool(block.get("style")))
            continue
        table_number, row = cell[0], cell[1]
        if not table.rows or row != last_row:
            table.rows.append([])
        last_row = row
        table.rows[-1].append(SourceCell(index, block["text"], cell[3], cell[4]))
    if table.rows:
        yield table
    if written.lines:
        yield written


def _line_of(index: int, text: str) -> SourceLine:
    """A written row cut before each bar: (bar, words) of each cell, which together are the text again."""
    before, *pieces = text.split("|")
    cells = [("|", piece) for piece in pieces]
    cells[0] = (before + "|", pieces[0])
    end = f"|{cells.pop()[1]}" if not pieces[-1].strip() else ""
    return SourceLine(index, cells, end, not re.search(r"[^|:\s-]", text))


# -- the tree ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Shown:
    """One small field of a task: its words, what kind it is, and where it stands in the source."""

    text: str
    kind: str = ""
    at: str = ""
    href: str = ""
    hint: str = ""


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


def tree(draft: Mapping[str, Any], plan: Mapping[str, Any]) -> list[Node]:
    """The headings and tasks of a draft in the order of the paper; struck-out tasks stand where they stood."""
    warned = warned_keys(draft)
    parents = {str(task["parent"]) for task in living_tasks(draft) if task.get("parent")}
    nodes: list[Node] = []
    path: list[str] = []
    for task in draft["tasks"]:
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


# -- warnings ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class ShownWarning:
    number: int
    message: str
    at: str
    href: str
    task: str
    settled: bool


def shown_warnings(draft: Mapping[str, Any]) -> list[ShownWarning]:
    """The reader's warnings, those still open first."""
    settled = set(draft.get("settled") or ())
    owners = _owners(draft)
    rows = [
        ShownWarning(
            number,
            warning["message"],
            places((warning.get("spans") or [])[:80]),
            anchor(warning.get("spans")),
            _owner_of(warning.get("spans") or (), owners),
            number in settled,
        )
        for number, warning in enumerate(draft.get("warnings") or ())
    ]
    return sorted(rows, key=lambda row: (row.settled, row.number))


def warned_keys(draft: Mapping[str, Any]) -> set[str]:
    """The tasks in whose words a warning lies that nobody has looked at."""
    settled = set(draft.get("settled") or ())
    owners = _owners(draft)
    rows = [w for n, w in enumerate(draft.get("warnings") or ()) if n not in settled and len(w.get("spans") or ()) == 1]
    return {_owner_of(warning["spans"], owners) for warning in rows} - {""}


def _owners(draft: Mapping[str, Any]) -> dict[int, list[tuple[int, int, str]]]:
    """Which task's words stand where: by block, (start, end, key)."""
    owners: dict[int, list[tuple[int, int, str]]] = {}
    for task in draft["tasks"]:
        for spans in task["spans"].values():
            for block, start, end in spans:
                owners.setdefault(block, []).append((start, end, task["key"]))
    return owners


def _owner_of(spans: Iterable[Sequence[int]], owners: Mapping[int, list[tuple[int, int, str]]]) -> str:
    for block, start, _ in spans:
        for first, last, key in owners.get(block, ()):
            if first <= start < last:
                return key
    return ""


# -- the head ----------------------------------------------------------------------------------------------------


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


def outline(draft: Mapping[str, Any]) -> list[tuple[str, list[Shown]]]:
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
        ("阶段", stages),
        ("目标", goals),
        ("报送要求", reports),
        ("统一责任单位", blanket),
        ("保障措施", protection),
    ]
    return [(title, rows) for title, rows in parts if rows]


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
    return "，".join(filter(None, (who, when, _due_words(row.get("due") or ""))))


def _due_words(due: str) -> str:
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
