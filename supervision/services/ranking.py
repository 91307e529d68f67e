"""What people enter for the assessment."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from common.errors import NotAllowed, Refused
from common.history import record
from supervision.models import AccidentCount
from units.models import Unit, User


def check_may_assess(by: User) -> None:
    if not by.reviews or by.unit is None:
        raise NotAllowed("事故情况由应急管理局的工作人员登记。")


@transaction.atomic
def enter_accidents(*, by: User, unit: Unit, year: int, accidents: int, deaths: int, note: str = "") -> AccidentCount:
    """Enter how many accidents and deaths a unit had in a year; a later entry replaces it, the history keeps both."""
    check_may_assess(by)
    if deaths and not accidents:
        raise Refused("请改正标出的内容。", code="invalid", fields={"accidents": ["有人死亡的，事故起数不能为0。"]})
    row = AccidentCount.objects.select_for_update().filter(unit=unit, year=year).first()
    before = None if row is None else {"accidents": row.accidents, "deaths": row.deaths, "note": row.note}
    after = {"accidents": accidents, "deaths": deaths, "note": note.strip()}
    row, _ = AccidentCount.objects.update_or_create(
        unit=unit,
        year=year,
        defaults=after | {"region": unit.region.county, "entered_by": by, "entered_at": timezone.now()},
    )
    record("accidentcount.entered", row, by=by, before=before, after=after)
    return row
