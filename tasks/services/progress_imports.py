"""Handing in a form that was filled in off line, of a campaign's progress or of one report, and writing what it says."""

from __future__ import annotations

import hashlib
import uuid

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import evidence_path, store_evidence
from common.history import record
from common.spreadsheets import ImportResult, ImportRow, Outcome, table_file_type
from tasks.imports.progress import check_progress
from tasks.imports.report import answers_of, check_report_form
from tasks.models import Assignment, Campaign, ProgressImport, ProgressReport
from tasks.reporting import Sheet
from tasks.services.assignments import report_progress
from tasks.services.reports import check_may_write, locked, save_report
from units.models import User

CONFIRM = "tasks.confirm_progress"


def check_may_hand_in(by: User, campaign: Campaign, report: ProgressReport | None = None) -> None:
    """Refuse readers, every campaign that has ended, and a report that is not being written."""
    if report is not None:
        check_may_write(by, report)
    if not by.reports:
        raise NotAllowed("您的账号只能查看，不能填报进展。")
    if campaign.state != Campaign.State.ACTIVE:
        raise Conflict("这个行动已经结束，不再填报进展。")


@transaction.atomic
def start_progress_import(
    *, by: User, campaign: Campaign, name: str, data: bytes, report: ProgressReport | None = None
) -> ProgressImport:
    """Keep a form that was handed in, after reading it once; nothing of it is written yet.

    Raises Refused where the file is no form of this campaign, or of this `report`; faults of single rows are shown in
    the preview.
    """
    check_may_hand_in(by, campaign, report)
    result = _check(data, by, campaign, report)
    run: ProgressImport = ProgressImport.objects.create(
        campaign=campaign,
        report=report,
        created_by=by,
        file_name=name[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        counts=result.counts,
    )
    store_evidence(file=ContentFile(data, name=name), by=by, about=run, file_type=table_file_type(data))
    return run


def read_progress_import(run: ProgressImport) -> bytes:
    """The bytes that were handed in."""
    return evidence_path(run.sha256).read_bytes()


def check_progress_import(*, by: User, run: ProgressImport) -> ImportResult:
    """Compare a form with the ledger, or its report, as it is now."""
    return _check(read_progress_import(run), by, run.campaign, run.report)


def _check(data: bytes, by: User, campaign: Campaign, report: ProgressReport | None) -> ImportResult:
    return check_report_form(data, report=report) if report else check_progress(data, campaign=campaign, by=by)


@transaction.atomic
def confirm_progress_import(*, by: User, run: ProgressImport) -> ProgressImport:
    """Write the rows that are right, under one batch; they are checked again, and faulty ones stay out.

    Raises Conflict when the form was written or put aside before, Refused when it has nothing to write.
    """
    check_may_hand_in(by, run.campaign, run.report)
    held: ProgressImport = ProgressImport.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if held.state != ProgressImport.State.CHECKED:
        raise Conflict(f"这张表{held.get_state_display()}，不能再次写入。需要时请重新上传。")
    result = check_progress_import(by=by, run=held)
    rows = result.with_outcome(Outcome.NEW, Outcome.CHANGED)
    if not rows:
        raise Refused("表里没有要写入的内容。", code="nothing_to_write")
    held.batch = uuid.uuid4()
    if held.report is not None:
        _write_report(by, held.report, rows)
    else:
        _write_progress(by, rows, held.batch)
    held.state, held.confirmed_at, held.counts = ProgressImport.State.CONFIRMED, timezone.now(), result.counts
    held.save(update_fields=["state", "confirmed_at", "counts", "batch"])
    after = result.counts | {"file": held.file_name}
    record("progressimport.confirmed", held.report or held.campaign, by=by, after=after, batch=held.batch)
    run.refresh_from_db()
    return held


def _write_progress(by: User, rows: list[ImportRow], batch: uuid.UUID) -> None:
    owed = Assignment.objects.visible_to(by).in_bulk([row.values["assignment"] for row in rows])
    for row in rows:
        report_progress(
            by=by,
            assignment=owed[row.values["assignment"]],
            percent=row.values["percent"],
            text=row.values["text"],
            batch=batch,
        )


def _write_report(by: User, report: ProgressReport, rows: list[ImportRow]) -> None:
    report = locked(report)
    saved = save_report(by=by, report=report, answers=answers_of(rows, Sheet(report)))
    if saved.clashes:
        raise Conflict("刚才有人改过这份月报，请重新检查后再写入。")


@transaction.atomic
def drop_progress_import(*, by: User, run: ProgressImport) -> None:
    """Put a form aside; the file stays for the record."""
    mine = ProgressImport.objects.visible_to(by).filter(pk=run.pk, state=ProgressImport.State.CHECKED)
    if not mine.update(state=ProgressImport.State.DROPPED):
        raise Conflict(f"这张表{run.get_state_display()}，不用放弃。")
