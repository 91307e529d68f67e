"""Look-backs: drawn so that the draw can be shown, made on a visit, and opening again what does not hold."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.db import IntegrityError, transaction

from common.errors import NotAllowed, Refused
from common.models import Evidence
from common.transitions import advance
from hazards.models import Hazard, LookBack
from hazards.services.proofs import record_reinspection
from hazards.services.register import grade_hazard, move_hazard, register_hazard
from hazards.tests.conftest import photo
from hazards.tests.test_life import to_awaiting
from inspections import drawing
from inspections.models import LookBackDraw, PlannedVisit, Visit
from inspections.services.checklists import keep_certificate
from inspections.services.draws import draw_look_backs, pool_of, repeats
from inspections.services.visits import Answer, change_visit, fill_results, open_visit


@pytest.fixture
def closed(county, coal_mine, staff, clerk, team, today) -> list[Hazard]:
    """Three general hazards that the first inspector closed; the last was given back once."""
    made = []
    for index in range(3):
        one = register_hazard(
            by=staff, mine=coal_mine, place=f"{index}号巷", description="护栏缺失", source="inspection", found_on=today
        )
        grade_hazard(by=staff, hazard=one, level="general", due_on=today)
        move_hazard(by=clerk, hazard=one, action="start")
        for passed in (False, True) if index == 2 else (True,):
            to_awaiting(one, clerk, today)
            record_reinspection(
                by=team[0], hazard=one, on=today, on_site=True, officers=[team[0]], passed=passed, opinion="看过"
            )
            one.refresh_from_db()
        made.append(one)
    return made


def draw(by, region, today, **more):
    given = {"closed_from": today, "closed_until": today, "random_count": 1, "risk_count": 1, "due_on": today}
    return draw_look_backs(by=by, region=region, **given | more)


def test_the_method_can_be_repeated_by_hand():
    pool = [("A-1", 0), ("A-2", 50), ("A-3", 10), ("A-4", 0), ("A-5", 50)]
    lots = sorted(["A-1", "A-3", "A-4"], key=lambda one: hashlib.sha256(f"s:{one}".encode()).hexdigest())
    drawn = drawing.draw(pool, seed="s", random_count=2, risk_count=2)
    assert drawn == [("A-2", "risk"), ("A-5", "risk"), (lots[0], "random"), (lots[1], "random")]
    assert drawing.draw([("A-1", 0)], seed="s", random_count=3, risk_count=3) == [("A-1", "random")]
    assert drawing.digest_of(pool) == drawing.digest_of(pool[::-1]) != drawing.digest_of(pool[1:])
    firsts = {drawing.draw(pool, seed=str(turn), random_count=1, risk_count=0)[0] for turn in range(60)}
    assert len(firsts) == 5, "the seed decides"


def test_a_draw_orders_looks_and_plans_visits(closed, county, staff, inspector, clerk, stranger, coal_mine, today):
    for who in (inspector, clerk, stranger):
        with pytest.raises(NotAllowed):
            draw(who, county.region, today)
    pool = dict(pool_of(county.region, today, today))
    assert len(pool) == 3 and max(pool, key=lambda number: pool[number]) == closed[2].number
    for wrong in (
        {"random_count": 0, "risk_count": 0},
        {"closed_from": today - dt.timedelta(days=9), "closed_until": today - dt.timedelta(days=1)},
    ):
        with pytest.raises(Refused):
            draw(staff, county.region, today, **wrong)
    made = draw(staff, county.region, today)
    first, second = made.drawn.all()
    assert (first.look_back.hazard, first.how, second.how) == (closed[2], "risk", "random")
    planned = PlannedVisit.objects.get()
    assert (planned.mine, planned.kind, planned.reason) == (coal_mine, "look_back", "回头看2条已销号隐患")
    assert repeats(made) and len(pool_of(county.region, today, today)) == 1, "what is drawn is not drawn again"


def test_a_draw_is_never_changed(closed, county, staff, today):
    made = draw(staff, county.region, today)
    for change in (
        lambda: LookBackDraw.objects.update(seed="0"),
        lambda: made.drawn.update(how="random"),
        lambda: made.drawn.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    made.pool[0] = (made.pool[0][0], made.pool[0][1] + 1)
    assert not repeats(made)


def test_a_look_back_visit_settles_what_was_drawn(client, closed, county, staff, team, coal_mine, today, checklist):
    draw(staff, county.region, today, random_count=2)
    opening = {"mine": coal_mine, "kind": "look_back", "begun_on": today, "ended_on": today, "places": "各巷"}
    with pytest.raises(Refused, match="改正") as refused:
        open_visit(by=team[0], officers=team, checklist=checklist, **opening)
    assert "办理过隐患" in refused.value.fields["officers"][0]
    keep_certificate(by=staff, officer=staff, number="冀690324003")
    others = [team[1], staff]
    visit = open_visit(by=staff, officers=others, checklist=checklist, **opening)
    looks = list(visit.results.filter(look_back__isnull=False))
    assert [one.position for one in visit.results.all()] == [1, 2, 3, 4, 5, 6] and len(looks) == 3
    fill_results(by=staff, visit=visit, answers={one.pk: Answer("na") for one in visit.results.all()})
    change_visit(by=staff, visit=visit, summary="逐条核对。")
    with pytest.raises(Refused, match="改正"):
        change_visit(by=staff, visit=visit, officers=[*others, team[0]])
    client.force_login(staff)
    page = client.post(f"/inspections/{visit.pk}/act/", {"act": "finish"}, headers={"referer": "/"}, follow=True)
    assert "3条回头看选了“不涉及”" in page.content.decode()
    bad, good, other = looks
    seen = {bad.pk: Answer("failed", "护栏又被拆了", [photo()]), good.pk: Answer("passed"), other.pk: Answer("passed")}
    fill_results(by=staff, visit=visit, answers=seen)
    assert not visit.results.unregistered().exists(), "it opens its own hazard again and makes no new one"
    client.post(f"/inspections/{visit.pk}/act/", {"act": "finish"})
    visit.refresh_from_db()
    assert visit.state == "finished"
    states = {one.look_back.hazard.pk: Hazard.objects.get(pk=one.look_back.hazard.pk).state for one in looks}
    assert states.pop(bad.look_back.hazard.pk) == "returned" and set(states.values()) == {"closed"}
    look = LookBack.objects.get(pk=bad.look_back_id)
    assert (look.holds, look.opinion, set(look.officers.all())) == (False, "护栏又被拆了", set(others))
    assert Evidence.objects.about(look).count() == 1
    with pytest.raises(Refused, match="回头看的结果已经登记"):
        advance(visit, "reopen", by=staff, note="再看")
    assert closed[0].number in client.get(visit.get_absolute_url()).content.decode()
    assert Visit.objects.count() == 1


def test_the_pages_of_a_draw(client, closed, county, staff, clerk, inspector, today):
    client.force_login(inspector)
    assert client.get("/inspections/look-backs/new/").status_code == 403
    client.force_login(staff)
    data = {"closed_from": today, "closed_until": today, "random_count": 1, "risk_count": 1, "due_on": today}
    assert client.post("/inspections/look-backs/new/", data | {"random_count": 0, "risk_count": 0}).status_code == 422
    answer = client.post("/inspections/look-backs/new/", data)
    made = LookBackDraw.objects.get()
    assert answer.headers["Location"] == made.get_absolute_url()
    page = client.get(made.get_absolute_url()).content.decode()
    assert made.seed in page and made.digest in page and "结果一致" in page and closed[2].number in page
    assert str(made) in client.get("/inspections/look-backs/").content.decode()
    client.force_login(clerk)
    assert client.get(made.get_absolute_url()).status_code == client.get("/inspections/look-backs/").status_code == 404
