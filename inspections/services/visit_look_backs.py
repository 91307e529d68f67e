"""A look-back visit carries the closed hazards of its mine that are to be looked at again, and settles them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.core.files import File

from hazards.models import LookBack
from hazards.services.look_backs import record_look_back
from inspections.models import Outcome, Visit, VisitResult
from units.models import Unit, User

SECTION = "回头看：已销号隐患"


def open_look_backs(mine: Unit) -> list[LookBack]:
    """The looks that are ordered at a mine and not made yet, the earliest due first."""
    rows = LookBack.objects.filter(hazard__mine=mine, on__isnull=True)
    return list(rows.select_related("hazard").order_by("due_on", "pk"))


def looks_of(visit: Visit) -> list[LookBack]:
    return list(LookBack.objects.filter(results__visit=visit).select_related("hazard"))


def look_back_faults(looks: Sequence[LookBack], officers: Sequence[User]) -> dict[str, list[str]]:
    """Who rectified or closed one of the hazards does not look whether that holds."""
    lines = [
        f"{one.name}办理过隐患{look.hazard.number}的整改或销号，不能参加它的回头看。"
        for look in looks
        for one in officers
        if one.pk in (look.hazard.rectifier_id, look.hazard.closed_by_id)
    ]
    return {"officers": lines} if lines else {}


def add_look_backs(visit: Visit, looks: Sequence[LookBack]) -> None:
    """Put each look at the head of the visit's items."""
    VisitResult.objects.bulk_create(
        VisitResult(
            visit=visit, position=index, section=SECTION, look_back=look,
            text=f"{look.hazard.number} {look.hazard.place}：{look.hazard.description}"[:500],
            basis=f"{look.hazard.closed_on:%Y-%m-%d}销号；整改属实、没有反弹为合格"
            if look.hazard.closed_on
            else "整改属实、没有反弹为合格",
        )
        for index, look in enumerate(looks, 1)
    )  # fmt: skip


def settle_look_backs(visit: Visit, by: User, photos_of: Callable[[VisitResult], list[File[bytes]]]) -> None:
    """Record what a finished visit saw of each look that somebody else has not recorded meanwhile."""
    officers = [one.officer for one in visit.officers.select_related("officer__unit")]
    rows = visit.results.filter(look_back__on__isnull=True, look_back__isnull=False)
    for result in rows.select_related("look_back__hazard"):
        look = result.look_back
        assert look is not None
        holds = result.outcome == Outcome.PASSED
        record_look_back(
            by=by, look_back=look, on=visit.ended_on, officers=officers, holds=holds,
            opinion=result.words or "现场核对，整改措施仍在，没有反弹。", files=photos_of(result),
        )  # fmt: skip
