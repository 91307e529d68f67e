"""The demo county's files agree with each other, and every body that the five campaigns name is in them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import uscc

ROOT = Path(__file__).resolve().parents[2] / "fixtures"


def load(name: str) -> Any:
    return json.loads((ROOT / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def county() -> dict[str, Any]:
    return {
        name: load(f"demo_county/{name}")
        for name in ("regions", "tags", "units", "groups", "mines", "accounts", "campaign_map", "activity")
    }


def test_the_county_has_what_a_county_has(county: dict[str, Any]) -> None:
    kinds = Counter(unit["kind"] for unit in county["units"])
    assert kinds["department"] >= 12 and kinds["township"] == 8 and kinds["enterprise"] == 6 and kinds["mine"] == 20
    assert {account["role"] for account in county["accounts"]} == {
        "bureau_admin", "bureau_staff", "inspector", "leader", "auditor", "liaison", "mine_clerk", "mine_head",
    }  # fmt: skip
    assert {mine["type"] for mine in county["mines"]} == {
        "coal_underground", "coal_open_pit", "noncoal_underground", "noncoal_open_pit", "tailings_pond",
    }  # fmt: skip


def test_every_reference_leads_somewhere(county: dict[str, Any]) -> None:
    regions = {region["code"] for region in county["regions"]}
    tags = {tag["code"] for tag in county["tags"]}
    units = {unit["code"]: unit for unit in county["units"]}
    groups = {group["code"] for group in county["groups"]}
    seen: set[str] = set()
    for unit in county["units"]:
        assert unit["code"] not in seen and unit["region"] in regions and set(unit["tags"]) <= tags
        assert unit["parent"] is None or unit["parent"] in seen, "a parent stands before its children"
        seen.add(unit["code"])
    for group in county["groups"]:
        assert group["region"] in regions and set(group["tags"]) <= tags and set(group["members"]) <= seen
    assert {mine["unit"] for mine in county["mines"]} == {c for c, unit in units.items() if unit["kind"] == "mine"}
    assert {account["unit"] for account in county["accounts"]} <= seen
    for campaign, names in county["campaign_map"].items():
        if campaign != "note":
            assert {name.get("unit") for name in names.values()} - {None} <= seen
            assert {name.get("group") for name in names.values()} - {None} <= groups
    assert {case["unit"] for case in county["activity"]["cases"]} <= seen


def test_credit_codes_and_names_are_sound(county: dict[str, Any]) -> None:
    codes = [unit["credit_code"] for unit in county["units"] if unit["credit_code"]]
    assert all(uscc.is_valid(code) for code in codes) and len(set(codes)) == len(codes)
    assert len({account["username"] for account in county["accounts"]}) == len(county["accounts"])
    names = [n for row in county["units"] for n in (row["name"], row["short_name"], *row["aliases"])]
    names += [n for row in county["groups"] for n in (row["name"], *row["aliases"])]
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_every_body_of_the_campaigns_is_known(county: dict[str, Any]) -> None:
    known = {n for row in county["units"] for n in (row["name"], row["short_name"], *row["aliases"])}
    known |= {"县" + row["name"].removeprefix("青岚县") for row in county["units"] if row["name"].startswith("青岚县")}
    known |= {n for row in county["groups"] for n in (row["name"], *row["aliases"])}
    for number in range(5):
        plan = load(f"campaigns/plan_{number:03}")
        here = known | set(county["campaign_map"][f"plan_{number:03}"])
        bodies = [*plan["campaign"]["blanket_units"], *(unit for task in plan["tasks"] for unit in task["units"])]
        assert [body["name"] for body in bodies if not {body["name"], body.get("expanded")} & here] == []


def test_every_acting_unit_has_somebody_to_act(county: dict[str, Any]) -> None:
    staffed = {account["unit"] for account in county["accounts"]}
    assert {unit["code"] for unit in county["units"]} - staffed == {"anweihui"}  # the committee acts through its office


def test_shares_are_whole(county: dict[str, Any]) -> None:
    shares = {name: rule for name, rule in county["activity"]["shares"].items() if name != "note"}
    assert {name: sum(rule.values()) for name, rule in shares.items()} == dict.fromkeys(shares, 100)
    assert sum(county["activity"]["periods"]["recent"].values()) == 100
