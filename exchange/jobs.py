"""What the interface does by the clock."""

from __future__ import annotations

import logging

from celery import shared_task

from exchange.services import answers

logger = logging.getLogger(__name__)


@shared_task
def forget_answers() -> None:
    """Clear away answers that nobody asks for any more; the schedule calls it every night."""
    logger.info("answers forgotten: %d", answers.forget_answers())
