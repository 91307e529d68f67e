"""What waits for inspectors on the first page."""

from __future__ import annotations

from django.urls import reverse

from inspections.models import Visit
from inspections.relations import may_inspect
from tasks.home import Panel, some
from units.models import User


def home_panels(user: User) -> list[Panel]:
    """Visits that are not finished, the oldest first (one query)."""
    if not may_inspect(user):
        return []
    rows = Visit.objects.visible_to(user).filter(state=Visit.State.RUNNING).select_related("mine")
    address = reverse("inspections:visits") + "?state=running"
    return [
        Panel("visits", "没有完成的检查", some(rows.order_by("begun_on", "pk")), address, "inspections/home_row.html")
    ]
