"""What a unit does with what it owes, and what the bureau answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from common.transitions import advance
from tasks.models import Assignment, DueItem, ProgressEntry
from tasks.services.due_items import refresh_due_on
from units.models import User

SUMMARY_LENGTH = 2000


@transaction.atomic
def report_progress(
    *,
    by: User,
    assignment: Assignment,
    percent: int,
    text: str,
    files: Sequence[File[bytes]] = (),
    due_item: DueItem | None = None,
    batch: uuid.UUID | None = None,
) -> ProgressEntry:
    """Record what a unit says of its progress: `percent` 0 to 100, words, files; for one due item where given.

    The first entry starts the assignment; `batch` joins the events of one act. Raises NotAllowed when the assignment
    is not the user's to report on, Conflict while it waits for review or is done, Refused for faulty fields.
    """
    assignment = (
        Assignment.objects.select_for_update(of=("self",)).select_related("unit", "campaign").get(pk=assignment.pk)
    )
    check_may_report(by, assignment)
    faults = faults_of_progress(percent, text)
    if due_item is not None and due_item.assignment_id != assignment.pk:
        faults["due_item"] = ["所选的到期事项不属于这一任务，请重新选择。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    entry = ProgressEntry.objects.create(
        assignment=assignment, due_item=due_item, percent=percent, text=text.strip(), created_by=by
    )
    for file in files:
        store_evidence(file=file, by=by, about=entry)
    before = {"percent": assignment.percent, "state": assignment.state}
    if assignment.state == Assignment.State.NOT_STARTED:
        assignment.state = Assignment.State.IN_PROGRESS
    assignment.percent = percent
    assignment.summary = text.strip()[:SUMMARY_LENGTH]
    assignment.save(update_fields=["state", "percent", "summary", "updated_at"])
    record(
        "assignment.progress",
        assignment,
        by=by,
        before=before,
        after={"percent": percent, "state": assignment.state, "text": text.strip(), "files": len(files)},
        batch=batch,
    )
    return entry


def check_may_report(by: User, assignment: Assignment) -> None:
    """Refuse whoever is not of the unit, and every state in which nothing is reported."""
    if "unit" not in assignment.relations_of(by):
        raise NotAllowed("只有责任单位自己的人员可以填报进展。")
    if assignment.state == Assignment.State.SUBMITTED:
        raise Conflict("这一事项正在等待审核；要补充进展，请先“撤回提交”。")
    if assignment.state == Assignment.State.DONE:
        raise Conflict("这一事项已经办结，不再填报进展。")


def faults_of_progress(percent: int | Decimal | None, text: str) -> dict[str, list[str]]:
    """What is wrong with the two answers, by field; nothing where all is well."""
    faults: dict[str, list[str]] = {}
    if not text.strip():
        faults["text"] = ["请写明做了什么、做到哪一步。"]
    if percent is None or not 0 <= percent <= 100 or percent != int(percent):
        faults["percent"] = ["进度填0到100之间的整数。"]
    return faults


@transaction.atomic
def move_assignment(*, by: User, assignment: Assignment, action: str, note: str = "") -> Assignment:
    """Start, submit, recall, accept, return or reopen an assignment (ASSIGNMENT_MOVES); its dated items go along."""
    changes: dict[str, object] = {}
    if action == "submit":
        changes = {"submitted_by": by, "submitted_at": timezone.now()}
    elif action == "accept":
        changes = {"done_on": timezone.localdate(), "percent": 100}
    elif action == "return":
        changes = {"returned_count": assignment.returned_count + 1}
    elif action == "reopen":
        changes = {"done_on": None}
    advance(assignment, action, by=by, note=note, **changes)
    items = assignment.due_items.filter(deadline__isnull=False)
    if action == "submit":
        items.filter(state__in=DueItem.PENDING).update(
            state=DueItem.State.REPORTED, reported_by=by, reported_at=timezone.now()
        )
    elif action == "accept":
        items.update(state=DueItem.State.ACCEPTED)
    elif action == "return":
        items.filter(state=DueItem.State.REPORTED).update(state=DueItem.State.RETURNED)
    elif action in ("recall", "reopen"):
        items.filter(
            state__in=(DueItem.State.REPORTED, DueItem.State.ACCEPTED)
            if action == "reopen"
            else (DueItem.State.REPORTED,)
        ).update(state=DueItem.State.OPEN)
    refresh_due_on(Assignment.objects.filter(pk=assignment.pk))
    assignment.refresh_from_db(fields=["due_on"])
    return assignment
