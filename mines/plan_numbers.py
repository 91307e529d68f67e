"""Numbers that plans set for whole cities, beside which a county sees its own: data, each with its source."""

from __future__ import annotations

POND_PLAN = "一个市的非煤矿山三年行动方案：2024至2026年三年共闭库26座，此为全市当年的座数"

PLAN_NUMBERS: dict[tuple[str, int], tuple[int, str]] = {
    ("pond_closure", 2024): (10, POND_PLAN),
    ("pond_closure", 2025): (9, POND_PLAN),
    ("pond_closure", 2026): (7, POND_PLAN),
}
"""Subject and year → number and source; a county's own target stands in `RegionTarget`."""
