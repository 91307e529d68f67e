"""Every operation of the contract, with invented requests, by the programs of every role: no fault of ours, no answer
that the contract does not name, no word of another county."""

from __future__ import annotations

import itertools
import logging
import re
import socket
import uuid
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from common.models import Evidence
from exchange.models import ServiceAccount
from exchange.reading import visible_rows
from exchange.resources import RESOURCES
from exchange.scopes import SCOPES
from exchange.services.accounts import issue_token, open_service_account
from hazards.models import Hazard
from inspections.models import Visit
from mines.models import Mine
from tasks.models import Assignment, Campaign, DueItem, Task
from units.models import Region, Role, Unit, User

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
          response_headers_conformance]  # fmt: skip
EXAMPLES = 2
"""Of each operation: the first is sent by every role, the others by one in turn. More find little more and take minutes."""
ROLES = {
    "admin": "xurui", "bureau": "chenjianguo", "inspector": "sunzhiyuan", "leader": "hanlijun", "auditor": "qianyaqin",
    "department": "helina", "township": "renlong", "mine": "kongdehua", "head": "lichangshun",
}  # fmt: skip
NEIGHBOUR = "neighbour"
HOME, AWAY = "690324", "139999"
FOREIGN = re.compile(f"{AWAY}|白川"), re.compile(f"{HOME}|青岚")
"""What an answer to the people of the demo county may not hold, and what none to its neighbour."""
PUBLIC = {"standards", "calendar"}
"""What every account reads, of whatever county."""


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests through WSGI stay inside the transaction of the test, as those of Django's own client do."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def tokens(demo_county: str) -> dict[str, str]:
    """A token of each role, with every scope; the neighbour's is of another county."""
    home = User.objects.get(username="xurui")
    admin = plant_neighbours()
    askers = {name: User.objects.get(username=login) for name, login in ROLES.items()} | {NEIGHBOUR: admin}
    found = {}
    for name, user in askers.items():
        by = admin if name == NEIGHBOUR else home
        account = open_service_account(
            by=by, name=name, unit=user.unit, role=user.role, purpose="试", contact="试", scopes=list(SCOPES),
            per_minute=6000,
        )  # fmt: skip
        found[name] = issue_token(by=by, account=account, days=1).token
    return found


def plant_neighbours() -> User:
    """The administrator of another county that has a bit of everything, each bearing its name."""
    away = Region.objects.create(code=AWAY, name="白川县")
    bureau = Unit.objects.create(name="白川县应急管理局", kind="department", region=away)
    mine = Unit.objects.create(name="白川一矿", kind="mine", region=away)
    admin: User = User.objects.create_user("admin.bai", "x", name="白管理", role=Role.BUREAU_ADMIN, unit=bureau)
    copy(Mine.objects, unit=mine)
    copy(Hazard.objects.filter(state="registered"), mine=mine, region=away, number="白川-1", place="白川巷道", area=None, task=None)
    copy(Visit.objects.filter(state="finished"), mine=mine, region=away, number="白川-2", planned=None, group=None, client_id=uuid.uuid4())
    campaign = copy(Campaign.objects, region=away, title="白川方案", created_by=admin)
    task = copy(Task.objects, campaign=campaign, section=None, parent=None, text="白川任务")
    copy(Assignment.objects, task=task, campaign=campaign, region=away, unit=bureau, responsibility=None)
    return admin


def copy(rows: Any, **changed: Any) -> Any:
    row = rows.order_by("pk")[0]
    row.pk, row._state.adding = None, True
    for name, value in changed.items():
        setattr(row, name, value)
    row.save()
    return row


def key_of(path: str) -> dict[str, str]:
    """The path parameters of a record that the bureau sees, where the address is that of one."""
    noun = path.removeprefix("/api/v1/").split("/")[0]
    bureau = ServiceAccount.objects.get(user__name="bureau").user
    if "{key}" in path:
        row = visible_rows(RESOURCES[noun], bureau).last()
        return {} if row is None else {"key": str(row.pk)}
    if "{public_id}" in path:
        return {"public_id": str(Evidence.objects.order_by("pk")[0].public_id)}
    return {}


def known_keys(name: str) -> dict[str, Any]:
    """Keys that the account sees, to stand in bodies: with invented ones alone nothing would ever be written."""
    user = ServiceAccount.objects.select_related("user").get(user__name=name).user
    mine = Unit.objects.visible_to(user).filter(kind=Unit.Kind.MINE).first()
    item = DueItem.objects.visible_to(user).first()
    return {
        "mine": mine and mine.pk, "unit": user.unit_id, "due_item": item and item.pk, "version": 1,
        "assignment": item and item.assignment_id, "found_on": "2026-01-05", "task": None, "clause": None, "area": None,
    }  # fmt: skip


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection")
def test_every_operation_keeps_the_contract(
    tokens: dict[str, str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*_: Any, **__: Any) -> None:
        raise socket.gaierror("names that were invented are found nowhere")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    caplog.set_level(logging.CRITICAL)
    schema = openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 2 * len(RESOURCES)
    faults: list[str] = []
    for operation in operations:
        faults += faults_of(operation, tokens)
    assert not faults, f"{len(faults)} faults\n" + "\n\n".join(faults[:20])


def faults_of(operation: Any, tokens: dict[str, str]) -> list[str]:
    real, noun = key_of(operation.path), operation.path.split("/")[3]
    strategies = [operation.as_strategy(GenerationMode.POSITIVE, path_parameters=real)] if real else []
    strategies.append(operation.as_strategy(GenerationMode.POSITIVE))
    roles, found = itertools.cycle(tokens), list[str]()
    every = list(tokens)

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=st.one_of(strategies))
    def send(case: Any) -> None:
        told_apart = [every.pop() for _ in range(len(every))] or [next(roles)]
        for name in told_apart:
            if isinstance(case.body, dict):
                case.body.update({key: value for key, value in known_keys(name).items() if key in case.body})
            with transaction.atomic():
                response = case.call(headers={"Authorization": f"Token {tokens[name]}"})
                transaction.set_rollback(True)
            try:
                case.validate_response(response, checks=CHECKS)
            except FailureGroup as error:
                found.append(f"{name} {operation.method} {case.formatted_path}: {error}"[:1200])
            theirs = noun not in PUBLIC and real and case.path_parameters == real
            sent = f"{case.formatted_path} {case.query} {case.body!r}"
            if (
                (word := FOREIGN[name == NEIGHBOUR].search(response.content.decode(errors="replace")))
                and word[0] not in sent
                and noun not in PUBLIC
            ):
                found.append(f"{name} reads “{word[0]}” at {case.method} {case.formatted_path}")
            if name == NEIGHBOUR and theirs and response.status_code < HTTPStatus.MULTIPLE_CHOICES:
                found.append(f"the neighbour was answered {case.method} {case.formatted_path}")

    send()
    return found
