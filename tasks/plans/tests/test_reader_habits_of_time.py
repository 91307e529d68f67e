"""Habits of print met in other plans: days, stages, headers, goals and duties to report. All texts are invented."""

from __future__ import annotations

import pytest

from tasks.plans.tests.reading import due, only, read
from tasks.plans.tests.test_reader_forms import plan_with


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("制定细则，3月底前印发", ["2025-03-31"]),
        ("开展一轮复查，一季度完成", ["2025-03-31"]),
        ("第三季度全面完成改造", ["2025-09-30"]),
        ("上半年完成普查", ["2025-06-30"]),
        ("2025年8月份建成平台", ["2025-08-31"]),
        ("去年3月底印发的细则继续执行", []),
        ("一季度完成的项目要复查", []),
    ],
)
def test_periods_in_running_text(words: str, expected: list[str]) -> None:
    task = only(plan_with(f"（一）抓好落实。{words}。（责任单位：县应急局）"))
    assert [day.split(">")[0] for day in due(task)] == expected


def test_measures_whose_numbers_are_half_lost() -> None:
    plan = read(
        "青石县矿山整治方案\n为整治矿山，制定本方案。\n一、主要任务\n（一）查边坡。逐座测量。（责任单位：县应急局）\n"
        "二、保障措施\n（一）加强领导。成立专班。\n（二）迅速部署。开会动员。\n)加大投入。用好资金。\n)强化督导。定期通报。\n"
    )
    assert plan.protection_measures == ["加强领导", "迅速部署", "加大投入", "强化督导"]


def test_signature_above_the_plan() -> None:
    plan = read(
        "关于印发方案的通知\n云水镇文件\n成文日期：2024年12月12日\n各村：\n请于2024年3月15日前报送名单。\n"
        "云水镇人民政府\n2024年2月29日\n云水镇矿山整治方案\n为整治矿山，制定本方案。\n一、主要任务\n（一）查边坡。逐座测量。\n"
    )
    assert plan.campaign.issuer == "云水镇人民政府"
    assert str(plan.campaign.issued_on) == "2024-02-29"


def test_number_printed_with_blanks() -> None:
    plan = read(
        "青 安 委 〔 2020 〕 12 号\n青山区矿山整治方案\n为整治矿山，制定本方案。\n一、主要任务\n（一）查边坡。逐座测量。\n"
    )
    assert plan.campaign.document_number == "青安委〔2020〕12号"


def test_a_chapter_that_is_one_line() -> None:
    plan = read(
        "长河街道百日行动方案\n街道决定开展百日行动。\n一、时间安排：2025年3月1日至6月10日。\n二、检查内容：\n"
        "1、工地：查塔吊。牵头科室：城建办，配合：各社区。\n2、消防：查通道。牵头科室：应急办，配合：派出所。\n"
    )
    assert [task.title for task in plan.leaves()] == ["工地", "消防"]
    assert (str(plan.campaign.start), str(plan.campaign.end)) == ("2025-03-01", "2025-06-10")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("各县区每月25日前报送进展情况，12月5日前报送总结", [("month", "25th of month"), ("once", "2025-12-05")]),
        ("各乡镇于每年12月5日将总结报送县安委办", [("year", "12-05")]),
        ("对工作不力的通报批评", []),
    ],
)
def test_duties_to_report(sentence: str, expected: list[tuple[str, str]]) -> None:
    plan = read(
        "白石县矿山整治方案\n为整治矿山，制定本方案。\n一、主要任务\n（一）查边坡。2025年底前查完。\n"
        f"二、工作要求\n（一）按时报送。{sentence}。\n2025年1月8日"
    )
    assert [(report.every, report.due) for report in plan.reporting] == expected


def test_a_dash_printed_for_the_first_numeral() -> None:
    plan = read(
        "青石县矿山整治方案\n为整治矿山，制定本方案。\n—、整治目标\n事故下降10%以上。\n二、主要任务\n（一）查边坡。逐座测量。\n"
    )
    assert [(goal.value, goal.unit) for goal in plan.goals] == [(10, "%")]


def test_amounts_of_several_years() -> None:
    task = only(plan_with("（一）改造管道。2023年、2024年、2025年分别完成改造20公里、60公里、90公里。"))
    assert [(str(deadline.date), deadline.implied) for deadline in task.deadlines] == [
        ("2023-12-31", True),
        ("2024-12-31", True),
        ("2025-12-31", True),
    ]


def test_title_of_a_notice_that_passes_another_on() -> None:
    plan = read(
        "青石省关于落实《国务院安委办关于矿山安全的紧急通知》要求开展矿山大排查的通知\n各市应急局：\n"
        "现将《国务院安委办关于矿山安全的紧急通知》（安委办〔2021〕3号）转发给你们，请落实。\n一、严密组织\n"
        "一是成立机构；二是3月15日前报送方案。\n二、严格问责\n不力的追究责任。\n青石省应急管理厅\n2021年2月8日"
    )
    assert plan.campaign.title == "青石省关于落实《国务院安委办关于矿山安全的紧急通知》要求开展矿山大排查的通知"
    assert [task.number for task in plan.leaves()] == ["一是", "二是", "二"]


def test_name_and_dates_of_a_site_are_not_the_plan_s() -> None:
    plan = read(
        "安全信息网\n\n矿山整治实施方案\n\n来源：某站\n更新日期：2021年11月30日\n\n为整治矿山，制定本方案。\n一、主要任务\n（一）查边坡。逐座测量。\n"
    )
    assert (plan.campaign.title, plan.campaign.issued_on) == ("矿山整治实施方案", None)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("至2025年6月，完成一轮排查", ["2025-06-30"]),
        ("2025年3月至2025年6月，完成一轮排查", []),
        ("2025年3月31日24时前报送", ["2025-03-31"]),
        ("2025-06-30前完成", ["2025-06-30"]),
        ("2025.6.30前完成", ["2025-06-30"]),
        ("2025年内建成", ["2025-12-31"]),
        ("2025年6月、9月、12月底前分别完成30%、60%、100%", ["2025-06-30", "2025-09-30", "2025-12-31"]),
    ],
)
def test_days_in_running_text(words: str, expected: list[str]) -> None:
    task = only(plan_with(f"（一）抓好落实。{words}。"))
    assert [day.split(">")[0] for day in due(task)] == expected


@pytest.mark.parametrize(
    ("words", "dates", "every"),
    [
        ("每月25日前", [], ["month"]),
        ("每年12月底前", [], ["year"]),
        ("2025年3月启动，12月底前完成", ["2025-12-31"], []),
    ],
)
def test_deadline_fields_that_come_back_or_begin(words: str, dates: list[str], every: list[str]) -> None:
    task = only(plan_with(f"（一）抓好落实。逐座测量。（责任单位：县应急局；完成时限：{words}）"))
    assert due(task) == dates
    assert [duty.every for duty in task.recurrences] == every


@pytest.mark.parametrize(
    "printed",
    [
        "（一）动员部署阶段：2025年3月1日至3月15日。开会。\n（二）集中整治阶段：3月16日至10月31日。排查。",
        "（一）动员部署阶段（2025.3.1-2025.3.15）。开会。\n（二）集中整治阶段（2025.3.16-2025.10.31）。排查。",
        "（一）2025年3月1日至15日为动员部署阶段。开会。\n（二）3月16日至10月31日为集中整治阶段。排查。",
        "（一）第一阶段（2025年3月1日至15日）为动员部署阶段。\n（二）第二阶段（3月16日至10月31日）为集中整治阶段。",
        "第一阶段：动员部署阶段（3月1日—3月15日）。\n第二阶段：集中整治阶段（3月16日—10月31日）。",
    ],
)
def test_ways_to_print_a_stage(printed: str) -> None:
    plan = read(
        "白石县2025年矿山整治方案\n为整治矿山，制定本方案。\n一、主要任务\n（一）查边坡。逐座测量。\n二、实施步骤\n"
        + printed
        + "\n三、工作要求\n（一）加强领导。\n"
    )
    assert [(stage.name, str(stage.start), str(stage.end)) for stage in plan.stages] == [
        ("动员部署阶段", "2025-03-01", "2025-03-15"),
        ("集中整治阶段", "2025-03-16", "2025-10-31"),
    ]


@pytest.mark.parametrize(
    "head",
    [
        "文号：青政办〔2023〕9号\n发布机构：青河县政府\n成文日期：2023-03-01\n标题：青河县政府关于印发青河县爆竹整治方案的通知\n"
        "各乡镇人民政府：\n现印发给你们。\n青河县爆竹整治方案\n",
        "关于印发青河县爆竹整治方案的通知\n青政办〔2023〕9号\n各乡镇人民政府：\n",
        "青河县委、县政府印发《青河县爆竹整治方案》\n发布时间：2023-03-01 来源：县委办\n",
        # the notice leaves out the place
        "青政办〔2023〕9号\n关于印发爆竹整治方案的\n通 知\n各乡镇人民政府：\n《爆竹整治方案》已经同意，现印发给你们。\n"
        "青河县人民政府\n2023年3月1日\n青河县爆竹整治方案\n",
        # a list of what is attached, and another notice quoted in the first sentence
        "各乡镇应急办：\n附件：1.《青山市关于印发<青山市爆竹整治方案>的通知》\n2.《青河县爆竹整治方案》\n青河县应急局\n"
        "2023年3月1日\n附件2\n青河县爆竹整治方案\n根据《青山市关于印发<青山市爆竹整治方案>的通知》要求，结合实际，",
        # what a site prints between the title and the opening
        "• 索引号：1/2\n青河县爆竹整治方案\n青河县爆竹整治方案\n• 2023年03月15日\n• 来源：县应急局\n【字体：大 中\n",
    ],
)
def test_titles_that_name_the_plan_inside_its_notice(head: str) -> None:
    plan = read(head + "为整治爆竹，制定本方案。\n一、主要任务\n（一）查库房。看防火。（责任单位：县应急局）\n")
    assert plan.campaign.title == "青河县爆竹整治方案"


def test_a_table_of_stages_holds_no_tasks() -> None:
    plan = read(
        "白石县2025年矿山整治方案\n为整治矿山，制定本方案。\n一、主要任务\n（一）查边坡。逐座测量。\n二、进度安排\n"
        "| 阶段 | 时间 | 工作 |\n|---|---|---|\n| 动员部署 | 2025年3月 | 开会 |\n| 整治 | 2025年4月至10月 | 排查 |\n"
    )
    assert [task.title for task in plan.leaves()] == ["查边坡"]


def test_numbers_in_the_general_part_are_goals_where_no_section_is_named_for_them() -> None:
    plan = read(
        "白石县百日行动方案\n县里决定开展百日行动。\n一、总体要求\n深入学习贯彻精神，聚焦“零死亡”，隐患整改率达到98%以上。\n"
        "二、主要任务\n（一）查边坡。逐座测量。\n"
    )
    assert [(goal.value, goal.unit) for goal in plan.goals] == [(98, "%"), (0, "人")]


def test_the_opening_names_the_plan_and_a_town_is_of_its_county() -> None:
    plan = read(
        "全文\n以人民为中心，特制定云水镇2025年安全生产工作要点。\n一、压实责任\n1.领导带头。每月检查。（镇应急办）\n2.部门联动。（镇派出所）\n"
    )
    assert (plan.campaign.title, plan.campaign.level) == ("云水镇2025年安全生产工作要点", "county")


def test_numbers_of_the_past_are_no_goals() -> None:
    plan = read(
        "白石县矿山整治方案\n一、基本情况\n去年检查企业120家，整改隐患230条。\n二、主要任务\n（一）查边坡。逐座测量。\n"
    )
    assert plan.goals == []
