"""Exchange day by day: what receipts say, and what both sides counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from exchange.models import Receipt, Reconciliation
from exchange.resources import RESOURCES
from units.models import User

Row = dict[str, Any]


def exchanged_days(user: User, since: dt.date) -> list[Row]:
    """For each day and line: portions, records, what became of them, and how many nobody accounted for.

    What is not finished stands under the day on which it was drawn up. `difference` leaves out receipts on which the
    other side told no counts; `untold` says how many those are.
    """
    start = timezone.make_aware(dt.datetime.combine(since, dt.time()))
    told = Q(taken__isnull=False) | Q(unchanged__isnull=False) | Q(refused__isnull=False)
    done = Q(state=Receipt.State.SENT)
    rows = (
        Receipt.objects.visible_to(user)
        .annotate(day=TruncDate(Coalesce("ended_at", "made_at")))
        .filter(Q(ended_at__gte=start) | Q(ended_at=None))
        .values("day", "line", line_name=F("line__name"), account=F("line__account__user__name"))
        .annotate(
            direction=F("line__direction"),
            portions=Count("pk"),
            records=Coalesce(Sum("count"), 0),
            taken_=Coalesce(Sum("taken"), 0),
            unchanged_=Coalesce(Sum("unchanged"), 0),
            refused_=Coalesce(Sum("refused"), 0),
            under_way=Count("pk", ~done),
            untold=Count("pk", done & ~told),
            accountable=Coalesce(Sum("count", filter=done & told), 0),
        )
        .order_by("-day", "account", "line_name")
    )
    return [
        row | {"difference": row["accountable"] - row["taken_"] - row["unchanged_"] - row["refused_"]} for row in rows
    ]


def counted_days(user: User, since: dt.date) -> list[Row]:
    """The last count of each day and account, noun by noun."""
    start = timezone.make_aware(dt.datetime.combine(since, dt.time()))
    last: dict[tuple[dt.date, int], Reconciliation] = {}
    for row in Reconciliation.objects.visible_to(user).filter(at__gte=start).for_list().order_by("pk"):
        last[timezone.localdate(row.at), row.account_id] = row
    ordered = sorted(last.items(), key=lambda one: (-one[0][0].toordinal(), str(one[1].account)))
    return [
        {"day": day, "account": str(row.account), "noun": _label(noun), **_compared(both)}
        for (day, _), row in ordered
        for noun, both in row.counts.items()
    ]


def _label(noun: str) -> str:
    return str(RESOURCES[noun].label) if noun in RESOURCES else noun


def _compared(both: Mapping[str, int]) -> Row:
    return {"ours": both["ours"], "theirs": both["theirs"], "difference": both["ours"] - both["theirs"]}
