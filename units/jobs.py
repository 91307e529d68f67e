"""Long work on the directory."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from common.jobs import Work, job
from units.models import AccountSession, DirectoryImport
from units.services import confirm_import


@job("units.confirm_import", "导入单位和账号")
def write_import(work: Work) -> dict[str, Any]:
    """Write a checked spreadsheet; a second run finds it confirmed and only answers where it is."""
    run: DirectoryImport = work.about
    if run.state != DirectoryImport.State.CONFIRMED:
        work.progress(message=f"正在写入{run.get_noun_display()}")
        run = confirm_import(by=work.by, run=run, **work.args)
    return {"url": run.get_absolute_url()}


@shared_task
def forget_ended_sessions() -> int:
    """Clear log-ins that have run out, so that the list of open ones stays true; harmless when run twice."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    oldest = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    count, _ = AccountSession.objects.filter(started_at__lt=oldest).delete()
    return count
