"""A document in, a structured plan out."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from .chapters import Chapter, chapters_of, task_chapters
from .cleaning import Segment, clean
from .dates import Calendar
from .document import Document, UnreadableDocument
from .duties import read_duties
from .duties_by_body import headed_by_bodies, read_duties_by_body, spoken_paragraphs
from .flow import Flow, flow_of
from .genre import names_a_plan, why_not_a_plan
from .goals import opening_goals, read_goals
from .grid_cards import upright
from .grid_duties import tasks_of, without_count
from .grid_merges import fill_merged
from .grid_rows import TaskTable, columns_of, read_rows
from .grids import Grid
from .header import foot_of, read_header
from .levels import read_level
from .model import Campaign, Plan, Task, Warning
from .nodes import Node, Rank
from .outline import outline
from .particulars import read_particulars
from .reporting import read_reporting
from .stages import plan_year, read_period, read_range, read_stages, stages_of_table, usual_year
from .styled import heading_blocks, styled_headings
from .titles import heading_of, title_of
from .traced import Traced
from .vocabulary import SUBSTITUTED, chapter_kind

_READABLE = re.compile(r"[\u4e00-\u9fff]")
# General parts that say what is wanted, not how things are (基本情况, 背景).
_DEMANDS = re.compile(r"(?:总体|工作)(?:要求|思路)|指导思想")
_FORM_LINE = re.compile(r"(?:填报|填表|制表|报送|联系)(?:单位|时间|日期|人)?[^:]{0,4}:|单位[:(]")
_LIST_TITLE = re.compile(
    r"(?:清单|任务|分工|台账|一览表|分解表|表|任务书|责任书|方案|事项|整治|重点)(?:[(][^()]*[)])?$"
)


def read_plan(document: Document, *, without: Collection[str] = ()) -> Plan:
    """Read `document` into a plan; `without` names cleaning steps to leave out (see `cleaning.STEP_NAMES`).

    Never raises for odd text: what cannot be read is told in `Plan.warnings`.
    Raises UnreadableDocument when the document holds no Chinese text at all.
    """
    everything = "".join(block.text for block in document.blocks)
    if not _READABLE.search(everything):
        raise UnreadableDocument("文件里没有可读的中文文字，请确认文件内容，或改用带文字层的文件。")
    segments = clean(document, without=without)
    stream = Traced.join((segment for segment in segments if isinstance(segment, Traced)), "\n")
    levels = heading_blocks(document)
    flow = flow_of(stream, levels)
    root = outline(flow, foot_of(flow), styled_headings(flow, levels))
    first = _first_heading(root) or len(flow.text)
    campaign = read_header(flow, first)
    opening = (Traced.of(block.text[:500], block.index) for block in document.blocks[:12] if not block.cell)
    read_particulars(campaign, (segment for segment in segments if isinstance(segment, Grid)), opening)
    tables = _task_tables(segments)
    if campaign.title is None or re.fullmatch(r"附件?\d*", campaign.title):
        named = [part for table in tables[:1] for part in table.path if not re.fullmatch(r"附件?\d*[:：]?", part)]
        campaign.title = named[0] if named else None
    plan = Plan(document.name, campaign)
    chapters = chapters_of(root, flow)
    year = plan_year(campaign, flow)
    for chapter in chapters:
        if chapter.kind == "stages":
            plan.stages += read_stages(flow, chapter.node, year)
    if not plan.stages:
        grids = [segment for segment in segments if isinstance(segment, Grid)]
        staged, plan.stages = next(
            ((grid, found) for grid in grids if (found := stages_of_table(grid, year))), (None, [])
        )
        if staged is not None and any(chapter.kind == "tasks" for chapter in chapters):
            tables = _task_tables([segment for segment in segments if segment is not staged])
    if not plan.stages:
        _period_of_chapters(campaign, flow, chapters, year)
    if campaign.end is None:
        read_period(campaign, flow, plan.stages)
    days = [row.deadline.folded for table in tables for row in table.rows if row.deadline]
    when = _calendar(campaign, year or usual_year([flow.folded, *days]))
    _read_tasks(plan, flow, root, chapters, tables, when)
    campaign.level = read_level(campaign, flow, plan.tasks)
    _read_goals(plan, flow, chapters, first, when)
    _read_protection(plan, flow, chapters)
    _read_reporting(plan, flow, chapters, when)
    if when.year is None:
        plan.warnings += _days_without_year(plan.tasks, tables)
    plan.warnings += _substituted(segments)
    plan.warnings += [Warning("document", text) for text in document.warnings]
    plan.warnings += _gaps_in_numbers(root, flow)
    return plan


def _first_heading(root: Node) -> int | None:
    """Where the head of the document ends; the items below 附件： in a notice are names, not headings."""
    headings = [node for node in root.walk() if node.rank is not Rank.APPENDIX]
    own = [
        node
        for node in headings
        if node.rank < Rank.ITEM or node.parent is None or node.parent.rank is not Rank.APPENDIX
    ]
    return next((node.start for node in [*own, *headings]), None)


_DAY_WITHOUT_YEAR = re.compile(
    r"(?:\d{1,2}月(?:\d{1,2}日|底|末|份|[上中下]旬)?|[上下]半年|年)(?:底|末|之|以)?前|年底|年内"
)


def _days_without_year(tasks: list[Task], tables: list[TaskTable]) -> list[Warning]:
    """A plan that names no year anywhere: its days are told, not guessed."""
    texts = [(task.responsibility_text or "") + task.text for task in tasks if not task.children]
    texts += [row.deadline.folded for table in tables for row in table.rows if row.deadline]
    found = [match.group() for text in texts for match in [_DAY_WITHOUT_YEAR.search(text)] if match]
    if not found:
        return []
    return [Warning("no_year", f"文中没有写明年份，“{found[0]}”等{len(found)}处时限没有换算成日期，请在确认前补充。")]


def _period_of_chapters(campaign: Campaign, flow: Flow, chapters: list[Chapter], year: int | None) -> None:
    """A chapter such as 行动时间 that says nothing but from when to when."""
    for chapter in chapters:
        body = flow.folded[_after_title(chapter.node, flow) : chapter.node.end].lstrip("。:")
        if chapter.kind == "stages" and len(body) <= 60:
            found = read_range(re.split(r"[,。;]", body)[0], year)
            if found and found[1]:
                campaign.start, campaign.end = found


def _calendar(campaign: Campaign, year: int | None) -> Calendar:
    start = campaign.start or campaign.issued_on  # 即日起
    if start and campaign.end and start.year < campaign.end.year:
        return Calendar(start.year, campaign.end, start)
    if campaign.end:
        return Calendar(campaign.end.year, campaign.end)
    return Calendar(year, None)


def _read_tasks(
    plan: Plan, flow: Flow, root: Node, chapters: list[Chapter], tables: list[TaskTable], when: Calendar
) -> None:
    has_fields = bool(tables) or any(chapter.has_fields for chapter in chapters)
    reason = why_not_a_plan(flow, plan.campaign.title, has_fields=has_fields, has_tables=bool(tables))
    if reason is not None:
        plan.warnings.append(Warning("not_a_plan", reason))
        return
    is_plan = names_a_plan(plan.campaign.title, flow.folded)
    usable = [chapter for chapter in task_chapters(chapters, is_plan=is_plan) if chapter.kind != "appendix"]
    if is_plan and not usable and not tables:
        usable = [Chapter(node, "tasks") for node in spoken_paragraphs(flow, root)]
    if tables:  # notes around a table are no duties, chapters of tasks are
        usable = [chapter for chapter in usable if chapter.kind == "tasks" or chapter.has_units]
    duties = read_duties(flow, usable, when)
    plan.tasks = duties.tasks
    if not tables and not any(task.units for task in plan.tasks):
        plan.tasks = _by_body(flow, chapters, usable, when) or plan.tasks
    plan.campaign.blanket_units = duties.blanket
    if tables:
        heads = {
            part for table in tables for part in [*table.path, *(part for row in table.rows for part in row.sections)]
        }
        plan.tasks = [task for task in plan.tasks if task.units or not any(head.endswith(task.text) for head in heads)]
        _set_apart(plan.tasks)
    for number, table in enumerate(tables, 1):
        fill_merged(table)
        plan.tasks += tasks_of(table, number, when)
    _lead_by_order(plan, flow)
    _make_unique(plan.tasks)
    if not plan.tasks:
        plan.warnings.append(
            Warning("no_tasks", "没有找到任务：文中没有编号的任务条目，也没有任务表格，请核对文件是否完整。")
        )
        return
    leaves = plan.leaves()
    bare = [task for task in leaves if not task.units]
    if len(bare) == len(leaves):
        plan.warnings.append(Warning("no_units", "文中没有写明任务的责任单位，请在确认前补充。"))
    elif bare:
        for task in bare:
            plan.warnings.append(
                Warning("task_without_units", f"任务 {task.id} 没有写明责任单位，请核对。", task.text_spans[:1])
            )
    for task in leaves:
        if task.units and task.responsibility_text and task.responsibility_text in task.text:
            sentence = f"任务 {task.id} 的责任单位取自正文里的一句话，请核对。"
            plan.warnings.append(Warning("units_in_text", sentence, task.responsibility_spans[:1]))
        if any(unit.inherited or unit.displaced for unit in task.units):
            plan.warnings.append(
                Warning(
                    "inherited_units",
                    f"任务 {task.id} 的责任单位取自合并或错位的单元格，请核对。",
                    task.responsibility_spans[:1],
                )
            )


def _by_body(flow: Flow, chapters: list[Chapter], usable: list[Chapter], when: Calendar) -> list[Task]:
    """The duties under names of bodies in the chapters of tasks, else of 职责分工 where no other chapter says what to do."""
    described = all(chapter.looked_at or chapter.kind == "other" for chapter in usable)
    allotted = [chapter for chapter in chapters if chapter.kind == "organisation"] if described else []
    headed = [chapter for chapter in allotted if headed_by_bodies(flow, chapter.node)]
    if headed:
        return read_duties(flow, headed, when).tasks
    for group in (usable, allotted):
        found = [task for chapter in group for task in read_duties_by_body(flow, chapter.node, when)]
        if found:
            return found
    return []


_FIRST_LEADS = re.compile(
    r"(?:列|排)(?:在|名)?(?:首位|第一位?|首个|前面?)的?(?:单位|部门|者)?为(?:牵头|主要责任)(?:单位|部门)"
)


def _lead_by_order(plan: Plan, flow: Flow) -> None:
    """列首位的为牵头部门，下同: the document itself says that the first name of every list leads."""
    if not _FIRST_LEADS.search(flow.folded):
        return
    for task in plan.tasks:
        if len(task.units) > 1 and all(unit.role == "responsible" for unit in task.units):
            task.units[0] = replace(task.units[0], role="lead")


def _set_apart(tasks: list[Task]) -> None:
    """Tasks of the running text beside lists in tables: B.1, so that they cannot be taken for rows of the lists."""
    for task in tasks:
        task.id = f"B.{task.id}"
        task.parent = f"B.{task.parent}" if task.parent else None


def _make_unique(tasks: list[Task]) -> None:
    """Give tasks with the same id, from lists that number alike, an ending of their own."""
    seen: dict[str, int] = {}
    renamed: dict[str, str] = {}
    for task in tasks:
        if task.parent in renamed:
            old, task.parent = task.parent, renamed[task.parent]
            task.id = task.parent + task.id.removeprefix(old)
        count = seen.get(task.id, 0)
        seen[task.id] = count + 1
        if task.children:
            renamed.pop(task.id, None)
        if count:
            fresh = f"{task.id}~{count + 1}"
            if task.children:
                renamed[task.id] = fresh
            task.id = fresh


def _task_tables(segments: list[Segment]) -> list[TaskTable]:
    """The lists of tasks printed as tables; a list goes on when the next table has the same head and no title of its own."""
    tables: list[TaskTable] = []
    heading: list[str] = []
    page = 0
    for segment in segments:
        if isinstance(segment, Traced):
            heading = _headings_above(segment)
            continue
        segment = upright(segment)
        columns, skip = columns_of(segment)
        kinds = tuple(column.kind for column in columns)
        page += 1
        if columns:
            if heading or not tables or tables[-1].heads != kinds:
                path = heading or (tables[-1].path[:1] if tables else [])
                if (
                    len(path) == 1
                    and tables
                    and len(tables[-1].path) > 1
                    and path != tables[-1].path[:1]
                    and not path[0].startswith("附")
                ):
                    path = [tables[-1].path[0], *path]
                tables.append(TaskTable(path, heads=kinds))
            read_rows(segment, columns, skip, tables[-1], page)
        elif tables and not heading and _same_width(segment, tables[-1]):
            columns = tables[-1].columns
            read_rows(segment, columns, 0, tables[-1], page)
        if columns:
            tables[-1].columns = columns
        heading = []
    return [table for table in tables if table.rows]


def _same_width(grid: Grid, table: TaskTable) -> bool:
    width = max((slot.column + slot.column_span for row in grid.rows for slot in row), default=0)
    return bool(table.columns) and width == max(column.index for column in table.columns) + 1


def _headings_above(text: Traced) -> list[str]:
    """The headings right above a table: an appendix line and the title of the list, without its count of rows."""
    lines = [line.compact() for line in text.split(re.compile(r"\n+"))]
    lines = [line for line in lines if line and not _FORM_LINE.match(line.folded)]
    found: list[str] = []
    note = Traced.empty()
    for line in reversed(lines[-4:]):
        if re.fullmatch(r"[(][^()]{4,20}[)]", line.folded) and re.search(r"\d{4}", line.folded):
            note = line  # （2024年度） below the title of the list
            continue
        if len(line) > 60 or (line.folded.endswith(("。", ";", ":")) and not line.folded.startswith("附件")):
            break
        if re.match(
            r"[一二三四五六七八九十]+、|[(][一二三四五六七八九十]+[)]|附件|附[:\d]", line.folded
        ) or _LIST_TITLE.search(line.folded):
            found.insert(0, without_count(str(line + note)))
            note = Traced.empty()
    if not found and lines and len(lines[-1]) > 60:
        tail = re.search(r"(?:[一二三四五六七八九十]+、)[^。;:]{4,50}$", lines[-1].folded)
        if tail:
            found = [without_count(str(lines[-1][tail.start() :]))]
    return found


def _read_goals(plan: Plan, flow: Flow, chapters: list[Chapter], first: int, when: Calendar) -> None:
    nodes: list[Node] = []
    for chapter in chapters:
        if chapter.kind == "goals":
            nodes.append(chapter.node)
        elif chapter.kind == "overall":
            nodes += [child for child in chapter.node.children if _kind_of(child, flow) == "goals"]
    for node in nodes:
        plan.goals += read_goals(flow.text[_after_title(node, flow) : node.end], when)
    if nodes:
        return
    overall = [chapter.node for chapter in chapters if chapter.kind == "overall"]
    demands = [node for node in overall if (title := title_of(node, flow)) and _DEMANDS.search(title.folded)]
    for node in demands:  # without a section of goals only numbers are sure to be goals
        found = read_goals(flow.text[_after_title(node, flow) : node.end], when)
        plan.goals += [goal for goal in found if goal.value is not None]
    places = [(node.head, node.end) for node in overall] or [(0, first)]
    for start, end in places:
        plan.goals += opening_goals(flow, start, end, when)


def _after_title(node: Node, flow: Flow) -> int:
    title = title_of(node, flow)
    return node.title_end if title is not None and node.title_end is not None else node.head


def _kind_of(node: Node, flow: Flow) -> str:
    title = title_of(node, flow)
    return chapter_kind(title.folded) if title else "other"


def _read_protection(plan: Plan, flow: Flow, chapters: list[Chapter]) -> None:
    for chapter in chapters:
        if chapter.kind != "protection":
            continue
        for child in chapter.node.children:
            title = title_of(child, flow)
            if title is None and child.end - child.head <= 30:
                title = flow.text[child.head : child.end].stripped("。；;")
            if title is not None and child.rank >= Rank.SECTION:
                plan.protection_measures.append(str(title))
                plan.protection_spans.append(title.spans())


def _read_reporting(plan: Plan, flow: Flow, chapters: list[Chapter], when: Calendar) -> None:
    for chapter in chapters:
        if chapter.kind in ("protection", "stages", "organisation"):
            plan.reporting += read_reporting(
                flow, _after_title(chapter.node, flow), chapter.node.end, when.end.year if when.end else when.year
            )


def _substituted(segments: list[Segment]) -> list[Warning]:
    """Words that look put in by a copying site: told once each, with every place, never changed."""
    texts = [segment for segment in segments if isinstance(segment, Traced)]
    texts += [slot.text for segment in segments if isinstance(segment, Grid) for row in segment.rows for slot in row]
    warnings = []
    for pattern, usual in SUBSTITUTED:
        places = [text[match.start() : match.end()] for text in texts for match in pattern.finditer(text.text)]
        if places:
            word = str(places[0])
            message = f"“{word}”出现 {len(places)} 次，疑似“{usual}”被替换，请对照原件。"
            warnings.append(
                Warning("substituted_word", message, tuple(span for place in places for span in place.spans()))
            )
    return warnings


def _gaps_in_numbers(root: Node, flow: Flow) -> list[Warning]:
    """A number that jumps says that a heading was lost."""
    warnings = []
    for node in [root, *root.walk()]:
        for before, after in zip(node.children, node.children[1:], strict=False):
            if before.rank is after.rank and after.number > before.number + 1 and after.rank <= Rank.ITEM:
                heading = heading_of(after, flow)
                warnings.append(
                    Warning(
                        "number_gap", f"“{str(heading)[:20]}”之前缺少编号，可能漏了一条，请对照原件。", heading.spans()
                    )
                )
    return warnings
