"""Named people of a small county, for the tests of every app (see the root conftest)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from units.models import Region, Role, Unit, UnitGroup, UnitTag, User

PASSWORD = "Qinglan-2026-test"


@dataclass(frozen=True)
class County:
    """A county with a neighbour: everything that must be seen, and something that must not."""

    region: Region
    town: Region
    bureau: Unit
    energy: Unit
    township: Unit
    enterprise: Unit
    mine: Unit
    sister_mine: Unit
    other_region: Region
    other_bureau: Unit
    other_mine: Unit
    mines: UnitGroup


@pytest.fixture
def county(db: None) -> County:
    region = Region.objects.create(code="149921", name="青岚县")
    town = Region.objects.create(code="149921101", name="石门镇")
    other_region = Region.objects.create(code="149922", name="白川县")
    coal = UnitTag.objects.create(code="coal", name="煤矿")

    def unit(name: str, kind: str, at: Region = region, parent: Unit | None = None, short_name: str = "") -> Unit:
        return Unit.objects.create(name=name, kind=kind, region=at, parent=parent, short_name=short_name)

    bureau = unit("青岚县应急管理局", "department", short_name="县应急局")
    energy = unit("青岚县能源局", "department")
    township = unit("石门镇人民政府", "township", town)
    enterprise = unit("青岚煤业集团有限公司", "enterprise")
    mine = unit("石门煤矿", "mine", town, enterprise)
    sister_mine = unit("北沟煤矿", "mine", region, unit("北沟矿业有限公司", "enterprise"))
    mine.tags.add(coal)
    sister_mine.tags.add(coal)
    mines = UnitGroup.objects.create(name="各煤矿企业", region=region, kinds=["mine"])
    mines.tags.add(coal)
    return County(
        region=region,
        town=town,
        bureau=bureau,
        energy=energy,
        township=township,
        enterprise=enterprise,
        mine=mine,
        sister_mine=sister_mine,
        other_region=other_region,
        other_bureau=unit("白川县应急管理局", "department", other_region),
        other_mine=unit("白川一矿", "mine", other_region),
        mines=mines,
    )


def person(username: str, name: str, role: str, unit: Unit | None) -> User:
    return User.objects.create_user(username, PASSWORD, name=name, role=role, unit=unit, must_change_password=False)


@pytest.fixture
def admin(county: County) -> User:
    return person("admin.li", "李管理", Role.BUREAU_ADMIN, county.bureau)


@pytest.fixture
def staff(county: County) -> User:
    return person("staff.wang", "王科员", Role.BUREAU_STAFF, county.bureau)


@pytest.fixture
def second_staff(county: County) -> User:
    return person("staff.zhao", "赵科长", Role.BUREAU_STAFF, county.bureau)


@pytest.fixture
def inspector(county: County) -> User:
    return person("inspector.chen", "陈执法", Role.INSPECTOR, county.bureau)


@pytest.fixture
def leader(county: County) -> User:
    return person("leader.zhou", "周县长", Role.LEADER, county.bureau)


@pytest.fixture
def auditor(county: County) -> User:
    return person("auditor.wu", "吴审计", Role.AUDITOR, county.bureau)


@pytest.fixture
def liaison(county: County) -> User:
    """Of the energy department."""
    return person("liaison.sun", "孙联络", Role.LIAISON, county.energy)


@pytest.fixture
def township_liaison(county: County) -> User:
    return person("town.zheng", "郑乡联", Role.LIAISON, county.township)


@pytest.fixture
def enterprise_clerk(county: County) -> User:
    return person("group.qian", "钱集团", Role.MINE_CLERK, county.enterprise)


@pytest.fixture
def clerk(county: County) -> User:
    return person("clerk.liu", "刘填报", Role.MINE_CLERK, county.mine)


@pytest.fixture
def mine_head(county: County) -> User:
    return person("head.he", "何矿长", Role.MINE_HEAD, county.mine)


@pytest.fixture
def sister_clerk(county: County) -> User:
    return person("clerk.ma", "马填报", Role.MINE_CLERK, county.sister_mine)


@pytest.fixture
def stranger(county: County) -> User:
    """Bureau staff of the neighbouring county: may do everything at home and nothing here."""
    return person("staff.hu", "胡外县", Role.BUREAU_STAFF, county.other_bureau)
