"""The rows of a table of tasks: which columns it has, and the logical rows behind the printed ones."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .grids import Grid, Slot
from .traced import Traced
from .units import looks_like_body

# What a column holds, by the words of its head. The first kind that fits wins.
_HEADS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("number", re.compile(r"^(?:序号|编号|序|项次|项目编号|任务编号|No\.?)$", re.I)),
    ("progress", re.compile(r"进展|完成情况|落实情况|工作成效|推进情况|备注|整改情况|销号|完成率")),
    (
        "deadline",
        re.compile(
            r"时限|完成时间|时间节点|时间要求|期限|整改时间|完成期限|实施时间|时间安排|进度(?:安排|要求|计划)|^时间$|年度计划|频[次率]"
        ),
    ),
    ("responsible", re.compile(r"(?:单位|部门|科室)(?:[(及和、与/]+)(?:责任|负责|联系)?人|包[保联](?:单位|部门)")),
    ("person", re.compile(r"责任人|负责人|责任领导|牵头领导|分管领导|联系人|包保领导|包联领导|县领导|市领导|联系电话")),
    ("measure", re.compile(r"(?:包[保联]|工作|主要|岗位|安全|监管)(?:责任|职责)(?:内容|任务)?$|职责(?:任务|内容)?$")),
    ("lead", re.compile(r"牵头|主办|主责|主要责任单位|第一责任")),
    ("cooperating", re.compile(r"配合|协助|协同|参与|协办|参加单位")),
    (
        "responsible",
        re.compile(
            r"责任(?:部门|单位|主体|科室|股室|处室|分工)|落实单位|承办|实施单位|实施主体|负责(?:部门|单位|科室)|责任$|^单位$|分工|督导单位|监管部门|部门|整改单位|完成单位"
        ),
    ),
    (
        "measure",
        re.compile(
            r"具体(?:任务|措施|内容|工作|要求|举措)|工作(?:内容|措施|要求|举措|任务内容)|主要(?:内容|措施|工作|举措)|整治(?:内容|措施)|任务内容|措施(?:要求|内容)?$|内容$|要求$|(?:工作|完成|整治|验收|质量)标准$|举措$|整改措施|事项内容|细化措施|治理措施|检查内容|任务(?:要求|措施|描述)"
        ),
    ),
    (
        "task",
        re.compile(
            r"任务|事项|(?:制度|措施)+名称|重点工作|工作项目|项目名称|整治重点|目标任务|问题|隐患|工作重点|^项目$|^工作$"
        ),
    ),
    ("section", re.compile(r"类别|分类|^行动(?:名称)?$|专项|领域|行业|板块|大类|类型|方面|环节|^目标$|工作目标")),
)
# A dash says that the cell is meant to be empty; only a truly empty cell can share the value of its neighbour.
_DASH = re.compile(r"^[-—–―/／\\]+$")
_SECTION_ROW = re.compile(r"[一二三四五六七八九十]+、|[(][一二三四五六七八九十]+[)]|第[一二三四五六七八九十]+[章部]")
_NOTE_ROW = re.compile(r"(?:备注|说明|填表说明|注\d?)[:.]")
_LOOKED_AT = re.compile(r"重点$|问题|隐患|项目")
_TOTAL_ROW = re.compile(r"(?:合计|总计|小计|共计)[:.]?")
_DONE = re.compile(r"措施|举措|要求")
# 县应急局（王强）, 县应急局：王强, 县应急局 王强 below 责任单位及责任人
_PERSON = re.compile(
    r"[(][\u4e00-\u9fff]{2,4}[)]|:\s*[\u4e00-\u9fff]{2,4}(?=[\s、,;]|$)|(?<=\s)[\u4e00-\u9fff]{2,4}(?=[\s、,;]|$)"
)
_CHINESE_NUMBER = re.compile(r"[(]?[一二三四五六七八九十]{1,3}[)、]?$")
_TITLE_NUMBER = re.compile(r"[(]?(?P<n>\d{1,3})[.、)](?!\d)")


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
    units_dashed: bool = False


@dataclass(slots=True)
class TaskTable:
    """A list of rows under one heading; a list may run over several printed tables with the head repeated."""

    path: list[str]
    rows: list[Row] = field(default_factory=list)
    heads: tuple[str, ...] = ()
    columns: list[Column] = field(default_factory=list)
    placed: bool = False
    section: str = ""
    above: dict[int, str] = field(default_factory=dict)  # the last words of each column of sections


def columns_of(grid: Grid) -> tuple[list[Column], int]:
    """The columns and the number of head rows; no columns when the table is not a list of tasks."""
    for number, row in enumerate(grid.rows[:4]):
        columns = [Column(slot.column, kind_of_head(_plain(slot)), _plain(slot)) for slot in row]
        if number + 1 < len(grid.rows) and any(slot.column_span > 1 for slot in row):
            below = [Column(slot.column, kind_of_head(_plain(slot)), _plain(slot)) for slot in grid.rows[number + 1]]
            spanned = {slot.column + step for slot in row if slot.column_span > 1 for step in range(slot.column_span)}
            if below and all(column.index in spanned for column in below) and any(column.kind for column in below):
                columns = [column for column in columns if column.index not in spanned] + below
                if _is_list(columns):
                    return columns, number + 2
        if _is_list(columns):
            return columns, number + 1
    return [], 0


def _is_list(columns: list[Column]) -> bool:
    """整治行业 | 时间安排 | 责任单位: where no other column says what is to be done, the field is the duty."""
    kinds = [column.kind for column in columns]
    if (
        kinds.count("section") == 1
        and {"deadline", "responsible"} <= set(kinds)
        and not {"task", "measure"} & set(kinds)
    ):
        columns[kinds.index("section")].kind = "task"
    return is_task_head(columns)


def is_task_head(columns: list[Column]) -> bool:
    """A list of tasks has a column for what is to be done and one for who does it or until when."""
    kinds = {column.kind for column in columns}
    if columns and columns[0].title.endswith("阶段") and not kinds & {"responsible", "lead"}:
        return False  # a table of stages
    return bool(kinds & {"task", "measure"}) and bool(kinds & {"responsible", "lead", "deadline"}) and len(columns) >= 2


def _plain(slot: Slot) -> str:
    return slot.text.compact().folded


def kind_of_head(head: str) -> str:
    """What the column under a head holds, a name of `_HEADS`; empty for other words."""
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
    """The column whose words are the duty: the measures when there are any, else the tasks.

    整治内容 | 整治措施 with no column of tasks, 整治重点 | 主要任务: what is looked at is the title, what is done the duty.
    """
    measures = [column for column in columns if column.kind == "measure"]
    if len(measures) == 2 and _DONE.search(measures[1].title) and all(column.kind != "task" for column in columns):
        measures[0].kind = "task"
    measures = [column for column in measures if column.kind == "measure"]
    tasks = [column for column in columns if column.kind == "task"]
    if not measures and len(tasks) == 2 and _LOOKED_AT.search(tasks[0].title) and "任务" in tasks[1].title:
        tasks.reverse()
    return next((column.index for column in [*measures, *tasks]), -1)


def _repeats_head(slots: dict[int, Slot], columns: list[Column]) -> bool:
    same = sum(
        1
        for column in columns
        if column.title and column.index in slots and _plain(slots[column.index]) == column.title
    )
    return same >= 2


def _read_row(slots: dict[int, Slot], columns: list[Column], main: int, table: TaskTable, page: int) -> None:
    cells = {column.index: slots[column.index] for column in columns if column.index in slots}
    texts = {index: slot.text.stripped() for index, slot in cells.items()}
    filled = {index for index, text in texts.items() if text}
    if not filled:
        return
    first = next((texts[index] for index in sorted(filled)), Traced.empty())
    one_text = len({texts[index].text for index in filled}) == 1
    is_section = one_text and _SECTION_ROW.match(first.folded) and len(first) <= 40 and "。" not in first.text
    if _TOTAL_ROW.fullmatch(first.compact().folded) or (one_text and _NOTE_ROW.match(first.folded)):
        return
    if one_text and not is_section and (len(filled) > 1 or len(slots) == 1) and len(columns) > 2:
        table.path = [*table.path[:1], str(first.compact())] if table.rows else [*table.path, str(first.compact())]
        return
    if is_section:
        head = [part for part in table.path if not _SECTION_ROW.match(part.replace("（", "("))] or table.path[:1]
        table.section = str(first.compact())
        table.path = [*head[: len(table.path)]]
        return
    number = next(
        (str(texts[column.index].compact()) for column in columns if column.kind == "number" and column.index in texts),
        "",
    )
    body = texts.get(main, Traced.empty())
    if _CHINESE_NUMBER.match(number.replace("（", "(").replace("）", ")")) and filled <= _headline(columns):
        table.section = f"{number.strip('、')}、{''.join(str(texts[at].compact()) for at in sorted(filled)[1:])}"
        return
    number_inherited = any(
        column.kind == "number" and column.index in cells and cells[column.index].inherited for column in columns
    )
    continues = table.rows and (
        (
            not number
            and any(column.kind == "number" for column in columns)
            and body
            and not _starts_new(texts, columns, main)
        )
        or (number and number == table.rows[-1].number and not number_inherited)
    )
    if not body and not continues:
        body = next(
            (
                texts[column.index]
                for column in columns
                if column.kind in ("task", "measure") and texts.get(column.index)
            ),
            body,
        )
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
        if column.kind == "section" and not continues and not text and column.index in table.above:
            row.sections.append(table.above[column.index])  # printed once for the rows below it, and not merged
        if not text or column.index == main:
            continue
        if column.kind in ("lead", "responsible", "cooperating"):
            text = _without_persons(text) if "人" in column.title else text
            row.units_dashed |= bool(_DASH.match(text.text))
            row.units.setdefault(column.kind, text)
        elif column.kind == "deadline" and (row.deadline is None or not continues):
            row.deadline = Traced.join((row.deadline, text), "；") if row.deadline else text
        elif column.kind == "progress":
            row.progress = text
        elif column.kind == "task":
            row.title = text.compact()
            own = _TITLE_NUMBER.match(row.title.folded)
            if own and not row.number:
                row.number, row.title = own.group("n"), row.title[own.end() :]
        elif column.kind == "section":
            row.sections.append(str(text.compact()))
            table.above[column.index] = str(text.compact())


def _headline(columns: list[Column]) -> set[int]:
    """The columns that a row may fill which only heads the rows below it: 一 | 隐患排查."""
    first = next((column.index for column in columns if column.kind in ("task", "measure", "section")), -1)
    return {column.index for column in columns if column.kind == "number"} | {first}


def _without_persons(text: Traced) -> Traced:
    """The bodies of a cell that also names who answers in each."""
    return text.cut(
        match.span()
        for match in _PERSON.finditer(text.folded)
        if not looks_like_body(re.sub(r"[^\u4e00-\u9fff]", "", match.group()))
    )


def _starts_new(texts: dict[int, Traced], columns: list[Column], main: int) -> bool:
    """A row without number that has fields of its own is not the rest of the row above."""
    return any(
        texts.get(column.index)
        for column in columns
        if column.kind in ("responsible", "lead", "deadline") and column.index != main
    )
