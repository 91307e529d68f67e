"""Mines as a table: what goes out here comes in again through `imports`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common.spreadsheets import Column, Kind
from common.spreadsheets.values import NOTHING
from mines.models import GasGrade, Licence, Mine, MineType, RockBurst, SelfIgnition, WaterGrade
from units.exports import Sheet
from units.models import Unit

LICENCES = {"mining": Licence.Kind.MINING, "safety": Licence.Kind.SAFETY}
"""The licences that have columns of their own in the table."""

ENDLESS = ("长期", "长期有效", "永久", "无固定期限")
"""How a licence without a last day is written."""

COLUMNS = (
    Column("name", "矿山名称", required=True, max_length=100, width=32, aliases=(
        "矿山", "煤矿名称", "单位名称", "名称", "尾矿库名称", "矿名", "企业名称",
    )),
    Column("parent", "主体企业", width=28, export_only=True),
    Column("region", "所在区划", width=14, export_only=True),
    Column("mine_type", "矿山类型", Kind.CHOICE, choices=dict(MineType.choices), width=20, words={
        **dict.fromkeys(("井工", "井工矿", "井下煤矿", "地下煤矿"), MineType.COAL_UNDERGROUND),
        **dict.fromkeys(("露天煤", "煤矿（露天）"), MineType.COAL_OPEN_PIT),
        **dict.fromkeys(("地下矿山", "非煤地下矿山", "地下开采非煤矿山"), MineType.NONCOAL_UNDERGROUND),
        **dict.fromkeys(("露天矿山", "非煤露天矿山", "露天采石场", "采石场"), MineType.NONCOAL_OPEN_PIT),
    }, aliases=("类型", "矿井类型", "矿山类别", "开采类型")),
    Column("mineral", "矿种", max_length=40, width=12, aliases=("开采矿种", "主采矿种")),
    Column("capacity", "生产能力（万吨/年）", Kind.DECIMAL, width=16, aliases=(
        "生产能力", "核定能力", "设计能力", "产能", "核定生产能力", "设计生产能力", "生产规模",
    )),
    Column("state", "生产状态", Kind.CHOICE, choices=dict(Mine.State.choices), width=14, words={
        **dict.fromkeys(("生产", "在产", "生产中", "生产矿井", "生产矿山", "正常", "运行", "在用", "正在运行", "正常运行"), Mine.State.PRODUCING),
        **dict.fromkeys(("在建", "基建", "建设中", "建设矿井", "基建矿山", "技改", "新建", "改扩建"), Mine.State.BUILDING),
        **dict.fromkeys(("停产", "停建", "长期停产", "长期停产停建", "停产矿井", "停产整改", "停产整顿", "停工", "停用"), Mine.State.SUSPENDED),
        **dict.fromkeys(("已闭库", "已销库", "已闭坑"), Mine.State.CLOSED),
    }, aliases=("状态", "生产建设状态", "矿山状态", "生产状况", "运行状况", "运行状态")),
    Column("state_since", "状态起始日期", Kind.DATE, month_day="first", width=14, aliases=("停产日期", "停产时间", "起始日期")),
    Column("grade", "标准化等级", Kind.CHOICE, choices=dict(Mine.GRADES), width=12, words={
        f"{said}{more}": key
        for key, grades in {"1": ("一级", "1级", "Ⅰ级"), "2": ("二级", "2级", "Ⅱ级"), "3": ("三级", "3级", "Ⅲ级")}.items()
        for said in grades
        for more in ("", "标准化", "达标")
    } | dict.fromkeys(("未定级", "未评级", "不达标", "未评定"), "none"), aliases=("安全生产标准化等级", "标准化")),
    Column("gas_grade", "瓦斯等级", Kind.CHOICE, choices=dict(GasGrade.choices), width=14, words={
        **dict.fromkeys(("低", "低瓦斯矿井"), GasGrade.LOW), **dict.fromkeys(("高", "高瓦斯矿井"), GasGrade.HIGH),
        **dict.fromkeys(("突出", "突出矿井", "煤与瓦斯突出矿井"), GasGrade.OUTBURST),
    }, aliases=("瓦斯",)),
    Column("water_grade", "水文地质类型", Kind.CHOICE, choices=dict(WaterGrade.choices), width=14, aliases=("水文类型", "水文地质")),
    Column("self_ignition", "煤层自燃倾向", Kind.CHOICE, choices=dict(SelfIgnition.choices), width=14, words={
        "Ⅰ类": SelfIgnition.EASY, "Ⅱ类": SelfIgnition.PRONE, "Ⅲ类": SelfIgnition.HARD, "Ⅰ类容易自燃": SelfIgnition.EASY,
        "Ⅱ类自燃": SelfIgnition.PRONE, "Ⅲ类不易自燃": SelfIgnition.HARD,
    }, aliases=("煤层自燃倾向性", "自燃倾向性", "自燃")),
    Column("rock_burst", "冲击地压", Kind.CHOICE, choices=dict(RockBurst.choices), width=12),
    Column("pond_grade", "尾矿库等别", Kind.CHOICE, choices=dict(Mine.POND_GRADES), width=12, words={
        said.removesuffix("库"): grade for grade, said in Mine.POND_GRADES
    }, aliases=("等别", "库等别")),
    Column("supervising_unit", "日常监管主体", width=24, aliases=("监管主体", "监管部门", "监管单位", "日常监管单位")),
    Column("mining_method", "开采方式", max_length=100, width=16, aliases=("开采方法", "开拓方式")),
    Column("address", "地址", max_length=200, width=28, aliases=("详细地址", "矿址")),
    Column("longitude", "经度", Kind.DECIMAL, width=12),
    Column("latitude", "纬度", Kind.DECIMAL, width=12),
    Column("duty_phone", "值班电话", max_length=40, width=16, aliases=("联系电话", "电话")),
    Column("mining_number", "采矿许可证号", max_length=60, width=24, blanks=tuple(NOTHING), aliases=("采矿证号", "采矿许可证编号")),
    Column("mining_until", "采矿许可证有效期至", Kind.DATE, ends=True, blanks=ENDLESS, width=16, aliases=(
        "采矿证有效期", "采矿许可证有效期", "采矿证有效期限", "采矿许可证有效期限", "采矿证有效期至",
    )),
    Column("safety_number", "安全生产许可证号", max_length=60, width=24, blanks=tuple(NOTHING), aliases=("安许证号", "安全许可证号", "安全生产许可证编号", "安全许可证编号")),
    Column("safety_until", "安全生产许可证有效期至", Kind.DATE, ends=True, blanks=ENDLESS, width=16, aliases=(
        "安许证有效期", "安全生产许可证有效期", "安许证有效期限", "安全许可证有效期限", "安全生产许可证有效期限", "安全许可证有效期至",
    )),
)  # fmt: skip
HEAD = (
    "mineral", "capacity", "gas_grade", "water_grade", "self_ignition", "rock_burst", "pond_grade", "mining_method",
    "address", "longitude", "latitude", "duty_phone",
)  # fmt: skip
"""Columns that are fields of the head of the file under the same name."""


def mine_row(unit: Unit) -> Mapping[str, Any]:
    """A mine of `mine_units()` with its current licences prefetched as `mine.current_licences`, as a row."""
    row: dict[str, Any] = {
        "name": unit.name,
        "parent": unit.parent.name if unit.parent else "",
        "region": unit.region.name,
    }
    mine: Mine | None = getattr(unit, "mine", None)
    if mine is None:
        return row
    supervisor = mine.supervising_unit.name if mine.supervising_unit else ""
    row |= {name: getattr(mine, name) for name in (*HEAD, "mine_type", "state", "state_since", "grade")}
    row["supervising_unit"] = supervisor
    licences = {one.kind: one for one in getattr(mine, "current_licences", ())}
    for key, kind in LICENCES.items():
        licence = licences.get(kind)
        row[f"{key}_number"] = licence.number if licence else ""
        row[f"{key}_until"] = licence.expires_on if licence else None
    return row


MINES = Sheet("矿山档案", COLUMNS, mine_row)
