"""`manage.py load_standard`: bring catalogues of major hazards into the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import Refused
from hazards.services.catalogue import load_shipped_standards, load_standard, read_standard


class Command(BaseCommand):
    help = "载入重大事故隐患判定标准（JSON文件，样子见 fixtures/catalogues）。同一代码的标准和条款会更新，不会删除。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="判定标准文件")
        parser.add_argument("--shipped", action="store_true", help="载入随程序提供、数据库里还没有的标准")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["files"] and not options["shipped"]:
            raise CommandError("请给出文件，或用 --shipped 载入随程序提供的标准。")
        loaded = load_shipped_standards() if options["shipped"] else []
        for path in options["files"]:
            try:
                loaded.append(load_standard(by=None, data=read_standard(path.read_bytes())))
            except OSError as fault:
                raise CommandError(f"{path} 打不开：{fault.strerror}") from None
            except Refused as refusal:
                raise CommandError(f"{path}：{refusal.message}") from None
        if options["verbosity"]:
            for standard in loaded:
                self.stdout.write(f"已载入 {standard}，共{standard.clauses.count()}条。")
