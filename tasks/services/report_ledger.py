"""What an accepted report does to the ledger, so that nothing is typed twice.

Each line becomes a progress entry of its task, said by who handed the report in. The duties of the period that a line
speaks of are reported and accepted with it: the reviewer has read the line. A whole task that the line calls finished is
handed in for a review of its own, because completing a task takes proof of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.core.files import File

from common.errors import Refused
from common.evidence import evidence_path
from common.models import Evidence
from tasks.models import Assignment, DueItem, ProgressReport, ReportEntry
from tasks.services.assignments import move_assignment, report_progress
from tasks.services.due_items import move_due_item
from units.models import User

NOT_WRITABLE = (Assignment.State.SUBMITTED, Assignment.State.DONE)


def write_to_ledger(*, report: ProgressReport, by: User, batch: uuid.UUID) -> dict[str, int]:
    """Carry the lines of an accepted report into the ledger; answer how many were written, passed over and so on.

    A line is passed over when its task waits for review, is done or was withdrawn, or already says the same.
    """
    speaker = report.submitted_by
    assert speaker is not None
    counts = {"written": 0, "items": 0, "finished": 0, "passed": 0}
    former = dict(report.replaces.entries.values_list("assignment", "text")) if report.replaces else {}
    entries = report.entries.select_related("assignment__task", "assignment__unit", "assignment__campaign")
    for entry in entries:
        owed = entry.assignment
        if owed.withdrawn_on or owed.state in NOT_WRITABLE or "unit" not in owed.relations_of(speaker):
            counts["passed"] += 1
            continue
        if former.get(owed.pk) == entry.text and owed.percent == entry.percent:
            counts["passed"] += 1
            continue
        items = pending_items(report, owed)
        _write(entry, speaker, items, batch)
        counts["written"] += 1
        if entry.state != ReportEntry.State.NOT_STARTED:
            counts["items"] += _settle(items, speaker, by)
        if entry.state == ReportEntry.State.FINISHED and not owed.is_ongoing:
            owed.refresh_from_db()
            move_assignment(by=speaker, assignment=owed, action="submit")
            counts["finished"] += 1
    return counts


def pending_items(report: ProgressReport, owed: Assignment) -> list[DueItem]:
    """The periods of recurring duties that end within the report's period and are still open."""
    items = owed.due_items.filter(
        recurrence__isnull=False, due_on__range=(report.starts, report.ends), state__in=DueItem.PENDING
    )
    return list(items.select_related("assignment__unit", "assignment__campaign", "assignment__task"))


def _write(entry: ReportEntry, speaker: User, items: list[DueItem], batch: uuid.UUID) -> None:
    owed = entry.assignment
    latest = owed.progress.first()
    said = latest is not None and (latest.text, latest.percent) == (entry.text, entry.percent)
    if not said:
        latest = report_progress(
            by=speaker,
            assignment=owed,
            percent=entry.percent,
            text=entry.text,
            files=_files_of(entry),
            due_item=items[0] if items else None,
            batch=batch,
        )
    # A further item needs an entry of its own before it can be reported.
    for item in items if said else items[1:]:
        report_progress(by=speaker, assignment=owed, percent=entry.percent, text=entry.text, due_item=item, batch=batch)
    if latest is not None and not hasattr(latest, "report_entry"):
        entry.written = latest
        entry.save(update_fields=["written"])


def _settle(items: Iterable[DueItem], speaker: User, by: User) -> int:
    settled = 0
    for item in items:
        move_due_item(by=speaker, item=item, action="report")
        try:
            move_due_item(by=by, item=item, action="accept")
        except Refused:
            # Left for review: the reviewer of the report may not decide on this one.
            continue
        settled += 1
    return settled


def _files_of(entry: ReportEntry) -> list[File[bytes]]:
    return [File(evidence_path(one.sha256).open("rb"), name=one.name) for one in Evidence.objects.about(entry)]
