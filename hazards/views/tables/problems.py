"""The problem list: the register in the columns that bureaus hand up."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from common.lists import Column
from common.templatetags.page import due, status
from hazards.exports.register import kind_of, progress_of, with_progress
from hazards.list_filters import ProblemFilter
from hazards.models import Hazard
from hazards.querysets import OPEN_STATES
from hazards.services.imports import check_may_import
from hazards.views.exporting import RegisterListPage
from hazards.views.tables.access import allowed
from units.requests import user_of


class ProblemList(RegisterListPage):
    """Every hazard on record, in the official columns; exports in three forms that can be handed in again."""

    model = Hazard
    title = "问题隐患清单"
    template_name = "hazards/lists_problems.html"
    filterset_class = ProblemFilter
    bar = ("q", "kind", "level", "state")
    columns = (
        Column("kind", "行业领域", cell=kind_of, kind="short"),
        Column("mine", "单位", cell="mine.name"),
        Column("description", "问题隐患", kind="title", link=True),
        Column(
            "level",
            "等级",
            cell=lambda row: status(f"level.{row.level or 'none'}", row.get_level_display() or "待定级"),
        ),
        Column("measures", "整改措施", kind="wide"),
        Column("responsible_unit", "责任单位", cell=lambda row: row.responsible_unit or row.mine.name),
        Column("responsible_person", "责任人", kind="short"),
        Column(
            "due_on",
            "完成时限",
            cell=lambda row: due(row.due_on, done=row.state not in OPEN_STATES),
            sort="due_on",
            nulls_last=True,
            kind="short",
        ),
        Column("progress", "整改情况", cell=progress_of, kind="wide"),
        Column("closed_on", "销号时间", kind="short"),
        Column("remark", "备注"),
    )
    papers = (
        ("contractors", "隐患排查治理台账 Excel"),
        ("full", "全部字段 Excel（改后可再导入）"),
        ("full_csv", "全部字段 CSV（不限条数）"),
    )
    forms = {
        "xlsx": "problems",
        "csv": "problems",
        "contractors": "contractors",
        "full": "full",
        "full_csv": "full",
    }
    empty_title = "没有问题隐患"
    empty_words = "登记或导入的隐患会列在这里。"

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Hazard.objects.visible_to(user_of(self.request)).on_record().for_list()
        return rows

    @cached_property
    def rows(self) -> list[Any]:
        start = (self.page - 1) * self.size
        return list(with_progress(self.ordered)[start : start + self.size]) if self.count else []

    def extra_context(self) -> dict[str, Any]:
        return {"tab": "problems", "may_import": allowed(check_may_import, user_of(self.request))}
