"""Sets up the fictional county: regions, units with their other names, groups and accounts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from common.history import record_many
from units.models import Region, Role, Unit, UnitAlias, UnitGroup, UnitTag, User
from units.names import name_key
from units.services import create_unit

FOLDER = Path(__file__).resolve().parents[2] / "fixtures"
COUNTY = "690324"
BUREAU = "yingji"
PASSWORD = "Qinglan-Demo-2026"
"""Published on purpose: demo accounts exist only where nothing is real, and production refuses to start with them."""


@dataclass(frozen=True, slots=True)
class County:
    """What the rest of the loader needs to find by the names used in the files."""

    region: Region
    units: dict[str, Unit]
    groups: dict[str, UnitGroup]
    admin: User
    staff: tuple[User, ...]
    speakers: dict[int, User]
    """Who reports for a unit, by the unit's key."""


def read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def create_county() -> County:
    """Write the county. Units go through their service; regions, tags, groups and aliases are reference data."""
    Region.objects.bulk_create(Region(**row) for row in read("demo_county/regions"))
    UnitTag.objects.bulk_create(UnitTag(**row) for row in read("demo_county/tags"))
    region = Region.objects.get(code=COUNTY)
    accounts = read("demo_county/accounts")
    admin = _first_account(region, next(row for row in accounts if row["role"] == Role.BUREAU_ADMIN))
    units = _create_units(admin)
    groups = _create_groups(units)
    users = _create_accounts(admin, units, [row for row in accounts if row["username"] != admin.username])
    staff = tuple(user for user in users if user.role == Role.BUREAU_STAFF)
    speakers: dict[int, User] = {}
    for user in users:
        if user.role in (Role.LIAISON, Role.MINE_CLERK) and user.unit_id:
            speakers.setdefault(user.unit_id, user)
    return County(region, units, groups, admin, staff, speakers)


def _first_account(region: Region, row: dict[str, str]) -> User:
    """The administrator comes before the directory that he enters: his own bureau is the only unit made by hand."""
    bureau = next(unit for unit in read("demo_county/units") if unit["code"] == BUREAU)
    unit = Unit.objects.create(
        name=bureau["name"],
        short_name=bureau["short_name"],
        kind=bureau["kind"],
        region=region,
        credit_code=bureau["credit_code"],
    )
    unit.tags.set(bureau["tags"])
    user = _account(row, unit, make_password(PASSWORD))
    user.save()
    return user


def _create_units(admin: User) -> dict[str, Unit]:
    regions = {region.code: region for region in Region.objects.all()}
    units: dict[str, Unit] = {BUREAU: admin.unit} if admin.unit else {}
    aliases: list[UnitAlias] = []
    for row in read("demo_county/units"):
        parent = units[row["parent"]] if row["parent"] else None
        if row["code"] == BUREAU:
            units[BUREAU].parent = parent
            units[BUREAU].save()
        else:
            units[row["code"]] = create_unit(
                by=admin,
                name=row["name"],
                short_name=row["short_name"],
                kind=row["kind"],
                region=regions[row["region"]],
                parent=parent,
                credit_code=row["credit_code"],
                tags=tuple(row["tags"]),
            )
        aliases += [_alias(name, unit=units[row["code"]]) for name in row["aliases"]]
    UnitAlias.objects.bulk_create(aliases)
    return units


def _create_groups(units: dict[str, Unit]) -> dict[str, UnitGroup]:
    groups: dict[str, UnitGroup] = {}
    aliases: list[UnitAlias] = []
    for row in read("demo_county/groups"):
        group = UnitGroup.objects.create(name=row["name"], region_id=row["region"], kinds=row["kinds"])
        group.tags.set(row["tags"])
        group.extra_members.set(units[code] for code in row["members"])
        groups[row["code"]] = group
        aliases += [_alias(name, group=group) for name in row["aliases"]]
    UnitAlias.objects.bulk_create(aliases)
    return groups


def _alias(name: str, **meaning: Any) -> UnitAlias:
    # bulk_create does not call save(), which fills the key
    return UnitAlias(region_id=COUNTY, name=name, key=name_key(name), **meaning)


def _create_accounts(admin: User, units: dict[str, Unit], rows: list[dict[str, str]]) -> list[User]:
    # One hash for all: hashing the same published password 90 times would take most of the loading time.
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(_account(row, units[row["unit"]], password) for row in rows)
    record_many("user.created", [admin, *users], by=admin, note="演示账号")
    return users


def _account(row: dict[str, str], unit: Unit, password: str) -> User:
    return User(
        username=row["username"],
        name=row["name"],
        role=row["role"],
        duty=row["duty"],
        unit=unit,
        password=password,
        is_demo=True,
        must_change_password=False,
        password_changed_at=timezone.now(),
    )
