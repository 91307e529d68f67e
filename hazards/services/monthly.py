"""Closing a month of the hazard table, and opening it again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.history import record
from hazards.models import MonthlyFigures
from hazards.monthly import Table, count_figures, month_end, restored, stored
from units.models import Region, User


def check_may_close(by: User, region: Region) -> None:
    """The bureau closes the months of its own region."""
    if not by.reviews or by.unit is None or by.unit.region_id != region.pk:
        raise NotAllowed("月报由本地区应急管理局的工作人员结账。")


@transaction.atomic
def close_month(*, by: User, region: Region, year: int, month: int) -> MonthlyFigures:
    """Store the cumulative figures of a month as they stand, as a further edition where it was closed before.

    Raises Conflict when the month is closed, Refused before its last day is over.
    """
    check_may_close(by, region)
    if month_end(year, month) >= timezone.localdate():
        raise Refused(f"{year}年{month}月还没有结束，下月1日起可以结账。", code="month_not_over")
    editions = MonthlyFigures.objects.select_for_update(of=("self",)).filter(region=region, year=year, month=month)
    last = editions.order_by("-edition").first()
    if last is not None and last.reopened_at is None:
        raise Conflict(f"{year}年{month}月已经结账。需要更正时先写明理由重开。", code="month_closed")
    closed: MonthlyFigures = MonthlyFigures.objects.create(
        region=region,
        year=year,
        month=month,
        edition=last.edition + 1 if last else 1,
        figures=stored(count_figures(region, year, month)),
        closed_by=by,
    )
    record("monthlyfigures.closed", closed, by=by, after={"edition": closed.edition, "figures": closed.figures})
    return closed


@transaction.atomic
def reopen_month(*, by: User, region: Region, year: int, month: int, reason: str) -> MonthlyFigures:
    """Open a closed month again, with a reason; what was reported stays on record beside what follows."""
    check_may_close(by, region)
    reason = reason.strip()
    if not reason:
        raise Refused("重开已结账的月份要写明理由。", code="note_required", fields={"reason": ["请写明理由。"]})
    editions = MonthlyFigures.objects.select_for_update(of=("self",)).filter(region=region, year=year, month=month)
    last: MonthlyFigures | None = editions.filter(reopened_at__isnull=True).first()
    if last is None:
        raise Conflict(f"{year}年{month}月没有结账，不用重开。", code="month_open")
    last.reopened_by, last.reopened_at, last.reopen_reason = by, timezone.now(), reason
    last.save(update_fields=["reopened_by", "reopened_at", "reopen_reason"])
    record("monthlyfigures.reopened", last, by=by, after={"edition": last.edition}, note=reason)
    return last


def figures_of(region: Region, year: int, month: int) -> tuple[Table, MonthlyFigures | None]:
    """The figures in force for a month: as it was closed, else as they count now; with the edition that closed it."""
    closed = MonthlyFigures.objects.filter(region=region, year=year, month=month, reopened_at__isnull=True).first()
    return (restored(closed.figures), closed) if closed else (count_figures(region, year, month), None)
