"""A draft becomes a campaign."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from common.errors import Conflict
from common.history import record
from tasks.models import Campaign, PlanImport
from tasks.services.campaigns import create_campaign
from tasks.services.drafts import plan_of
from tasks.services.imports.names import certain_matches, printed_names
from tasks.services.imports.receiving import in_review, locked
from tasks.services.revisions import revise_campaign
from units.models import Unit, UnitGroup, User
from units.names import name_key
from units.services import learn_alias


def count_assignments(plan_import: PlanImport) -> int:
    """How many assignments confirming would make, near enough to decide whether a page may wait for it."""
    matched = {m["group"] for m in plan_import.matches.values() if isinstance(m, dict) and m.get("group")}
    groups: Any = UnitGroup.objects.filter(pk__in=matched)
    sizes = {group.pk: group.members().count() for group in groups.with_rule()}
    total = 0
    plan = plan_of(plan_import.draft)
    for task in plan["tasks"]:
        if task["children"]:
            continue
        for unit in task["units"]:
            match = plan_import.matches.get(name_key(unit.get("expanded") or unit["name"])) or {}
            total += 1 if match.get("unit") else sizes.get(match.get("group") or 0, 0)
    return total


@transaction.atomic
def confirm_import(*, by: User, plan_import: PlanImport, version: int, learn: bool = True) -> Campaign:
    """Write the whole draft as a campaign, or as the revision of one, in one transaction.

    `learn` remembers the chosen matches as aliases. A second confirmation answers the campaign of the first. Raises
    Conflict when the draft changed since `version`, Refused when it has no title or no task.
    """
    row = locked(by, plan_import)
    if row.state == PlanImport.State.CONFIRMED and row.campaign:
        return row.campaign
    row = in_review(by, row)
    if row.version != version:
        raise Conflict("草稿在您打开确认页之后又有改动。请看过最新的内容后再确认。")
    plan = plan_of(row.draft)
    matches = {key: match for key, match in row.matches.items() if not key.startswith("_")}
    batch = uuid.uuid4()
    if learn:
        _learn(by, row, matches)
    if row.revises is not None:
        campaign = revise_campaign(
            by=by, campaign=row.revises, plan=plan, matches=matches, note=f"依据“{row.name}”修订"
        )
    else:
        campaign = create_campaign(by=by, region=row.region, plan=plan, matches=matches, note=f"由“{row.name}”导入")
    row.campaign, row.state = campaign, PlanImport.State.CONFIRMED
    row.save(update_fields=["campaign", "state", "updated_at"])
    record(
        "planimport.confirmed",
        row,
        by=by,
        batch=batch,
        after={"campaign": campaign, "tasks": len(plan["tasks"]), "assignments": campaign.assignments.count()},
    )
    return campaign


def _learn(by: User, row: PlanImport, matches: Mapping[str, Mapping[str, Any]]) -> None:
    """Remember what a person chose and the directory did not know by itself."""
    names = printed_names(row.draft)
    certain = certain_matches(row.region, row.draft)
    units = Unit.objects.in_bulk([m["unit"] for m in matches.values() if m.get("unit")])
    groups = UnitGroup.objects.in_bulk([m["group"] for m in matches.values() if m.get("group")])
    for key, match in matches.items():
        if key not in names or certain.get(key) == match or match.get("skip"):
            continue
        unit, group = units.get(match.get("unit")), groups.get(match.get("group"))
        if unit or group:
            learn_alias(
                by=by, region=row.region, name=names[key]["name"][:100], unit=unit, group=None if unit else group
            )
