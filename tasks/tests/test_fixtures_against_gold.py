"""The campaigns in fixtures/ say what the plan documents say, in words of our own.

The comparison needs the annotated plans (`gold/`, `text/`), which are not part of this repository. Their folder is
given by CAMPAIGN_TRACKER_PLANS or found beside the repository; without it those tests are skipped, the rest run.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.plans.formats import open_document
from tasks.plans.reader import read_plan

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGNS = ROOT / "fixtures" / "campaigns"
NAMES = ("plan_000", "plan_001", "plan_002", "plan_003", "plan_004")

TITLE_LIMIT = 30
GIST_LIMIT = 60
SECTION_LIMIT = 20
# A shared run this long is a quotation; shorter ones are the vocabulary of the trade.
QUOTATION = 12

EVERY = {"week", "half_month", "month", "quarter", "half_year", "year"}
ROLES = {"lead", "responsible", "cooperating"}


def load(name: str) -> dict[str, Any]:
    return json.loads((CAMPAIGNS / f"{name}.json").read_text(encoding="utf-8"))


def norm(text: str | None) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))


def plans_folder() -> Path:
    folder = Path(os.environ.get("CAMPAIGN_TRACKER_PLANS") or ROOT.parent / "shared" / "plans")
    if not (folder / "gold").is_dir():
        pytest.skip(
            f"annotated plans not found in {folder}; set CAMPAIGN_TRACKER_PLANS to compare the fixtures with them"
        )
    return folder


@pytest.fixture(params=NAMES)
def plan(request: pytest.FixtureRequest) -> dict[str, Any]:
    return load(request.param)


@pytest.fixture(params=NAMES)
def pair(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    gold = json.loads((plans_folder() / "gold" / f"{request.param}.json").read_text(encoding="utf-8"))
    return load(request.param), gold


# --- what must hold in every checkout -------------------------------------------------------------------------------


def test_tasks_have_short_titles_of_their_own(plan: dict[str, Any]) -> None:
    titles = [task["title"] for task in plan["tasks"]]
    assert [title for title in titles if not title or len(title) > TITLE_LIMIT] == []
    assert sorted(title for title in set(titles) if titles.count(title) > 1) == []
    assert [task["id"] for task in plan["tasks"] if len(task["text"]) > GIST_LIMIT] == []
    assert {part for task in plan["tasks"] for part in task["path"] if len(part) > SECTION_LIMIT} == set()


def test_ids_are_unique_and_parents_stand_before_their_children(plan: dict[str, Any]) -> None:
    seen: dict[str, dict[str, Any]] = {}
    for task in plan["tasks"]:
        assert task["id"] not in seen
        if "parent" in task:
            assert seen[task["parent"]]["children"] is True
        seen[task["id"]] = task
    with_children = {task["id"] for task in plan["tasks"] if task.get("children")}
    assert with_children == {task["parent"] for task in plan["tasks"] if "parent" in task}


def test_parents_carry_units_but_no_dates(plan: dict[str, Any]) -> None:
    for task in plan["tasks"]:
        if task.get("children"):
            assert task["deadlines"] == [] and task["recurrences"] == []


def test_every_value_is_one_the_ledger_knows(plan: dict[str, Any]) -> None:
    for task in plan["tasks"]:
        for unit in task["units"]:
            assert unit["role"] in ROLES and unit["name"]
        for deadline in task["deadlines"]:
            assert deadline["kind"] in {"date", "ongoing", "relative"}
            assert (deadline["date"] is not None) == (deadline["kind"] == "date")
            if deadline["date"]:
                datetime.date.fromisoformat(deadline["date"])
        for recurrence in task["recurrences"]:
            assert recurrence["every"] in EVERY and recurrence["times"] >= 1
    for goal in plan["goals"]:
        assert (goal["value"] is not None) == (goal["kind"] == "numeric")


def test_the_words_are_declared_to_be_ours(plan: dict[str, Any]) -> None:
    assert "自拟" in plan["source_note"]
    assert not any(key in task for task in plan["tasks"] for key in ("text_start", "text_end", "responsibility_text"))


# --- what must agree with the documents -----------------------------------------------------------------------------


def unit_facts(task: dict[str, Any]) -> list[tuple[Any, ...]]:
    keys = ("name", "expanded", "role", "collective", "inherited", "displaced")
    return [tuple(unit.get(key) for key in keys) for unit in task["units"]]


def deadline_facts(task: dict[str, Any]) -> list[tuple[Any, ...]]:
    keys = ("kind", "date", "source", "implied", "inherited")
    return [
        (*(deadline.get(key) for key in keys), deadline["scope"] is None, json.dumps(deadline["quantity"]))
        for deadline in task["deadlines"]
    ]


def test_the_tree_is_the_documents(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    ours, gold = pair
    keys = ("id", "number", "parent", "children", "optional", "units_open")
    assert [[t.get(k) for k in keys] for t in ours["tasks"]] == [[t.get(k) for k in keys] for t in gold["tasks"]]
    assert [len(t["path"]) for t in ours["tasks"]] == [len(t["path"]) for t in gold["tasks"]]
    # A section is renamed once and the same everywhere; two sections never share a name.
    renamed = {(g, o) for t, u in zip(gold["tasks"], ours["tasks"]) for g, o in zip(t["path"], u["path"])}
    assert len(renamed) == len({g for g, _ in renamed}) == len({o for _, o in renamed})


def test_units_deadlines_and_recurrences_are_the_documents(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    ours, gold = pair
    for mine, theirs in zip(ours["tasks"], gold["tasks"], strict=True):
        where = theirs["id"]
        assert unit_facts(mine) == unit_facts(theirs), where
        assert deadline_facts(mine) == deadline_facts(theirs), where
        for ours_one, gold_one in zip(mine["deadlines"], theirs["deadlines"], strict=True):
            assert ours_one["text"] in gold_one["text"], where  # a clause around the date is cut down to the date
        assert [(r["every"], r["times"]) for r in mine["recurrences"]] == [
            (r["every"], r["times"]) for r in theirs["recurrences"]
        ], where
        assert [(t["value"], t["unit"], t["comparator"]) for t in mine.get("targets", [])] == [
            (t["value"], t["unit"], t["comparator"]) for t in theirs.get("targets", [])
        ], where


def test_goals_stages_and_reporting_days_are_the_documents(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    ours, gold = pair
    for part, keys in {
        "goals": ("value", "unit", "comparator", "by", "kind"),
        "stages": ("name", "start", "end"),
        "reporting": ("from", "to", "every", "due"),
        "other_obligations": ("every", "due"),
    }.items():
        assert [[row[k] for k in keys] for row in ours.get(part, [])] == [
            [row[k] for k in keys] for row in gold.get(part, [])
        ], part
    assert len(ours["protection_measures"]) == len(gold["protection_measures"])


def test_the_campaign_is_the_documents(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    ours, gold = pair[0]["campaign"], pair[1]["campaign"]
    for key in ("issuer", "issued_on", "start", "end", "level"):
        assert ours[key] == gold[key], key
    assert ours["document_number"] in [gold["document_number"], *gold.get("document_number_alternatives", [])]
    if gold["title"] is not None:  # one plan prints no title; ours is then a description, and says so
        assert ours["title"] in [gold["title"], *gold["title_alternatives"]]
    else:
        assert ours["title_note"]
    names = ("name", "expanded", "role", "collective")
    assert [[u[k] for k in names] for u in ours["blanket_units"]] == [
        [u[k] for k in names] for u in gold["blanket_units"]
    ]


# --- what must not agree --------------------------------------------------------------------------------------------


def words(value: Any) -> Iterator[str]:
    """Every string of a plan that could hold a quotation: not dates, titles of documents or names of units."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in {"source", "source_note", "campaign", "name", "expanded", "from", "to"}:
                yield from words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words(inner)
    elif isinstance(value, str):
        yield value


def test_nothing_is_quoted_from_the_documents(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    ours, gold = pair
    raw = (plans_folder() / "text" / gold["source"]).read_text(encoding="utf-8")
    raw = re.sub(r"<[^>]+>|\([a-z]+\)|^\d+、", "", raw, flags=re.MULTILINE)
    document = norm(raw).replace("|", "")
    runs = {document[i : i + QUOTATION] for i in range(len(document) - QUOTATION + 1)}
    quoted = [
        text
        for text in words(ours)
        if any(norm(text)[i : i + QUOTATION] in runs for i in range(len(norm(text)) - QUOTATION + 1))
    ]
    assert quoted == []


# --- what lets a document's own words take the place of ours ----------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_read_with_the_numbers_that_its_fixture_bears(name: str) -> None:
    ours = load(name)
    path = plans_folder() / "text" / ours["source"]
    read = read_plan(open_document(path.name, path.read_bytes())).to_json()
    numbers = {task["id"]: task["units"] for task in read["tasks"]}
    for task in ours["tasks"]:
        if task.get("optional") or task.get("children"):
            continue
        assert task["id"] in numbers
        if not any(unit.get("inherited") or unit.get("displaced") for unit in task["units"]):
            assert {unit["name"] for unit in task["units"]} & {unit["name"] for unit in numbers[task["id"]]}
