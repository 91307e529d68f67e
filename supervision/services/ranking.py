"""What people enter for the assessment."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from common.errors import NotAllowed, Refused
from common.history import record
from mines.models import Accident
from supervision.assessment import ACCIDENTS, assess
from supervision.models import AccidentCount
from supervision.ranking import members_condition
from units.models import Region, Unit, User


def check_may_assess(by: User) -> None:
    if not by.reviews or by.unit is None:
        raise NotAllowed("事故情况由应急管理局的工作人员登记。")


def registered_accidents(unit: Unit, year: int) -> int:
    """The accidents of a year in the files of the mines for which a unit stands."""
    mines = Unit.objects.filter(members_condition(unit)).values("pk")
    return Accident.objects.filter(mine__unit__in=mines, happened_on__year=year).count()


@transaction.atomic
def confirm_no_accidents(*, by: User, region: Region, group: str, year: int) -> int:
    """Confirm for every unit of a group, of which nothing was entered and no file tells of one, that there was no accident.

    Answers for how many. The year has to be over but for its last month, when the four indices are assessed.
    """
    check_may_assess(by)
    today = timezone.localdate()
    if today < dt.date(year, 12, 1):
        raise Refused(f"{year}年还没有结束，12月起才能确认全年没有事故。")
    open_rows = [row.unit for row in assess(region, group, year, today).rows if row.indices[ACCIDENTS].value is None]
    AccidentCount.objects.bulk_create(
        AccidentCount(unit=unit, year=year, region=unit.region.county, entered_by=by, note="按矿山档案确认没有事故")
        for unit in open_rows
    )
    if open_rows:
        record("accidentcount.confirmed", region, by=by, after={"year": year, "units": len(open_rows)})
    return len(open_rows)


@transaction.atomic
def enter_accidents(*, by: User, unit: Unit, year: int, accidents: int, deaths: int, note: str = "") -> AccidentCount:
    """Enter how many accidents and deaths a unit had in a year; a later entry replaces it, the history keeps both."""
    check_may_assess(by)
    if deaths and not accidents:
        raise Refused("请改正标出的内容。", code="invalid", fields={"accidents": ["有人死亡的，事故起数不能为0。"]})
    known = registered_accidents(unit, year)
    if accidents < known:
        words = f"矿山档案里已登记{known}起，不能少于这个数；登记有误的，请先更正档案。"
        raise Refused("请改正标出的内容。", code="invalid", fields={"accidents": [words]})
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
