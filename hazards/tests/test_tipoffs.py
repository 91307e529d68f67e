"""Tip-offs: the public tells and asks, the bureau handles, and who told stays with two people."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import evidence_path
from common.history import history_of
from common.models import Event, Evidence
from common.transitions import advance, allowed_actions
from hazards.models import Hazard, Knock, TipOff, TipOffContact, TipOffReward
from hazards.models.tipoffs import hash_of_code
from hazards.services import knocks
from hazards.services.knocks import Limit, knock
from hazards.services.tipoffs import (
    account_tip_off,
    answer_tip_off,
    bare_photo,
    decline_tip_off,
    find_by_code,
    hand_over_tip_off,
    handle_tip_off,
    move_reward,
    move_tip_off,
    name_officer,
    propose_reward,
    read_contact,
    receive_tip_off,
    register_tip_off_hazard,
    verify_tip_off,
)

HOSTILE = "<script>alert(1)</script>&\"'"
SENDER, PHONE = "钱无名", "13900000000"
PUBLIC = reverse("hazards:tip_off_public")
QUERY = reverse("hazards:tip_off_query")


@pytest.fixture
def told(county):
    """A tip-off with the sender's name, and its code."""
    return receive_tip_off(
        region=county.region, mine=county.mine, mine_name="石门煤矿", place="回风巷", happened="夜班",
        description="传感器被包住", name=SENDER, phone=PHONE,
    )  # fmt: skip


@pytest.fixture
def tip_off(told):
    return told[0]


def verify(by, tip_off, finding="true", **changes):
    return verify_tip_off(
        by=by, tip_off=tip_off, finding=finding, finding_words="到现场看过", verified_on=timezone.localdate(), **changes
    )


def data(place, /, **changes):
    return {"county": place.region.code, "mine_name": "石门煤矿", "description": "传感器被包住"} | changes


def snap(gps: bool = True) -> SimpleUploadedFile:
    picture, target = Image.new("RGB", (80, 60), "green"), io.BytesIO()
    exif = picture.getexif()
    exif[0x0110] = "PHONE-MODEL-X"
    if gps:
        exif.get_ifd(0x8825)[1] = "N"
    picture.save(target, "JPEG", exif=exif)
    return SimpleUploadedFile("王五的手机.jpg", target.getvalue(), "image/jpeg")


# ---- The public


def test_a_stranger_tells_and_asks_without_saying_who_they_are(county, client, staff):
    answer = client.post(PUBLIC, data(county, photos=[snap()]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("hazards:tip_off_code"))
    page = client.get(answer["Location"])
    code = page.context["code"]
    assert len(code) == 19 and code in page.content.decode() and "no-store" in page["Cache-Control"]
    assert code not in client.get(answer["Location"]).content.decode()
    tip_off = TipOff.objects.get()
    assert (tip_off.mine, tip_off.region, tip_off.state) == (county.mine, county.region, "received")
    assert tip_off.code_hash == hash_of_code(code) and code not in str(Event.objects.values_list())
    assert not TipOffContact.objects.exists()
    shown = Client().post(QUERY, {"code": code.lower().replace("-", " ")})
    assert shown.status_code == 200 and "已收到，正在核查" in shown.content.decode()


def test_a_mine_that_nobody_knows_and_what_is_missing(county, client):
    assert client.post(PUBLIC, data(county, mine_name="北山沟里的采石场")).status_code == 302
    assert TipOff.objects.get().subject == "北山沟里的采石场"
    for changes in ({"description": ""}, {"mine_name": ""}, {"county": ""}, {"website": "http://spam"}):
        answer = client.post(PUBLIC, data(county, **{"mine_name": "无名矿"} | changes))
        assert answer.status_code == 422, changes
    assert TipOff.objects.count() == 1


def test_mines_are_found_by_a_part_of_their_name(county, client):
    mines = reverse("hazards:tip_off_mines")
    assert "石门煤矿" in client.get(mines, {"mine_name": "石门"}).content.decode()
    assert "白川一矿" not in client.get(mines, {"mine_name": "石门"}).content.decode()
    assert "没有找到" in client.get(mines, {"mine_name": "火星"}).content.decode()
    page = client.post(PUBLIC, {"mine_name": "白川", "refresh": "1"}).content.decode()
    assert "白川一矿" in page and "有内容需要修改" not in page
    chosen = data(county, mine_name="白川", mine=county.other_mine.pk)
    assert client.post(PUBLIC, chosen).status_code == 302
    assert (TipOff.objects.get().mine, TipOff.objects.get().region) == (county.other_mine, county.other_region)


def test_photographs_lose_what_tells_who_took_them(county, client):
    client.post(PUBLIC, data(county, photos=[snap(), snap(gps=False)]))
    kept = Evidence.objects.about(TipOff.objects.get())
    assert [one.name for one in kept] == ["照片1.jpg"], "two pictures that differ in their data only are one file"
    raw = evidence_path(kept[0].sha256).read_bytes()
    assert b"PHONE-MODEL-X" not in raw and not Image.open(io.BytesIO(raw)).getexif()
    text = SimpleUploadedFile("a.jpg", b"hello there, this is text")
    assert client.post(PUBLIC, data(county, photos=[text])).status_code == 422
    with pytest.raises(Refused):
        bare_photo(text, 1)


def test_evidence_is_not_for_mines(county, client, clerk, staff, stranger):
    client.post(PUBLIC, data(county, photos=[snap()]))
    url = Evidence.objects.get().get_absolute_url()
    assert client.get(url).status_code in (302, 404)
    for person, status in ((clerk, 404), (stranger, 404), (staff, 200)):
        client.force_login(person)
        assert client.get(url).status_code == status


@pytest.fixture
def narrow(monkeypatch):
    monkeypatch.setitem(knocks.DOORS, "tip_off", Limit(2, 3))
    monkeypatch.setitem(knocks.DOORS, "tip_off_query", Limit(2, 100))


def test_a_flood_is_refused_with_a_sentence(narrow, county, client):
    for _ in range(2):
        assert client.post(PUBLIC, data(county)).status_code == 302
    answer = client.post(PUBLIC, data(county))
    assert (
        answer.status_code == 422 and "12350" in answer.content.decode() and "传感器被包住" in answer.content.decode()
    )
    assert client.post(PUBLIC, data(county), REMOTE_ADDR="198.51.100.7").status_code == 302
    assert client.post(PUBLIC, data(county), REMOTE_ADDR="198.51.100.8").status_code == 422, "all together"
    assert TipOff.objects.count() == 3
    assert "198.51" not in str(list(Knock.objects.values_list()))


def test_codes_cannot_be_tried_one_after_another(narrow, told, client):
    for _ in range(2):
        assert client.post(QUERY, {"code": "AAAA-BBBB-CCCC-DDDD"}).status_code == 422
    answer = client.post(QUERY, {"code": told[1]})
    assert answer.status_code == 422 and "传感器" not in answer.content.decode()
    assert client.get(f"{QUERY}?code={told[1]}").status_code == 200
    assert find_by_code("") is None and find_by_code(told[0].number) is None


def test_counting_is_by_the_hour_and_by_network(db, narrow, time_machine):
    time_machine.move_to(dt.datetime(2026, 5, 1, 8, 59, tzinfo=dt.UTC), tick=False)
    for _ in range(2):
        knock(door="tip_off", address="2001:db8:1:2::1")
    with pytest.raises(Refused):
        knock(door="tip_off", address="2001:db8:1:2:ffff::9")
    time_machine.move_to(dt.datetime(2026, 5, 1, 9, 0, tzinfo=dt.UTC), tick=False)
    knock(door="tip_off", address=None)
    time_machine.move_to(dt.datetime(2026, 5, 4, 9, 0, tzinfo=dt.UTC), tick=False)
    knock(door="tip_off", address="192.0.2.1")
    assert Knock.objects.count() == 2, "old hours are forgotten"


def test_the_log_does_not_say_from_where(county, client, caplog):
    client.post(PUBLIC, data(county), REMOTE_ADDR="198.51.100.7")
    client.get("/login/", REMOTE_ADDR="198.51.100.8")
    told = [str(line.msg) for line in caplog.records if line.name == "campaign_tracker.request"]
    assert len(told) == 2 and "198.51.100.7" not in told[0] and "198.51.100.8" in told[1]


def test_the_public_never_reads_notes_or_names(tip_off, told, staff, second_staff, client):
    verify(staff, tip_off)
    handle_tip_off(by=staff, tip_off=tip_off, handling="内部处理意见", handled_on=timezone.localdate())
    page = client.post(QUERY, {"code": told[1]}).content.decode()
    assert "已处理，正在准备答复" in page
    answer_tip_off(by=staff, tip_off=tip_off, answer="您反映的情况属实，已责令整改。")
    account_tip_off(by=staff, tip_off=tip_off, accountability="罚款五万")
    page = client.post(QUERY, {"code": told[1]}).content.decode()
    assert "已责令整改" in page
    for hidden in (
        "内部处理意见",
        "到现场看过",
        "罚款",
        staff.name,
        SENDER,
        PHONE,
        "石门煤矿",
        "传感器",
        tip_off.number,
    ):
        assert hidden not in page
    reward = propose_reward(by=staff, tip_off=tip_off, amount=Decimal(3000), basis="罚款的15%")
    assert "3000" not in client.post(QUERY, {"code": told[1]}).content.decode()
    move_reward(by=second_staff, reward=reward, action="approve")
    assert "3000.00元，已批准" in client.post(QUERY, {"code": told[1]}).content.decode()


# ---- The life


def test_the_days_follow_the_rules(tip_off, today):
    assert (tip_off.verify_by - today).days == 15 and (tip_off.answer_by - today).days == 60
    assert tip_off.number == f"JB149921-{today.year}-0001"


def test_from_receipt_to_the_end(tip_off, staff, second_staff, today):
    verify(staff, tip_off)
    with pytest.raises(Refused, match="处理情况"):
        answer_tip_off(by=staff, tip_off=tip_off, answer="属实")
    handle_tip_off(by=staff, tip_off=tip_off, handling="责令整改", handled_on=today)
    answer_tip_off(by=staff, tip_off=tip_off, answer="属实，已整改")
    with pytest.raises(Refused, match="责任追究"):
        move_tip_off(by=staff, tip_off=tip_off, action="close")
    account_tip_off(by=staff, tip_off=tip_off, accountability="罚款5万元")
    reward = propose_reward(by=staff, tip_off=tip_off, amount=Decimal("7500"), basis="5万元的15%")
    with pytest.raises(Refused, match="奖励"):
        move_tip_off(by=staff, tip_off=tip_off, action="close")
    move_reward(by=second_staff, reward=reward, action="approve")
    move_reward(by=staff, reward=reward, action="pay")
    move_tip_off(by=staff, tip_off=tip_off, action="close")
    assert (tip_off.state, reward.state, reward.paid_on) == ("closed", "paid", today)
    verbs = [event.verb for event in history_of(tip_off).order_by("id")]
    assert verbs == [
        "tipoff.received", "tipoff.verify", "tipoff.handle", "tipoff.answer", "tipoff.account",
        "tipoff.reward_proposed", "tipoff.reward_moved", "tipoff.reward_moved", "tipoff.close",
    ]  # fmt: skip


def test_what_was_not_true_is_answered_and_closed(tip_off, staff):
    verify(staff, tip_off, "false")
    with pytest.raises(Conflict):
        propose_reward(by=staff, tip_off=tip_off, amount=Decimal(100), basis="无")
    answer_tip_off(by=staff, tip_off=tip_off, answer="现场没有发现")
    move_tip_off(by=staff, tip_off=tip_off, action="close")
    move_tip_off(by=staff, tip_off=tip_off, action="reopen", note="又有新线索")
    assert tip_off.state == "received"


def test_not_accepted_and_handed_over_say_why(county, staff):
    for service, more, state in (
        (decline_tip_off, {}, "not_accepted"),
        (hand_over_tip_off, {"handed_to": "县住建局"}, "handed_over"),
    ):
        tip_off, code = receive_tip_off(region=county.region, mine_name="工地", description="太吵")
        with pytest.raises(Refused) as refusal:
            service(by=staff, tip_off=tip_off, answer=" ", **more)
        assert "answer" in refusal.value.fields
        service(by=staff, tip_off=tip_off, answer="请向住建局反映", **more)
        assert tip_off.state == state and find_by_code(code) == tip_off


def test_the_bureau_names_the_mine_that_the_sender_did_not(county, staff):
    tip_off, _ = receive_tip_off(region=county.region, mine_name="沟里的矿", description="夜里出煤")
    with pytest.raises(Refused) as refusal:
        verify(staff, tip_off, mine=county.other_mine)
    assert "mine" in refusal.value.fields
    verify(staff, tip_off, mine=county.sister_mine)
    assert tip_off.subject == "北沟煤矿"


def test_only_the_bureau_of_the_region_moves_it(tip_off, clerk, leader, inspector, auditor, stranger, staff):
    for other in (clerk, leader, inspector, auditor, stranger):
        assert allowed_actions(tip_off, other) == []
        with pytest.raises(NotAllowed):
            verify(other, tip_off)
    assert {act.action for act in allowed_actions(tip_off, staff)} == {"verify", "hand_over", "decline"}


@pytest.mark.parametrize("state", TipOff.State.values)
def test_every_illegal_move_is_refused(state, tip_off, staff):
    fields = {"state": state, "finding": "true", "answer": "答复"}
    TipOff.objects.filter(pk=tip_off.pk).update(**fields)
    tip_off.refresh_from_db()
    for action in {action for _, action in TipOff.moves}:
        if (state, action) not in TipOff.moves:
            with pytest.raises(Conflict):
                advance(tip_off, action, by=staff, note="硬来")


@pytest.mark.parametrize("state", TipOff.State.values)
@pytest.mark.parametrize("shift", [-1, 1])
def test_overdue_is_one_rule(state, shift, tip_off, today):
    day = today + dt.timedelta(days=shift)
    TipOff.objects.filter(pk=tip_off.pk).update(
        state=state, finding="true", answer="x", verify_by=day, answer_by=today - dt.timedelta(days=shift)
    )
    tip_off.refresh_from_db()
    assert tip_off.is_overdue == TipOff.objects.overdue().filter(pk=tip_off.pk).exists()


def test_the_database_keeps_the_order(tip_off, staff):
    for broken in ({"state": "handled"}, {"state": "answered"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TipOff.objects.filter(pk=tip_off.pk).update(**broken)
    verify(staff, tip_off)
    reward = propose_reward(by=staff, tip_off=tip_off, amount=Decimal(5), basis="x")
    for broken in ({"state": "paid"}, {"decided_by": staff}, {"amount": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TipOffReward.objects.filter(pk=reward.pk).update(**broken)


def test_a_reward_is_decided_by_a_second_person(tip_off, staff, second_staff, leader):
    verify(staff, tip_off)
    with pytest.raises(Refused) as refusal:
        propose_reward(by=staff, tip_off=tip_off, amount=Decimal(300_001), basis="x")
    assert "30万元" in refusal.value.fields["amount"][0]
    reward = propose_reward(by=staff, tip_off=tip_off, amount=Decimal(3000), basis="最低金额")
    with pytest.raises(Refused, match="另一名"):
        move_reward(by=staff, reward=reward, action="approve")
    with pytest.raises(NotAllowed):
        move_reward(by=leader, reward=reward, action="approve")
    move_reward(by=second_staff, reward=reward, action="refuse", note="依据不足")
    propose_reward(by=staff, tip_off=tip_off, amount=Decimal(3000), basis="补充依据")


def test_what_was_found_true_becomes_a_hazard_in_one_step(tip_off, coal_mine, staff, clerk, client):
    with pytest.raises(Conflict):
        register_tip_off_hazard(by=staff, tip_off=tip_off, mine=coal_mine, place="回风巷", description="x")
    verify(staff, tip_off, "partly")
    client.force_login(staff)
    url = reverse("hazards:tip_off_hazard", args=[tip_off.pk])
    assert "到现场看过" in client.get(url).content.decode()
    sent = {"mine": coal_mine.pk, "place": "回风巷", "description": "传感器被遮挡"}
    assert client.post(url, sent).status_code == 302
    hazard = Hazard.objects.get()
    tip_off.refresh_from_db()
    assert (tip_off.hazard, hazard.source, hazard.found_by) == (hazard, "tip_off", "群众举报")
    assert client.post(url, sent).status_code in (409, 422) and Hazard.objects.count() == 1
    assert tip_off.number in client.get(hazard.get_absolute_url()).content.decode()
    client.force_login(clerk)
    page = client.get(hazard.get_absolute_url()).content.decode()
    assert "传感器被遮挡" in page
    for hidden in ("传感器被包住", SENDER, PHONE, tip_off.number):
        assert hidden not in page


# ---- Who told


def test_names_are_for_two_roles_and_every_reading_is_written_down(
    tip_off, admin, staff, second_staff, inspector, leader, auditor, clerk, mine_head, liaison, stranger, county, client
):
    contact = reverse("hazards:tip_off_contact", args=[tip_off.pk])
    for other in (staff, second_staff, inspector, leader, auditor):
        client.force_login(other)
        page = client.get(tip_off.get_absolute_url())
        assert (
            page.status_code == 200
            and SENDER not in page.content.decode()
            and 'name="purpose"' not in str(page.content)
        )
        assert client.post(contact, {"purpose": "看看"}).status_code == 403
        with pytest.raises(NotAllowed):
            read_contact(by=other, tip_off=tip_off, purpose="看看")
    for other in (clerk, mine_head, liaison, stranger):
        client.force_login(other)
        assert client.get(tip_off.get_absolute_url()).status_code == 404
        assert client.post(contact, {"purpose": "看看"}).status_code == 404
    assert not history_of(tip_off).filter(verb="tipoff.contact_read").exists()
    with pytest.raises(NotAllowed):
        name_officer(by=staff, region=county.region, officer=staff)
    with pytest.raises(Refused):
        name_officer(by=admin, region=county.region, officer=stranger)
    name_officer(by=admin, region=county.region, officer=staff)
    for keeper in (admin, staff):
        client.force_login(keeper)
        assert SENDER not in client.get(tip_off.get_absolute_url()).content.decode()
        assert client.post(contact, {"purpose": " "}).status_code == 400
        page = client.post(contact, {"purpose": "核实细节"})
        assert (
            SENDER in page.content.decode() and PHONE in page.content.decode() and "no-store" in page["Cache-Control"]
        )
    read = history_of(tip_off).filter(verb="tipoff.contact_read")
    assert [event.actor_name for event in read] == [staff.name, admin.name] and read[0].note == "核实细节"
    client.force_login(second_staff)
    assert client.post(contact, {"purpose": "看看"}).status_code == 403


def test_names_are_in_no_list_export_search_or_history(tip_off, admin, client):
    client.force_login(admin)
    listed = reverse("hazards:tip_offs")
    assert tip_off.number in client.get(listed).content.decode()
    pages = [client.get(listed).content, client.get(listed, {"q": SENDER}).content]
    for form in ("xlsx", "csv"):
        pages.append(b"".join(client.get(listed, {"export": form}).streaming_content))
    pages.append(client.get("/search/", {"q": SENDER}).content.replace(f'value="{SENDER}"'.encode(), b""))
    assert not any(PHONE.encode() in page for page in pages)
    assert "没有符合条件" in pages[1].decode() and tip_off.number not in pages[-1].decode()
    for event in Event.objects.all():
        assert SENDER not in f"{event.before}{event.after}{event.note}{event.object_text}"


def test_hostile_words_stay_words(county, staff, admin, client):
    fields = dict.fromkeys(("mine_name", "place", "happened", "description", "name", "phone"), HOSTILE)
    tip_off, code = receive_tip_off(region=county.region, **{**fields, "phone": HOSTILE[:40], "name": HOSTILE[:40]})
    again = Client().post(PUBLIC, {**fields, "website": HOSTILE}).content.decode()
    assert "<script>alert" not in again
    verify_tip_off(by=staff, tip_off=tip_off, finding="false", finding_words=HOSTILE, verified_on=timezone.localdate())
    answer_tip_off(by=staff, tip_off=tip_off, answer=HOSTILE)
    client.force_login(admin)
    for page in (
        client.get(tip_off.get_absolute_url()),
        client.get(reverse("hazards:tip_offs")),
        client.post(reverse("hazards:tip_off_contact", args=[tip_off.pk]), {"purpose": HOSTILE}),
        client.get("/"),
        Client().post(QUERY, {"code": code}),
        Client().get(reverse("hazards:tip_off_mines"), {"mine_name": HOSTILE}),
    ):
        assert page.status_code == 200 and "<script>alert" not in page.content.decode()


# ---- Pages of the bureau


def test_steps_through_the_pages(tip_off, staff, second_staff, leader, client, today):
    client.force_login(leader)
    step = lambda name: reverse("hazards:tip_off_step", args=[tip_off.pk, name])  # noqa: E731
    assert client.get(step("verify")).status_code == 403
    client.force_login(staff)
    assert client.get("/").content.decode().count('id="tip-offs"') == 1
    day = today.isoformat()
    for name, sent in (
        ("verify", {"finding": "true", "finding_words": "属实", "verified_on": day}),
        ("handle", {"handling": "责令整改", "handled_on": day}),
        ("answer", {"answer": "已整改"}),
        ("account", {"accountability": "罚款"}),
    ):
        assert client.get(step(name)).status_code == 200
        assert client.post(step(name), {}).status_code == 422
        assert client.post(step(name), sent).status_code == 302
    assert client.get(step("verify")).status_code == 409 and client.get(step("nothing")).status_code == 404
    assert (
        client.post(reverse("hazards:reward_new", args=[tip_off.pk]), {"amount": "3000", "basis": "x"}).status_code
        == 302
    )
    reward = TipOffReward.objects.get()
    client.force_login(second_staff)
    client.post(reverse("hazards:reward_act", args=[reward.pk]), {"act": "approve"})
    client.post(reverse("hazards:reward_act", args=[reward.pk]), {"act": "pay"})
    client.post(reverse("hazards:tip_off_act", args=[tip_off.pk]), {"act": "close"})
    tip_off.refresh_from_db()
    assert tip_off.state == "closed"


def test_staff_enter_what_came_by_telephone(county, staff, leader, clerk, client):
    url = reverse("hazards:tip_off_new")
    sent = {"channel": "phone", "mine": county.mine.pk, "description": "有人超定员下井", "name": SENDER}
    for other in (leader, clerk):
        client.force_login(other)
        assert client.post(url, sent).status_code == 403
    client.force_login(staff)
    assert client.post(url, sent | {"mine": county.other_mine.pk}).status_code == 422
    page = client.post(url, sent, follow=True).content.decode()
    tip_off = TipOff.objects.get()
    assert "查询码" in page and tip_off.registered_by == staff and SENDER not in page
    assert TipOffContact.objects.get().name == SENDER


def test_lists_are_for_the_region_and_cost_the_same(county, staff, clerk, stranger, client, django_assert_num_queries):
    url = reverse("hazards:tip_offs")
    client.force_login(clerk)
    assert client.get(url).status_code == 404
    for _ in range(2):
        receive_tip_off(region=county.region, mine=county.mine, description="甲")
    client.force_login(stranger)
    assert "JB149921" not in client.get(url).content.decode()
    client.force_login(staff)
    client.get(url)
    with CaptureQueriesContext(connection) as two:
        client.get(url)
    for _ in range(18):
        receive_tip_off(region=county.region, mine=county.mine, description="乙")
    with django_assert_num_queries(len(two)):
        client.get(url)
    assert len(two) <= 12


def test_the_administrator_names_the_officer(admin, staff, client):
    url = reverse("hazards:tip_off_officer")
    client.force_login(staff)
    assert client.get(url).status_code == 403
    client.force_login(admin)
    assert client.post(url, {"officer": staff.pk}).status_code == 302
    assert "selected" in client.get(url).content.decode()
    assert client.post(url, {"officer": ""}).status_code == 302
