"""`manage.py rotate_keys`: bring every encrypted field under the first key of FIELD_KEYS, while the program runs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.encryption import WrongFieldKey, encrypted_fields, rotate_field


class Command(BaseCommand):
    help = "把加密保存的内容（电话、密钥等）全部改用 FIELD_KEYS 的第一个密钥加密；可在运行中执行，可重复执行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--discard-unreadable", action="store_true", help="清空任何密钥都打不开的内容（密钥已丢失时）。"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for model, field in encrypted_fields():
            name = f"{model._meta.verbose_name}·{field.verbose_name}"
            try:
                done = rotate_field(model, field.name, discard=options["discard_unreadable"])
            except WrongFieldKey as error:
                raise CommandError(
                    f"“{name}”有内容用现有密钥都打不开：请把原来的密钥加到 FIELD_KEYS 末尾再执行；"
                    "原密钥确已丢失的，加 --discard-unreadable 清空这些内容。"
                ) from error
            self.stdout.write(f"{name}：改用新密钥 {done} 处")
