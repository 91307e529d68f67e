"""The tables of the working-day calendar, out of what the `holidays` package knows of the yearly notices."""

from __future__ import annotations

from collections import Counter

import holidays
from django.db import transaction
from django.utils import timezone

from .models import CalendarDay

FIRST_YEAR = 2016


def add_published_years() -> dict[int, int]:
    """Add every published year that has no table yet and return how many days each got; edited years stay as they are.

    A year counts as published when it has weekends worked for a holiday, as every arrangement since 2008 has; before
    the State Council's notice the package knows only the statutory days and would give the year half right.
    """
    years = range(FIRST_YEAR, timezone.localdate().year + 2)
    chinese = holidays.country_holidays("CN", years=years, language="zh_CN")
    make_up = {day for day in chinese.weekend_workdays if day.year >= FIRST_YEAR}
    published = {day.year for day in make_up}
    kinds = {day: (CalendarDay.Kind.HOLIDAY, name[:60]) for day, name in chinese.items() if day.year in published}
    kinds |= dict.fromkeys(make_up, (CalendarDay.Kind.WORKDAY, "调休上班"))
    with transaction.atomic():
        present = {first.year for first in CalendarDay.objects.dates("date", "year")}
        days = [
            CalendarDay(date=day, kind=kind, name=name, source=f"国务院办公厅关于{day.year}年部分节假日安排的通知")
            for day, (kind, name) in sorted(kinds.items())
            if day.year not in present
        ]
        CalendarDay.objects.bulk_create(days)
    return dict(Counter(day.date.year for day in days))
