"""How long requests of other systems and messages to them are remembered."""

from __future__ import annotations

from units.rules import Rule

OWN = "本系统建议值：对方系统中断后重发的间隔一般不超过两天"

AUDITED = "本系统建议值：与网络安全法对网络日志留存不少于六个月的要求一致"

RETRIED = "本系统建议值：间隔1、5、30、120、360、720分钟，约21小时，跨过一个夜班后交人处理"

RULES: dict[str, Rule] = {
    "kept_answer_hours": Rule("接口重复请求的记忆时间", 48, "小时", OWN),
    "exchange_attempts": Rule("数据交换失败后最多尝试", 7, "次", RETRIED),
    "hook_kept_days": Rule("已送达的变更推送的保存时间", 183, "天", AUDITED),
}
