"""The first page: what do I owe, and what waits for me."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from tasks.first_steps import first_steps
from tasks.home import OPEN, SHOWN, Panel, landing_for, panels_from_above, sized
from tasks.models import Assignment, Campaign, DeadlineExtension, DueItem, PlanImport
from tasks.querysets import OPEN_STATES
from units.models import User
from units.requests import user_of

SOON = 30

OWN_ROWS = 200
"""Rows of the user's own unit that are read for the panels; a unit with more finds the rest behind the links."""


def own_panels(user: User) -> list[Panel]:
    """What the user's own unit owes, the most pressing first (one query)."""
    today = timezone.localdate()
    owed = Assignment.objects.in_force().filter(unit=user.unit).exclude(state=Assignment.State.DONE)
    heaps: dict[str, list[Assignment]] = {}
    for row in owed.for_list().by_due_date()[:OWN_ROWS]:
        heaps.setdefault(heap_of(row, today), []).append(row)
    listed = reverse("tasks:assignments") + "?own=true&"
    return [
        Panel("late", "已逾期", heaps.get("late", []), listed + "overdue=true", is_late=True),
        Panel("returned", "退回待改", heaps.get("returned", []), listed + "state=returned"),
        Panel("soon", "30天内到期", heaps.get("soon", []), listed + "within=30"),
        Panel("later", "其他在办", heaps.get("later", []), listed),
        Panel("submitted", "已提交、等待审核", heaps.get("submitted", []), listed + "state=submitted"),
    ]


def heap_of(row: Assignment, today: dt.date) -> str:
    if row.state == Assignment.State.SUBMITTED:
        return "submitted"
    if row.is_overdue_on(today):
        return "late"
    if row.state == Assignment.State.RETURNED:
        return "returned"
    return "soon" if row.due_on and row.due_on <= today + dt.timedelta(days=SOON) else "later"


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
            reverse("tasks:imports"),
        ),
    ]


def late_units(user: User) -> list[Any]:
    """The units with most overdue assignments in reach (one query)."""
    late = Assignment.objects.visible_to(user).in_force().overdue()
    return list(
        late.order_by().values("unit", "unit__name").annotate(late=Count("pk")).order_by("-late", "unit__name")[:SHOWN]
    )


def campaigns_in_force(user: User) -> list[Any]:
    """Active campaigns in sight with how their visible assignments stand (two queries)."""
    today = timezone.localdate()
    campaigns: list[Any] = list(Campaign.objects.visible_to(user).filter(state="active")[:20])
    late = Count("pk", Q(due_on__lt=today, state__in=OPEN_STATES))
    to_finish = Count("pk", Q(is_ongoing=False))
    tallies = {
        row["campaign"]: row
        for row in Assignment.objects.visible_to(user)
        .filter(campaign__in=campaigns, withdrawn_on__isnull=True)
        .order_by()
        .values("campaign")
        .annotate(total=Count("pk"), to_finish=to_finish, done=Count("pk", Q(state="done")), late=late)
    }
    for campaign in campaigns:
        campaign.tally = tallies.get(campaign.pk, {"total": 0, "to_finish": 0, "done": 0, "late": 0})
    return campaigns


def waiting_panels(user: User) -> list[Panel]:
    """The heaps of all rooms, not asked yet."""
    return [*(review_panels(user) if user.reviews else []), *panels_from_above(user)]


def panels_of(user: User) -> list[Panel]:
    """Every heap that is not empty: what is late, what waits for the user, and what the unit owes besides."""
    own = own_panels(user) if user.reports and user.unit is not None else []
    # `sorted` keeps the order among equals.
    panels = sorted(sized([*waiting_panels(user), *own], user), key=lambda panel: not panel.is_late)
    to_ask = [panel for panel in panels if panel.template and not isinstance(panel.rows, list)]
    for panel in panels:
        panel.is_open = panel not in to_ask[OPEN:]
    return panels


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if landing := landing_for(user):
        return redirect(landing)
    owes = user.reports and user.unit is not None
    panels = panels_of(user)
    campaigns = campaigns_in_force(user)
    context: dict[str, Any] = {
        "owes": owes and not user.reviews,
        "panels": panels,
        "has_index": len(panels) > 2 or not all(panel.template for panel in panels),
        "late_units": late_units(user) if user.reads_region else [],
        "campaigns": campaigns,
        "first_steps": first_steps(user) if user.reviews and not campaigns else [],
        "reviews": user.reviews,
    }
    return render(request, "tasks/home.html", context)


@require_GET
def heap(request: HttpRequest, key: str) -> HttpResponse:
    """The rows of one heap, for the page to fetch; whoever opens the address gets the list behind it."""
    panel = next((panel for panel in waiting_panels(user_of(request)) if panel.key == key and panel.template), None)
    if panel is None:
        raise Http404
    if "HX-Request" not in request.headers:
        return redirect(panel.url)
    return render(request, "tasks/home_rows.html", {"panel": panel})
