"""Things that are due, made in a few statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from tasks.models import Assignment, Campaign, Deadline, DueItem, Task
from units.models import Region, Unit, User


def make_campaign(region: Region, by: User, title: str = "矿山安全生产治本攻坚三年行动") -> Campaign:
    campaign: Campaign = Campaign.objects.create(region=region, title=title, created_by=by)
    return campaign


def make_items(campaign: Campaign, units: Iterable[Unit], days: Iterable[dt.date]) -> list[DueItem]:
    """One task for each day, owed by every unit."""
    units, days = list(units), list(days)
    first = Task.objects.filter(campaign=campaign).count()
    tasks = Task.objects.bulk_create(
        Task(campaign=campaign, position=at, ref=str(at + 1), title=f"第{at + 1}项排查整治任务")
        for at in range(first, first + len(days))
    )
    deadlines = Deadline.objects.bulk_create(
        Deadline(task=task, kind="date", date=day) for task, day in zip(tasks, days, strict=True)
    )
    owed = Assignment.objects.bulk_create(
        Assignment(region=campaign.region, campaign=campaign, task=deadline.task, unit=unit, due_on=deadline.date)
        for deadline in deadlines
        for unit in units
    )
    by_task = {deadline.task_id: deadline for deadline in deadlines}
    return DueItem.objects.bulk_create(
        DueItem(assignment=one, deadline=by_task[one.task_id], due_on=one.due_on) for one in owed
    )
