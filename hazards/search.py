"""What the search page finds of hazards and clauses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from common.search import MOST, Hit
from hazards.models import Clause, Hazard


def find_hazards(user: Any, words: str) -> Iterator[Hit]:
    """Hazards in sight by number, or by any word of place, description or mine."""
    rows = Hazard.objects.visible_to(user).for_list()
    for word in words.split()[:4]:
        named = Q(mine__name__icontains=word) | Q(mine__short_name__icontains=word)
        rows = rows.filter(
            Q(number__icontains=word) | Q(place__icontains=word) | Q(description__icontains=word) | named
        )
    for hazard in rows.order_by("-pk")[:MOST]:
        about = f"{hazard.number}　{hazard.mine}　{hazard.get_state_display()}"
        yield Hit(hazard.get_absolute_url(), f"{hazard.place}：{hazard.description[:30]}", about)


def find_clauses(user: Any, words: str) -> Iterator[Hit]:
    """Clauses of the catalogues by words or first letters."""
    for clause in Clause.objects.visible_to(user).matching(words).select_related("standard")[:MOST]:
        yield Hit(f"{clause.standard.get_absolute_url()}?q={clause.code}", str(clause), str(clause.standard))
