"""Questions about many campaigns, tasks, assignments and imports."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from units.querysets import in_reach

if TYPE_CHECKING:
    from units.models import User

OPEN_STATES = ("not_started", "in_progress", "returned")
"""States of an assignment in which the unit still has to act; only these can be overdue."""


def _assignments_in_reach(user: User) -> models.QuerySet[Any]:
    from tasks.models import Assignment

    return Assignment.objects.filter(in_reach(user, unit="unit__"), withdrawn_on__isnull=True)


def campaign_scope(user: User, *, campaign: str = "") -> Q:
    """The condition on a campaign (reached by the lookup path `campaign`) that its region's readers see it, and every
    unit that owes something in it: a plan is issued to all of them, whole."""
    region = user.reach.region
    owed = _assignments_in_reach(user).filter(campaign=OuterRef(f"{campaign}pk"))
    condition = Q(Exists(owed))
    if region is not None and user.reads_region:
        condition |= Q(**{f"{campaign}region__code__startswith": region})
    return condition


class CampaignQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(campaign_scope(user))

    def for_list(self) -> Self:
        return self.select_related("region")


class TaskQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(campaign_scope(user, campaign="campaign__"))

    def in_force(self) -> Self:
        return self.filter(withdrawn_on__isnull=True)

    def for_list(self) -> Self:
        return self.select_related("campaign", "section", "parent").prefetch_related("responsibilities")


class AssignmentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """A unit sees what it owes itself, and what those below it owe."""
        return self.filter(in_reach(user, unit="unit__"))

    def in_force(self) -> Self:
        return self.filter(withdrawn_on__isnull=True, campaign__state="active")

    def open(self) -> Self:
        return self.in_force().filter(state__in=OPEN_STATES)

    def overdue(self, day: dt.date | None = None) -> Self:
        """The same rule as `Assignment.is_overdue`."""
        return self.filter(due_on__lt=day or timezone.localdate(), state__in=OPEN_STATES, withdrawn_on__isnull=True)

    def due_within(self, days: int) -> Self:
        today = timezone.localdate()
        return self.filter(due_on__range=(today, today + dt.timedelta(days=days)), state__in=OPEN_STATES)

    def by_due_date(self) -> Self:
        return self.order_by(models.F("due_on").asc(nulls_last=True), "pk")

    def for_list(self) -> Self:
        return self.select_related("task", "task__section", "unit", "unit__region", "campaign")

    def counts(self) -> dict[str, int]:
        """Answer how many rows stand in each state, how many are overdue and how many there are, in one query."""
        today = timezone.localdate()
        late = Q(due_on__lt=today, state__in=OPEN_STATES)
        states = {state: Count("pk", Q(state=state)) for state in (*OPEN_STATES, "submitted", "done")}
        return self.aggregate(
            total=Count("pk"), overdue=Count("pk", late), ongoing=Count("pk", Q(is_ongoing=True)), **states
        )


class DueItemQuerySet(models.QuerySet[Any]):
    def for_list(self) -> Self:
        return self.select_related("assignment__task", "assignment__unit", "assignment__campaign")

    def in_force(self) -> Self:
        """Items that can still be worked on by themselves: their assignment is neither handed in whole nor settled."""
        return self.filter(
            assignment__state__in=OPEN_STATES,
            assignment__withdrawn_on__isnull=True,
            assignment__campaign__state="active",
        )

    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach(user, unit="assignment__unit__"))

    def pending(self) -> Self:
        return self.filter(state__in=("open", "returned"))


class ExtensionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach(user, unit="due_item__assignment__unit__"))

    def for_list(self) -> Self:
        return self.select_related(
            "due_item__assignment__task", "due_item__assignment__unit", "requested_by", "decided_by"
        )


class TargetQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(campaign_scope(user, campaign="campaign__"))


class ImportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Imports are the bureau's work: those who may import see those of their region."""
        reach = user.reach
        if not user.reviews or reach.region is None:
            return self.none()
        return self.filter(region__code__startswith=reach.region)


class ProgressImportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """A form that was handed in is its sender's own affair; what it wrote stands in the history for all."""
        return self.filter(created_by=user)
