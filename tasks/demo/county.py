"""Sets up the fictional county: regions, units with their other names, groups and accounts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from units.models import Region, Role, Unit, UnitGroup, UnitTag, User
from units.services import change_unit, create_account, create_alias, create_group, create_region, create_unit

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
    """Write the county through the services by which its bureau would keep it; only what lies above it comes first."""
    regions = read("demo_county/regions")
    Region.objects.bulk_create(Region(**row) for row in regions if len(row["code"]) == 6)
    UnitTag.objects.bulk_create(UnitTag(**row) for row in read("demo_county/tags"))
    region = Region.objects.get(code=COUNTY)
    accounts = read("demo_county/accounts")
    admin = _first_account(region, next(row for row in accounts if row["role"] == Role.BUREAU_ADMIN))
    for row in regions:
        if len(row["code"]) > 6:
            create_region(by=admin, **row)
    units = _create_units(admin)
    groups = _create_groups(admin, units)
    users = _create_accounts(admin, units, [row for row in accounts if row["username"] != admin.username])
    staff = tuple(user for user in users if user.role == Role.BUREAU_STAFF)
    speakers: dict[int, User] = {}
    for user in users:
        if user.role in (Role.LIAISON, Role.MINE_CLERK) and user.unit_id:
            speakers.setdefault(user.unit_id, user)
    return County(region, units, groups, admin, staff, speakers)


def _first_account(region: Region, row: dict[str, str]) -> User:
    """Make the administrator and his own bureau by hand: somebody has to be there to enter the others."""
    bureau = next(unit for unit in read("demo_county/units") if unit["code"] == BUREAU)
    unit = Unit.objects.create(
        name=bureau["name"],
        short_name=bureau["short_name"],
        kind=bureau["kind"],
        region=region,
        credit_code=bureau["credit_code"],
    )
    unit.tags.set(bureau["tags"])
    return User.objects.create(
        username=row["username"], name=row["name"], role=row["role"], duty=row["duty"], unit=unit
    )


def _create_units(admin: User) -> dict[str, Unit]:
    regions = {region.code: region for region in Region.objects.all()}
    units: dict[str, Unit] = {BUREAU: admin.unit} if admin.unit else {}
    for row in read("demo_county/units"):
        parent = units[row["parent"]] if row["parent"] else None
        if row["code"] == BUREAU:
            units[BUREAU] = change_unit(by=admin, unit=units[BUREAU], parent=parent)
        else:
            units[row["code"]] = create_unit(
                by=admin,
                name=row["name"],
                short_name=row["short_name"],
                kind=row["kind"],
                region=regions[row["region"]],
                parent=parent,
                credit_code=row["credit_code"],
                tags=row["tags"],
            )
        for name in row["aliases"]:
            create_alias(by=admin, name=name, unit=units[row["code"]])
    return units


def _create_groups(admin: User, units: dict[str, Unit]) -> dict[str, UnitGroup]:
    regions = {region.code: region for region in Region.objects.all()}
    groups: dict[str, UnitGroup] = {}
    for row in read("demo_county/groups"):
        group = groups[row["code"]] = create_group(
            by=admin,
            name=row["name"],
            region=regions[row["region"]],
            kinds=row["kinds"],
            tags=row["tags"],
            extra_members=[units[code] for code in row["members"]],
        )
        for name in row["aliases"]:
            create_alias(by=admin, name=name, group=group)
    return groups


def _create_accounts(admin: User, units: dict[str, Unit], rows: list[dict[str, str]]) -> list[User]:
    users = [
        create_account(
            by=admin,
            username=row["username"],
            name=row["name"],
            role=row["role"],
            unit=units[row["unit"]],
            duty=row["duty"],
        )
        for row in rows
    ]
    # Accounts are opened without a password. One hash serves them all: hashing the same published password 88 times
    # would take most of the loading time.
    User.objects.update(
        password=make_password(PASSWORD),
        is_demo=True,
        must_change_password=False,
        password_changed_at=timezone.now(),
    )
    return users
