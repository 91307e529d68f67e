"""Log-in, lock-out, first passwords, time-outs and activation, through the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from common.history import history_of
from units.models import AccountSession, Activation, User
from units.services import disable_account, issue_activation
from units.tests.people import PASSWORD

NEW = "Shimen#Kuang-77"


def log_in(client: Client, username: str, password: str = PASSWORD, **more: str):
    return client.post("/login/", {"username": username, "password": password, **more})


def open_page(client: Client):
    return client.get("/password/")


def verbs(user: User) -> list[str]:
    return [event.verb for event in reversed(history_of(user))]


def test_a_person_logs_in_and_out(client, clerk):
    assert log_in(client, " Clerk.Liu ").status_code == 302
    assert open_page(client).status_code == 200
    assert AccountSession.objects.get().user == clerk
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert open_page(client).headers["Location"].startswith("/login/?next=")
    assert not AccountSession.objects.exists()
    assert verbs(clerk) == ["user.logged_in", "user.logged_out"]


def test_the_back_button_shows_nothing_after_logging_out(client, clerk):
    log_in(client, "clerk.liu")
    for page in ("/", "/assignments/", "/profile/"):
        assert "no-store" in client.get(page).headers["Cache-Control"], page


def test_logging_out_needs_a_form(client, clerk):
    log_in(client, clerk.username)
    assert client.get("/logout/").status_code == 405


def test_after_logging_in_the_user_is_where_they_wanted_to_be(client, clerk):
    assert log_in(client, clerk.username, next="/password/?a=1").headers["Location"] == "/password/?a=1"


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_logging_in_never_leads_to_a_stranger(client, clerk, elsewhere):
    assert log_in(client, clerk.username, next=elsewhere).headers["Location"] == "/"


@pytest.mark.parametrize("why", ["wrong", "unknown", "disabled", "never activated"])
def test_every_refused_log_in_reads_the_same(client, clerk, why):
    username, password = clerk.username, PASSWORD
    if why == "wrong":
        password = "Something-else-1"
    elif why == "unknown":
        username = "nobody.here"
    elif why == "disabled":
        User.objects.filter(pk=clerk.pk).update(is_active=False)
    else:
        clerk.set_unusable_password()
        clerk.save()
    answer = log_in(client, username, password)
    assert answer.status_code == 422
    assert "登录名或密码不正确，或者账号还没有激活、已经停用" in answer.content.decode()


def test_the_fifth_failure_locks_the_name_on_this_machine(client, clerk):
    for _ in range(4):
        assert log_in(client, clerk.username, "wrong").status_code == 422
    locked = log_in(client, "CLERK.LIU", "wrong")
    assert locked.status_code == 429
    assert "请等待 15 分钟后再登录" in locked.content.decode()
    assert "局管理员" in locked.content.decode()
    # The right password does not help now, and the history holds one lock, however often they knock.
    assert log_in(client, clerk.username).status_code == 429
    assert verbs(clerk) == ["user.login_failed"] * 4 + ["user.locked_out"]
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert log_in(client, clerk.username).status_code == 302


def fail_from(client, username, machine, times=4):
    """Fewer failures than close the name on one machine."""
    for _ in range(times):
        client.post("/login/", {"username": username, "password": "wrong"}, REMOTE_ADDR=f"10.0.0.{machine}")


def test_a_name_tried_from_many_machines_closes_but_never_where_its_owner_sits(client, admin, clerk):
    right = {"username": admin.username, "password": PASSWORD}
    assert client.post("/login/", right, REMOTE_ADDR="10.0.1.1").status_code == 302
    client.logout()
    for machine in range(5):
        fail_from(client, admin.username, machine)
    elsewhere = client.post("/login/", right, REMOTE_ADDR="10.0.2.1")
    assert elsewhere.status_code == 429 and "多次输错密码" in elsewhere.content.decode()
    assert client.post("/login/", right, REMOTE_ADDR="10.0.1.1").status_code == 302
    client.logout()
    assert log_in(client, clerk.username).status_code == 302


def test_a_name_tried_from_many_machines_opens_again(client, clerk):
    for machine in range(5):
        fail_from(client, clerk.username, machine)
    assert log_in(client, clerk.username).status_code == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert log_in(client, clerk.username).status_code == 302


def test_a_lock_on_one_name_leaves_others_alone(client, clerk, sister_clerk):
    for _ in range(5):
        log_in(client, clerk.username, "wrong")
    assert log_in(client, sister_clerk.username).status_code == 302


class TestFirstPassword:
    @pytest.fixture(autouse=True)
    def first(self, clerk):
        User.objects.filter(pk=clerk.pk).update(must_change_password=True)

    def test_nothing_but_the_change_is_open(self, client, clerk):
        log_in(client, clerk.username)
        for url in ("/styleguide/", "/evidence/00000000-0000-4000-8000-000000000000/"):
            answer = client.get(url)
            assert answer.status_code == 302 and answer.headers["Location"].startswith("/password/?next="), url
        page = client.get("/password/").content.decode()
        assert "首次登录" in page and "退出登录" in page and ">取消</a>" not in page

    def test_a_part_of_a_page_sends_the_whole_page_to_the_change(self, client, clerk):
        log_in(client, clerk.username)
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/units/?q=a"}
        answer = client.get("/styleguide/", headers=headers)
        assert answer.headers["HX-Redirect"] == "/password/?next=%2Funits%2F%3Fq%3Da"

    def test_the_change_opens_the_house_and_keeps_this_log_in(self, client, clerk):
        log_in(client, clerk.username)
        answer = client.post("/password/", {"old": PASSWORD, "new": NEW, "again": NEW, "next": "/units/"})
        assert answer.headers["Location"] == "/units/"
        clerk.refresh_from_db()
        assert not clerk.must_change_password and clerk.check_password(NEW)
        assert client.get("/password/").status_code == 200
        assert ">取消</a>" in client.get("/password/").content.decode()
        assert AccountSession.objects.get().session_key == client.session.session_key


def test_an_old_password_must_be_renewed(client, clerk):
    with time_machine.travel(timezone.now() + timedelta(days=181)):
        log_in(client, clerk.username)
        assert client.get("/styleguide/").headers["Location"].startswith("/password/")
        assert "超过180天" in client.get("/password/").content.decode()


def test_changing_the_password_ends_the_log_ins_elsewhere(client, clerk):
    other = Client()
    log_in(client, clerk.username)
    log_in(other, clerk.username)
    client.post("/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert open_page(client).status_code == 200
    assert open_page(other).status_code == 302
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("Ab1#xyz", "密码须有10至128个字符，现在是7个"),
        ("abcdefghij12", "至少要有其中三类"),
        ("Clerk.Liu-2026", "不能含有您的登录名"),
        ("Mine-13812345678x", "不能含有您的手机号"),
        ("Liutianbao-99", "不能含有您的姓名"),
        (PASSWORD, "不能使用最近5次用过的密码"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(client, clerk, new, words):
    User.objects.filter(pk=clerk.pk).update(phone="138 1234 5678", name="刘填报")
    log_in(client, clerk.username)
    answer = client.post("/password/", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_wrong_old_password_and_a_slip_of_the_finger(client, clerk):
    log_in(client, clerk.username)
    page = client.post("/password/", {"old": "no", "new": NEW, "again": NEW}).content.decode()
    assert "当前密码不正确" in page
    page = client.post("/password/", {"old": PASSWORD, "new": NEW, "again": NEW + "x"}).content.decode()
    assert "两次输入的新密码不一致" in page
    assert NEW not in page


def test_the_sixth_password_back_may_be_used_again(clerk):
    from units.services import change_own_password

    old = PASSWORD
    for number in range(5):
        change_own_password(by=clerk, old=old, new=f"Gaoshan-liushui-{number}")
        old = f"Gaoshan-liushui-{number}"
    change_own_password(by=clerk, old=old, new=PASSWORD)
    assert clerk.former_passwords.count() == 5


class TestTimeOut:
    def test_a_log_in_without_use_ends_and_says_so(self, client, clerk, settings):
        log_in(client, clerk.username)
        with time_machine.travel(timezone.now() + timedelta(minutes=settings.SESSION_IDLE_MINUTES, seconds=5)):
            answer = client.get("/units/?kind=mine")
            assert answer.headers["Location"] == "/login/?ended=idle&next=%2Funits%2F%3Fkind%3Dmine"
            page = client.get(answer.headers["Location"]).content.decode()
            assert "没有操作，已自动退出" in page and "还留在本机浏览器中" in page
            assert 'value="/units/?kind=mine"' in page
        assert not AccountSession.objects.exists()

    def test_use_keeps_it_open_but_not_beyond_eight_hours(self, client, clerk):
        log_in(client, clerk.username)
        start = timezone.now()
        for minutes in range(20, 8 * 60, 20):
            with time_machine.travel(start + timedelta(minutes=minutes)):
                assert open_page(client).status_code == 200, minutes
        with time_machine.travel(start + timedelta(minutes=8 * 60 + 1)):
            answer = client.get("/password/")
            assert "ended=age" in answer.headers["Location"]
            assert "登录已满8小时" in client.get(answer.headers["Location"]).content.decode()

    def test_a_form_sent_too_late_comes_back_to_its_page(self, client, clerk):
        log_in(client, clerk.username)
        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            answer = client.post("/password/", {}, headers={"Referer": "http://testserver/units/3/edit/"})
            assert answer.headers["Location"] == "/login/?ended=idle&next=%2Funits%2F3%2Fedit%2F"

    def test_a_part_of_a_page_opens_the_log_in_whole(self, client, clerk):
        log_in(client, clerk.username)
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/units/?page=2"}
        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            answer = client.get("/styleguide/?page=3", headers=headers)
        assert answer.headers["HX-Redirect"] == "/login/?ended=idle&next=%2Funits%2F%3Fpage%3D2"
        answer = client.get("/styleguide/?page=3", headers=headers)
        assert answer.headers["HX-Redirect"] == "/login/?next=/units/%3Fpage%3D2"

    def test_a_page_that_asks_by_itself_is_not_use(self, client, clerk):
        log_in(client, clerk.username)
        start = timezone.now()
        with time_machine.travel(start + timedelta(minutes=20)):
            client.get("/jobs/00000000-0000-4000-8000-000000000000/")
        with time_machine.travel(start + timedelta(minutes=31)):
            assert "ended=idle" in open_page(client).headers["Location"]


class TestActivation:
    def test_a_person_opens_the_link_and_chooses_a_password(self, client, admin, clerk):
        issued = issue_activation(by=admin, account=clerk)
        assert client.get(f"/activate/{issued.code}/").headers["Location"] == "/activate/"
        page = client.get("/activate/").content.decode()
        assert "刘填报" in page and "clerk.liu" in page and issued.code not in page
        assert client.post("/activate/", {"new": NEW, "again": NEW}).headers["Location"] == "/"
        clerk.refresh_from_db()
        assert clerk.check_password(NEW) and not clerk.must_change_password
        assert open_page(client).status_code == 200
        assert verbs(clerk) == ["user.password_reset", "user.activated", "user.logged_in"]

    def test_the_code_may_be_typed_from_paper(self, client, admin, clerk):
        code = issue_activation(by=admin, account=clerk).code.replace("-", " ").lower()
        assert client.post("/activate/", {"code": code}).status_code == 302
        assert "设置密码" in client.get("/activate/").content.decode()

    def test_a_code_is_good_once(self, client, admin, clerk):
        code = issue_activation(by=admin, account=clerk).code
        client.get(f"/activate/{code}/")
        client.post("/activate/", {"new": NEW, "again": NEW})
        later = Client()
        later.get(f"/activate/{code}/")
        assert "已用过或已过期" in later.get("/activate/").content.decode()

    @pytest.mark.parametrize("why", ["typo", "old", "replaced", "disabled"])
    def test_a_code_that_is_no_longer_good(self, client, admin, clerk, why):
        code = issue_activation(by=admin, account=clerk).code
        if why == "typo":
            code = code[:-1] + ("2" if code[-1] != "2" else "3")
        elif why == "old":
            Activation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        elif why == "replaced":
            issue_activation(by=admin, account=clerk)
        else:
            disable_account(by=admin, account=clerk)
        answer = client.post("/activate/", {"code": code})
        assert answer.status_code == 422 and "激活码不正确、已用过或已过期" in answer.content.decode()
        assert client.post("/activate/", {"new": NEW, "again": NEW}).status_code in (200, 422)
        clerk.refresh_from_db()
        assert not clerk.check_password(NEW)

    def test_a_weak_password_does_not_use_up_the_code(self, client, admin, clerk):
        client.get(f"/activate/{issue_activation(by=admin, account=clerk).code}/")
        assert client.post("/activate/", {"new": "weak", "again": "weak"}).status_code == 422
        assert client.post("/activate/", {"new": NEW, "again": NEW}).status_code == 302

    def test_only_the_hash_is_stored(self, admin, clerk):
        code = issue_activation(by=admin, account=clerk).code
        stored = Activation.objects.values_list("code_hash", flat=True).get()
        assert len(stored) == 64 and code.replace("-", "") not in stored

    def test_the_log_does_not_hold_the_code(self, client, admin, clerk):
        from campaign_tracker.middleware import path_to_log

        answer = client.get(f"/activate/{issue_activation(by=admin, account=clerk).code}/")
        assert path_to_log(answer.wsgi_request) == "/activate/…/"


def test_a_disabled_account_is_out_at_once(client, admin, clerk):
    log_in(client, clerk.username)
    disable_account(by=admin, account=clerk)
    assert open_page(client).status_code == 302
    assert not Session.objects.exists()
