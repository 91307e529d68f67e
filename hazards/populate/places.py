"""Where the bulk register lies: a province, its counties and towns, their bureaus, enterprises and mines, and people."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from django.utils import timezone

from common.bulk import insert_rows, reserve_keys
from mines.models import Mine, MineType
from units.models import Region, Role, Unit, User

PROVINCE = "680000"
"""A code that GB/T 2260 gives to no province."""
COUNTIES_A_CITY, TOWNS = 10, 8
_UNIT = ("id", "name", "short_name", "kind", "region_id", "parent_id", "path", "sort_key", "initials")
_USER = (
    "id", "username", "name", "role", "unit_id", "duty", "password", "password_changed_at", "is_demo",
    "must_change_password",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    pk: int
    name: str
    unit: str


@dataclass(frozen=True)
class PlacedMine:
    pk: int
    name: str
    kind: str
    clerk: Person
    head: Person


@dataclass(frozen=True)
class County:
    """A county with whoever acts in it."""

    region: Region
    admin: Person
    staff: list[Person]
    inspectors: list[Person]
    mines: list[PlacedMine]


def create_province(password: str) -> None:
    """The province with its bureau and one account that sees all of it."""
    region, _ = Region.objects.get_or_create(code=PROVINCE, defaults={"name": "岭川省", "short_name": "岭川"})
    bureau, _ = Unit.objects.get_or_create(
        region=region, name="岭川省应急管理厅", defaults={"kind": Unit.Kind.DEPARTMENT}
    )
    who = {"name": "省厅值班", "role": Role.BUREAU_STAFF, "unit": bureau, "password": password, "is_demo": True}
    who |= {"must_change_password": False, "password_changed_at": timezone.now()}
    User.objects.get_or_create(username=f"province.{PROVINCE}", defaults=who)


def create_county(words: dict[str, Any], dice: Random, place: int, mines: int, password: str) -> County:
    """The county at a place, made where it is not there yet."""
    city, number = divmod(place, COUNTIES_A_CITY)
    city_code, code = f"68{city + 1:02}00", f"68{city + 1:02}{number + 1:02}"
    starts, ends = words["counties"], words["county_ends"]
    name = f"{starts[place % len(starts)]}{ends[place // len(starts) % len(ends)]}县"
    Region.objects.get_or_create(code=city_code, defaults={"name": f"{ends[city % len(ends)]}{starts[-1 - city]}市"})
    region, is_new = Region.objects.get_or_create(code=code, defaults={"name": name, "short_name": name[:-1]})
    if is_new:
        _Builder(words, dice, region, password).build(mines)
    return _read(region)


class _Builder:
    """Writes one county's units and accounts in bulk."""

    def __init__(self, words: dict[str, Any], dice: Random, region: Region, password: str) -> None:
        self.words, self.dice, self.region, self.password = words, dice, region, password
        self.taken: set[str] = set()
        self.units: list[tuple[Any, ...]] = []
        self.users: list[tuple[Any, ...]] = []

    def build(self, mines: int) -> None:
        stems = [f"{a}{b}" for a in self.words["stems"] for b in self.words["stem_ends"]]
        towns = [
            Region(code=f"{self.region.code}{100 + n}", name=f"{stem}{self.dice.choice(self.words['town_ends'])}")
            for n, stem in enumerate(self.dice.sample(stems, TOWNS))
        ]
        Region.objects.bulk_create(towns)
        keys = iter(reserve_keys(Unit, 1 + TOWNS + 2 * mines))
        accounts = iter(reserve_keys(User, 9 + 2 * mines))
        bureau = next(keys)
        self.unit(bureau, f"{self.region.name}应急管理局", Unit.Kind.DEPARTMENT, self.region.code, None)
        duties = [Role.BUREAU_ADMIN, *[Role.BUREAU_STAFF] * 3, *[Role.INSPECTOR] * 4, Role.LEADER]
        for number, role in enumerate(duties, start=1):
            self.user(next(accounts), f"bureau{number}.{self.region.code}", role, bureau)
        for town in towns:
            self.unit(next(keys), f"{town.name}人民政府", Unit.Kind.TOWNSHIP, town.code, None)
        kinds = [kind for kind, about in self.words["kinds"].items() for _ in range(about["share"])]
        made = []
        for number, stem in enumerate(self.dice.sample(stems, mines), start=1):
            kind, town = self.dice.choice(kinds), self.dice.choice(towns)
            owner, mine = next(keys), next(keys)
            self.unit(owner, f"{self.region.short_name}{stem}矿业有限公司", Unit.Kind.ENTERPRISE, town.code, None)
            self.unit(mine, f"{stem}{self.words['kinds'][kind]['name']}", Unit.Kind.MINE, town.code, owner)
            made.append((mine, str(MineType(kind))))
            self.user(next(accounts), f"mine{number}.{self.region.code}", Role.MINE_CLERK, mine)
            self.user(next(accounts), f"head{number}.{self.region.code}", Role.MINE_HEAD, mine)
        insert_rows(Unit, _UNIT, self.units)
        insert_rows(Mine, ("unit_id", "mine_type"), made)
        insert_rows(User, _USER, self.users)

    def unit(self, key: int, name: str, kind: str, region: str, parent: int | None) -> None:
        one = Unit(name=name)
        one.set_keys()
        path = f"/{parent}/{key}/" if parent else f"/{key}/"
        self.units.append((key, name, "", kind, region, parent, path, one.sort_key, one.initials))

    def user(self, key: int, username: str, role: str, unit: int) -> None:
        name = self.dice.choice(self.words["surnames"]) + self.dice.choice(self.words["given"])
        self.users.append((key, username, name, role, unit, "", self.password, timezone.now(), True, False))


def _read(region: Region) -> County:
    people: dict[tuple[int | None, str], list[Person]] = {}
    for user in User.objects.filter(unit__region__code__startswith=region.code).order_by("pk"):
        people.setdefault((user.unit_id, user.role), []).append(Person(user.pk, user.name, str(user.unit)))
    bureau = Unit.objects.get(region=region, kind=Unit.Kind.DEPARTMENT).pk
    mines = Mine.objects.filter(unit__region__code__startswith=region.code).select_related("unit").order_by("pk")
    return County(
        region=region,
        admin=people[bureau, Role.BUREAU_ADMIN][0],
        staff=people[bureau, Role.BUREAU_STAFF],
        inspectors=people[bureau, Role.INSPECTOR],
        mines=[
            PlacedMine(
                mine.pk, mine.unit.name, mine.mine_type, people[mine.pk, Role.MINE_CLERK][0],
                people[mine.pk, Role.MINE_HEAD][0],
            )
            for mine in mines
        ],
    )  # fmt: skip
