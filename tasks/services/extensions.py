"""Asking for a later day, and deciding on it by a second person."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.history import record
from common.transitions import advance
from tasks.models import Assignment, DeadlineExtension, DueItem
from tasks.services.due_items import refresh_due_on
from units.models import User


@transaction.atomic
def request_extension(*, by: User, item: DueItem, new_due_on: dt.date, reason: str) -> DeadlineExtension:
    """Ask to move one due day to a later one. Raises Refused for a day that is not later or a missing reason."""
    item = (
        DueItem.objects.select_for_update(of=("self",))
        .select_related("assignment__unit", "assignment__campaign")
        .get(pk=item.pk)
    )
    check_may_ask(by, item)
    if item.state not in DueItem.PENDING:
        raise Conflict("这一事项已经填报或完成，不需要延期。")
    if item.extensions.filter(state=DeadlineExtension.State.REQUESTED).exists():
        raise Conflict("这一事项已有一份延期申请在等待审批，请先等待结果或撤回它。")
    faults: dict[str, list[str]] = {}
    if new_due_on <= item.due_on:
        faults["new_due_on"] = [f"延期后的日期应晚于现在的期限{item.due_on:%Y年%m月%d日}。"]
    if not reason.strip():
        faults["reason"] = ["请写明延期的理由。"]
    if faults:
        raise Refused("请改正标出的内容后再提交。", code="invalid", fields=faults)
    extension = DeadlineExtension.objects.create(
        due_item=item, old_due_on=item.due_on, new_due_on=new_due_on, reason=reason.strip(), requested_by=by
    )
    record(
        "deadlineextension.requested",
        extension,
        by=by,
        note=extension.reason,
        before={"due_on": item.due_on},
        after={"due_on": new_due_on, "assignment": item.assignment_id},
    )
    return extension


@transaction.atomic
def decide_extension(*, by: User, extension: DeadlineExtension, action: str, note: str = "") -> DeadlineExtension:
    """Approve, refuse or withdraw a request (see EXTENSION_MOVES); approval moves the due day."""
    item = DueItem.objects.select_for_update(of=("self",)).select_related("assignment").get(pk=extension.due_item_id)
    decided = {} if action == "withdraw" else {"decided_by": by, "decided_at": timezone.now()}
    advance(extension, action, by=by, note=note, **decided)
    if action == "approve":
        if item.state not in DueItem.PENDING:
            raise Conflict("这一事项已经填报或完成，不再需要延期。")
        if item.due_on != extension.old_due_on:
            raise Conflict("申请之后完成时限已经改过，请由责任单位按现在的期限重新申请。")
        item.due_on = extension.new_due_on
        item.save(update_fields=["due_on"])
        refresh_due_on(Assignment.objects.filter(pk=item.assignment_id))
        record(
            "assignment.extended",
            item.assignment,
            by=by,
            note=extension.reason,
            before={"due_on": extension.old_due_on},
            after={"due_on": extension.new_due_on},
        )
    return extension


def check_may_ask(by: User, item: DueItem) -> None:
    if "unit" not in item.relations_of(by):
        raise NotAllowed("只有责任单位自己的人员可以申请延期。")
