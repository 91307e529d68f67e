"""What the pages of inspections work out: the coverage of a plan, proposals for next week, the enforcement count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from common.api import Table, faulty
from inspections.counts import FIGURES, GROUPS, Row, count, period_of, shown
from inspections.coverage import lacking, matrix_of, mines_of, rules_in_force
from inspections.models import CoverageRule
from inspections.proposals import next_week, proposals_for
from units.models import Region


class CoveredTold(serializers.Serializer[Any]):
    """一座矿山在一年里的检查覆盖情况。"""

    mine = serializers.IntegerField(help_text="矿山（编号）")
    name = serializers.CharField(help_text="矿山名称")
    asked = serializers.IntegerField(help_text="应检查期数")
    kept = serializers.IntegerField(help_text="已检查期数")
    lacks_now = serializers.BooleanField(help_text="本期还缺检查")
    weeks = serializers.DictField(child=serializers.CharField(), help_text="周一的日期 → 检查次数，gap 缺，open 待")


class CoverageTold(serializers.Serializer[Any]):
    """一条检查覆盖要求一年的情况。"""

    rule = serializers.IntegerField(help_text="检查覆盖要求（编号），见 inspection-plans 的 rules")
    words = serializers.CharField(help_text="要求")
    year = serializers.IntegerField(help_text="年度")
    rate = serializers.IntegerField(allow_null=True, help_text="覆盖率（%）")
    mines = CoveredTold(many=True)


def told_coverage(*, region: Region, today: dt.date, asked: Mapping[str, str]) -> dict[str, Any]:
    key = asked.get("rule", "")
    number = int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else 0
    rules = CoverageRule.objects.filter(plan__state="in_force", plan__region__code__startswith=region.prefix)
    rule = rules.select_related("plan__region", "group").filter(pk=number).first()
    if key and rule is None:
        raise faulty("rule", "没有这条检查覆盖要求，编号见 inspection-plans 的 rules。")
    rule = rule or rules_in_force(region.prefix, today.year).first()
    if rule is None:
        raise faulty("rule", "今年没有执行中的检查计划，请给出别年的检查覆盖要求。")
    matrix = matrix_of(rule, mines_of(rule).order_by("sort_key", "pk"), today)
    now = set(lacking(rule, today).values_list("pk", flat=True)) if rule.plan.year == today.year else set()
    mondays = [week.monday.isoformat() for week in matrix.weeks]
    return {
        "rule": rule.pk,
        "words": str(rule),
        "year": rule.plan.year,
        "rate": matrix.rate,
        "mines": [
            {
                "mine": row.mine.pk, "name": row.mine.name, "asked": row.asked, "kept": row.kept,
                "lacks_now": row.mine.pk in now,
                "weeks": {monday: str(cell) for monday, cell in zip(mondays, row.cells, strict=True) if cell != ""},
            }
            for row in matrix.rows
        ],
    }  # fmt: skip


class ProposalTold(serializers.Serializer[Any]):
    """下周建议检查的一座矿山。"""

    mine = serializers.IntegerField(help_text="矿山（编号）")
    name = serializers.CharField(help_text="矿山名称")
    points = serializers.IntegerField(help_text="分数，越高越该去")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="理由")
    last_visit = serializers.DateField(allow_null=True, help_text="上次检查")
    planned_visit = serializers.IntegerField(allow_null=True, help_text="已安排的计划检查（编号）")


class ProposalsTold(serializers.Serializer[Any]):
    """下周的检查建议，最该去的在前。"""

    begins_on = serializers.DateField(help_text="下周一")
    ends_on = serializers.DateField(help_text="下周日")
    mines = ProposalTold(many=True)


def told_proposals(*, region: Region, today: dt.date, asked: Mapping[str, str]) -> dict[str, Any]:
    begins_on, ends_on = next_week(today)
    return {
        "begins_on": begins_on,
        "ends_on": ends_on,
        "mines": [
            {
                "mine": one.mine.pk, "name": one.mine.name, "points": one.points, "reasons": one.reasons,
                "last_visit": one.last_visit, "planned_visit": one.planned.pk if one.planned else None,
            }
            for one in proposals_for(region, today)
        ],
    }  # fmt: skip


class CountTold(serializers.Serializer[Any]):
    """执法统计的一行。"""

    key = serializers.CharField(help_text="县、小组、人员或矿山的编号；不属于任何一个的为空")
    name = serializers.CharField()
    figures = serializers.DictField(
        child=serializers.CharField(), help_text=f"{'，'.join(f'{one.key} {one.heading}' for one in FIGURES)}"
    )
    flags = serializers.ListField(child=serializers.CharField(), help_text="提示，如零处罚")


class CountsTold(serializers.Serializer[Any]):
    """一段时间的执法统计。"""

    period = serializers.CharField()
    label = serializers.CharField(help_text="期间")
    rows = CountTold(many=True)
    total = CountTold(help_text="合计")


def told_counts(*, region: Region, today: dt.date, asked: Mapping[str, str]) -> dict[str, Any]:
    by = asked.get("by", "officer")
    if by not in GROUPS:
        raise faulty("by", f"可以用：{'、'.join(GROUPS)}。")
    try:
        period = period_of(asked.get("period", f"{today:%Y-%m}"))
    except ValueError as error:
        raise faulty("period", "请写成 2026-11、2026-Q4、2026-H2 或 2026。") from error
    if period.since > today:
        raise faulty("period", "这段时间还没有开始。")
    rows, total = count(period, region, by)
    return {"period": period.key, "label": period.label, "rows": [_line(row) for row in rows], "total": _line(total)}


def _line(row: Row) -> dict[str, Any]:
    figures = {one.key: shown(one, row.values.get(one.key, 0)) for one in FIGURES}
    return {"key": row.key, "name": row.name, "figures": figures, "flags": row.flags}


KEPT_BY = "检查的安排和统计由应急管理局掌握，检查过的请看检查和执法文书。"
TABLES = (
    Table(
        "coverage", "检查覆盖情况", "一条检查覆盖要求下每座矿山逐周的检查，与覆盖情况页面相同；只给能看到整个地区的账号。",
        {"rule": "检查覆盖要求（编号），默认今年的第一条"}, CoverageTold, told_coverage, KEPT_BY, under="inspection-plans",
    ),
    Table(
        "proposals", "检查建议", "下周建议检查的矿山和理由，与检查建议页面相同；只给能看到整个地区的账号。",
        {}, ProposalsTold, told_proposals, KEPT_BY, under="inspection-plans",
    ),
    Table(
        "inspection-counts", "执法统计", "一段时间的执法统计，与执法统计页面相同；只给能看到整个地区的账号。",
        {"period": "2026-11、2026-Q4、2026-H2 或 2026；默认本月", "by": "按什么分行，默认执法人员"}, CountsTold, told_counts,
        KEPT_BY, choices={"by": tuple(GROUPS)}, under="inspections",
    ),
)  # fmt: skip
