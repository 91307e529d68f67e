import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common.evidence import evidence_path, hash_of
from common.models import Evidence

_HASH = re.compile(r"[0-9a-f]{64}")


class Command(BaseCommand):
    help = "核对印证资料文件：列出丢失、被改动和没有登记的文件；有丢失或改动时以状态 1 结束。"

    def handle(self, *args: Any, **options: Any) -> None:
        known: set[str] = set()
        faults = 0
        hashes = Evidence.objects.order_by("sha256").values_list("sha256", flat=True).distinct()
        for sha256 in hashes.iterator(chunk_size=1000):
            known.add(sha256)
            if fault := self._fault(sha256):
                faults += 1
                names = "、".join(Evidence.objects.filter(sha256=sha256).values_list("name", flat=True)[:5])
                self.stdout.write(f"{fault}：{sha256}（{names}）")
        for path in self._orphans(known):
            self.stdout.write(f"没有登记：{path}")
        for path in self._unfinished():
            self.stdout.write(f"未完成的上传：{path}")
        if faults:
            raise CommandError(f"{len(known)} 个文件中有 {faults} 个丢失或被改动，请从备份恢复。", returncode=1)
        self.stdout.write(f"印证资料完好：{len(known)} 个文件。")

    @staticmethod
    def _fault(sha256: str) -> str:
        try:
            with evidence_path(sha256).open("rb") as file:
                return "" if hash_of(file) == sha256 else "被改动"
        except FileNotFoundError:
            return "丢失"
        except OSError as error:
            return f"无法读取（{error.strerror}）"

    @staticmethod
    def _unfinished() -> Iterator[Path]:
        """What a process left that was killed while it received a file; a younger one may still be coming in."""
        yesterday = time.time() - 24 * 60 * 60
        for path in sorted((Path(settings.MEDIA_ROOT) / "incoming").glob("*")):
            if path.stat().st_mtime < yesterday:
                yield path

    @staticmethod
    def _orphans(known: set[str]) -> Iterator[Path]:
        """Files that no row names: left by an upload whose transaction was rolled back."""
        for path in sorted(Path(settings.MEDIA_ROOT).glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            if _HASH.fullmatch(path.name) and path.name not in known:
                yield path
