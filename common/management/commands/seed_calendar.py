from typing import Any

from django.core.management.base import BaseCommand

from common.calendar_table import add_published_years


class Command(BaseCommand):
    help = "为工作日历补上已经公布而还没有数据的年份（法定节假日和调休上班日）；已有数据的年份不动。"

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        added = add_published_years()
        if verbosity == 0:
            return
        if added:
            years = "、".join(map(str, added))
            self.stdout.write(f"工作日历补上了 {years} 年，共 {sum(added.values())} 天。")
        else:
            self.stdout.write("已公布的年份都有数据，没有改动。")
