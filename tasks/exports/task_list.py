"""The task list of a campaign in the five columns that every bureau knows, before it becomes a file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tasks.models import Assignment, Campaign, Deadline, Task

HEADS = ("序号", "任务", "责任部门", "完成时限", "主要进展及完成情况")
"""序号 … 主要进展及完成情况: the columns of the task lists that are issued with plans."""

_YEAR = re.compile(r"\d{4}年|二〇")
# Of the control characters XML takes tab and line feed; a carriage return would come back as a second line feed.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

NOTHING = "—"
"""What is printed where the plan sets nothing; an empty cell would pass for one merged with the cell above."""

SILENT = {
    Assignment.State.NOT_STARTED: "尚未开展工作",
    Assignment.State.IN_PROGRESS: "已开展工作，尚未填报进展",
}
"""What is printed of units that have said nothing yet."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task as it is printed. `progress` holds one paragraph for each thing to say."""

    ref: str
    task: str
    units: str
    deadlines: str
    progress: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.ref, self.task, self.units, self.deadlines, "\n".join(self.progress))


@dataclass(frozen=True, slots=True)
class TaskList:
    """The whole paper: title, the line below it, and headings (str) and tasks in the order of print."""

    title: str
    remark: str
    lines: tuple[str | TaskLine, ...]


def task_list_of(
    campaign: Campaign,
    tasks: Iterable[Any],
    *,
    today: dt.date,
    filtered_by: str = "",
    say: Callable[[Any], Iterable[str]] | None = None,
) -> TaskList:
    """Gather the paper. `tasks` carry their assignments that the user may see as `owed` (with `unit`).

    `filtered_by` says in words what was left out, so that nobody takes a part for the whole. `say` answers the
    paragraphs of a task's last column, where these are not what its assignments say now. One query, for headings.
    """
    remark = [f"文号：{campaign.document_number}"] if campaign.document_number else []
    if campaign.end:
        begins = in_full(campaign.start) if campaign.start else "即日起"
        remark.append(f"行动时间：{begins}至{in_full(campaign.end)}")
    remark.append(f"导出日期：{in_full(today)}")
    if filtered_by:
        remark.append(f"筛选条件：{filtered_by}")
    title = f"{campaign.title.removesuffix('任务')}任务清单"
    return TaskList(title, "　".join(remark), tuple(_lines(campaign, tasks, today, say)))


def _lines(
    campaign: Campaign, tasks: Iterable[Any], today: dt.date, say: Callable[[Any], Iterable[str]] | None
) -> Iterator[str | TaskLine]:
    paths = _heading_paths(campaign)
    above: tuple[str, ...] = ()
    for task in tasks:
        path = paths.get(task.section_id, ())
        if path != above:
            kept = next((i for i, pair in enumerate(zip(path, above, strict=False)) if pair[0] != pair[1]), len(above))
            yield from (clean(heading) for heading in path[min(kept, len(path) - 1) :])
            above = path
        yield TaskLine(
            clean(task.ref),
            sentence(clean(task.printed)),
            clean(units_in_words(task)) or NOTHING,
            clean(deadlines_in_words(task)) or NOTHING,
            tuple(clean(paragraph) for paragraph in (say(task) if say else progress_of(task.owed, today))),
        )


def _heading_paths(campaign: Campaign) -> dict[int | None, tuple[str, ...]]:
    paths: dict[int | None, tuple[str, ...]] = {None: ()}
    for pk, parent, title in campaign.sections.order_by("depth").values_list("pk", "parent", "title"):
        paths[pk] = (*paths.get(parent, ()), title)
    return paths


def units_in_words(task: Task) -> str:
    """The responsible bodies as plans print them in one cell: X牵头，Y、Z负责，W配合; without roles just the names.

    A name that the plan shortens because its neighbour carries the rest (市、县人民政府) is put in full.
    """
    names: dict[str, list[str]] = {}
    for body in task.responsibilities.all():
        names.setdefault(body.role, []).append(body.expanded or body.printed_name)
    open_end = "等" if task.units_open else ""
    if set(names) <= {"responsible"}:
        return "、".join(names.get("responsible", [])) + open_end
    words = {"lead": "牵头", "responsible": "负责", "cooperating": "配合"}
    return "，".join("、".join(names[role]) + word for role, word in words.items() if role in names) + open_end


def deadlines_in_words(task: Task) -> str:
    """The deadlines of the task, its parts after those of the whole, then what comes back every period.

    A day is printed in the plan's words where these tell the year, else in full.
    """
    common = [deadline for deadline in task.deadlines.all() if deadline.assignment_id is None]
    whole = [_day_in_words(deadline) for deadline in common if not deadline.scope]
    parts = [f"其中{deadline.scope}在{_day_in_words(deadline)}完成" for deadline in common if deadline.scope]
    recurring = [str(recurrence) for recurrence in task.recurrences.all()]
    return "；".join(dict.fromkeys([*whole, *parts, *recurring]))


def _day_in_words(deadline: Deadline) -> str:
    if deadline.date is not None and not _YEAR.search(deadline.text):
        return f"{in_full(deadline.date)}前"
    return str(deadline)


def in_full(day: dt.date) -> str:
    """2024年3月5日, as documents write days (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def progress_of(owed: Iterable[Assignment], today: dt.date) -> Iterator[str]:
    """Yield what the units say, a paragraph for each thing said; units that say the same, or nothing, stand together."""
    rows = list(owed)
    said: dict[str, list[str]] = {}
    for row in rows:
        if words := row.summary.strip():
            standing = [row.get_state_display(), f"{row.percent}%"]
            if row.is_overdue_on(today):
                standing.append("已逾期")
            said.setdefault(f"{words}（{'，'.join(standing)}）", []).append(str(row.unit))
    for words, speakers in said.items():
        yield f"{'、'.join(speakers)}：{words}" if len(rows) > 1 else words
    silent = sorted((row for row in rows if not row.summary.strip()), key=lambda row: row.state)
    for state, group in groupby(silent, key=lambda row: row.state):
        units = [str(row.unit) for row in group]
        words = SILENT.get(Assignment.State(state), Assignment.State(state).label)
        yield f"{words}。" if len(rows) == 1 else f"{'、'.join(units)}{words}（{len(units)}个单位）。"


def sentence(text: str) -> str:
    """The text with a full stop where it has no stop of its own, so that no cell looks cut off."""
    return text if not text or text[-1] in "。！？；：.!?;:…”）)" else f"{text}。"


def clean(text: str) -> str:
    """Text that any XML file takes, with line feeds for line ends."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
