"""The days and numbers by which hazards are handled, each with its source."""

from __future__ import annotations

from units.rules import Rule

CLOSURE_LAW = "《中华人民共和国安全生产法》第一百一十三条（重大事故隐患受到行政处罚的次数）"
PRODUCING_LAW = "《煤矿安全生产条例》关于有重大事故隐患仍进行生产、提请关闭的规定"
LISTING_SOURCE = "有的市的挂牌督办办法如此规定；各地不同，按本地规定设置"
REWARD_SOURCE = "《安全生产领域举报奖励办法》（安监总财〔2018〕19号）；各地另有规定的，按本地规定设置"

RULES: dict[str, Rule] = {
    "double_report_workdays": Rule(
        "重大隐患双报告期限", 3, "个工作日", "有的省规定发现后3个工作日内书面报告；各地不同，按本地规定设置"
    ),
    "major_officers": Rule(
        "重大隐患复查人数", 2, "人", "《中华人民共和国安全生产法》第六十五条、第六十七条：两名以上执法人员"
    ),
    "investigate_major": Rule(
        "重大隐患销号前须签发调查报告",
        0,
        "（1必须，0不要求）",
        "有的三年行动方案要求对重大事故隐患调查原因、责任，提出建议；各地不同，按本地规定设置",
    ),
    "general_officers": Rule("一般隐患复查人数", 1, "人", "整改人与复查人分开：内控要求"),
    "repeat_months": Rule("重复隐患的追溯期", 12, "个月", "行动方案对“屡改屡犯”未定义期限：按一年设置"),
    "repeat_similarity": Rule(
        "重复隐患的文字相似度", 80, "%", "本系统建议值：同一矿山的隐患内容达到这一相似度，提示可能重复"
    ),
    "counted_months": Rule("矿山隐患统计时段", 12, "个月", "本系统建议值：近一年发现的隐患"),
    "closure_days": Rule("提请关闭指标：短期", 180, "天", f"{CLOSURE_LAW}：180日内3次"),
    "closure_in_days": Rule("提请关闭指标：短期次数", 3, "次", f"{CLOSURE_LAW}：180日内3次"),
    "closure_in_year": Rule("提请关闭指标：一年次数", 4, "次", f"{CLOSURE_LAW}：1年内4次"),
    "producing_months": Rule("提请关闭指标：带隐患生产的时段", 3, "个月", f"{PRODUCING_LAW}：3个月内2次"),
    "producing_in_months": Rule("提请关闭指标：带隐患生产次数", 2, "次", f"{PRODUCING_LAW}：3个月内2次"),
    "look_back_days": Rule(
        "回头看应完成期限", 10, "天", "行动方案要求对已销号隐患“回头看”，没有规定天数：本系统建议值，安排时可改"
    ),
    "photo_near_bits": Rule("照片近似的差异上限", 5, "位", "本系统建议值：64位差异值中不同的位数；最多按5位查找"),
    "photo_old_days": Rule("照片早于填报", 7, "天", "本系统建议值"),
    "quick_close_minutes": Rule("填报后很快销号", 10, "分钟", "本系统建议值：到现场复查所需的最短时间"),
    "mass_close_minutes": Rule("大量销号的时段", 30, "分钟", "本系统建议值"),
    "mass_close_count": Rule("大量销号的条数", 10, "条", "本系统建议值：同一人在这一时段内办理"),
    "copied_words_length": Rule("比对整改说明的最少字数", 12, "字", "本系统建议值：更短的说明本来就容易相同"),
    "listing_report_workdays": Rule("挂牌后上报期限", 3, "个工作日", LISTING_SOURCE),
    "listing_publish_workdays": Rule("挂牌后公布期限", 5, "个工作日", LISTING_SOURCE),
    "listing_limit_days": Rule("挂牌督办最长期限", 365, "天", LISTING_SOURCE),
    "listing_extension_workdays": Rule("延期申请应在到期前", 20, "个工作日", LISTING_SOURCE),
    "listing_answer_workdays": Rule("延期申请答复期限", 10, "个工作日", LISTING_SOURCE),
    "listing_acceptance_days": Rule("申请后到现场验收期限", 10, "天", LISTING_SOURCE),
    "listing_failures": Rule("升级处理前的验收不合格次数", 2, "次", LISTING_SOURCE),
    "risk_review_days": Rule(
        "安全风险复评间隔", 365, "天", "双重预防机制要求每年至少全面辨识评估一次；各地不同，按本地规定设置"
    ),
    "tip_off_verify_days": Rule("举报核查期限", 15, "天", "本系统建议值：收到后尽快核查；按本地规定设置"),
    "tip_off_answer_days": Rule("举报办结答复期限", 60, "天", "各地办理举报的规定不同，按本地规定核对后设置"),
    "tip_off_reward_percent": Rule("举报奖励占罚款的比例", 15, "%", REWARD_SOURCE),
    "tip_off_reward_least": Rule("举报奖励最低金额", 3000, "元", REWARD_SOURCE),
    "tip_off_reward_most": Rule("举报奖励最高金额", 30, "万元", REWARD_SOURCE),
}
