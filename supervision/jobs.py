"""What runs by the clock."""

import logging
from typing import Any

from celery import shared_task
from django.urls import reverse

from common.jobs import Work, job
from supervision.services.deliveries import deliver_digests
from supervision.services.meetings import create_meetings as create_due_meetings
from supervision.services.reminders import run_reminders
from supervision.services.settings import try_channel
from supervision.services.snapshots import take_snapshots as take_due_snapshots

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


@job("supervision.try_channel", "发送测试提醒")
def send_test(work: Work) -> dict[str, Any]:
    """Send a test message by one channel while its administrator waits for the answer."""
    try_channel(by=work.by, channel=work.about)
    work.progress(1, 1, "已发出，请看看有没有收到")
    return {"url": reverse("supervision:channels")}


@shared_task
def take_snapshots() -> None:
    """Keep the indicators of the day that ends, and of days that were missed."""
    logger.info("snapshots: %d rows", take_due_snapshots())


@shared_task
def create_meetings() -> None:
    """Make the coming meetings of every series."""
    made = create_due_meetings()
    if made:
        logger.info("meetings: %d made", made)
