"""The year's targets of a county: what its mines must reach or must not pass."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from common.errors import NotAllowed, Refused
from common.history import record, snapshot
from mines.models import RegionTarget
from units.models import User
from units.services.directory import check_fields


@transaction.atomic
def set_target(*, by: User, year: int, subject: str, value: Decimal, source: str) -> RegionTarget:
    """Set a number for the user's own county and a year, with the paper it comes from; what stood there before is told."""
    if not by.reviews or by.unit is None:
        raise NotAllowed("年度指标由应急管理局设置。")
    region = by.unit.region
    if len(region.prefix) != 6:
        raise Refused("年度指标按县设置，请用县应急管理局的账号办理。")
    row = RegionTarget.objects.select_for_update().filter(region=region, year=year, subject=subject).first()
    before = snapshot(row, ("value", "source")) if row else None
    row = row or RegionTarget(region=region, year=year, subject=subject)
    row.value, row.source, row.set_by = value, source.strip(), by
    check_fields(row)
    row.save()
    record("regiontarget.set", row, by=by, before=before, after=snapshot(row, ("value", "source")), note=str(row))
    return row
