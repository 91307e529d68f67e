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
