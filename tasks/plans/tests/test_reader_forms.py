"""The ways in which plans say what is to be done, by whom and until when. All texts are invented."""

from __future__ import annotations

import textwrap

import pytest

from tasks.plans.model import Plan
from tasks.plans.tests.reading import due, only, read, units_of


def plan_with(body: str) -> Plan:
    head = "白石县矿山整治实施方案\n为整治矿山隐患，制定本方案。\n一、工作目标\n消除隐患。\n二、主要任务\n"
    tail = "\n三、实施步骤\n（一）部署（2025年1月至2月）。\n（二）整治（2025年3月至12月）。\n四、保障措施\n（一）加强领导。要重视。\n"
    return read(head + textwrap.dedent(body).strip() + tail)


def test_bracket_with_units_and_time_limit() -> None:
    task = only(
        plan_with("（一）排查边坡。逐座测量边坡，建立档案。（责任单位：县应急局、各产矿乡镇；完成时限：2025年6月底前）")
    )
    assert (task.title, task.text) == ("排查边坡", "逐座测量边坡，建立档案。")
    assert units_of(task) == ["responsible:县应急局", "responsible:各产矿乡镇"]
    assert [unit.collective for unit in task.units] == [False, True]
    assert due(task) == ["2025-06-30"]


def test_lead_responsible_and_cooperating_units() -> None:
    task = only(plan_with("（一）整治尾矿库。（牵头单位：县应急局；责任单位：县水利局，各乡镇；配合单位：县气象局）"))
    assert units_of(task) == ["lead:县应急局", "responsible:县水利局", "responsible:各乡镇", "cooperating:县气象局"]
    assert (task.title, task.text) == (None, "整治尾矿库。")


@pytest.mark.parametrize(
    ("bracket", "expected"),
    [
        (
            "县住建局牵头，县公安局、县水利局等部门分工负责",
            ["lead:县住建局", "responsible:县公安局", "responsible:县水利局"],
        ),
        ("县能源局牵头，县工信局配合", ["lead:县能源局", "cooperating:县工信局"]),
        ("县应急局、县公安局按职责分工负责", ["responsible:县应急局", "responsible:县公安局"]),
        ("负有安全监管职责的部门督促企业落实", ["responsible:负有安全监管职责的部门"]),
        ("县安委办和县有关部门负责", ["responsible:县安委办", "responsible:县有关部门"]),
        ("县应急局、县自然资源和规划局", ["responsible:县应急局", "responsible:县自然资源和规划局"]),
        ("县应急局", ["responsible:县应急局"]),
        (
            "各乡镇党委、政府，县应急局负责",
            ["responsible:各乡镇党委", "responsible:各乡镇政府", "responsible:县应急局"],
        ),
        (
            "县应急、公安、市场监管等部门负责",
            ["responsible:县应急", "responsible:县公安", "responsible:县市场监管"],
        ),
        ("各县（市、区）人民政府负责", ["responsible:各县(市、区)人民政府"]),
    ],
)
def test_closing_brackets(bracket: str, expected: list[str]) -> None:
    task = only(plan_with(f"（一）整治隐患。全面排查，逐条整改。（{bracket}）"))
    assert [entry.replace("（", "(").replace("）", ")") for entry in units_of(task)] == expected
    assert task.text == "全面排查，逐条整改。"


@pytest.mark.parametrize("brackets", ["（）", "【】", "[]", "〔〕", "()"])
def test_every_kind_of_bracket(brackets: str) -> None:
    opening, closing = brackets
    task = only(plan_with(f"（一）整治隐患。逐条整改。{opening}责任单位：县应急局{closing}"))
    assert units_of(task) == ["responsible:县应急局"]


def test_fields_on_lines_of_their_own() -> None:
    task = only(
        plan_with("""
            1.加强气源管理。督促企业加臭。
            牵头单位：县住建局
            配合单位：县商务局
            完成时限：2025年11月底前
        """)
    )
    assert task.text == "督促企业加臭。"
    assert units_of(task) == ["lead:县住建局", "cooperating:县商务局"]
    assert due(task) == ["2025-11-30"]


def test_labels_in_brackets() -> None:
    task = only(
        plan_with("""
            （一）危化提升行动
            【工作内容】推进一企一策整治。
            【牵头单位】县应急局
            【完成时限】2025年10月
        """)
    )
    assert task.text == "推进一企一策整治。"
    assert units_of(task) == ["lead:县应急局"]
    assert due(task) == ["2025-10-31"]


def test_field_in_the_heading() -> None:
    task = only(plan_with("（一）风险辨识（责任单位：县应急局，7月15日前完成）。督促企业建立台账。"))
    assert (task.title, task.text) == ("风险辨识", "督促企业建立台账。")
    assert (units_of(task), due(task)) == (["responsible:县应急局"], ["2025-07-15"])


def test_lost_opening_bracket() -> None:
    task = only(plan_with("（一）普查隐患。逐矿普查，及时治理责任单位：县应急局；完成时限：长期坚持）"))
    assert (task.text, units_of(task), due(task)) == ("逐矿普查，及时治理", ["responsible:县应急局"], ["ongoing"])


def test_section_field_counts_for_its_items() -> None:
    plan = plan_with("""
        （一）严管危大工程（县住建局、县水利局按职责分工负责）
        1.论证方案。2025年4月底前完成起底排查。
        2.管好起重机械。每季度检查2次。
    """)
    first, second = plan.leaves()
    assert units_of(first) == units_of(second) == ["responsible:县住建局", "responsible:县水利局"]
    assert first.path == ["二、主要任务", "（一）严管危大工程"]
    assert due(first) == ["2025-04-30>完成起底排查"]
    assert [(again.every, again.times) for again in second.recurrences] == [("quarter", 2)]


def test_last_line_of_a_section_counts_for_all_its_items() -> None:
    plan = plan_with("""
        （一）淘汰落后设备
        1.加快老旧车辆退出。
        2.严查非法改装。
        责任单位：县工信局、县公安局
    """)
    assert [units_of(task) for task in plan.leaves()] == [["responsible:县工信局", "responsible:县公安局"]] * 2


def test_several_brackets_make_several_tasks() -> None:
    plan = plan_with(
        "（一）落实监管责任。完善权责清单。（县级监管部门负责）审批后推送信息。（县审批局等有关部门分工负责）"
    )
    parent, first, second = plan.tasks
    assert parent.children and not parent.deadlines
    assert [task.text for task in (first, second)] == ["完善权责清单。", "审批后推送信息。"]
    assert [task.parent for task in (first, second)] == [parent.id] * 2
    assert second.units_open and units_of(second) == ["responsible:县审批局"]


def test_labelled_paragraphs_without_numbers() -> None:
    plan = plan_with("""
        （一）防范重点灾种
        森林火灾：清理林缘可燃物，严管野外用火。（县林草局牵头，县应急局负责）
        水旱灾害：加强山洪监测，果断转移群众。（县水利局负责）
    """)
    assert [task.title for task in plan.leaves()] == ["森林火灾", "水旱灾害"]
    assert plan.leaves()[0].path[-1] == "（一）防范重点灾种"


def test_parts_one_two_three() -> None:
    plan = plan_with(
        "（一）整治工贸企业。一是查粉尘。2025年底前完成改造。二是查煤气。三是查有限空间。（责任单位：县应急局）"
    )
    parent, *parts = plan.tasks
    assert parent.children and units_of(parent) == ["responsible:县应急局"]
    assert [(part.number, part.text) for part in parts] == [
        ("一是", "查粉尘。2025年底前完成改造。"),
        ("二是", "查煤气。"),
        ("三是", "查有限空间。"),
    ]
    assert all(units_of(part) == ["responsible:县应急局"] for part in parts)
    assert due(parts[0]) == ["2025-12-31>完成改造"] and not parent.deadlines


def test_a_list_inside_a_sentence_is_not_tasks() -> None:
    task = only(
        plan_with("（一）打非治违。重点打击：1.无证开采；2.越界开采；3.其他行为。依法惩处。（责任单位：县公安局）")
    )
    assert task.text == "重点打击：1.无证开采；2.越界开采；3.其他行为。依法惩处。"


def test_prose_without_units_invents_none() -> None:
    plan = plan_with("（一）提高认识。各煤矿要学习文件，县应急局将督导。\n（二）整改隐患。逐条整改。")
    assert [task.title for task in plan.leaves()] == ["提高认识", "整改隐患"]
    assert not any(task.units for task in plan.leaves())
    assert "no_units" in {warning.code for warning in plan.warnings}


def test_blanket_clause_is_kept_apart() -> None:
    plan = plan_with(
        "（一）压实责任。每月开会。（县安委办负责。以下均需各乡镇人民政府负责，不再一一列出）\n"
        "（二）整改隐患。逐条整改。（县应急局负责）"
    )
    assert [units_of(task) for task in plan.leaves()] == [["responsible:县安委办"], ["responsible:县应急局"]]
    assert [unit.name for unit in plan.campaign.blanket_units] == ["各乡镇人民政府"]


def test_first_of_the_list_leads_where_the_document_says_so() -> None:
    plan = plan_with(
        "（一）严格准入。停止审批。（县发改局、县能源局；列首位的为牵头单位，下同）\n"
        "（二）淘汰落后。关闭退出。（县能源局、县应急局）"
    )
    assert [units_of(task)[0] for task in plan.leaves()] == ["lead:县发改局", "lead:县能源局"]


def test_without_that_sentence_the_first_does_not_lead() -> None:
    assert units_of(only(plan_with("（一）准入。停止审批。（县发改局、县能源局）")))[0] == "responsible:县发改局"


def test_everything_on_one_line() -> None:
    plan = read(
        "白石县矿山整治方案 为整治矿山，制定本方案。 一、总体要求 坚持安全第一。 二、主要任务 "
        "(一)压实责任。 1.落实责任制。签订承诺书。(责任单位:县应急局) 2.配齐人员。不得兼职。(责任单位:县人社局) "
        "(二)排查隐患。逐矿排查。(责任单位:各乡镇) 三、保障措施 (一)加强领导。要重视。"
    )
    assert [(task.title, task.path[-1]) for task in plan.leaves()] == [
        ("落实责任制", "(一)压实责任"),
        ("配齐人员", "(一)压实责任"),
        ("排查隐患", "二、主要任务"),
    ]
    assert plan.protection_measures == ["加强领导"]


def test_lost_chapter_numbers() -> None:
    plan = read(
        "白石县整治方案\n为整治隐患，制定本方案。\n一、工作目标\n消除隐患。\n、主要任务\n"
        "（一）排查。逐矿排查。（责任单位：县应急局）\n时间步骤\n（一）部署阶段（2025年3月）。开会。\n四、保障措施\n略。"
    )
    assert only(plan).path == ["、主要任务"]
    assert [stage.name for stage in plan.stages] == ["部署阶段"]


def test_topics_as_chapters_and_numbers_that_run_on() -> None:
    plan = read(
        "白石省2025年安全工作要点\n一、压实责任\n（一）党政责任。每季度开会一次。（省安委办）\n"
        "二、治理隐患\n（二）治理路段。完成治理。（省交通厅牵头，省公安厅参与）\n（三）整治市场。清理马路市场。（省商务厅）"
    )
    assert [(task.id, task.path) for task in plan.leaves()] == [
        ("1.1", ["一、压实责任"]),
        ("2.2", ["二、治理隐患"]),
        ("2.3", ["二、治理隐患"]),
    ]
    assert plan.campaign.level == "province"


def test_plans_in_appendices_keep_their_numbers_apart() -> None:
    plan = read(
        "白石县三年行动总体方案\n为落实部署，制定本方案。\n一、整治目标\n解决问题。\n附件1\n学习专题方案\n"
        "一、主要任务\n（一）学习。看专题片。（责任单位：县委宣传部）\n附件2\n道路专题方案\n"
        "一、主要任务\n（一）治路。治理弯道。（责任单位：县交通局）"
    )
    assert [(task.id, task.path[0]) for task in plan.leaves()] == [
        ("1.1", "附件1学习专题方案"),
        ("2.1", "附件2道路专题方案"),
    ]


def test_decimal_numbers() -> None:
    plan = read(
        "2025年度安全工作计划\n1、总体思路\n安全第一。\n2、主要任务\n2.1强化责任\n"
        "（1）健全体系。每月带班不少于5次。责任部门：安监部。完成时间：2025年3月31日。\n2.2治理灾害\n"
        "（1）防治水。落实措施。责任部门：地测部。"
    )
    assert [(task.id, task.path[-1], due(task)) for task in plan.leaves()] == [
        ("1.1", "2.1强化责任", ["2025-03-31"]),
        ("2.1", "2.2治理灾害", []),
    ]


def test_closing_paragraph_is_not_part_of_the_last_item() -> None:
    plan = plan_with(
        "（一）查清采空区。建立档案。\n（二）完善通风。查漏补缺。\n（三）严守汛期。每周调度一次。\n"
        "以上工作由县应急局牵头，各乡镇配合。"
    )
    assert [task.text for task in plan.leaves()][-1] == "每周调度一次。"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "某市烟花爆竹管理办法\n" + "\n".join(f"第{number}条 经营者应当遵守规定。" for number in "一二三四五六七"),
            "not_a_plan",
        ),
        ("县里召开推进会\n本报讯（记者 李某）3月5日，县里召开推进会。一是提高认识，二是压实责任。", "not_a_plan"),
        ("关于许可证延期的复函\n某公司：\n现函复如下：\n一、同意延期。\n二、请于2025年6月30日前改造。", "not_a_plan"),
        ("某镇安全工作总结\n现将情况总结如下：\n一、工作情况\n（一）加强领导。开会6次。", "not_a_plan"),
        ("关于召开安全生产会议的通知\n定于3月5日召开会议，请准时参加。", "not_a_plan"),
    ],
)
def test_other_documents_hold_no_tasks(text: str, code: str) -> None:
    plan = read(text)
    assert plan.tasks == []
    assert [warning.code for warning in plan.warnings] == [code]
    assert plan.warnings[0].message.endswith("。")


def test_words_that_look_substituted_are_told_and_kept() -> None:
    plan = plan_with("（一）达标。平安生产达标率达101%。（责任单位：县应急局）")
    assert only(plan).text == "平安生产达标率达101%。"
    told = [warning for warning in plan.warnings if warning.code == "substituted_word"]
    assert len(told) == 2 and all(warning.spans for warning in told)


def test_ids_are_unique_and_parents_exist() -> None:
    plan = plan_with("（一）甲。一是乙。二是丙。（责任单位：县应急局）\n（一）丁。戊己。（责任单位：县水利局）")
    ids = [task.id for task in plan.tasks]
    assert len(ids) == len(set(ids))
    assert all(task.parent in ids for task in plan.tasks if task.parent)


def test_departments_as_headings_answer_for_their_item() -> None:
    plan = plan_with("（一）县林草局：负责隐患排查，每周汇总一次。\n（二）各乡镇人民政府：加强巡护。")
    assert [units_of(task) for task in plan.leaves()] == [["responsible:县林草局"], ["responsible:各乡镇人民政府"]]


def test_field_between_heading_and_body() -> None:
    task = only(plan_with("1.排查线路隐患。\n责任单位：县发改局、县供电公司\n逐杆排查，2025年1月底前整改完毕。"))
    assert (task.title, task.text) == ("排查线路隐患", "逐杆排查，2025年1月底前整改完毕。")
    assert units_of(task) == ["responsible:县发改局", "responsible:县供电公司"]
    assert due(task) == ["2025-01-31>整改完毕"]


def test_names_of_persons_are_not_units() -> None:
    task = only(plan_with("（一）清查餐饮场所。查软管老化。责任人：张某；责任单位：镇应急办、镇市场监管所。"))
    assert task.text == "查软管老化。"
    assert [unit.name for unit in task.units] == ["镇应急办", "镇市场监管所"]


@pytest.mark.parametrize(
    ("head", "title", "number", "issuer", "issued"),
    [
        (
            "白石市人民政府安全生产委员会办公室文件\n白安办〔2025〕15号\n关于印发《白石市矿山整治\n三年行动实施方案（2025—2027年）》的通知\n"
            "各区县安委会：\n现将《白石市矿山整治三年行动实施方案（2025—2027年）》印发给你们。\n白石市人民政府安全生产委员会办公室\n"
            "2025年4月12日\n白石市矿山整治三年行动\n实施方案（2025—2027年）\n为整治矿山，制定本方案。",
            "白石市矿山整治三年行动实施方案（2025—2027年）", "白安办〔2025〕15号", "白石市人民政府安全生产委员会办公室", "2025-04-12",
        ),
        (
            "白石县安全生产委员会办公室关于开展有限空间整治的通知\n白安办发〔2025〕3号\n各乡镇人民政府：\n现将有关事项通知如下：",
            "白石县安全生产委员会办公室关于开展有限空间整治的通知", "白安办发〔2025〕3号", "白石县安全生产委员会办公室", None,
        ),
        (
            "2025年白石县消防整治方案\n按照《全国消防整治方案》（消安委〔2025〕2号）要求，制定本方案。",
            "2025年白石县消防整治方案", None, None, None,
        ),
    ],
)  # fmt: skip
def test_heads(head: str, title: str, number: str | None, issuer: str | None, issued: str | None) -> None:
    campaign = read(head + "\n一、主要任务\n（一）排查。逐矿排查。（责任单位：县应急局）\n").campaign
    assert campaign.title == title
    assert (campaign.document_number, campaign.issuer) == (number, issuer)
    assert (campaign.issued_on.isoformat() if campaign.issued_on else None) == issued


def test_topics_without_units_count_beside_topics_with_units() -> None:
    plan = read(
        "关于遏制事故的若干措施\n提出如下措施。\n一、严格准入\n1.严格规划。科学编制规划。\n"
        "二、加强监管\n2.实施双罚。依法处罚。（责任单位：省应急厅）\n3.开展巡查。每年巡查一次。（责任单位：同上）"
    )
    assert [(task.id, units_of(task)) for task in plan.leaves()] == [
        ("1.1", []), ("2.2", ["responsible:省应急厅"]), ("2.3", ["responsible:省应急厅"]),
    ]  # fmt: skip


def test_a_table_of_contents_is_not_read() -> None:
    plan = read(
        "目 录\n一、总体要求........1\n二、主要任务........2\n白石市三年行动方案\n（2025—2027年）\n为落实部署，制定本方案。\n"
        "一、总体要求\n安全第一。\n二、主要任务\n（一）排查。逐矿排查。（责任单位：市应急局）"
    )
    assert plan.campaign.title == "白石市三年行动方案（2025—2027年）"
    assert (str(plan.campaign.start), str(plan.campaign.end)) == ("2025-01-01", "2027-12-31")
    assert [task.title for task in plan.leaves()] == ["排查"]


def test_a_blanket_note_inside_the_bracket() -> None:
    plan = plan_with("（一）培训。组织培训。〔县安委办牵头，县应急局（以下均需各乡镇政府落实，不再列出）按职责负责〕")
    assert units_of(only(plan)) == ["lead:县安委办", "responsible:县应急局"]
    assert [unit.name for unit in plan.campaign.blanket_units] == ["各乡镇政府"]
