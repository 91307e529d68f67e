"""Who may see the evidence of this app."""

from __future__ import annotations

from typing import Any

from tasks.models import Assignment, PlanImport, ProgressEntry, ProgressImport, ProgressReport, ReportEntry


def may_see_progress(user: Any, entry_id: str) -> bool:
    """Whether the entry belongs to an assignment that the user sees."""
    visible = Assignment.objects.visible_to(user)
    return ProgressEntry.objects.filter(pk=entry_id, assignment__in=visible).exists()


def may_see_import(user: Any, import_id: str) -> bool:
    """Whether the imported document belongs to a region in which the user imports plans."""
    return PlanImport.objects.visible_to(user).filter(pk=import_id).exists()


def may_see_progress_import(user: Any, import_id: str) -> bool:
    """Whether the user handed in this form."""
    return ProgressImport.objects.visible_to(user).filter(pk=import_id).exists()


def may_see_report(user: Any, report_id: str) -> bool:
    """Whether the report is the user's own unit's, one's below it, or of the region that the user reads."""
    return ProgressReport.objects.visible_to(user).filter(pk=report_id).exists()


def may_see_report_entry(user: Any, entry_id: str) -> bool:
    """Whether the user sees the report in which the line stands."""
    visible = ProgressReport.objects.visible_to(user)
    return ReportEntry.objects.filter(pk=entry_id, report__in=visible).exists()
