"""Letters, meetings and reminders as other systems see them, and the letters that they sign for and answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from common.api import Act, Derived, Part, Resource, Table, as_property, columns, faulty
from common.errors import Conflict, Refused
from common.inputs import Given, VisibleField, words
from supervision.assessment import INDICES, assess
from supervision.filters import LetterFilter, MeetingFilter, RungFilter
from supervision.models import (
    AccidentCount,
    ConsolidatedNarrative,
    Decision,
    LetterItem,
    LetterReceipt,
    Meeting,
    MeetingSeries,
    Rung,
    SupervisionLetter,
)
from supervision.ranking import GROUPS, period_of, rank
from supervision.services.letters import answer_letter, move_receipt
from units.models import Region, Unit, User

LETTERS = Resource(
    "letters",
    "督办函件",
    SupervisionLetter,
    columns(
        "id", "kind", "number", "title", "body", "state", "sent_on", "answer_by", "reason", "meets_at", "place", "people",
        "record", "published_in", "published_on", organ="organ_id", region="region_id",
    ),
    parts={
        "receipts": Part(
            "签收和答复", LetterReceipt, "letter_id",
            columns("id", "state", "signed_at", "answer", "answered_at", unit="unit_id"), has_evidence=True,
        ),
        "items": Part(
            "督办事项", LetterItem, "letter_id",
            columns("id", "source", "object_id", "title", "due_on", "workdays_late", unit="unit_id"), ("due_on", "pk"),
        ),
    },
    filters=LetterFilter,
    has_evidence=True,
    inside=("reason",),
)  # fmt: skip

MEETINGS = Resource(
    "meetings",
    "会议",
    Meeting,
    columns(
        "id", "period", "title", "planned_on", "held_on", "place", "chair", "people", "agenda", "minutes", "state",
        region="region_id", organ="organ_id", series="series_id",
    ),
    parts={
        "decisions": Part(
            "议定事项", Decision, "meeting_id",
            columns("id", "position", "text", "due_on", unit="unit_id", task="task_id"), ("position", "pk"),
        )
    },
    derived={"is_overdue": Derived("逾期未召开", ("state", "planned_on"), as_property(Meeting, "is_overdue"))},
    filters=MeetingFilter,
    has_evidence=True,
    inside=("period", "place", "people", "agenda", "minutes", "series", "evidence"),
)  # fmt: skip

SERIES = Resource(
    "meeting-series",
    "例会",
    MeetingSeries,
    columns(
        "id", "name", "every", "month", "day", "people", "agenda", "source", "is_active",
        region="region_id", organ="organ_id",
    ),
    under="meetings",
)  # fmt: skip

REMINDERS = Resource(
    "reminders",
    "提醒",
    Rung,
    columns("id", "kind", "object_id", "title", "due_on", "step", "told_at", unit="unit_id", region="region_id"),
    filters=RungFilter,
)

CONSOLIDATIONS = Resource(
    "consolidations",
    "汇总文字",
    ConsolidatedNarrative,
    columns(
        "id", "period", "version", "progress", "problems", "plans", "edited_at",
        rule="rule_id", campaign="rule__campaign_id", edited_by="edited_by__name",
    ),
    under="reports",
)  # fmt: skip

ACCIDENT_COUNTS = Resource(
    "accident-counts",
    "年度事故数",
    AccidentCount,
    columns("id", "year", "accidents", "deaths", "note", "entered_at", unit="unit_id", region="region_id"),
    under="rankings",
)
RESOURCES = (LETTERS, MEETINGS, SERIES, REMINDERS, CONSOLIDATIONS, ACCIDENT_COUNTS)


class IndicatorTold(serializers.Serializer[Any]):
    """一个单位的一项指标：part 与 whole 是分子和分母。"""

    key = serializers.CharField()
    label = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    part = serializers.IntegerField()
    whole = serializers.IntegerField()


class RankedTold(serializers.Serializer[Any]):
    """一个单位的名次、得分和各项指标。"""

    place = serializers.IntegerField(help_text="名次；没有得分的为0")
    unit = serializers.IntegerField()
    name = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    card = serializers.ChoiceField(choices=["", "red", "yellow"], help_text="red 红牌，yellow 黄牌")
    reason = serializers.CharField(help_text="为什么亮牌")
    indicators = IndicatorTold(many=True)


class RankingTold(serializers.Serializer[Any]):
    """一类单位在一个月或一年里的排名。"""

    title = serializers.CharField()
    region = serializers.CharField()
    group = serializers.ChoiceField(choices=list(GROUPS))
    period = serializers.CharField()
    counted_on = serializers.DateField(help_text="统计到哪一天")
    formula = serializers.CharField(help_text="得分的算法")
    rows = RankedTold(many=True)


FIRST_YEAR = 2000


def asked_group(asked: Mapping[str, str]) -> str:
    group = asked.get("group", "mine")
    if group not in GROUPS:
        raise faulty("group", f"可以用：{'、'.join(GROUPS)}。")
    return group


def told_ranking(*, region: Region, today: dt.date, asked: Mapping[str, str]) -> dict[str, Any]:
    group = asked_group(asked)
    try:
        period = period_of(asked.get("period", f"{today:%Y-%m}"))
    except ValueError:
        period = None
    if period is None or period.since > today or period.since.year < FIRST_YEAR:
        raise faulty("period", "请写成 2026-11 或 2026，不晚于今天。")
    ranking = rank(region, group, period, today)
    return {
        "title": ranking.title,
        "region": ranking.region.code,
        "group": ranking.group,
        "period": ranking.period.key,
        "counted_on": ranking.on,
        "formula": ranking.score_formula,
        "rows": [
            {
                "place": row.place,
                "unit": row.unit.pk,
                "name": row.unit.name,
                "score": row.score,
                "card": row.colour,
                "reason": row.why,
                "indicators": [
                    {"key": one.indicator.key, "label": str(one.indicator.label), "value": one.value,
                     "part": one.part, "whole": one.whole}
                    for one in row.cells
                ],
            }
            for row in ranking.rows
        ],
    }  # fmt: skip


class IndexTold(serializers.Serializer[Any]):
    """四项指标中的一项。"""

    key = serializers.CharField()
    label = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    made_of = serializers.CharField(help_text="怎样算出来的")


class AssessedTold(serializers.Serializer[Any]):
    """一个单位的名次、得分和四项指标。"""

    place = serializers.IntegerField(help_text="名次；没有得分的为0")
    unit = serializers.IntegerField()
    name = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    indices = IndexTold(many=True)


class AssessmentTold(serializers.Serializer[Any]):
    """一类单位一年的四项指标考核。"""

    title = serializers.CharField()
    region = serializers.CharField()
    group = serializers.CharField(help_text="哪一类单位")
    year = serializers.IntegerField(help_text="年度")
    counted_on = serializers.DateField(help_text="统计到哪一天")
    formula = serializers.CharField(help_text="得分的算法")
    rows = AssessedTold(many=True)


def told_assessment(*, region: Region, today: dt.date, asked: Mapping[str, str]) -> dict[str, Any]:
    group, year = asked_group(asked), asked.get("year", str(today.year))
    if not (year.isascii() and year.isdecimal() and FIRST_YEAR <= int(year[:9]) <= today.year):
        raise faulty("year", "请写成 2026，不晚于今年。")
    found = assess(region, group, int(year), today)
    return {
        "title": found.title,
        "region": region.code,
        "group": group,
        "year": found.year,
        "counted_on": found.on,
        "formula": found.formula,
        "rows": [
            {
                "place": row.place, "unit": row.unit.pk, "name": row.unit.name, "score": row.score,
                "indices": [
                    {"key": key, "label": label, "value": one.value, "made_of": one.made_of}
                    for (key, label, *_), one in zip(INDICES, row.indices, strict=True)
                ],
            }
            for row in found.rows
        ],
    }  # fmt: skip


RANKED_BY = "排名考核由应急管理局统计，结果以通报为准。"
TABLES = (
    Table(
        "rankings", "排名", "一类单位在一个月或一年里的指标、得分和名次，与排名页面相同；只给能看到整个地区的账号。",
        {"group": "哪一类单位，默认矿山", "period": "2026-11 或 2026；默认本月"}, RankingTold, told_ranking, RANKED_BY,
        choices={"group": tuple(GROUPS)},
    ),
    Table(
        "assessments", "年度考核", "一类单位一年的四项指标考核，与考核页面相同；只给能看到整个地区的账号。",
        {"group": "哪一类单位，默认矿山", "year": "年度，默认今年"}, AssessmentTold, told_assessment, RANKED_BY,
        choices={"group": tuple(GROUPS)}, under="rankings",
    ),
)  # fmt: skip


class ReceiptSignature(Given):
    """签收；应急管理局的账号登记纸质签收时给出单位和说明。"""

    example = {"note": "本单位已签收"}

    unit = VisibleField(Unit, required=False, allow_null=True, help_text="单位；不给出就是账号自己的单位")
    note = words(SupervisionLetter, "reason", required=False)


class LetterAnswer(Given):
    """答复已签收的函件。"""

    example = {"answer": "两项逾期任务已于11月20日完成，佐证材料见附件。"}

    unit = VisibleField(Unit, required=False, allow_null=True, help_text="单位；不给出就是账号自己的单位")
    answer = words(LetterReceipt, "answer")


def receipt_of(letter: SupervisionLetter, by: User, unit: Unit | None) -> LetterReceipt:
    """The letter in the hands of a unit, the sender's own where none is named. Raises Refused where it has none."""
    rows = LetterReceipt.objects.visible_to(by).filter(letter=letter, unit=unit.pk if unit else by.unit_id)
    found: LetterReceipt | None = rows.for_list().first()
    if found is None:
        raise Refused("请改正标出的内容后再发送。", code="invalid", fields={"unit": ["这份函件没有发给这个单位。"]})
    return found


def sign(*, by: User, row: SupervisionLetter, given: dict[str, Any]) -> SupervisionLetter:
    receipt = receipt_of(row, by, given.get("unit"))
    own = receipt.unit_id == by.unit_id
    move_receipt(by=by, receipt=receipt, action="sign" if own else "enter", note=given.get("note", ""))
    return row


def answer(*, by: User, row: SupervisionLetter, given: dict[str, Any]) -> SupervisionLetter:
    receipt = receipt_of(row, by, given.get("unit"))
    if receipt.state == LetterReceipt.State.WAITING:
        raise Conflict("还没有签收，请先签收再答复。")
    answer_letter(by=by, receipt=receipt, answer=given["answer"], files=given.get("files", ()))
    return row


ACTS = (
    Act("letters", "签收", ReceiptSignature, sign, "sign"),
    Act("letters", "答复", LetterAnswer, answer, "answer", files=True),
)
