"""Headings that only a style marks, tasks on cards, and small habits of lists."""

from __future__ import annotations

import datetime as dt

from tasks.plans.document import Block, Cell, Document
from tasks.plans.model import Plan
from tasks.plans.reader import read_plan
from tasks.plans.tests.reading import due, read, units_of

TITLE = "青岭县尾矿库整治方案\n为消除隐患，制定本方案。\n"


def styled(*paragraphs: tuple[str, str]) -> Plan:
    """The plan of a Word file: (style, text) for each paragraph."""
    blocks = tuple(Block(index, text, style=style) for index, (style, text) in enumerate(paragraphs))
    return read_plan(Document("方案.docx", "application/docx", blocks))


def test_headings_without_numbers() -> None:
    plan = styled(
        ("title", "青岭县尾矿库整治方案"), ("", "为消除隐患，制定本方案。"),
        ("h1", "工作目标"), ("", "整改率100%。"),
        ("h1", "主要任务"),
        ("h2", "查清坝体"), ("", "逐库查明现状，2025年5月底前建档。（责任单位：县应急局）"),
        ("h2", "疏通排洪"), ("", "清除淤积。（责任单位：县水利局）"),
        ("h1", "保障措施"), ("h2", "加强领导"), ("", "成立专班。"),
    )  # fmt: skip
    assert [(task.title, task.text, task.path) for task in plan.leaves()] == [
        ("查清坝体", "逐库查明现状，2025年5月底前建档。", ["主要任务"]),
        ("疏通排洪", "清除淤积。", ["主要任务"]),
    ]
    assert plan.protection_measures == ["加强领导"]
    assert plan.goals[0].value == 100


def test_a_style_below_numbered_headings_takes_the_rank_below_them() -> None:
    plan = styled(
        ("", "青岭县尾矿库整治方案"), ("", "为消除隐患，制定本方案。"),
        ("h2", "一、主要任务"), ("h3", "查清坝体"), ("", "逐库查明现状。（责任单位：县应急局）"),
        ("h3", "疏通排洪"), ("", "清除淤积。（责任单位：县水利局）"), ("h2", "二、工作要求"), ("", "要重视。"),
    )  # fmt: skip
    assert [(task.title, task.path) for task in plan.leaves()] == [
        ("查清坝体", ["一、主要任务"]),
        ("疏通排洪", ["一、主要任务"]),
    ]


def test_one_task_on_each_card() -> None:
    cards = [
        ("任务名称", "坝体工程"), ("工作内容", "加固坝体，2025年6月底前完工。"), ("牵头单位", "县应急局"), ("完成时限", "2025年9月底前"),
        ("任务名称", "排洪工程"), ("工作内容", "疏通排洪沟。"), ("牵头单位", "县水利局"), ("完成时限", "长期坚持"),
    ]  # fmt: skip
    blocks = [Block(0, "青岭县尾矿库工程任务书")]
    for row, pair in enumerate(cards):
        blocks += [Block(len(blocks) + column, text, Cell(0, row, column)) for column, text in enumerate(pair)]
    plan = read_plan(Document("任务书.docx", "application/docx", tuple(blocks)))
    first, second = plan.leaves()
    assert (first.title, first.text, units_of(first)) == (
        "坝体工程",
        "加固坝体，2025年6月底前完工。",
        ["lead:县应急局"],
    )
    assert [(deadline.date, deadline.source) for deadline in first.deadlines] == [
        (dt.date(2025, 9, 30), "field"),
        (dt.date(2025, 6, 30), "body"),
    ]
    assert (units_of(second), due(second)) == (["lead:县水利局"], ["ongoing"])


def test_names_in_brackets_behind_a_heading_are_no_part_of_it() -> None:
    plan = read(
        TITLE
        + "一、工作任务\n（一）查清坝体（县应急局、县公安局（治安大队））\n1.逐库查明现状并建档。\n2.装上监测设备。"
    )
    assert [task.path[-1] for task in plan.leaves()] == ["（一）查清坝体"] * 2
    assert units_of(plan.leaves()[0]) == ["responsible:县应急局", "responsible:县公安局（治安大队）"]


def test_a_stage_over_the_turn_of_the_year_whose_start_prints_no_year() -> None:
    plan = read(
        TITLE
        + "一、主要任务\n（一）查坝体。逐库查明。\n二、实施步骤\n（一）部署（11月15日—11月30日）\n（二）整治（12月1日—2025年2月15日）"
    )
    assert (plan.stages[1].start, plan.stages[1].end) == (dt.date(2024, 12, 1), dt.date(2025, 2, 15))


def test_courses_a_year_are_times_a_year() -> None:
    plan = read(TITLE + "一、主要任务\n（一）培训矿工。每年至少组织2期集中培训。")
    assert [(duty.every, duty.times) for duty in plan.leaves()[0].recurrences] == [("year", 2)]
