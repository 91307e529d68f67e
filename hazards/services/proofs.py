"""What proves that a hazard is gone: reports, plan, the five implementations, rectification, re-inspection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from common.transitions import advance
from hazards.models import (
    DoubleReport,
    Hazard,
    Implementation,
    MajorReport,
    Rectification,
    Reinspection,
    ReinspectionOfficer,
    TreatmentPlan,
)
from hazards.services.signs import note_closing, note_rectification
from units.models import User

REPORT_PARTS = ("present_state", "harm", "treatment")
PLAN_PARTS = ("goals", "methods", "resources", "people", "schedule", "safety")
SETTLED = (Hazard.State.CLOSED, Hazard.State.VOID)


def locked(hazard: Hazard, by: User, *relations: str) -> Hazard:
    """The row under lock. Raises NotAllowed unless the user is one of `relations` to it, Conflict once it is settled."""
    row = Hazard.objects.select_for_update(of=("self",)).select_related("mine").get(pk=hazard.pk)
    if not row.relations_of(by).intersection(relations):
        raise NotAllowed("这一项不属于您的职责，请由责任单位或应急管理局的人员办理。")
    if row.state in SETTLED:
        raise Conflict(f"隐患已经{row.get_state_display()}，不能再修改。")
    return row


def needed(parts: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """The named parts, stripped; raises Refused naming each that is empty."""
    given = {name: (parts.get(name) or "").strip() for name in names}
    if empty := {name: ["请填写这一项。"] for name, text in given.items() if not text}:
        raise Refused("请把每一项都填写完整。", code="invalid", fields=empty)
    return given


@transaction.atomic
def write_major_report(*, by: User, hazard: Hazard, parts: Mapping[str, str]) -> MajorReport:
    """Write or rewrite the report on a major hazard: `present_state`, `harm` and `treatment`, all three."""
    row = locked(hazard, by, "mine")
    report, _ = MajorReport.objects.update_or_create(hazard=row, defaults=needed(parts, REPORT_PARTS) | {"made_by": by})
    record("hazard.reported", row, by=by, after=dict(needed(parts, REPORT_PARTS)))
    return report


@transaction.atomic
def write_treatment_plan(*, by: User, hazard: Hazard, parts: Mapping[str, str]) -> TreatmentPlan:
    """Write or rewrite the treatment plan in its six parts (see PLAN_PARTS)."""
    row = locked(hazard, by, "mine")
    plan, _ = TreatmentPlan.objects.update_or_create(hazard=row, defaults=needed(parts, PLAN_PARTS) | {"made_by": by})
    record("hazard.planned", row, by=by, after=dict(needed(parts, PLAN_PARTS)))
    return plan


@transaction.atomic
def record_double_report(
    *,
    by: User,
    hazard: Hazard,
    regulator_on: dt.date | None,
    regulator_receipt: str,
    congress_on: dt.date | None,
    congress_receipt: str,
    files: Sequence[File[bytes]] = (),
) -> DoubleReport:
    """Record when a major hazard was reported to the regulator and to the workers' congress, with both receipts."""
    row = locked(hazard, by, "mine", "bureau")
    report = DoubleReport.objects.filter(hazard=row).first()
    if report is None:
        raise Conflict("只有重大隐患需要双报告。")
    today = timezone.localdate()
    faults = {
        name: ["日期不能晚于今天，也不能早于发现日期。"]
        for name, day in (("regulator_on", regulator_on), ("congress_on", congress_on))
        if day is not None and not row.found_on <= day <= today
    }
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    report.regulator_on, report.regulator_receipt = regulator_on, regulator_receipt.strip()
    report.congress_on, report.congress_receipt = congress_on, congress_receipt.strip()
    report.save()
    for file in files:
        store_evidence(file=file, by=by, about=report)
    record("hazard.double_reported", row, by=by, after={"regulator_on": regulator_on, "congress_on": congress_on})
    return report


@transaction.atomic
def prove_facet(
    *, by: User, hazard: Hazard, facet: str, fields: Mapping[str, Any], files: Sequence[File[bytes]] = ()
) -> Implementation:
    """State how one of the five is implemented, with files; an earlier confirmation falls, since it was of other words.

    `fields`: statement, since, in_place, and by facet person, duty, phone, planned, spent (万元), until.
    """
    row = locked(hazard, by, "mine")
    facet_row = Implementation.objects.select_for_update().filter(hazard=row, facet=facet).first()
    if facet_row is None:
        raise Conflict("这条隐患没有开立“五落实”，请先由应急管理局定为重大隐患。")
    faults: dict[str, list[str]] = {}
    if fields.get("in_place"):
        if not (fields.get("statement") or "").strip():
            faults["statement"] = ["请写明怎样落实的。"]
        if not fields.get("since"):
            faults["since"] = ["请填写落实日期。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    for name in ("in_place", "since", "statement", "person", "duty", "phone", "planned", "spent", "until"):
        if name in fields:
            setattr(facet_row, name, fields[name])
    facet_row.stated_by, facet_row.confirmed_by, facet_row.confirmed_at = by, None, None
    for file in files:
        store_evidence(file=file, by=by, about=facet_row)
    facet_row.has_evidence = facet_row.has_evidence or bool(files)
    facet_row.save()
    told = {"facet": facet, "in_place": facet_row.in_place, "statement": facet_row.statement, "files": len(files)}
    record("hazard.facet", row, by=by, after=told, note=facet_row.get_facet_display())
    return facet_row


@transaction.atomic
def confirm_facet(*, by: User, hazard: Hazard, facet: str) -> Implementation:
    """Confirm one of the five by a second person of the bureau, who has seen words and files."""
    row = locked(hazard, by, "inspector")
    facet_row = Implementation.objects.select_for_update().get(hazard=row, facet=facet)
    if not (facet_row.in_place and facet_row.has_evidence):
        raise Refused("这一项还没有落实情况或印证资料，不能确认。")
    if facet_row.stated_by_id == by.pk:
        raise Refused("填报人不能确认自己填报的内容，请由另一名工作人员确认。")
    facet_row.confirmed_by, facet_row.confirmed_at = by, timezone.now()
    facet_row.save(update_fields=["confirmed_by", "confirmed_at"])
    record("hazard.facet_confirmed", row, by=by, note=facet_row.get_facet_display())
    return facet_row


@transaction.atomic
def rectify_hazard(
    *, by: User, hazard: Hazard, statement: str, done_on: dt.date, files: Sequence[File[bytes]] = ()
) -> Rectification:
    """Say what was done in this round, with photographs of after; rewriting it before the acceptance is allowed."""
    row = locked(hazard, by, "mine")
    if row.state not in (Hazard.State.TREATING, Hazard.State.RETURNED):
        raise Conflict(f"当前状态为“{row.get_state_display()}”，不能填报整改。")
    before = row.rectifications.filter(round=row.round).first()
    faults: dict[str, list[str]] = {}
    if not statement.strip():
        faults["statement"] = ["请写明怎样整改的。"]
    if not row.found_on <= done_on <= timezone.localdate():
        faults["done_on"] = ["完成日期应在发现日期和今天之间。"]
    if not files and before is None:
        faults["evidence"] = ["请上传整改后的照片或资料。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    rectification, _ = Rectification.objects.update_or_create(
        hazard=row, round=row.round, defaults={"statement": statement.strip(), "done_on": done_on, "made_by": by}
    )
    shown = [store_evidence(file=file, by=by, about=rectification, caption="整改后") for file in files]
    row.rectifier, row.rectified_on = by, done_on
    row.save(update_fields=["rectifier", "rectified_on", "updated_at"])
    record(
        "hazard.rectified", row, by=by, after={"round": row.round, "statement": statement.strip(), "files": len(files)}
    )
    note_rectification(rectification=rectification, files=shown)
    hazard.refresh_from_db()
    return rectification


def may_reinspect(hazard: Hazard, officer: User) -> bool:
    """Whether a re-inspection may be signed by this person: of the bureau, or of the mine where it checks itself."""
    relations = {"inspector"} if hazard.is_major else {"inspector", "self_checker"}
    return officer.is_active and bool(hazard.relations_of(officer) & relations)


@transaction.atomic
def record_reinspection(
    *,
    by: User,
    hazard: Hazard,
    on: dt.date,
    on_site: bool,
    officers: Sequence[User],
    passed: bool,
    opinion: str,
    files: Sequence[File[bytes]] = (),
) -> Reinspection:
    """Record the re-inspection of this round and close the hazard, or return it with the opinion as reason.

    `officers` are those who were there; the rectifier may not be among them. What is still missing for closing is
    refused whole, so that a failed closing leaves no record of a passed re-inspection.
    """
    row = locked(hazard, by, "inspector", "self_checker")
    if row.state != Hazard.State.AWAITING:
        raise Conflict(f"当前状态为“{row.get_state_display()}”，要等矿山申请复查后才能登记复查。")
    faults: dict[str, list[str]] = {}
    if not opinion.strip():
        faults["opinion"] = ["请写明复查看到的情况和结论。"]
    if not (row.rectified_on or row.found_on) <= on <= timezone.localdate():
        faults["on"] = ["复查日期应在整改完成之后、今天之前。"]
    if not officers:
        faults["officers"] = ["请选择参加复查的人员。"]
    elif row.rectifier_id in {officer.pk for officer in officers}:
        faults["officers"] = ["整改人不能参加复查，请改选其他人员。"]
    elif others := [officer.name for officer in officers if not may_reinspect(row, officer)]:
        faults["officers"] = [f"{'、'.join(others)}不能复查这条隐患，请改选应急管理局的工作人员或执法人员。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    result = Reinspection.Result.PASSED if passed else Reinspection.Result.FAILED
    reinspection = Reinspection.objects.create(
        hazard=row, round=row.round, on=on, on_site=on_site, result=result, opinion=opinion.strip(), recorded_by=by
    )
    ReinspectionOfficer.objects.bulk_create(
        ReinspectionOfficer(reinspection=reinspection, officer=one) for one in officers
    )
    for file in files:
        store_evidence(file=file, by=by, about=reinspection, caption="复查")
    record("hazard.reinspected", row, by=by, after={"round": row.round, "result": result, "on_site": on_site})
    if passed:
        advance(row, "close", by=by, note=opinion, closed_on=on, closed_by=by)
        note_closing(reinspection=reinspection)
    else:
        advance(row, "return", by=by, note=opinion, returned_count=row.returned_count + 1)
    hazard.refresh_from_db()
    return reinspection
