"""The days and numbers by which hazards are handled, each with its source; a region may set its own."""

from __future__ import annotations

from dataclasses import dataclass

from hazards.models.rules import RuleSetting
from units.models import Region


@dataclass(frozen=True, slots=True)
class Rule:
    """A number with its unit and the paper it comes from."""

    label: str
    value: int
    unit: str
    source: str


RULES: dict[str, Rule] = {
    "double_report_workdays": Rule(
        "重大隐患双报告期限", 3, "个工作日", "有的省规定发现后3个工作日内书面报告；各地不同，按本地规定设置"
    ),
    "major_officers": Rule(
        "重大隐患复查人数", 2, "人", "《中华人民共和国安全生产法》第六十五条、第六十七条：两名以上执法人员"
    ),
    "general_officers": Rule("一般隐患复查人数", 1, "人", "整改人与复查人分开：内控要求"),
    "repeat_months": Rule("重复隐患的追溯期", 12, "个月", "行动方案对“屡改屡犯”未定义期限：按一年设置"),
}


def rule(key: str, region: Region | str) -> int:
    """The value in force in a region: its own where it set one, else the default (KeyError for an unknown key)."""
    default = RULES[key].value
    code = region if isinstance(region, str) else region.code
    own = RuleSetting.objects.filter(region_id=code, key=key).values_list("value", flat=True).first()
    return default if own is None else own
