"""Tasks that no printed plan holds: what a meeting decided, added to a campaign in force."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from common.errors import Conflict, Refused
from common.history import record
from tasks.models import Campaign, Deadline, Responsibility, Section, Task
from tasks.services.campaigns import assign, check_runs_campaigns
from units.models import Unit, User

TITLE_LENGTH = 60


@transaction.atomic
def add_task(*, by: User, campaign: Campaign, section: str, text: str, unit: Unit, due_on: dt.date) -> Task:
    """Add one task for one unit under a top heading, which is made when it is missing.

    A later edition of the printed plan leaves it alone (`Task.is_added`). Raises NotAllowed for whoever does not run
    campaigns there, Conflict for a closed campaign, Refused for faulty fields.
    """
    check_runs_campaigns(by, campaign.region)
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("region").get(pk=campaign.pk)
    if campaign.state != Campaign.State.ACTIVE:
        raise Conflict("这一专项行动已经结束，不能再增加任务。")
    faults: dict[str, list[str]] = {}
    if not text.strip():
        faults["text"] = ["请写明要做什么。"]
    if due_on < timezone.localdate():
        faults["due_on"] = ["完成时限不能早于今天。"]
    if not unit.is_active or not unit.region_id.startswith(campaign.region.prefix):
        faults["unit"] = ["请选择本地区在用的单位。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    heading = campaign.sections.filter(parent=None, title=section).first() or Section.objects.create(
        campaign=campaign, position=_next(campaign.sections), title=section
    )
    number = campaign.tasks.filter(is_added=True).count() + 1
    words = text.strip()
    task = Task.objects.create(
        campaign=campaign,
        section=heading,
        position=_next(campaign.tasks),
        ref=f"增{number}",
        number=str(number),
        title=words if len(words) <= TITLE_LENGTH else "",
        text="" if len(words) <= TITLE_LENGTH else words,
        responsibility_text=unit.name,
        deadline_text=f"{due_on.year}年{due_on.month}月{due_on.day}日前",
        is_added=True,
    )
    Deadline.objects.create(task=task, kind=Deadline.Kind.DATE, date=due_on, text=task.deadline_text)
    body = Responsibility.objects.create(task=task, position=0, printed_name=unit.name, unit=unit)
    assign(campaign, [body], begins_on=timezone.localdate())
    record("task.appended", task, by=by, after={"unit": unit, "due_on": due_on, "section": section})
    return task


def _next(rows: object) -> int:
    last = rows.aggregate(last=Max("position"))["last"]  # type: ignore[attr-defined]
    return 0 if last is None else last + 1
