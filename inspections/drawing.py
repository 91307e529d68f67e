"""How closed hazards are drawn: pure counting, which anybody can repeat with the recorded pool and seed.

By risk: most points first, the smaller number first among equals, none without points. By lot: the rest in the order of
SHA-256 over "seed:number" (UTF-8, hexadecimal), the smallest first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

METHOD = "sha256-1"
METHOD_WORDS = (
    "先按风险：风险分从高到低，同分的编号小的在前，没有风险分的不抽。"
    "再随机：其余隐患按“种子:编号”的SHA-256值（UTF-8，十六进制）从小到大排列，取前若干条。"
    "种子在抽取时由系统产生，任何人不能选择；凭记录的种子和名单可以重算。"
)

Pool = Sequence[tuple[str, int]]
"""Every hazard that can be drawn: its number and its points."""


def digest_of(pool: Pool) -> str:
    """SHA-256 of the pool in order of the numbers, so that a later change of the list would show."""
    text = json.dumps(sorted([number, points] for number, points in pool), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def lot(seed: str, number: str) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def draw(pool: Pool, *, seed: str, random_count: int, risk_count: int) -> list[tuple[str, str]]:
    """The drawn numbers, each with how it was drawn (risk or random), in order."""
    pressing = sorted((one for one in pool if one[1] > 0), key=lambda one: (-one[1], one[0]))[:risk_count]
    by_risk = [number for number, _ in pressing]
    rest = sorted({number for number, _ in pool} - set(by_risk), key=lambda number: lot(seed, number))
    return [(number, "risk") for number in by_risk] + [(number, "random") for number in rest[:random_count]]
