"""How long requests of other systems are remembered."""

from __future__ import annotations

from units.rules import Rule

OWN = "本系统建议值：对方系统中断后重发的间隔一般不超过两天"

RULES: dict[str, Rule] = {"kept_answer_hours": Rule("接口重复请求的记忆时间", 48, "小时", OWN)}
