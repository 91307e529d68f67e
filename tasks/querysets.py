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


WIDE = 6
"""A reach shorter than a county's six digits holds so many rows that finding them by unit costs more than it saves."""


def owed_in_reach(user: User, *, owed: str = "") -> Q:
    """The condition that the unit of an assignment (reached by the lookup path `owed`) lies within the user's reach.

    Never a join: that would make the database read every row there is. A county, a township or a mine has few units, and
    their rows are found by the index on the unit; for a city nearly every row is right, so the rows are read in the
    order in which they are wanted and each is checked, which ends after the first page.
    """
    from units.models import Unit

    units = Unit.objects.filter(in_reach(user)).order_by()
    if user.reach.region is not None and len(user.reach.region) < WIDE:
        return Q(Exists(units.filter(pk=OuterRef(f"{owed}unit_id"))))
    return Q(**{f"{owed}unit__in": units.values("pk")})


def campaign_in_force(path: str = "") -> Q:
    """The condition that the campaign at a lookup path is active, checked row by row: nearly all of them are."""
    from tasks.models import Campaign

    return Q(Exists(Campaign.objects.filter(pk=OuterRef(f"{path}campaign_id"), state="active")))


def _assignments_in_reach(user: User) -> models.QuerySet[Any]:
    from tasks.models import Assignment
    from units.models import Unit

    units = Unit.objects.filter(in_reach(user)).order_by().values("pk")
    return Assignment.objects.filter(unit__in=units, withdrawn_on__isnull=True)


def campaign_scope(user: User, *, campaign: str = "") -> Q:
    """The condition on a campaign (reached by the lookup path `campaign`) that its region's readers see it, and every
    unit that owes something in it: a plan is issued to all of them, whole."""
    region = user.reach.region
    owed = _assignments_in_reach(user).filter(campaign=OuterRef(f"{campaign}pk"))
    own = Q(**{f"{campaign}region__code__startswith": region}) if region is not None and user.reads_region else Q()
    # The cheap half first: where it is true, the database does not look at the other.
    return own | Q(Exists(owed))


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
        return self.filter(owed_in_reach(user))

    def in_force(self) -> Self:
        return self.filter(campaign_in_force(), withdrawn_on__isnull=True)

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
            campaign_in_force("assignment__"),
            assignment__state__in=OPEN_STATES,
            assignment__withdrawn_on__isnull=True,
        )

    def visible_to(self, user: User) -> Self:
        return self.filter(owed_in_reach(user, owed="assignment__"))

    def pending(self) -> Self:
        return self.filter(state__in=("open", "returned"))


class ExtensionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(owed_in_reach(user, owed="due_item__assignment__"))

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


class ReportingRuleQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Rules go out with the campaign: whoever sees the campaign sees them."""
        return self.filter(campaign_scope(user, campaign="campaign__"))

    def in_force(self) -> Self:
        return self.filter(campaign__state="active")

    def for_list(self) -> Self:
        return self.select_related("campaign", "group", "receiver")


class ReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """A unit sees its own reports and those of the units below it."""
        return self.filter(owed_in_reach(user))

    def in_force(self) -> Self:
        return self.filter(campaign_in_force()).exclude(state="dropped")

    def standing(self) -> Self:
        """Accepted reports that no accepted correction has replaced: what counts."""
        return self.filter(state="accepted").exclude(corrections__state="accepted")

    def owed(self) -> Self:
        """What units still have to hand in for the first time, or again after it was returned."""
        return self.in_force().filter(state__in=("draft", "signed", "returned"))

    def overdue(self, day: dt.date | None = None) -> Self:
        """The same rule as `ProgressReport.is_overdue`."""
        states = ("draft", "signed", "returned")
        return self.filter(version=1, state__in=states, due_on__lt=day or timezone.localdate())

    def for_list(self) -> Self:
        return self.select_related("rule", "campaign", "unit", "unit__region", "submitted_by")
