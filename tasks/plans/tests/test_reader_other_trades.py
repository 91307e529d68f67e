"""Three invented plans of other trades, printed as their ministries and towns print them, and what must come of each."""

from __future__ import annotations

from datetime import date

from tasks.plans.tests.reading import due, read, units_of

ROADS = """
云溪市安全生产委员会关于印发云溪市道路交通安全治本攻坚三年行动实施方案的通知
云安委〔2024〕6号
各县（市、区）安委会：
《云溪市道路交通安全治本攻坚三年行动实施方案》已经市政府同意，现印发你们，请认真组织实施。
云溪市安全生产委员会
2024年4月2日
云溪市道路交通安全治本攻坚三年行动实施方案
（2024—2026年）
为防范道路交通事故，制定本方案。
一、工作目标
10座以上客车全部安装视频监控，事故死亡人数下降20%。
二、重点任务
（一）管好驾驶人
1.清理逾期未审。2024年底前审验率达到98%。（市公安局牵头，市交通运输局负责；以下均需各县（市、区）人民政府落实，不再列出）
2.12月底前完成农村劝导站建设。（牵头单位：市公安局；配合单位：市应急局；各县（市、区）人民政府负责落实）
（二）管好道路
⒈治理路口。逐个装灯。牵头单位：市公路局    配合单位：各镇（街道、园区）    完成时限：长期坚持
⒉装好护栏。逐段安装。（市交通运输局安全股牵头，市项目推进领导小组各成员单位〈以下简称各成员单位〉配合）
三、进度安排
2024年4月至5月为动员部署阶段；2024年6月至2025年为集中攻坚阶段；2026年为巩固提升阶段。
"""


def test_plan_of_a_transport_commission() -> None:
    plan = read(ROADS)
    assert plan.campaign.title == "云溪市道路交通安全治本攻坚三年行动实施方案（2024—2026年）"
    assert [(goal.value, goal.unit) for goal in plan.goals if goal.value is not None] == [(20.0, "%")]
    assert [(task.number, task.title) for task in plan.leaves()] == [
        ("1", "清理逾期未审"), ("2", None), ("⒈", "治理路口"), ("⒉", "装好护栏"),
    ]  # fmt: skip
    first, second, third, fourth = plan.leaves()
    assert units_of(first) == ["lead:市公安局", "responsible:市交通运输局"]
    assert [unit.name for unit in plan.campaign.blanket_units] == ["各县（市、区）人民政府"]
    assert second.text == "12月底前完成农村劝导站建设。"
    assert units_of(second) == ["lead:市公安局", "cooperating:市应急局", "responsible:各县（市、区）人民政府"]
    assert (units_of(third), due(third)) == (["lead:市公路局", "cooperating:各镇（街道、园区）"], ["ongoing"])
    assert units_of(fourth) == ["lead:市交通运输局安全股", "cooperating:市项目推进领导小组各成员单位"]
    assert [(stage.name, stage.start, stage.end) for stage in plan.stages] == [
        ("动员部署阶段", date(2024, 4, 1), date(2024, 5, 31)),
        ("集中攻坚阶段", date(2024, 6, 1), date(2025, 12, 31)),
        ("巩固提升阶段", date(2026, 1, 1), date(2026, 12, 31)),
    ]


WINTER = """
关于转发市消安委《冬季防火专项整治方案》的通知
各街道：
现将市消安委《冬季防火专项整治方案》转发给你们，请一并落实。
北桥区消安委办公室
2024年10月30日
冬季防火专项整治方案
为防范冬季火灾，制定本方案。
一、责任分工
（一）区住建局
1.检查工地宿舍，每月一次。
2.1月20日前清完违规保温材料。
（二）各街道
落实楼长制，劝导站每日值守。
二、工作安排
| 阶段 | 时间 | 内容 |
| --- | --- | --- |
| 动员部署阶段 | 2024年11月1日至11月20日 | 制定方案 |
| 集中整治阶段 | 2024年11月21日至2025年2月28日 | 逐家检查 |
"""


def test_plan_that_is_passed_on_and_runs_over_the_new_year() -> None:
    plan = read(WINTER)
    assert plan.campaign.title == "冬季防火专项整治方案"
    assert [stage.end for stage in plan.stages] == [date(2024, 11, 20), date(2025, 2, 28)]
    assert [(task.path[-1], units_of(task), due(task)) for task in plan.leaves()] == [
        ("（一）区住建局", ["responsible:区住建局"], []),
        ("（一）区住建局", ["responsible:区住建局"], ["2025-01-20>清完违规保温材料"]),
        ("一、责任分工", ["responsible:各街道"], []),
    ]


WORKSHOPS = """
南屏区粉尘涉爆企业三年行动方案
为防范粉尘爆炸，2024年起开展本行动，现制定本方案。
一、整治任务
⒈查清企业。逐家登记，6月15日前完成首轮，由基础科牵头，执法大队配合。
⒉治理设备。更换除尘系统，由规划科负责。
二、保障措施
（一）加强领导。成立专班。
南屏经济开发区管委会
2024年5月22日
"""


def test_last_clause_names_who_leads_and_stays_in_the_body() -> None:
    plan = read(WORKSHOPS)
    first, second = plan.leaves()
    assert first.text == "逐家登记，6月15日前完成首轮，由基础科牵头，执法大队配合。"
    assert (units_of(first), units_of(second)) == (["lead:基础科", "cooperating:执法大队"], ["responsible:规划科"])
    assert plan.campaign.issuer == "南屏经济开发区管委会"
    assert (plan.campaign.start, plan.campaign.end) == (date(2024, 1, 1), date(2026, 12, 31))


def test_sections_printed_once_and_persons_on_lines_of_their_own() -> None:
    table = read(
        "宁溪县任务清单\n| 行动 | 重点任务 | 主责单位 |\n|---|---|---|\n"
        "| 一、教育培训 | 轮训负责人 | 县应急局 |\n| | 编发口袋书 | 县应急局 |\n| 二、工程治理 | 改造危桥 | 县交通局 |\n"
    )
    assert [task.path[-1] for task in table.leaves()] == ["一、教育培训", "一、教育培训", "二、工程治理"]
    plan = read(
        "宁溪县民爆整治方案\n为整治民爆物品，制定本方案。\n一、整治任务\n1、清查流向。逐家核对账目。\n责任人：治安支队 王某某\n"
        "2、改造库房。全部接入监控。\n责任人：治安支队 李某某\n"
    )
    assert [(task.text, units_of(task)) for task in plan.leaves()] == [("逐家核对账目。", []), ("全部接入监控。", [])]
