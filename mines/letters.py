"""The file of a mine on paper (一矿一册)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from common.letters import Heading, Letter, Paragraph, Table
from common.letters.letter import Block
from common.lists.columns import in_words
from mines.ledgers import Ledger
from mines.models import FileLine, Mine, ProductionSpan

Sections = Sequence[tuple[Ledger, Sequence[FileLine]]]
NUMBERS = "一二三四五六七八九十"


def _number(place: int) -> str:
    """The number of a heading: 一 to 十九."""
    return NUMBERS[place] if place < 10 else f"十{NUMBERS[place - 10]}"


def facts_of(mine: Mine) -> list[tuple[str, str]]:
    """The head of the file as pairs of label and words; what does not apply to the mine is left out."""
    unit = mine.unit
    pairs = [
        ("矿山名称", unit.name),
        ("主体企业", unit.parent.name if unit.parent else ""),
        ("统一社会信用代码", unit.credit_code or ""),
        ("所在区划", unit.region.name),
        ("矿山类型", mine.get_mine_type_display()),
        ("矿种", mine.mineral),
        ("生产能力", f"{in_words(mine.capacity)}万吨/年" if mine.capacity is not None else ""),
        ("开采方式", mine.mining_method),
        ("瓦斯等级", mine.get_gas_grade_display()),
        ("水文地质类型", mine.get_water_grade_display()),
        ("煤层自燃倾向", mine.get_self_ignition_display()),
        ("冲击地压", mine.get_rock_burst_display()),
        ("尾矿库等别", mine.get_pond_grade_display()),
        ("标准化等级", mine.get_grade_display()),
        ("日常监管主体", mine.supervising_unit.name if mine.supervising_unit else ""),
        ("地址", mine.address),
        ("坐标", f"东经{mine.longitude}，北纬{mine.latitude}" if mine.longitude is not None else ""),
        ("值班电话", mine.duty_phone),
        ("生产状态", f"{mine.get_state_display()}（{mine.state_since:%Y-%m-%d}起）" if mine.state_since else mine.get_state_display()),
    ]  # fmt: skip
    return [(label, str(words)) for label, words in pairs if words]


def mine_file(mine: Mine, spans: Sequence[ProductionSpan], sections: Sections, on: dt.date) -> Letter:
    """The whole file as of a day: the head, the states of production, and every section that has lines."""
    body: list[Block] = [
        Heading("一、基本情况"),
        Table([list(pair) for pair in facts_of(mine)], shares=[1, 3]),
        Heading("二、生产状态沿革"),
        Table(
            [[f"{one.since:%Y-%m-%d}", str(one.get_state_display()), one.paper, one.note] for one in spans],
            head=["起始日期", "状态", "依据文书", "说明"],
            shares=[3, 3, 5, 6],
        ),
    ]
    place = 2
    for ledger, lines in sections:
        if not lines:
            continue
        body.append(Heading(f"{_number(place)}、{ledger.title}"))
        place += 1
        rows = [[in_words(column.export_value(line)) for column in ledger.columns] for line in lines]
        shares = [3 if column.kind == "short" else 5 for column in ledger.columns]
        body.append(Table(rows, head=[column.label for column in ledger.columns], shares=shares))
    body.append(Paragraph(f"以上为{on.year}年{on.month}月{on.day}日系统记载的内容。"))
    return Letter(title=f"{mine.unit.name}\n一矿一册", body=body, date=on)
