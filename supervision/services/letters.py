"""Letters are drafted from what is late, approved by a second person, numbered, sent, signed for, answered and filed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from common.serials import next_number
from common.transitions import advance
from common.workdays import add_workdays
from supervision.letter_kinds import LETTER_KINDS, LetterKind
from supervision.models import LetterItem, LetterReceipt, SupervisionLetter
from supervision.proposals import Proposal, proposals_for
from units.models import Region, Unit, User
from units.rules import rule

SIMPLE_MOVES = ("approve", "refuse", "resubmit", "send", "file", "withdraw")
MOST_UNITS = 200


def check_may_write(by: User) -> Region:
    """The region whose letters this user writes; NotAllowed for whoever is not of its bureau."""
    if not by.reviews or by.unit is None:
        raise NotAllowed("督办函件由应急管理局的工作人员办理。")
    return by.unit.region


@transaction.atomic
def draft_letter(
    *,
    by: User,
    kind: str,
    units: Sequence[Unit],
    title: str,
    body: str,
    items: Proposal | None = None,
    details: dict[str, Any] | None = None,
) -> SupervisionLetter:
    """Write the draft of a letter of one kind to one unit or several; `items` are the late things that it names.

    `details` may hold the time, place and people of a talk. Raises Refused for faulty fields.
    """
    region = check_may_write(by)
    faults = faults_of_draft(kind, units, title, body)
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    assert by.unit is not None
    letter = SupervisionLetter.objects.create(
        region=region,
        kind=kind,
        organ=by.unit,
        title=title.strip(),
        body=body.strip(),
        drafted_by=by,
        **talk_details(kind, details or {}),
    )
    LetterReceipt.objects.bulk_create(LetterReceipt(letter=letter, unit=unit) for unit in units)
    write_items(letter, items)
    record(
        "supervisionletter.drafted",
        letter,
        by=by,
        after={"kind": kind, "title": letter.title, "units": [unit.name for unit in units]},
    )
    return letter


def write_items(letter: SupervisionLetter, proposal: Proposal | None) -> None:
    if proposal is None:
        return
    LetterItem.objects.bulk_create(
        LetterItem(
            letter=letter,
            source=late.source,
            object_id=late.object_id,
            page=late.page,
            unit_id=late.unit_id,
            title=late.title[:300],
            url=late.url,
            due_on=late.due_on,
            workdays_late=proposal.workdays[late.key],
        )
        for late in proposal.items
    )


def faults_of_draft(kind: str, units: Sequence[Unit], title: str, body: str) -> dict[str, list[str]]:
    """What is wrong with a draft, by field."""
    faults: dict[str, list[str]] = {}
    if kind not in LETTER_KINDS:
        faults["kind"] = ["请选择函件种类。"]
    if not units:
        faults["units"] = ["请选择收函单位。"]
    elif len(units) > MOST_UNITS:
        faults["units"] = [f"一份函件最多发给{MOST_UNITS}个单位。"]
    if not title.strip():
        faults["title"] = ["请填写标题。"]
    if not body.strip():
        faults["body"] = ["请填写正文。"]
    return faults


def talk_details(kind: str, details: dict[str, Any]) -> dict[str, Any]:
    if kind != "talk":
        return {}
    return {name: details[name] for name in ("meets_at", "place", "people") if name in details}


def proposed_words(step: LetterKind, unit: Unit, count: int) -> tuple[str, str]:
    """Title and body as the system proposes them; a person may change every word."""
    words = {"unit": unit.name, "count": count}
    body = f"{step.opening.format(**words)}\n{step.closing.format(**words)}"
    return step.title.format(**words), body


def proposal_of(region: Region, unit: Unit, kind: str) -> Proposal:
    """The proposal as it stands now; Conflict when it is gone."""
    for proposal in proposals_for(region):
        if proposal.unit.pk == unit.pk and proposal.step.kind == kind:
            return proposal
    raise Conflict("这项建议已经不成立：事项已办结、期限已变，或已有人拟函。请刷新页面。", code="gone")


@transaction.atomic
def draft_proposed(*, by: User, unit: Unit, kind: str) -> SupervisionLetter:
    """Make a proposed letter into a draft with everything it names; twice gives one letter and a Conflict."""
    region = lock_region(check_may_write(by))
    proposal = proposal_of(region, unit, kind)
    title, body = proposed_words(proposal.step, unit, len(proposal.items))
    return draft_letter(by=by, kind=kind, units=[proposal.unit], title=title, body=body, items=proposal)


@transaction.atomic
def decline_proposed(*, by: User, unit: Unit, kind: str, reason: str) -> SupervisionLetter:
    """Put on record that a proposed letter is not written, and why; the ladder goes on with the next step in time."""
    region = lock_region(check_may_write(by))
    if not reason.strip():
        raise Refused("请写明不发函的理由。", code="invalid", fields={"reason": ["请写明理由。"]})
    proposal = proposal_of(region, unit, kind)
    title, body = proposed_words(proposal.step, unit, len(proposal.items))
    assert by.unit is not None
    letter = SupervisionLetter.objects.create(
        region=region,
        kind=kind,
        organ=by.unit,
        title=title,
        body=body,
        state=SupervisionLetter.State.DECLINED,
        drafted_by=by,
        reason=reason.strip()[:300],
    )
    LetterReceipt.objects.create(letter=letter, unit=proposal.unit)
    write_items(letter, proposal)
    record("supervisionletter.declined", letter, by=by, note=reason.strip())
    return letter


def lock_region(region: Region) -> Region:
    """Two people who press at once wait for each other, so that one thing gets one letter."""
    return Region.objects.select_for_update().get(pk=region.pk)


@transaction.atomic
def edit_letter(
    *, by: User, letter: SupervisionLetter, title: str, body: str, details: dict[str, Any] | None = None
) -> SupervisionLetter:
    """Change a draft. Who changed it last counts as its writer, and so cannot approve it."""
    row = locked_letter(letter, by)
    if row.state not in SupervisionLetter.EDITABLE:
        raise Conflict(f"函件{row.get_state_display()}，不能再修改。")
    faults = faults_of_draft(row.kind, [row.organ], title, body)
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    changed = {"title": title.strip(), "body": body.strip(), "drafted_by": by, **talk_details(row.kind, details or {})}
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    record("supervisionletter.changed", row, by=by, before=before, after=changed)
    return row


def locked_letter(letter: SupervisionLetter, by: User) -> SupervisionLetter:
    row: SupervisionLetter = (
        SupervisionLetter.objects.select_for_update(of=("self",)).select_related("organ", "region").get(pk=letter.pk)
    )
    if "bureau" not in row.relations_of(by):
        raise NotAllowed("督办函件由应急管理局的工作人员办理。")
    return row


@transaction.atomic
def move_letter(*, by: User, letter: SupervisionLetter, action: str, note: str = "") -> SupervisionLetter:
    """Approve, give back, send, file or withdraw a letter (LETTER_MOVES). Sending gives the number and the day."""
    if action not in SIMPLE_MOVES:
        raise Conflict("没有这一步，请刷新页面后再办理。")
    changes: dict[str, Any] = {}
    if action == "approve":
        changes = {"approved_by": by, "approved_at": timezone.now()}
    elif action == "refuse":
        changes = {"reason": note.strip()[:300]}
    elif action == "send":
        today = timezone.localdate()
        changes = {
            "number": next_letter_number(letter, today.year),
            "sent_on": today,
            "answer_by": add_workdays(today, rule(letter.step.answer, letter.region_id)),
        }
    return advance(letter, action, by=by, note=note, **changes)


def next_letter_number(letter: SupervisionLetter, year: int) -> str:
    """The next number of a kind, county and year: 青应急督函〔2026〕3号."""
    county = letter.region.county
    number = next_number(f"letter.{letter.kind}", county.code, year)
    return f"{county.name[:1]}应急{letter.step.word}〔{year}〕{number}号"


@transaction.atomic
def move_receipt(*, by: User, receipt: LetterReceipt, action: str, note: str = "") -> LetterReceipt:
    """Sign for a letter, enter a signature on paper, or give an answer back (RECEIPT_MOVES)."""
    if action not in ("sign", "enter", "return"):
        raise Conflict("答复请在答复表单中提交。")
    changes: dict[str, Any] = {}
    if action in ("sign", "enter"):
        changes = {"signed_by": by, "signed_at": timezone.now()}
    return advance(receipt, action, by=by, note=note, **changes)


@transaction.atomic
def answer_letter(*, by: User, receipt: LetterReceipt, answer: str, files: Sequence[File[bytes]] = ()) -> LetterReceipt:
    """Answer a letter that was signed for, with words and files. The bureau may enter an answer that came on paper."""
    if not answer.strip():
        raise Refused("请改正标出的内容后再提交。", code="invalid", fields={"answer": ["请写明办理情况。"]})
    advance(receipt, "answer", by=by, answer=answer.strip(), answered_by=by, answered_at=timezone.now())
    for file in files:
        store_evidence(file=file, by=by, about=receipt, caption="答复材料")
    return receipt


@transaction.atomic
def record_talk(
    *, by: User, letter: SupervisionLetter, people: str, record_text: str, files: Sequence[File[bytes]] = ()
) -> SupervisionLetter:
    """Enter who came to a talk and what was said; a later entry replaces the words and leaves both in the history."""
    row = locked_letter(letter, by)
    if not row.is_talk or row.state != SupervisionLetter.State.SENT:
        raise Conflict("约谈通知发出以后、归档以前，才能登记约谈记录。")
    faults = {
        name: ["请填写这一项。"] for name, text in (("people", people), ("record", record_text)) if not text.strip()
    }
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    before = {"people": row.people, "record": row.record}
    row.people, row.record = people.strip(), record_text.strip()
    row.save(update_fields=["people", "record"])
    for file in files:
        store_evidence(file=file, by=by, about=row, caption="约谈记录")
    record("supervisionletter.talked", row, by=by, before=before, after={"people": row.people, "record": row.record})
    return row


@transaction.atomic
def record_exposure(
    *,
    by: User,
    letter: SupervisionLetter,
    published_in: str,
    published_on: dt.date,
    files: Sequence[File[bytes]] = (),
) -> SupervisionLetter:
    """Enter where and when a matter was made public."""
    row = locked_letter(letter, by)
    if not row.is_exposure or row.state != SupervisionLetter.State.SENT:
        raise Conflict("曝光决定发出以后、归档以前，才能登记曝光情况。")
    faults: dict[str, list[str]] = {}
    if not published_in.strip():
        faults["published_in"] = ["请填写在哪里曝光。"]
    if row.sent_on is not None and not row.sent_on <= published_on <= timezone.localdate():
        faults["published_on"] = ["曝光日期应在发出日期和今天之间。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    before = {"published_in": row.published_in, "published_on": row.published_on}
    row.published_in, row.published_on = published_in.strip(), published_on
    row.save(update_fields=["published_in", "published_on"])
    for file in files:
        store_evidence(file=file, by=by, about=row, caption="曝光截图")
    record(
        "supervisionletter.published",
        row,
        by=by,
        before=before,
        after={"published_in": row.published_in, "published_on": row.published_on},
    )
    return row
