"""What the interface does by the clock."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from celery import shared_task
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from common.errors import Refused
from common.history import record
from common.jobs import Work, job
from common.lists.exporting import export_path, sweep
from exchange.models import ExchangeLine, ServiceAccount
from exchange.packages import write_package
from exchange.services import answers, hooks, runs, sight

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


@shared_task
def look_at_sights() -> None:
    """Look what each account sees, to tell it what came or left; the schedule calls it every hour."""
    if count := sight.look_at_all():
        logger.info("records that came into sight or left it: %d", count)


@shared_task
def run_lines() -> None:
    """Work on the exchange lines that are due."""
    if done := runs.run_lines():
        logger.info("exchange: %s", ", ".join(f"{state}={count}" for state, count in sorted(done.items())))


@job("exchange.run_line", "立即交换")
def run_line(work: Work) -> dict[str, Any]:
    """Exchange at once while the administrator waits; what does not succeed is told in the words of the failure."""
    line: ExchangeLine = work.about
    done = runs.run_line(line)
    line.refresh_from_db()
    if line.error:
        raise Refused(f"没有办成：{line.error}。请核对地址和凭据，或与对方联系后再试。")
    work.progress(1, 1, f"办完{done['sent']}份" if done else "没有新的内容")
    return {"url": line.get_absolute_url()}


@job("exchange.try_subscription", "发送测试消息")
def send_test(work: Work) -> dict[str, Any]:
    """Send a test message while the administrator waits for the answer."""
    hooks.try_subscription(by=work.by, subscription=work.about)
    work.progress(1, 1, "对方已收到")
    return {"url": reverse("exchange:subscription", args=[work.about.pk])}


@job("exchange.package", "导出数据包")
def make_package(work: Work) -> dict[str, Any]:
    """Write the package of an account; a second run writes the same file anew."""
    account: ServiceAccount = work.about
    if work.by is None or not ServiceAccount.objects.visible_to(work.by).filter(pk=account.pk).exists():
        raise Refused("这个接口账号不归您管理。")
    since = parse_date(work.args.get("since") or "")
    path = export_path(work.job)
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as target:
        if since:
            sight.look_again(account=account)
        manifest = write_package(target, account=account, since=since)
    with unfinished.open("rb") as made:
        digest = hashlib.file_digest(made, "sha256").hexdigest()
    unfinished.replace(path)
    count = sum(one["records"] for one in manifest["files"] if one["name"].endswith(".json"))
    record("serviceaccount.packed", account, by=work.by, after={"count": count, "sha256": digest})
    work.progress(count, count, f"共{count}条")
    name = f"{account.user.name}数据包-{timezone.localdate():%Y%m%d}.zip"
    return {
        "url": reverse("common:job_file", args=[work.job.public_id]), "file": name, "media_type": "application/zip",
    }  # fmt: skip
