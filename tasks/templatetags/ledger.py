"""How the assignments of one task stand, for the fifth column of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import template

from tasks.models import Assignment

register = template.Library()


@dataclass(frozen=True)
class Standing:
    """`only` is the assignment where there is just one; `words` the latest that any unit said."""

    only: Assignment | None
    total: int
    done: int
    ongoing: int
    waiting: int
    late: int
    words: str


@register.simple_tag
def stand(owed: Sequence[Assignment]) -> Standing:
    """Count the assignments handed in, without a query."""
    said = [row for row in owed if row.summary]
    return Standing(
        only=owed[0] if len(owed) == 1 else None,
        total=len(owed),
        done=sum(row.state == Assignment.State.DONE for row in owed),
        ongoing=sum(row.is_ongoing for row in owed),
        waiting=sum(row.state == Assignment.State.SUBMITTED for row in owed),
        late=sum(row.is_overdue for row in owed),
        words=max(said, key=lambda row: row.updated_at).summary if said else "",
    )
