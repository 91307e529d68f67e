"""Habits of print met in plans of other counties and ministries: tasks, titles and bodies. All texts are invented."""

from __future__ import annotations

import textwrap

import pytest

from tasks.plans.tests.reading import due, only, read, units_of
from tasks.plans.tests.test_reader_forms import plan_with


def test_list_numbers_below_headings_are_not_marks_of_a_site() -> None:
    plan = plan_with(
        """
        （一）责任落实行动

        1、理清镇村责任。镇里列出年度清单，每月研究一次，由镇长主持，记录存档备查，研究结果在三天内告知各村各企业。

        责任单位：镇应急办

        （二）隐患清零行动

        2、组织全面自查。各矿每半年体检一次，列出清单，逐条写明办法和时间，由矿长签字后送镇里存档，以备随时查看核对。

        责任单位：镇应急办

        3、开展联合检查。镇里与派出所一道检查自建房和燃气，对查出的问题当场开单，限期改正，到期再查一次直到改完。

        责任单位：镇派出所
        """
    )
    assert [(task.path[-1], task.number, task.title) for task in plan.leaves()] == [
        ("（一）责任落实行动", "1", "理清镇村责任"),
        ("（二）隐患清零行动", "2", "组织全面自查"),
        ("（二）隐患清零行动", "3", "开展联合检查"),
    ]


def test_labels_between_the_heading_and_the_body() -> None:
    task = only(
        plan_with(
            """
            （一）看紧充电场所
            牵头单位：县住建局
            责任单位：县消防大队、县供电公司
            1.新小区同步建棚；
            2.老小区2025年6月底前摸清需求；
            3.严查私拉电线。
            """
        )
    )
    assert task.title == "看紧充电场所"
    assert task.text.startswith("1.新小区") and task.text.endswith("严查私拉电线。")
    assert units_of(task) == ["lead:县住建局", "responsible:县消防大队", "responsible:县供电公司"]
    assert [day.split(">")[0] for day in due(task)] == ["2025-06-30"]


@pytest.mark.parametrize("line_break", ["", "\n"])
def test_a_long_bracket_does_not_hide_the_title_of_a_section(line_break: str) -> None:
    plan = plan_with(
        f"（一）查清隐患，处罚违法行为（牵头单位：县住建局；配合单位：县商务局、县应急局、{line_break}县公安局、县交通局、县消防大队）\n"
        "1.查气源。检查充装站。\n2.查软管。上门检查。"
    )
    first, second = plan.leaves()
    assert first.path[-1] == second.path[-1] == "（一）查清隐患，处罚违法行为"
    assert units_of(first) == units_of(second)
    assert len(first.units) == 6


def test_last_item_with_its_body_on_a_line_of_its_own() -> None:
    plan = plan_with(
        """
        （一）整治用气（牵头单位：县住建局）
        1.查气源。检查充装站。
        2.查气瓶。报废旧瓶。
        3.查软管。
        对销售点逐家抽查，问题产品一律下架。
        """
    )
    assert [task.text for task in plan.leaves()][-1] == "对销售点逐家抽查，问题产品一律下架。"


def test_one_office_alone_in_a_closing_bracket() -> None:
    plan = plan_with("（一）评查案卷。半年抽一次。（法规处）\n（二）培训干部。办班两期（含网课）。（人事处）")
    assert [units_of(task) for task in plan.leaves()] == [["responsible:法规处"], ["responsible:人事处"]]


def test_rows_of_one_number_are_tasks_of_their_own() -> None:
    plan = read(
        textwrap.dedent(
            """
            黑水区2025年矿山任务清单

            | 序号 | 重点任务 | 具体举措 | 牵头单位 | 完成时限 |
            | --- | --- | --- | --- | --- |
            | 1 | 压实责任 | 1.领导包矿。 | 区应急局 | 4月底前 |
            | | | 2.配齐总监。 | 区能源局 | 5月底前 |
            | 2 | 防住灾害 | 查清老空区。 | 区能源局 | 6月底前 |
            """
        )
    )
    assert [(task.id, task.text, units_of(task), due(task)) for task in plan.leaves()] == [
        ("1.1", "领导包矿。", ["lead:区应急局"], ["2025-04-30"]),
        ("1.1.2", "配齐总监。", ["lead:区能源局"], ["2025-05-31"]),
        ("1.2", "查清老空区。", ["lead:区能源局"], ["2025-06-30"]),
    ]


def test_notice_of_a_meeting_has_no_tasks() -> None:
    plan = read(
        "关于召开全县矿山整治推进会议的通知\n各乡镇人民政府：\n现将会议事项通知如下：\n一、会议时间\n2025年3月1日。\n"
        "二、参会人员\n（一）各乡镇负责人；\n（二）各煤矿矿长。\n三、有关要求\n（一）提前到场。\n县安委办\n2025年2月20日"
    )
    assert plan.tasks == []
    assert "会议" in plan.warnings[0].message


def test_levels_that_share_one_name() -> None:
    plan = plan_with("（一）查边坡。逐座测量。（市、县人民政府负责）")
    assert units_of(only(plan)) == ["responsible:市人民政府", "responsible:县人民政府"]


def test_numbers_without_marks_above_decimal_numbers() -> None:
    plan = read(
        "宁水区道路安全工作实施意见\n为减少事故，现提出如下意见。\n1 工作目标\n1.1 事故起数下降8%。\n2 重点任务\n"
        "2.1 抓源头。每月联合检查。（区交通局、区公安分局）\n2.2 抓路面。每周整治2次。（区公安分局牵头，区交通局配合）\n"
        "3 保障措施\n3.1 加强领导。\n"
    )
    assert [(task.number, task.path, task.title) for task in plan.leaves()] == [
        ("2.1", ["2重点任务"], "抓源头"),
        ("2.2", ["2重点任务"], "抓路面"),
    ]
    assert units_of(plan.leaves()[1]) == ["lead:区公安分局", "cooperating:区交通局"]
    assert plan.protection_measures == ["加强领导"]


def test_what_to_look_at_gives_way_to_what_to_do() -> None:
    plan = read(
        "南溪省消防整治方案\n为防火灾，制定本方案。\n一、整治重点\n（一）人员密集场所。查通道。\n（二）高层建筑。查外墙。\n"
        "二、工作任务\n（一）自查。3月底前自查完。（责任单位：省教育厅）\n（二）抽查。每月抽查。（责任单位：省消防总队）\n"
    )
    assert [task.title for task in plan.leaves()] == ["自查", "抽查"]


def test_what_to_look_at_is_the_task_when_nothing_else_is() -> None:
    plan = read(
        "南溪县消防整治方案\n为防火灾，制定本方案。\n一、整治重点\n（一）人员密集场所。查通道。\n（二）高层建筑。查外墙。\n"
        "二、工作要求\n（一）加强领导。要重视。\n"
    )
    assert [(task.title, units_of(task)) for task in plan.leaves()] == [("人员密集场所", []), ("高层建筑", [])]


def test_points_to_check_stay_in_the_paragraph_of_a_notice() -> None:
    plan = read(
        "关于进一步加强尾矿库安全工作的通知\n各企业：\n现就有关工作通知如下：\n一、提高认识。各企业要学习文件。\n"
        "二、全面排查。各企业要立即自查，4月20日前把自查报告送县应急局，并留存全部记录。重点排查以下内容：\n"
        "1.排水是否可靠；\n2.坝体是否稳固；\n3.干滩是否够长。\n三、值班备勤。严格带班。\n2025年4月6日\n"
    )
    assert [task.title for task in plan.leaves()] == ["提高认识", "全面排查", "值班备勤"]
    assert due(plan.leaves()[1])[0].startswith("2025-04-20")


def test_points_with_bullets_and_labels_of_their_own() -> None:
    plan = plan_with(
        """
        （一）压实责任。
        ● 配齐矿长，2025年3月底前完成。责任股室：矿山股，责任人：刘某
        ● 建立档案，每月更新。责任股室：综合股，责任人：陈某
        """
    )
    assert [(task.text, units_of(task)) for task in plan.leaves()] == [
        ("配齐矿长，2025年3月底前完成。", ["responsible:矿山股"]),
        ("建立档案，每月更新。", ["responsible:综合股"]),
    ]


def test_a_row_of_totals_is_no_task() -> None:
    plan = read(
        "东岭县任务清单\n<table><tr><td>序号</td><td>任务</td><td>责任单位</td><td>完成时限</td></tr>"
        "<tr><td>1</td><td>检查煤矿</td><td>县应急局</td><td>2026年底</td></tr>"
        "<tr><td>合计</td><td>1项</td><td></td><td></td></tr></table>"
    )
    assert only(plan).text == "检查煤矿"


def test_note_below_a_table_is_no_heading() -> None:
    plan = read(
        "东岭县整治清单\n<table><tr><td>序号</td><td>措施名称</td><td>主要内容</td><td>责任单位</td></tr>"
        "<tr><td>1</td><td>明确责任</td><td>出台细则</td><td>县委办、县政府办</td></tr>"
        '<tr><td colspan="4">注：本清单每季更新。</td></tr></table>'
    )
    task = only(plan)
    assert (task.path, task.title, task.text) == (["东岭县整治清单"], "明确责任", "出台细则")


def test_table_with_every_cell_on_a_line_of_its_own() -> None:
    plan = read(
        "附件1\n大丰县2025年检查任务分工表\n序号\n检查任务\n牵头单位\n配合单位\n完成时限\n"
        "1\n检查煤矿。\n重点看通风。\n县应急局\n县能源局、县资规局\n6月底前\n2\n检查道路。\n县交通局\n县公安局\n长期坚持\n"
        "附件2\n联络员名单\n"
    )
    assert [(task.text, units_of(task), due(task)) for task in plan.leaves()] == [
        ("检查煤矿。重点看通风。", ["lead:县应急局", "cooperating:县能源局", "cooperating:县资规局"], ["2025-06-30"]),
        ("检查道路。", ["lead:县交通局", "cooperating:县公安局"], ["ongoing"]),
    ]


def test_items_with_headings_of_their_own_on_the_line_of_the_section() -> None:
    plan = plan_with("（一）预控风险。1.辨识风险。每年辨识一次。2.排查隐患。每月排查一次。\n（二）查边坡。逐座测量。")
    assert [task.title for task in plan.leaves()] == ["辨识风险", "排查隐患", "查边坡"]


def test_first_name_of_each_list_leads_when_the_plan_says_so() -> None:
    plan = plan_with(
        "（一）查边坡。测量。（县应急局、县能源局负责。列第一位者为牵头单位，下同）\n（二）查尾矿库。巡查。（县水利局、县应急局）"
    )
    assert [units_of(task)[0] for task in plan.leaves()] == ["lead:县应急局", "lead:县水利局"]


def test_level_alone_before_a_named_office() -> None:
    task = only(plan_with("（一）包保矿山。公布名单。（责任单位：市、县应急管理局；完成时限：长期坚持）"))
    assert units_of(task) == ["responsible:市应急管理局", "responsible:县应急管理局"]


def test_list_numbers_below_closing_fields_are_not_marks_of_a_site() -> None:
    plan = plan_with(
        "\n".join(
            f"{number}、查第{number}号矿。这座矿由包保领导带队检查，逐条记下问题，当场告诉矿长，限期改正并派人复查直到全部改完为止。"
            "（责任单位：县应急局；完成时限：长期坚持）"
            for number in range(1, 6)
        )
    )
    assert [task.title for task in plan.leaves()] == [f"查第{number}号矿" for number in range(1, 6)]


@pytest.mark.parametrize(
    "field",
    [
        "（责任单位　县应急局；完成时限　长期坚持）",
        "——责任单位：县应急局；完成时限：长期坚持",
        "（县应急局负责，长期坚持）",
        "\n〔责任单位〕县应急局\n〔完成时限〕长期坚持",
        "【责任单位】县应急局【完成时限】长期坚持",
    ],
)
def test_ways_to_print_the_same_field(field: str) -> None:
    task = only(plan_with(f"（一）查边坡。逐座测量，建立档案。{field}"))
    assert (task.text, units_of(task), due(task)) == ("逐座测量，建立档案。", ["responsible:县应急局"], ["ongoing"])


def test_a_role_word_inside_a_name_is_no_role() -> None:
    task = only(plan_with("（一）查油品。抽查。（县市场监督管理局牵头，县教育局、县公安局负责）"))
    assert units_of(task) == ["lead:县市场监督管理局", "responsible:县教育局", "responsible:县公安局"]


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        (
            "建立完善事故隐患数据库管理和调查机制：全量汇总隐患，逐条核查，按期销号。",
            "建立完善事故隐患数据库管理和调查机制",
        ),
        ("推进超前治理、工程治理、系统治理：先治后采，先抽后建。", "推进超前治理、工程治理、系统治理"),
        ("重点排查以下内容：排水是否可靠，坝体是否稳固。", None),
    ],
)
def test_titles_before_a_colon(sentence: str, title: str | None) -> None:
    assert only(plan_with(f"（一）{sentence}")).title == title


@pytest.mark.parametrize(
    ("bracket", "expected"),
    [
        ("县委组织部、宣传部、编办", ["县委组织部", "县委宣传部", "县委编办"]),
        ("市委组织部、市委党校", ["市委组织部", "市委党校"]),
        ("责任单位：县应急局 县公安局　县住建局", ["县应急局", "县公安局", "县住建局"]),
        ("县应急局会同县公安局、县司法局负责", ["县应急局", "县公安局", "县司法局"]),
        ("县应急局、县工信局等4部门按职责分工负责", ["县应急局", "县工信局"]),
        ("各级安委会办公室及有关部门", ["各级安委会办公室", "有关部门"]),
        ("区应急局、青山经济技术开发区管委会", ["区应急局", "青山经济技术开发区管委会"]),
    ],
)
def test_lists_of_bodies(bracket: str, expected: list[str]) -> None:
    task = only(plan_with(f"（一）查边坡。逐座测量。（{bracket}）"))
    assert units_of(task) == [f"responsible:{name}" for name in expected]


def test_an_act_in_a_heading_is_no_unit() -> None:
    plan = plan_with("（一）挂牌督办（全程）。重大隐患挂牌。\n（二）县公安局。管好民爆物品。")
    assert [units_of(task) for task in plan.leaves()] == [[], ["responsible:县公安局"]]


def test_sentences_that_name_the_bodies_where_no_field_does() -> None:
    plan = read(
        "东坪县打击盗采专项行动方案\n为打击盗采，自即日起至2024年3月底开展行动。\n一、重点工作\n"
        "（一）逐沟排查。由县自然资源局牵头，县林业局配合，对废弃井口逐一排查，11月10日前建账。\n"
        "（二）断电断路。由县供电公司、县公安局负责，由于路远的先行封堵。\n"
        "（三）常态巡查。落实日巡制度，由各乡镇人民政府负责，长期坚持。\n东坪县人民政府\n2023年10月9日"
    )
    assert [units_of(task) for task in plan.leaves()] == [
        ["lead:县自然资源局", "cooperating:县林业局"],
        ["responsible:县供电公司", "responsible:县公安局"],
        ["responsible:各乡镇人民政府"],
    ]
    assert [due(task) for task in plan.leaves()] == [["2023-11-10>建账"], [], ["ongoing"]]
    assert plan.leaves()[0].text.startswith("由县自然资源局牵头")
    assert [warning.code for warning in plan.warnings] == ["units_in_text"] * 3


def test_cards_printed_as_lines() -> None:
    card = "任务{}：{}\n工作内容：{}。\n牵头领导：王平\n牵头单位：县应急局\n配合单位：县水利局\n完成时限：{}\n"
    plan = read(
        "东坪县尾矿库整治任务清单\n"
        + card.format("一", "查清坝体", "逐库查明坝体现状", "2025年8月")
        + card.format("二", "疏通排洪", "每季度疏通一次排洪沟", "2025年汛前")
    )
    assert [(task.id, task.title, task.text) for task in plan.tasks] == [
        ("1", "查清坝体", "逐库查明坝体现状。"),
        ("2", "疏通排洪", "每季度疏通一次排洪沟。"),
    ]
    assert [due(task) for task in plan.tasks] == [["2025-08-31"], ["relative"]]
    assert all(units_of(task) == ["lead:县应急局", "cooperating:县水利局"] for task in plan.tasks)


def test_a_table_of_stages_beside_tasks_gives_stages_only() -> None:
    plan = read(
        "东坪县百日清零方案\n为清零隐患，2025年开展行动。\n一、主要任务\n（一）排查隐患。逐矿排查。各矿山企业负责，县应急局督办。\n"
        "（二）整改隐患。限期整改。各矿山企业负责，县应急局督办。\n二、时间步骤\n"
        "阶段\t时间\t工作内容\t责任单位\n排查\t7月1日至7月20日\t部署自查\t各矿山企业\n清零\t7月21日至9月20日\t整改督导\t县应急局"
    )
    assert [task.text for task in plan.leaves()] == ["逐矿排查。", "限期整改。"]
    assert units_of(plan.leaves()[0]) == ["responsible:各矿山企业", "responsible:县应急局"]
    assert [stage.name for stage in plan.stages] == ["排查", "清零"]


def test_paragraphs_of_a_notice_that_only_count_in_words() -> None:
    plan = read(
        "东坪县关于切实做好岁末年初矿山安全工作的通知\n各乡镇、各矿山企业：\n现将要求通知如下：\n"
        "一要压实责任。各乡镇12月15日前带队检查一次。\n二要严厉打击。县应急局每周突击夜查2次。\n"
        "三要加强值守。（责任单位：各矿山企业）\n请按时报送情况。\n东坪县安全生产委员会办公室\n2024年12月2日"
    )
    assert [(task.number, task.title, task.text) for task in plan.leaves()] == [
        ("一", None, "压实责任。各乡镇12月15日前带队检查一次。"),
        ("二", None, "严厉打击。县应急局每周突击夜查2次。"),
        ("三", None, "加强值守。"),
    ]
    assert units_of(plan.leaves()[2]) == ["responsible:各矿山企业"]


def test_tables_of_what_is_owed_how_often_and_of_what_is_looked_at() -> None:
    plan = read(
        "青石镇包保责任清单\n包保单位\t包保责任\t工作频次\t督办单位\n"
        "镇应急管理办公室\t巡查辖区矿山\t每周1次\t镇党委政府\n各村（社区）\t巡查废弃矿洞\t每月2次\t镇党委政府"
    )
    assert [(task.text, units_of(task)) for task in plan.leaves()] == [
        ("巡查辖区矿山", ["responsible:镇应急管理办公室"]),
        ("巡查废弃矿洞", ["responsible:各村（社区）"]),
    ]
    assert [(again.every, again.times) for task in plan.leaves() for again in task.recurrences] == [
        ("week", 1),
        ("month", 2),
    ]
    plan = read(
        "东坪县攻坚任务清单（2025年3月—12月）\n序号\t整治重点\t主要任务\t牵头单位\t完成时限\n"
        "1\t通风系统\t普查通风系统\t县能源局\t6月底前完成并长期坚持\n2\t防治水\t（1）查清老空水。（2）每季度复查。\t县能源局\t9月底前"
    )
    first, second, third = plan.leaves()
    assert (first.title, first.text, due(first)) == ("通风系统", "普查通风系统", ["2025-06-30", "ongoing"])
    assert second.path[-1] == third.path[-1] == "防治水"
    assert (str(plan.campaign.start), str(plan.campaign.end)) == ("2025-03-01", "2025-12-31")
