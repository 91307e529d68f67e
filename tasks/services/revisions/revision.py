"""One revision being written, step by step."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from common.history import record, record_many
from tasks.models import (
    Assignment,
    Campaign,
    Deadline,
    DueItem,
    Recurrence,
    ReportingDuty,
    Responsibility,
    Section,
    Stage,
    Target,
    Task,
)
from tasks.services.campaigns import (
    CHUNK,
    Matches,
    Plan,
    Sections,
    Targets,
    assign,
    blanket_units,
    day,
    head_fields,
    number,
    task_fields,
    write_deadlines,
)
from tasks.services.comparisons import (
    compare_plan,
    deadline_key,
    plain_deadlines,
    plain_recurrences,
    printed_bodies,
)
from tasks.services.due_items import create_deadline_items, create_period_items, refresh_due_on
from tasks.services.revisions.standing import (
    PLACES,
    fields_of_body,
    follow_targets,
    head_fields_of,
    places,
    replace,
    stands_for,
)
from units.models import User


class Revision:
    """One run of a revision: what it has to know at every step."""

    def __init__(self, by: User, campaign: Campaign, plan: Plan, matches: Matches, note: str) -> None:
        self.by, self.campaign, self.plan, self.matches, self.note = by, campaign, plan, matches, note
        self.today = timezone.localdate()
        self.batch = uuid.uuid4()
        self.pairs = compare_plan(campaign, plan)
        self.of_kind = {
            kind: [pair for pair in self.pairs if pair.kind == kind]
            for kind in ("added", "changed", "removed", "unchanged")
        }

    def write(self) -> None:
        before = head_fields_of(self.campaign)
        after = head_fields(self.plan["campaign"], self.plan)
        outline = self.write_head(before, after) | self.write_outline()
        tasks = self.write_tasks()
        self.order_sections()
        fresh = self.write_responsibilities(tasks)
        self.withdraw_tasks()
        for pair in self.pairs:
            if pair.old is None or pair.new is None:
                continue
            if "deadlines" in pair.changed:
                self.write_deadlines(pair.old, pair.new)
            if "recurrences" in pair.changed:
                self.write_recurrences(pair.old, pair.new)
        self.write_items(fresh)
        counts = {kind: len(pairs) for kind, pairs in self.of_kind.items() if kind != "unchanged"}
        if any(counts.values()) or outline:
            record(
                "campaign.revised", self.campaign, by=self.by, batch=self.batch, note=self.note,
                before=before | dict.fromkeys(counts, 0), after=after | counts,
            )  # fmt: skip
        for verb, kind in (("task.added", "added"), ("task.revised", "changed"), ("task.withdrawn", "removed")):
            record_many(verb, self.tasks_of(kind, tasks), by=self.by, batch=self.batch, note=self.note)

    def tasks_of(self, kind: str, tasks: Mapping[int, Task]) -> list[Task]:
        return [pair.old or tasks[id(pair.new)] for pair in self.of_kind[kind]]

    def write_head(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
        changed = {name for name, value in after.items() if before[name] != value}
        for name in changed:
            setattr(self.campaign, name, after[name])
        if changed:
            self.campaign.save(update_fields=sorted(changed))
        return changed

    def write_outline(self) -> set[str]:
        """Stages, reporting duties and targets; a target with readings is kept even when the paper drops it."""
        changed = set()
        stages = [
            Stage(
                campaign=self.campaign, position=i, name=s["name"][:100], start=day(s.get("start")),
                end=day(s.get("end")), text=s.get("text") or "",
            )
            for i, s in enumerate(self.plan.get("stages") or [])
        ]  # fmt: skip
        changed |= replace(self.campaign.stages.all(), stages, ("name", "start", "end", "text"), "stages")
        duties = [
            ReportingDuty(
                campaign=self.campaign,
                position=i,
                what=(r.get("what") or "")[:300],
                reporter=(r.get("from") or "")[:200],
                receiver=(r.get("to") or "")[:200],
                every=r.get("every") or "",
                due=r.get("due") or "",
                text=r.get("text") or "",
            )
            for i, r in enumerate(self.plan.get("reporting") or [])
        ]
        fields = ("what", "reporter", "receiver", "every", "due", "text")
        changed |= replace(self.campaign.reporting_duties.all(), duties, fields, "reporting")
        wanted = Targets(self.campaign, self.plan)
        return changed | follow_targets(self.campaign.targets.filter(task=None), wanted.rows)

    def write_tasks(self) -> dict[int, Task]:
        """Bring every task to its new words and place; answer the tasks by the identity of their item."""
        sections = Sections(self.campaign)
        before = {pair.old.pk: places(pair.old) for pair in self.pairs if pair.old is not None}
        tasks: dict[int, Task] = {}
        added: list[Task] = []
        for position, pair in enumerate(pair for pair in self.pairs if pair.new is not None):
            assert pair.new is not None
            item = pair.new
            values = {
                "position": position, "ref": str(item["id"])[:40], "section": sections.at(item.get("path") or []),
                "withdrawn_on": None,
            } | task_fields(item)  # fmt: skip
            task = pair.old or Task(campaign=self.campaign)
            for name, value in values.items():
                setattr(task, name, value)
            tasks[id(item)] = task
            if pair.old is None:
                added.append(task)
        Task.objects.bulk_create(added, batch_size=CHUNK)
        by_ref = {task.ref: task for task in tasks.values()}
        for item in self.plan["tasks"]:
            task, parent = tasks[id(item)], by_ref.get(str(item.get("parent") or "")[:40])
            task.parent = parent if parent is not task else None
        reworded = [tasks[id(pair.new)] for pair in self.pairs if pair.new is not None and pair.changed]
        Task.objects.bulk_update(reworded, [*task_fields(self.plan["tasks"][0])], batch_size=100)
        moved = [task for task in tasks.values() if places(task) != before.get(task.pk)]
        Task.objects.bulk_update(moved, PLACES, batch_size=100)
        fresh = {id(task) for task in added}
        new = [(tasks[id(item)], item) for item in self.plan["tasks"] if id(tasks[id(item)]) in fresh]
        write_deadlines(new)
        for item in self.plan["tasks"]:
            self.follow_task_targets(tasks[id(item)], item)
        return tasks

    def follow_task_targets(self, task: Task, item: Mapping[str, Any]) -> None:
        if item.get("targets") or task.pk in self.tasks_with_targets:
            wanted = Targets(self.campaign, {"goals": []})
            for goal in item.get("targets") or []:
                wanted.add(goal, task)
            follow_targets(Target.objects.filter(task=task), wanted.rows)

    @property
    def tasks_with_targets(self) -> set[int]:
        if not hasattr(self, "_with_targets"):
            self._with_targets = set(self.campaign.targets.exclude(task=None).values_list("task_id", flat=True))
        return self._with_targets

    def order_sections(self) -> None:
        """Put the headings in the order of the paper, and take away those that hold nothing any more."""
        sections = {section.pk: section for section in self.campaign.sections.all()}
        ordered: dict[int, None] = {}
        tasks = self.campaign.tasks.exclude(section=None).order_by("position")
        held = [
            *tasks.filter(withdrawn_on=None).values_list("section_id", flat=True),
            *tasks.values_list("section_id", flat=True),
        ]
        for pk in held:
            line = [pk]
            while (parent := sections[line[0]].parent_id) is not None:
                line.insert(0, parent)
            ordered.update(dict.fromkeys(line))
        for position, pk in enumerate(ordered):
            sections[pk].position = position
        Section.objects.bulk_update([sections[pk] for pk in ordered], ["position"], batch_size=CHUNK)
        self.campaign.sections.exclude(pk__in=list(ordered)).delete()

    def write_responsibilities(self, tasks: Mapping[int, Task]) -> list[Responsibility]:
        """Follow the printed bodies of each task; answer the rows for which assignments have to be made."""
        blanket, order = blanket_units(self.plan), {str(t["id"]): i for i, t in enumerate(self.plan["tasks"])}
        known = {pair.old.pk for pair in self.pairs if pair.old is not None}
        new_rows: list[Responsibility] = []
        kept_rows: list[Responsibility] = []
        fresh: list[Responsibility] = []
        dropped: list[int] = []
        for i, item in enumerate(self.plan["tasks"]):
            task = tasks[id(item)]
            old: dict[tuple[str, bool], list[Responsibility]] = {}
            for row in task.responsibilities.all() if task.pk in known else ():
                old.setdefault((row.printed_name, row.is_blanket), []).append(row)
            for position, body in enumerate(printed_bodies(item, i, blanket, order)):
                meaning = body.meaning(self.matches)
                same = old.get((body.name[:200], body.blanket))
                row = (
                    same.pop(0)
                    if same
                    else Responsibility(task=task, printed_name=body.name[:200], is_blanket=body.blanket)
                )
                was_matched, was = bool(row.unit_id or row.group_id), fields_of_body(row)
                row.position, row.role = position, body.role
                row.expanded, row.is_collective = body.expanded[:200], body.collective
                # A match that stands was made by a person or by the paper before: the same print means the same body.
                if not was_matched:
                    row.unit_id, row.group_id = meaning.get("unit"), meaning.get("group")
                if not row.pk:
                    new_rows.append(row)
                elif fields_of_body(row) != was:
                    kept_rows.append(row)
                if not task.is_parent and not was_matched and (row.unit_id or row.group_id):
                    fresh.append(row)
            dropped += [row.pk for rows in old.values() for row in rows]
        Responsibility.objects.bulk_create(new_rows, batch_size=CHUNK)
        Responsibility.objects.bulk_update(
            kept_rows, ["position", "role", "expanded", "is_collective", "unit", "group"], batch_size=CHUNK
        )
        self.follow_roles(kept_rows)
        self.drop_responsibilities(dropped)
        return fresh

    def follow_roles(self, rows: Iterable[Responsibility]) -> None:
        """An assignment has the role of its printed body."""
        roles = {row.pk: row for row in rows}
        changed = []
        for assignment in self.campaign.assignments.filter(responsibility__isnull=False):
            row = roles.get(assignment.responsibility_id or 0)
            if row and assignment.role != row.role:
                assignment.role = row.role
                changed.append(assignment)
        Assignment.objects.bulk_update(changed, ["role"], batch_size=CHUNK)

    def drop_responsibilities(self, dropped: list[int]) -> None:
        """Withdraw what a task's dropped bodies owed, unless another body of the task stands for the same unit."""
        orphans = self.campaign.assignments.filter(responsibility__in=dropped, withdrawn_on=None).select_related("task")
        lost = []
        for assignment in orphans:
            others = assignment.task.responsibilities.exclude(pk__in=dropped)
            still = next((row for row in others if stands_for(row, assignment.unit_id)), None)
            if still is None:
                lost.append(assignment)
            else:
                assignment.responsibility, assignment.role = still, still.role
                assignment.save(update_fields=["responsibility", "role"])
        self.withdraw(lost)
        Responsibility.objects.filter(pk__in=dropped).delete()

    def withdraw(self, assignments: list[Assignment]) -> None:
        Assignment.objects.filter(pk__in=[a.pk for a in assignments]).update(withdrawn_on=self.today)
        record_many("assignment.withdrawn", assignments, by=self.by, batch=self.batch, note=self.note)

    def withdraw_tasks(self) -> None:
        removed = [pair.old for pair in self.of_kind["removed"] if pair.old is not None]
        position = len(self.plan["tasks"])
        for i, task in enumerate(removed):
            task.withdrawn_on, task.position = self.today, position + i
        Task.objects.bulk_update(removed, ["withdrawn_on", "position"], batch_size=CHUNK)
        self.withdraw(list(Assignment.objects.filter(task__in=removed, withdrawn_on=None)))

    def write_deadlines(self, task: Task, item: Mapping[str, Any]) -> None:
        """Days that moved move their pending items; days that fell away take their pending items with them."""
        wanted = plain_deadlines(item)
        old = {deadline_key(d): d for d in task.deadlines.filter(assignment=None)}
        fallen = {key: row for key, row in old.items() if key not in wanted}
        for key, plain in wanted.items():
            if key in old:
                continue
            moved = next((k for k in fallen if k[0] == key[0] == "date" and k[2] == key[2]), None)
            if moved is None:
                write_deadlines([(task, {"deadlines": [plain]})])
            else:
                self.move_deadline(fallen.pop(moved), plain)
        for row in fallen.values():
            self.keep_or_drop(row.due_items.all(), row)

    def move_deadline(self, row: Deadline, plain: Mapping[str, Any]) -> None:
        before, quantity = row.date, plain.get("quantity") or {}
        row.date = new = dt.date.fromisoformat(plain["date"])
        row.text = (plain.get("text") or "")[:200]
        row.quantity, row.quantity_unit = number(quantity.get("value")), (quantity.get("unit") or "")[:20]
        row.comparator = quantity.get("comparator") or ""
        row.save()
        for item in row.due_items.filter(state__in=DueItem.PENDING):
            # A day that a second person granted later than the paper's new day stands.
            if item.due_on == before or item.due_on < new:
                item.due_on = new
                item.save(update_fields=["due_on"])

    def write_recurrences(self, task: Task, item: Mapping[str, Any]) -> None:
        """A new frequency begins today; periods of the former one that were reported stay."""
        wanted = plain_recurrences(item)
        for row in list(task.recurrences.all()):
            if wanted.pop((row.every, row.times), None) is None:
                self.keep_or_drop(row.due_items.all(), row)
        Recurrence.objects.bulk_create(
            Recurrence(task=task, every=every, times=times, text=(r.get("text") or "")[:200], begins_on=self.today)
            for (every, times), r in wanted.items()
        )

    def keep_or_drop(self, items: Iterable[DueItem], row: Deadline | Recurrence) -> None:
        """Delete a deadline or recurrence; what was handed in for it becomes its assignment's own dated item."""
        for item in items:
            if item.state in DueItem.PENDING:
                continue
            own = Deadline.objects.create(
                task_id=row.task_id, assignment_id=item.assignment_id, kind=Deadline.Kind.DATE, date=item.due_on,
                text=row.text, scope=(item.label or item.period)[:500],
            )  # fmt: skip
            item.deadline, item.recurrence = own, None
            item.save(update_fields=["deadline", "recurrence"])
        row.delete()

    def write_items(self, fresh: list[Responsibility]) -> None:
        """Give new bodies their assignments, take back those that were withdrawn, and make the items now due."""
        self.resume(fresh)
        assign(self.campaign, fresh)
        changed = [pair.old.pk for pair in self.pairs if pair.old and pair.changed]
        living = self.campaign.assignments.filter(withdrawn_on=None).exclude(state=Assignment.State.DONE)
        create_deadline_items(living.filter(task__in=changed))
        create_period_items(living)
        for ongoing in (True, False):
            flags = self.campaign.assignments.filter(task__is_ongoing=ongoing, is_ongoing=not ongoing)
            flags.exclude(state=Assignment.State.DONE).update(is_ongoing=ongoing)
        refresh_due_on(self.campaign.assignments.all())

    def resume(self, fresh: list[Responsibility]) -> None:
        """A unit that comes back to a task goes on where it stood; so does everybody on a task that comes back."""
        back = {pair.old.pk for pair in self.of_kind["added"] if pair.old is not None}
        rows: dict[int, list[Responsibility]] = {}
        for body in fresh:
            rows.setdefault(body.task_id, []).append(body)
        resumed = []
        for assignment in self.campaign.assignments.exclude(withdrawn_on=None).filter(task__withdrawn_on=None):
            candidates = rows.get(assignment.task_id, [])
            row = next((row for row in candidates if stands_for(row, assignment.unit_id)), None)
            if row is not None or (assignment.task_id in back and assignment.responsibility_id):
                assignment.withdrawn_on = None
                assignment.responsibility = row or assignment.responsibility
                resumed.append(assignment)
        Assignment.objects.bulk_update(resumed, ["withdrawn_on", "responsibility"], batch_size=CHUNK)
        record_many("assignment.resumed", resumed, by=self.by, batch=self.batch, note=self.note)
