"""What the interface does by the clock."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from django.urls import reverse

from common.jobs import Work, job
from exchange.services import answers, hooks

logger = logging.getLogger(__name__)


@shared_task
def forget_answers() -> None:
    """Clear away answers that nobody asks for any more; the schedule calls it every night."""
    logger.info("answers forgotten: %d", answers.forget_answers())


@shared_task
def send_hooks() -> None:
    """Take over what changed and send what waits."""
    hooks.fill_outbox()
    sent = hooks.deliver_hooks()
    if sent:
        logger.info("hooks: %s", ", ".join(f"{state}={count}" for state, count in sorted(sent.items())))


@shared_task
def forget_hooks() -> None:
    """Clear away messages that arrived long ago; the schedule calls it every night."""
    logger.info("hooks forgotten: %d", hooks.forget_delivered())


@job("exchange.try_subscription", "发送测试消息")
def send_test(work: Work) -> dict[str, Any]:
    """Send a test message while the administrator waits for the answer."""
    hooks.try_subscription(by=work.by, subscription=work.about)
    work.progress(1, 1, "对方已收到")
    return {"url": reverse("exchange:subscription", args=[work.about.pk])}
