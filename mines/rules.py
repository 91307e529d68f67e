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
}
