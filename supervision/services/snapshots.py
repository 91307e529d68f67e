"""The numbers of each day are kept; those of former days are counted again from the dates on record."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from common.indicators import Figures, Span, count_units
from supervision.models import DailySnapshot
from supervision.ranking import roll_up, units_of
from units.models import Region, Unit

CHUNK = 500
MOST_DAYS_BACK = 31
"""So many missed days the nightly run makes up for by itself; for more there is `rebuild_snapshots`."""


def regions_with_work() -> list[Region]:
    """The counties that have units (one query)."""
    codes = {
        code[:6]
        for code in Unit.objects.filter(is_active=True).order_by().values_list("region_id", flat=True).distinct()
    }
    return list(Region.objects.filter(code__in=codes))


@transaction.atomic
def take_snapshot(*, region: Region, day: dt.date, today: dt.date | None = None) -> int:
    """Keep the figures of a region on a day, and answer how many rows; a second run replaces the first.

    A day before today is counted from the dates on record and marked as rebuilt.
    """
    today = today or timezone.localdate()
    units = units_of(region)
    counted = count_units(Span(dt.date(day.year, 1, 1), day, region.prefix))
    rolled = roll_up(units, counted)
    whole: Figures = {}
    for figures in counted.values():
        for key, value in figures.items():
            whole[key] = whole.get(key, 0) + value
    wanted = [(unit.pk, rolled[unit.pk]) for unit in units if any(rolled.get(unit.pk, {}).values())]
    # Two runs at once wait for each other, so that the second replaces what the first wrote.
    Region.objects.select_for_update().get(pk=region.pk)
    DailySnapshot.objects.filter(region=region, day=day).delete()
    rows = [
        DailySnapshot(region=region, day=day, unit_id=pk, figures=figures, rebuilt=day < today)
        for pk, figures in [(None, whole), *wanted]
    ]
    DailySnapshot.objects.bulk_create(rows, batch_size=CHUNK)
    return len(rows)


def take_snapshots(*, today: dt.date | None = None) -> int:
    """The nightly run: today's figures of every county, and those of days that were missed since the last run."""
    today = today or timezone.localdate()
    made = 0
    for region in regions_with_work():
        last = (
            DailySnapshot.objects.filter(region=region, day__lt=today)
            .order_by("-day")
            .values_list("day", flat=True)
            .first()
        )
        first = max(last + dt.timedelta(days=1), today - dt.timedelta(days=MOST_DAYS_BACK)) if last else today
        for offset in range((today - first).days + 1):
            made += take_snapshot(region=region, day=first + dt.timedelta(days=offset), today=today)
    return made
