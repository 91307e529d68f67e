"""The people of each role who try every address, what they are answered, and the tables that say what they should be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Protocol, TypeVar

from django.db import connection, transaction
from django.db.models import Model
from django.test import Client

from campaign_tracker.tests.records import Records
from units.models import Role, Unit, User

HERE = Path(__file__).parent
ROLES = {
    "admin": "xurui", "staff": "chenjianguo", "inspector": "sunzhiyuan", "leader": "hanlijun", "auditor": "qianyaqin",
    "dept": "helina", "town": "renlong", "clerk": "kongdehua", "head": "lichangshun",
}  # fmt: skip
BUREAU = tuple(ROLES)[:5]
WHO = {"dept": Role.LIAISON, "town": Role.LIAISON, "clerk": Role.MINE_CLERK, "head": Role.MINE_HEAD}
REFUSED = {"403", "404", "405"}
# What a refused request may leave behind: when an account was last used, the line of the audit, a secret to be shown.
TRACES = {
    "django_session", "units_accountsession", "exchange_serviceaccount", "common_event", "units_secondfactor",
}  # fmt: skip
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


Who = TypeVar("Who", covariant=True)


class Askers(Protocol[Who]):
    """Those who ask: the one of a role's name, and the one of a role in a unit, made where there is none."""

    def named(self, name: str) -> Who: ...

    def one(self, role: str, unit: Unit) -> Who: ...


def askers(name: str, known: Records | None, people: Askers[Who]) -> list[tuple[Who, Model | None] | None]:
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
