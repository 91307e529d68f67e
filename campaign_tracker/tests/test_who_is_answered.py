"""What the programs of each role are answered at every operation of the interface, and strangers to a record nothing of it.

A program of each inside role with every scope tries every operation: those of a bureau on a record of the county, those of a
unit on one of their own (`records.py`) and then, by a program of a sister unit, on the same ("-" where there is none). Beside
them a program of a mine without records, one of another county, and one without the scope. What they are answered stands in
who_is_answered.txt. Bodies are empty, so that 400 and 409 say that the record was found, not that the act is allowed: that
is for the services, who refuse by the table in docs/rights.md.

A new operation, or another answer, fails with the lines that the table lacks. Look whether that is what these programs
should get, and put them in: a role that may not do a thing is answered 403, one that does not see it 404.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from campaign_tracker.tests.records import Records, records
from campaign_tracker.tests.roles import REFUSED, ROLES, People, answered, askers, compare, grouped
from campaign_tracker.tests.test_urls_as_stranger import PUBLIC, fill
from common.models import CalendarDay
from exchange.models import Reconciliation, ServiceAccount
from exchange.resources import RESOURCES
from exchange.scopes import SCOPES
from exchange.services.accounts import issue_token, open_service_account
from hazards.models import MonthlyFigures
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
    return found | {
        "evidence": known["evidence/"],
        "letters": known["letters/"],
        "hazards": known["hazards/<int:pk>/"],
        "regions": Records(Region, None, {"pk": region.pk}),
    }


def cells(
    name: str, method: str, words: str, record: Records | None, people: People, programs: Programs
) -> Iterator[str]:
    """What the program of a name is answered, for its own record and for a sister unit's; "-" where there is none."""
    how: dict[str, Any] = {} if method == "get" else {"data": b"{}", "content_type": "application/json"}
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
        yield answered(people.door, method, address, headers={"If-Match": "*"} | headers, **how)


@pytest.mark.once
@pytest.mark.django_db
def test_programs_are_answered_as_the_table_says(
    people: People,
    every_noun: dict[str, Records],
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.CRITICAL)
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
