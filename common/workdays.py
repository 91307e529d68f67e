"""Working days as the State Council sets them: weekends, public holidays, and the weekends worked for them."""

from __future__ import annotations

import datetime
from typing import Any

from celery.signals import task_prerun
from django.core.signals import request_started
from django.db.models.signals import post_delete, post_save

from .models import CalendarDay

_SATURDAY = 5
_years: dict[int, dict[datetime.date, bool]] = {}


def is_workday(day: datetime.date) -> bool:
    """Whether people work on this day; a year without a table follows the weekdays (see `calendar_known`)."""
    exceptional = _table(day.year).get(day)
    return day.weekday() < _SATURDAY if exceptional is None else exceptional


def add_workdays(day: datetime.date, count: int) -> datetime.date:
    """The working day that is `count` working days after the given day, which itself is not counted.

    A negative `count` goes back; 0 gives the day itself, or the next working day where it is none.
    """
    if count == 0:
        return day if is_workday(day) else next_workday(day)
    step = datetime.timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_workday(day)
    return day


def workdays_between(start: datetime.date, end: datetime.date) -> int:
    """How many working days lie after `start` up to and including `end`; negative where `end` is earlier."""
    if end < start:
        return -workdays_between(end, start)
    return sum(is_workday(start + datetime.timedelta(days=offset)) for offset in range(1, (end - start).days + 1))


def next_workday(day: datetime.date) -> datetime.date:
    """The first working day after the given day."""
    return add_workdays(day, 1)


def previous_workday(day: datetime.date) -> datetime.date:
    """The last working day before the given day."""
    return add_workdays(day, -1)


def calendar_known(year: int) -> bool:
    """Whether the year's table is there; otherwise its working days are only weekdays and a page should say so."""
    return bool(_table(year))


def years_to_enter(today: datetime.date) -> list[int]:
    """The years that days are counted in by now although their table is missing: this one, in December the next as well.

    The State Council tells of a year's holidays in October or November of the year before.
    """
    years = [today.year, today.year + 1] if today.month == 12 else [today.year]
    return [year for year in years if not calendar_known(year)]


def forget_calendar(**_: Any) -> None:
    """Read the tables anew at the next question."""
    _years.clear()


def connect() -> None:
    """Hold each year's table for one request or one job only, so that an edit in another process is seen."""
    for signal in (request_started, task_prerun):
        signal.connect(forget_calendar, dispatch_uid="common.workdays")
    for signal in (post_save, post_delete):
        signal.connect(forget_calendar, sender=CalendarDay, dispatch_uid="common.workdays")


def _table(year: int) -> dict[datetime.date, bool]:
    table = _years.get(year)
    if table is None:
        days = CalendarDay.objects.filter(date__year=year).values_list("date", "kind")
        table = {date: kind == CalendarDay.Kind.WORKDAY for date, kind in days}
        _years[year] = table
    return table
