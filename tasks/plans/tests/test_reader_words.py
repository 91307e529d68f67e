"""Units, deadlines, recurrences, goals and stages as single phrases. All invented."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.plans.dates import Calendar, read_body, read_field
from tasks.plans.goals import read_goals
from tasks.plans.recurrences import read_recurrences
from tasks.plans.stages import read_range
from tasks.plans.tests.reading import read
from tasks.plans.traced import Traced
from tasks.plans.units import parse_units

PLAN = Calendar(2025, date(2025, 12, 31))


def traced(text: str) -> Traced:
    return Traced.of(text, 0)


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("县应急局、县自然资源和规划局", ["县应急局", "县自然资源和规划局"]),
        ("县农牧水利和科技局", ["县农牧水利和科技局"]),
        ("省安委办和省有关部门", ["省安委办", "省有关部门"]),
        ("县工信、住建等部门以及安委会相关成员单位", ["县工信", "县住建", "安委会相关成员单位"]),
        ("县工信、住建、能源等部门以及安委办", ["县工信", "县住建", "县能源", "县安委办"]),
        ("县宣传、应急管理部门", ["县宣传部门", "县应急管理部门"]),
        ("各市、县人民政府", ["各市人民政府", "各县人民政府"]),
        ("各乡镇党委和政府", ["各乡镇党委", "各乡镇政府"]),
        ("县委组织部、宣传部", ["县委组织部", "县委宣传部"]),
        ("各县(市、区)人民政府,高新区管委会", ["各县(市、区)人民政府", "高新区管委会"]),
        ("县应急局 县能源局\n县公安局", ["县应急局", "县能源局", "县公安局"]),
        ("县应急局;各乡镇党委、政府", ["县应急局", "各乡镇党委", "各乡镇政府"]),
        ("县应急、交通、市场监管等部门 县应急、交通、市场监管等部门", ["县应急", "县交通", "县市场监管"]),
        ("省应急厅等有关部门", ["省应急厅"]),
        ("区应急局等负有安全监管职责的部门", ["区应急局"]),
        ("国网白石供电公司、县消防救援大队", ["国网白石供电公司", "县消防救援大队"]),
    ],
)
def test_unit_lists(printed: str, names: list[str]) -> None:
    units, _ = parse_units(traced(printed))
    assert [unit.expanded or unit.name for unit in units] == names
    assert all(unit.name in "".join(printed.split()) for unit in units)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2025年底前", ["2025-12-31"]),
        ("2025年年底前", ["2025-12-31"]),
        ("2025年12月底", ["2025-12-31"]),
        ("9月底前", ["2025-09-30"]),
        ("2025年3月31日前", ["2025-03-31"]),
        ("2025年6月", ["2025-06-30"]),
        ("2025.6.30", ["2025-06-30"]),
        ("2025年上半年", ["2025-06-30"]),
        ("2025年第二季度末", ["2025-06-30"]),
        ("第三季度", ["2025-09-30"]),
        ("长期坚持", ["ongoing"]),
        ("持续推进", ["ongoing"]),
        ("全年", ["ongoing"]),
        ("2025年12月底前，长期坚持", ["2025-12-31", "ongoing"]),
        ("2025年9月底前完成排查，2025年12月31日前完成整改", ["2025-09-30", "2025-12-31"]),
        ("年内", ["2025-12-31"]),
        ("2025年3月至10月", ["2025-10-31"]),
        ("接到通知后5个工作日内", ["relative"]),
        ("", []),
        ("按照上级要求", []),
        ("2025年2月30日前", []),
    ],
)
def test_deadline_fields(printed: str, expected: list[str]) -> None:
    found = read_field(traced(printed), PLAN)
    assert [deadline.date.isoformat() if deadline.date else deadline.kind for deadline in found] == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2025年底前，完成改造。", [("2025-12-31", "完成改造")]),
        ("对停用超过3年的尾矿库，必须在年内完成闭库。", [("2025-12-31", "完成闭库")]),
        ("执法人员到2025年底不低于75%。", [("2025-12-31", "不低于75%")]),
        (
            "2024年闭库10座、2025年闭库9座、2026年闭库7",
            [("2024-12-31", "闭库"), ("2025-12-31", "闭库"), ("2026-12-31", "闭库")],
        ),
        ("近三年发生的事故", []),
        ("事故结案一年内整改评估", []),
        ("开展为期一年的行动", []),
        ("结合2021年持续强降雨情形", []),
        ("落实《2024年度工作要点》", []),
        ("每年6月底前报送计划", []),
        ("在2024年基础上下降", []),
        ("开展底板注浆加固", []),
        ("1月10日前至少督导1次", [("2025-01-10", "至少督导1次")]),
    ],
)
def test_deadlines_in_running_text(printed: str, expected: list[tuple[str, str]]) -> None:
    found = read_body(traced(printed), PLAN)
    assert [(str(deadline.date), deadline.scope) for deadline in found] == expected


def test_amounts_by_year() -> None:
    amounts = [deadline.quantity for deadline in read_body(traced("2024年闭库10座、2025年闭库9座、2026年闭库7"), PLAN)]
    assert [(amount.value, amount.unit) for amount in amounts if amount] == [(10, "座"), (9, "座"), (7, "座")]
    spread = read_body(traced("2024年、2025年、2026年底前分别完成30%、60%、100%。"), PLAN)
    assert [str(deadline.date) for deadline in spread] == ["2024-12-31", "2025-12-31", "2026-12-31"]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("每月开展1次排查", [("month", 1)]),
        ("每季度至少带队检查2次", [("quarter", 2)]),
        ("每半年至少组织一次演练", [("half_year", 1)]),
        ("每周巡回检查1次，每月全覆盖检查", [("week", 1), ("month", 1)]),
        ("建立台账，并按月进行更新", [("month", 1)]),
        (
            "实行“月度通报、季度点评、半年考核、年底总结”",
            [("month", 1), ("quarter", 1), ("half_year", 1), ("year", 1)],
        ),
        ("每三个月普查一次", [("quarter", 1)]),
        ("明确每月现场检查次数", []),
        ("每个生产班次都要检查", []),
        ("结合安全生产月活动", []),
        ("落实年度执法计划和年度考核述职", []),
        ("定期开展演练", []),
    ],
)
def test_recurrences(printed: str, expected: list[tuple[str, int]]) -> None:
    assert [(found.every, found.times) for found in read_recurrences(traced(printed))] == expected


def test_goals_with_numbers_and_without() -> None:
    text = "事故总量、死亡人数和死亡率分别下降10%以上；建成2座智能化矿山；实现“零死亡”；坚决杜绝重特大事故。"
    goals = read_goals(traced(text), PLAN)
    assert [(goal.value, goal.unit, goal.kind) for goal in goals] == [
        (10, "%", "numeric"), (10, "%", "numeric"), (10, "%", "numeric"),
        (2, "座", "numeric"), (0, "人", "numeric"), (None, None, "checkable"),
    ]  # fmt: skip
    assert [goal.indicator for goal in goals[:3]] == ["事故总量", "死亡人数", "死亡率"]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2025年4月至5月", (date(2025, 4, 1), date(2025, 5, 31))),
        ("2020年7月—9月", (date(2020, 7, 1), date(2020, 9, 30))),
        ("2021年", (date(2021, 1, 1), date(2021, 12, 31))),
        ("即日起至3月16日", (None, date(2025, 3, 16))),
        ("2025年5月10日—6月30日", (date(2025, 5, 10), date(2025, 6, 30))),
        ("2025年1-12月", (date(2025, 1, 1), date(2025, 12, 31))),
        ("2025年下半年", (date(2025, 7, 1), date(2025, 12, 31))),
        ("含两个乡镇", None),
    ],
)
def test_periods_of_stages(printed: str, expected: tuple[date | None, date | None] | None) -> None:
    assert read_range(traced(printed).folded, 2025) == expected


def test_duties_to_report() -> None:
    plan = read(
        "白石县整治方案\n为整治隐患，制定本方案。\n一、主要任务\n（一）排查。逐矿排查。（责任单位：县应急局）\n二、工作要求\n"
        "（一）及时报送。各责任部门每月28日前要将进展情况报县安委办，重要情况随时报送。各乡镇于每年12月5日将工作总结报送县应急局，"
        "县应急局汇总后向县安委会报告。对工作得力的单位通报表扬，鼓励群众举报隐患。2025年10月25日前，各煤矿将总结上报县能源局。"
    )
    assert [(duty.sender, duty.what, duty.receiver, duty.every, duty.due) for duty in plan.reporting] == [
        ("各责任部门", "进展情况", "县安委办", "month", "28th of month"),
        (None, "重要情况", None, "on_event", None),
        ("各乡镇", "工作总结", "县应急局", "year", "12-05"),
        ("县应急局", "汇总报告", "县安委会", None, None),
        ("各煤矿", "总结", "县能源局", "once", "2025-10-25"),
    ]
