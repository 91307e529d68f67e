"""A major hazard on the list: its notice, its days, who may do what, and how it comes off."""

import datetime as dt
import io
import re

import pypdfium2
import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from docx import Document

from common.errors import Conflict, NotAllowed, Refused
from common.history import history_of
from common.models import Evidence
from common.transitions import advance, allowed_actions
from common.workdays import add_workdays, workdays_between
from hazards.letters import PAPERS, proposed_items
from hazards.models import Hazard, Listing, ListingExtension
from hazards.services.listing import (
    ask_listing_extension,
    last_day_to_ask,
    list_hazard,
    move_listing,
    publish_listing,
    record_acceptance,
)
from hazards.services.proofs import record_reinspection
from hazards.services.register import grade_hazard, move_hazard
from hazards.tests.conftest import photo
from hazards.tests.test_life import major as major
from hazards.tests.test_life import prove_all, to_awaiting
from units.models import RuleSetting

HOSTILE = '#read("/etc/passwd") $x$ *甲*'


def put_on_list(by, hazard, days=120, **changes):
    today = timezone.localdate()
    given = {"level": "county", "listed_on": today, "due_on": today + dt.timedelta(days=days)} | changes
    given.setdefault("items", proposed_items(hazard))
    return list_hazard(by=by, hazard=hazard, **given)


@pytest.fixture
def listing(major, staff):
    return put_on_list(staff, major)


@pytest.fixture
def treated(listing, major, clerk, inspector, today):
    """The mine has treated the hazard and waits for re-inspection."""
    prove_all(major, clerk, inspector, today)
    to_awaiting(major, clerk, today)
    return listing


def close(hazard, inspector, staff, today):
    record_reinspection(
        by=inspector, hazard=hazard, on=today, on_site=True, officers=[inspector, staff], passed=True, opinion="已消除"
    )


def accept(listing, by, officers, *, passed, **changes):
    given = {"on": timezone.localdate(), "opinion": "现场查看属实", "officers": officers} | changes
    return record_acceptance(by=by, listing=listing, passed=passed, **given)


def test_the_notice_has_a_number_and_its_days(listing, today):
    assert listing.number == f"青应急督〔{today.year}〕1号" and listing.organ == "青岚县应急管理局"
    assert workdays_between(today, listing.report_by) == 3 and workdays_between(today, listing.publish_by) == 5
    assert listing.state == "listed" and listing.next_day == listing.due_on


def test_numbers_have_no_gap_where_a_listing_was_refused(listing, major, staff, admin, today):
    move_listing(by=admin, listing=listing, action="revoke", note="挂错了")
    with pytest.raises(Refused):
        put_on_list(staff, major, days=400)
    assert put_on_list(staff, major).number == f"青应急督〔{today.year}〕2号"


def test_only_the_bureau_lists_only_major_open_hazards(major, hazard, clerk, leader, inspector, staff, today):
    for other in (clerk, leader, inspector):
        with pytest.raises(NotAllowed):
            put_on_list(other, major)
    put_on_list(staff, major)
    with pytest.raises(Conflict, match="正在挂牌"):
        put_on_list(staff, major)


def test_a_general_hazard_is_not_listed(hazard, staff, today):
    grade_hazard(by=staff, hazard=hazard, level="general", due_on=today)
    with pytest.raises(Conflict, match="只有重大隐患"):
        put_on_list(staff, hazard)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": 366}, "due_on"),
        ({"days": 0}, "due_on"),
        ({"level": "city"}, "organ"),
        ({"level": "village"}, "level"),
        ({"items": {"subject_unit": "石门煤矿"}}, "requirement"),
    ],
)
def test_a_faulty_notice_is_refused_by_field(changes, field, major, staff):
    with pytest.raises(Refused) as refusal:
        put_on_list(staff, major, **changes)
    assert field in refusal.value.fields and not Listing.objects.exists()


def test_a_county_sets_its_own_limit(major, staff, county):
    RuleSetting.objects.create(region=county.region, key="listing_limit_days", value=100, source="本县办法")
    with pytest.raises(Refused, match="改正") as refusal:
        put_on_list(staff, major, days=101)
    assert "最长100天" in refusal.value.fields["due_on"][0]


def test_the_database_keeps_one_open_listing(listing, today):
    with pytest.raises(IntegrityError), transaction.atomic():
        Listing.objects.filter(pk=listing.pk).update(state="lifted")
    listing.pk, listing.number = None, "另一号"
    with pytest.raises(IntegrityError), transaction.atomic():
        listing.save(force_insert=True)


def test_what_was_published_and_where(listing, staff, clerk, today):
    with pytest.raises(Refused) as refusal:
        publish_listing(by=staff, listing=listing, reported_on=None, published_on=today)
    assert "published_at" in refusal.value.fields
    publish_listing(by=staff, listing=listing, reported_on=today, published_on=today, published_at="县政府网站")
    assert listing.published_at == "县政府网站"
    with pytest.raises(NotAllowed):
        publish_listing(by=clerk, listing=listing, reported_on=today, published_on=None)


def test_a_later_end_is_asked_for_in_time_and_answered(listing, clerk, staff, sister_clerk, today):
    later = listing.due_on + dt.timedelta(days=60)
    with pytest.raises(NotAllowed):
        ask_listing_extension(by=sister_clerk, listing=listing, new_due_on=later, reason="设备未到")
    asked = ask_listing_extension(by=clerk, listing=listing, new_due_on=later, reason="设备未到")
    assert listing.state == "extension_asked" and workdays_between(today, asked.answer_by) == 10
    assert listing.next_day == asked.answer_by
    with pytest.raises(Conflict):
        ask_listing_extension(by=clerk, listing=listing, new_due_on=later, reason="再申请")
    with pytest.raises(NotAllowed):
        move_listing(by=clerk, listing=listing, action="grant")
    move_listing(by=staff, listing=listing, action="grant")
    assert (listing.state, listing.due_on) == ("listed", later)
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == (ListingExtension.State.GRANTED, staff)
    assert Listing.objects.get(pk=listing.pk).first_due_on == asked.old_due_on


def test_a_refused_extension_needs_a_reason_and_leaves_the_end(listing, clerk, staff):
    end = listing.due_on
    ask_listing_extension(by=clerk, listing=listing, new_due_on=end + dt.timedelta(days=1), reason="设备未到")
    with pytest.raises(Refused, match="理由"):
        move_listing(by=staff, listing=listing, action="refuse")
    move_listing(by=staff, listing=listing, action="refuse", note="理由不足")
    assert (listing.state, listing.due_on) == ("listed", end)
    assert listing.extensions.get().state == ListingExtension.State.REFUSED


@pytest.mark.parametrize(("shift", "late"), [(0, False), (1, True)])
def test_the_last_day_to_ask_is_twenty_working_days_before_the_end(shift, late, listing, clerk):
    last = last_day_to_ask(listing.due_on, 20)
    assert last == add_workdays(listing.due_on, -20) and workdays_between(last, listing.due_on) in (20, 21)
    noon = dt.datetime.combine(last + dt.timedelta(days=shift), dt.time(4), tzinfo=dt.UTC)
    later = listing.due_on + dt.timedelta(days=30)
    with time_machine.travel(noon, tick=False):
        if late:
            with pytest.raises(Refused, match="20个工作日"):
                ask_listing_extension(by=clerk, listing=listing, new_due_on=later, reason="设备未到")
            listing.refresh_from_db()
            assert listing.state == "listed" and not listing.extensions.exists()
        else:
            assert ask_listing_extension(by=clerk, listing=listing, new_due_on=later, reason="设备未到").pk


def test_acceptance_waits_for_treatment(listing, clerk):
    with pytest.raises(Refused, match="自验"):
        move_listing(by=clerk, listing=listing, action="ask_acceptance")


def test_from_the_list_to_its_lifting(treated, major, clerk, inspector, staff, second_staff, today):
    move_listing(by=clerk, listing=treated, action="ask_acceptance")
    assert treated.accept_by == today + dt.timedelta(days=10) == treated.next_day
    with pytest.raises(Refused, match="没有复查销号"):
        accept(treated, staff, [staff, inspector], passed=True)
    assert not treated.acceptances.exists()
    close(major, inspector, second_staff, today)
    accept(treated, staff, [staff, inspector], passed=True, files=[photo("black")])
    assert (treated.state, treated.lifted_on) == ("lifted", today)
    assert treated.lifting_number == f"青应急督〔{today.year}〕2号"
    assert Evidence.objects.about(treated).count() == 1
    verbs = set(history_of(treated).values_list("verb", flat=True))
    assert {"listing.listed", "listing.ask_acceptance", "listing.lift"} <= verbs
    with pytest.raises(Conflict):
        publish_listing(by=staff, listing=treated, reported_on=today, published_on=None)


def test_acceptance_needs_two_people_and_never_the_rectifier(treated, clerk, staff, inspector):
    move_listing(by=clerk, listing=treated, action="ask_acceptance")
    for people, words in (([staff], "至少2人"), ([staff, staff], "至少2人"), ([staff, clerk], "整改人")):
        with pytest.raises(Refused) as refusal:
            accept(treated, staff, people, passed=False)
        assert words in refusal.value.fields["officers"][0]
    with pytest.raises(NotAllowed):
        accept(treated, clerk, [staff, inspector], passed=True)


def test_failing_twice_escalates(treated, clerk, staff, inspector, today):
    for count in (1, 2):
        move_listing(by=clerk, listing=treated, action="ask_acceptance")
        accept(treated, staff, [staff, inspector], passed=False)
        assert (treated.state, treated.failed_count, treated.is_escalated) == ("failed", count, count == 2)
    assert treated.escalated_on == today
    assert history_of(treated).filter(verb="listing.escalated").count() == 1


def test_only_the_body_that_listed_lifts(treated, clerk, staff, county):
    move_listing(by=clerk, listing=treated, action="ask_acceptance")
    Listing.objects.filter(pk=treated.pk).update(organ_unit=county.energy)
    treated.refresh_from_db()
    assert "lister" not in treated.relations_of(staff)
    with pytest.raises(NotAllowed):
        advance(treated, "lift", by=staff)


def test_a_listing_from_above_is_kept_by_the_county(major, staff):
    listing = put_on_list(
        staff, major, level="city", organ="试市应急管理局", number="试应急督〔2026〕9号", files=[photo()]
    )
    assert listing.organ_unit is None and "lister" in listing.relations_of(staff)
    assert [key for key, paper in PAPERS.items() if paper.exists(listing)] == ["record"]


def test_lateness_is_the_same_in_python_and_in_sql(listing):
    day = listing.due_on + dt.timedelta(days=1)
    with time_machine.travel(dt.datetime.combine(day, dt.time(4), tzinfo=dt.UTC), tick=False):
        for state in Listing.State.values:
            Listing.objects.filter(pk=listing.pk).update(state=state, lifted_on=day)
            row = Listing.objects.get(pk=listing.pk)
            assert row.is_overdue == Listing.objects.overdue().exists()


ILLEGAL = [
    (state, action)
    for state in Listing.State.values
    for action in sorted({action for _, action in Listing.moves})
    if (state, action) not in Listing.moves
]


@pytest.mark.parametrize(("state", "action"), ILLEGAL)
def test_a_move_outside_the_table(state, action, listing, staff, admin, clerk):
    Listing.objects.filter(pk=listing.pk).update(state=state, lifted_on=timezone.localdate())
    listing.refresh_from_db()
    for who in (staff, admin, clerk):
        with pytest.raises(Conflict):
            advance(listing, action, by=who, note="硬来")
    assert listing.state == state


@pytest.mark.parametrize(("state", "action"), list(Listing.moves))
def test_a_move_by_somebody_it_does_not_belong_to(
    state, action, listing, staff, clerk, inspector, sister_clerk, leader, stranger
):
    Listing.objects.filter(pk=listing.pk).update(state=state)
    listing.refresh_from_db()
    who = Listing.moves[state, action].who
    others = [sister_clerk, leader, stranger, inspector]
    others += [] if "mine" in who else [clerk]
    others += [] if "lister" in who else [staff]
    for one in others:
        with pytest.raises(NotAllowed):
            advance(listing, action, by=one, note="越权")
        assert action not in {allowed.action for allowed in allowed_actions(listing, one)}


# ---- Papers


def text_of(data):
    document = pypdfium2.PdfDocument(data)
    try:
        return re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()


def words_of(data):
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return re.sub(r"\s", "", "".join([*(paragraph.text for paragraph in document.paragraphs), *cells]))


@pytest.fixture
def lifted(treated, major, clerk, inspector, staff, second_staff, today):
    move_listing(by=clerk, listing=treated, action="ask_acceptance")
    close(major, inspector, second_staff, today)
    accept(treated, staff, [staff, inspector], passed=True, opinion="风机已更换")
    return treated


@pytest.mark.parametrize(("ending", "read"), [("pdf", text_of), ("docx", words_of)])
@pytest.mark.parametrize("key", list(PAPERS))
def test_the_papers_say_what_they_must(key, ending, read, lifted, client, clerk, today):
    client.force_login(clerk)
    answer = client.get(f"/listings/{lifted.pk}/papers/{key}.{ending}")
    assert answer.status_code == 200 and f".{ending}" in answer["Content-Disposition"]
    text = read(answer.content)
    wanted = {
        "notice": [lifted.number, "实施挂牌督办的通知", "一、隐患所在单位", "四、摘牌程序", "五、其他事项", "T1-1：主要通风机没有备用",
                   "3号皮带巷", f"{lifted.due_on.year}年{lifted.due_on.month}月{lifted.due_on.day}日前完成"],
        "lifting": [lifted.lifting_number, lifted.number, "予以摘牌", "陈执法、王科员", "风机已更换。"],
        "record": ["重大事故隐患挂牌督办记录", lifted.hazard.number, "验收合格，摘牌", "申请验收摘牌", "刘填报"],
    }[key]  # fmt: skip
    for words in (*wanted, "青岚县应急管理局", f"{today.year}年{today.month}月{today.day}日"):
        assert words in text, words


def test_a_hostile_name_stays_text(major, staff, client):
    major.mine.name = f"石门{HOSTILE}"
    major.mine.save()
    items = proposed_items(major) | {"subject": HOSTILE, "other": ""}
    listing = put_on_list(staff, major, items=items)
    client.force_login(staff)
    text = text_of(client.get(f"/listings/{listing.pk}/papers/notice.pdf").content)
    assert text.count('#read("/etc/passwd")$x$*甲*') >= 3 and "root:" not in text and "五、其他事项" not in text


# ---- Pages


def test_the_pages_from_the_hazard_to_the_lifting(major, staff, second_staff, clerk, inspector, client, today):
    client.force_login(staff)
    page = client.get(f"/hazards/{major.pk}/")
    assert f"/hazards/{major.pk}/listing/" in page.content.decode()
    form = client.get(f"/hazards/{major.pk}/listing/")
    data = dict(form.context["form"].initial)
    assert client.post(f"/hazards/{major.pk}/listing/", data | {"requirement": ""}).status_code == 422
    assert client.post(f"/hazards/{major.pk}/listing/", data).status_code == 302
    listing = Listing.objects.get()
    assert listing.number in client.get(f"/hazards/{major.pk}/").content.decode()
    shown = client.get("/listings/").content.decode()
    assert listing.number in shown and "挂牌督办中" in shown
    url = listing.get_absolute_url()
    client.post(f"{url}published/", {"reported_on": today, "published_on": today, "published_at": "县政府网站"})
    assert "县政府网站" in client.get(url).content.decode()

    client.force_login(clerk)
    later = listing.due_on + dt.timedelta(days=30)
    client.post(f"{url}extension/", {"new_due_on": later, "reason": "设备未到"})
    assert "设备未到" in client.get(url).content.decode()
    client.force_login(staff)
    client.post(f"{url}act/", {"act": "grant"})
    listing.refresh_from_db()
    assert listing.due_on == later

    prove_all(major, clerk, inspector, today)
    to_awaiting(major, clerk, today)
    client.force_login(clerk)
    client.post(f"{url}act/", {"act": "ask_acceptance"})
    close(major, inspector, second_staff, today)
    client.force_login(staff)
    assert client.get(f"{url}acceptance/").status_code == 200
    answer = client.post(
        f"{url}acceptance/",
        {"officers": [staff.pk, inspector.pk], "on": today, "opinion": "属实", "passed": "yes"},
    )
    assert answer.status_code == 302
    listing.refresh_from_db()
    assert listing.state == "lifted" and "摘牌通知" in client.get(url).content.decode()


def test_who_sees_a_listing(listing, client, staff, clerk, leader, auditor, sister_clerk, stranger):
    url = listing.get_absolute_url()
    for who, code in ((staff, 200), (clerk, 200), (leader, 200), (auditor, 200), (sister_clerk, 404), (stranger, 404)):
        client.force_login(who)
        for address in (url, f"{url}papers/notice.pdf"):
            assert client.get(address).status_code == code
        assert (listing.number in client.get("/listings/").content.decode()) == (code == 200)
    for who in (leader, auditor, clerk):
        client.force_login(who)
        assert client.get(f"{url}published/").status_code == 403
        assert client.post(f"{url}act/", {"act": "revoke", "note": "撤"}).status_code == 403
    client.force_login(sister_clerk)
    assert client.post(f"{url}act/", {"act": "ask_acceptance"}).status_code == 404


def test_papers_that_are_not_there(listing, client, staff):
    client.force_login(staff)
    for name in ("lifting.pdf", "notice.exe", "nothing.pdf"):
        assert client.get(f"{listing.get_absolute_url()}papers/{name}").status_code == 404


def test_the_list_costs_the_same_for_two_and_for_many(listing, client, staff, django_assert_max_num_queries):
    client.force_login(staff)
    client.get("/listings/")
    with django_assert_max_num_queries(12) as few:
        client.get("/listings/?state=open")
    hazard = listing.hazard
    for index in range(20):
        hazard.pk, hazard.number = None, f"另{index}"
        hazard.save(force_insert=True)
        listing.pk, listing.hazard, listing.number = None, hazard, f"另{index}"
        listing.save(force_insert=True)
    with django_assert_max_num_queries(12) as many:
        client.get("/listings/?state=open")
    assert len(few) == len(many)


def test_a_hazard_on_the_list_is_neither_voided_nor_graded_anew(listing, major, staff, admin, today):
    with pytest.raises(Refused, match="挂牌督办"):
        move_hazard(by=admin, hazard=major, action="void", note="误登")
    Hazard.objects.filter(pk=major.pk).update(state="graded")
    major.refresh_from_db()
    with pytest.raises(Refused, match="挂牌督办"):
        grade_hazard(by=staff, hazard=major, level="general", due_on=today, reason="降级", note="降级")
