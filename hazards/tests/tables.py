"""Tables as files, for the tests of imports."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from openpyxl import Workbook

from hazards.models import RegisterImport
from hazards.services import imports
from units.models import User

CONTRACTOR = [
    "隐患内容", "排查日期", "类型", "级别", "责任单位", "责任人", "整改期限", "整改措施与要求", "复查结果", "复查日期",
    "复查人", "状态",
]  # fmt: skip


def workbook(rows: Sequence[Sequence[Any]], name: str = "台账.xlsx") -> ContentFile[bytes]:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return ContentFile(target.getvalue(), name=name)


def csv_file(rows: Sequence[Sequence[str]], encoding: str = "gb18030") -> ContentFile[bytes]:
    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    return ContentFile(target.getvalue().encode(encoding), name="台账.csv")


def checked(by: User, file: ContentFile[bytes], closed_rows: str = "refuse", **other: str) -> RegisterImport:
    """A file handed in, mapped as proposed (with changes by column key: position), and checked."""
    run = imports.start_import(by=by, file=file)
    mapping = dict(run.mapping) | {position: key for key, position in other.items()}
    run = imports.map_import(by=by, run=run, mapping=mapping, closed_rows=closed_rows)
    return imports.check_import(by=by, run=run)


def sentences(run: RegisterImport) -> dict[tuple[int, str], str]:
    """The errors of the preview: (row, column) → sentence."""
    return {(row, column): sentence for row, column, _, sentence in run.preview["errors"]}
