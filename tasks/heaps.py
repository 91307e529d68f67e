"""The heaps of the first page: what waits for the bureau in the ledger, what a unit owes, and those of all other rooms."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from tasks.home import Panel, panels_from_above
from tasks.models import Assignment, DeadlineExtension, DueItem, PlanImport
from tasks.querysets import OPEN_STATES
from units.models import User

SOON = 30


def own_panels(user: User) -> list[Panel]:
    """What the user's own unit owes, the most pressing first."""
    if not user.reports or user.unit is None:
        return []
    today = timezone.localdate()
    owed = Assignment.objects.in_force().filter(unit=user.unit).for_list().by_due_date()
    to_do = owed.filter(state__in=OPEN_STATES)
    calm = to_do.exclude(due_on__lt=today)
    returned, soon = Q(state=Assignment.State.RETURNED), Q(due_on__lte=today + dt.timedelta(days=SOON))
    listed = reverse("tasks:assignments") + "?own=true"
    return [
        Panel("late", "已逾期", to_do.filter(due_on__lt=today), f"{listed}&overdue=true", is_late=True),
        Panel("returned", "退回待改", calm.filter(returned), f"{listed}&heap=returned"),
        Panel("soon", "30天内到期", calm.filter(~returned & soon), f"{listed}&heap=soon"),
        Panel("later", "其他在办", calm.exclude(returned | soon), f"{listed}&heap=later"),
        Panel(
            "submitted",
            "已提交、等待审核",
            owed.filter(state=Assignment.State.SUBMITTED),
            f"{listed}&state=submitted",
        ),
    ]


def review_panels(user: User) -> list[Panel]:
    """What waits for the bureau, the longest waiting first."""
    visible = Assignment.objects.visible_to(user).in_force().for_list()
    reported = DueItem.objects.visible_to(user).in_force().filter(state="reported").for_list()
    requests = DeadlineExtension.objects.visible_to(user).filter(state="requested").for_list()
    unfinished = PlanImport.objects.visible_to(user).filter(state__in=("reading", "review", "failed"))
    return [
        Panel(
            "review",
            "待审核的事项",
            visible.filter(state="submitted").order_by("submitted_at", "pk"),
            reverse("tasks:assignments") + "?state=submitted",
        ),
        Panel(
            "items",
            "待审核的到期项",
            reported.order_by("reported_at", "pk"),
            reverse("tasks:due_items") + "?state=reported",
        ),
        Panel(
            "extensions",
            "待审批的延期",
            requests.order_by("requested_at", "pk"),
            reverse("tasks:extensions") + "?state=requested",
        ),
        Panel(
            "imports",
            "没有完成的导入",
            unfinished.defer("document", "plan", "draft", "pasted"),
            reverse("tasks:imports") + "?heap=imports",
        ),
    ]


def heaps_of(user: User) -> list[Panel]:
    """The heaps of all rooms, not asked yet: what waits for the user, and what the unit owes besides."""
    return [*(review_panels(user) if user.reviews else []), *panels_from_above(user), *own_panels(user)]


def find_heap(user: User, key: str) -> Panel | None:
    """One heap of a user by its key, whether anything lies in it or not."""
    return next((panel for panel in heaps_of(user) if panel.key == key), None)
