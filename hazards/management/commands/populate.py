"""`manage.py populate`: fill a database for trying out and measuring with a province in bulk."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hazards.populate import populate


class Command(BaseCommand):
    help = "成批生成一个虚构省份的矿山、账号和隐患台账，供试用和测速；正式环境不能运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hazards", type=int, default=10_000, help="隐患条数（默认 10000）")
        parser.add_argument("--seed", type=int, default=1, help="随机种子：同一天用同一种子，生成的内容相同（默认 1）")
        parser.add_argument("--counties", type=int, default=0, help="分布在多少个县（默认按条数，最多 100 个）")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("正式环境不能生成虚构数据：写进去就删不掉了。请在测试环境中运行。")
        if options["hazards"] < 1 or not 0 <= options["counties"] <= 100:
            raise CommandError("--hazards 应大于0，--counties 应在0至100之间。")
        began = time.monotonic()
        say = self.stdout.write if options["verbosity"] > 1 else lambda words: None
        populate(hazards=options["hazards"], seed=options["seed"], counties=options["counties"], say=say)
        if options["verbosity"]:
            seconds = time.monotonic() - began
            self.stdout.write(
                f"已生成 {options['hazards']} 条隐患，用时 {seconds:.0f} 秒。登录名如 province.680000（省厅）、"
                "bureau2.680101（县局）、mine1.680101（矿山），密码同演示账号。"
            )
