"""Questions about many checklists and visits."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from inspections.document_kinds import KINDS
from units.querysets import in_reach

if TYPE_CHECKING:
    from units.models import User

SETTLING = tuple(one.kind for one in KINDS.values() if one.rechecks)
CLOSING = tuple(one.kind for one in KINDS.values() if one.closes)


class ChecklistQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Checklists are for those who read the region: a mine is not told beforehand what will be looked at."""
        return _of_region(self, user)

    def for_list(self) -> Self:
        return self.annotate(item_count=Count("items"))

    def in_use(self) -> Self:
        return self.filter(state="in_use")


class CertificateQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach(user, unit="officer__unit__")) if user.reads_region else self.none()

    def for_list(self) -> Self:
        return self.select_related("officer__unit")


class VisitQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Those who read the region see every visit; others see finished ones, so that none is announced."""
        rows = self.filter(in_reach(user, unit="mine__"))
        return rows if user.reads_region else rows.filter(state="finished")

    def to_fill_in(self, user: User) -> Self:
        """The running visits of this person: those in whose team they are."""
        return self.filter(state="running", officers__officer=user.pk)

    def for_list(self) -> Self:
        failed = Count("results", Q(results__outcome="failed"))
        return self.select_related("mine").prefetch_related("officers__officer").annotate(failed_count=failed)


class ResultQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the visit."""
        from inspections.models import Visit

        return self.filter(visit__in=Visit.objects.visible_to(user))

    def failed(self) -> Self:
        return self.filter(outcome="failed")

    def unregistered(self) -> Self:
        """Faults that are no hazard of the register yet; a look-back that fails opens its own hazard again."""
        return self.failed().filter(hazard__isnull=True, look_back__isnull=True)


class DocumentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Those who read the region see every document; a mine, its township and enterprise what was issued."""
        rows = self.filter(in_reach(user, unit="visit__mine__"))
        return rows if user.reads_region else rows.filter(state__in=("approved", "closed"))

    def for_list(self) -> Self:
        return self.select_related("visit__mine")

    def in_force(self) -> Self:
        return self.filter(state__in=("approved", "closed"))

    def to_publish(self) -> Self:
        """Issued decisions that nobody has published yet."""
        return self.in_force().filter(published_on__isnull=True, publish_by__isnull=False)

    def limit_runs(self) -> Self:
        """In force with a limit, and not settled yet: no re-check, and no closing of the case, has been issued since."""
        settled = self.model.objects.filter(state__in=("approved", "closed"))
        rechecked = settled.filter(parent=OuterRef("pk"), kind__in=SETTLING)
        closed = settled.filter(visit=OuterRef("visit"), kind__in=CLOSING)
        return self.in_force().filter(~Exists(rechecked), ~Exists(closed), due_on__isnull=False)

    def limit_overdue(self, day: dt.date | None = None) -> Self:
        return self.limit_runs().filter(due_on__lt=day or timezone.localdate())

    def late_to_publish(self, day: dt.date | None = None) -> Self:
        """The same rule as `Document.is_late_to_publish`."""
        return self.to_publish().filter(publish_by__lt=day or timezone.localdate())


class PenaltyQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        from inspections.models import Document

        return self.filter(document__in=Document.objects.visible_to(user))


class GroupQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return _of_region(self, user)

    def for_list(self) -> Self:
        return self.annotate(member_count=Count("members", distinct=True), mine_count=Count("mines", distinct=True))


class PlanQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Plans say who will be visited: like checklists, they are for those who read the region."""
        return _of_region(self, user)

    def for_list(self) -> Self:
        return self.select_related("region", "made_by").annotate(rule_count=Count("rules"))

    def in_force(self) -> Self:
        return self.filter(state="in_force")


class RuleQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        from inspections.models import InspectionPlan

        return self.filter(plan__in=InspectionPlan.objects.visible_to(user))

    def in_force(self, year: int) -> Self:
        return self.filter(plan__state="in_force", plan__year=year).select_related("plan__region", "group")


class DrawQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return _of_region(self, user)

    def for_list(self) -> Self:
        return (
            self.select_related("region", "drawn_by")
            .defer("pool")
            .annotate(
                drawn_count=Count("drawn"),
                made_count=Count("drawn", Q(drawn__look_back__on__isnull=False)),
                failed_count=Count("drawn", Q(drawn__look_back__holds=False)),
            )
        )


class PlannedQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Never for a mine: a visit that is announced shows nothing."""
        return self.filter(in_reach(user, unit="mine__")) if user.reads_region else self.none()

    def for_list(self) -> Self:
        return self.select_related("mine", "group", "planned_by").with_visit()

    def with_visit(self) -> Self:
        """With `done_by`, the key of the finished visit that was made for it."""
        return self.annotate(done_by=Subquery(_finished().values("pk")[:1]))

    def open(self) -> Self:
        """Meant to happen, and not done."""
        return self.filter(~Exists(_finished()), state="planned")

    def overdue(self, day: dt.date | None = None) -> Self:
        """The same rule as `PlannedVisit.is_overdue`."""
        return self.open().filter(due_on__lt=day or timezone.localdate())


class ClueQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Those who read the region, and the department to which it was sent. Never whom it is about."""
        if user.unit is None:
            return self.none()
        if user.reads_region:
            return self.filter(region__code__startswith=user.unit.region.prefix)
        return self.filter(receiver=user.unit_id).exclude(state__in=("drafted", "submitted", "void"))

    def for_list(self) -> Self:
        return self.select_related("receiver", "region")

    def waiting(self) -> Self:
        return self.filter(state__in=("sent", "received"))

    def overdue(self, day: dt.date | None = None) -> Self:
        """The same rule as `Clue.is_overdue`."""
        return self.waiting().filter(answer_by__lt=day or timezone.localdate())


def _finished() -> models.QuerySet[Any]:
    from inspections.models import Visit

    return Visit.objects.filter(planned=OuterRef("pk"), state="finished").order_by("pk")


def _of_region(rows: Any, user: User) -> Any:
    if user.unit is None or not user.reads_region:
        return rows.none()
    return rows.filter(region__code__startswith=user.unit.region.prefix)
