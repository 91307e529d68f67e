"""Asking for a later day for a hazard, and deciding on it by a second person."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.history import record
from common.transitions import advance
from hazards.models import Hazard, HazardExtension
from hazards.querysets import OPEN_STATES
from units.models import User


@transaction.atomic
def request_hazard_extension(*, by: User, hazard: Hazard, new_due_on: dt.date, reason: str) -> HazardExtension:
    """Ask to move the day of a hazard to a later one. Raises Refused for a day that is not later or a missing reason."""
    row = Hazard.objects.select_for_update(of=("self",)).select_related("mine").get(pk=hazard.pk)
    check_may_ask(by, row)
    old = row.due_on
    if old is None or row.state not in OPEN_STATES:
        raise Conflict(f"当前状态为“{row.get_state_display()}”，不需要延期。")
    if row.extensions.filter(state=HazardExtension.State.REQUESTED).exists():
        raise Conflict("这条隐患已有一份延期申请在等待审批，请先等待结果或撤回它。")
    faults: dict[str, list[str]] = {}
    if new_due_on <= old:
        faults["new_due_on"] = [f"延期后的日期应晚于现在的期限{old:%Y年%m月%d日}。"]
    if not reason.strip():
        faults["reason"] = ["请写明延期的理由。"]
    if faults:
        raise Refused("请改正标出的内容后再提交。", code="invalid", fields=faults)
    extension = HazardExtension.objects.create(
        hazard=row, old_due_on=old, new_due_on=new_due_on, reason=reason.strip(), requested_by=by
    )
    record(
        "hazardextension.requested",
        extension,
        by=by,
        note=extension.reason,
        before={"due_on": old},
        after={"due_on": new_due_on},
    )
    return extension


@transaction.atomic
def decide_hazard_extension(*, by: User, extension: HazardExtension, action: str, note: str = "") -> HazardExtension:
    """Approve, refuse or withdraw a request (see EXTENSION_MOVES); approval moves the hazard's day."""
    hazard = Hazard.objects.select_for_update(of=("self",)).get(pk=extension.hazard_id)
    decided = {} if action == "withdraw" else {"decided_by": by, "decided_at": timezone.now()}
    advance(extension, action, by=by, note=note, **decided)
    if action == "approve":
        if hazard.state not in OPEN_STATES:
            raise Conflict(f"隐患{hazard.get_state_display()}，不再需要延期。")
        if hazard.due_on != extension.old_due_on:
            raise Conflict("申请之后整改期限已经改过，请由矿山按现在的期限重新申请。")
        hazard.due_on = extension.new_due_on
        hazard.save(update_fields=["due_on", "updated_at"])
        record(
            "hazard.extended",
            hazard,
            by=by,
            note=extension.reason,
            before={"due_on": extension.old_due_on},
            after={"due_on": extension.new_due_on},
        )
    return extension


def check_may_ask(by: User, hazard: Hazard) -> None:
    if "mine" not in hazard.relations_of(by):
        raise NotAllowed("只有隐患所在矿山自己的人员可以申请延期。")
