"""Accounts of other systems: who opens them, what a token opens, and when it no longer does."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from knox.models import AuthToken

from common.errors import Conflict, NotAllowed, Refused
from common.models import Event
from exchange.models import ServiceAccount
from exchange.services.accounts import (
    close_service_account,
    issue_token,
    open_service_account,
    reopen_service_account,
    revoke_token,
)
from units.models import Role, User
from units.services.accounts import enable_account

pytestmark = pytest.mark.django_db


def test_an_administrator_opens_an_account_and_sees_its_token_once(client, admin, county):
    client.force_login(admin)
    answer = client.post(
        "/accounts/services/new/",
        {
            "name": "省级监管平台", "purpose": "拉取隐患", "contact": "省局信息中心", "unit": county.bureau.pk,
            "role": "auditor", "scopes": ["hazards:read"], "networks": "10.1.0.0/16\n127.0.0.1", "per_minute": 60,
        },
    )  # fmt: skip
    account = ServiceAccount.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"] == account.get_absolute_url()
    assert account.networks == ["10.1.0.0/16", "127.0.0.1"] and not account.user.is_active

    shown = client.post(f"{account.get_absolute_url()}act/", {"act": "token", "days": 30})
    token = re.search(r"ct_[0-9a-f]{64}", shown.content.decode()).group()
    assert shown.headers["Cache-Control"].startswith("no-store")
    assert client.get("/api/v1/", headers={"Authorization": f"Token {token}"}).json()["scopes"] == ["hazards:read"]
    kept = AuthToken.objects.get()
    assert token not in kept.digest and token not in client.get(account.get_absolute_url()).content.decode()
    assert not Event.objects.filter(after__icontains=token[20:]).exists()
    words = {event.verb for event in Event.objects.filter(object_id=str(account.pk), verb__startswith="service")}
    assert words == {"serviceaccount.opened", "serviceaccount.token_issued"}


@pytest.mark.parametrize("who", ["staff", "clerk", "auditor", "leader"])
def test_nobody_else_opens_one(request, who, county, client):
    person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        open_service_account(
            by=person, name="a", unit=county.bureau, role="auditor", purpose="b", contact="c", scopes=["units:read"]
        )
    client.force_login(person)
    assert client.get("/accounts/services/").status_code == 403
    assert client.get("/accounts/services/new/").status_code == 403


def test_the_neighbours_administrator_sees_and_changes_nothing(client, bureau_system, county):
    neighbour = User.objects.create_user("a.hu", "x", name="胡", role=Role.BUREAU_ADMIN, unit=county.other_bureau,
                                         must_change_password=False)  # fmt: skip
    client.force_login(neighbour)
    assert bureau_system.account.user.name not in client.get("/accounts/services/").content.decode()
    assert client.get(bureau_system.account.get_absolute_url()).status_code == 404
    with pytest.raises(NotAllowed):
        issue_token(by=neighbour, account=bureau_system.account, days=3)
    with pytest.raises(Refused):
        open_service_account(
            by=neighbour, name="a", unit=county.bureau, role="auditor", purpose="b", contact="c", scopes=["units:read"]
        )


def test_a_token_ends_by_its_day_by_revoking_and_with_its_account(admin, bureau_system):
    account = bureau_system.account
    assert bureau_system.get("").status_code == 200
    AuthToken.objects.update(expiry=timezone.now() - dt.timedelta(seconds=1))
    answer = bureau_system.get("")
    assert answer.status_code == 401 and answer.json()["code"] == "bad_token"
    assert answer.headers["WWW-Authenticate"] == "Token"

    bureau_system.token = issue_token(by=admin, account=account, days=1).token
    assert bureau_system.get("").status_code == 200
    key = AuthToken.objects.order_by("-created").first().token_key
    revoke_token(by=admin, account=account, token_key=key)
    assert bureau_system.get("").status_code == 401
    with pytest.raises(Conflict):
        revoke_token(by=admin, account=account, token_key=key)

    bureau_system.token = issue_token(by=admin, account=account, days=1).token
    close_service_account(by=admin, account=account)
    assert bureau_system.get("").status_code == 401
    assert not AuthToken.objects.exists()
    with pytest.raises(Conflict):
        issue_token(by=admin, account=account, days=1)
    reopen_service_account(by=admin, account=account)
    assert bureau_system.get("").status_code == 401


@pytest.mark.parametrize("header", ["", "Token", "Token a b", "Token 人", "Bearer x", "Token ct_" + "0" * 64])
def test_bad_tokens_are_refused(client, header, bureau_system):
    answer = client.get("/api/v1/", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_persons_session_opens_no_interface(client, admin):
    client.force_login(admin)
    assert client.get("/api/v1/hazards/").status_code == 401


def test_networks_scopes_and_region_limit_an_account(system, county):
    from_afar = system(county.bureau, networks=["10.1.0.0/16"], scopes=["units:read"])
    answer = from_afar.get("units/")
    assert answer.status_code == 403 and answer.json()["code"] == "network_not_allowed"
    assert from_afar.get("units/", REMOTE_ADDR="10.1.2.3").status_code == 200
    answer = from_afar.get("hazards/", REMOTE_ADDR="10.1.2.3")
    assert answer.status_code == 403 and answer.json()["code"] == "scope_missing"

    of_town = system(county.bureau, region=county.town, scopes=["units:read"])
    seen = of_town.ids("units/")
    assert county.mine.pk in seen and county.sister_mine.pk not in seen


def test_use_is_noted(bureau_system):
    bureau_system.get("")
    account = ServiceAccount.objects.get()
    assert account.last_used_at is not None and account.last_address == "127.0.0.1"


def test_requests_are_counted_and_too_many_refused(system, county):
    quick = system(county.bureau, per_minute=2)
    answers = [quick.get("") for _ in range(4)]
    # The minute may turn between two requests; after four of two allowed at least one is over.
    assert answers[0].headers["X-RateLimit-Limit"] == "2"
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and refused[0].json()["code"] == "throttled"
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 61
    assert refused[0].headers["X-RateLimit-Remaining"] == "0"


def test_nobody_logs_in_by_a_service_account(admin, bureau_system):
    with pytest.raises(Refused):
        enable_account(by=admin, account=bureau_system.user)


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["all:write"]}, "scopes"),
        ({"networks": ["10.0.0.300"]}, "networks"),
        ({"per_minute": 0}, "per_minute"),
    ],
)
def test_faulty_limits_are_named(system, county, limits, field):
    with pytest.raises(Refused) as refusal:
        system(county.bureau, **limits)
    assert field in refusal.value.fields
