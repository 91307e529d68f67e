"""Open the first account of an installation. Passwords never pass through the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from common.errors import Refused
from units.regions import chain_of
from units.services.installing import create_administrator, reset_administrator

QUESTIONS = (
    ("region_code", "本地区的区划代码（6位，例如 140825）"),
    ("bureau", "应急管理局全称"),
    ("name", "管理员姓名"),
    ("username", "管理员登录名（小写字母、数字）"),
)


class Command(BaseCommand):
    help = (
        "开通第一个局管理员账号，打印一次性激活链接；缺少的内容会逐项询问。"
        "(Open the first administrator's account and print a one-time activation link.)"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, question in QUESTIONS:
            parser.add_argument(f"--{name.replace('_', '-')}", help=question)
        parser.add_argument("--region-name", default="", help="区划名称；公布的县市可以不写")
        parser.add_argument("--address", default="", help="系统的网址，例如 https://ledger.example.gov.cn")
        parser.add_argument("--reset", action="store_true", help="给已有的局管理员重新生成激活码，原密码失效")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["reset"]:
                issued = reset_administrator(username=options["username"] or self.ask("管理员登录名"))
            else:
                answers = {name: options[name] or self.ask(question) for name, question in QUESTIONS[:1]}
                region_name = options["region_name"]
                if not region_name and not any(
                    one.code == answers["region_code"] for one in chain_of(answers["region_code"])
                ):
                    region_name = self.ask("区划名称")
                answers |= {name: options[name] or self.ask(question) for name, question in QUESTIONS[1:]}
                issued = create_administrator(region_name=region_name, **answers)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        link = options["address"].rstrip("/") + reverse("units:activate_with_code", args=[issued.code])
        self.stdout.write(f"账号：{issued.account.username}（{issued.account.name}，{issued.account.unit}）")
        self.stdout.write(f"激活码：{issued.code}")
        self.stdout.write(f"激活链接：{link}")
        until = timezone.localtime(issued.expires_at)
        self.stdout.write(f"{until:%Y-%m-%d %H:%M} 前有效，只能用一次；打开链接后自己设置密码。")

    def ask(self, question: str) -> str:
        try:
            answer = input(f"{question}：").strip()
        except EOFError as error:
            raise CommandError(f"缺少：{question}。") from error
        if not answer:
            raise CommandError(f"缺少：{question}。")
        return answer
