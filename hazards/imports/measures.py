"""A table of institutional measures, compared with the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from common.errors import Refused
from common.spreadsheets import Column, ImportResult, Kind, Row, compare_rows, read_rows
from hazards.models import InstitutionalMeasure
from units.imports.units import parts_of
from units.matching import Directory
from units.models import Unit, User

MOST_ROWS = 500
COLUMNS = (
    Column("ordinal", "序号", Kind.INTEGER, width=6, export_only=True),
    Column("name", "制度/措施名称", required=True, max_length=200, width=34, aliases=(
        "制度（措施）名称", "制度措施名称", "制度名称", "措施名称", "名称", "制度或措施名称", "制度措施",
    )),
    Column("gist", "主要内容", max_length=5000, width=46, aliases=("内容", "主要措施")),
    Column("lead_unit", "牵头单位", required=True, width=24, aliases=("牵头部门",)),
    Column("responsible_units", "责任单位", max_length=300, width=28, aliases=("责任部门", "配合单位")),
    Column("due_on", "完成时限", Kind.DATE, width=14, blanks=("长期坚持", "长期", "持续推进", "常态化", "长期推进"), aliases=("完成时间", "完成期限", "时限")),
    Column("progress", "进展", max_length=5000, width=36, aliases=("进展情况", "完成情况", "工作进展")),
)  # fmt: skip


def measure_row(measure: InstitutionalMeasure) -> dict[str, Any]:
    """A measure of `for_list()` under the keys of COLUMNS."""
    return {
        "name": measure.name,
        "gist": measure.gist,
        "lead_unit": measure.lead_unit.name,
        "responsible_units": measure.responsible_units,
        "due_on": measure.due_on,
        "progress": measure.progress,
    }


def check_measures(data: bytes, *, by: User, leave_hidden: bool = False) -> ImportResult:
    """Read a whole .xlsx or .csv file and sort its rows into new, changed, unchanged and wrong.

    A row means the measure of that name with that lead unit; an empty cell leaves what is there.
    """
    assert by.unit is not None
    table = read_rows(data, COLUMNS, max_rows=MOST_ROWS, leave_hidden=leave_hidden, year=timezone.localdate().year)
    if not table.rows:
        raise Refused("表里没有数据行。请在表头下面填好内容再上传。", code="table_no_rows")
    directory = Directory(by.unit.region)
    units = {unit.pk: unit for unit in Unit.objects.visible_to(by).filter(is_active=True)}
    rows = InstitutionalMeasure.objects.visible_to(by).filter(region=by.unit.region).for_list()
    known = {(row.lead_unit_id, row.name): row for row in rows}

    def find(row: Row) -> Mapping[str, Any] | None:
        match = directory.match(row.values["lead_unit"].removesuffix("牵头"))
        unit = units.get(match.certain.unit or 0) if match.certain else None
        if unit is None:
            leads = parts_of(row.values["lead_unit"])
            if len(leads) > 1 and all(directory.match(lead).certain for lead in leads):
                words = "牵头单位只能写一个，其余的写到“责任单位”。"
                raise Refused(words, fields={"lead_unit": [words]})
            near = "、".join(one.label for one in match.proposals[:3] if one.unit in units)
            words = f"单位目录里没有这个单位{f'，是不是：{near}' if near else ''}。"
            raise Refused(words, fields={"lead_unit": [words]})
        row.values["lead_unit"], row.values["unit"] = unit.name, unit
        measure = known.get((unit.pk, row.values["name"]))
        if measure is None:
            return None
        present = measure_row(measure)
        for name in present:
            if name in row.values and row.values[name] is None:
                row.values[name] = present[name]
        row.values["measure_pk"] = measure.pk
        return present

    return compare_rows(table, find, key=lambda row: (row.values["lead_unit"], row.values["name"]))
