"""What stands in a report now, line by line, as the page shows it to whoever writes it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from tasks.models import ProgressReport, ReportEntry
from tasks.reporting import Sheet, gaps_of


class LineTold(serializers.Serializer[Any]):
    """一项任务的一行。"""

    assignment = serializers.IntegerField(help_text="责任事项")
    task = serializers.CharField(help_text="任务编号")
    title = serializers.CharField(help_text="任务")
    state = serializers.ChoiceField(choices=ReportEntry.State.values)
    percent = serializers.IntegerField()
    text = serializers.CharField()
    former = serializers.CharField(help_text="上一期写的")


class FigureTold(serializers.Serializer[Any]):
    """一个数字。"""

    key = serializers.CharField(help_text="代码")
    label = serializers.CharField()
    computed = serializers.CharField(help_text="系统数")
    stated = serializers.CharField(help_text="填报数")
    reason = serializers.CharField(help_text="更改理由")


class SheetTold(serializers.Serializer[Any]):
    """填报中的报告跟着台账走，签发以后不再变。"""

    lines = LineTold(many=True)
    figures = FigureTold(many=True)
    gaps = serializers.ListField(child=serializers.CharField(), help_text="签发以前还缺什么")


def sheet_of(report: ProgressReport) -> dict[str, Any]:
    sheet = Sheet(report)
    return {
        "lines": [
            {
                "assignment": line.pk, "task": line.assignment.task.ref, "title": line.assignment.task.heading,
                "state": line.state, "percent": line.percent, "text": line.text, "former": line.former,
            }
            for line in sheet.lines
        ],
        "figures": [
            {
                "key": one.key, "label": one.label, "computed": format(one.computed.normalize(), "f"),
                "stated": format(one.stated.normalize(), "f"), "reason": one.reason,
            }
            for one in sheet.figures
        ],
        "gaps": gaps_of(report, sheet) if report.is_open else [],
    }  # fmt: skip
