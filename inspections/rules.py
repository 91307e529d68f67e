"""The days and numbers by which mines are inspected, each with its source."""

from __future__ import annotations

from typing import Any

from units.rules import Rule

FLAG_SOURCE = "有的市方案对“零处罚”“只检查不处罚”的县（市、区）提醒或约谈，未定数目；按本地设置"
OWN = "本系统建议值；按本地分类分级监管办法设置"

RULES: dict[str, Rule] = {
    "visit_officers": Rule(
        "现场检查执法人员人数", 2, "人", "《中华人民共和国行政处罚法》第四十二条：执法人员不得少于两人"
    ),
    "clue_answer_days": Rule(
        "线索移送的答复期限",
        30,
        "天",
        "有的县方案要求非本部门管辖的违法行为及时移交，未定答复天数；按本地部门协作办法设置",
    ),
    "count_zero_visits": Rule("“零处罚”提示：检查次数至少", 1, "次", FLAG_SOURCE),
    "count_unpunished_hazards": Rule("“只检查不处罚”提示：发现隐患至少", 3, "条", FLAG_SOURCE),
    "score_planned": Rule("季度考评：计划检查完成率", 25, "分", OWN),
    "score_coverage": Rule("季度考评：检查覆盖率", 25, "分", OWN),
    "score_rectified": Rule("季度考评：检查发现隐患整改率", 20, "分", OWN),
    "score_filed": Rule("季度考评：执法文书归档率", 10, "分", OWN),
    "score_published": Rule("季度考评：行政处罚按期公示率", 10, "分", OWN),
    "score_punished": Rule("季度考评：没有“零处罚”", 10, "分", OWN),
    "draw_major": Rule("回头看抽取：重大隐患", 50, "分", OWN),
    "draw_returned": Rule("回头看抽取：每次复查退回", 20, "分", OWN),
    "draw_doubt": Rule("回头看抽取：每条没有排除的整改疑点", 20, "分", OWN),
    "draw_own": Rule("回头看抽取：矿山自己销号", 10, "分", OWN),
    "proposal_gap": Rule("检查建议：尚缺一次规定的检查", 40, "分", OWN),
    "proposal_major": Rule("检查建议：每条未销号重大隐患", 30, "分", OWN),
    "proposal_overdue": Rule("检查建议：每条逾期隐患", 10, "分", OWN),
    "proposal_returned": Rule("检查建议：每条复查退回过的未销号隐患", 5, "分", OWN),
    "proposal_red": Rule("检查建议：每处红色风险", 10, "分", OWN),
    "proposal_orange": Rule("检查建议：每处橙色风险", 4, "分", OWN),
    "proposal_grade": Rule("检查建议：标准化三级或未达标", 10, "分", OWN),
    "proposal_week": Rule("检查建议：上次检查以来每满一周", 2, "分", OWN),
    "proposal_weeks": Rule("检查建议：计分的最多周数", 26, "周", OWN),
}

FIVE_GROUP_SOURCE = "一个县的煤矿整治方案要求五人小组每周到每矿一次、每月查全一遍；按本地规定修改"
YEARLY_SOURCE = "年度监督检查计划对每座矿山每年至少检查一次；按本地分类分级监管办法修改"
COAL = ["coal_underground", "coal_open_pit"]

FIRST_COVERAGE: tuple[dict[str, Any], ...] = (
    {"of_group": True, "mine_types": COAL, "period": "week", "source": FIVE_GROUP_SOURCE},
    {"of_group": True, "mine_types": COAL, "period": "month", "full": True, "source": FIVE_GROUP_SOURCE},
    {"period": "year", "source": YEARLY_SOURCE},
)
"""What a county's first plan begins with; `of_group` for each of its groups. A later plan copies the one before."""
