"""Tasks from tables: 序号 | 任务 | 责任部门 | 完成时限, with rows cut by pages, merged cells and slipped text."""

from __future__ import annotations

import re
from itertools import zip_longest
from dataclasses import dataclass, field

from .dates import Calendar, read_field
from .duties import read_running_text
from .grids import Grid, Slot
from .model import Deadline, Role, Task, Unit
from .responsibility import read_labelled
from .traced import Traced
from .units import is_unit_list, looks_like_body, parse_units

# What a column holds, by the words of its head. The first kind that fits wins.
_HEADS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("number", re.compile(r"^(?:序号|编号|序|项次|项目编号|任务编号|No\.?)$", re.I)),
    ("progress", re.compile(r"进展|完成情况|落实情况|工作成效|推进情况|备注|整改情况|销号|完成率")),
    ("deadline", re.compile(r"时限|完成时间|时间节点|时间要求|期限|整改时间|完成期限|实施时间|时间安排|进度(?:安排|要求|计划)|^时间$|年度计划")),
    ("person", re.compile(r"责任人|负责人|责任领导|牵头领导|分管领导|联系人|包保领导|包联领导|县领导|市领导|联系电话")),
    ("lead", re.compile(r"牵头|主办|主责|主要责任单位|第一责任")),
    ("cooperating", re.compile(r"配合|协助|协同|参与|协办|参加单位")),
    ("responsible", re.compile(r"责任(?:部门|单位|主体|科室|股室|处室|分工)|落实单位|承办|实施单位|实施主体|负责(?:部门|单位|科室)|责任$|^单位$|分工|督导单位|监管部门|部门|整改单位|完成单位")),
    ("measure", re.compile(r"具体(?:任务|措施|内容|工作|要求|举措)|工作(?:内容|措施|要求|举措|任务内容)|主要(?:内容|措施|工作|举措)|整治(?:内容|措施)|任务内容|措施(?:要求|内容)?$|内容$|要求$|举措$|整改措施|事项内容|细化措施|治理措施|检查内容|任务(?:要求|措施|描述)")),
    ("task", re.compile(r"任务|事项|重点工作|工作项目|项目名称|整治重点|目标任务|问题|隐患|工作重点|^项目$|^工作$")),
    ("section", re.compile(r"类别|分类|专项|领域|板块|大类|类型|方面|环节|^目标$|工作目标")),
)
_ITEM = re.compile(r"(?:^|(?<=[\s。;:!?)”》]))[(](?P<n>\d{1,2})[)]|(?:^|(?<=\s))(?P<m>\d{1,2})[.、](?!\d)|(?:^|(?<=[\s。;:]))(?P<c>[①-⑳])")
_SECTION_ROW = re.compile(r"[一二三四五六七八九十]+、|[(][一二三四五六七八九十]+[)]|第[一二三四五六七八九十]+[章部]")
_TITLE_NUMBER = re.compile(r"[(]?(?P<n>\d{1,3})[.、)](?!\d)")
_SPILL = re.compile(r"(?<=[。;])(?P<tail>[^。;,，]{4,24})$")
_COUNT_NOTE = re.compile(r"[(]共?\d+条[^()]*[)]$")


@dataclass(slots=True)
class Column:
    index: int
    kind: str
    title: str


@dataclass(slots=True)
class Row:
    """One logical row: a number, its task text and its fields, perhaps gathered from several printed rows."""

    number: str
    texts: list[Traced] = field(default_factory=list)
    title: Traced | None = None
    sections: list[str] = field(default_factory=list)
    units: dict[str, Traced] = field(default_factory=dict)
    deadline: Traced | None = None
    progress: Traced | None = None
    page: int = 0
    units_inherited: bool = False
    deadline_inherited: bool = False


@dataclass(slots=True)
class TaskTable:
    """A list of rows under one heading; a list may run over several printed tables with the head repeated."""

    path: list[str]
    rows: list[Row] = field(default_factory=list)
    heads: tuple[str, ...] = ()
    columns: list[Column] = field(default_factory=list)
    placed: bool = False
    section: str = ""


def columns_of(grid: Grid) -> tuple[list[Column], int]:
    """The columns and the number of head rows; no columns when the table is not a list of tasks."""
    for number, row in enumerate(grid.rows[:4]):
        columns = [Column(slot.column, _kind(_plain(slot)), _plain(slot)) for slot in row]
        if number + 1 < len(grid.rows) and any(slot.column_span > 1 for slot in row):
            below = [Column(slot.column, _kind(_plain(slot)), _plain(slot)) for slot in grid.rows[number + 1]]
            spanned = {slot.column + step for slot in row if slot.column_span > 1 for step in range(slot.column_span)}
            if below and all(column.index in spanned for column in below) and any(column.kind for column in below):
                columns = [column for column in columns if column.index not in spanned] + below
                if _is_task_head(columns):
                    return columns, number + 2
        if _is_task_head(columns):
            return columns, number + 1
    return [], 0


def _is_task_head(columns: list[Column]) -> bool:
    kinds = {column.kind for column in columns}
    return bool(kinds & {"task", "measure"}) and bool(kinds & {"responsible", "lead", "deadline"}) and len(columns) >= 2


def _plain(slot: Slot) -> str:
    return slot.text.compact().folded


def _kind(head: str) -> str:
    if not head or len(head) > 24:
        return ""
    return next((kind for kind, pattern in _HEADS if pattern.search(head)), "")


def read_rows(grid: Grid, columns: list[Column], skip: int, table: TaskTable, page: int) -> None:
    """Append the logical rows of one printed table."""
    table.placed = table.placed or grid.placed
    main = _main_column(columns)
    carried: dict[int, tuple[int, Slot]] = {}
    for number, printed in enumerate(grid.rows):
        slots = {slot.column: slot for slot in printed}
        for column, (until, slot) in carried.items():
            if number < until and column not in slots:
                slots[column] = Slot(slot.text, column, inherited=True)
        carried |= {slot.column: (number + slot.row_span, slot) for slot in printed if slot.row_span > 1}
        if number < skip or _repeats_head(slots, columns):
            continue
        _read_row(slots, columns, main, table, page)


def _main_column(columns: list[Column]) -> int:
    """The column whose words are the duty: the measures when there are any, else the tasks."""
    for kind in ("measure", "task"):
        for column in columns:
            if column.kind == kind:
                return column.index
    return -1


def _repeats_head(slots: dict[int, Slot], columns: list[Column]) -> bool:
    same = sum(1 for column in columns if column.title and column.index in slots and _plain(slots[column.index]) == column.title)
    return same >= 2


def _read_row(slots: dict[int, Slot], columns: list[Column], main: int, table: TaskTable, page: int) -> None:
    cells = {column.index: slots[column.index] for column in columns if column.index in slots}
    texts = {index: slot.text.stripped() for index, slot in cells.items()}
    filled = {index for index, text in texts.items() if text}
    if not filled:
        return
    first = next((texts[index] for index in sorted(filled)), Traced.empty())
    if len({texts[index].text for index in filled}) == 1 and (len(filled) > 1 or len(slots) == 1) and len(columns) > 2:
        table.path = [*table.path[:1], str(first.compact())] if table.rows else [*table.path, str(first.compact())]
        return
    if len(filled) == 1 and _SECTION_ROW.match(first.folded) and len(first) <= 40 and "。" not in first.text:
        head = [part for part in table.path if not _SECTION_ROW.match(part.replace("（", "("))] or table.path[:1]
        table.section = str(first.compact())
        table.path = [*head[: len(table.path)]]
        return
    number = next((str(texts[column.index].compact()) for column in columns if column.kind == "number" and column.index in texts), "")
    body = texts.get(main, Traced.empty())
    number_inherited = any(column.kind == "number" and column.index in cells and cells[column.index].inherited for column in columns)
    continues = table.rows and (
        (not number and any(column.kind == "number" for column in columns) and body and not _starts_new(texts, columns, main))
        or (number and number == table.rows[-1].number and not number_inherited)
    )
    if not body and not continues:
        body = next((texts[column.index] for column in columns if column.kind in ("task", "measure") and texts.get(column.index)), body)
    row = table.rows[-1] if continues else Row(number, page=page, sections=[table.section] if table.section else [])
    if not continues:
        if not body:
            return
        table.rows.append(row)
    else:
        row.page = page
    row.texts += [body] if body else []
    for column in columns:
        text = texts.get(column.index, Traced.empty())
        if not text or column.index == main:
            continue
        if column.kind in ("lead", "responsible", "cooperating"):
            row.units.setdefault(column.kind, text)
        elif column.kind == "deadline" and row.deadline is None:
            row.deadline = text
        elif column.kind == "progress":
            row.progress = text
        elif column.kind == "task":
            row.title = text.compact()
            own = _TITLE_NUMBER.match(row.title.folded)
            if own and not row.number:
                row.number, row.title = own.group("n"), row.title[own.end() :]
        elif column.kind == "section":
            row.sections.append(str(text.compact()))


def _starts_new(texts: dict[int, Traced], columns: list[Column], main: int) -> bool:
    """A row without number that has fields of its own is not the rest of the row above."""
    return any(texts.get(column.index) for column in columns if column.kind in ("responsible", "lead", "deadline") and column.index != main)


def fill_merged(table: TaskTable) -> None:
    """Give empty cells the value of the merged cell they belong to.

    A file says itself what is merged. In a printed copy a merged value stands in one of its rows: when the first row of
    a page is empty, values stand in the middle of their rows and reach as far down as they reach up; otherwise they
    stand in the first of their rows.
    """
    _move_items(table)
    _drop_stray(table)
    if not table.rows:
        return
    first, rest = table.rows[0], table.rows[1:]
    late_units = not first.units and any(row.units for row in rest)
    late_days = first.deadline is None and any(row.deadline for row in rest)
    centred = not table.placed and (late_units or late_days)
    _fill_units(table, centred)
    days = {row.deadline.compact().folded for row in table.rows if row.deadline}
    if days and any(row.deadline is None for row in table.rows):
        values = [row.deadline for row in table.rows]
        one = next((row.deadline for row in table.rows if row.deadline), None)
        sources = _sources([value is not None for value in values], [row.page for row in table.rows], centred)
        for row, source in zip(table.rows, sources, strict=True):
            if row.deadline is None and (source is not None or len(days) == 1):
                row.deadline = values[source] if source is not None else one
                row.deadline_inherited = True


def _fill_units(table: TaskTable, centred: bool) -> None:
    values = [row.units for row in table.rows]
    filled = [bool(row.units) or _slipped(row) for row in table.rows]
    for row, source in zip(table.rows, _sources(filled, [row.page for row in table.rows], centred), strict=True):
        if not row.units and not _slipped(row) and source is not None:
            row.units, row.units_inherited = values[source], True


def _slipped(row: Row) -> bool:
    """The names of bodies stand in the progress column."""
    return row.progress is not None and is_unit_list(row.progress.compact().folded)


def _sources(filled: list[bool], pages: list[int], centred: bool) -> list[int | None]:
    """For each row the row whose value it shares."""
    sources: list[int | None] = [number if here else None for number, here in enumerate(filled)]
    if not centred:
        for number in range(1, len(filled)):
            if sources[number] is None:
                sources[number] = sources[number - 1]
        return sources
    for page in sorted(set(pages)):
        rows = [number for number, where in enumerate(pages) if where == page]
        owners = [number for number in rows if filled[number]]
        for owner, (low, high) in _centred(rows, owners).items():
            for number in rows:
                if low <= number <= high:
                    sources[number] = owner
    return sources


def _centred(rows: list[int], owners: list[int]) -> dict[int, tuple[int, int]]:
    """The rows that each value reaches, chosen so that every value stands as near to the middle of its rows as can be.

    Works down the page; `best` holds, for each row at which the last value may stop, the smallest total distance from
    the middle and the reaches that give it. Of two equal ways the one that gives the rows between to the upper value wins.
    """
    if not owners:
        return {}
    best: dict[int, tuple[int, tuple[tuple[int, int], ...]]] = {rows[0] - 1: (0, ())}
    for owner, following in zip_longest(owners, owners[1:]):
        stops = range(owner, following) if following is not None else range(rows[-1], rows[-1] + 1)
        step: dict[int, tuple[int, tuple[tuple[int, int], ...]]] = {}
        for stop in stops:
            ways = [
                (cost + abs((owner - before - 1) - (stop - owner)), -before, reaches)
                for before, (cost, reaches) in best.items()
                if before < owner
            ]
            cost, before, reaches = min(ways)
            step[stop] = (cost, (*reaches, (1 - before, stop)))
        best = step
    return dict(zip(owners, min(best.values())[1], strict=True))


def _move_items(table: TaskTable) -> None:
    """An item (4) at the top of a row whose next item is (1) ends the row above, cut by the page."""
    for above, row in zip(table.rows, table.rows[1:], strict=False):
        if not row.texts:
            continue
        items = list(_ITEM.finditer(row.texts[0].folded))
        if len(items) < 2 or items[0].start() > 0:
            continue
        numbers = [_item_number(item) for item in items]
        last = max((_item_number(item) for text in above.texts for item in _ITEM.finditer(text.folded)), default=0)
        if numbers[0] == last + 1 and numbers[0] > 1 and 1 in numbers:
            cut = items[numbers.index(1)].start()
            above.texts.append(row.texts[0][:cut])
            row.texts[0] = row.texts[0][cut:]


def _item_number(match: re.Match[str]) -> int:
    if match.group("c"):
        return ord(match.group("c")) - ord("①") + 1
    return int(match.group("n") or match.group("m"))


def _drop_stray(table: TaskTable) -> None:
    """Text in the unit column that names no body is text that slipped from the task; names in the progress column slipped too."""
    for row in table.rows:
        row.units = {kind: text for kind, text in row.units.items() if _names_somebody(text)}


def _names_somebody(text: Traced) -> bool:
    folded = text.compact().folded
    units, _ = parse_units(text)
    if not units:
        return False
    if "。" in folded.rstrip("。"):
        return False
    good = sum(1 for unit in units if looks_like_body(unit.expanded or unit.name) or looks_like_body(unit.name))
    return good * 2 >= len(units)


def tasks_of(table: TaskTable, list_number: int, when: Calendar) -> list[Task]:
    """The tasks of a list: one for each row, or one for each item (1) (2) of a row under a parent for the row."""
    tasks: list[Task] = []
    for place, row in enumerate(table.rows, 1):
        number = re.sub(r"\D", "", row.number) or str(place)
        path = [*table.path, *row.sections]
        id_ = f"{list_number}.{number}"
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
        task = _task(id_, path, row.number or None, title, body.compact(), units, deadlines, row, when)
        return [task]
    parent = _task(id_, path, row.number or None, title, body.compact(), units, [], row, when)
    parent.children, parent.deadlines, parent.recurrences = True, [], []
    found = [parent]
    pieces = [body[start:end].compact() for _, _, start, end in items]
    for order, ((label, number, _, _), piece) in enumerate(zip(items, pieces, strict=True)):
        own = groups[order] if groups else units
        due = [deadline for deadline in deadlines if deadline.scope is None or _best(deadline.scope, pieces) == order]
        child = _task(f"{id_}.{number}", path, str(label.compact()), None, piece, own, due, row, when)
        child.parent, child.number_spans = id_, label.spans()
        found.append(child)
    return found


def _task(
    id_: str, path: list[str], number: str | None, title: Traced | None, body: Traced,
    units: list[Unit], deadlines: list[Deadline], row: Row, when: Calendar,
) -> Task:  # fmt: skip
    named = [text for text in row.units.values()]
    task = Task(
        id_, path, number, str(title) if title else None, str(body), list(units), list(deadlines),
        responsibility_text="；".join(str(text.compact()) for text in named) or None,
        title_spans=title.spans() if title else (), text_spans=body.spans(),
        responsibility_spans=tuple(span for text in named for span in text.spans()),
    )  # fmt: skip
    read_running_text(task, body, when)
    return task


def _items(body: Traced) -> list[tuple[Traced, int, int, int]]:
    """The items of a cell as (label, number, start, end); none unless they run (1) (2) … from the start of the cell."""
    matches = [match for match in _ITEM.finditer(body.folded)]
    run: list[re.Match[str]] = []
    for match in matches:
        if _item_number(match) == len(run) + 1 and (not run or _same_style(match, run[0])):
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
    return list(found.values())


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
    scores = [(sum(1 for pair in pairs if pair in piece.text), sum(1 for mark in set(scope) if mark in piece.text)) for piece in pieces]
    return max(range(len(pieces)), key=lambda number: (scores[number], -number))


def without_count(title: str) -> str:
    """（8条14项） is cut from the title of a list."""
    return _COUNT_NOTE.sub("", title.replace("（", "(").replace("）", ")")) if _COUNT_NOTE.search(
        title.replace("（", "(").replace("）", ")")
    ) else title
