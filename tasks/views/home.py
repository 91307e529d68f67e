"""The first page: what do I owe, and what waits for me."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tasks.first_steps import first_steps
from tasks.heaps import find_heap, heaps_of
from tasks.home import OPEN, SHOWN, Panel, landing_for, sized
from tasks.models import Assignment, Campaign
from tasks.querysets import OPEN_STATES
from units.models import User
from units.requests import user_of


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


def panels_of(user: User) -> list[Panel]:
    """Every heap that is not empty, those that are late first."""
    # `sorted` keeps the order among equals.
    panels = sorted(sized(heaps_of(user), user), key=lambda panel: not panel.is_late)
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
    panel = find_heap(user_of(request), key)
    if panel is None or not panel.template:
        raise Http404
    if "HX-Request" not in request.headers:
        return redirect(panel.url)
    return render(request, "tasks/home_rows.html", {"panel": panel})
