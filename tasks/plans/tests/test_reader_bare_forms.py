"""Forms that print less than usual: no marks behind numbers or headings, tables without lines, duties under names."""

from __future__ import annotations

import datetime as dt

from tasks.plans.document import Block, Cell, Document
from tasks.plans.reader import read_plan
from tasks.plans.tests.reading import due, read, units_of

TITLE = "青岭县尾矿库整治方案\n为消除隐患，制定本方案。\n"


def test_blanks_part_headings_from_their_sentences() -> None:
    plan = read(
        TITLE + "一、主要任务\n1.查清坝体  逐库查明坝体现状，2025年6月底前建档。（县应急管理局负责）\n"
        "2.疏通排洪  每年汛期前疏通排洪沟，清除淤积。（县水利局负责）"
    )
    first, second = plan.leaves()
    assert (first.title, first.text) == ("查清坝体", "逐库查明坝体现状，2025年6月底前建档。")
    assert second.title == "疏通排洪"


def test_one_blank_by_chance_is_no_end_of_a_heading() -> None:
    plan = read(
        TITLE + "一、主要任务\n1.逐库查明 坝体现状，六月底前建档。（县应急管理局负责）\n"
        "2.汛期前疏通排洪沟，清除淤积。（县水利局负责）"
    )
    assert [task.title for task in plan.leaves()] == [None, None]


def test_items_whose_numbers_have_no_mark() -> None:
    plan = read(
        TITLE + "一、主要任务\n（一）查坝体\n1 逐库查明坝体现状并建档。县应急管理局负责，县财政局保障。\n"
        "2 为每座坝体装上位移监测设备。县应急管理局负责，各乡（镇）人民政府落实。"
    )
    assert [task.number for task in plan.leaves()] == ["1", "2"]
    assert plan.leaves()[0].text == "逐库查明坝体现状并建档。"
    assert units_of(plan.leaves()[0]) == ["responsible:县应急管理局", "responsible:县财政局"]
    assert units_of(plan.leaves()[1]) == ["responsible:县应急管理局", "responsible:各乡（镇）人民政府"]


def test_a_line_that_begins_with_an_amount_is_no_item() -> None:
    plan = read(TITLE + "一、主要任务\n（一）查坝体。逐库查明。\n3家企业先行试点。\n4家企业跟进。（县应急管理局负责）")
    assert len(plan.leaves()) == 1


def test_rows_of_a_table_that_only_blanks_divide() -> None:
    plan = read(
        "附件\n青岭县尾矿库整治任务分工表\n序号 重点任务 责任单位 完成时限\n"
        "1 逐库查明坝体现状 县应急管理局 2025年6月底\n2 疏通排洪沟 清除淤积 县水利局、县自然资源局 长期坚持\n"
    )
    first, second = plan.leaves()
    assert plan.campaign.title == "青岭县尾矿库整治任务分工表"
    assert (first.text, units_of(first), due(first)) == (
        "逐库查明坝体现状",
        ["responsible:县应急管理局"],
        ["2025-06-30"],
    )
    assert second.text == "疏通排洪沟清除淤积"
    assert units_of(second) == ["responsible:县水利局", "responsible:县自然资源局"]
    assert due(second) == ["ongoing"]


def test_notes_around_a_table_are_no_tasks() -> None:
    plan = read(
        "青岭县整治任务清单\n| 序号 | 任务 | 责任部门 |\n|---|---|---|\n| 1 | 逐库查明坝体现状。 | 县应急管理局 |\n\n"
        "填表说明\n1.每月底前报送。\n2.联系电话写在表后。"
    )
    assert [task.text for task in plan.leaves()] == ["逐库查明坝体现状。"]


def test_only_the_names_behind_the_comma_cooperate() -> None:
    plan = read(TITLE + "一、主要任务\n1.查坝体。逐库查明现状。责任单位：县应急管理局、县水利局，各乡镇人民政府配合。")
    assert units_of(plan.leaves()[0]) == [
        "responsible:县应急管理局", "responsible:县水利局", "cooperating:各乡镇人民政府",
    ]  # fmt: skip


def test_duties_under_the_names_of_bodies_are_tasks_where_nothing_else_is() -> None:
    plan = read(
        TITLE + "一、整治重点\n（一）停用三年以上的尾矿库。\n（二）坝体开裂的尾矿库。\n"
        "二、职责分工\n县应急管理局：负责逐库查明坝体现状，6月底前建档。\n县水利局、县气象局：负责汛期会商。"
    )
    assert [units_of(task) for task in plan.leaves()] == [
        ["responsible:县应急管理局"],
        ["responsible:县水利局", "responsible:县气象局"],
    ]
    assert plan.leaves()[0].text == "负责逐库查明坝体现状，6月底前建档。"


def test_a_body_that_leads_in_one_column_is_not_responsible_in_the_next() -> None:
    plan = read(
        "青岭县整治任务清单\n| 序号 | 任务 | 牵头单位 | 责任单位 |\n|---|---|---|---|\n"
        "| 1 | 逐库查明坝体现状。 | 县应急管理局 | 县应急管理局、县水利局 |"
    )
    assert units_of(plan.leaves()[0]) == ["lead:县应急管理局", "responsible:县水利局"]


def test_a_summary_that_names_bodies_in_a_sentence_has_no_tasks() -> None:
    plan = read(
        "青岭县2024年度尾矿库整治工作总结\n现将工作情况总结如下：\n一、主要做法\n（一）加强领导。由县应急管理局牵头，县水利局配合。\n"
        "（二）严格执法。检查12座次。\n二、下一步打算\n（一）继续整治。"
    )
    assert plan.tasks == []
    assert [warning.code for warning in plan.warnings if "任务" in warning.message] == ["not_a_plan"]


def test_the_card_of_a_site_tells_number_and_day() -> None:
    cells = [("发文字号：", 0, 0), ("青政办发〔2025〕8号", 0, 1), ("成文日期：", 1, 0), ("2025年3月9日", 1, 1)]
    blocks = [Block(index, text, Cell(0, row, column)) for index, (text, row, column) in enumerate(cells)]
    lines = [*TITLE.splitlines(), "一、主要任务", "（一）查坝体。逐库查明。（县应急管理局负责）"]
    blocks += [Block(len(cells) + number, line) for number, line in enumerate(lines)]
    campaign = read_plan(Document("方案.html", "text/html", tuple(blocks))).campaign
    assert (campaign.document_number, campaign.issued_on) == ("青政办发〔2025〕8号", dt.date(2025, 3, 9))


def test_labelled_paragraphs_glued_to_their_heading() -> None:
    plan = read(
        "一、主要任务（一）加强灾种防范森林火灾：逐片查明火险并清理。（县林业局负责）水旱灾害：疏通河道并储备沙袋。（县水利局负责）"
    )
    assert [task.title for task in plan.leaves()] == ["森林火灾", "水旱灾害"]
    assert plan.leaves()[0].path[-1] == "（一）加强灾种防范"


def test_names_behind_a_dash_close_a_paragraph() -> None:
    plan = read(TITLE + "一、主要任务\n1、查坝体。逐库查明现状，2025年6月底前建档。——县应急管理局、县水利局")
    assert units_of(plan.leaves()[0]) == ["responsible:县应急管理局", "responsible:县水利局"]
    assert plan.leaves()[0].text == "逐库查明现状，2025年6月底前建档。"


def test_parts_and_roman_numbers() -> None:
    plan = read(
        "青岭矿业有限公司百日攻坚方案\n第一部分 工作目标\n隐患整改率100%。\n第二部分 重点任务\nⅠ.查坝体\n"
        "（1）逐库查明现状并建档。（责任部门：安全环保部）\n（2）装上监测设备。（责任部门：机电部）\nⅡ.疏通排洪\n"
        "（1）汛期前疏通排洪沟。（责任部门：机电部）\n第三部分 保障措施\n加强督导。"
    )
    assert [task.path[-1] for task in plan.leaves()] == ["Ⅰ.查坝体", "Ⅰ.查坝体", "Ⅱ.疏通排洪"]
    assert plan.goals[0].value == 100


def test_a_chapter_of_tasks_whose_table_was_taken_out_is_no_task_itself() -> None:
    plan = read(
        TITLE
        + "一、任务分工\n| 序号 | 任务 | 责任单位 |\n|---|---|---|\n| 1 | 逐库查明坝体现状。 | 县应急管理局 |\n\n二、工作要求\n要重视。"
    )
    assert [task.text for task in plan.leaves()] == ["逐库查明坝体现状。"]


def test_a_report_of_results_has_no_tasks_though_it_names_who_is_at_fault() -> None:
    plan = read(
        "关于2025年第一季度尾矿库隐患整改情况的通报\n各乡镇安委会：\n现将情况通报如下：\n一、总体情况\n整改率95%。\n"
        "二、存在问题\n（一）个别尾矿库整改不力。排洪沟没有疏通（责任单位：甲乡人民政府；整改时限：2025年4月底前）。"
    )
    assert plan.tasks == []
    assert "not_a_plan" in [warning.code for warning in plan.warnings]


def test_a_year_printed_below_the_title_of_a_list_belongs_to_it() -> None:
    plan = read(
        "青岭县整治任务清单\n（2025年度）\n序号 任务 责任单位 时限\n1 查明坝体 县应急管理局 6月底\n2 疏通排洪沟 县水利局 9月底"
    )
    assert plan.leaves()[0].path == ["青岭县整治任务清单（2025年度）"]
    assert due(plan.leaves()[1]) == ["2025-09-30"]
