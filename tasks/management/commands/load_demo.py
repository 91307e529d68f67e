"""`manage.py load_demo`: fill a new database with the demo county."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from tasks.demo import load_parts
from tasks.demo.campaigns import create_campaigns
from tasks.demo.county import COUNTY, PASSWORD, create_county
from tasks.demo.life import live
from tasks.demo.reports import load_reports
from units.models import Region, Role, User

ACCOUNTS_FILE = "demo-accounts.txt"
SHOWN = (
    "chenjianguo",
    "liuwenjing",
    "xurui",
    "zhouhaiming",
    "sunzhiyuan",
    "helina",
    "renlong",
    "kongdehua",
    "lichangshun",
    "qianyaqin",
)
"""One account of each role, and a second member of the bureau: nobody reviews what he handed in himself."""


class Command(BaseCommand):
    help = "载入演示县：单位、账号、五个专项行动和办理情况。已经载入过就什么也不做；正式环境不载入。"

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("正式环境不能载入演示数据：演示账号的密码是公开的。请在测试环境中运行。")
        if Region.objects.filter(code=COUNTY).exists():
            self._say("演示县已经在数据库里，没有改动任何数据。", options)
        else:
            with transaction.atomic():
                county = create_county()
                campaigns = create_campaigns(county)
                live(county, campaigns, today=timezone.localdate())
                load_parts(county)
                # Last: their figures are counted from what all apps have written.
                load_reports(county, campaigns)
            self._say(f"已载入{county.region.name}：{len(county.units)}个单位，{User.objects.count()}个账号。", options)
        sheet = account_sheet()
        path = Path(settings.VAR_DIR) / ACCOUNTS_FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sheet, encoding="utf-8")
        self._say(sheet, options)

    def _say(self, sentence: str, options: dict[str, Any]) -> None:
        if options["verbosity"]:
            self.stdout.write(sentence)


def account_sheet() -> str:
    """One line for each of the accounts to begin with: user name, who it is, and the password they all share."""
    users = {
        user.username: user for user in User.objects.filter(is_demo=True, username__in=SHOWN).select_related("unit")
    }
    lines = [
        f"{name:<13}{Role(user.role).label}　{user.unit}　{user.name}" for name in SHOWN if (user := users.get(name))
    ]
    return (
        "\n".join([f"密码 password: {PASSWORD}（各演示账号相同）", *lines, "其余账号见“单位”里的“账号”，密码相同。"])
        + "\n"
    )
