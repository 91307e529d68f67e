"""Closed hazards looked at again, what a suspicious sign leads to, and the heaps on the first page."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common.errors import Conflict, NotAllowed, Refused
from common.history import history_of
from hazards.models import Hazard, Listing, LookBack, Sign
from hazards.services.investigation import write_investigation
from hazards.services.listing import ask_listing_extension
from hazards.services.look_backs import order_look_back, record_look_back
from hazards.services.proofs import record_reinspection
from hazards.services.register import grade_hazard, move_hazard
from hazards.services.signs import judge_sign
from hazards.services.waiting import hand_over_hazard
from hazards.tests.conftest import photo
from hazards.tests.test_life import major as major
from hazards.tests.test_life import to_awaiting
from hazards.tests.test_listing import put_on_list
from hazards.tests.test_register_pages import look as look
from hazards.tests.test_register_pages import media as media
from hazards.tests.test_register_pages import send as send
from units.tests.people import person


@pytest.fixture
def closed(hazard, staff, clerk, inspector, today):
    grade_hazard(by=staff, hazard=hazard, level="general", due_on=today + dt.timedelta(days=5))
    move_hazard(by=clerk, hazard=hazard, action="start")
    to_awaiting(hazard, clerk, today)
    record_reinspection(
        by=inspector, hazard=hazard, on=today, on_site=True, officers=[inspector], passed=True, opinion="已装防护罩"
    )
    return hazard


@pytest.fixture
def second_inspector(county):
    return person("inspector.he", "何执法", "inspector", county.bureau)


@pytest.fixture
def ordered(closed, staff, today):
    return order_look_back(by=staff, hazard=closed, reason="照片可疑", due_on=today + dt.timedelta(days=7))


def see(look_back, by, officers, today, *, holds=False, **changes):
    given = {"on": today, "opinion": "防护罩已被拆下", "officers": officers, "holds": holds} | changes
    return record_look_back(by=by, look_back=look_back, **given)


def test_is_ordered_once_and_only_of_closed_hazards(ordered, closed, staff, clerk, inspector, stranger, today):
    with pytest.raises(Conflict, match="已经安排"):
        order_look_back(by=staff, hazard=closed, reason="再看", due_on=today)
    for other in (clerk, inspector, stranger):
        with pytest.raises(NotAllowed):
            order_look_back(by=other, hazard=closed, reason="看", due_on=today)
    with pytest.raises(IntegrityError), transaction.atomic():
        LookBack.objects.create(hazard=closed, reason="看", due_on=today, ordered_by=staff)
    move_hazard(by=staff, hazard=closed, action="reopen", note="反弹")
    with pytest.raises(Conflict):
        order_look_back(by=staff, hazard=closed, reason="看", due_on=today)


def test_those_who_closed_do_not_look(ordered, closed, staff, inspector, clerk, second_staff, today):
    for wrong in ([inspector], [clerk, second_staff], []):
        with pytest.raises(Refused) as refusal:
            see(ordered, staff, wrong, today)
        assert "officers" in refusal.value.fields
    with pytest.raises(NotAllowed):
        see(ordered, clerk, [second_staff], today)
    see(ordered, staff, [second_staff], today, files=[photo("olive")])
    with pytest.raises(Conflict):
        see(ordered, staff, [second_staff], today)


def test_what_does_not_hold_is_opened_again(ordered, closed, staff, inspector, second_inspector, clerk, today, look):
    for who in (inspector, clerk):
        with pytest.raises((Refused, NotAllowed)):
            move_hazard(by=who, hazard=closed, action="reopen", note="不放心")
    see(ordered, second_inspector, [second_inspector], today)
    closed.refresh_from_db()
    assert (closed.state, closed.returned_count, closed.closed_by) == ("returned", 1, None)
    assert {"hazard.looked_back", "hazard.reopen"} <= set(history_of(closed).values_list("verb", flat=True))
    assert "防护罩已被拆下" in look(clerk, closed.get_absolute_url())


def test_what_holds_stays_closed(ordered, closed, staff, second_staff, today):
    see(ordered, staff, [second_staff], today, holds=True)
    closed.refresh_from_db()
    assert closed.state == "closed"


def test_late_is_said_once_in_python_and_once_in_sql(ordered, today):
    LookBack.objects.update(due_on=today - dt.timedelta(days=1))
    ordered.refresh_from_db()
    assert ordered.is_overdue and list(LookBack.objects.overdue()) == [ordered]
    LookBack.objects.update(on=today, holds=True, opinion="还在")
    ordered.refresh_from_db()
    assert not ordered.is_overdue and not LookBack.objects.overdue().exists()


def test_the_mine_is_not_told_before(ordered, closed, look, clerk, staff, inspector, second_staff, today):
    address = closed.get_absolute_url()
    assert "照片可疑" in look(staff, address) and "回头看" not in look(clerk, address)
    look(clerk, "/hazards/look-backs/", status=404)
    look(clerk, ordered.get_absolute_url(), status=404)
    assert "照片可疑" in look(inspector, ordered.get_absolute_url())
    see(ordered, staff, [second_staff], today)
    shown = look(clerk, address)
    assert "防护罩已被拆下" in shown and "照片可疑" not in shown


def test_a_suspicious_sign_leads_on(closed, look, send, staff, second_staff, today):
    sign = Sign.objects.create(hazard=closed, kind="copied_words", key="x", words="说明雷同")
    page = sign.get_absolute_url()
    assert "下一步" not in look(staff, page)
    judge_sign(by=staff, sign=sign, verdict="suspicious", words="逐字相同")
    shown = look(staff, page)
    assert f"look-back/?sign={sign.pk}" in shown and "回头看不合格，重新整改" in shown
    order = f"{closed.get_absolute_url()}look-back/"
    assert "逐字相同" in look(staff, order, sign=sign.pk)
    send(staff, f"{order}?sign={sign.pk}", reason="到现场核对", due_on=today.isoformat())
    made = LookBack.objects.get()
    assert "look-back/?sign=" not in look(staff, page), "one look at a time"
    assert made.sign == sign and "待回头看" in look(staff, "/") and "到现场核对" in look(staff, "/hazards/look-backs/")
    assert f"/hazards/look-backs/{made.pk}/" in look(second_staff, page)
    typed = {"officers": [second_staff.pk], "on": today.isoformat(), "opinion": "属实", "holds": "yes"}
    assert "整改属实" in send(second_staff, made.get_absolute_url(), **typed)
    look(second_staff, made.get_absolute_url(), status=409)


def test_a_sign_of_a_hazard_that_waits_leads_to_its_reinspection(hazard, look, staff, clerk, today):
    grade_hazard(by=staff, hazard=hazard, level="general", due_on=today)
    move_hazard(by=clerk, hazard=hazard, action="start")
    to_awaiting(hazard, clerk, today)
    sign = Sign.objects.create(hazard=hazard, kind="copied_words", key="x", words="说明雷同")
    judge_sign(by=staff, sign=sign, verdict="suspicious", words="逐字相同")
    assert f"/hazards/{hazard.pk}/reinspection/" in look(staff, sign.get_absolute_url())


def test_the_first_page_gathers_the_heaps(major, look, staff, second_staff, clerk, leader, client, today):
    listing = put_on_list(staff, major)
    assert "挂牌督办：待答复" not in look(staff, "/")
    later = listing.due_on + dt.timedelta(days=30)
    ask_listing_extension(by=clerk, listing=listing, new_due_on=later, reason="等设备")
    assert listing.number in look(staff, "/") and listing.number not in look(clerk, "/")
    Listing.objects.update(state="listed", due_on=today + dt.timedelta(days=9))
    assert "期限临近的挂牌督办" in look(clerk, "/") and listing.number in look(staff, "/")
    assert client.get("/heaps/listings/").headers["Location"] == "/listings/?heap=listings"
    heap = client.get("/heaps/listings/", headers={"HX-Request": "true"}).content.decode()
    assert listing.number in heap and f"{listing.get_absolute_url()}?back=/%23listings" in heap
    look(clerk, "/")
    assert client.get("/heaps/registered/", headers={"HX-Request": "true"}).status_code == 404
    write_investigation(by=staff, hazard=major, begun_on=today, parts={"team": "组"}).__class__.objects.update(
        state="submitted"
    )
    Sign.objects.create(hazard=major, kind="copied_words", key="x", words="雷同")
    assert "调查报告待签发" in look(second_staff, "/") and "调查报告待签发" not in look(staff, "/")
    assert "整改疑点待判断" in look(staff, "/") and "整改疑点待判断" not in look(clerk, "/")
    assert major.place in look(second_staff, "/hazards/", heap="investigations")
    client.force_login(staff)
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert len(queries) <= 12, "the heaps of all rooms are counted at once"


def test_what_was_handed_over_waits_on_the_first_page(hazard, look, staff, today):
    hand_over_hazard(by=staff, hazard=hazard, receiver="县能源局", reason="职责", sent_on=today)
    assert "移送其他部门，等待答复" in look(staff, "/")
    assert hazard.place in look(staff, "/hazards/", state="handed_over")


def test_the_button_says_what_is_missing(major, look, staff, inspector, clerk, leader):
    address = major.get_absolute_url()
    for who in (staff, inspector):
        shown = look(who, address)
        assert "还不能“销号”" in shown and "“五落实”还缺：责任、措施、资金、时限、预案" in shown
    for who in (clerk, leader):
        assert "还不能“销号”" not in look(who, address)
    assert Hazard.objects.get().state == "treating"
