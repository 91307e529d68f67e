from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.seals import verify_history


class Command(BaseCommand):
    help = "逐条核对操作记录与封印，指出第一处改动、删除或插入；有问题时以状态 1 结束。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--digest", default="", help="以前抄录的末尾摘要，用来发现整体重算的封印链")

    def handle(self, *args: Any, digest: str, **options: Any) -> None:
        report = verify_history(digest=digest.strip().lower())
        if report.fault is not None:
            raise CommandError(report.fault.message, returncode=1)
        counts = f"{report.seals} 个封印，{report.events} 条记录，另有 {report.unsealed} 条待封"
        self.stdout.write(f"历史记录完好：{counts}。")
        if report.last_digest:
            self.stdout.write(f"末尾摘要（请抄录到系统之外）：{report.last_digest}")
