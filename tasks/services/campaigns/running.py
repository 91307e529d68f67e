"""Campaigns: made of a plan, closed, opened again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from common.errors import NotAllowed, Refused
from common.history import record
from common.transitions import advance
from tasks.models import Campaign
from tasks.services.campaigns.responsibilities import assign, blanket_units, write_responsibilities
from tasks.services.campaigns.writing import Matches, Plan, Targets, head_fields, write_outline, write_tasks
from units.models import Region, User


@transaction.atomic
def create_campaign(
    *, by: User, region: Region, plan: Plan, matches: Matches, begins_on: dt.date | None = None, note: str = ""
) -> Campaign:
    """Set up a whole campaign from a plan: sections, tasks, responsibilities, deadlines, assignments and due items.

    `begins_on` is the day from which recurring duties are counted (today). Raises NotAllowed when the region is not
    the user's to run, Refused when the plan has no title or no task.
    """
    check_runs_campaigns(by, region)
    head = plan["campaign"]
    if not (head.get("title") or "").strip():
        raise Refused("请填写行动名称后再确认。", fields={"title": ["请填写行动名称。"]})
    if not plan["tasks"]:
        raise Refused("方案里没有任务，不能建立行动。请先在核对页补充任务。")
    campaign = Campaign.objects.create(region=region, created_by=by, note=note, **head_fields(head, plan))
    write_outline(campaign, plan)
    tasks = write_tasks(campaign, plan["tasks"], Targets(campaign, plan))
    blanket = blanket_units(plan)
    responsibilities = write_responsibilities(tasks, plan["tasks"], matches, blanket)
    assign(campaign, responsibilities, begins_on=begins_on)
    record(
        "campaign.created",
        campaign,
        by=by,
        note=note,
        after={"title": campaign.title, "tasks": len(tasks), "assignments": campaign.assignments.count()},
    )
    return campaign


def check_runs_campaigns(by: User, region: Region) -> None:
    if not (by.reviews and region.code.startswith(by.reach.region if by.reach.region is not None else "-")):
        raise NotAllowed("只有本地区应急管理局的工作人员可以建立和修改专项行动。")


def close_campaign(*, by: User, campaign: Campaign, note: str) -> Campaign:
    return advance(campaign, "close", by=by, note=note)


def reopen_campaign(*, by: User, campaign: Campaign, note: str) -> Campaign:
    return advance(campaign, "reopen", by=by, note=note)
