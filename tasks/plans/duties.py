"""From the outline to tasks: which headings are duties, where their bodies end, and which parts they have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from .chapters import Chapter
from .dates import Calendar, read_body, read_field
from .flow import Flow
from .model import Deadline, Task, Unit
from .nodes import Node, Rank, ordinal
from .recurrences import read_recurrences
from .responsibility import Responsibility, find_responsibilities, said_in
from .titles import body_start, heading_of, title_of
from .traced import Traced
from .units import is_unit_list, parse_units
from .vocabulary import NUMERALS, PLACES

_PART = re.compile(rf"(?:(?<=[。;:,!?)])|^)(?P<n>[{NUMERALS}]{{1,2}})是(?!否)[,:]?")
_CLOSING = re.compile(r"(?:以上|上述)(?:各项|工作|任务|措施|内容|实施方案|方案|\S{0,8}?)(?:由|均由|请|,)")
_BODY_LABEL = re.compile(
    r"(?:[(](?:行动|工作|整治|任务|主要|具体|重点)*(?:内容|任务|措施|目标任务)[)]:?|(?:行动|工作|整治|任务|主要|具体|重点)*(?:内容|任务|措施|举措):)"
)
_LIST_NAME = re.compile(r"^[^。;:,]{2,50}(?:清单|分工表|分解表|任务表|一览表|台账)(?:[(][^()]*[)])?$")
_LOOSE = "。.;；,，、"
_TRAILING_NOTE = 6


@dataclass(slots=True)
class Duties:
    """All tasks of running text, and the units that a blanket clause gives to every task after it."""

    tasks: list[Task] = field(default_factory=list)
    blanket: list[Unit] = field(default_factory=list)


def read_duties(flow: Flow, chapters: list[Chapter], when: Calendar) -> Duties:
    duties = Duties()
    parents = [id(chapter.node.parent) for chapter in chapters]
    for chapter in chapters:
        alone = parents.count(id(chapter.node.parent)) == 1
        reader = _Reader(flow, when, duties, skip=chapter.node if alone else None, many=len(set(parents)) > 1)
        reader.chapter(chapter.node)
    return duties


class _Reader:
    """Walks one chapter."""

    def __init__(self, flow: Flow, when: Calendar, duties: Duties, skip: Node | None, many: bool) -> None:
        self.flow = flow
        self.when = when
        self.duties = duties
        self.skip = skip
        self.many = many
        self.line_origins = {flow.text.origin[at] for at in flow.gaps if at < len(flow.text)}

    def chapter(self, node: Node) -> None:
        self._fold_lists(node)
        self._visit(node, [])

    def _fold_lists(self, node: Node) -> None:
        """Numbered lists inside a sentence go back into the body of their item."""
        for child in node.children:
            self._fold_lists(child)
        if node.children and _is_sentence_list(node, self.flow):
            node.children = []

    def _visit(self, node: Node, inherited: list[Unit]) -> None:
        if not node.children:
            self._task(node, inherited)
            return
        intro = find_responsibilities(self.flow, node.head, node.own_end)
        own = [unit for group in intro for unit in group.units] or self._bodies_of(node)
        for group in intro:
            self.duties.blanket += group.blanket
        groups = [find_responsibilities(self.flow, child.head, child.end) for child in node.children]
        last_only = (
            len(groups) > 1
            and len(groups[-1]) == 1
            and not any(groups[:-1])
            and not node.children[-1].children
            and groups[-1][0].own_line
            and node.children[0].rank >= Rank.ITEM
        )
        shared = groups[-1][0].units if last_only else own
        for child in node.children:
            before = len(self.duties.tasks)
            self._visit(child, shared or inherited)
            if last_only and child is not node.children[-1]:
                for task in self.duties.tasks[before:]:
                    task.responsibility_text = str(groups[-1][0].text)
                    task.deadlines += [
                        deadline for text in groups[-1][0].deadlines for deadline in read_field(text, self.when)
                    ]

    def _bodies_of(self, node: Node) -> list[Unit]:
        """（一）县公安局 above items: the heading names who owes what stands below."""
        title = title_of(node, self.flow)
        named = title is not None and is_unit_list(title.folded) and not PLACES.search(title.folded)
        return parse_units(title)[0] if title is not None and named else []

    def _task(self, node: Node, inherited: list[Unit]) -> None:
        flow = self.flow
        groups = find_responsibilities(flow, node.head, node.end)
        title, start = title_of(node, flow), body_start(node, flow)
        heading: Responsibility | None = None
        if title is not None and groups and not _content(flow.text[start : max(start, groups[0].start)]):
            title, start, heading = self._heading_with_field(node, groups)
            groups = groups[1:] if heading else groups
        if title is not None and not _content(flow.text[start : groups[0].start if groups else node.end]):
            if self._field_before_body(node, groups):
                heading, start, groups = groups[0], groups[0].end, groups[1:]
            else:
                title, start = None, node.head
        path = [str(heading_of(above, flow)) for above in node.ancestors()]
        number = flow.text[node.start : node.head]
        task = Task(
            id=self._id(node), path=path, number=str(number.stripped("、.．是要:：")) or None, title=str(title) if title else None, text="",
            number_spans=number.spans(), title_spans=title.spans() if title else (),
        )  # fmt: skip
        pieces = self._pieces(node, start, groups)
        bare = title is None and node.title_end is not None and node.rank <= Rank.CHAPTER and not groups
        if not pieces or bare or (not groups and _LIST_NAME.search(flow.folded[node.head : node.end])):
            return
        self.duties.tasks.append(task)
        if heading is not None:
            inherited = heading.units or inherited
        if len(pieces) == 1:
            self._fill(task, *pieces[0], inherited)
            if heading is not None:
                self._add_heading_field(task, heading)
            task.units = task.units or self._bodies_of(node)
            parts = self._parts(task, pieces[0][0])
            if parts:
                self._split_parts(task, pieces[0][0], parts)
            return
        for number_, (body, group) in enumerate(pieces, 1):
            child = Task(f"{task.id}.{number_}", [*path, str(heading_of(node, flow))], None, None, "", parent=task.id)
            label = re.match(r"([^,。;:、]{2,12}):(?=.{8})", body.folded)
            if label and (number_ > 1 or start == node.title_end or self._starts_line(body)):
                child.title, child.title_spans = str(body[: label.end(1)]), body[: label.end(1)].spans()
                body = body[label.end() :]
            self._fill(child, body, group, inherited)
            self.duties.tasks.append(child)
        self._make_parent(task, flow.text[start : pieces[-1][1].start if pieces[-1][1] else node.end])

    def _heading_with_field(
        self, node: Node, groups: list[Responsibility]
    ) -> tuple[Traced | None, int, Responsibility | None]:
        """1.强化培训（责任单位：…）。正文: the field stands in the heading and the body follows."""
        field_ = groups[0]
        title = self.flow.text[node.head : field_.start].stripped("。:：;；,，")
        following = groups[1].start if len(groups) > 1 else node.end
        if 2 <= len(title) <= 48 and "。" not in title.text and _content(self.flow.text[field_.end : following]):
            return title, field_.end, field_
        return None, node.head, None

    def _field_before_body(self, node: Node, groups: list[Responsibility]) -> bool:
        """The heading, then 责任单位：… on a line of its own, then the body on the next."""
        if not groups or not groups[0].own_line or groups[0].end not in self.flow.lines:
            return False
        end = groups[1].start if len(groups) > 1 else self._end_of(node)
        return bool(_content(self.flow.text[groups[0].end : max(groups[0].end, end)]))

    def _add_heading_field(self, task: Task, heading: Responsibility) -> None:
        due = [found for text in heading.deadlines for found in read_field(text, self.when)]
        task.deadlines = due + task.deadlines
        task.responsibility_text = task.responsibility_text or str(heading.text)
        task.responsibility_spans = task.responsibility_spans or heading.text.spans()
        self.duties.blanket += heading.blanket

    def _end_of(self, node: Node) -> int:
        """Where the item ends: a paragraph that closes the whole chapter is not part of its last item."""
        lines = [at for at in self.flow.lines if node.head < at < node.end]
        for at in lines:
            if _CLOSING.match(self.flow.folded, at):
                return at
        siblings = node.parent.children if node.parent else []
        if lines and len(siblings) >= 3 and node is siblings[-1] and not node.children:
            others = [at for other in siblings[:-1] for at in self.flow.lines if other.head < at < other.end]
            title_line = not _content(self.flow.text[body_start(node, self.flow) : lines[0]])
            if not others and not title_line:
                return lines[0]
        return node.end

    def _starts_line(self, body: Traced) -> bool:
        return body.origin[0] in self.line_origins

    def _pieces(
        self, node: Node, start: int, groups: list[Responsibility]
    ) -> list[tuple[Traced, Responsibility | None]]:
        """The body, cut after each responsibility field that has text of its own before it."""
        flow, at = self.flow, start
        found: list[tuple[Traced, Responsibility | None]] = []
        for group in groups:
            self.duties.blanket += group.blanket
            body = flow.text[at : group.start].stripped("—- ")
            if not found or len(_content(body)) >= _TRAILING_NOTE:
                if not group.units and found and not _content(body):
                    continue
                found.append((body, group))
            elif found[-1][1]:
                previous = found[-1][1]
                previous.units += group.units
                previous.deadlines += group.deadlines
            at = group.end
        rest = flow.text[at : max(at, self._end_of(node))]
        if not found:
            return [(rest.stripped(), None)] if _content(rest) else []
        tail = rest[: flow.next_line(at) - at] if at not in flow.lines and flow.lines else Traced.empty()
        if len(found) > 1 and len(_content(tail)) >= _TRAILING_NOTE:
            found.append((tail.stripped(), None))
        return found

    def _fill(self, task: Task, body: Traced, group: Responsibility | None, inherited: list[Unit]) -> None:
        body = body[len(body) - len(body.text.lstrip("、，,;；:：。●■◆▲★◇□▪•")) :].stripped()
        label = _BODY_LABEL.match(body.folded)
        body = body[label.end() :] if label else body
        task.text, task.text_spans = str(body), body.spans()
        if group is not None:
            if group.same_as_above and self.duties.tasks:
                above = next((known for known in reversed(self.duties.tasks) if known.units), None)
                group.units = [*(replace(unit, inherited=True) for unit in above.units)] if above else group.units
            task.units, task.units_open = group.units, group.units_open
            task.responsibility_text, task.responsibility_spans = str(group.text), group.text.spans()
            task.deadlines = _distinct([found for text in group.deadlines for found in read_field(text, self.when)])
        if not task.units and inherited:
            task.units = list(inherited)
        if not task.units and (said := said_in(body)):
            task.units, task.units_open = said.units, said.units_open
            task.responsibility_text, task.responsibility_spans = str(said.text), said.text.spans()
            task.deadlines += [found for text in said.deadlines for found in read_field(text, self.when)]
        read_running_text(task, body, self.when, group.deadlines if group else ())

    def _parts(self, task: Task, body: Traced) -> list[re.Match[str]]:
        """一是…二是…: at least two in order."""
        run: list[re.Match[str]] = []
        for match in _PART.finditer(body.folded):
            if ordinal(match.group("n")) == len(run) + 1:
                run.append(match)
        return run if len(run) >= 2 and task.text else []

    def _split_parts(self, task: Task, body: Traced, parts: list[re.Match[str]]) -> None:
        field_deadlines = [deadline for deadline in task.deadlines if deadline.source == "field"]
        heading = _heading(task)
        for number, (match, following) in enumerate(zip_longest(parts, parts[1:]), 1):
            piece = body[match.end() : following.start() if following else len(body)].stripped()
            label = body[match.start() : match.start() + len(match.group("n")) + 1]
            child = Task(
                f"{task.id}.{number}", [*task.path, heading], str(label), None, str(piece), list(task.units),
                list(field_deadlines), parent=task.id, units_open=task.units_open, responsibility_text=task.responsibility_text,
                number_spans=label.spans(), text_spans=piece.spans(), responsibility_spans=task.responsibility_spans,
            )  # fmt: skip
            read_running_text(child, piece, self.when)
            self.duties.tasks.append(child)
        task.children, task.deadlines, task.recurrences = True, [], []

    def _make_parent(self, task: Task, body: Traced) -> None:
        children = [child for child in self.duties.tasks if child.parent == task.id]
        task.children, task.deadlines, task.recurrences = True, [], []
        task.text, task.text_spans = str(body.stripped()), body.spans()
        seen: dict[tuple[str, str], Unit] = {}
        for child in children:
            for unit in child.units:
                seen.setdefault((unit.name, unit.role), unit)
        task.units = list(seen.values())

    def _id(self, node: Node) -> str:
        line = [above for above in [*node.ancestors(), node] if above is not self.skip]
        if not self.many:
            line = [above for above in line if above.rank is not Rank.APPENDIX]
        return ".".join(str(above.number) for above in line) or "1"


def read_running_text(task: Task, body: Traced, when: Calendar, field_: Sequence[Traced] = ()) -> None:
    """Add the deadlines and recurrences printed inside the body; a part's day that the field repeats is one deadline.

    A deadline field may also say 每月25日前: that comes back too.
    """
    parts = {(deadline.date, deadline.scope) for deadline in task.deadlines if deadline.scope}
    relative = {deadline.text for deadline in task.deadlines if deadline.kind == "relative"}
    task.deadlines = task.deadlines + [
        deadline
        for deadline in read_body(body, when)
        if (deadline.date, deadline.scope) not in parts and deadline.text not in relative
    ]
    task.recurrences = read_recurrences(body)
    known = {(duty.every, duty.times) for duty in task.recurrences}
    again = [duty for text in field_ for duty in read_recurrences(text)]
    task.recurrences += [duty for duty in again if (duty.every, duty.times) not in known]


def _heading(task: Task) -> str:
    number = task.number or ""
    mark = (
        ""
        if number.endswith((")", "）"))
        else "、"
        if re.fullmatch(rf"[{NUMERALS}]+", number)
        else "."
        if number
        else ""
    )
    return f"{number}{mark}{task.title or ''}"


def _content(text: Traced) -> str:
    return text.stripped(_LOOSE).text


def _distinct(deadlines: list[Deadline]) -> list[Deadline]:
    found: dict[tuple[str, object, str | None], Deadline] = {}
    for deadline in deadlines:
        found.setdefault((deadline.kind, deadline.date, deadline.scope), deadline)
    return list(found.values())


def _is_sentence_list(node: Node, flow: Flow) -> bool:
    """An enumeration that belongs to a sentence: it follows a colon, its items end with semicolons, none names units."""
    first = node.children[0]
    if any(child.children for child in node.children):
        return False
    if node.rank < Rank.SECTION:  # a topic whose paragraph ends in 重点排查以下内容：
        said = flow.folded[body_start(node, flow) : first.start]
        if not said.endswith(":") or "。" not in said or len(said) < 30:
            return False
    if first.rank <= Rank.SECTION:
        return False
    groups = [find_responsibilities(flow, child.head, child.end) for child in node.children]
    if any(groups[:-1]):
        return False
    ends = [flow.folded[child.end - 1] for child in node.children[:-1]]
    semicolons = sum(1 for end in ends if end in ";,、")
    after_colon = flow.folded[first.start - 1 : first.start] == ":"
    if len(node.children) > 1 and groups[-1] and not groups[-1][0].own_line and not first.strong:
        return True
    if ends and semicolons * 2 >= len(ends):
        return True
    if not first.strong and first.rank >= Rank.ITEM and not any(groups):
        return not flow.wrapped and bool(flow.lines) and not all(_has_heading(child, flow) for child in node.children)
    short = all(child.end - child.head <= 30 for child in node.children)
    return after_colon and short


def _has_heading(node: Node, flow: Flow) -> bool:
    """1.强化辨识。每年全面辨识一次。: a heading and a sentence behind it."""
    title = title_of(node, flow)
    return title is not None and len(title) <= 24 and bool(_content(flow.text[body_start(node, flow) : node.end]))
