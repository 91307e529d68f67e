"""The days and numbers that laws and plans set, each with its source; a region may set its own.

Every app registers its rules from `AppConfig.ready`, a section for each kind of work; the page 规则 shows them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from common.county import DIGITS
from units.models import Region, RuleSetting


@dataclass(frozen=True, slots=True)
class Rule:
    """A number with its unit and the paper it comes from."""

    label: str
    value: int
    unit: str
    source: str


_sections: dict[str, dict[str, Rule]] = {}


def register_rules(section: str, rules: Mapping[str, Rule]) -> None:
    """Add the rules of one kind of work. A key means one rule in the whole house: ValueError when it is taken."""
    for name, others in _sections.items():
        if name != section and (taken := others.keys() & rules.keys()):
            raise ValueError(f"rules {sorted(taken)} are registered by {name} already")
    _sections[section] = dict(rules)


def registered_rules() -> dict[str, dict[str, Rule]]:
    """Every rule by its section, in the order of the apps."""
    return dict(_sections)


def find_rule(key: str) -> Rule:
    """The registered rule of that key (KeyError for an unknown one)."""
    for rules in _sections.values():
        if key in rules:
            return rules[key]
    raise KeyError(key)


def rule(key: str, region: Region | str) -> int:
    """The value in force in a region: its own where it set one, else the default (KeyError for an unknown key).

    A town or village follows its county.
    """
    default = find_rule(key).value
    own = RuleSetting.objects.filter(region_id=_county(region), key=key).values_list("value", flat=True).first()
    return default if own is None else own


def rules_for(region: Region | str) -> dict[str, int]:
    """Every rule with its value in force in a region, in one query."""
    own = dict(RuleSetting.objects.filter(region_id=_county(region)).values_list("key", "value"))
    return {key: own.get(key, default.value) for rules in _sections.values() for key, default in rules.items()}


def _county(region: Region | str) -> str:
    return (region if isinstance(region, str) else region.code)[:DIGITS]
