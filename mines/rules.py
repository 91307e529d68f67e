"""The days and numbers by which mines' files are kept, each with its source."""

from __future__ import annotations

from units.rules import Rule

RULES: dict[str, Rule] = {
    "file_confirm_day": Rule(
        "矿山档案每月确认日", 25, "日", "行动方案要求矿山基本情况台账按月更新；具体日期按本地规定设置"
    ),
    "licence_warn_days": Rule(
        "证照到期前提醒", 90, "天", "《安全生产许可证条例》第九条：期满前3个月办理延期手续；其他证照同样提醒"
    ),
    "suspension_list_days": Rule(
        "停产停建名单上报期限", 5, "天", "非煤矿山行动方案：自停产停建之日起5日内逐级上报企业名单；煤矿按本地规定设置"
    ),
    "suspension_announce_workdays": Rule(
        "停产、关闭、复产公告期限", 5, "个工作日", "《煤矿安全生产条例》：责令停产整顿、关闭和复产应在5个工作日内公告"
    ),
    "self_acceptance_days": Rule(
        "由部门验收的停产天数",
        30,
        "天",
        "停产停建30天及以上或责令停产的由部门验收，其余自行验收；各地不同，按本地规定设置",
    ),
    "head_years": Rule(
        "五职矿长从业年限",
        10,
        "年",
        "非煤矿山行动方案：新任五职矿长须大专以上学历且有10年以上矿山一线从业经历；煤矿按本地规定设置",
    ),
    "specialist_years": Rule(
        "专业技术人员从业年限", 5, "年", "非煤矿山行动方案：新任专业技术人员须主体专业毕业且有5年以上矿山一线从业经历"
    ),
    "acceptance_days": Rule(
        "复产验收期限", 20, "天", "《煤矿安全生产条例》：责令停产整顿的，自收到申请之日起20日内验收"
    ),
}
