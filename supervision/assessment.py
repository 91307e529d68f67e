"""The assessment of the fourth quarter by four indices: major hazards solved, institutional results, accidents
prevented, tasks completed (as the plans demand it; the weights are rules)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from common.indicators import Figures, Span, count_units
from supervision.models import AccidentCount
from supervision.ranking import GROUPS, roll_up, rows_url, units_of
from units.models import Region, Unit
from units.rules import rules_for

INDICES = (
    ("assess_major", "重大隐患解决", "年内发现、已复查销号的重大隐患÷年内发现的重大隐患×100", "major_closed", "major_found"),
    ("assess_measures", "制度成果", "已印发的制度措施÷列入清单的制度措施×100", "measures_issued", "measures_planned"),
    ("assess_accidents", "事故防范", "年内没有发生事故并经应急管理局确认100分，发生事故0分（按矿山档案的事故登记，或应急管理局的年度登记）", "accidents", ""),
    ("assess_tasks", "任务完成", "年内到期、已审核完成的事项÷年内到期的事项×100", "tasks_done", "tasks_due"),
)  # fmt: skip


ACCIDENTS = 2
"""Which of the indices asks for accidents."""


@dataclass(frozen=True, slots=True)
class Index:
    """One of the four indices of one unit."""

    value: float | None
    made_of: str
    url: str
    whole_url: str = ""

    @property
    def shown(self) -> str:
        return "—" if self.value is None else f"{self.value:g}"


@dataclass(slots=True)
class Assessed:
    unit: Unit
    indices: list[Index]
    score: float | None
    accidents: AccidentCount | None
    place: int = 0

    @property
    def shown_score(self) -> str:
        return "—" if self.score is None else f"{self.score:g}"


@dataclass(frozen=True, slots=True)
class Assessment:
    """The units of one group in one year, best first."""

    region: Region
    group: str
    year: int
    on: dt.date
    weights: dict[str, int]
    rows: list[Assessed]

    @property
    def title(self) -> str:
        return f"{self.region.name}{self.year}年第四季度四项指标考核（{GROUPS[self.group][0]}）"

    @property
    def formula(self) -> str:
        parts = "＋".join(f"{label}×{self.weights[key]}" for key, label, *_ in INDICES)
        return f"得分＝（{parts}）÷有数据的各项权重之和。"


def assess(region: Region, group: str, year: int, today: dt.date) -> Assessment:
    """Assess a group over the year up to today (one query for each source, and three)."""
    span = Span(dt.date(year, 1, 1), min(dt.date(year, 12, 31), today), region.prefix)
    units = units_of(region)
    figures = roll_up(units, count_units(span))
    accidents = {
        row.unit_id: row for row in AccidentCount.objects.filter(region__code__startswith=region.prefix, year=year)
    }
    numbers = rules_for(region)
    weights = {key: numbers[key] for key, *_ in INDICES}
    rows = []
    for unit in units:
        counted = figures.get(unit.pk, {})
        if unit.kind not in GROUPS[group][1] or not (any(counted.values()) or unit.pk in accidents):
            continue
        indices = [
            index_of(key, part, whole, counted, accidents.get(unit.pk), unit, span)
            for key, _, _, part, whole in INDICES
        ]
        known = [
            (weights[key], one.value) for (key, *_), one in zip(INDICES, indices, strict=True) if one.value is not None
        ]
        total = sum(weight for weight, _ in known)
        score = round(sum(weight * value for weight, value in known) / total, 1) if total else None
        rows.append(Assessed(unit, indices, score, accidents.get(unit.pk)))
    rows.sort(key=lambda row: (row.score is None, -(row.score or 0), row.unit.sort_key))
    for index, row in enumerate(rows):
        if row.score is not None:
            row.place = rows[index - 1].place if index and rows[index - 1].score == row.score else index + 1
    return Assessment(region, group, year, span.on, weights, rows)


def index_of(
    key: str, part: str, whole: str, counted: Figures, accidents: AccidentCount | None, unit: Unit, span: Span
) -> Index:
    if key == "assess_accidents":
        return prevented(counted, accidents, unit, span)
    done, all_of = counted.get(part, 0), counted.get(whole, 0)
    if not all_of:
        return Index(None, "", "")
    opened = rows_url(part, span, unit) if done else ""
    return Index(round(100 * done / all_of, 1), f"{done}/{all_of}", opened, rows_url(whole, span, unit))


def prevented(counted: Figures, entered: AccidentCount | None, unit: Unit, span: Span) -> Index:
    """Accidents out of the files of mines; where there are none, the bureau's word that there were none.

    What nobody has confirmed is no clean record.
    """
    happened, deaths = counted.get("accidents", 0), counted.get("deaths", 0)
    if entered is not None and entered.accidents > happened:
        return Index(0.0, f"{entered.accidents}起、死亡{entered.deaths}人", "")
    if happened:
        url = rows_url("accidents", span, unit)
        return Index(0.0, f"{happened}起、死亡{deaths}人", url, url)
    return Index(100.0, "已确认没有事故", "") if entered is not None else Index(None, "未确认", "")
