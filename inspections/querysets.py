"""Questions about many checklists and visits."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from units.querysets import in_reach

if TYPE_CHECKING:
    from units.models import User


class ChecklistQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Checklists are for those who read the region: a mine is not told beforehand what will be looked at."""
        if user.unit is None or not user.reads_region:
            return self.none()
        return self.filter(region__code__startswith=user.unit.region.prefix)

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
        """Faults that are no hazard of the register yet."""
        return self.failed().filter(hazard__isnull=True)


class DocumentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Those who read the region see every document; a mine, its township and enterprise what was issued."""
        rows = self.filter(in_reach(user, unit="visit__mine__"))
        return rows if user.reads_region else rows.filter(state__in=("approved", "closed"))

    def for_list(self) -> Self:
        return self.select_related("visit__mine")

    def in_force(self) -> Self:
        return self.filter(state__in=("approved", "closed"))

    def late_to_publish(self, day: dt.date | None = None) -> Self:
        """The same rule as `Document.is_late_to_publish`."""
        return self.in_force().filter(published_on__isnull=True, publish_by__lt=day or timezone.localdate())


class PenaltyQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        from inspections.models import Document

        return self.filter(document__in=Document.objects.visible_to(user))
