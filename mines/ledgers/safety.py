"""Accidents and output, out of which the year's numbers come."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from common.lists import Column
from common.lists.columns import in_words
from common.templatetags.page import due
from mines.ledgers.base import BUREAU, Ledger
from mines.models import Accident, Mine, MonthlyOutput


def _accidents(mine: Mine, lines: Sequence[Accident], total: int) -> str:
    year = timezone.localdate().year
    now = [one for one in lines if one.happened_on.year == year]
    words = f"今年{len(now)}起，死亡{sum(one.deaths for one in now)}人、重伤{sum(one.injured for one in now)}人"
    return f"{words}；历年共{total}起" if total > len(now) else words


def _late(mine: Mine, lines: Sequence[Accident]) -> str:
    today = timezone.localdate()
    late = sum(1 for one in lines if one.follow_up_by and one.followed_up_on is None and one.follow_up_by < today)
    return f"{late}起结案后评估逾期" if late else ""


def _outputs(mine: Mine, lines: Sequence[MonthlyOutput], total: int) -> str:
    year = timezone.localdate().year
    now = [one for one in lines if one.month.year == year]
    if not now:
        return f"{total}个月" if total else "还没有登记"
    return f"今年{in_words(sum(one.tonnes for one in now))}万吨（{now[-1].month.month}—{now[0].month.month}月）"


LEDGERS = (
    Ledger(
        "accidents",
        "事故",
        Accident,
        ("happened_on", "place", "kind", "deaths", "injured", "loss", "words", "case_closed_on", "followed_up_on",
         "follow_up_words"),
        (
            Column("happened_on", "发生日期", kind="title"),
            Column("kind", "类别", cell="get_kind_display", kind="short"),
            Column("grade", "等级", kind="short"),
            Column("deaths", "死亡", align="end"),
            Column("injured", "重伤", align="end"),
            Column("words", "简要经过和原因", kind="wide"),
            Column("case_closed_on", "结案", kind="short"),
            Column("follow_up", "结案后评估", cell=lambda row: row.followed_up_on or (due(row.follow_up_by) if row.follow_up_by else ""),
                   export=lambda row: row.followed_up_on or row.follow_up_by, kind="short"),
        ),
        BUREAU,
        "结案后一年内评估整改和防范措施的落实情况，评估完填写在同一行。",
        dated="happened_on",
        late=lambda day: Q(follow_up_by__lt=day, followed_up_on__isnull=True),
        says=_accidents,
        warns=_late,
    ),
    Ledger(
        "output",
        "月产量",
        MonthlyOutput,
        ("month", "tonnes"),
        (
            Column("month", "月份", cell=lambda row: f"{row.month:%Y年%m月}", kind="title"),
            Column("tonnes", "产量（万吨）", align="end"),
        ),
        hint="每月登记一次，用来计算百万吨死亡率。",
        dated="month",
        says=_outputs,
    ),
)  # fmt: skip
