"""Plans for tests: one invented plan, and the five shipped ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from units.names import name_key

SHIPPED = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns"


def shipped_plans() -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED.glob("*.json"))]


def unit(name: str, role: str = "responsible", **more: Any) -> dict[str, Any]:
    return {"name": name, "role": role, "collective": name.startswith("各")} | more


def date(day: str, scope: str | None = None, **more: Any) -> dict[str, Any]:
    return {"kind": "date", "date": day, "text": day, "scope": scope, "quantity": None, "source": "field"} | more


def ongoing() -> dict[str, Any]:
    return {"kind": "ongoing", "date": None, "text": "长期坚持", "scope": None, "quantity": None, "source": "field"}


def task(ref: str, title: str, units: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "id": ref,
        "path": ["二、主要任务", "（一）夯实基础"],
        "number": f"{ref}.",
        "title": title,
        "text": f"{title}的具体要求。",
        "units": units,
        "deadlines": [],
        "recurrences": [],
    } | more


def small_plan() -> dict[str, Any]:
    """Four tasks: one dated with a part, one monthly and ongoing, one of a whole class, one with nobody named."""
    return {
        "campaign": {
            "title": "青岚县矿山安全整治方案",
            "document_number": "青安办〔2026〕1号",
            "issuer": "青岚县安委办",
            "issued_on": "2026-01-05",
            "start": "2026-01-01",
            "end": "2026-12-31",
            "level": "county",
            "blanket_units": [],
        },
        "goals": [
            {
                "text": "下井人数减少10%以上",
                "indicator": "下井人数减少",
                "value": 10,
                "unit": "%",
                "comparator": ">=",
                "by": None,
            }
        ],
        "stages": [{"name": "动员部署", "start": "2026-01-01", "end": "2026-03-31", "text": ""}],
        "reporting": [
            {
                "what": "进展情况",
                "from": "各单位",
                "to": "县安委办",
                "every": "month",
                "due": "28th of month",
                "text": "",
            }
        ],
        "protection_measures": ["加强领导"],
        "tasks": [
            task(
                "1",
                "建立隐患台账",
                [unit("县应急管理局", "lead"), unit("县能源局")],
                deadlines=[date("2026-12-31"), date("2026-06-30", "完成摸底")],
            ),
            task(
                "2",
                "每月自查自改",
                [unit("县能源局")],
                deadlines=[ongoing()],
                recurrences=[{"every": "month", "times": 1, "text": "每月自查"}],
            ),
            task("3", "全员培训", [unit("各煤矿企业"), unit("县林业部门")], deadlines=[date("2026-09-30")]),
            task("4", "宣传教育", []),
        ],
    }


def small_matches(county: Any) -> dict[str, dict[str, int]]:
    """What the names of `small_plan` and `long_plan` mean; the forestry department stays unmatched."""
    return {
        name_key("县应急管理局"): {"unit": county.bureau.pk},
        name_key("县能源局"): {"unit": county.energy.pk},
        name_key("各煤矿企业"): {"group": county.mines.pk},
    }


def long_plan(size: int) -> dict[str, Any]:
    """`size` tasks in sections of ten, each owed by the bureau and by every coal mine, and as many deadlines."""
    tasks = [
        task(
            f"{number // 10 + 1}.{number % 10 + 1}",
            f"第{number + 1}项排查整治任务",
            [unit("县应急管理局", "lead"), unit("各煤矿企业")],
            path=["二、主要任务", f"（{number // 10 + 1}）专题"],
            text="对照重大事故隐患判定标准逐条排查，建立台账，明确责任、措施、资金、时限和预案，按期整改销号。" * 3,
            deadlines=[date("2026-12-31")],
        )
        for number in range(size)
    ]
    return small_plan() | {"tasks": tasks, "goals": []}
