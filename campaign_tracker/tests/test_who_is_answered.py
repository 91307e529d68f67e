"""Who is answered what, at every address: strangers to a record get nothing of it, whatever they ask or send.

Every page of the program is tried by an administrator of another county and by the clerk of another mine, and sent to by
an auditor; a new one is tried by itself. Every operation of the interface is tried by programs of five kinds against the
table in who_is_answered.txt: a new one, or another answer, fails with the line that it would be. Look whether that is what
these programs should get, and put it into the table.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from campaign_tracker.tests.test_every_page import examples, read_a_plan
from campaign_tracker.tests.test_urls_as_stranger import PUBLIC, addresses, fill
from common.models import Evidence
from exchange.reading import visible_rows
from exchange.resources import RESOURCES
from exchange.scopes import SCOPES
from exchange.services.accounts import issue_token, open_service_account
from tasks.services.pushes import push_plan
from units.models import Region, Role, Unit, User

TABLE = Path(__file__).with_name("who_is_answered.txt")
API = "api/v1/"
LEAVES = {"logout/", "login/", "profile/sessions/end/", "profile/sessions/<int:pk>/end/"}
"""Addresses that end the sessions of whoever asks."""

PROGRAMS = ("bureau", "mine", "sister", "neighbour", "unscoped")

# Addresses whose word is no record: of catalogues, of kinds, and of what each region keeps for itself.
NO_RECORDS = {
    "standards/<slug:code>/", "mines/lines/<slug:ledger>/", "reminders/channels/<slug:kind>/", "rules/<slug:key>/",
    "api/v1/standards/<str:key>/", "api/v1/regions/<str:key>/", "api/v1/calendar/<str:key>/",
}  # fmt: skip
# Where an auditor who sends nothing at all is led back: lists, their own settings, and the check of the history.
AUDITORS_OWN = {
    "assignments/", "due-items/", "hazards/", "calendar/", "inbox/", "inbox/read/", "profile/", "profile/edit/",
    "audit/check/", "reminders/deliveries/", "units/<int:pk>/act/",
}  # fmt: skip
REACHED = ("200", "201", "302")


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        words = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, words)
        else:
            yield words, pattern


def pages() -> list[str]:
    return sorted({words for words, _ in addresses(get_resolver()) if not words.startswith("api/")} - PUBLIC - LEAVES)


def operations() -> list[tuple[str, str]]:
    """Method and pattern of everything that the interface does."""
    found = set()
    for words, pattern in patterns(get_resolver()):
        view: Any = getattr(pattern.callback, "cls", None)
        if words.startswith(API) and words not in PUBLIC and view is not None:
            found |= {(method, words) for method in view.http_method_names if hasattr(view, method)}
    return sorted(found - {("options", words) for _, words in found}, key=lambda pair: pair[::-1])


def filled(words: str, shown: dict[str, str]) -> str:
    """An address for a pattern: its own example, or that of the longest pattern which it begins with."""
    if words in shown:
        return f"/{shown[words]}"
    begun = max((start for start in shown if words.startswith(start)), key=len, default="")
    return f"/{shown.get(begun, '').split('?')[0]}{fill(words.removeprefix(begun)) or ''}"


@pytest.fixture
def people(demo_county: str) -> dict[str, Client]:
    """An administrator of another county, the clerk of another mine of this county, and the county's auditor."""
    away = Region.objects.create(code="139999", name="白川县")
    bureau = Unit.objects.create(name="白川县应急管理局", kind="department", region=away)
    home = User.objects.get(username="kongdehua").unit
    assert home is not None
    sister = Unit.objects.create(name="新开煤矿", kind="mine", region=home.region)
    made = {"neighbour": ("admin.bai", Role.BUREAU_ADMIN, bureau), "sister": ("clerk.xin", Role.MINE_CLERK, sister)}
    users = {
        name: User.objects.create_user(login, "x", name=name, role=role, unit=unit, must_change_password=False)
        for name, (login, role, unit) in made.items()
    }
    users["auditor"] = User.objects.get(username="qianyaqin")
    clients = {name: Client(raise_request_exception=False) for name in users}
    for name, client in clients.items():
        client.force_login(users[name])
    return clients


@pytest.fixture
def programs(people: dict[str, Client]) -> dict[str, dict[str, str]]:
    """The headers of a program of each kind: of the bureau, of a mine, of another mine, of another county, without scopes."""
    home, away = User.objects.get(username="xurui"), User.objects.get(username="admin.bai")
    clerk, sister = User.objects.get(username="kongdehua"), User.objects.get(username="clerk.xin")
    found = {}
    for name, by, unit, role, scopes in (
        ("bureau", home, home.unit, Role.BUREAU_STAFF, list(SCOPES)),
        ("mine", home, clerk.unit, Role.MINE_CLERK, list(SCOPES)),
        ("sister", home, sister.unit, Role.MINE_CLERK, list(SCOPES)),
        ("neighbour", away, away.unit, Role.BUREAU_STAFF, list(SCOPES)),
        ("unscoped", home, home.unit, Role.BUREAU_STAFF, ["regions:read"]),
    ):
        assert unit is not None
        account = open_service_account(
            by=by, name=name, unit=unit, role=role, purpose="试", contact="试", scopes=scopes, per_minute=6000
        )
        found[name] = {"Authorization": f"Token {issue_token(by=by, account=account, days=1).token}"}
    return found


def answered(client: Client, method: str, address: str, **how: Any) -> str:
    """The status, with whatever was written taken back."""
    with transaction.atomic():
        response = client.generic(method.upper(), address, **how)
        if response.streaming:  # read to its end, or its file stays open
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return str(response.status_code)


def api_lines(programs: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    bureau, client = User.objects.get(name="bureau", is_service=True), Client(raise_request_exception=False)
    keys = {noun: visible_rows(resource, bureau).last() for noun, resource in RESOURCES.items()}
    evidence = Evidence.objects.order_by("pk")[0].public_id
    lines: dict[str, dict[str, str]] = {}
    for method, words in operations():
        noun = words.removeprefix(API).split("/")[0]
        row = keys.get(noun)
        address = words.replace("<str:key>", str(row.pk if row is not None else 1)).replace(
            "<uuid:public_id>", str(evidence)
        )
        how = {} if method == "get" else {"data": b"{}", "content_type": "application/json"}
        lines[f"{method.upper()} {words}"] = {
            name: answered(client, method, f"/{fill(address)}", headers=headers, **how)
            for name, headers in programs.items()
        }
    return lines


@pytest.mark.once
@pytest.mark.django_db
def test_strangers_to_a_record_are_shown_none_of_its_pages(
    people: dict[str, Client], django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    with django_capture_on_commit_callbacks(execute=True):
        imported = read_a_plan()
    imported.refresh_from_db()
    shown = examples(imported) | {
        "evidence/<uuid:public_id>/": f"evidence/{Evidence.objects.order_by('pk')[0].public_id}/"
    }
    faults: list[str] = []
    for words in pages():
        address = filled(words, shown)
        tried = [("auditor", "post")]
        if "<" in words and words not in NO_RECORDS:
            tried += [("neighbour", "get"), ("neighbour", "post"), ("sister", "get")]
        for who, method in tried:
            status = answered(people[who], method, address if method == "get" else address.split("?")[0])
            own = who == "auditor" and words in AUDITORS_OWN
            if status >= "500" or (status in REACHED and not own):
                faults.append(f"{who} {method} {words}: {status}")
    assert not faults, "\n".join(faults)


@pytest.mark.once
@pytest.mark.django_db
def test_programs_are_answered_as_the_table_says(
    programs: dict[str, dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    staff = User.objects.get(username="chenjianguo")
    assert staff.unit is not None
    plan = {"campaign": {"title": "整治方案"}, "tasks": [{"id": "1", "title": "建立台账"}]}
    push_plan(by=staff, region=staff.unit.region, name="推送的方案", plan=plan)
    lines = api_lines(programs)
    faults: list[str] = []
    for words, line in lines.items():
        others = {line["neighbour"], line["sister"]} if "units" not in words else {line["neighbour"]}
        if "<" in words and words.split(" ")[1] not in NO_RECORDS and others & set(REACHED):
            faults.append(f"others are answered at {words}: {line}")
        if line["unscoped"] not in ("403", "404") and "regions" not in words and words != f"GET {API}":
            faults.append(f"without the scope, {words} answers {line['unscoped']}")
    text, kept = as_text(lines), TABLE.read_text(encoding="utf-8").splitlines()
    faults += [f"not in the table: {line}" for line in text if line not in kept]
    faults += [f"in the table and not so: {line}" for line in kept if line not in text]
    assert not faults, "\n".join(faults)


def as_text(lines: dict[str, dict[str, str]]) -> list[str]:
    """The table; its columns stand far enough apart for a longer address to come."""
    rows = [("# operation", dict(zip(PROGRAMS, PROGRAMS, strict=True))), *lines.items()]
    return [(f"{words:<56}" + "".join(f"{line[name]:<11}" for name in PROGRAMS)).rstrip() for words, line in rows]
