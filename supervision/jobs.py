"""What runs by the clock."""

import logging

from celery import shared_task

from supervision.services.deliveries import deliver_digests
from supervision.services.reminders import run_reminders

logger = logging.getLogger(__name__)


@shared_task
def remind() -> None:
    """Write down what has reached a step, make the digests of the day and send them."""
    outcome = run_reminders()
    if outcome.rungs or outcome.digests:
        logger.info("reminders: %d steps, %d notices, %d digests", outcome.rungs, outcome.notices, outcome.digests)
    deliver()


@shared_task
def deliver() -> None:
    """Send what waits, and try again what failed before."""
    sent = deliver_digests()
    if sent:
        logger.info("deliveries: %s", ", ".join(f"{state}={count}" for state, count in sorted(sent.items())))
