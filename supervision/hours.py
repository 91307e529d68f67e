"""When a person may be disturbed: on working days, by day, and outside of the hours that they keep for themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from common.workdays import is_workday, next_workday
from supervision.models import Contact
from supervision.rules import RULES
from units.models import RuleSetting, User

Span = tuple[dt.time, dt.time]
"""The time at which quiet begins and the time at which it ends, on the next day where that is the earlier one."""
Quiet = tuple[Span, ...]
"""The night of the region, and the hours of the person: quiet is what lies in any of them."""
MOST_STEPS = 100


def is_quiet(quiet: Quiet, now: dt.datetime) -> bool:
    """Whether nothing may be sent at this moment: a day without work, or within the quiet hours."""
    here = timezone.localtime(now)
    return not is_workday(here.date()) or any(_within(span, here.time()) for span in quiet)


def quiet_ends(quiet: Quiet, now: dt.datetime) -> dt.datetime:
    """The first moment from now on at which something may be sent; a week from now where there seems to be none."""
    here = timezone.localtime(now)
    for _ in range(MOST_STEPS):
        span = next((span for span in quiet if _within(span, here.time())), None)
        if not is_workday(here.date()):
            here = _at(next_workday(here.date()), dt.time(0))
        elif span is None:
            return here
        else:
            over = here.date() if span[1] > here.time() else here.date() + dt.timedelta(days=1)
            here = _at(over, span[1])
    return timezone.localtime(now) + dt.timedelta(days=7)


def quiet_hours(users: Iterable[User]) -> dict[int, Quiet]:
    """The quiet hours of each user, their region's and their own, in two queries."""
    users = list(users)
    own = {row.user_id: (row.quiet_from, row.quiet_until) for row in Contact.objects.filter(user__in=users)}
    regions = {user.pk: user.unit.region_id[:6] if user.unit else "" for user in users}
    hours: dict[str, dict[str, int]] = {}
    settings = RuleSetting.objects.filter(region__in=set(regions.values()), key__in=RULES)
    for region, key, value in settings.values_list("region_id", "key", "value"):
        hours.setdefault(region, {})[key] = value
    nights = {region: _night(hours.get(region, {})) for region in set(regions.values())}
    return {pk: (nights[region], own[pk]) if pk in own else (nights[region],) for pk, region in regions.items()}


def _night(own: dict[str, int]) -> Span:
    """The night of a region out of its rules; an hour past the clock counts as midnight."""
    values = {key: own.get(key, rule.value) % 24 for key, rule in RULES.items()}
    return dt.time(values["reminder_until_hour"]), dt.time(values["reminder_from_hour"])


def _within(span: Span, time: dt.time) -> bool:
    begins, ends = span
    if begins == ends:
        return False
    return begins <= time < ends if begins < ends else time >= begins or time < ends


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time))
