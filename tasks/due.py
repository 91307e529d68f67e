"""What the ledger owes by a day: dated deadlines, the periods of recurring duties, and reports."""

from __future__ import annotations

from common.due import DueSource
from tasks.models import Assignment, DueItem, ProgressReport

DUE_ITEMS = DueSource(
    kind="task",
    label="任务期限",
    open_rows=lambda: DueItem.objects.in_force().pending(),
    page=Assignment,
    page_key="assignment_id",
    url_name="tasks:assignment",
    unit="assignment__unit_id",
    region="assignment__region_id",
    campaign="assignment__campaign_id",
    title=lambda period, title, text: f"{title or text[:60]}（{period}）" if period else title or text[:60],
    title_fields=("period", "assignment__task__title", "assignment__task__text"),
)

REPORTS = DueSource(
    kind="report",
    label="月报",
    open_rows=lambda: ProgressReport.objects.owed().filter(version=1),
    page=ProgressReport,
    url_name="tasks:report",
    campaign="campaign_id",
    title=lambda label, title: f"{label}{title}",
    title_fields=("label", "rule__title"),
)
