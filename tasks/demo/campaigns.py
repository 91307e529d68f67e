"""The five campaigns of fixtures/, run by the demo county."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tasks.demo.county import County, read
from tasks.models import Campaign
from tasks.services.campaigns import create_campaign
from units.matching import Directory
from units.names import name_key

PLANS = ("plan_000", "plan_001", "plan_002", "plan_003", "plan_004")


def create_campaigns(county: County) -> dict[str, Campaign]:
    """Set up each campaign through the service that confirms an import, and answer them by the name of their file."""
    directory = Directory(county.region)
    meanings = read("demo_county/campaign_map")
    campaigns = {}
    for i, name in enumerate(PLANS):
        plan = read(f"campaigns/{name}")
        campaigns[name] = create_campaign(
            by=county.staff[i % len(county.staff)],
            region=county.region,
            plan=plan,
            matches=match_printed_names(plan, county, directory, meanings[name]),
            begins_on=first_day(plan),
            note=plan["source_note"],
        )
    return campaigns


def match_printed_names(
    plan: dict[str, Any], county: County, directory: Directory, meanings: dict[str, dict[str, str]]
) -> dict[str, dict[str, int]]:
    """Say what every printed name means here: by the county's own list for this plan, else by name or alias."""
    special = {name_key(name): meaning for name, meaning in meanings.items()}
    matches: dict[str, dict[str, int]] = {}
    bodies = [
        *(plan["campaign"].get("blanket_units") or []),
        *(unit for task in plan["tasks"] for unit in task["units"]),
    ]
    for body in bodies:
        key = name_key(body.get("expanded") or body["name"])
        if key in matches:
            continue
        if meaning := special.get(key):
            matches[key] = (
                {"unit": county.units[meaning["unit"]].pk}
                if "unit" in meaning
                else {"group": county.groups[meaning["group"]].pk}
            )
        elif certain := directory.match(body["name"], *filter(None, [body.get("expanded")])).certain:
            matches[key] = {"unit": certain.unit} if certain.unit else {"group": certain.group or 0}
    return matches


def first_day(plan: dict[str, Any]) -> dt.date:
    """The day from which recurring duties count; a plan that runs "from now on" begins in its first stage's month."""
    head = plan["campaign"]
    if head["start"]:
        return dt.date.fromisoformat(head["start"])
    return dt.date.fromisoformat(plan["stages"][0]["end"]).replace(day=1)
