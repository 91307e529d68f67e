"""Which of the names that a draft prints are matched to units yet."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from tasks.models import PlanImport
from tasks.services.imports import printed_names


class NameTold(serializers.Serializer[Any]):
    """方案印出的一个名称；对应上单位或单位组的才会落到责任事项。"""

    name = serializers.CharField()
    collective = serializers.BooleanField(help_text="一类单位")
    tasks = serializers.IntegerField(help_text="几项任务")
    unit = serializers.IntegerField(allow_null=True)
    group = serializers.IntegerField(allow_null=True)
    skipped = serializers.BooleanField(help_text="核对的人决定不对应")


def names_in(row: PlanImport) -> list[dict[str, Any]]:
    if not row.draft:
        return []
    told = []
    for key, entry in printed_names(row.draft).items():
        match = row.matches.get(key) or {}
        told.append(
            {
                "name": entry["name"], "collective": entry["collective"], "tasks": len(entry["tasks"]),
                "unit": match.get("unit"), "group": match.get("group"), "skipped": bool(match.get("skip")),
            }
        )  # fmt: skip
    return told
