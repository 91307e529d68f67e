"""Papers of a mine: its licences and standardization grades."""

from __future__ import annotations

from common.lists import Column
from common.templatetags.page import status
from mines.ledgers.base import BUREAU, Ledger
from mines.models import GradeRecord, Licence

LEDGERS = (
    Ledger(
        "licences",
        "证照",
        Licence,
        ("kind", "number", "issuer", "issued_on", "expires_on"),
        (
            Column("kind", "证照", cell="get_kind_display", kind="title"),
            Column("number", "证号"),
            Column("issuer", "发证机关"),
            Column("issued_on", "发证日期", kind="short"),
            Column("expires_on", "有效期至", cell=lambda row: row.expires_on or "长期", kind="short"),
            Column("status", "状态", cell=lambda row: status(f"licence.{row.status}"), kind="short"),
        ),
        hint="换发新证时新增一行，原来的一行自动成为“已换发”。",
    ),
    Ledger(
        "grades",
        "标准化等级",
        GradeRecord,
        ("grade", "since", "until", "body", "reason"),
        (
            Column("grade", "等级", cell="get_grade_display", kind="title"),
            Column("since", "评定日期", kind="short"),
            Column("until", "有效期至", kind="short"),
            Column("body", "评定单位"),
            Column("reason", "说明", kind="wide"),
        ),
        BUREAU,
        "等级升降都新增一行，最近一行就是现在的等级。",
    ),
)
