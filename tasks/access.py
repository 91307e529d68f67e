"""Who may see the evidence of this app."""

from __future__ import annotations

from typing import Any

from tasks.models import Assignment, ProgressEntry


def may_see_progress(user: Any, entry_id: str) -> bool:
    """Whether the entry belongs to an assignment that the user sees."""
    visible = Assignment.objects.visible_to(user)
    return ProgressEntry.objects.filter(pk=entry_id, assignment__in=visible).exists()
