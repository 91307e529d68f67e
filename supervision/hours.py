"""When a person may be disturbed: on working days, outside of their quiet hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from common.workdays import is_workday, next_workday
from supervision.models import Contact
from supervision.rules import RULES
from units.models import RuleSetting, User

Quiet = tuple[dt.time, dt.time]
"""The time at which quiet begins and the time at which it ends, on the next day where that is the earlier one."""


def is_quiet(quiet: Quiet, now: dt.datetime) -> bool:
    """Whether nothing may be sent at this moment: a day without work, or within the quiet hours."""
    here = timezone.localtime(now)
    return not is_workday(here.date()) or _within(quiet, here.time())


def quiet_ends(quiet: Quiet, now: dt.datetime) -> dt.datetime:
    """The first moment from now on at which something may be sent."""
    here = timezone.localtime(now)
    if not is_quiet(quiet, here):
        return here
    ends = here.replace(hour=quiet[1].hour, minute=quiet[1].minute, second=0, microsecond=0)
    if ends <= here or not is_workday(here.date()):
        tomorrow = next_workday(here.date())
        ends = timezone.make_aware(dt.datetime.combine(tomorrow, quiet[1]))
        if not is_quiet(quiet, ends.replace(hour=0, minute=0)):
            ends = ends.replace(hour=0, minute=0)
    return ends


def quiet_hours(users: Iterable[User]) -> dict[int, Quiet]:
    """The quiet hours of each user, their own or those of their region, in two queries."""
    users = list(users)
    own = {row.user_id: (row.quiet_from, row.quiet_until) for row in Contact.objects.filter(user__in=users)}
    regions = {user.pk: user.unit.region_id[:6] if user.unit else "" for user in users}
    hours: dict[str, dict[str, int]] = {}
    settings = RuleSetting.objects.filter(region__in=set(regions.values()), key__in=RULES)
    for region, key, value in settings.values_list("region_id", "key", "value"):
        hours.setdefault(region, {})[key] = value
    return {pk: own.get(pk) or default_quiet(hours.get(region, {})) for pk, region in regions.items()}


def default_quiet(own: dict[str, int] | None = None) -> Quiet:
    """The quiet hours out of a region's rules; an hour past the clock counts as midnight."""
    values = {key: (own or {}).get(key, rule.value) % 24 for key, rule in RULES.items()}
    return dt.time(values["reminder_until_hour"]), dt.time(values["reminder_from_hour"])


def _within(quiet: Quiet, time: dt.time) -> bool:
    begins, ends = quiet
    if begins == ends:
        return False
    return begins <= time < ends if begins < ends else time >= begins or time < ends
