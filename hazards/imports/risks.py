"""A table of risks, compared with the list."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from common.errors import NotAllowed, Refused
from common.spreadsheets import Column, ImportResult, Kind, Row, compare_rows, read_rows
from hazards.models import AccidentType, Risk
from hazards.models.risks import relations_to_mine
from units.matching import Directory
from units.models import Unit, User
from units.rules import rule

MOST_ROWS = 1000
LEVELS = {level: f"{colour}（{Risk.Level(level).label}）" for level, colour in Risk.COLOURS.items()}
"""Level → what a table prints: 红（重大风险）."""
COLUMNS = (
    Column("ordinal", "序号", Kind.INTEGER, width=6, export_only=True),
    Column("mine", "单位", width=22, aliases=("矿山", "矿山名称", "单位名称", "企业名称")),
    Column("area", "区域", required=True, max_length=60, width=16, aliases=("区域名称", "所在区域", "风险区域", "地点", "场所")),
    Column("name", "风险点", required=True, max_length=100, width=20, aliases=("风险点名称", "风险名称", "危险源")),
    Column("description", "风险描述", required=True, max_length=4000, width=36, aliases=("风险内容", "主要风险", "描述")),
    Column("accident_types", "可能的事故", width=18, aliases=("事故类型", "可能导致的事故类型", "可能造成的事故")),
    Column("level", "风险等级", required=True, width=14, aliases=("等级", "颜色", "风险级别", "风险颜色")),
    Column("measures", "管控措施", required=True, max_length=4000, width=40, aliases=("措施", "防控措施", "主要管控措施")),
    Column("responsible_unit", "责任部门", max_length=100, width=14, aliases=("责任单位", "管控部门")),
    Column("responsible_person", "责任人", required=True, max_length=40, width=10, aliases=("管控责任人", "负责人")),
    Column("review_on", "应复评日期", Kind.DATE, required=True, width=12, aliases=("复评日期", "下次复评", "评估日期", "下次评估日期", "下次评估时间")),
    Column("state", "状态", width=10, export_only=True),
)  # fmt: skip


def risk_row(risk: Risk) -> dict[str, Any]:
    """A risk of `for_list()` under the keys of COLUMNS."""
    return {
        "mine": risk.area.mine.name,
        "area": risk.area.name,
        "name": risk.name,
        "description": risk.description,
        "accident_types": risk.accidents,
        "level": LEVELS[risk.level],
        "measures": risk.measures,
        "responsible_unit": risk.responsible_unit,
        "responsible_person": risk.responsible_person,
        "review_on": risk.review_on,
        "state": str(risk.get_state_display()),
    }


_LEVEL_WORDS = {
    "major": ("重大", "红", "一级"),
    "larger": ("较大", "橙", "二级"),
    "general": ("一般", "黄", "三级"),
    "low": ("低", "蓝", "四级"),
}
_LEVEL_SIGNS = {
    "major": ("1", "I", "Ⅰ"),
    "larger": ("2", "II", "Ⅱ"),
    "general": ("3", "III", "Ⅲ"),
    "low": ("4", "IV", "Ⅳ"),
}


def level_of(text: str) -> str:
    """The level that a cell means: 红, 红色, 重大, 重大风险, 一级, I …; raises Refused for anything else."""
    bare = text.strip().upper()
    for level, words in _LEVEL_WORDS.items():
        if bare in _LEVEL_SIGNS[level] or any(word in bare for word in words):
            return level
    raise Refused("风险等级应是红、橙、黄、蓝，或重大、较大、一般、低。")


_ACCIDENT_WORDS = {
    **dict.fromkeys(("顶板", "冒顶", "片帮"), AccidentType.ROOF),
    **dict.fromkeys(("水害", "突水", "透水"), AccidentType.WATER),
    **dict.fromkeys(("瓦斯", "煤尘爆炸"), AccidentType.GAS),
    **dict.fromkeys(("运输", "跑车"), AccidentType.VEHICLE),
    **dict.fromkeys(("爆破",), AccidentType.BLASTING),
    **dict.fromkeys(("中毒", "窒息", "中毒窒息"), AccidentType.POISONING),
    **dict.fromkeys(("坠落", "高处坠落", "坠井"), AccidentType.FALL),
    **dict.fromkeys(("边坡", "滑坡", "溃坝"), AccidentType.COLLAPSE),
}
"""What mines call an accident, which the standard calls otherwise."""


def accidents_of(text: str) -> list[str]:
    """The codes of the kinds of accidents that a cell names; raises Refused with the first that is unknown."""
    codes = {str(label): code for code, label in AccidentType.choices}
    found = set()
    for word in filter(None, map(str.strip, re.split(r"[、，,；;/\n]", text))):
        code = codes.get(word) or _ACCIDENT_WORDS.get(word.removesuffix("事故"))
        if code is None:
            raise Refused(f"不认识“{word[:20]}”。可用的有：{'、'.join(codes)}。")
        found.add(str(code))
    return sorted(found)


def check_risks(data: bytes, *, by: User, leave_hidden: bool = False) -> ImportResult:
    """Read a whole .xlsx or .csv file and sort its rows into new, changed, unchanged and wrong.

    A row means the risk of that name in that area of that mine; a mine's own people may leave the mine out. An empty
    cell leaves what is there.
    """
    if by.unit is None:
        raise NotAllowed("安全风险由矿山自己和应急管理局维护。")
    table = read_rows(data, COLUMNS, max_rows=MOST_ROWS, leave_hidden=leave_hidden)
    if not table.rows:
        raise Refused("表里没有数据行。请在表头下面填好内容再上传。", code="table_no_rows")
    review_days = rule("risk_review_days", by.unit.region.county)
    directory = Directory(by.unit.region.county)
    mines = Unit.objects.visible_to(by).filter(kind=Unit.Kind.MINE, is_active=True).select_related("region")
    units = {unit.pk: unit for unit in mines}
    named = {unit.name: unit for unit in units.values()}
    known = {(risk.area.mine_id, risk.area.name, risk.name): risk for risk in Risk.objects.visible_to(by).for_list()}

    def mine_of(row: Row) -> Unit:
        text = row.values.get("mine") or (by.unit.name if by.unit and by.unit.pk in units else "")
        unit = named.get(text)
        if unit is None and text:
            match = directory.match(text)
            unit = units.get(match.certain.unit or 0) if match.certain else None
        if unit is None or not relations_to_mine(by, unit):
            words = "没有这座矿山，或它的风险不归您维护。请写矿山全称。" if text else "请填写矿山。"
            raise Refused(words, fields={"mine": [words]})
        return unit

    def find(row: Row) -> Mapping[str, Any] | None:
        unit = mine_of(row)
        row.values["mine"], row.values["unit"] = unit.name, unit
        for name, read in (("level", level_of), ("accident_types", accidents_of)):
            if name in row.values and (row.values[name] or name == "accident_types"):
                try:
                    row.values[name] = read(row.values[name] or "")
                except Refused as refusal:
                    raise Refused(refusal.message, fields={name: [refusal.message]}) from refusal
        latest = timezone.localdate() + dt.timedelta(days=review_days)
        if row.values.get("review_on") and row.values["review_on"] > latest:
            words = f"应复评日期最晚在{review_days}天之内。"
            raise Refused(words, fields={"review_on": [words]})
        risk = known.get((unit.pk, row.values["area"], row.values["name"]))
        if risk is None:
            return None
        if risk.state != Risk.State.IN_FORCE:
            words = "这项风险已经解除。要重新管控，请在它的页面上“恢复管控”。"
            raise Refused(words, fields={"name": [words]})
        present = risk_row(risk) | {"level": risk.level, "accident_types": sorted(risk.accident_types)}
        del present["state"]
        for name in present:
            if name in row.values and row.values[name] in (None, "", []):
                row.values[name] = present[name]
        row.values["risk"] = risk
        return present

    return compare_rows(table, find, key=lambda row: (row.values["mine"], row.values["area"], row.values["name"]))
