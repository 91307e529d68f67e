"""What the programs of each role are answered at every operation of the interface, and strangers to a record nothing of it.

A program of each inside role with every scope tries every operation: those of a bureau on a record of the county, those of a
unit on one of their own (`records.py`) and then, by a program of a sister unit, on the same ("-" where there is none). Beside
them a program of a mine without records, one of another county, and one without the scope. What they are answered stands in
who_is_answered.txt. They send the example of the documentation, with the keys of the demo county and a step that the record
may take in its state: who may do the act is answered 2xx, or 409 where the state of this record forbids it.

A new operation, or another answer, fails with the lines that the table lacks. Look whether that is what these programs
should get, and put them in: a role that may not do a thing is answered 403, one that does not see it 404.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from campaign_tracker.tests.records import Records, records
from campaign_tracker.tests.roles import REFUSED, ROLES, People, answered, askers, compare, grouped
from campaign_tracker.tests.test_urls_as_stranger import PUBLIC, fill
from common.api import Act
from common.models import CalendarDay
from common.tests.files import pdf
from exchange.models import Reconciliation, ServiceAccount
from exchange.resources import RESOURCES, acts_on
from exchange.schema.guide import example_of
from exchange.scopes import SCOPES
from exchange.services.accounts import issue_token, open_service_account
from hazards.models import MonthlyFigures
from mines.models import Contractor, ResponsibleLeader
from supervision.models import AccidentCount, ConsolidatedNarrative
from tasks.models import ReportingRule
from tasks.services.pushes import push_plan
from units.models import Region, Unit, User

API = "api/v1/"
NAMES = (*ROLES, "sister", "away", "unscoped")
SHARED = {"standards", "calendar", "regions"}
"""What every program reads: the catalogues, the holidays, and the regions."""
UNITS = {
    "reminders": "unit__", "officers": "officer__unit__", "investigations": "hazard__mine__", "accident-counts": "unit__",
} | {noun: "mine__unit__" for noun in RESOURCES if noun.startswith("mine-") and noun != "mine-targets"}  # fmt: skip
"""Whose the records are that no page is about."""
STATES: dict[tuple[str, str], dict[str, Any]] = {
    ("assignments", "act"): {"state": "in_progress", "is_ongoing": False},
    ("assignments", "progress"): {"state": "in_progress"},
    ("due-items", "act"): {"state": "open", "assignment__state": "in_progress"},
    ("hazards", "act"): {"state": "graded", "level": "general"},
    ("hazards", "grade"): {"state": "registered", "level": ""},
    ("letters", "answer"): {"receipts__state": "signed"},
    ("letters", "sign"): {"receipts__state": "waiting"},
    ("mine-accidents", ""): {"case_closed_on": None},
    ("reports", ""): {"state": "draft"},
    ("reports", "act"): {"state": "signed"},
    ("reports", "files"): {"state": "draft"},
    ("reports", "sign"): {"state": "draft"},
}
"""In which state a record is needed for an act to be possible."""
WITH_FILES = {("hazards", "rectifications"), ("reports", "files")}
"""Acts that are nothing without a file."""


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        words = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, words)
        else:
            yield words, pattern


def operations() -> list[tuple[str, str]]:
    """Method and pattern of everything that the interface does."""
    found = set()
    for words, pattern in patterns(get_resolver()):
        view: Any = getattr(pattern.callback, "cls", None)
        if words.startswith(API) and words not in PUBLIC and view is not None:
            found |= {(method, words) for method in view.http_method_names if hasattr(view, method)}
    return sorted(found - {("options", words) for _, words in found}, key=lambda pair: pair[::-1])


class Programs:
    """The headers of everybody who asks: programs with every scope, but for the one that is to be without."""

    def __init__(self) -> None:
        self.headers: dict[tuple[str, int | None, bool], dict[str, str]] = {}

    def one(self, role: str, unit: Unit, *, unscoped: bool = False) -> dict[str, str]:
        told_apart = role, unit.pk, unscoped
        if told_apart not in self.headers:
            by = User.objects.get(username="stranger.away" if unit.name.startswith("白川") else ROLES["admin"])
            account = open_service_account(
                by=by, name=f"{role} {unit} {unscoped}", unit=unit, role=role, purpose="试", contact="试",
                scopes=["regions:read"] if unscoped else list(SCOPES), per_minute=6000,
            )  # fmt: skip
            self.headers[told_apart] = {"Authorization": f"Token {issue_token(by=by, account=account, days=1).token}"}
        return self.headers[told_apart]

    def named(self, name: str) -> dict[str, str]:
        login = ROLES["staff"] if name == "unscoped" else ROLES.get(name, f"stranger.{name}")
        user = User.objects.select_related("unit").get(username=login)
        assert user.unit is not None
        return self.one(user.role, user.unit, unscoped=name == "unscoped")


@pytest.fixture
def every_noun(people: People) -> dict[str, Records]:
    """Records by noun, with those that the demo county lacks."""
    admin, clerk = User.objects.get(username="xurui"), User.objects.get(username="kongdehua")
    assert admin.unit is not None and clerk.unit is not None
    push_plan(
        by=admin, region=admin.unit.region, name="推送的方案",
        plan={"campaign": {"title": "整治方案"}, "tasks": [{"id": "1", "title": "建立台账"}]},
    )  # fmt: skip
    region = admin.unit.region
    MonthlyFigures.objects.create(region=region, year=2026, month=1, edition=1, figures={}, closed_by=admin)
    AccidentCount.objects.create(region=region, year=2026, unit=clerk.unit, entered_by=admin)
    Reconciliation.objects.create(account=ServiceAccount.objects.all()[0], counts={}, agrees=True)
    CalendarDay.objects.create(date="2026-10-01", kind="holiday", name="国庆节")
    rule = ReportingRule.objects.order_by("pk")[0]
    ConsolidatedNarrative.objects.create(rule=rule, period="2026-01", version=1, progress="x", edited_by=admin)
    known = records()
    whose = {record.model: record.unit for record in known.values() if record.unit is not None}
    found = {
        noun: Records(resource.model, UNITS.get(noun, whose.get(resource.model)))
        for noun, resource in RESOURCES.items()
    }
    Contractor.objects.create(
        mine_id=clerk.unit.pk, kind="contract", name="掘进公司", licence_number="1", work="掘进", people=9,
        since="2026-01-01", created_by=admin,
    )  # fmt: skip
    return found | {
        "evidence": known["evidence/"],
        "letters": known["letters/"],
        "hazards": known["hazards/<int:pk>/"],
        "regions": Records(Region, None, {"pk": region.pk}),
    }


def act_at(method: str, words: str) -> Act | None:
    """What an address does, where it writes."""
    noun, _, rest = words.removeprefix(API).partition("/")
    name = rest.removeprefix("<str:key>/").strip("/")
    for act in acts_on(noun):
        done = "patch" if act.changes else "post"
        if (act.name == name and method == done) or (act.renews and method == "put"):
            return act
    return None


def body_for(act: Act, row: Any) -> dict[str, Any]:
    """The documented example of an act, with keys and days of this record and a step that its state allows."""
    body, today = example_of(act.takes), timezone.localdate()
    receipts, clerk = getattr(row, "receipts", None), User.objects.get(username="kongdehua")
    mine = getattr(row, "mine_id", None) or clerk.unit_id
    known: dict[str, Any] = {
        "mine": mine,
        "unit": User.objects.get(username="xurui").unit_id,
        "leader": ResponsibleLeader.objects.filter(mine=mine).values_list("pk", flat=True).first(),
        "contractor": Contractor.objects.filter(mine=mine).values_list("pk", flat=True).first(),
        "version": getattr(row, "version", None),
        "address": "http://127.0.0.1:9/",
        "since": getattr(row, "found_on", None),
        "done_on": getattr(row, "found_on", None),
        "due_on": today + dt.timedelta(days=10),
        "new_due_on": today + dt.timedelta(days=90),
        "entries": [],
        "figures": [],
    }
    if act.noun == "mine-posts":
        known["post"] = "machines"
    if row is not None and hasattr(row, "moves") and "action" in body:
        offered = act.takes().fields["action"].choices
        known["action"] = next((one for state, one in row.moves if state == row.state and one in offered), None)
    body |= {name: value for name, value in known.items() if name in body and value is not None}
    body.pop("assignment", None)  # a file may also be about the whole report
    if receipts is not None:
        body["unit"] = receipts.values_list("unit", flat=True).first()
    return body | ({"note": "按文件要求办理"} if "note" in act.takes().fields else {})


def sending(act: Act | None, row: Any) -> dict[str, Any]:
    """A body and its kind, as a client of the tests takes them."""
    body = body_for(act, row) if act else {}
    if act and (act.noun, act.name) in WITH_FILES:
        data = {name: str(value) for name, value in body.items()} | {"files": SimpleUploadedFile("整改.pdf", pdf())}
        return {"data": encode_multipart(BOUNDARY, data), "content_type": MULTIPART_CONTENT}
    return {"data": json.dumps(body, default=str), "content_type": "application/json"}


def cells(
    name: str, method: str, words: str, record: Records | None, people: People, programs: Programs
) -> Iterator[str]:
    """What the program of a name is answered, for its own record and for a sister unit's; "-" where there is none."""
    act = None if method == "get" else act_at(method, words)
    if record and act and (state := STATES.get((act.noun, act.name))):
        record = replace(record, where=record.where | state)
    if name in ROLES:
        asked = askers(name, record, programs)
    else:
        asked = [(programs.named(name), record.rows().first() if record else None)]
    for one in asked:
        if one is None or (record and one[1] is None):
            yield "-"
            continue
        headers, row = one
        address = re.sub("<.*?>", str(getattr(row, record.key)), words) if record else fill(words) or ""
        how = {} if method == "get" else sending(act, row)
        yield answered(people.door, method, address, headers={"If-Match": "*"} | headers, **how)


@pytest.mark.once
@pytest.mark.django_db
def test_programs_are_answered_as_the_table_says(
    people: People,
    every_noun: dict[str, Records],
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    settings: Any,
) -> None:
    caplog.set_level(logging.CRITICAL)
    settings.HOOKS_TO_PRIVATE = True
    found, faults = dict[tuple[str, ...], list[str]](), list[str]()
    programs = Programs()
    for method, words in operations():
        noun = words.removeprefix(API).split("/")[0]
        record = every_noun.get(noun) if "<" in words and "external" not in words else None
        line = ["/".join(cells(name, method, words, record, people, programs)) for name in NAMES]
        others = dict(zip(NAMES, line, strict=True))
        if record and noun not in SHARED and {others["away"], others["sister"] if noun != "units" else "404"} - REFUSED:
            faults.append(f"others are answered at {words}: {line}")
        if others["unscoped"] not in ("403", "404") and noun not in ("regions", ""):
            faults.append(f"without the scope, {words} answers {others['unscoped']}")
        faults += [f"{method} {words}: {line}"] if "!" in "".join(line) or "500" in "".join(line) else []
        found.setdefault(tuple(line), []).append(f"{method.upper()} {words}")
    compare("who_is_answered.txt", grouped(found, NAMES), faults, tmp_path)
