"""What reports wait for somebody, for the first page."""

from __future__ import annotations

from django.urls import reverse

from tasks.home import Panel
from tasks.models import ProgressReport
from units.models import User

ROW = "tasks/report_home_row.html"


def report_panels(user: User) -> list[Panel]:
    """A unit's own reports that are due; for the bureau what it has to review and who is late."""
    listed = reverse("tasks:reports")
    visible = ProgressReport.objects.visible_to(user).in_force().for_list()
    panels = []
    if user.reports and user.unit is not None:
        own = ProgressReport.objects.filter(unit=user.unit).owed().for_list().order_by("due_on", "pk")
        panels.append(Panel("reports-due", "要报送的月报", own, f"{listed}?own=true&state=owed", ROW))
    if user.reviews:
        waiting = visible.filter(state=ProgressReport.State.SUBMITTED).order_by("submitted_at", "pk")
        missing = visible.overdue().order_by("due_on", "unit__sort_key", "pk")
        panels += [
            Panel("reports-review", "待审核的月报", waiting, f"{listed}?state=submitted", ROW),
            Panel("reports-missing", "逾期未报的单位", missing, f"{listed}?overdue=true", ROW),
        ]
    return panels
