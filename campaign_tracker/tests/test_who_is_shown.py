"""What each role is shown at every page, and strangers to a record nothing of it.

Every page of the program is opened and sent to by people of each role: those of a bureau for any record, those of a unit for
one of their own (`records.py`) and then, by people of a sister unit, for the same. What they are answered stands in
who_is_shown.txt. People of another county and of a mine without records try all records and are shown none.

A new address, or another answer, fails with the lines that the table lacks. Look whether that is what these roles should
get, and put them in: a role that may not do a thing is answered 403, one that does not see it 404.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model
from django.template.backends.django import Template
from django.test import Client
from django.urls import get_resolver

from campaign_tracker.tests.records import Records, records
from campaign_tracker.tests.roles import REFUSED, ROLES, People, answered, askers, compare, grouped
from campaign_tracker.tests.test_urls_as_stranger import PUBLIC, addresses

STRANGERS = ("sister", "away", "awayhead")
LEAVES = {"logout/", "login/", "profile/sessions/end/", "profile/sessions/<int:pk>/end/"}
"""Addresses that end the sessions of whoever asks."""

# Addresses whose word is no record: of catalogues, of kinds, and of what each region keeps for itself.
NO_RECORDS = {
    "standards/<slug:code>/", "mines/lines/<slug:ledger>/", "reminders/channels/<slug:kind>/", "rules/<slug:key>/",
    "inspections/scoring/sheet.<slug:ending>", "ranking/table.<slug:ending>", "heaps/<slug:key>/",
    "ranking/assessment/table.<slug:ending>",
}  # fmt: skip
# Where it is not the first step of all.
ACTS = {"reports/<int:pk>/review/": "accept", "mines/suspensions/<int:pk>/act/": "void"}


def pages() -> list[str]:
    return sorted({words for words, _ in addresses(get_resolver()) if not words.startswith("api/")} - PUBLIC - LEAVES)


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


def cell(method: str, words: str, record: Records | None, asked: tuple[Client, Model | None] | None) -> str:
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
