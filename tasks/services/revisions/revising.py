"""A revised paper: what it adds, changes and takes back, while everything that was done stays."""

from __future__ import annotations

from django.db import transaction

from common.errors import Conflict, Refused
from common.history import register_verbs
from tasks.models import Campaign
from tasks.services.campaigns import Matches, Plan, check_runs_campaigns
from tasks.services.revisions.revision import Revision
from units.models import User

register_verbs(
    {
        "campaign.revised": "按修订稿调整行动",
        "task.added": "修订稿新增任务",
        "task.revised": "修订稿修改任务",
        "task.withdrawn": "修订稿撤销任务",
        "assignment.withdrawn": "撤销责任事项",
        "assignment.resumed": "恢复责任事项",
    }
)


@transaction.atomic
def revise_campaign(*, by: User, campaign: Campaign, plan: Plan, matches: Matches, note: str = "") -> Campaign:
    """Make a standing campaign follow a revised paper, and keep its progress, assignments and history.

    Tasks that the paper no longer holds are withdrawn with their assignments. New days move the pending items; what
    was reported or accepted stays. The same paper again changes nothing. Raises NotAllowed, Conflict for a closed
    campaign, Refused for a paper without title or tasks.
    """
    check_runs_campaigns(by, campaign.region)
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("region").get(pk=campaign.pk)
    if campaign.state != Campaign.State.ACTIVE:
        raise Conflict("这个行动已经结束。要按修订稿更新，请先“恢复实施”。")
    if not (plan["campaign"].get("title") or "").strip():
        raise Refused("请填写行动名称后再确认。", fields={"title": ["请填写行动名称。"]})
    if not plan["tasks"]:
        raise Refused("修订稿里没有任务，不能据此更新。如果整个行动不再进行，请用“结束行动”。")
    revision = Revision(by, campaign, plan, matches, note)
    revision.write()
    return campaign
