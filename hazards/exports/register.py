"""The register in the columns of the problem list, of contractors' registers, and in all its columns.

Every one of them can be handed in again: the last columns tell which hazard a row is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from django.db.models import OuterRef, QuerySet, Subquery

from common.spreadsheets import Column, Kind, write_rows
from hazards.models import Hazard, Rectification, Reinspection, Source
from mines.models import MineType

KINDS = {
    "coal": ("煤矿", (MineType.COAL_UNDERGROUND, MineType.COAL_OPEN_PIT)),
    "metal": ("金属非金属矿山", (MineType.NONCOAL_UNDERGROUND, MineType.NONCOAL_OPEN_PIT)),
    "tailings": ("尾矿库", (MineType.TAILINGS_POND,)),
}
"""The rows of the monthly table (行业领域): key → label, kinds of mine."""
_KIND_OF = {str(kind): label for label, kinds in KINDS.values() for kind in kinds}

PROBLEM_LIST = (
    Column("ordinal", "序号", Kind.INTEGER, width=6),
    Column("kind", "行业领域", width=12),
    Column("mine", "单位", width=22),
    Column("description", "问题隐患", width=40),
    Column("level", "等级", width=10),
    Column("measures", "整改措施", width=30),
    Column("responsible_unit", "责任单位", width=20),
    Column("responsible_person", "责任人", width=10),
    Column("due_on", "完成时限", Kind.DATE, width=12),
    Column("progress", "整改情况", width=30),
    Column("closed_on", "销号时间", Kind.DATE, width=12),
    Column("remark", "备注", width=16),
    Column("number", "编号", width=20),
)
CONTRACTORS = (
    Column("description", "隐患内容", width=40),
    Column("found_on", "排查日期", Kind.DATE, width=12),
    Column("category", "类型", width=16),
    Column("level", "级别", width=10),
    Column("responsible_unit", "责任单位", width=20),
    Column("responsible_person", "责任人", width=10),
    Column("due_on", "整改期限", Kind.DATE, width=12),
    Column("measures", "整改措施与要求", width=30),
    Column("result", "复查结果", width=10),
    Column("reinspected_on", "复查日期", Kind.DATE, width=12),
    Column("officer", "复查人", width=10),
    Column("state", "状态", width=10),
    Column("mine", "单位", width=22),
    Column("number", "编号", width=20),
)
FULL = (
    Column("number", "编号", width=20),
    Column("mine", "单位", width=22),
    Column("kind", "行业领域", width=12),
    Column("place", "地点", width=18),
    Column("description", "问题隐患", width=40),
    Column("level", "等级", width=10),
    Column("clause", "判定条款", width=14),
    Column("level_reason", "认定理由", width=20),
    Column("source", "来源", width=10),
    Column("found_on", "发现日期", Kind.DATE, width=12),
    Column("found_by", "发现人", width=10),
    Column("measures", "整改措施", width=30),
    Column("responsible_unit", "责任单位", width=20),
    Column("responsible_person", "责任人", width=10),
    Column("due_on", "完成时限", Kind.DATE, width=12),
    Column("state", "状态", width=10),
    Column("progress", "整改情况", width=30),
    Column("returned", "退回次数", Kind.INTEGER, width=8),
    Column("closed_on", "销号时间", Kind.DATE, width=12),
    Column("remark", "备注", width=16),
)
FORMS = {
    "problems": ("问题隐患清单", PROBLEM_LIST),
    "contractors": ("隐患排查治理台账", CONTRACTORS),
    "full": ("隐患台账", FULL),
}


def with_progress(hazards: QuerySet[Any]) -> QuerySet[Any]:
    """Hazards together with what the forms print of their last rectification and re-inspection (one query)."""
    rectification = Rectification.objects.filter(hazard=OuterRef("pk")).order_by("-round")
    reinspection = Reinspection.objects.filter(hazard=OuterRef("pk")).order_by("-round")
    return hazards.select_related("mine__mine", "clause__category").annotate(
        statement=Subquery(rectification.values("statement")[:1]),
        result=Subquery(reinspection.values("result")[:1]),
        reinspected_on=Subquery(reinspection.values("on")[:1]),
        officer=Subquery(reinspection.values("recorded_by__name")[:1]),
    )


def kind_of(hazard: Hazard) -> str:
    """The mine's line of business as the monthly table names it; empty for a mine whose kind nobody entered."""
    mine = getattr(hazard.mine, "mine", None)
    return _KIND_OF.get(mine.mine_type, "") if mine else ""


def progress_of(hazard: Any) -> str:
    """Where the hazard stands, and what the mine says that it did."""
    return "：".join(filter(None, (str(hazard.get_state_display()), hazard.statement or "")))


def row_of(hazard: Any, ordinal: int) -> Mapping[str, Any]:
    """One hazard of `with_progress` under the keys of all three forms."""
    return {
        "ordinal": ordinal,
        "number": hazard.number,
        "mine": hazard.mine.name,
        "kind": kind_of(hazard),
        "place": hazard.place,
        "description": hazard.description,
        "level": _LEVELS.get(hazard.level, ""),
        "clause": hazard.clause.code if hazard.clause else "",
        "category": hazard.clause.category.title if hazard.clause else "",
        "level_reason": hazard.level_reason,
        "source": _SOURCES[hazard.source],
        "found_on": hazard.found_on,
        "found_by": hazard.found_by,
        "measures": hazard.measures,
        "responsible_unit": hazard.responsible_unit or hazard.mine.name,
        "responsible_person": hazard.responsible_person,
        "due_on": hazard.due_on,
        "state": str(hazard.get_state_display()),
        "progress": progress_of(hazard),
        "returned": hazard.returned_count,
        "closed_on": hazard.closed_on,
        "remark": hazard.remark,
        "result": _RESULTS.get(hazard.result, ""),
        "reinspected_on": hazard.reinspected_on,
        "officer": hazard.officer,
    }


_LEVELS = {"general": "一般隐患", "major": "重大隐患"}
_SOURCES = {str(source): str(source.label) for source in Source}
_RESULTS = {str(result): str(result.label) for result in Reinspection.Result}


def rows_of(hazards: QuerySet[Any]) -> Iterator[Mapping[str, Any]]:
    """The rows of a form, two thousand hazards held at a time."""
    for ordinal, hazard in enumerate(with_progress(hazards).iterator(chunk_size=2000), start=1):
        yield row_of(hazard, ordinal)


def make_book(form: str, rows: Iterable[Mapping[str, Any]], *, title: str = "") -> IO[bytes]:
    """One of FORMS as .xlsx in a temporary file that the response closes."""
    name, columns = FORMS[form]
    # A file and not memory: twenty thousand rows would otherwise stand in the web process twice.
    target = tempfile.TemporaryFile()  # noqa: SIM115
    write_rows(target, columns, rows, title=title, sheet=name)
    target.seek(0)
    return target
