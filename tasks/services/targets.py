"""Dated readings of targets."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from common.errors import NotAllowed, Refused
from common.history import record
from tasks.models import Target, TargetReading
from units.models import User


def check_may_record(by: User, target: Target) -> None:
    """Raises NotAllowed unless the user is of the bureau whose campaign the target belongs to."""
    if "reviewer" not in target.campaign.relations_of(by):
        raise NotAllowed("目标读数由本地区应急管理局的工作人员填写。")


@transaction.atomic
def record_reading(
    *, by: User, target: Target, on: dt.date, value: Decimal | None = None, is_met: bool | None = None, note: str = ""
) -> TargetReading:
    """Record what a target stood at on a day: a number in its unit, or whether it is met where it is no number."""
    check_may_record(by, target)
    faults: dict[str, list[str]] = {}
    if on > timezone.localdate():
        faults["on"] = ["日期不能晚于今天。"]
    if target.value is not None and value is None:
        faults["value"] = [f"请填写数值，单位为“{target.unit or '无'}”。"]
    if target.value is None and is_met is None:
        faults["is_met"] = ["请选择是否已经达到。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    reading = TargetReading.objects.create(
        target=target,
        on=on,
        value=value,
        is_met=target.is_met_by(value) if target.value is not None else is_met,
        note=note.strip(),
        recorded_by=by,
    )
    record(
        "target.reading", target, by=by, note=reading.note, after={"on": on, "value": value, "is_met": reading.is_met}
    )
    return reading
