"""Dates in words: how far a deadline is away."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils import timezone

SOON_DAYS = 3
"""A deadline turns amber this many days before (the yellow card of the bureaus' own assessment rules)."""


@dataclass(frozen=True)
class Due:
    """A deadline as people say it. `days` is negative when it has passed."""

    on: date
    days: int
    words: str
    level: Literal["far", "soon", "late"]


def as_date(value: date | datetime) -> date:
    """The calendar day of `value` in the bureau's own time zone."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def due_in_words(value: date | datetime, today: date | None = None) -> Due:
    """还剩3天, 今天到期 or 逾期12天 for a deadline, counted in calendar days."""
    on = as_date(value)
    days = (on - (today or timezone.localdate())).days
    if days < 0:
        return Due(on, days, f"逾期{-days}天", "late")
    if days == 0:
        return Due(on, days, "今天到期", "soon")
    if days == 1:
        return Due(on, days, "明天到期", "soon")
    return Due(on, days, f"还剩{days}天", "soon" if days <= SOON_DAYS else "far")
