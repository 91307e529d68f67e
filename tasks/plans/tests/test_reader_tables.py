"""Lists of tasks printed as tables: whole, cut by pages, merged, and with text in the wrong column. All invented."""

from __future__ import annotations

import pytest

from tasks.plans.document import Block, Cell, Document
from tasks.plans.reader import read_plan
from tasks.plans.tests.reading import due, read, units_of

HEAD = "| 序号 | 任务 | 责任部门 | 完成时限 | 主要进展及完成情况 |\n|---|---|---|---|---|\n"


def table(*rows: str, title: str = "一、矿山整治任务清单（3条3项）") -> str:
    return f"附件：白石县2025年任务清单\n{title}\n" + HEAD + "\n".join(rows)


def test_five_columns() -> None:
    plan = read(table("| 1 | 清查边坡。 | 县应急局 县自然资源局 | 2025年底前 | |"))
    (task,) = plan.tasks
    assert task.path == ["附件：白石县2025年任务清单", "一、矿山整治任务清单"]
    assert (task.id, task.number, task.title, task.text) == ("1.1", "1", None, "清查边坡。")
    assert units_of(task) == ["responsible:县应急局", "responsible:县自然资源局"]
    assert due(task) == ["2025-12-31"]


def test_items_in_a_cell_become_children() -> None:
    plan = read(
        table("| 1 | <p>(1) 甲矿。</p> <p>(2) 乙矿，每周检查1次。</p> | 县能源局牵头，县工信局配合 | 长期坚持 | |")
    )
    parent, first, second = plan.tasks
    assert parent.children and units_of(parent) == ["lead:县能源局", "cooperating:县工信局"]
    assert [(task.id, task.text) for task in (first, second)] == [("1.1.1", "甲矿。"), ("1.1.2", "乙矿，每周检查1次。")]
    assert due(first) == ["ongoing"] and [again.every for again in second.recurrences] == ["week"]


def test_rows_cut_by_a_page() -> None:
    """The number is printed again, or the number cell is empty, or an item stands at the top of the next row."""
    plan = read(
        table(
            "| 1 | (1) 甲。 (2) 乙。 | 县应急局 | 2025年底前 | |",
            "| 2 | (3) 丙。 (1) 丁。 (2) 戊。 | 县公安局 | 2025年底前 | |",
        )
        + "\n\n"
        + HEAD
        + "| 2 | (3) 己。 | 县公安局 | 2025年底前 | |\n|  | (4) 庚。 | | | |"
    )
    assert [(task.id, task.text) for task in plan.leaves()] == [
        ("1.1.1", "甲。"), ("1.1.2", "乙。"), ("1.1.3", "丙。"),
        ("1.2.1", "丁。"), ("1.2.2", "戊。"), ("1.2.3", "己。"), ("1.2.4", "庚。"),
    ]  # fmt: skip
    assert units_of(plan.leaves()[2]) == ["responsible:县应急局"]
    assert units_of(plan.leaves()[-1]) == ["responsible:县公安局"]


def test_merged_cells_of_a_file() -> None:
    """A sheet or a web page says which cells are merged."""
    rows = [
        ["序号", "工作任务", "责任单位", "完成时限"],
        ["1", "查深基坑", "县住建局", "2025年4月"],
        ["2", "查塔吊", "", "2025年5月"],
    ]
    blocks = []
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if (row, column) != (2, 2):
                blocks.append(
                    Block(len(blocks), text, Cell(0, row, column, row_span=2 if (row, column) == (1, 2) else 1))
                )
    plan = read_plan(Document("表.xlsx", "application/xlsx", tuple(blocks)))
    assert [units_of(task) for task in plan.tasks] == [["responsible:县住建局"]] * 2
    assert [due(task) for task in plan.tasks] == [["2025-04-30"], ["2025-05-31"]]


def test_value_printed_in_the_middle_of_its_rows() -> None:
    plan = read(
        table(
            "| 1 | 甲。 | | | |",
            "| 2 | 乙。 | 县应急局 | 2025年底 | |",
            "| 3 | 丙。 | | | |",
            "| 4 | 丁。 | 县公安局 | | |",
        )
    )
    assert [units_of(task) for task in plan.tasks] == [["responsible:县应急局"]] * 3 + [["responsible:县公安局"]]
    assert [task.units[0].inherited for task in plan.tasks] == [True, False, True, False]
    assert all(due(task) == ["2025-12-31"] for task in plan.tasks)


def test_text_that_slipped_into_another_column() -> None:
    plan = read(
        table(
            "| 1 | 甲。 | 县应急局 | 2025年底前 | |",
            "| 2 | 乙。 | 严格落实以师带徒制度，确保新员工安全作业。 | | |",
            "| 3 | 丙。县安委会成员单位 | 县公安局 | | |",
            "| 4 | 丁。 | | | 各级党委政府 |",
        )
    )
    first, second, third, fourth = plan.tasks
    assert units_of(second) == units_of(first) and second.units[0].inherited
    assert third.text == "丙。" and [unit.displaced for unit in third.units] == [False, True]
    assert units_of(fourth) == ["responsible:各级党委政府"] and fourth.units[0].displaced


def test_a_deadline_of_a_part_goes_to_its_item() -> None:
    plan = read(
        table("| 1 | (1) 完善制度。 (2) 普查采空区。 | 县应急局 | 2025年底前，其中采空区普查在2025年5月底完成 | |")
    )
    assert [due(task) for task in plan.leaves()] == [["2025-12-31"], ["2025-12-31", "2025-05-31>采空区普查"]]


def test_one_group_of_units_for_each_item() -> None:
    plan = read(table("| 1 | (1) 充实力量。 (2) 招录人员。 | 县委编办、县应急局 县应急局、县教育局 | 2025年底前 | |"))
    assert [units_of(task) for task in plan.leaves()] == [
        ["responsible:县委编办", "responsible:县应急局"],
        ["responsible:县应急局", "responsible:县教育局"],
    ]


def test_web_table_in_text_with_two_head_rows() -> None:
    plan = read(
        "尾矿库任务表\n<table><tr><th rowspan=2>序号</th><th rowspan=2>工作任务</th><th colspan=2>责任分工</th>"
        "<th rowspan=2>完成时间</th></tr><tr><th>牵头单位</th><th>配合单位</th></tr>"
        "<tr><td>1</td><td>治理头顶库</td><td>县应急局</td><td>县水利局<br>县气象局</td><td>2025.6.30</td></tr></table>"
    )
    (task,) = plan.tasks
    assert units_of(task) == ["lead:县应急局", "cooperating:县水利局", "cooperating:县气象局"]
    assert due(task) == ["2025-06-30"]


def test_rows_that_are_headings_and_labels_inside_cells() -> None:
    plan = read(
        "2025年重点任务分工表\n| 工作任务 | 具体内容 | 责任单位 | 时间安排 |\n|---|---|---|---|\n| 一、压实责任 | | | |\n"
        "| 1.落实包保 | 每季度检查1次。 | 牵头单位：县应急局 配合单位：县公安局 | 第三季度 |"
    )
    (task,) = plan.tasks
    assert task.path[-1] == "一、压实责任"
    assert (task.number, task.title, task.text) == ("1", "落实包保", "每季度检查1次。")
    assert units_of(task) == ["lead:县应急局", "cooperating:县公安局"]
    assert due(task) == ["2025-09-30"]


def test_rows_pasted_from_a_sheet() -> None:
    plan = read(
        "任务清单\n序号\t任务\t责任单位\t完成时限\n1\t完善抽采系统\t县能源局\t2025年6月底前\n2\t开展鉴定\t县应急局\t长期坚持"
    )
    assert [(task.text, due(task)) for task in plan.tasks] == [
        ("完善抽采系统", ["2025-06-30"]),
        ("开展鉴定", ["ongoing"]),
    ]


@pytest.mark.parametrize("joint", [" ", "\n"])
def test_rows_on_one_line_or_broken(joint: str) -> None:
    text = table(
        "| 1 | 清查边坡， 逐座建档。 | 县应急局 | 2025年底前 | |", "| 2 | 封闭井口。 | 县公安局 | 2025年底前 | |"
    )
    plan = read(text.replace("\n", " ") if joint == " " else text.replace("边坡， ", "边坡，\n"))
    assert [task.text for task in plan.tasks] == ["清查边坡，逐座建档。", "封闭井口。"]


def test_other_tables_are_left_alone() -> None:
    plan = read("联系表\n| 序号 | 单位 | 联系人 | 电话 |\n|---|---|---|---|\n| 1 | 县应急局 | 张某 | 123 |")
    assert plan.tasks == []


def test_rows_drawn_with_bars_and_a_column_of_fields() -> None:
    plan = read(
        "青石镇2025年整治计划\n为整治隐患，制定本计划。\n一、整治安排表\n整治行业 | 时间安排 | 责任单位 |\n"
        "烟花爆竹 | 1月份 | 应急所 派出所 |\n尾矿库 | 2月份 | 应急所 |\n道路交通 | 3月份 | 交警中队 |\n"
        "二、工作要求\n（一）加强领导。要成立专班。"
    )
    assert [(task.text, units_of(task), due(task)) for task in plan.leaves()] == [
        ("烟花爆竹", ["responsible:应急所", "responsible:派出所"], ["2025-01-31"]),
        ("尾矿库", ["responsible:应急所"], ["2025-02-28"]),
        ("道路交通", ["responsible:交警中队"], ["2025-03-31"]),
    ]


def test_the_list_of_one_year_of_an_enterprise() -> None:
    plan = read(
        "北岭铁矿2025年“三年行动”重点任务清单\n序号\t行动名称\t重点任务\t工作标准\t责任领导\t责任部门\t协办部门\t计划完成时间\n"
        "1\t隐患整改行动\t采空区治理\t充填4.5万m³\t总工程师\t生产技术科\t充填站\t6月底\n"
        "2\t应急提升行动\t应急演练\t每季度演练一次\t安全副矿长\t调度室\t各工区\t全年"
    )
    assert [(task.title, task.text, units_of(task), due(task)) for task in plan.leaves()] == [
        ("采空区治理", "充填4.5万m³", ["responsible:生产技术科", "cooperating:充填站"], ["2025-06-30"]),
        ("应急演练", "每季度演练一次", ["responsible:调度室", "cooperating:各工区"], ["ongoing"]),
    ]
    assert str(plan.campaign.end) == "2025-12-31"
