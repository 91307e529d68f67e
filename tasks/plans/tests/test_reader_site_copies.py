"""Forms that copies from sites and offices' own lists have: chapters 01 02, bullets, people beside bodies, heads as rows."""

from __future__ import annotations

from tasks.plans.tests.reading import due, read, units_of

TITLE = "青岭县尾矿库整治方案\n为消除隐患，制定本方案。\n"
LIST = "青岭县尾矿库整治清单\n"


def test_a_title_that_the_copy_repeats_in_brackets() -> None:
    plan = read(
        "2025年尾矿库整治方案(2025年尾矿库整治方案)\n为消除隐患，制定本方案。\n一、主要任务\n（一）查坝体。逐库查明。"
    )
    assert plan.campaign.title == "2025年尾矿库整治方案"


def test_chapters_numbered_with_a_leading_nought() -> None:
    plan = read(
        "青岭县城区尾矿库整治方案\n01工作目标\n（一）整改率达到95%以上。\n02整治重点\n（一）停用的尾矿库。\n"
        "03工作措施\n（一）全面排查\n1.逐库查明坝体现状。（县应急管理局负责）\n2.疏通排洪沟。（县水利局负责）\n04工作要求\n要重视。"
    )
    assert [task.text for task in plan.leaves()] == ["逐库查明坝体现状。", "疏通排洪沟。"]
    assert (plan.goals[0].value, plan.campaign.level) == (95, "county")


def test_bullets_with_labels() -> None:
    plan = read(
        f"# {TITLE}## 一、主要任务\n\n### （一）查坝体\n\n- **任务内容**：逐库查明现状。\n- **责任单位**：县应急管理局\n"
        "- **完成时限**：2025年8月31日\n\n### （二）疏通排洪\n\n- **任务内容**：清除淤积。\n- **责任单位**：县水利局\n"
    )
    first, second = plan.leaves()
    assert (first.title, first.text, units_of(first)) == ("查坝体", "逐库查明现状。", ["responsible:县应急管理局"])
    assert due(first) == ["2025-08-31"]
    assert second.text == "清除淤积。"


def test_people_beside_the_bodies_of_a_cell() -> None:
    plan = read(
        LIST + "| 序号 | 整治内容 | 整治措施 | 责任单位及责任人 | 整治时限 |\n|---|---|---|---|---|\n"
        "| 1 | 坝体 | 逐库查明现状。 | 县应急局（王强） | 2025.6.30 |\n"
        "| 2 | 排洪 | 清除淤积。 | 县水利局 张伟<br>县应急局：赵磊 | 9.30前 |"
    )
    first, second = plan.leaves()
    assert (first.title, first.text, units_of(first)) == ("坝体", "逐库查明现状。", ["responsible:县应急局"])
    assert units_of(second) == ["responsible:县水利局", "responsible:县应急局"]
    assert (due(first), due(second)) == (["2025-06-30"], ["2025-09-30"])


def test_rows_with_a_chinese_number_head_the_rows_below() -> None:
    plan = read(
        LIST + "| 序号 | 任务名称 | 任务内容 | 责任单位 | 时限 |\n|---|---|---|---|---|\n| 一 | 排查 | | | |\n"
        "| 1 | 坝体 | 逐库查明现状。 | 县应急局 | 2025年6月底 |\n| 二 | 治理 | | | |\n| 2 | 排洪 | 清除淤积。 | 县水利局 | 年底前 |"
    )
    assert [task.path[-1] for task in plan.leaves()] == ["一、排查", "二、治理"]
    assert due(plan.leaves()[1]) == ["2025-12-31"]


def test_a_plan_without_any_year_leaves_its_days_open_and_says_so() -> None:
    plan = read(TITLE + "一、主要任务\n（一）查坝体。逐库查明，10月底前建档。（责任单位：县应急局）")
    assert due(plan.leaves()[0]) == []
    (warning,) = [warning for warning in plan.warnings if warning.code == "no_year"]
    assert "10月底前" in warning.message


def test_the_year_of_issue_counts_before_a_past_year_of_the_opening() -> None:
    plan = read(
        "青岭县尾矿库整治方案\n青安〔2025〕3号\n2023年以来，事故多发，制定本方案。\n一、主要任务\n"
        "（一）查坝体。逐库查明，10月底前建档。（责任单位：县应急局）"
    )
    assert due(plan.leaves()[0])[0].startswith("2025-10-31")


def test_a_speech_has_no_tasks() -> None:
    plan = read(
        "在全县尾矿库整治动员会上的讲话\n县长 李某\n（2025年3月2日）\n同志们：\n下面，我讲两点意见。\n一、提高认识\n形势严峻。\n"
        "二、狠抓落实\n（一）抓排查。县应急管理局牵头，6月底前完成。\n（二）抓整改。各乡镇负责落实。"
    )
    assert plan.tasks == []


def test_what_a_site_of_samples_prints_around_the_title_is_not_the_plan() -> None:
    plan = read(
        "现在位置:范文网>计划方案>县尾矿库大检查方案\n县尾矿库大检查方案\n时间:2024-08-19 04:15:38 计划方案 我要投稿\n• 相关推荐\n"
        "县尾矿库大检查方案\n县尾矿库大检查方案\n为消除隐患,定于2013年6月10日至9月30日开展大检查,制定如下方案。\n一、工作任务\n"
        "(一)查坝体。逐库查明,7月底前建档。由县安监局牵头,县水利局配合。\n(二)疏通排洪。清除淤积。由县水利局负责。"
    )
    assert plan.campaign.title == "县尾矿库大检查方案"
    assert due(plan.leaves()[0])[0].startswith("2013-07-31")
    assert units_of(plan.leaves()[0]) == ["lead:县安监局", "cooperating:县水利局"]


def test_the_bars_of_a_card_tell_the_issuer() -> None:
    plan = read(
        "索引号 | 7638 | 发布机构 | 青岭县应急管理局 |\n文号 | 浏览量 |\n"
        + TITLE
        + "一、主要任务\n（一）查坝体。逐库查明。"
    )
    assert plan.campaign.issuer == "青岭县应急管理局"


def test_a_number_below_a_counter_of_visits() -> None:
    plan = read("2025-02-14    点击:8次\n\n青定安发〔2025〕17号\n\n" + TITLE + "一、主要任务\n（一）查坝体。逐库查明。")
    assert plan.campaign.document_number == "青定安发〔2025〕17号"


def test_a_bracket_of_names_that_ends_in_a_class_of_places() -> None:
    plan = read(
        TITLE
        + "一、主要任务\n1.查坝体。逐库查明。（省应急厅、省水利厅，各市州）\n2.疏通排洪。清除淤积。（省水利厅，各县区）"
    )
    assert units_of(plan.leaves()[0])[-1] == "responsible:各市州"
    assert units_of(plan.leaves()[1])[-1] == "responsible:各县区"


def test_what_and_when_is_no_time_table() -> None:
    plan = read(
        "青岭县尾矿库2025年检查计划\n为消除隐患，制定本计划。\n一、检查对象\n尾矿库。\n二、检查内容及时间\n"
        "1、常规检查：各村每周巡查一次。\n2、重点检查：每月检查停用的尾矿库。\n三、检查要求\n要有记录。"
    )
    assert [task.text for task in plan.leaves()] == ["各村每周巡查一次。", "每月检查停用的尾矿库。"]


def test_rows_of_words_without_numbers() -> None:
    plan = read(
        "尾矿库整治任务分工\n责任单位 工作任务 完成时限\n县应急局 查明坝体现状 2025年6月底\n县水利局 疏通排洪沟 2025年9月底"
    )
    assert [(units_of(task), due(task)) for task in plan.leaves()] == [
        (["responsible:县应急局"], ["2025-06-30"]),
        (["responsible:县水利局"], ["2025-09-30"]),
    ]


def test_a_task_behind_the_word_task() -> None:
    plan = read(
        TITLE
        + "一、行动内容\n（一）整治一批\n任务：对12座尾矿库逐库改造。\n牵头单位：县应急局\n责任单位：县水利局、\n县林业局\n完成时限：2025年6月底"
    )
    (task,) = plan.leaves()
    assert (task.title, task.text) == ("整治一批", "对12座尾矿库逐库改造。")
    assert units_of(task) == ["lead:县应急局", "responsible:县水利局", "responsible:县林业局"]


def test_two_names_that_share_a_place_keep_their_printed_phrase() -> None:
    plan = read(TITLE + "一、主要任务\n1.查坝体。逐库查明。（县应急局、各县(市、区)党委和政府负责）")
    assert plan.leaves()[0].units[-1].group == "各县(市、区)党委和政府"


def test_a_short_copy_in_one_or_two_numbered_pieces() -> None:
    plan = read(
        "1、青岭县尾矿库整治实施方案 为认真消除全县尾矿库各类隐患，坚决防范遏制事故，结合我县实际，制定本实施方案。 一、主要任务 "
        "（一）查清坝体。逐库查明现状，2025年6月底前建档，做到一库\n2、一档。（责任单位：县应急局） （二）疏通排洪。清除淤积。（责任单位：县水利局）"
    )
    assert [task.text for task in plan.leaves()] == ["逐库查明现状，2025年6月底前建档，做到一库一档。", "清除淤积。"]
    assert plan.campaign.title == "青岭县尾矿库整治实施方案"


def test_the_only_item_of_a_section_in_a_copy_without_line_breaks() -> None:
    plan = read(
        "青岭县尾矿库整治方案 青安〔2025〕3号 为消除隐患，制定本方案。 一、主要任务 （一）查清坝体 1.逐库查明。编写现状报告。（县应急局负责） "
        "2.逐库建档。绘制坝体图纸。（县应急局负责） （二）疏通排洪 3.清除淤积。每月巡查排洪沟。（县水利局负责）"
    )
    assert [task.title for task in plan.leaves()] == ["逐库查明", "逐库建档", "清除淤积"]
    assert plan.campaign.title == "青岭县尾矿库整治方案"


def test_chapters_that_all_lost_their_numbers() -> None:
    plan = read(
        TITLE
        + "主要任务\n（一）查清坝体。逐库查明。（责任单位：县应急局）\n（二）疏通排洪。清除淤积。（责任单位：县水利局）\n"
        "工作要求\n（一）落实责任。班子成员包库。"
    )
    assert [(task.title, task.path) for task in plan.leaves()] == [
        ("查清坝体", ["主要任务"]),
        ("疏通排洪", ["主要任务"]),
    ]


def test_a_report_whose_title_runs_into_the_text() -> None:
    plan = read(
        "关于2025年第一季度尾矿库隐患整改情况的通报 各乡镇： 一、存在问题 （一）整改不力。排洪沟没有疏通（责任单位：甲乡人民政府）。"
    )
    assert plan.tasks == []


def test_a_table_of_words_in_traditional_characters() -> None:
    plan = read(
        "附件\n尾礦庫整治任務分工表\n序號 重點任務 責任單位 完成時限\n1 查明壩體現狀 縣應急局 2025年6月底\n2 疏通排洪溝 縣水利局 長期堅持"
    )
    assert [units_of(task) for task in plan.leaves()] == [["responsible:县应急局"], ["responsible:县水利局"]]


def test_decimal_numbers_in_a_copy_that_turned_line_ends_into_blanks() -> None:
    plan = read(
        "青岭矿业公司安全提升实施方案 1 总体要求 坚持安全第一。 2 主要任务 2.1 查清坝体 2.1.1 逐库查明现状并建档。（责任部门：安全部） "
        "2.1.2 装上监测设备。（责任部门：机电部） 3 工作要求 3.1 加强领导。"
    )
    assert [(task.number, units_of(task)) for task in plan.leaves()] == [
        ("2.1.1", ["responsible:安全部"]),
        ("2.1.2", ["responsible:机电部"]),
    ]
    assert plan.campaign.title == "青岭矿业公司安全提升实施方案"
