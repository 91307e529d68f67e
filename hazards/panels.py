"""What the register shows on the pages of rooms below: of a task its hazards, of a mine what they add up to."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils import timezone

from common.panels import ObjectPanel
from hazards.models import Hazard
from hazards.querysets import OPEN_STATES
from hazards.views.register import may_register
from tasks.models import Task
from units.models import Unit, User

SHOWN = 8


def task_panels(task: Task, user: User) -> Iterator[ObjectPanel]:
    """The hazards that belong to a task, the newest first, and the way to register one (one query)."""
    if task.is_parent:
        return
    rows = list(Hazard.objects.visible_to(user).filter(task=task).for_list().order_by("-pk")[: SHOWN + 1])
    may = may_register(user) and task.withdrawn_on is None and task.campaign.state == "active"
    if rows or may:
        context = {"rows": rows[:SHOWN], "more": len(rows) > SHOWN, "may_register": may}
        yield ObjectPanel("task-hazards", "隐患", "hazards/task_panel.html", context)


def unit_panels(unit: Unit, user: User) -> Iterator[ObjectPanel]:
    """How many hazards a mine has open, late and major, with the way to its counters (one query)."""
    if unit.kind != Unit.Kind.MINE:
        return
    settled = Q(state__in=(Hazard.State.CLOSED, Hazard.State.VOID))
    late = Q(due_on__lt=timezone.localdate(), state__in=OPEN_STATES)
    counted = (
        Hazard.objects.visible_to(user)
        .filter(mine=unit)
        .aggregate(
            open=Count("pk", ~settled), late=Count("pk", late), major=Count("pk", ~settled & Q(level="major")),
            closed=Count("pk", Q(state=Hazard.State.CLOSED)),
        )
    )  # fmt: skip
    yield ObjectPanel("mine-hazards", "隐患", "hazards/unit_panel.html", {"counted": counted})
