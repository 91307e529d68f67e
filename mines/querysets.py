"""Questions about many mines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from units.querysets import in_reach

if TYPE_CHECKING:
    from units.models import User


class MineQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach(user, unit="unit__"))

    def for_list(self) -> Self:
        return self.select_related("unit", "unit__region")
