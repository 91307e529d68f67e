"""The hours in which people may be disturbed, each with its source."""

from __future__ import annotations

from units.rules import Rule

RULES: dict[str, Rule] = {
    "reminder_from_hour": Rule("提醒最早发送时间", 8, "时", "本系统建议值：只在工作日白天发送；个人可以另设"),
    "reminder_until_hour": Rule("提醒最晚发送时间", 20, "时", "本系统建议值：只在工作日白天发送；个人可以另设"),
}
