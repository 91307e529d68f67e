"""Tell everybody what is due now, as the clock does every few minutes; or show what would be told."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from common.dates import due_in_words
from common.workdays import is_workday
from supervision.services.deliveries import deliver_digests
from supervision.services.reminders import Reached, find_reached, run_reminders
from units.models import User


class Command(BaseCommand):
    help = "发送到期提醒；加 --dry-run 只显示将要提醒谁、提醒什么，不写入也不发送。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="show what would go to whom, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        if not is_workday(today):
            self.stdout.write(f"{today}不是工作日，不发提醒。")
        if options["dry_run"]:
            self._show()
            return
        outcome = run_reminders()
        sent = deliver_digests()
        self.stdout.write(
            f"新到台阶{outcome.rungs}个，通知{outcome.notices}条，每日提醒{outcome.digests}份，发送{sent.total()}次。"
        )

    def _show(self) -> None:
        today = timezone.localdate()
        by_person: dict[int, list[Reached]] = defaultdict(list)
        nobody: list[Reached] = []
        for chunk in find_reached(today):
            for one in chunk:
                for recipient in one.recipients:
                    by_person[recipient].append(one)
                if not one.recipients:
                    nobody.append(one)
        for user in User.objects.filter(pk__in=by_person).order_by("unit__sort_key", "username"):
            self.stdout.write(f"{user.name}（{user.unit}，{user.get_role_display()}）{len(by_person[user.pk])}件")
            self._lines(by_person[user.pk])
        if nobody:
            self.stdout.write(f"没有可以提醒的人：{len(nobody)}件")
            self._lines(nobody)
        total = sum(map(len, by_person.values()))
        self.stdout.write(f"共{len(by_person)}人，{total}条；没有写入，也没有发送。")

    def _lines(self, found: list[Reached]) -> None:
        today = timezone.localdate()
        for one in sorted(found, key=lambda one: one.thing.due_on):
            words = due_in_words(one.thing.due_on, today).words
            self.stdout.write(f"    {one.thing.due_on}  {words}  {one.step.label}  {one.thing.title}")
