"""The second step of a log-in, through its pages: asked for, guessed at, lost and reset."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from common.history import history_of
from units.models import RecoveryCode, SecondFactor, User
from units.tests.people import PASSWORD, person

pytestmark = pytest.mark.django_db


def log_in(account: User) -> Client:
    visitor = Client()
    visitor.post("/login/", {"username": account.username, "password": PASSWORD})
    return visitor


def number(account: User, shift: int = 0) -> str:
    """What the app of this person shows, so many half minutes from now."""
    totp = pyotp.TOTP(SecondFactor.objects.get(user=account).secret)
    return totp.generate_otp(totp.timecode(timezone.now()) + shift)


def set_up(account: User, visitor: Client) -> list[str]:
    """Set it up on the page and answer the recovery codes that the page shows."""
    page = visitor.get("/second-factor/")
    assert SecondFactor.objects.get(user=account).secret[:4] in page.content.decode()
    answer = visitor.post("/second-factor/", {"act": "confirm", "code": number(account)})
    assert "no-store" in answer.headers["Cache-Control"]
    return re.findall(r"[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}", answer.content.decode())


def test_an_administrator_of_a_real_installation_has_to_set_it_up(settings, admin, staff):
    settings.SECOND_FACTOR = True
    visitor = log_in(admin)
    answer = visitor.get("/accounts/", follow=True)
    assert answer.redirect_chain == [("/second-step/?next=%2Faccounts%2F", 302), ("/second-factor/", 302)]
    # Whatever the frame asks for by itself would be led here again, and again.
    assert "hx-get" not in answer.content.decode()
    assert "动态口令" in answer.content.decode() and "data:image/svg+xml" in answer.content.decode()
    assert visitor.get("/api/v1/", headers={"accept": "application/json"}).status_code != 200
    wrong = visitor.post("/second-factor/", {"act": "confirm", "code": "000000"})
    assert wrong.status_code == 422 and "动态口令不对" in wrong.content.decode()
    assert len(set(set_up(admin, visitor))) == 10
    assert visitor.get("/accounts/").status_code == 200
    # Nobody else is asked.
    assert log_in(staff).get("/profile/").status_code == 200
    # The secret and the codes are nowhere to be read.
    assert RecoveryCode.objects.filter(code_hash__contains="-").count() == 0
    assert history_of(admin).filter(verb="user.second_factor_set").exists()


def test_the_password_alone_opens_nothing(staff):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        codes = set_up(staff, log_in(staff))
        taken = number(staff)
        clock.shift(timedelta(seconds=30))
        visitor = log_in(staff)
        for url in ("/", "/profile/", "/password/", "/second-factor/"):
            assert visitor.get(url).headers["Location"].startswith("/second-step/"), url
        assert visitor.post("/password/", {"old": PASSWORD}).headers["Location"].startswith("/second-step/")
        # The number that was good half a minute ago was taken, and is not good twice.
        assert visitor.post("/second-step/", {"code": taken}).status_code == 422
        old_key = visitor.cookies["sessionid"].value
        answer = visitor.post("/second-step/", {"code": number(staff), "next": "/profile/"})
        assert answer.headers["Location"] == "/profile/" and visitor.get("/profile/").status_code == 200
        assert visitor.cookies["sessionid"].value != old_key
        assert (
            "https://evil.example"
            not in log_in(staff).post("/second-step/?next=https://evil.example", {"code": "1"}).content.decode()
        )
        # A code on paper stands in for the phone, once.
        for code, status in ((codes[0].lower(), 302), (codes[0], 422)):
            assert log_in(staff).post("/second-step/", {"code": code}).status_code == status
    told = list(history_of(staff).values_list("verb", flat=True))
    assert told.count("user.recovery_code_used") == 1 and told.count("user.second_factor_failed") == 3


def test_guessing_closes_the_door_for_a_while_wherever_it_comes_from(staff):
    set_up(staff, log_in(staff))
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False) as clock:
        for _ in range(5):
            assert log_in(staff).post("/second-step/", {"code": "000000"}).status_code == 422
        visitor = log_in(staff)
        answer = visitor.post("/second-step/", {"code": number(staff)}, follow=True)
        assert "请15分钟后再试" in answer.content.decode() and "_auth_user_id" not in visitor.session
        assert history_of(staff).filter(verb="user.second_factor_blocked").count() == 1
        clock.shift(timedelta(minutes=16))
        assert log_in(staff).post("/second-step/", {"code": number(staff)}).status_code == 302


def test_a_lost_phone_is_replaced_by_a_recorded_act(settings, admin, county, clerk, staff):
    settings.SECOND_FACTOR = True
    other = person("admin.zhou", "周管理", "bureau_admin", county.bureau)
    lost = log_in(other)
    set_up(other, lost)
    desk = log_in(admin)
    set_up(admin, desk)
    assert "重置两步验证" in desk.get(f"/accounts/{other.pk}/").content.decode()
    for act_by, account in ((desk, admin), (log_in(clerk), other), (log_in(staff), other)):
        act_by.post(f"/accounts/{account.pk}/act/", {"act": "second_factor"})
    assert SecondFactor.objects.count() == 2, "not one's own, and not by others"
    desk.post(f"/accounts/{other.pk}/act/", {"act": "second_factor"})
    assert not SecondFactor.objects.filter(user=other).exists() and RecoveryCode.objects.count() == 10
    event = history_of(other).get(verb="user.second_factor_reset")
    assert event.actor == admin
    # What was open is closed, and the next log-in sets up a new phone.
    assert lost.get("/profile/").headers["Location"].startswith("/login/")
    assert log_in(other).get("/", follow=True).redirect_chain[-1][0] == "/second-factor/"
    # The operator of the machine helps the last administrator.
    call_command("create_admin", reset=True, username=admin.username)
    assert not SecondFactor.objects.filter(user=admin, confirmed_at__isnull=False).exists()


def test_ones_own_phone_is_changed_against_a_number(staff):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        desk = log_in(staff)
        first = set_up(staff, desk)
        clock.shift(timedelta(minutes=1))
        assert desk.post("/second-factor/", {"act": "remove", "code": "123"}).status_code == 422
        again = desk.post("/second-factor/", {"act": "codes", "code": number(staff)})
        assert first[0] not in again.content.decode() and RecoveryCode.objects.filter(used_at=None).count() == 10
        clock.shift(timedelta(minutes=1))
        desk.post("/second-factor/", {"act": "remove", "code": number(staff)})
    assert not SecondFactor.objects.exists()
    assert log_in(staff).get("/profile/").status_code == 200
