"""Accounts through the pages of their administrators."""

from __future__ import annotations

import io
import re

import pytest
from django.test import Client
from openpyxl import load_workbook

from common.history import history_of
from units.models import Activation, Role, User
from units.tests.people import PASSWORD, person


@pytest.fixture
def desk(client, admin) -> Client:
    client.force_login(admin)
    return client


@pytest.fixture
def second_admin(county) -> User:
    return person("admin.zhou", "周管理", Role.BUREAU_ADMIN, county.bureau)


def new_account(county, **changes):
    return {
        "name": "高翔",
        "username": "gaoxiang",
        "phone": "0000-3123456",
        "email": "",
        "unit": county.mine.pk,
        "role": "mine_clerk",
        "duty": "安全科",
    } | changes


def act(client: Client, account: User, what: str, **more: str):
    return client.post(f"/accounts/{account.pk}/act/", {"act": what, **more}, follow=True)


def code_on(answer) -> str:
    return re.findall(r"[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){3}", answer.content.decode())[0]


def test_an_administrator_opens_an_account_and_its_person_takes_it_over(desk, county):
    answer = desk.post("/accounts/new/", new_account(county))
    account = User.objects.get(username="gaoxiang")
    assert account.unit == county.mine and not account.has_usable_password()
    code = code_on(answer)
    assert "只在这一页显示一次" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    # Shown once: no later page of the account holds it.
    assert code not in desk.get(f"/accounts/{account.pk}/").content.decode()
    stranger = Client()
    stranger.get(f"/activate/{code}/")
    stranger.post("/activate/", {"new": "Shimen#Kuang-77", "again": "Shimen#Kuang-77"})
    assert stranger.get("/profile/").status_code == 200
    assert [event.verb for event in history_of(account)][-2:] == ["user.code_issued", "user.created"]


def test_no_page_of_accounts_takes_or_shows_a_password(desk, county, clerk):
    for url in ("/accounts/new/", f"/accounts/{clerk.pk}/edit/", f"/accounts/{clerk.pk}/", "/accounts/?export=csv"):
        answer = desk.get(url)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b'type="password"' not in text and clerk.password.encode() not in text, url


def test_a_taken_name_and_a_wrong_role_come_back_beside_their_fields(desk, county, clerk):
    answer = desk.post("/accounts/new/", new_account(county, username="clerk.liu"))
    assert answer.status_code == 422 and "这个登录名已有人使用" in answer.content.decode()
    answer = desk.post("/accounts/new/", new_account(county, role="leader"))
    assert answer.status_code == 422
    assert "“矿山”的人员可选角色：矿山填报员、矿长" in answer.content.decode()
    assert 'value="gaoxiang"' in answer.content.decode()


def test_a_unit_of_another_county_cannot_be_chosen(desk, county):
    answer = desk.post("/accounts/new/", new_account(county, unit=county.other_mine.pk))
    assert answer.status_code == 422
    assert not User.objects.filter(username="gaoxiang").exists()


def test_changing_an_account_ends_its_log_in_when_its_rights_move(desk, county, clerk):
    other = Client()
    other.force_login(clerk)
    fields = {"name": "刘填报", "unit": county.mine.pk, "role": "mine_clerk", "phone": "1", "duty": "", "email": ""}
    assert "请填写电话号码" in desk.post(f"/accounts/{clerk.pk}/edit/", fields).content.decode()
    desk.post(f"/accounts/{clerk.pk}/edit/", fields | {"phone": "00000-31234"})
    assert other.get("/profile/").status_code == 200
    desk.post(f"/accounts/{clerk.pk}/edit/", fields | {"phone": "", "role": "mine_head"})
    assert other.get("/profile/").status_code == 302
    clerk.refresh_from_db()
    assert clerk.role == "mine_head"
    event = history_of(clerk).filter(verb="user.changed").first()
    assert event.before["role"] == "mine_clerk" and event.after["role"] == "mine_head"


def test_nobody_raises_their_own_rights(desk, county, admin):
    fields = {"name": "李管理", "unit": county.energy.pk, "role": "leader", "phone": "", "duty": "", "email": ""}
    desk.post(f"/accounts/{admin.pk}/edit/", fields)
    admin.refresh_from_db()
    assert (admin.role, admin.unit) == ("bureau_admin", county.bureau)
    from common.errors import Refused
    from units.services import change_account

    with pytest.raises(Refused, match="不能更改自己的角色和单位"):
        change_account(by=admin, account=admin, role="leader")


def test_disabling_and_enabling(desk, clerk):
    other = Client()
    other.force_login(clerk)
    assert "已停用" in act(desk, clerk, "disable", note="调离").content.decode()
    assert other.get("/profile/").status_code == 302
    assert other.post("/login/", {"username": "clerk.liu", "password": PASSWORD}).status_code == 422
    assert history_of(clerk).filter(verb="user.disabled").get().note == "调离"
    act(desk, clerk, "enable")
    assert other.post("/login/", {"username": "clerk.liu", "password": PASSWORD}).status_code == 302


def test_the_last_administrator_stays(desk, admin, county):
    assert "不能停用自己的账号" in act(desk, admin, "disable").content.decode()
    waiting = User.objects.create(username="new.admin", name="新管理", role=Role.BUREAU_ADMIN, unit=county.bureau)
    waiting.set_unusable_password()
    waiting.save()
    from common.errors import Refused
    from units.services import disable_account

    city = person("city.admin", "市管理", Role.BUREAU_ADMIN, None)
    city.is_superuser = True
    with pytest.raises(Refused, match="唯一能用的局管理员账号"):
        disable_account(by=city, account=admin)
    admin.refresh_from_db()
    assert admin.is_active


def test_one_of_two_administrators_may_go(desk, second_admin):
    act(desk, second_admin, "disable")
    second_admin.refresh_from_db()
    assert not second_admin.is_active


def test_a_reset_shuts_the_old_password_out_at_once(desk, clerk):
    other = Client()
    other.force_login(clerk)
    answer = act(desk, clerk, "code")
    assert code_on(answer)
    assert other.get("/profile/").status_code == 302
    assert other.post("/login/", {"username": "clerk.liu", "password": PASSWORD}).status_code == 422


def test_an_administrator_does_not_reset_their_own_password(desk, admin):
    assert "自己的密码请在“修改密码”中更改" in act(desk, admin, "code").content.decode()
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)


def test_unlocking(desk, clerk):
    other = Client()
    for _ in range(5):
        other.post("/login/", {"username": "clerk.liu", "password": "wrong"})
    assert other.post("/login/", {"username": "clerk.liu", "password": PASSWORD}).status_code == 429
    assert "解除登录暂停" in desk.get(f"/accounts/{clerk.pk}/").content.decode()
    act(desk, clerk, "unlock")
    assert other.post("/login/", {"username": "clerk.liu", "password": PASSWORD}).status_code == 302
    assert history_of(clerk).filter(verb="user.unlocked").exists()


def test_slips_for_everybody_who_waits(desk, county, clerk):
    desk.post("/accounts/new/", new_account(county))
    first = Activation.objects.get().code_hash
    assert "有 1 人还没有激活账号" in desk.get("/accounts/").content.decode()
    keys = [User.objects.get(username="gaoxiang").pk, clerk.pk, "²", "9" * 400]
    answer = desk.post("/accounts/slips/", {"selected": keys})
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    assert len(rows) == 3 and rows[2][1:3] == ("高翔", "gaoxiang")
    # The clerk has a password already and keeps it; the newcomer's first code is worth nothing now.
    assert Activation.objects.get().code_hash == Activation.hash_of(rows[2][3]) != first
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_an_account_of_the_operators_is_out_of_reach(desk, county):
    root = person("root.one", "运维", Role.BUREAU_STAFF, county.bureau)
    User.objects.filter(pk=root.pk).update(is_superuser=True)
    assert desk.post(f"/accounts/{root.pk}/act/", {"act": "code"}).status_code == 403
    root.refresh_from_db()
    assert root.check_password(PASSWORD)


class TestWhoMay:
    URLS = ("/accounts/", "/accounts/new/", "/accounts/slips/", "/accounts/import/", "/accounts/import/template/")

    @pytest.mark.parametrize("who", ["staff", "leader", "auditor", "inspector", "liaison", "clerk", "stranger"])
    def test_only_administrators(self, who, request, client, county, mine_head):
        client.force_login(request.getfixturevalue(who))
        for url in (*self.URLS, f"/accounts/{mine_head.pk}/", f"/accounts/{mine_head.pk}/edit/"):
            assert client.get(url).status_code == 403, url
        assert client.post(f"/accounts/{mine_head.pk}/act/", {"act": "disable"}).status_code == 403
        mine_head.refresh_from_db()
        assert mine_head.is_active

    def test_an_administrator_of_the_next_county_sees_nothing(self, client, county, clerk):
        client.force_login(person("admin.bai", "白管理", Role.BUREAU_ADMIN, county.other_bureau))
        assert "刘填报" not in client.get("/accounts/").content.decode()
        for url in (f"/accounts/{clerk.pk}/", f"/accounts/{clerk.pk}/edit/"):
            assert client.get(url).status_code == 404, url
        for what in ("disable", "code", "unlock"):
            assert client.post(f"/accounts/{clerk.pk}/act/", {"act": what}).status_code == 404
        clerk.refresh_from_db()
        assert clerk.is_active and clerk.check_password(PASSWORD)

    def test_nobody_without_a_log_in(self, client, county, clerk):
        for url in (*self.URLS, f"/accounts/{clerk.pk}/", "/profile/", "/units/"):
            assert client.get(url).headers["Location"].startswith("/login/"), url

    def test_the_navigation_shows_it_to_administrators_only(self, client, admin, staff):
        client.force_login(staff)
        assert 'href="/accounts/"' not in client.get("/units/").content.decode()
        client.force_login(admin)
        assert 'href="/accounts/"' in client.get("/units/").content.decode()


@pytest.mark.parametrize(
    "query", ["q=刘填报", "q=clerk.liu", "q=石门煤矿", "role=mine_clerk&q=刘", "state=active&kind=mine"]
)
def test_filters_find_the_clerk(desk, clerk, admin, query):
    text = desk.get(f"/accounts/?{query}").content.decode()
    assert "刘填报" in text and "admin.li</td>" not in text


def test_the_list_costs_the_same_for_twenty(desk, county, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk.get("/accounts/")
    with CaptureQueriesContext(connection) as few:
        desk.get("/accounts/")
    for number in range(20):
        person(f"many.{number}", f"人员{number}", Role.LIAISON, county.energy)
    with CaptureQueriesContext(connection) as many:
        desk.get("/accounts/")
    assert len(few) == len(many) <= 12


class TestOwnAccount:
    def test_details(self, client, clerk):
        client.force_login(clerk)
        fields = {"phone": "00000-31234", "email": "liu@example.com", "duty": "安全科副科长"}
        client.post("/profile/edit/", fields | {"role": "bureau_admin", "unit": "1"})
        clerk.refresh_from_db()
        assert (clerk.phone, clerk.duty, clerk.role) == ("00000-31234", "安全科副科长", "mine_clerk")
        assert "安全科副科长" in client.get("/profile/").content.decode()

    def test_open_log_ins_can_be_ended(self, client, clerk, sister_clerk):
        other, third = Client(headers={"User-Agent": "Mozilla Windows NT Edg/130"}), Client()
        for one in (client, other, third):
            one.post("/login/", {"username": "clerk.liu", "password": PASSWORD})
        text = client.get("/profile/").content.decode()
        assert "Windows · Edge" in text and "本次登录" in text
        key = other.session.session_key
        ended = clerk.open_sessions.get(session_key=key)
        stranger = Client()
        stranger.force_login(sister_clerk)
        assert stranger.post(f"/profile/sessions/{ended.pk}/end/").status_code == 404
        client.post(f"/profile/sessions/{ended.pk}/end/")
        assert other.get("/profile/").status_code == 302 and third.get("/profile/").status_code == 200
        client.post("/profile/sessions/end/")
        assert third.get("/profile/").status_code == 302 and client.get("/profile/").status_code == 200
