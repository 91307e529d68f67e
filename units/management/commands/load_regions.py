"""Enter administrative divisions from a file, or those that are published."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import Refused
from common.spreadsheets import Column, read_rows
from units.regions import published_regions
from units.services.installing import load_regions

COLUMNS = (
    Column("code", "区划代码", required=True, aliases=("代码", "code", "统计用区划代码", "行政区划代码")),
    Column("name", "名称", required=True, max_length=60, aliases=("name", "区划名称", "单位名称", "乡镇名称")),
    Column("short_name", "简称", max_length=20, aliases=("short_name",)),
)


class Command(BaseCommand):
    help = (
        "登记行政区划：从 .xlsx 或 .csv 文件（列：区划代码、名称），或用 --published 登记公布的省、市、县。"
        "(Load divisions from a table, or the published provinces, cities and counties.)"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="含区划代码和名称两列的表格")
        parser.add_argument(
            "--published", metavar="CODE", nargs="?", const="", help="公布的区划；可写代码前几位，如 1408"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path, prefix = options["file"], options["published"]
        if (path is None) == (prefix is None):
            raise CommandError("请给出一个文件，或者 --published。(Give a file or --published.)")
        try:
            rows = self.from_file(path) if path is not None else self.published(prefix)
            new, changed = load_regions(rows=rows)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"新增 {new} 个，改名 {changed} 个，其余 {len(rows) - new - changed} 个无变化。")

    def from_file(self, path: Path) -> list[tuple[str, str, str]]:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"文件 {path} 打不开：{error.strerror}。") from error
        table = read_rows(data, COLUMNS, max_rows=60_000)
        if table.errors:
            lines = [f"第 {error.row} 行 {error}" for error in table.errors[:20]]
            raise CommandError("没有写入任何内容，请改正后重试：\n" + "\n".join(lines))
        return [(row.values["code"], row.values["name"], row.values.get("short_name") or "") for row in table.rows]

    def published(self, prefix: str) -> list[tuple[str, str, str]]:
        rows = [(one.code, one.name, "") for one in published_regions(prefix)]
        if not rows:
            raise CommandError(f"没有代码以 {prefix} 开头的区划。")
        return rows
