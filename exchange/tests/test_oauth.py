"""Tokens that another system fetches by its client secret (RFC 6749, 4.4)."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from common.history import history_of
from exchange.models import ServiceAccount
from exchange.services.accounts import FETCHED, MOST_FETCHED, issue_token, make_secret, open_service_account
from units.models import Role, User

pytestmark = pytest.mark.django_db
AT = "/api/v1/oauth/token/"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def province(county: Any, admin: User) -> ServiceAccount:
    return open_service_account(
        by=admin, name="省级监管平台", unit=county.bureau, role=Role.AUDITOR, purpose="拉取隐患", contact="省局",
        scopes=["hazards:read", "mines:read"],
    )  # fmt: skip


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def fetch(account: Any, secret: str, data: dict[str, str] = GRANT, **more: Any) -> Any:
    return Client().post(AT, data, headers=basic(account.user.username, secret), **more)


def works(token: str) -> bool:
    return Client().get("/api/v1/", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_a_system_fetches_a_token_works_with_it_for_an_hour_and_no_longer(province, admin):
    secret = make_secret(by=admin, account=province)
    answer = fetch(province, secret)
    told = answer.json()
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    assert (told["token_type"], told["expires_in"], told["scope"].split()) == ("Bearer", 3600, province.scopes)
    assert works(told["access_token"])
    in_form = {**GRANT, "client_id": province.user.username, "client_secret": secret, "scope": province.scopes[0]}
    assert works(Client().post(AT, in_form).json()["access_token"])
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=61)):
        assert not works(told["access_token"])
        assert works(fetch(province, secret).json()["access_token"])
        assert AuthToken.objects.filter(token_key__startswith=FETCHED).count() == 1, "what ended is cleared away"
    verbs = list(history_of(province).values_list("verb", flat=True))
    assert verbs.count("serviceaccount.token_fetched") == 3 and "serviceaccount.secret_made" in verbs
    province.refresh_from_db()
    assert secret not in province.secret_hash


def test_a_token_that_was_fetched_for_less_does_less(province, admin):
    """RFC 6749, 3.3: the answer names what was granted, and the token holds no more than that."""
    secret = make_secret(by=admin, account=province)
    told = fetch(province, secret, {**GRANT, "scope": "mines:read mines:read"}).json()
    assert told["scope"] == "mines:read"
    narrow = {"headers": {"Authorization": f"Bearer {told['access_token']}"}}
    entrance = Client().get("/api/v1/", **narrow).json()
    assert entrance["scopes"] == ["mines:read"] and "hazards" not in entrance["resources"]
    assert Client().get("/api/v1/mines/", **narrow).status_code == 200
    refused = Client().get("/api/v1/hazards/", **narrow)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    whole = fetch(province, secret).json()["access_token"]
    assert Client().get("/api/v1/hazards/", headers={"Authorization": f"Bearer {whole}"}).status_code == 200
    # What the administrator takes from the account, the token has no longer.
    ServiceAccount.objects.filter(pk=province.pk).update(scopes=["hazards:read"])
    assert Client().get("/api/v1/mines/", **narrow).status_code == 403


def test_a_narrow_token_subscribes_and_counts_no_further_than_it_reads(province, admin, settings):
    settings.HOOKS_TO_PRIVATE = True
    scopes = [
        "hazards:read",
        "hooks:read",
        "hooks:write",
        "mines:read",
        "reconciliations:read",
        "reconciliations:write",
    ]
    ServiceAccount.objects.filter(pk=province.pk).update(scopes=scopes)
    secret = make_secret(by=admin, account=province)
    asked = " ".join(scope for scope in scopes if scope != "hazards:read")
    headers = {"Authorization": f"Bearer {fetch(province, secret, {**GRANT, 'scope': asked}).json()['access_token']}"}
    for address, body, field in (
        ("hooks", {"address": "http://127.0.0.1:9/", "nouns": ["hazards"], "secret": "whsec_" + "A" * 44}, "nouns"),
        ("reconciliations", {"counts": {"hazards": 1}}, "counts"),
    ):
        answer = Client().post(f"/api/v1/{address}/", body, content_type="application/json", headers=headers)
        assert answer.status_code == 400 and set(answer.json()["fields"]) == {field}, answer.content


def test_many_fetched_tokens_take_no_room_from_issued_ones_and_the_oldest_ends(province, admin):
    secret = make_secret(by=admin, account=province)
    first = fetch(province, secret).json()["access_token"]
    for _ in range(MOST_FETCHED - 1):
        fetch(province, secret)
    assert works(first)
    fetch(province, secret)
    assert not works(first)
    assert issue_token(by=admin, account=province, days=1).token


@pytest.mark.parametrize(
    ("data", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password", "username": "x", "password": "x"}, 400, "unsupported_grant_type"),
        ({**GRANT, "scope": "hazards:read root:write"}, 400, "invalid_scope"),
        ({**GRANT, "client_secret": "x"}, 400, "invalid_request"),
    ],
)
def test_refusals_are_those_of_the_standard(province, admin, data, status, error):
    answer = fetch(province, make_secret(by=admin, account=province), data)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert not AuthToken.objects.filter(token_key__startswith=FETCHED).exists()


def test_who_shows_no_right_secret_is_no_client(province, admin):
    secret = make_secret(by=admin, account=province)
    newer = make_secret(by=admin, account=province)
    for answer in (
        Client().post(AT, GRANT),
        Client().post(AT, GRANT, headers={"Authorization": "Basic %%%"}),
        fetch(province, secret),  # the one before the change
        Client().post(AT, GRANT, headers=basic("nobody", newer)),
        Client().post(AT, GRANT, headers=basic(admin.username, "Qinglan-2026-test")),
    ):
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer["WWW-Authenticate"].startswith("Basic")
    assert Client().get(AT).status_code == 405
    province.refresh_from_db()
    province.networks = ["10.9.0.0/16"]
    province.save()
    assert fetch(province, newer).json()["error"] == "unauthorized_client"
    assert fetch(province, newer, REMOTE_ADDR="10.9.1.1").status_code == 200


def test_guessing_locks_the_account_and_stands_in_the_audit(province, admin):
    secret = make_secret(by=admin, account=province)
    for _ in range(5):
        assert fetch(province, "cs_guess").json()["error"] == "invalid_client"
    assert fetch(province, secret).status_code == 401, "locked on this machine, even for the right secret"
    assert fetch(province, secret, REMOTE_ADDR="10.1.2.3").status_code == 200
    verbs = list(history_of(province.user).values_list("verb", flat=True))
    assert verbs.count("user.login_failed") >= 4 and "user.locked_out" in verbs
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        assert fetch(province, secret).status_code == 200


def test_the_administrator_makes_and_changes_it_and_closing_ends_it(client, province, admin):
    client.force_login(admin)
    page = client.post(f"{province.get_absolute_url()}act/", {"act": "secret"})
    secret = page.context["secret"]
    assert "no-store" in page["Cache-Control"] and secret in page.content.decode()
    token = fetch(province, secret).json()["access_token"]
    page = client.get(province.get_absolute_url()).content.decode()
    assert secret not in page and "更换密钥" in page and f'value="{FETCHED}' not in page
    client.post(f"{province.get_absolute_url()}act/", {"act": "secret"})
    assert not works(token), "what the former secret fetched has ended with it"
    client.post(f"{province.get_absolute_url()}act/", {"act": "close"})
    province.refresh_from_db()
    assert not province.secret_hash
    assert client.post(f"{province.get_absolute_url()}act/", {"act": "secret"}).status_code == 302
