"""What runs by the clock for mines' files."""

from __future__ import annotations

from celery import shared_task

from mines.services.file import open_confirmations


@shared_task
def open_due_items() -> int:
    """Give every mine its monthly word to say; twice does no harm."""
    return open_confirmations()
