"""A closed hazard is looked at again: ordered by the bureau, made by people who did not close it.

Where its rectification does not hold, it is opened again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from hazards.models import Hazard, LookBack, Sign
from hazards.services.register import move_hazard
from units.models import User


def check_may_order(by: User, hazard: Hazard) -> None:
    """Raises NotAllowed unless the user is of the bureau, Conflict unless the hazard is closed and none waits."""
    if "bureau" not in hazard.relations_of(by):
        raise NotAllowed("回头看由应急管理局安排。")
    if hazard.state != Hazard.State.CLOSED:
        raise Conflict(f"当前状态为“{hazard.get_state_display()}”，已销号的隐患才需要回头看；请在复查时一并核实。")
    if hazard.look_backs.filter(on=None).exists():
        raise Conflict("这条隐患已经安排了回头看，请先登记结果。")


@transaction.atomic
def order_look_back(*, by: User, hazard: Hazard, reason: str, due_on: dt.date, sign: Sign | None = None) -> LookBack:
    """Have a closed hazard looked at again until `due_on`; the mine is not told, so the history hangs at the order."""
    row = Hazard.objects.select_for_update(of=("self",)).select_related("mine").get(pk=hazard.pk)
    check_may_order(by, row)
    faults: dict[str, list[str]] = {}
    if not reason.strip():
        faults["reason"] = ["请写明为什么要回头看、重点看什么。"]
    if due_on < timezone.localdate():
        faults["due_on"] = ["应完成日期不能早于今天。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    look_back = LookBack.objects.create(hazard=row, sign=sign, reason=reason.strip(), due_on=due_on, ordered_by=by)
    record("lookback.ordered", look_back, by=by, note=look_back.reason, after={"due_on": due_on})
    return look_back


@transaction.atomic
def record_look_back(
    *,
    by: User,
    look_back: LookBack,
    on: dt.date,
    officers: Sequence[User],
    holds: bool,
    opinion: str,
    files: Sequence[File[bytes]] = (),
) -> LookBack:
    """Record what was seen; what does not hold opens the hazard again, for another round of rectification.

    The rectifier and whoever closed the hazard are not among those who look.
    """
    row: LookBack = LookBack.objects.select_for_update(of=("self",)).select_related("hazard__mine").get(pk=look_back.pk)
    hazard = row.hazard
    if "inspector" not in hazard.relations_of(by):
        raise NotAllowed("回头看由应急管理局的工作人员或执法人员登记。")
    if not row.is_open:
        raise Conflict("回头看的结果已经登记，不能再改。")
    faults: dict[str, list[str]] = {}
    if not opinion.strip():
        faults["opinion"] = ["请写明现场看到的情况。"]
    if not (hazard.closed_on or hazard.found_on) <= on <= timezone.localdate():
        faults["on"] = ["回头看日期应在销号日期和今天之间。"]
    if not officers:
        faults["officers"] = ["请选择参加回头看的人员。"]
    elif {hazard.rectifier_id, hazard.closed_by_id} & {officer.pk for officer in officers}:
        faults["officers"] = ["整改人和销号人不能回头看自己办理的隐患，请改选其他人员。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    row.on, row.holds, row.opinion, row.recorded_by = on, holds, opinion.strip(), by
    row.save(update_fields=["on", "holds", "opinion", "recorded_by"])
    row.officers.set(officers)
    for file in files:
        store_evidence(file=file, by=by, about=row, caption="回头看")
    words = "整改属实" if holds else "整改不属实或已经反弹"
    record("hazard.looked_back", hazard, by=by, note=f"{words}：{row.opinion}", after={"on": on})
    if not holds and hazard.state == Hazard.State.CLOSED:
        move_hazard(by=by, hazard=hazard, action="reopen", note=f"{on:%Y-%m-%d}回头看：{row.opinion}")
    look_back.refresh_from_db()
    return row
