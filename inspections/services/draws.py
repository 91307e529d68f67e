"""Closed hazards are drawn to be looked at again, the looks are ordered, and each mine's become a planned visit."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from common.errors import NotAllowed, Refused
from common.history import record
from hazards.models import Hazard, Level
from hazards.services.look_backs import order_look_back
from inspections.drawing import METHOD, Pool, digest_of, draw
from inspections.models import DrawnHazard, LookBackDraw, VisitKind
from inspections.relations import relations_in
from inspections.services.plans import plan_visits
from units.models import Region, User
from units.rules import rules_for

MOST = 200
"""Hazards of one draw."""


def check_may_draw(by: User, region: Region) -> None:
    """Raises NotAllowed unless the user is of the region's bureau."""
    if "bureau" not in relations_in(region.code, by):
        raise NotAllowed("回头看由应急管理局抽取安排。")


def pool_of(region: Region, closed_from: dt.date, closed_until: dt.date) -> Pool:
    """The hazards closed between two days that nobody has looked at again or is to look at, with their points.

    The points of each fact are rules (`draw_…` in inspections/rules.py). One query.
    """
    points = rules_for(region)
    looked = Count("look_backs", Q(look_backs__on__isnull=True) | Q(look_backs__on__gte=F("closed_on")), distinct=True)
    rows = (
        Hazard.objects.filter(
            region__code__startswith=region.prefix, state=Hazard.State.CLOSED,
            closed_on__range=(closed_from, closed_until),
        )
        .annotate(
            looked=looked,
            doubts=Count("signs", ~Q(signs__verdict="fine"), distinct=True),
        )
        .filter(looked=0)
        .order_by("number")
        .values_list("number", "level", "returned_count", "doubts", "closed_by__unit", "mine")
    )  # fmt: skip
    return [
        (
            number,
            points["draw_major"] * (level == Level.MAJOR)
            + points["draw_returned"] * returned
            + points["draw_doubt"] * doubts
            + points["draw_own"] * (closer == mine),
        )
        for number, level, returned, doubts, closer, mine in rows
    ]


@transaction.atomic
def draw_look_backs(
    *,
    by: User,
    region: Region,
    closed_from: dt.date,
    closed_until: dt.date,
    random_count: int,
    risk_count: int,
    due_on: dt.date,
) -> LookBackDraw:
    """Draw closed hazards, order a look at each until `due_on`, and plan a look-back visit to each of their mines."""
    check_may_draw(by, region)
    faults: dict[str, list[str]] = {}
    if closed_until < closed_from or closed_until > timezone.localdate():
        faults["closed_until"] = ["销号日期应从早到晚，不晚于今天。"]
    if not 1 <= random_count + risk_count <= MOST or min(random_count, risk_count) < 0:
        faults["random_count"] = [f"两种方式合计抽取1到{MOST}条。"]
    if due_on < timezone.localdate():
        faults["due_on"] = ["应完成日期不能早于今天。"]
    pool = [] if faults else pool_of(region, closed_from, closed_until)
    if not faults and not pool:
        faults["closed_from"] = ["这段时间里没有还没回头看过的已销号隐患，请放宽日期。"]
    if faults:
        raise Refused("请改正标出的内容后再抽取。", code="invalid", fields=faults)
    seed = secrets.token_hex(16)
    made = LookBackDraw.objects.create(
        region=region, closed_from=closed_from, closed_until=closed_until, random_count=random_count,
        risk_count=risk_count, due_on=due_on, method=METHOD, seed=seed, pool=pool, digest=digest_of(pool), drawn_by=by,
    )  # fmt: skip
    chosen = draw(pool, seed=seed, random_count=random_count, risk_count=risk_count)
    hazards = Hazard.objects.select_related("mine__region").in_bulk([one for one, _ in chosen], field_name="number")
    points = dict(pool)
    drawn = []
    for rank, (number, how) in enumerate(chosen, 1):
        label = DrawnHazard.How(how).label
        look_back = order_look_back(
            by=by, hazard=hazards[number], reason=f"{label}抽取的回头看（{made.drawn_at:%Y-%m-%d}）", due_on=due_on
        )
        drawn.append(DrawnHazard(draw=made, look_back=look_back, how=how, rank=rank, points=points[number]))
    DrawnHazard.objects.bulk_create(drawn)
    after = {"pool": len(pool), "drawn": len(drawn), "seed": seed, "digest": made.digest}
    record("lookbackdraw.drawn", made, by=by, after=after)
    _plan(made, by)
    return made


def _plan(made: LookBackDraw, by: User) -> None:
    mines = Counter(one.look_back.hazard.mine for one in made.drawn.select_related("look_back__hazard__mine__region"))
    reasons = {mine: f"回头看{count}条已销号隐患" for mine, count in mines.items()}
    today = timezone.localdate()
    plan_visits(by=by, mines=reasons, begins_on=today, due_on=made.due_on, kind=VisitKind.LOOK_BACK)


def repeats(made: LookBackDraw) -> bool:
    """Whether the recorded pool and seed give the recorded draw again."""
    pool: Pool = [(number, points) for number, points in made.pool]
    again = draw(pool, seed=made.seed, random_count=made.random_count, risk_count=made.risk_count)
    kept = [(one.look_back.hazard.number, one.how) for one in made.drawn.select_related("look_back__hazard")]
    return digest_of(pool) == made.digest and again == kept
