"""The reader against annotated plans, whole and damaged. Without the shared plans only the invented one is read."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tasks.plans.formats import open_document
from tasks.plans.reader import read_plan
from tasks.plans.tests.garbling import GARBLINGS, one_line
from tasks.plans.tests.plan_files import SAMPLES, shared_plans

FLOORS = {
    "tasks": 0.99, "units": 0.99, "deadlines": 0.99, "bodies": 0.97, "titles": 0.97, "paths": 0.97,
    "recurrences": 0.97, "stages": 0.97, "campaign": 0.97, "goals": 0.9,
}  # fmt: skip
PLANS = shared_plans()
needs_plans = pytest.mark.skipif(not PLANS, reason="no shared plans: set CAMPAIGN_TRACKER_PLANS to their folder")


def scores(path: Path, text: str) -> dict[str, Any]:
    folder = path.parent.parent
    gold = json.loads((folder / "gold" / f"plan_{path.name[:3]}.json").read_text(encoding="utf-8"))
    found = read_plan(open_document(path.name, text.encode())).to_json()
    tallies: dict[str, Any] = runpy.run_path(str(folder / "score.py"))["score"](found, gold)
    return tallies


@needs_plans
@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.name[:3])
def test_annotated_plans(path: Path) -> None:
    for part, tally in scores(path, path.read_text(encoding="utf-8")).items():
        assert tally.f1 >= FLOORS[part], (part, tally.notes[:5])


@needs_plans
@pytest.mark.parametrize("garble", GARBLINGS, ids=lambda garble: garble.__name__)
@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.name[:3])
def test_damaged_copies_of_annotated_plans(path: Path, garble: Callable[[str], str]) -> None:
    """Where nothing at all is left between two paragraphs, a heading cannot be told from the words that follow."""
    floor = 0.85 if garble.__name__ == "glued" else 0.97
    for part, tally in scores(path, garble(path.read_text(encoding="utf-8"))).items():
        assert tally.f1 >= min(floor, FLOORS[part]), (part, tally.notes[:5])


@pytest.mark.parametrize("garble", GARBLINGS, ids=lambda garble: garble.__name__)
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.md")), ids=lambda path: path.stem)
def test_damaged_copies_of_the_invented_plan(path: Path, garble: Callable[[str], str]) -> None:
    text = path.read_text(encoding="utf-8")

    def facts(printed: str) -> list[object]:
        plan = read_plan(open_document(path.name, printed.encode()))
        return [
            (
                task.id,
                _bare(task.text),
                [(_bare(unit.name), unit.role) for unit in task.units],
                [(deadline.kind, deadline.date) for deadline in task.deadlines],
                [(again.every, again.times) for again in task.recurrences],
            )
            for task in plan.tasks
        ]

    assert facts(garble(text)) == facts(text)


def _bare(text: str) -> str:
    return "".join(text.split()).translate(str.maketrans("，；：（）％", ",;:()%"))


def test_garbling_changes_the_text() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.md")))
    plain = one_line("\n".join(line for line in text.split("\n") if not line.startswith("|")))
    assert all(garble(text) != text or garble(plain) != plain for garble in GARBLINGS)
