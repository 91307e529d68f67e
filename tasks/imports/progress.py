"""Forms of progress that were filled in off line: what stands in them, and what would become of each row.

Every row carries a seal: campaign, assignment and a digest of what was printed, signed with the installation's key.
So a form of another county or campaign is known at once, a row that nobody touched is told from an edited one without
looking at anybody's data, and an answer that was overtaken by a newer one is not written over it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.signing import BadSignature, Signer

from common.errors import Refused
from common.spreadsheets import Column, ImportResult, Kind, Row, compare_rows, read_rows
from common.spreadsheets.values import clean_cell
from tasks.models import Assignment, Campaign
from tasks.services.assignments import check_may_report, faults_of_progress
from units.models import User

MOST_ROWS = 20_000
SHEET = "进展填报"

COLUMNS = (
    Column("ref", "序号", export_only=True, width=9),
    Column("task", "任务", export_only=True, width=48),
    Column("unit", "单位", export_only=True, width=18),
    Column("deadline", "完成时限", export_only=True, width=16),
    Column("state", "状态", export_only=True, width=9),
    Column("percent", "进度（%）", Kind.PERCENT, aliases=("进度", "进度%", "完成进度", "完成率"), width=9),
    Column(
        "text",
        "主要进展及完成情况",
        aliases=("主要进展", "进展情况", "完成情况", "进展及完成情况", "工作进展", "进展"),
        max_length=5000,
        width=60,
    ),
    Column("seal", "系统识别码", required=True, aliases=("识别码",), width=12),
)

NOT_OURS = "这不是本系统导出的进展填报表，或者隐藏的“系统识别码”列被删改了。请重新导出填报表，填好后再上传。"


def _signer() -> Signer:
    return Signer(salt="tasks.progress-form")


@dataclass(frozen=True, slots=True)
class Seal:
    """What the hidden cell of a row says: which assignment of which campaign, and the digest of what was printed."""

    campaign: int
    assignment: int
    printed: str

    def __str__(self) -> str:
        return _signer().sign(f"{self.campaign}:{self.assignment}:{self.printed}")

    @classmethod
    def of(cls, assignment: Assignment) -> Seal:
        return cls(assignment.campaign_id, assignment.pk, digest(assignment.percent, assignment.summary))

    @classmethod
    def read(cls, text: str) -> Seal | None:
        """The seal in a cell, or None where it was not made here or was altered."""
        try:
            campaign, assignment, printed = _signer().unsign(text).split(":")
        except (BadSignature, ValueError):
            return None
        return cls(int(campaign), int(assignment), printed)


def digest(percent: Any, text: str | None) -> str:
    """Twelve characters that stand for a row's two answers as a spreadsheet gives them back."""
    number = "" if percent is None else format(Decimal(str(percent)).normalize(), "f")
    return hashlib.sha256(f"{number}\n{clean_cell(text)}".encode()).hexdigest()[:12]


def check_progress(data: bytes, *, campaign: Campaign, by: User) -> ImportResult:
    """Read a whole form and sort its rows into new, changed, unchanged and wrong.

    Raises Refused where the file is no form of this campaign.
    """
    try:
        table = read_rows(data, COLUMNS, max_rows=MOST_ROWS)
    except Refused as refusal:
        if refusal.code == "table_no_header" or "系统识别码" in refusal.message:
            raise Refused(NOT_OURS, code="not_ours") from refusal
        raise
    missing = [column.title for column in COLUMNS[5:7] if column not in table.columns]
    if missing:
        raise Refused(
            f"第 {table.header_row} 行的表头缺少：{'、'.join(missing)}。请补上后再上传。", code="table_columns"
        )
    seals = {row.number: Seal.read(row.values.get("seal") or "") for row in table.rows}
    known = [seal for seal in seals.values() if seal]
    if not known:
        raise Refused(NOT_OURS if table.rows else "表里没有可以读的行。请重新导出填报表。", code="not_ours")
    if any(seal.campaign != campaign.pk for seal in known):
        raise Refused(f"这张表不是“{campaign.title}”的填报表。请到它自己的行动页面上传。", code="other_campaign")
    return compare_rows(table, _Finder(campaign, by, seals).find, key=lambda row: seals[row.number])


class _Finder:
    """Knows the assignments of the campaign that the user sees (one query)."""

    def __init__(self, campaign: Campaign, by: User, seals: Mapping[int, Seal | None]) -> None:
        self.by, self.seals = by, seals
        rows = Assignment.objects.visible_to(by).filter(campaign=campaign).select_related("unit", "campaign", "task")
        self.visible: dict[int, Assignment] = {row.pk: row for row in rows}

    def find(self, row: Row) -> Mapping[str, Any] | None:
        """Answer what the row's assignment says now, None where it says nothing yet; settle the row's own values."""
        seal = self.seals[row.number]
        if seal is None:
            raise Refused(
                "这一行的系统识别码被改动了，认不出是哪一项。请重新导出填报表。",
                fields={"seal": ["被改动了，认不出是哪一项。"]},
            )
        percent, text = row.values.get("percent"), row.values.get("text") or ""
        row.values["text"] = text
        if digest(percent, text) == seal.printed or (percent is None and not text):
            return {"percent": percent, "text": text}
        owed = self.visible.get(seal.assignment)
        if owed is None:
            raise Refused("这一行不是您单位的责任事项，不能填报。")
        check_may_report(self.by, owed)
        if faults := faults_of_progress(percent, text):
            raise Refused("请改正标出的内容。", fields=faults)
        row.values["percent"] = int(percent or 0)
        row.values["assignment"], row.values["label"] = owed.pk, f"{owed.task.heading}（{owed.unit}）"
        if digest(percent, text) == digest(owed.percent, owed.summary):
            return {"percent": percent, "text": text}
        if digest(owed.percent, owed.summary) != seal.printed:
            raise Refused(
                f"导出这张表以后，这一事项又填报过进展（现为{owed.percent}%）。请重新导出后再填。", code="overtaken"
            )
        return {"percent": owed.percent, "text": owed.summary} if owed.summary else None
