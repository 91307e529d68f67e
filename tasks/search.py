"""What the search page finds of campaigns and tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from common.search import MOST, Hit
from tasks.models import Campaign, Task


def find_campaigns(user: Any, words: str) -> Iterator[Hit]:
    """Campaigns in sight by title or document number."""
    named = Q(title__icontains=words) | Q(document_number__icontains=words)
    for campaign in Campaign.objects.visible_to(user).filter(named)[:MOST]:
        yield Hit(campaign.get_absolute_url(), campaign.title, campaign.document_number)


def find_tasks(user: Any, words: str) -> Iterator[Hit]:
    """Tasks of campaigns in sight by any word of their title or text."""
    rows = Task.objects.visible_to(user).in_force().filter(is_parent=False).select_related("campaign")
    for word in words.split()[:4]:
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word))
    for task in rows.order_by("-campaign_id", "position")[:MOST]:
        yield Hit(task.get_absolute_url(), task.heading, f"{task.campaign}　{task.ref}")
