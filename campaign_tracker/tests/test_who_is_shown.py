"""What each role is shown at every page, and strangers to a record nothing of it.

Every page of the program is opened and sent to by people of each role: those of a bureau for any record, those of a unit for
one of their own (`records.py`) and then, by people of a sister unit, for the same. What they are answered stands in
who_is_shown.txt. People of another county and of a mine without records try all records and are shown none.

A new address, or another answer, fails with the lines that the table lacks. Look whether that is what these roles should
get, and put them in: a role that may not do a thing is answered 403, one that does not see it 404.
"""

from __future__ import annotations

import hashlib
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import Model
from django.template.backends.django import Template
from django.test import Client

from campaign_tracker.tests.records import Records, records
from campaign_tracker.tests.test_every_page import read_a_plan
from campaign_tracker.tests.test_who_is_answered import pages
from common.evidence import store_evidence
from common.models import Job
from exchange.models import ExchangeLine, Receipt, ServiceAccount, Subscription
from hazards.models import RegisterImport
from mines.models import SuspensionList
from tasks.models import Campaign, ProgressImport
from units.exports import template
from units.imports import SHEETS
from units.models import DirectoryImport, Region, Role, Unit, User

HERE = Path(__file__).parent
ROLES = {
    "admin": "xurui", "staff": "chenjianguo", "inspector": "sunzhiyuan", "leader": "hanlijun", "auditor": "qianyaqin",
    "dept": "helina", "town": "renlong", "clerk": "kongdehua", "head": "lichangshun",
}  # fmt: skip
BUREAU = tuple(ROLES)[:5]
WHO = {"dept": Role.LIAISON, "town": Role.LIAISON, "clerk": Role.MINE_CLERK, "head": Role.MINE_HEAD}
STRANGERS = ("sister", "away", "awayhead")

# Addresses whose word is no record: of catalogues, of kinds, and of what each region keeps for itself.
NO_RECORDS = {
    "standards/<slug:code>/", "mines/lines/<slug:ledger>/", "reminders/channels/<slug:kind>/", "rules/<slug:key>/",
    "inspections/scoring/sheet.<slug:ending>", "ranking/table.<slug:ending>", "heaps/<slug:key>/",
    "ranking/assessment/table.<slug:ending>",
}  # fmt: skip
REFUSED = {"403", "404", "405"}
# What a refused request may leave behind: when an account was last used, the line of the audit, a secret to be shown.
TRACES = {
    "django_session", "units_accountsession", "exchange_serviceaccount", "common_event", "units_secondfactor",
}  # fmt: skip
# Where it is not the first step of all.
ACTS = {"reports/<int:pk>/review/": "accept", "mines/suspensions/<int:pk>/act/": "void"}
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"')


class People:
    """Everybody who asks. `one` finds the person of a role in a unit, or makes one."""

    def __init__(self) -> None:
        self.clients: dict[int, Client] = {}
        self.door = Client(raise_request_exception=False)  # they share what answers them: it takes long to set up

    def one(self, role: str, unit: Unit) -> Client:
        user = User.objects.filter(role=role, unit=unit, is_service=False).order_by("pk").first()
        if user is None:
            user = User.objects.create(
                username=f"{role}.{unit.pk}", name="试用", role=role, unit=unit, must_change_password=False
            )
        return self.client(user)

    def client(self, user: User) -> Client:
        if user.pk not in self.clients:
            self.clients[user.pk] = Client(raise_request_exception=False)
            self.clients[user.pk].handler = self.door.handler
            self.clients[user.pk].force_login(user)
        return self.clients[user.pk]

    def named(self, name: str) -> Client:
        return self.client(User.objects.get(username=ROLES.get(name, f"stranger.{name}")))


Asked = tuple[Client, Model | None]


def askers(name: str, known: Records | None, people: People) -> list[Asked | None]:
    """Who of a role asks about which record: the people of a unit about its own, then those of a sister unit.

    People of a bureau ask about any. None where there is no such record.
    """
    if known is None or known.unit is None or name in BUREAU:
        return [(people.named(name), known.rows().first() if known else None)]
    kind = "department" if name == "dept" else known.where.get("kind", "mine")
    found = known.of_kind(kind)
    if found is None:
        return [None]
    row, unit = found
    at, sister = unit, Unit.objects.filter(kind=kind).exclude(pk=unit.pk).exclude(region=unit.region)
    if name == "town":
        at = Unit.objects.filter(kind="township", region=unit.region).first()  # type: ignore[assignment]
        sister = Unit.objects.filter(kind="township").exclude(region=unit.region)
    elif name == "dept":
        sister = Unit.objects.filter(kind=kind).exclude(pk=unit.pk)
    own = people.one(WHO[name], at) if at is not None else None
    return [own and (own, row), (people.one(WHO[name], sister.order_by("pk")[0]), row)]


@pytest.fixture
def people(demo_county: str, settings: Any, django_capture_on_commit_callbacks: Any) -> People:
    """One of each role, and strangers to their records: of another mine, the administrator and a head of another county.

    With the kinds of record that the demo county lacks.
    """
    # Neither files nor repeated queries are looked for here, which would take most of the time.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith(("zeal.", "whitenoise."))]
    away = Region.objects.create(code="139999", name="白川县")
    bureau = Unit.objects.create(name="白川县应急管理局", kind="department", region=away)
    clerk, admin = User.objects.get(username="kongdehua"), User.objects.get(username="xurui")
    assert clerk.unit is not None and admin.unit is not None
    made = {
        "sister": (Role.MINE_CLERK, Unit.objects.create(name="新开煤矿", kind="mine", region=clerk.unit.region)),
        "away": (Role.BUREAU_ADMIN, bureau),
        "awayhead": (Role.MINE_HEAD, Unit.objects.create(name="白川一矿", kind="mine", region=away)),
    }
    for name, (role, unit) in made.items():
        User.objects.create(username=f"stranger.{name}", name=name, role=role, unit=unit, must_change_password=False)
    kept = {"region": admin.unit.region, "file_name": "表.xlsx", "sha256": "0" * 64}
    for noun in DirectoryImport.Noun.values:
        data = b"".join(template(SHEETS[DirectoryImport.Noun(noun)]))
        run = DirectoryImport.objects.create(noun=noun, by=admin, **kept | {"sha256": hashlib.sha256(data).hexdigest()})
        store_evidence(file=ContentFile(data, "表.xlsx"), by=admin, about=run)
    for login in ("kongdehua", "baixiuying", "chenjianguo"):
        by = User.objects.get(username=login)
        Job.objects.create(by=by, kind="x", state=Job.State.DONE)
        RegisterImport.objects.create(unit=by.unit, by=by, sheet="表", header_row=1, **kept)
        campaign = Campaign.objects.all()[0]
        ProgressImport.objects.create(campaign=campaign, created_by=by, file_name="表.xlsx", sha256="0" * 64)
    SuspensionList.objects.create(region=admin.unit.region, number="1", made_on="2026-01-05", made_by=admin)
    account = ServiceAccount.objects.all()[0]
    Subscription.objects.create(account=account, address="https://a.example/", nouns=["hazards"], created_by=admin)
    line = ExchangeLine.objects.create(
        account=account,
        name="报送",
        direction="push",
        address="https://a.example/",
        nouns=["hazards"],
        created_by=admin,
    )
    Receipt.objects.create(line=line, number=1)
    with django_capture_on_commit_callbacks(execute=True):
        read_a_plan()
    return People()


class Written:
    """The tables that were written to, for as long as it listens; what went back with a savepoint was not."""

    def __init__(self) -> None:
        self.tables: list[str] = []
        self.marks: dict[str, int] = {}

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SAVEPOINT"):
            self.marks[sql.split()[-1]] = len(self.tables)
        elif sql.startswith("ROLLBACK TO"):
            del self.tables[self.marks[sql.split()[-1]] :]
        elif found := WRITES.match(sql):
            self.tables.append(found[1])
        return execute(sql, params, many, context)


def answered(client: Client, method: str, address: str, **how: Any) -> str:
    """The status, with whatever was written taken back; "!" behind it where a refused request wrote something."""
    written = Written()
    with transaction.atomic(), connection.execute_wrapper(written):
        response = client.generic(method.upper(), f"/{address}", **how)
        if response.streaming:  # read to its end, or its file stays open
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    wrote = response.status_code >= 400 and set(written.tables) - TRACES
    return f"{response.status_code}{'!' if wrote else ''}"


def sent(words: str, row: Model | None) -> dict[str, Any]:
    """What is posted: a step that the record's state allows, and nothing else."""
    moves = getattr(row, "moves", None) or {}
    act = ACTS.get(words) or next((act for state, act in moves if state == row.state), "deactivate")  # type: ignore[union-attr]
    return {"data": f"act={act}&note=x", "content_type": "application/x-www-form-urlencoded"}


def record_of(words: str, known: dict[str, Records]) -> Records:
    begun = max((start for start in known if words.startswith(start)), key=len, default=None)
    assert begun is not None, f"say in records.py which record {words} is about"
    return known[begun]


@pytest.mark.once
@pytest.mark.django_db
def test_each_role_is_answered_as_the_table_says(
    people: People, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.CRITICAL)
    # Whether somebody is let in is decided before anything is drawn, and drawing takes half of the time.
    monkeypatch.setattr(Template, "render", lambda *args: "")
    known, found, faults = records(), dict[tuple[str, ...], list[str]](), list[str]()
    for words in pages():
        for method in ("GET", "POST"):
            line = line_of(method, words, people, known)
            if set(line) == {"405"}:
                continue
            found.setdefault(line, []).append(f"{method} {words}")
            if "<" in words and words not in NO_RECORDS:
                faults += strangers(method, words, people, known)
            faults += [f"{method} {words}: {line}"] if "!" in "".join(line) or "500" in "".join(line) else []
    compare("who_is_shown.txt", grouped(found, tuple(ROLES)), faults, tmp_path)


def line_of(method: str, words: str, people: People, known: dict[str, Records]) -> tuple[str, ...]:
    """What each role is answered, for its own record and for a sister unit's; "-" where there is no such record."""
    line: list[str] = []
    record = record_of(words, known) if "<" in words else None
    for name in ROLES:
        line.append("/".join(cell(method, words, record, asked) for asked in askers(name, record, people)))
        if line == ["405"]:
            return ("405",) * len(ROLES)  # what the address does not do, it does for nobody
    return tuple(line)


def cell(method: str, words: str, record: Records | None, asked: Asked | None) -> str:
    if asked is None:
        return "-"
    client, row = asked
    how = sent(words, row) if method == "POST" else {}
    return answered(client, method, record.fill(words, row) if record and row else words, **how)


def strangers(method: str, words: str, people: People, known: dict[str, Records]) -> list[str]:
    """What those should not have been answered who have nothing to do with the record."""
    record = record_of(words, known)
    row = record.rows().first()
    assert row is not None, f"nothing to be tried at {words}"
    names = STRANGERS if method == "GET" else STRANGERS[1:2]
    answers = {name: cell(method, words, record, (people.named(name), row)) for name in names}
    return [
        f"{name} is answered {status} at {method} {words}" for name, status in answers.items() if status not in REFUSED
    ]


def grouped(found: dict[tuple[str, ...], list[str]], names: tuple[str, ...]) -> list[str]:
    """Addresses under the line that they share; groups by who is let in, the wider the earlier."""
    lines = ["# " + "".join(f"{name:<10}" for name in names).rstrip()]
    for line in sorted(found, key=lambda line: (sum("40" not in cell[:2] for cell in line) * -1, line)):
        lines += ["", "  " + "".join(f"{cell:<10}" for cell in line).rstrip()]
        lines += [f"    {words}" for words in sorted(found[line], key=lambda words: words.split(" ")[::-1])]
    return lines


def compare(name: str, lines: list[str], faults: list[str], folder: Path) -> None:
    """Hold what was found against the table, each address with the line above it."""
    kept = (HERE / name).read_text(encoding="utf-8").splitlines()
    found, expected = with_headings(lines), with_headings(kept)
    faults += [f"not in the table: {line}" for line in found if line not in expected]
    faults += [f"in the table and not so: {line}" for line in expected if line not in found]
    if faults:
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        faults.append(f"{name} as it would be: {folder / name}")
    assert not faults, "\n".join(faults)


def with_headings(lines: list[str]) -> list[str]:
    heading, found = "", list[str]()
    for line in lines:
        if line.startswith("    "):
            found.append(f"{line.strip():<60} {heading}")
        elif line:
            heading = line.strip()
    return found
