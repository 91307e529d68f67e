"""Who answers for a mine: the people in its key posts, and the leaders responsible for it with what they did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from common.lists import Column
from common.templatetags.page import due, status
from mines.ledgers.base import BUREAU, Ledger
from mines.models import KeyPost, LeaderAct, Mine, ResponsibleLeader
from mines.models.people import faults_of_posts
from mines.querysets import FIVE_HEADS
from units.models import Role, Unit, User


def _posts(mine: Mine, lines: Sequence[KeyPost], total: int) -> str:
    current = [one for one in lines if one.until is None]
    heads = sum(1 for one in current if one.post in FIVE_HEADS)
    return f"“五职”矿长{heads}人，专业技术人员{len(current) - heads}人" if current else "还没有登记"


def _place(line: KeyPost) -> tuple[bool, int]:
    """Who is in office first, from the manager down; those who left follow, the latest first."""
    return (line.until is not None, 0 if line.until else KeyPost.Post.values.index(line.post))


def _leaders(mine: Mine, lines: Sequence[ResponsibleLeader], total: int) -> str:
    return "、".join(str(one) for one in lines if one.until is None) or "还没有登记"


def _acts(mine: Mine, lines: Sequence[LeaderAct], total: int) -> str:
    return f"{total}次，最近一次{lines[0].done_on:%Y-%m-%d}{lines[0].get_kind_display()}" if lines else "还没有登记"


def _bodies(mine: Mine) -> Any:
    kinds = ("government", "department", "township")
    county = mine.unit.region_id[:6]
    return Unit.objects.filter(kind__in=kinds, is_active=True, region__code__startswith=county).order_by("sort_key")


def _accounts(mine: Mine) -> Any:
    county = mine.unit.region_id[:6]
    rows = User.objects.filter(role=Role.LEADER, is_active=True, unit__region__code__startswith=county)
    return rows.order_by("name")


LEDGERS = (
    Ledger(
        "posts",
        "关键岗位",
        KeyPost,
        ("post", "name", "education", "major", "years", "certificate", "since", "until"),
        (
            Column("post", "岗位", cell="get_post_display", kind="title"),
            Column("name", "姓名", kind="short"),
            Column("education", "学历", cell="get_education_display", kind="short"),
            Column("major", "专业"),
            Column("years", "从业年限", align="end"),
            Column("certificate", "资格证号"),
            Column("since", "任职", kind="short"),
            Column("until", "离任", kind="short"),
            Column("lacks", "不符合", cell=lambda row: status("overdue", row.lacks) if row.lacks else ""),
        ),
        hint="换人时先填写前任的离任日期，再登记新人。",
        sort=_place,
        dated="since",
        says=_posts,
        warns=lambda mine, lines: "；".join(faults_of_posts(mine.mine_type, lines)),
    ),
    Ledger(
        "leaders",
        "包保领导",
        ResponsibleLeader,
        ("name", "rank", "position", "phone", "unit", "account", "since", "until"),
        (
            Column("name", "姓名", kind="title"),
            Column("rank", "层级", cell="get_rank_display", kind="short"),
            Column("position", "职务"),
            Column("phone", "联系电话", kind="short"),
            Column("since", "起始", kind="short"),
            Column("until", "结束", kind="short"),
            Column("prompt_due", "应提示提醒", cell=lambda row: due(row.prompt_due), export="prompt_due", kind="short"),
            Column("visit_due", "应现场督导", cell=lambda row: due(row.visit_due), export="visit_due", kind="short"),
        ),
        BUREAU,
        "换人时填写前任的结束日期，再登记新人；履职后在“包保履职”登记，下一次的日期自动后移。",
        says=_leaders,
        late=lambda day: Q(until__isnull=True) & (Q(prompt_due__lt=day) | Q(visit_due__lt=day)),
        warns=lambda mine, lines: "" if any(one.until is None for one in lines) else "没有包保领导",
        offers={"unit": _bodies, "account": _accounts},
    ),
    Ledger(
        "acts",
        "包保履职",
        LeaderAct,
        ("leader", "kind", "done_on", "words"),
        (
            Column("done_on", "日期", kind="title"),
            Column("name", "包保领导", kind="short"),
            Column("kind", "方式", cell="get_kind_display", kind="short"),
            Column("words", "做了什么", kind="wide"),
        ),
        frozenset({"bureau", "leader"}),
        "每次提示提醒、现场督导后登记，附上照片或通知。",
        dated="done_on",
        says=_acts,
        offers={"leader": lambda mine: ResponsibleLeader.objects.filter(mine=mine, until=None)},
    ),
)
