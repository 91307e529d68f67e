"""A hazard steps beside its way: while its mine is suspended, or while another department has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from common.serials import next_number
from common.transitions import advance
from hazards.models import HandOver, Hazard, HazardSuspension, Rectification
from mines.models import Mine
from units.models import Region, Unit, User


def locked_by_bureau(hazard: Hazard, by: User) -> Hazard:
    """The row under lock. Raises NotAllowed unless the user is of the bureau."""
    row: Hazard = Hazard.objects.select_for_update(of=("self",)).select_related("mine", "region").get(pk=hazard.pk)
    if "bureau" not in row.relations_of(by):
        raise NotAllowed("停产暂缓和移送由应急管理局办理。")
    return row


def locked_by_answerer(hazard: Hazard, by: User) -> Hazard:
    """The row under lock. Raises NotAllowed unless the user is of the bureau, or of the department that has the hazard."""
    row: Hazard = Hazard.objects.select_for_update(of=("self",)).select_related("mine", "region").get(pk=hazard.pk)
    if not row.relations_of(by) & {"bureau", "receiver"}:
        raise NotAllowed("移送的隐患由接收部门签收、办理和答复，或由应急管理局登记。")
    return row


def receiving_unit(name: str, by: User) -> Unit | None:
    """The department of the bureau's region that a letter is addressed to by its full, short or other name."""
    assert by.unit is not None
    rows = Unit.objects.filter(kind=Unit.Kind.DEPARTMENT, is_active=True, region=by.unit.region).exclude(pk=by.unit.pk)
    known = Q(name=name) | Q(short_name=name) | Q(aliases__name=name)
    found: Unit | None = rows.filter(known).order_by("pk").first()
    return found


def check(faults: dict[str, list[str]]) -> None:
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)


def needed(**texts: str) -> dict[str, list[str]]:
    """A fault for each text that is empty."""
    return {name: ["请填写这一项。"] for name, text in texts.items() if not text.strip()}


@transaction.atomic
def suspend_hazard(
    *, by: User, hazard: Hazard, reason: str, paper: str, since: dt.date, files: Sequence[File[bytes]] = ()
) -> HazardSuspension:
    """Let a hazard wait while its mine is suspended, by the paper that suspended it. Its day stays as it is."""
    row = locked_by_bureau(hazard, by)
    faults = needed(reason=reason, paper=paper)
    if not row.found_on <= since <= timezone.localdate():
        faults["since"] = ["起始日期应在发现日期和今天之间。"]
    check(faults)
    advance(row, "suspend", by=by, note=reason, former_state=row.state)
    suspension = HazardSuspension.objects.create(
        hazard=row, reason=reason.strip(), paper=paper.strip(), since=since, begun_by=by
    )
    for file in files:
        store_evidence(file=file, by=by, about=suspension, caption="停产文书")
    hazard.refresh_from_db()
    return suspension


@transaction.atomic
def resume_hazard(
    *, by: User, hazard: Hazard, paper: str, resumed_on: dt.date, files: Sequence[File[bytes]] = ()
) -> HazardSuspension:
    """Go on where the hazard stood before its mine was suspended. A later day is asked for by the mine, as always."""
    row = locked_by_bureau(hazard, by)
    suspension = row.suspensions.select_for_update().filter(resumed_on=None).first()
    if suspension is None:
        raise Conflict("这条隐患没有停产暂缓，不能恢复办理。请刷新页面，按现在的状态办理。")
    faults = needed(paper=paper)
    if not suspension.since <= resumed_on <= timezone.localdate():
        faults["resumed_on"] = ["恢复日期应在暂缓起始日期和今天之间。"]
    check(faults)
    suspension.resumed_on, suspension.resumed_paper, suspension.ended_by = resumed_on, paper.strip(), by
    suspension.save(update_fields=["resumed_on", "resumed_paper", "ended_by"])
    for file in files:
        store_evidence(file=file, by=by, about=suspension, caption="复产文书")
    advance(row, "resume", by=by, note=f"{paper.strip()}；共暂缓{suspension.days}天", former_state="")
    hazard.refresh_from_db()
    return suspension


def follow_mine(mine: Mine, by: User, resumed_on: dt.date, paper: str) -> None:
    """Let every hazard that waited for the mine go on when the mine works again."""
    waiting = HazardSuspension.objects.filter(hazard__mine=mine.pk, hazard__state="suspended", resumed_on=None)
    for one in waiting.select_related("hazard__mine"):
        resume_hazard(by=by, hazard=one.hazard, paper=paper, resumed_on=max(resumed_on, one.since))


@transaction.atomic
def hand_over_hazard(
    *, by: User, hazard: Hazard, receiver: str, reason: str, sent_on: dt.date, files: Sequence[File[bytes]] = ()
) -> HandOver:
    """Send a hazard to the department whose business it is; the letter's number comes out of the county's series."""
    row = locked_by_bureau(hazard, by)
    faults = needed(receiver=receiver, reason=reason)
    if not row.found_on <= sent_on <= timezone.localdate():
        faults["sent_on"] = ["移送日期应在发现日期和今天之间。"]
    check(faults)
    advance(row, "hand_over", by=by, note=f"{receiver.strip()}：{reason.strip()}", former_state=row.state)
    hand_over = HandOver.objects.create(
        hazard=row,
        receiver=receiver.strip(),
        unit=receiving_unit(receiver.strip(), by),
        letter=next_letter_number(row.region.county, sent_on.year),
        reason=reason.strip(),
        sent_on=sent_on,
        sent_by=by,
    )
    for file in files:
        store_evidence(file=file, by=by, about=hand_over, caption="移送材料")
    hazard.refresh_from_db()
    return hand_over


def next_letter_number(region: Region, year: int) -> str:
    """The next number of a county's letters of hand-over: 青应急移〔2026〕3号."""
    return f"{region.name[:1]}应急移〔{year}〕{next_number('hand_over', region.code, year)}号"


@transaction.atomic
def record_receipt(
    *, by: User, hazard: Hazard, received_on: dt.date, receipt: str, files: Sequence[File[bytes]] = ()
) -> HandOver:
    """Record that the other department has received the hazard: when, and who signed for it."""
    row = locked_by_answerer(hazard, by)
    hand_over = open_hand_over(row)
    faults = needed(receipt=receipt)
    if not hand_over.sent_on <= received_on <= timezone.localdate():
        faults["received_on"] = ["签收日期应在移送日期和今天之间。"]
    check(faults)
    hand_over.received_on, hand_over.receipt = received_on, receipt.strip()
    hand_over.save(update_fields=["received_on", "receipt"])
    for file in files:
        store_evidence(file=file, by=by, about=hand_over, caption="回执")
    record("hazard.received", row, by=by, note=f"{hand_over.receiver}：{receipt.strip()}", after={"on": received_on})
    return hand_over


@transaction.atomic
def tell_treatment(*, by: User, hazard: Hazard, treatment: str, files: Sequence[File[bytes]] = ()) -> HandOver:
    """State what the receiving department has done so far, which also counts as its receipt where it gave none."""
    row = locked_by_answerer(hazard, by)
    hand_over = open_hand_over(row)
    check(needed(treatment=treatment))
    today = timezone.localdate()
    if hand_over.received_on is None:
        hand_over.received_on, hand_over.receipt = today, by.name
    hand_over.treatment, hand_over.treatment_on = treatment.strip(), today
    hand_over.save(update_fields=["received_on", "receipt", "treatment", "treatment_on"])
    for file in files:
        store_evidence(file=file, by=by, about=hand_over, caption="办理情况")
    record("hazard.treatment_told", row, by=by, note=f"{hand_over.receiver}：{treatment.strip()}")
    return hand_over


@transaction.atomic
def end_hand_over(
    *,
    by: User,
    hazard: Hazard,
    treated: bool,
    answered_on: dt.date,
    answer: str,
    answer_paper: str = "",
    files: Sequence[File[bytes]] = (),
) -> HandOver:
    """Enter the other department's answer: treated, or back to the bureau where the hazard stood before.

    Treated needs files. It becomes the rectification of this round, claimed by whoever enters it, so that others have
    to re-inspect: a major hazard by two on site and with the five in place, as always.
    """
    row = locked_by_answerer(hazard, by)
    hand_over = open_hand_over(row)
    faults = needed(answer=answer)
    if not hand_over.sent_on <= answered_on <= timezone.localdate():
        faults["answered_on"] = ["答复日期应在移送日期和今天之间。"]
    if treated and not files:
        faults["evidence"] = ["答复已整改的，请上传答复函和整改后的照片或资料。"]
    check(faults)
    # The move comes first: who has the hazard may answer only while the hand-over is open.
    if treated:
        words = f"{hand_over.receiver}答复：{answer.strip()}"
        claim = {"statement": words, "done_on": answered_on, "made_by": by}
        Rectification.objects.update_or_create(hazard=row, round=row.round, defaults=claim)
        advance(row, "answered", by=by, note=words, former_state="", rectifier=by, rectified_on=answered_on)
    else:
        advance(row, "take_back", by=by, note=answer, former_state="")
    hand_over.outcome = HandOver.Outcome.TREATED if treated else HandOver.Outcome.TAKEN_BACK
    hand_over.answered_on, hand_over.answer, hand_over.answer_paper = answered_on, answer.strip(), answer_paper.strip()
    hand_over.ended_by = by
    hand_over.save()
    for file in files:
        store_evidence(file=file, by=by, about=hand_over, caption="答复")
    hazard.refresh_from_db()
    return hand_over


def open_hand_over(hazard: Hazard) -> HandOver:
    """The hand-over that waits for an answer, under lock; Conflict where there is none."""
    found: HandOver | None = hazard.hand_overs.select_for_update().filter(outcome=HandOver.Outcome.WAITING).first()
    if found is None:
        raise Conflict("这条隐患没有在移送中。请刷新页面，按现在的状态办理。")
    return found
