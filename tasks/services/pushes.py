"""A plan that another system sends as data: a draft like one that was read from a paper."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from common.errors import Conflict, Refused
from common.history import clean_text, record
from tasks.models import Campaign, PlanImport
from tasks.services.campaigns import check_runs_campaigns
from tasks.services.drafts import draft_of
from tasks.services.imports import certain_matches, discard_import
from units.models import Region, User

MEDIA_TYPE = "application/json"


@transaction.atomic
def push_plan(
    *, by: User, region: Region, name: str, plan: Mapping[str, Any], revises: Campaign | None = None
) -> PlanImport:
    """Keep a plan (in the shape of tasks/plans/model.py) as a draft to be looked through and confirmed like any other.

    Raises NotAllowed when the region is not the user's to run, Refused when what it revises is of another region.
    """
    check_runs_campaigns(by, region)
    if revises is not None and revises.region_id != region.pk:
        raise Refused("只能修订本地区的行动，请重新选择。", fields={"revises": ["请选择本地区的行动。"]})
    whole = whole_plan(plan)
    row = PlanImport.objects.create(
        region=region,
        name=clean_text(name).strip()[:200],
        sha256=hash_of_plan(plan),
        state=PlanImport.State.REVIEW,
        document={"media_type": MEDIA_TYPE, "warnings": [], "blocks": blocks_of(whole)},
        plan=whole,
        draft=draft_of(whole),
        revises=revises,
        created_by=by,
    )
    row.matches = certain_matches(region, row.draft)
    row.save(update_fields=["matches"])
    record("planimport.received", row, by=by, after={"name": row.name, "sha256": row.sha256, "revises": revises})
    record("planimport.read", row, by=by, after={"tasks": len(whole["tasks"])})
    return row


@transaction.atomic
def push_plan_again(*, by: User, plan_import: PlanImport, name: str, plan: Mapping[str, Any]) -> PlanImport:
    """The same plan sent once more: the same words change nothing; other words make a new draft.

    A draft that nobody touched is replaced, one that was confirmed is revised by the new one. Raises Conflict where
    somebody is correcting the former one: what they did must not be lost.
    """
    row: PlanImport = PlanImport.objects.select_for_update(of=("self",)).select_related("region").get(pk=plan_import.pk)
    if row.sha256 == hash_of_plan(plan) and row.state != PlanImport.State.DISCARDED:
        return row
    revises = row.campaign or row.revises
    if row.state == PlanImport.State.REVIEW:
        if row.version > 1:
            raise Conflict(
                "县里正在核对上一次推送的方案，已有改动。请与对方联系，确认或放弃后再推送。", code="in_review"
            )
        discard_import(by=by, plan_import=row, note="对方推送了新的内容")
    return push_plan(by=by, region=row.region, name=name, plan=plan, revises=revises)


def hash_of_plan(plan: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(plan, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def whole_plan(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The plan with every list that the draft counts on, and where its words stand in the blocks shown beside it."""
    lists = ("goals", "stages", "reporting", "protection_measures")
    whole: dict[str, Any] = {"campaign": {"blanket_units": []} | dict(plan["campaign"])}
    whole |= {name: list(plan.get(name) or []) for name in lists}
    parents = {task.get("parent") for task in plan["tasks"]}
    defaults: dict[str, Any] = {
        "path": [],
        "number": None,
        "title": None,
        "units": [],
        "deadlines": [],
        "recurrences": [],
    }
    whole["tasks"] = [
        {**defaults, **task, "text": task.get("text") or "", "children": task["id"] in parents}
        for task in plan["tasks"]
    ]
    whole["warnings"] = []
    # Block 0 is the title; each task has a block of its own: its title, and beneath it its text.
    whole["positions"] = {
        "campaign": {"title": [[0, 0, len(whole["campaign"]["title"])]]},
        "tasks": {task["id"]: places(index, task) for index, task in enumerate(whole["tasks"], start=1)},
    }
    return whole


def places(block: int, task: Mapping[str, Any]) -> dict[str, Any]:
    title, body = task.get("title") or "", task["text"]
    start = len(title) + 1 if title else 0
    return {
        "title": [[block, 0, len(title)]] if title else [],
        "text": [[block, start, start + len(body)]] if body else [],
    }


def blocks_of(whole: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the pane beside the draft shows: the words as they were sent."""
    tasks = ("\n".join(filter(None, (task.get("title"), task["text"]))) for task in whole["tasks"])
    return [{"text": clean_text(words)} for words in (whole["campaign"]["title"], *tasks)]
