"""Papers of a mine: its licences and standardization grades."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from common.lists import Column
from common.templatetags.page import status
from mines.ledgers.base import BUREAU, Ledger
from mines.models import GradeRecord, Licence, Mine


def _licences(mine: Mine, lines: Sequence[Licence], total: int) -> str:
    current = [one for one in lines if one.is_current]
    return "、".join(dict.fromkeys(str(one.get_kind_display()) for one in current)) or "还没有登记"


def _ending(mine: Mine, lines: Sequence[Licence]) -> str:
    found = [(one, {"expired": "已过期", "expiring": "即将到期"}.get(one.status)) for one in lines]
    return "；".join(f"{one.get_kind_display()}{words}" for one, words in found if words)


def _grade(mine: Mine, lines: Sequence[GradeRecord], total: int) -> str:
    return f"{lines[0].get_grade_display()}，{lines[0].since:%Y-%m-%d}评定" if lines else "还没有登记"


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
        late=lambda day: Q(is_current=True, renew_by__lt=day),
        says=_licences,
        warns=_ending,
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
        dated="since",
        says=_grade,
    ),
)
