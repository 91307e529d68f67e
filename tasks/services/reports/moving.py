"""A report signed, handed in, accepted, sent back, corrected."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.history import record
from common.transitions import advance
from tasks.models import ProgressReport, ReportEntry, ReportFigure
from tasks.reporting import NARRATIVE, Sheet
from tasks.services.report_ledger import write_to_ledger
from tasks.services.reports.saving import locked
from units.models import Role, User


@transaction.atomic
def sign_report(*, by: User, report: ProgressReport, signed_for: str = "") -> ProgressReport:
    """Sign a whole report; its figures and lines are then kept as they stand.

    `signed_for` names the head of the unit who signed on paper, where the account is not the head's own.
    """
    name = signed_for.strip() or (by.name if by.role == Role.MINE_HEAD else "")
    if not name:
        raise Refused("请写明签发负责人的姓名。", code="invalid", fields={"signed_for": ["请写明签发负责人的姓名。"]})
    sheet = Sheet(locked(report))
    lines, figures = (sheet.lines, sheet.figures) if sheet.report.is_open else ([], [])
    advance(report, "sign", by=by, signed_by=by, signed_for=name[:40], signed_at=timezone.now())
    for line in lines:
        if line.entry is None:
            ReportEntry.objects.create(
                report=report,
                assignment=line.assignment,
                state=line.state,
                percent=line.percent,
                text=line.text,
                edited_by=by,
                edited_at=timezone.now(),
            )
    # Lines of tasks that were withdrawn or settled while the report was written.
    report.entries.exclude(assignment__in=[line.pk for line in lines]).delete()
    report.figures.all().delete()
    ReportFigure.objects.bulk_create(
        ReportFigure(
            report=report,
            position=position,
            key=figure.key,
            label=figure.label,
            computed=figure.computed,
            stated=figure.stated,
            reason=figure.reason if figure.is_changed else "",
            remark=figure.remark,
        )
        for position, figure in enumerate(figures)
    )
    return report


@transaction.atomic
def move_report(*, by: User, report: ProgressReport, action: str, note: str = "") -> ProgressReport:
    """Hand in, recall, reopen or drop a report (REPORT_MOVES); what is open again counts its figures anew."""
    if action == "sign":
        return sign_report(by=by, report=report)
    if action in ("accept", "return"):
        return decide_report(by=by, report=report, action=action, note=note)
    changes: dict[str, Any] = {}
    if action == "submit":
        now = timezone.now()
        changes = {"submitted_by": by, "submitted_at": now, "first_submitted_at": report.first_submitted_at or now}
    elif action == "recall":
        # Nobody has looked at it yet: what counts as handed in is the next time.
        changes = {"submitted_at": None} | ({} if report.returned_count else {"first_submitted_at": None})
    advance(report, action, by=by, note=note, **changes)
    if action in ("recall", "reopen"):
        _forget_unchanged_figures(report)
    return report


def _forget_unchanged_figures(report: ProgressReport) -> None:
    for figure in report.figures.all():
        if not figure.is_changed and not figure.remark:
            figure.delete()


@transaction.atomic
def decide_report(
    *, by: User, report: ProgressReport, action: str, note: str = "", remarks: Mapping[str, str] | None = None
) -> ProgressReport:
    """Accept a report and carry its lines into the ledger, or return it with `remarks` at its lines.

    `remarks` maps line-<assignment> and figure-<key> to a sentence. A mark at a line is reason enough to return it.
    """
    remarks = {place: words.strip() for place, words in (remarks or {}).items() if words.strip()}
    if action == "accept":
        if remarks:
            raise Refused("标了意见的报告不能直接通过。请退回，或者清空各行的意见后再通过。", code="has_remarks")
        advance(report, "accept", by=by, note=note, decided_by=by, decided_at=timezone.now())
        batch = uuid.uuid4()
        counts = write_to_ledger(report=locked(report), by=by, batch=batch)
        record("progressreport.written", report, by=by, after=counts, batch=batch)
        return report
    if not note.strip() and remarks:
        note = f"有{len(remarks)}处意见，见各行。"
    advance(
        report,
        "return",
        by=by,
        note=note,
        decided_by=by,
        decided_at=timezone.now(),
        returned_count=report.returned_count + 1,
    )
    for entry in report.entries.all():
        _mark(entry, remarks.get(f"line-{entry.assignment_id}", ""))
    for figure in report.figures.all():
        _mark(figure, remarks.get(f"figure-{figure.key}", ""))
    _forget_unchanged_figures(report)
    return report


def _mark(row: ReportEntry | ReportFigure, remark: str) -> None:
    if row.remark != remark:
        row.remark = remark[:500]
        row.save(update_fields=["remark"])


@transaction.atomic
def correct_report(*, by: User, report: ProgressReport, reason: str) -> ProgressReport:
    """Begin a correction of an accepted report: a further version with the same content, which counts once accepted."""
    if "unit" not in report.relations_of(by):
        raise NotAllowed("更正由报送单位自己提出。")
    if not reason.strip():
        raise Refused("请写明为什么更正。", code="invalid", fields={"reason": ["请写明为什么更正。"]})
    report = locked(report)
    if not ProgressReport.objects.standing().filter(pk=report.pk).exists():
        raise Conflict("只有已通过的最新一版才能更正。")
    versions = ProgressReport.objects.filter(rule=report.rule_id, unit=report.unit_id, period=report.period)
    if versions.exclude(state__in=(ProgressReport.State.ACCEPTED, ProgressReport.State.DROPPED)).exists():
        raise Conflict("这份报告已经有一份更正在办理，请先办完。")
    latest: int = versions.order_by("-version").values_list("version", flat=True)[0]
    copy: ProgressReport = ProgressReport.objects.create(
        rule=report.rule,
        campaign=report.campaign,
        region_id=report.region_id,
        unit=report.unit,
        period=report.period,
        label=report.label,
        starts=report.starts,
        ends=report.ends,
        due_on=report.due_on,
        version=latest + 1,
        replaces=report,
        correction_reason=reason.strip()[:300],
        edited_by=by,
        edited_at=timezone.now(),
        **{name: getattr(report, name) for name in NARRATIVE},
    )
    ReportEntry.objects.bulk_create(
        ReportEntry(
            report=copy,
            assignment_id=entry.assignment_id,
            state=entry.state,
            percent=entry.percent,
            text=entry.text,
            edited_by=by,
            edited_at=timezone.now(),
        )
        for entry in report.entries.all()
    )
    ReportFigure.objects.bulk_create(
        ReportFigure(
            report=copy,
            position=figure.position,
            key=figure.key,
            label=figure.label,
            computed=figure.computed,
            stated=figure.stated,
            reason=figure.reason,
        )
        for figure in report.figures.all()
    )
    record("progressreport.correction", copy, by=by, after={"version": copy.version}, note=reason.strip())
    return copy
