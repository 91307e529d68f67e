"""What people do with their own inbox, and when and how they want to be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common.due import due_sources
from common.errors import Refused
from common.history import record
from supervision.hours import is_quiet
from supervision.models import Channel, Contact, Mute, Notice
from units.models import User

LEAST_AWAKE_HOURS = 2
"""Hours of a working day that must be left, or the digest of a day would never find its reader."""
DAYTIME = range(8, 20)


def mark_read(*, by: User, notices: QuerySet[Any]) -> int:
    """Mark the user's own notices as read; answers how many were not."""
    keys = notices.filter(recipient=by).order_by().values("pk")
    return Notice.objects.filter(pk__in=keys, read_at__isnull=True).update(read_at=timezone.now())


@transaction.atomic
def set_contact(*, by: User, quiet_from: dt.time, quiet_until: dt.time, wanted: Mapping[str, Sequence[str]]) -> None:
    """Keep a person's quiet hours, and for each channel in `wanted` the kinds of things that it is to tell of."""
    if _awake_hours(quiet_from, quiet_until) < LEAST_AWAKE_HOURS:
        words = f"免打扰时间太长，请在8时至20时之间至少留出{LEAST_AWAKE_HOURS}小时，否则收不到提醒。"
        raise Refused(words, fields={"quiet_until": [words]})
    Contact.objects.update_or_create(user=by, defaults={"quiet_from": quiet_from, "quiet_until": quiet_until})
    kinds = {source.kind for source in due_sources()}
    Mute.objects.filter(user=by, channel__in=wanted).delete()
    Mute.objects.bulk_create(
        Mute(user=by, channel=channel, kind=kind)
        for channel, kept in wanted.items()
        for kind in sorted(kinds - set(kept))
    )
    hours = f"{quiet_from:%H:%M}—{quiet_until:%H:%M}"
    channels = {str(Channel.Kind(channel).label): len(kept) for channel, kept in wanted.items()}
    record("user.contact_changed", by, by=by, after={"quiet_hours": hours, "wanted_kinds": channels})


def _awake_hours(quiet_from: dt.time, quiet_until: dt.time) -> int:
    monday = dt.date(2024, 1, 8)  # any working day: only the hours count
    moments = (timezone.make_aware(dt.datetime.combine(monday, dt.time(hour))) for hour in DAYTIME)
    return sum(not is_quiet(((quiet_from, quiet_until),), moment) for moment in moments)
