"""Tasks from tables: 序号 | 任务 | 责任部门 | 完成时限."""

from __future__ import annotations

import re

from .dates import Calendar, read_field
from .duties import read_running_text
from .grid_merges import ITEM, item_number
from .grid_rows import Row, TaskTable
from .model import Deadline, Role, Task, Unit
from .responsibility import read_labelled
from .traced import Traced
from .units import is_unit_list, parse_units

_SPILL = re.compile(r"(?<=[。;])(?P<tail>[^。;,，]{4,24})$")
# The number of the only item of a cell: rows of a merged number print their items one by one.
_LONE_NUMBER = re.compile(r"\s*(?:\d{1,2}[.、](?!\d)|[(]\d{1,2}[)]|[①-⑳])\s*")
_COUNT_NOTE = re.compile(r"[(]共?\d+条[^()]*[)]$")


def tasks_of(table: TaskTable, list_number: int, when: Calendar) -> list[Task]:
    """The tasks of a list: one for each row, or one for each item (1) (2) of a row under a parent for the row."""
    tasks: list[Task] = []
    above, rest = "", 1
    for place, row in enumerate(table.rows, 1):
        number = re.sub(r"\D", "", row.number)
        if number or not above:
            above, rest = number, 1
        else:
            rest += 1
            number = f"{above}.{rest}"
        path = [*table.path, *row.sections]
        id_ = f"{list_number}.{number or place}"
        if any(task.id == id_ for task in tasks):
            id_ = f"{id_}-{place}"
        tasks += _row_tasks(row, id_, path, when)
    return tasks


def _row_tasks(row: Row, id_: str, path: list[str], when: Calendar) -> list[Task]:
    spilled: list[Unit] = []
    bodies: list[Traced] = []
    for text in row.texts:
        spill = _SPILL.search(text.folded.rstrip())
        if spill and is_unit_list(spill.group("tail")) and not spill.group("tail").endswith("。"):
            units, _ = parse_units(text[spill.start("tail") :])
            for unit in units:
                unit.displaced = True
            spilled += units
            text = text[: spill.start("tail")]
        bodies.append(text)
    body = Traced.join(bodies, "\n")
    items = _items(body)
    units = _row_units(row) + spilled
    groups = _unit_groups(row, len(items))
    deadlines = read_field(row.deadline.compact(), when) if row.deadline else []
    for deadline in deadlines:
        deadline.inherited = row.deadline_inherited
    title = row.title
    if not items:
        own_number = _LONE_NUMBER.match(body.folded)
        text = body[own_number.end() :] if own_number else body
        return [_task(id_, path, row.number or None, title, text.compact(), units, deadlines, row, when)]
    parent = _task(id_, path, row.number or None, title, body.compact(), units, [], row, when)
    parent.children, parent.deadlines, parent.recurrences = True, [], []
    found = [parent]
    below = [*path, str(title)] if title else path
    pieces = [body[start:end].compact() for _, _, start, end in items]
    for order, ((label, number, _, _), piece) in enumerate(zip(items, pieces, strict=True)):
        own = groups[order] if groups else units
        due = [deadline for deadline in deadlines if deadline.scope is None or _best(deadline.scope, pieces) == order]
        child = _task(f"{id_}.{number}", below, str(label.compact()), None, piece, own, due, row, when)
        child.parent, child.number_spans = id_, label.spans()
        found.append(child)
    return found


def _task(
    id_: str, path: list[str], number: str | None, title: Traced | None, body: Traced,
    units: list[Unit], deadlines: list[Deadline], row: Row, when: Calendar,
) -> Task:  # fmt: skip
    named = list(row.units.values())
    task = Task(
        id_, path, number, str(title) if title else None, str(body), list(units), list(deadlines),
        responsibility_text="；".join(str(text.compact()) for text in named) or None,
        title_spans=title.spans() if title else (), text_spans=body.spans(),
        responsibility_spans=tuple(span for text in named for span in text.spans()),
    )  # fmt: skip
    read_running_text(task, body, when, [row.deadline.compact()] if row.deadline else ())
    return task


def _items(body: Traced) -> list[tuple[Traced, int, int, int]]:
    """The items of a cell as (label, number, start, end); none unless they run (1) (2) … from the start of the cell."""
    run: list[re.Match[str]] = []
    for match in ITEM.finditer(body.folded):
        if item_number(match) == len(run) + 1 and (not run or _same_style(match, run[0])):
            run.append(match)
    if len(run) < 2 and not (run and re.match(r"\s*$", body.folded[: run[0].start()])):
        return []
    if body.folded[: run[0].start()].strip() or len(run) < 2:
        return []
    ends = [match.start() for match in run[1:]] + [len(body)]
    return [
        (body[match.start() : match.end()], number, match.end(), end)
        for number, (match, end) in enumerate(zip(run, ends, strict=True), 1)
    ]


def _same_style(one: re.Match[str], other: re.Match[str]) -> bool:
    return [bool(one.group(name)) for name in "nmc"] == [bool(other.group(name)) for name in "nmc"]


def _row_units(row: Row) -> list[Unit]:
    found: dict[tuple[str, str], Unit] = {}
    for kind, text in row.units.items():
        role: Role = "lead" if kind == "lead" else "cooperating" if kind == "cooperating" else "responsible"
        labelled = read_labelled(text)
        for unit in labelled.units if labelled else parse_units(text, role)[0]:
            unit.inherited = row.units_inherited
            found.setdefault((unit.name, unit.role), unit)
    if row.progress is not None and is_unit_list(row.progress.compact().folded):
        for unit in parse_units(row.progress)[0]:
            unit.displaced = True
            found.setdefault((unit.name, unit.role), unit)
    leads = {name for name, role in found if role == "lead"}
    return [unit for (name, role), unit in found.items() if role != "responsible" or name not in leads]


def _unit_groups(row: Row, count: int) -> list[list[Unit]]:
    """A cell with as many groups as the row has items, and a body named in two of them, gives each item its own group."""
    if count < 2 or list(row.units) != ["responsible"]:
        return []
    pieces = [piece for piece in row.units["responsible"].split(re.compile(r"\s+")) if piece]
    if len(pieces) != count:
        return []
    groups = [parse_units(piece)[0] for piece in pieces]
    names = [{unit.name for unit in group} for group in groups]
    repeated = any(names[one] & names[other] for one in range(count) for other in range(one))
    return groups if repeated and len({frozenset(group) for group in names}) > 1 else []


def _best(scope: str, pieces: list[Traced]) -> int:
    """The item that a deadline of a part is about: the one that shares most of its words."""
    pairs = {scope[at : at + 2] for at in range(len(scope) - 1)}
    scores = [
        (sum(1 for pair in pairs if pair in piece.text), sum(1 for mark in set(scope) if mark in piece.text))
        for piece in pieces
    ]
    return max(range(len(pieces)), key=lambda number: (scores[number], -number))


def without_count(title: str) -> str:
    """（8条14项） is cut from the title of a list."""
    return (
        _COUNT_NOTE.sub("", title.replace("（", "(").replace("）", ")"))
        if _COUNT_NOTE.search(title.replace("（", "(").replace("）", ")"))
        else title
    )
