"""Meetings are made ahead by rule, minuted when they were held, and their decisions become tasks."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from common.transitions import advance
from common.workdays import add_workdays
from supervision.models import Decision, Meeting, MeetingSeries
from supervision.models.meetings import in_bureau
from tasks.models import Campaign
from tasks.models.campaigns import Frequency
from tasks.services.additions import add_task
from tasks.services.due_items import Period, periods
from units.models import Unit, User

SECTION = "会议议定事项"
AHEAD_DAYS = {Frequency.MONTH: 45, Frequency.QUARTER: 110, Frequency.HALF_YEAR: 200}
MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF_YEAR: 6}
SERIES_FIELDS = ("name", "every", "month", "day", "people", "agenda", "source", "is_active")


def check_may_keep(by: User) -> Unit:
    """The bureau whose meetings this user keeps; NotAllowed for everybody else."""
    if not by.reviews or by.unit is None:
        raise NotAllowed("会议由应急管理局的工作人员登记。")
    return by.unit


@transaction.atomic
def keep_series(*, by: User, series: MeetingSeries | None = None, **fields: object) -> MeetingSeries:
    """Enter a meeting that comes back, or change its rule; meetings already made keep their days."""
    organ = check_may_keep(by)
    row = MeetingSeries(region=organ.region, organ=organ)
    if series is not None:
        row = MeetingSeries.objects.select_for_update(of=("self",)).get(pk=series.pk)
        if not in_bureau(by, row.region_id):
            raise NotAllowed("会议由应急管理局的工作人员登记。")
    before = None if series is None else {name: getattr(row, name) for name in SERIES_FIELDS}
    for name in SERIES_FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    faults = faults_of_series(row)
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    row.save()
    verb = "meetingseries.created" if series is None else "meetingseries.changed"
    record(verb, row, by=by, before=before, after={name: getattr(row, name) for name in SERIES_FIELDS})
    create_meetings_of(row, timezone.localdate())
    return row


def faults_of_series(row: MeetingSeries) -> dict[str, list[str]]:
    """What is wrong with the rule of a series, by field."""
    faults: dict[str, list[str]] = {}
    if not row.name.strip():
        faults["name"] = ["请填写会议名称。"]
    elif MeetingSeries.objects.filter(region=row.region_id, name=row.name).exclude(pk=row.pk).exists():
        faults["name"] = ["已有同名的例会。"]
    if row.every not in MONTHS:
        faults["every"] = ["请选择频次。"]
    elif not 1 <= row.month <= MONTHS[Frequency(row.every)]:
        faults["month"] = [f"这一频次只能填1到{MONTHS[Frequency(row.every)]}。"]
    if not 1 <= row.day <= 31:
        faults["day"] = ["请填1到31；当月没有这一天的，按月末。"]
    return faults


def planned_day(series: MeetingSeries, period: Period) -> dt.date:
    """The day of the rule within a period, or the next working day."""
    month = period.start.month + series.month - 1
    last = monthrange(period.start.year, month)[1]
    return add_workdays(dt.date(period.start.year, month, min(series.day, last)), 0)


def create_meetings_of(series: MeetingSeries, today: dt.date) -> int:
    """Make the coming meetings of one series; those whose day is past before it was entered are left out."""
    if not series.is_active:
        return 0
    horizon = today + dt.timedelta(days=AHEAD_DAYS[Frequency(series.every)])
    have = set(series.meetings.values_list("period", flat=True))
    made = [
        Meeting(
            region_id=series.region_id,
            organ_id=series.organ_id,
            series=series,
            period=period.name,
            title=f"{series.name}（{period.name}）",
            planned_on=planned_day(series, period),
            people=series.people,
            agenda=series.agenda,
        )
        for period in periods(series.every, today, horizon)
        if period.name not in have and today <= planned_day(series, period) <= horizon
    ]
    Meeting.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def create_meetings(*, today: dt.date | None = None) -> int:
    """The nightly job: the coming meetings of every series. A second run makes none."""
    today = today or timezone.localdate()
    return sum(create_meetings_of(series, today) for series in MeetingSeries.objects.filter(is_active=True))


@transaction.atomic
def plan_meeting(*, by: User, title: str, planned_on: dt.date, people: str = "", agenda: str = "") -> Meeting:
    """Enter a meeting outside of any series."""
    organ = check_may_keep(by)
    if not title.strip():
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields={"title": ["请填写会议名称。"]})
    meeting = Meeting.objects.create(
        region=organ.region,
        organ=organ,
        title=title.strip(),
        planned_on=planned_on,
        people=people.strip(),
        agenda=agenda.strip(),
    )
    record("meeting.planned", meeting, by=by, after={"title": meeting.title, "planned_on": planned_on})
    return meeting


@transaction.atomic
def record_minutes(
    *,
    by: User,
    meeting: Meeting,
    held_on: dt.date,
    place: str,
    chair: str,
    people: str,
    agenda: str,
    minutes: str,
    files: Sequence[File[bytes]] = (),
) -> Meeting:
    """Enter that a meeting was held and what was said; minutes of a held meeting may be corrected, with both on record."""
    row = locked_meeting(meeting, by)
    if row.state == Meeting.State.CANCELLED:
        raise Conflict("会议已取消，请先恢复召开。")
    faults = {
        name: ["请填写这一项。"]
        for name, text in (("chair", chair), ("people", people), ("minutes", minutes))
        if not text.strip()
    }
    if held_on > timezone.localdate():
        faults["held_on"] = ["召开日期不能晚于今天。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    words = {"place": place, "chair": chair, "people": people, "agenda": agenda, "minutes": minutes}
    changes: dict[str, Any] = {"held_on": held_on} | {name: text.strip() for name, text in words.items()}
    if row.state == Meeting.State.PLANNED:
        advance(row, "hold", by=by, **changes)
    else:
        before = {name: getattr(row, name) for name in changes}
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(update_fields=list(changes))
        record("meeting.corrected", row, by=by, before=before, after=changes)
    for file in files:
        store_evidence(file=file, by=by, about=row, caption="会议材料")
    return row


def locked_meeting(meeting: Meeting, by: User) -> Meeting:
    row: Meeting = Meeting.objects.select_for_update(of=("self",)).select_related("organ").get(pk=meeting.pk)
    if "bureau" not in row.relations_of(by):
        raise NotAllowed("会议由应急管理局的工作人员登记。")
    return row


@transaction.atomic
def move_meeting(*, by: User, meeting: Meeting, action: str, note: str = "") -> Meeting:
    """Cancel a planned meeting or take that back (MEETING_MOVES); holding one has its own form."""
    if action not in ("cancel", "restore"):
        raise Conflict("请用“登记会议纪要”登记召开情况。")
    return advance(meeting, action, by=by, note=note)


@transaction.atomic
def decide(*, by: User, meeting: Meeting, text: str, unit: Unit, due_on: dt.date, campaign: Campaign) -> Decision:
    """Enter one decision of a held meeting; it becomes a task of the campaign under 会议议定事项."""
    row = locked_meeting(meeting, by)
    if row.state != Meeting.State.HELD:
        raise Conflict("会议还没有登记召开，请先登记会议纪要。")
    task = add_task(by=by, campaign=campaign, section=SECTION, text=text, unit=unit, due_on=due_on)
    last = row.decisions.aggregate(last=Max("position"))["last"] or 0
    decision = Decision.objects.create(
        meeting=row, position=last + 1, text=text.strip(), unit=unit, due_on=due_on, task=task, entered_by=by
    )
    record("meeting.decided", row, by=by, after={"text": decision.text, "unit": unit, "due_on": due_on})
    return decision
