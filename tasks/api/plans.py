"""A plan as another system pushes it: the shape that the reader of documents writes (tasks/plans/model.py)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from common.inputs import CodeField, DayField, Given
from tasks.models.campaigns import Comparator, Deadline, Frequency, Level, UnitRole

MOST_TASKS = 2000
BODY = 20_000


def chars(most: int, *, required: bool = False) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=required, allow_blank=not required, allow_null=not required)


def amount() -> serializers.FloatField:
    return serializers.FloatField(required=False, allow_null=True, min_value=-1e11, max_value=1e11)


def on_day() -> DayField:
    return DayField(required=False, allow_null=True)


def compared() -> CodeField:
    return CodeField(choices=Comparator.values, required=False, allow_null=True)


class PlanUnit(Given):
    """印在任务旁边的一个单位；名称按原文，expanded 是补全的名称。"""

    asides = ("text", "applies_to", "applies_after")

    name = chars(200, required=True)
    expanded = chars(200)
    role = CodeField(choices=UnitRole.values)
    collective = serializers.BooleanField(required=False, default=False, help_text="一类单位，如“各煤矿企业”")
    group = chars(200)
    inherited = serializers.BooleanField(required=False)
    displaced = serializers.BooleanField(required=False)


class PlanQuantity(Given):
    value = serializers.FloatField(min_value=-1e11, max_value=1e11)
    unit = chars(20)
    comparator = compared()


class PlanDeadline(Given):
    """完成时限；scope 是所管的部分，不给出就是整项任务。"""

    kind = CodeField(choices=Deadline.Kind.values)
    date = on_day()
    text = chars(200)
    scope = chars(500)
    quantity = PlanQuantity(required=False, allow_null=True)
    source = CodeField(choices=["field", "body"], required=False)
    implied = serializers.BooleanField(required=False)
    inherited = serializers.BooleanField(required=False)

    def validate(self, data: Any) -> Any:
        if data["kind"] == Deadline.Kind.DATE and not data.get("date"):
            raise serializers.ValidationError({"date": ["日期型的时限要给出日期。"]})
        return data


class PlanRecurrence(Given):
    every = CodeField(choices=Frequency.values)
    times = serializers.IntegerField(min_value=1, max_value=100, required=False)
    text = chars(200)


class PlanGoal(Given):
    """一个目标。"""

    asides = ("baseline",)
    text = chars(BODY, required=True)
    indicator = chars(200)
    value = amount()
    unit = chars(20)
    comparator = compared()
    by = on_day()
    kind = CodeField(choices=["numeric", "checkable"], required=False)


class PlanTarget(Given):
    text = chars(BODY, required=True)
    indicator = chars(200)
    value = amount()
    unit = chars(20)
    comparator = compared()


class PlanStage(Given):
    """一个阶段。"""

    asides = ("start_text",)
    name = chars(100, required=True)
    start = on_day()
    end = on_day()
    text = chars(BODY)


class PlanTask(Given):
    """一项任务。id 在方案内不重复；分项用 parent 指明上一级。没有全文 text 的，可以给出开头 text_start 和结尾 text_end。"""

    asides = ("body_chars", "children", "notes", "optional", "part", "row", "supervises")
    id = chars(40, required=True)
    parent = chars(40)
    path = serializers.ListField(child=serializers.CharField(max_length=300), max_length=8, required=False)
    number = chars(40)
    title = chars(300)
    text = chars(BODY)
    text_start = chars(200)
    text_end = chars(200)
    responsibility_text = chars(2000)
    units = PlanUnit(many=True, required=False)
    units_open = serializers.BooleanField(required=False)
    deadlines = PlanDeadline(many=True, required=False)
    recurrences = PlanRecurrence(many=True, required=False)
    targets = PlanTarget(many=True, required=False)

    def validate(self, data: Any) -> Any:
        start, end = data.pop("text_start", None) or "", data.pop("text_end", None) or ""
        if not data.get("text") and (start or end):
            data["text"] = start if end in ("", start) else f"{start}……{end}"
        if not (data.get("title") or data.get("text")):
            raise serializers.ValidationError({"text": ["标题和内容不能都空着。"]})
        return data


class PlanReporting(Given):
    what = chars(300, required=True)
    to = chars(200)
    every = chars(20)
    due = chars(40)
    text = chars(BODY)

    def get_fields(self) -> dict[str, Any]:
        # 'from' is a word of Python and so cannot be written as an attribute.
        return {**super().get_fields(), "from": chars(200)}


class PlanHead(Given):
    """方案的题头。没有印出标题的，title 为空，用推送的名称代替。"""

    asides = (
        "title_alternatives", "document_number_alternatives", "organisation", "lists", "period_basis", "title_note",
        "issuer_note",
    )  # fmt: skip
    title = chars(200)
    document_number = chars(80)
    issuer = chars(100)
    issued_on = on_day()
    start = on_day()
    end = on_day()
    level = CodeField(choices=Level.values, required=False, allow_null=True)
    blanket_units = PlanUnit(many=True, required=False)


class PlanGiven(Given):
    """一份方案：题头、目标、阶段、任务和报送要求。"""

    asides = ("source", "source_note", "other_obligations")

    campaign = PlanHead()
    goals = PlanGoal(many=True, required=False)
    stages = PlanStage(many=True, required=False)
    tasks = serializers.ListField(child=PlanTask(), min_length=1, max_length=MOST_TASKS)
    reporting = PlanReporting(many=True, required=False)
    protection_measures = serializers.ListField(
        child=serializers.CharField(max_length=500), max_length=50, required=False
    )

    def validate_tasks(self, tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        seen: set[str] = set()
        for index, task in enumerate(tasks):
            if task["id"] in seen:
                raise serializers.ValidationError(f"第{index + 1}项任务的 id“{task['id']}”前面已经用过。")
            if task.get("parent") and task["parent"] not in seen:
                raise serializers.ValidationError(f"第{index + 1}项任务的上一级“{task['parent']}”不在它前面。")
            seen.add(task["id"])
        return tasks


def plain(value: Any) -> Any:
    """What was validated as plain data again: days as text, numbers that are whole as whole numbers."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value
