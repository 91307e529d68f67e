"""The dated items of assignments: made ahead of time, by a job that may run twice without harm."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction
from django.db.models import Min, OuterRef, Subquery
from django.utils import timezone

from common.errors import NotAllowed, Refused
from common.history import record
from common.transitions import advance
from tasks.models import Assignment, Deadline, DueItem, Recurrence
from units.models import User

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a recurring duty: its name (2024-07, 2024Q3, …) and its first and last day."""

    name: str
    start: dt.date
    end: dt.date


def period_of(every: str, day: dt.date) -> Period:
    """Answer the period of a frequency (see Frequency) that holds `day`. Weeks begin on Monday and follow ISO 8601."""
    year, month = day.year, day.month
    if every == "week":
        start = day - dt.timedelta(days=day.weekday())
        iso = day.isocalendar()
        return Period(f"{iso.year}-W{iso.week:02d}", start, start + dt.timedelta(days=6))
    if every == "half_month":
        first = day.day <= 15
        start = dt.date(year, month, 1 if first else 16)
        return Period(
            f"{year}-{month:02d}{'上' if first else '下'}",
            start,
            dt.date(year, month, 15) if first else _month_end(year, month),
        )
    months = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[every]
    index = (month - 1) // months
    names = {1: f"{year}-{month:02d}", 3: f"{year}Q{index + 1}", 6: f"{year}H{index + 1}", 12: f"{year}"}
    return Period(names[months], dt.date(year, index * months + 1, 1), _month_end(year, (index + 1) * months))


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def periods(every: str, first: dt.date, last: dt.date) -> Iterator[Period]:
    """Yield the periods from the one that holds `first` to the one that holds `last`."""
    day = first
    while day <= last:
        period = period_of(every, day)
        yield period
        day = period.end + dt.timedelta(days=1)


def create_deadline_items(assignments: models.QuerySet[Assignment]) -> int:
    """Create one item per dated deadline of the assignments' tasks; those that exist are left as they are."""
    found = list(assignments.values_list("pk", "task_id"))
    deadlines: dict[int, list[Deadline]] = {}
    for deadline in Deadline.objects.filter(kind=Deadline.Kind.DATE, task__in={task for _, task in found}):
        deadlines.setdefault(deadline.task_id, []).append(deadline)
    rows = [
        DueItem(assignment_id=pk, deadline=deadline, due_on=deadline.date, label=deadline.scope)
        for pk, task in found
        for deadline in deadlines.get(task, ())
        if deadline.date and deadline.assignment_id in (None, pk)
    ]
    DueItem.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
    return len(rows)


def create_period_items(assignments: models.QuerySet[Assignment], *, today: dt.date | None = None) -> int:
    """Create the items of recurring duties from each assignment's first day to `DUE_ITEMS_AHEAD_DAYS` from today.

    A campaign's end stops them. Answers how many were new; a second run answers 0.
    """
    today = today or timezone.localdate()
    horizon = today + dt.timedelta(days=settings.DUE_ITEMS_AHEAD_DAYS)
    recurrences: dict[int, list[Recurrence]] = {}
    for recurrence in Recurrence.objects.filter(task__in=assignments.order_by().values("task")):
        recurrences.setdefault(recurrence.task_id, []).append(recurrence)
    living = assignments.filter(task__in=recurrences, withdrawn_on__isnull=True, campaign__state="active").exclude(
        state=Assignment.State.DONE
    )
    wanted: dict[tuple[int, int, str], DueItem] = {}
    for pk, task, begins_on, end in living.values_list("pk", "task_id", "begins_on", "campaign__end").iterator(
        chunk_size=CHUNK
    ):
        for recurrence in recurrences[task]:
            first = max(begins_on, recurrence.begins_on or begins_on)
            for period in periods(recurrence.every, first, min(horizon, end or horizon)):
                for turn in range(1, recurrence.times + 1):
                    name = period.name if recurrence.times == 1 else f"{period.name}（{turn}/{recurrence.times}）"
                    wanted[pk, recurrence.pk, name] = DueItem(
                        assignment_id=pk, recurrence=recurrence, period=name, due_on=period.end, label=recurrence.text
                    )
    have = DueItem.objects.filter(assignment__in=living, recurrence__isnull=False)
    for key in have.values_list("assignment_id", "recurrence_id", "period").iterator(chunk_size=CHUNK):
        wanted.pop(key, None)
    DueItem.objects.bulk_create(wanted.values(), batch_size=CHUNK, ignore_conflicts=True)
    return len(wanted)


def refresh_due_on(assignments: models.QuerySet[Assignment]) -> None:
    """Set each assignment's `due_on` to the earliest day among its pending items, in one statement."""
    nearest = (
        DueItem.objects.filter(assignment=OuterRef("pk"), state__in=DueItem.PENDING)
        .order_by()
        .values("assignment")
        .annotate(nearest=Min("due_on"))
        .values("nearest")
    )
    assignments.order_by().update(due_on=Subquery(nearest))


@transaction.atomic
def create_due_items(*, today: dt.date | None = None) -> int:
    """The nightly job: make the coming items of every living assignment and set their nearest days."""
    living = Assignment.objects.in_force().filter(task__in=Recurrence.objects.order_by().values("task"))
    made = create_period_items(living, today=today)
    if made:
        refresh_due_on(Assignment.objects.filter(pk__in=living.values("pk")))
    return made


@transaction.atomic
def move_due_item(*, by: User, item: DueItem, action: str, note: str = "") -> DueItem:
    """Report, accept or return one item (see DUE_ITEM_MOVES)."""
    if item.assignment.state in (Assignment.State.SUBMITTED, Assignment.State.DONE):
        raise Refused("整个事项已经提交或办结，不能再单独办理其中一项。")
    changes = {"reported_by": by, "reported_at": timezone.now()} if action == "report" else {}
    advance(item, action, by=by, note=note, **changes)
    refresh_due_on(Assignment.objects.filter(pk=item.assignment_id))
    return item


@transaction.atomic
def set_own_deadline(*, by: User, assignment: Assignment, date: dt.date, scope: str, reason: str) -> DueItem:
    """Give one unit a day of its own on a task, for the part in `scope` (empty: the whole), besides those printed."""
    check_may_set_deadline(by, assignment)
    faults: dict[str, list[str]] = {}
    if date < timezone.localdate():
        faults["date"] = ["期限不能早于今天。"]
    if not reason.strip():
        faults["reason"] = ["请写明为什么单独规定期限。"]
    if assignment.state in (Assignment.State.SUBMITTED, Assignment.State.DONE):
        raise Refused("这一事项已经提交或办结，不能再规定期限。")
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    deadline = Deadline.objects.create(
        task_id=assignment.task_id,
        assignment=assignment,
        kind=Deadline.Kind.DATE,
        date=date,
        scope=scope.strip(),
        text=f"{date:%Y年%m月%d日}前",
    )
    item = DueItem.objects.create(assignment=assignment, deadline=deadline, due_on=date, label=deadline.scope)
    refresh_due_on(Assignment.objects.filter(pk=assignment.pk))
    record("assignment.deadline", assignment, by=by, note=reason.strip(), after={"date": date, "scope": deadline.scope})
    return item


def check_may_set_deadline(by: User, assignment: Assignment) -> None:
    if "reviewer" not in assignment.relations_of(by):
        raise NotAllowed("单独规定期限由本地区应急管理局的工作人员办理。")
