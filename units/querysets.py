"""Questions about many regions, units and accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from units.models import User


def in_reach(user: User, *, unit: str = "") -> Q:
    """Build the condition that a unit lies within the user's reach; `unit` is the lookup path to it ("unit__")."""
    reach = user.reach
    condition = Q(pk__in=[])
    if reach.region is not None:
        condition |= Q(**{f"{unit}region__code__startswith": reach.region})
    if reach.path is not None:
        condition |= Q(**{f"{unit}path__startswith": reach.path})
    return condition


class RegionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Regions are public knowledge inside the system; those of the user's own region and below."""
        if user.unit is None:
            return self.all() if user.is_superuser else self.none()
        own = user.unit.region.prefix[:6]
        return self.filter(code__startswith=own)


class UnitQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach(user))

    def for_list(self) -> Self:
        return self.select_related("region", "parent").prefetch_related("tags")

    def for_export(self) -> Self:
        return self.select_related("region", "parent").prefetch_related("tags", "aliases")


class GroupQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Groups are reference data of a region: its readers see them, nobody else."""
        reach = user.reach
        return self.filter(region__code__startswith=reach.region) if reach.region is not None else self.none()

    def for_list(self) -> Self:
        return self.select_related("region").prefetch_related("tags", "extra_members", "aliases")

    def with_rule(self) -> Self:
        """With what `members()` of each group reads, so that many groups cost no more look-ups than one."""
        return self.select_related("region").prefetch_related("tags")


class UserQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Accounts of the units in reach; an account without a unit is seen by a superuser only."""
        visible = in_reach(user, unit="unit__") | Q(pk=user.pk)
        if user.is_superuser and user.unit is None:
            visible |= Q(unit__isnull=True)
        return self.filter(visible)

    def for_list(self) -> Self:
        return self.select_related("unit", "unit__region")
