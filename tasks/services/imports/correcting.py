"""Corrections of a draft, each under the version that its writer saw."""

from __future__ import annotations

from django.db import transaction

from common.errors import Conflict, Refused
from common.history import record
from tasks.models import Campaign, PlanImport
from tasks.services.drafts import HEAD, OUTLINE, Change
from tasks.services.imports.receiving import in_review
from units.models import User


@transaction.atomic
def correct_draft(*, by: User, plan_import: PlanImport, version: int, change: Change) -> PlanImport:
    """Make one correction. `version` is the import's version that the user saw.

    Raises Conflict when somebody else changed the same task since then; other tasks do not matter.
    """
    row = in_review(by, plan_import)
    draft = row.draft
    versions = {task["key"]: task["v"] for task in draft["tasks"]} | {HEAD: draft["campaign"]["v"]}
    versions |= dict.fromkeys(OUTLINE, 0) | draft.get("outline_versions", {})
    if any(versions.get(part, 0) > version for part in change.parts(draft)):
        raise Conflict("这一处刚才已被别人修改。请刷新页面，看过新的内容后再改。")
    touched = versions.keys() & set(change.parts(draft))
    known = set(versions)
    before, after = change.apply(draft, row.plan)
    row.version += 1
    for task in draft["tasks"]:
        if task["key"] in touched or task["key"] not in known:
            task["v"] = row.version
    if HEAD in touched:
        draft["campaign"]["v"] = row.version
    for part in touched & OUTLINE.keys():
        draft.setdefault("outline_versions", {})[part] = row.version
    row.save(update_fields=["draft", "version", "updated_at"])
    record("planimport.corrected", row, by=by, before=before, after=after, note=change.words)
    return row


@transaction.atomic
def choose_revised(*, by: User, plan_import: PlanImport, campaign: Campaign | None) -> PlanImport:
    """Say which standing campaign this document revises, or that it is a new one (None)."""
    row = in_review(by, plan_import)
    if campaign is not None and campaign.region_id != row.region_id:
        raise Refused("只能修订本地区的行动，请重新选择。")
    before = row.revises
    row.revises = campaign
    row.version += 1
    row.save(update_fields=["revises", "version", "updated_at"])
    record(
        "planimport.corrected", row, by=by, before={"revises": before}, after={"revises": campaign}, note="选择修订对象"
    )
    return row
