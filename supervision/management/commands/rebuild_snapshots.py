"""Counts the daily figures of former days again, from the dates on record."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from supervision.services.snapshots import regions_with_work, take_snapshot


class Command(BaseCommand):
    help = "Count the daily snapshots of a span of days again. What a past day cannot tell is left out of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", required=True, type=dt.date.fromisoformat, help="2026-01-01")
        parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, help="default: today")

    def handle(self, *, first: dt.date, last: dt.date | None, **options: Any) -> None:
        today = timezone.localdate()
        last = last or today
        if not first <= last <= today:
            raise CommandError("--from 不能晚于 --to，--to 不能晚于今天。")
        for region in regions_with_work():
            days = (last - first).days + 1
            rows = sum(
                take_snapshot(region=region, day=first + dt.timedelta(days=offset), today=today)
                for offset in range(days)
            )
            self.stdout.write(f"{region.name}：{days}天，{rows}行")
