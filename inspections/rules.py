"""The days and numbers by which mines are inspected, each with its source."""

from __future__ import annotations

from units.rules import Rule

RULES: dict[str, Rule] = {
    "visit_officers": Rule(
        "现场检查执法人员人数", 2, "人", "《中华人民共和国行政处罚法》第四十二条：执法人员不得少于两人"
    ),
}
