"""Signs on pages: the bureau reads and judges them, a mine is told nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hazards.models import Sign
from hazards.services.proofs import rectify_hazard
from hazards.services.register import grade_hazard, move_hazard, register_hazard
from hazards.tests.photographs import photograph, scene


@pytest.fixture
def make_sign(coal_mine, clerk, staff, today):
    def make(seed=1) -> Sign:
        hazard = register_hazard(
            by=clerk, mine=coal_mine, place=f"{seed}号巷", description="护栏缺失", source="self_check", found_on=today,
            files=[photograph(scene(seed))],
        )  # fmt: skip
        grade_hazard(by=staff, hazard=hazard, level="general", due_on=today)
        move_hazard(by=clerk, hazard=hazard, action="start")
        rectify_hazard(
            by=clerk, hazard=hazard, statement="已整改", done_on=today, files=[photograph(scene(seed), place=True)]
        )
        return hazard.signs.get()

    return make


@pytest.fixture
def look(client):
    def open_page(who, address, status=200):
        client.force_login(who)
        reply = client.get(address)
        assert reply.status_code == status
        return reply.content.decode()

    return open_page


def test_the_bureau_reads_signs_and_a_mine_does_not(
    look, make_sign, staff, inspector, leader, clerk, sister_clerk, stranger, township_liaison
):
    sign = make_sign()
    for who in (staff, inspector, leader):
        assert sign.hazard.number in look(who, "/hazards/signs/")
        assert "整改疑点" in look(who, sign.hazard.get_absolute_url())
        assert sign.words in look(who, sign.get_absolute_url())
    for who in (clerk, township_liaison):
        assert "疑点" not in look(who, sign.hazard.get_absolute_url())
        assert "疑点" not in look(who, "/hazards/")
    for who in (clerk, sister_clerk, township_liaison):
        look(who, "/hazards/signs/", 404)
    for who in (clerk, sister_clerk, stranger, township_liaison):
        look(who, sign.get_absolute_url(), 404)
    assert sign.hazard.number not in look(stranger, "/hazards/signs/")


def test_judging_on_the_page(client, look, make_sign, inspector, leader, clerk):
    sign = make_sign()
    address = sign.get_absolute_url()
    assert 'name="verdict"' not in look(leader, address)
    client.force_login(inspector)
    assert client.post(address, {"verdict": "suspicious", "words": ""}).status_code == 422
    client.post(address, {"verdict": "suspicious", "words": "安排回头看"})
    sign.refresh_from_db()
    assert (sign.verdict, sign.verdict_words, sign.judged_by) == ("suspicious", "安排回头看", inspector)
    assert "判断整改疑点" in look(inspector, address)
    for who, status in ((leader, 403), (clerk, 404)):
        client.force_login(who)
        assert client.post(address, {"verdict": "fine", "words": ""}).status_code == status
    sign.refresh_from_db()
    assert sign.verdict == "suspicious"


def test_the_list_costs_the_same_for_two_and_for_twenty(client, look, make_sign, staff):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get("/hazards/signs/")
        return len(caught)

    first = make_sign(1)
    make_sign(2)
    look(staff, "/hazards/signs/")
    few = queries()
    Sign.objects.bulk_create(
        Sign(hazard=first.hazard, kind="many_closed", key=str(number), words="很多") for number in range(20)
    )
    assert queries() == few <= 12


def test_the_page_shows_no_place(look, make_sign, staff):
    page = look(staff, make_sign().get_absolute_url())
    assert "117" not in page.split("<main")[-1] and "定位" not in page
