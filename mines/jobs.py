"""What runs by the clock for mines' files."""

from __future__ import annotations

from celery import shared_task

from mines.services.file import open_confirmations
from mines.services.lines import follow_rules


@shared_task
def open_due_items() -> int:
    """Give every mine its monthly word to say, and let its lines follow changed rules; twice does no harm."""
    follow_rules()
    return open_confirmations()
