"""`manage.py fill_counties`: complete the county of rows that an older version of the program wrote during an upgrade."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection

from common.county import fill_counties


class Command(BaseCommand):
    help = "补全各表所属县（区）：升级期间旧版本写入的行，以及与上级记录不一致的行。可重复执行。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"已补全{fill_counties(apps, connection)}行。")
