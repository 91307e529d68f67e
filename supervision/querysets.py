"""Questions about many reminders, notices and deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

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
