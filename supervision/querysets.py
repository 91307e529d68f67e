"""Questions about many reminders, notices, deliveries and letters."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from units.querysets import in_reach

if TYPE_CHECKING:
    from units.models import User


class RungQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """What was told of a unit is seen by whoever sees the unit."""
        from units.models import Unit

        return self.filter(unit__in=Unit.objects.filter(in_reach(user)).order_by().values("pk"))

    def for_list(self) -> Self:
        return self.select_related("unit").prefetch_related("notices__recipient__unit__region")


class NoticeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """An inbox is its owner's."""
        return self.filter(recipient=user, dropped_at__isnull=True)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True, dropped_at__isnull=True)

    def waiting(self) -> Self:
        """Those that no digest has taken yet."""
        return self.filter(digest__isnull=True, dropped_at__isnull=True)

    def for_list(self) -> Self:
        return self.select_related("rung__unit")


class DigestQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(recipient=user)


def _own_region(user: User, path: str) -> Q:
    """The condition that a region (by the lookup path of its code) is the one whose channels the user keeps."""
    if not user.keeps_accounts or user.unit is None:
        return Q(pk__in=[])
    return Q(**{path: user.unit.region.code[:6]})


class ChannelQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Channels hold secrets: they are their administrators' own."""
        return self.filter(_own_region(user, "region"))


class DeliveryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(_own_region(user, "channel__region"))

    def for_list(self) -> Self:
        return self.select_related("channel", "digest__recipient__unit__region")


class LetterQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Readers of a region see all its letters; a unit sees those that reached it or units below it."""
        from supervision.models.letters import LetterReceipt

        if user.reads_region and user.unit is not None:
            return self.filter(region__code__startswith=user.reach.region)
        reached = LetterReceipt.objects.filter(in_reach(user, unit="unit__"), letter=OuterRef("pk"))
        return self.filter(Exists(reached)).exclude(number="")

    def for_list(self) -> Self:
        return self.select_related("organ", "drafted_by", "approved_by").prefetch_related("receipts__unit")

    def overdue(self, day: dt.date | None = None) -> Self:
        """Letters that a unit has not answered by their day."""
        from supervision.models.letters import LetterReceipt

        pending = LetterReceipt.objects.filter(letter=OuterRef("pk"), state__in=("waiting", "signed"))
        return self.filter(Exists(pending), state="sent", answer_by__lt=day or timezone.localdate())


class ReceiptQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Readers of a region see the receipts of its letters, a unit its own and those below it once they are out."""
        if user.reads_region and user.unit is not None:
            return self.filter(letter__region__code__startswith=user.reach.region)
        return self.filter(in_reach(user, unit="unit__")).exclude(letter__number="")

    def for_list(self) -> Self:
        return self.select_related("letter", "unit", "signed_by", "answered_by")

    def pending(self) -> Self:
        return self.filter(letter__state="sent", state__in=("waiting", "signed"))

    def overdue(self, day: dt.date | None = None) -> Self:
        """The same rule as `LetterReceipt.is_overdue`."""
        return self.pending().filter(Q(letter__answer_by__lt=day or timezone.localdate()))


class NarrativeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """The consolidated report is read by the readers of the region that collects it."""
        reach = user.reach
        if not user.reads_region or reach.region is None:
            return self.none()
        return self.filter(rule__campaign__region__code__startswith=reach.region)


class SeriesQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Meetings are kept by the bureau, for the readers of its region."""
        if not user.reads_region or user.unit is None:
            return self.none()
        return self.filter(region__code__startswith=user.unit.region.prefix)


class OfUnitQuerySet(models.QuerySet[Any]):
    """What a letter presses for, or a meeting decided, of one unit each."""

    def visible_to(self, user: User) -> Self:
        """Whoever sees the paper sees of it what is about units in reach."""
        return self.filter(in_reach(user, unit="unit__"))


class AccidentCountQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """For whoever compares the units of a region."""
        if not user.reads_region or user.unit is None:
            return self.none()
        return self.filter(region__code__startswith=user.unit.region.prefix)


class MeetingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Readers of a region see its meetings; a unit those that decided something for it or for units below it."""
        from supervision.models.meetings import Decision

        if user.reads_region and user.unit is not None:
            return self.filter(region__code__startswith=user.unit.region.prefix)
        decided = Decision.objects.filter(in_reach(user, unit="unit__"), meeting=OuterRef("pk"))
        return self.filter(Exists(decided))

    def for_list(self) -> Self:
        return self.select_related("organ", "series").annotate(decided=models.Count("decisions"))

    def overdue(self, day: dt.date | None = None) -> Self:
        """The same rule as `Meeting.is_overdue`."""
        return self.filter(state="planned", planned_on__lt=day or timezone.localdate())
