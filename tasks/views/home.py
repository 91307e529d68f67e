"""The first page: what do I owe, and what waits for me."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from tasks.models import Assignment, Campaign, DeadlineExtension, DueItem, PlanImport
from tasks.querysets import OPEN_STATES
from units.models import User

SHOWN = 12
"""Rows of each panel; the rest stands behind its link."""


@dataclass(frozen=True)
class Panel:
    """One heap of work: rows to show, where all of them are, and what to say when there is none."""

    key: str
    title: str
    rows: list[Any]
    url: str = ""
    words: str = ""

    @property
    def more(self) -> bool:
        return len(self.rows) > SHOWN

    @property
    def shown(self) -> list[Any]:
        return self.rows[:SHOWN]


def some(rows: QuerySet[Any]) -> list[Any]:
    """One row more than is shown, so that the page knows there are more without counting."""
    return list(rows[: SHOWN + 1])


def own_panels(user: User) -> list[Panel]:
    """What the user's own unit owes, the most pressing first (one query a panel)."""
    today = timezone.localdate()
    owed = Assignment.objects.in_force().filter(unit=user.unit).for_list().by_due_date()
    still = owed.filter(state__in=OPEN_STATES)
    listed = reverse("tasks:assignments") + "?own=true&"
    return [
        Panel("late", "已逾期", some(still.filter(due_on__lt=today)), listed + "overdue=true"),
        Panel(
            "returned",
            "退回待改",
            some(still.filter(state="returned").exclude(due_on__lt=today)),
            listed + "state=returned",
        ),
        Panel(
            "soon",
            "30天内到期",
            some(still.due_within(30).exclude(state="returned")),
            listed + "within=30",
            "近30天没有到期的事项。",
        ),
        Panel("submitted", "已提交、等待审核", some(owed.filter(state="submitted")), listed + "state=submitted"),
        Panel(
            "later",
            "其他在办",
            some(
                still.exclude(state="returned")
                .exclude(due_on__lt=today)
                .exclude(pk__in=still.due_within(30).values("pk"))
            ),
            listed,
        ),
    ]


def review_panels(user: User) -> list[Panel]:
    """What waits for the bureau, the longest waiting first."""
    visible = Assignment.objects.visible_to(user).in_force().for_list()
    reported = DueItem.objects.visible_to(user).filter(
        state="reported",
        assignment__state__in=OPEN_STATES,
        assignment__withdrawn_on__isnull=True,
        assignment__campaign__state="active",
    )
    requests = DeadlineExtension.objects.visible_to(user).filter(state="requested").for_list()
    return [
        Panel(
            "review",
            "待审核的事项",
            some(visible.filter(state="submitted").order_by("submitted_at", "pk")),
            reverse("tasks:assignments") + "?state=submitted",
        ),
        Panel(
            "items",
            "待审核的到期项",
            some(
                reported.select_related("assignment__task", "assignment__unit", "assignment__campaign").order_by(
                    "reported_at", "pk"
                )
            ),
        ),
        Panel(
            "extensions",
            "待审批的延期",
            some(requests.order_by("requested_at", "pk")),
            reverse("tasks:extensions") + "?state=requested",
        ),
        Panel(
            "imports",
            "没有完成的导入",
            some(
                PlanImport.objects.visible_to(user)
                .filter(state__in=("reading", "review", "failed"))
                .defer("document", "plan", "draft", "pasted")
            ),
        ),
    ]


def late_units(user: User) -> list[dict[str, Any]]:
    """The units with most overdue assignments in reach (one query)."""
    late = Assignment.objects.visible_to(user).in_force().overdue()
    return list(
        late.order_by().values("unit", "unit__name").annotate(late=Count("pk")).order_by("-late", "unit__name")[:SHOWN]
    )


def campaigns_in_force(user: User) -> list[Any]:
    """Active campaigns in sight with how their visible assignments stand (two queries)."""
    today = timezone.localdate()
    campaigns = list(Campaign.objects.visible_to(user).filter(state="active")[:20])
    late = Count("pk", Q(due_on__lt=today, state__in=OPEN_STATES))
    tallies = {
        row["campaign"]: row
        for row in Assignment.objects.visible_to(user)
        .filter(campaign__in=campaigns, withdrawn_on__isnull=True)
        .order_by()
        .values("campaign")
        .annotate(total=Count("pk"), done=Count("pk", Q(state="done")), late=late)
    }
    for campaign in campaigns:
        campaign.tally = tallies.get(campaign.pk, {"total": 0, "done": 0, "late": 0})
    return campaigns


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    owes = user.reports and user.unit is not None
    context: dict[str, Any] = {
        "own": [panel for panel in own_panels(user) if panel.rows or panel.words] if owes else [],
        "review": [panel for panel in review_panels(user) if panel.rows] if user.reviews else [],
        "late_units": late_units(user) if user.reads_region else [],
        "campaigns": campaigns_in_force(user),
        "reviews": user.reviews,
    }
    return render(request, "tasks/home.html", context)
