"""Clues for other departments: drafted, sent by a second person, signed for, and answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from common.serials import next_number
from common.transitions import advance
from inspections.models import Clue, Visit
from inspections.relations import may_inspect
from units.models import Unit, User
from units.rules import rule

WORDS = ("subject", "facts", "basis", "receiver_name")


def check_may_draft(by: User) -> None:
    """Raises NotAllowed for others than those who inspect."""
    if not may_inspect(by):
        raise NotAllowed("线索由应急管理局的工作人员和执法检查人员移送。")


@transaction.atomic
def keep_clue(
    *,
    by: User,
    subject: str,
    facts: str,
    basis: str,
    receiver: Unit | None = None,
    receiver_name: str = "",
    visit: Visit | None = None,
    clue: Clue | None = None,
    files: Sequence[File[bytes]] = (),
) -> Clue:
    """Draft a clue, of a visit where it comes from one, or change a draft; `files` are its material.

    Whoever wrote last is its drafter and cannot send it.
    """
    check_may_draft(by)
    assert by.unit is not None
    row = _locked(clue, by) if clue is not None else Clue(region=by.unit.region.county, visit=visit)
    if row.state != Clue.State.DRAFTED:
        raise Conflict(f"线索{row.get_state_display()}，不能再修改。")
    if visit is not None and not visit.relations_of(by) & {"officer", "bureau"}:
        raise NotAllowed("这次检查的线索由到场的检查人员和应急管理局移送。")
    given = {"subject": subject, "facts": facts, "basis": basis, "receiver_name": receiver_name}
    if receiver is not None:
        given["receiver_name"] = receiver.name
    faults = {name: ["请填写这一项。"] for name, text in given.items() if not text.strip()}
    if receiver is not None and receiver.kind != Unit.Kind.DEPARTMENT:
        faults["receiver"] = ["请选择部门。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    before = {name: getattr(row, name) for name in WORDS} if clue is not None else {}
    for name, text in given.items():
        setattr(row, name, text.strip())
    row.receiver, row.drafted_by = receiver, by
    row.save()
    for file in files:
        store_evidence(file=file, by=by, about=row, caption="线索材料")
    record("clue.changed" if clue else "clue.drafted", row, by=by, before=before, after=given)
    return row


@transaction.atomic
def send_clue(clue: Clue, *, by: User, note: str = "") -> Clue:
    """Send it with the next number of its county and year; the day by which it is to be answered follows from a rule."""
    today, county = timezone.localdate(), clue.region.county
    serial = next_number("clue", county.code, today.year)
    days = rule("clue_answer_days", clue.region_id)
    return advance(
        clue, "send", by=by, note=note, sent_by=by, sent_on=today, answer_by=today + dt.timedelta(days=days),
        number=f"（{county.name[:1]}）应急线移〔{today.year}〕{serial}号",
    )  # fmt: skip


@transaction.atomic
def receive_clue(
    *, by: User, clue: Clue, received_on: dt.date, received_by: str, receipt: File[bytes] | None = None
) -> Clue:
    """Enter who signed for it and when: by the department itself, or by the bureau from the receipt on paper."""
    _check_day("received_on", received_on, clue.sent_on)
    advance(clue, "receive", by=by, received_on=received_on, received_by=received_by.strip())
    if receipt is not None:
        store_evidence(file=receipt, by=by, about=clue, caption="回执")
    return clue


@transaction.atomic
def answer_clue(
    *, by: User, clue: Clue, answered_on: dt.date, outcome: str, answer: str, files: Sequence[File[bytes]] = ()
) -> Clue:
    """Enter what became of it; what the department itself writes stands as its answer."""
    if not answer.strip():
        raise Refused("请填写答复内容。", fields={"answer": ["请填写答复内容。"]})
    if outcome not in Clue.Outcome.values:
        raise Refused("请选择处理结果。", fields={"outcome": ["请选择处理结果。"]})
    _check_day("answered_on", answered_on, clue.received_on)
    advance(clue, "answer", by=by, answered_on=answered_on, outcome=outcome, answer=answer.strip())
    for file in files:
        store_evidence(file=file, by=by, about=clue, caption="答复材料")
    return clue


def _check_day(name: str, day: dt.date, first: dt.date | None) -> None:
    if first is not None and not first <= day <= timezone.localdate():
        raise Refused("请核对日期。", fields={name: [f"日期应在{first:%Y-%m-%d}和今天之间。"]})


def _locked(clue: Clue, by: User) -> Clue:
    row: Clue = Clue.objects.select_for_update(of=("self",)).select_related("region").get(pk=clue.pk)
    if not row.relations_of(by) & {"inspector", "bureau"}:
        raise NotAllowed("线索由应急管理局的工作人员和执法检查人员移送。")
    return row
