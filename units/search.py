"""What the search page finds of units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse

from common.search import MOST, Hit
from units.models import Unit


def find_units(user: Any, words: str) -> Iterator[Hit]:
    """Units in reach by name, short name, alias, credit code or the spelling in Latin letters."""
    if not user.reads_region:
        return
    named = Q(name__icontains=words) | Q(short_name__icontains=words) | Q(credit_code__iexact=words)
    named |= Q(pk__in=Unit.objects.filter(aliases__name__icontains=words).values("pk")) | Q(
        sort_key__startswith=words.lower()
    )
    for unit in Unit.objects.visible_to(user).filter(named).select_related("region")[:MOST]:
        yield Hit(reverse("units:unit", args=[unit.pk]), unit.name, f"{unit.get_kind_display()}　{unit.region}")
