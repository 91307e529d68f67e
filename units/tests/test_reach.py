"""How far each account sees."""

import pytest

from units.models import Unit, User


@pytest.fixture
def everyone(staff, leader, auditor, liaison, township_liaison, enterprise_clerk, clerk, sister_clerk, stranger):
    return locals()


EXPECTED = {
    "staff": {"bureau", "energy", "township", "enterprise", "mine", "sister_mine"},
    "leader": {"bureau", "energy", "township", "enterprise", "mine", "sister_mine"},
    "auditor": {"bureau", "energy", "township", "enterprise", "mine", "sister_mine"},
    "liaison": {"energy"},
    "township_liaison": {"township", "mine"},
    "enterprise_clerk": {"enterprise", "mine"},
    "clerk": {"mine"},
    "sister_clerk": {"sister_mine"},
    "stranger": {"other_bureau", "other_mine"},
}
NAMED = ("bureau", "energy", "township", "enterprise", "mine", "sister_mine", "other_bureau", "other_mine")


@pytest.mark.parametrize("who", EXPECTED)
def test_units_in_reach(who, everyone, county):
    named = {getattr(county, name).pk: name for name in NAMED}
    seen = {named[pk] for pk in Unit.objects.visible_to(everyone[who]).values_list("pk", flat=True) if pk in named}
    assert seen == EXPECTED[who]


def test_accounts_follow_units(everyone, county):
    assert set(User.objects.visible_to(everyone["clerk"])) == {everyone["clerk"]}
    assert everyone["stranger"] not in User.objects.visible_to(everyone["staff"])
    assert everyone["clerk"] in User.objects.visible_to(everyone["staff"])


def test_an_account_without_a_unit_sees_nothing(county):
    nobody = User.objects.create_user("nobody", "x", name="无单位")
    assert not Unit.objects.visible_to(nobody).exists()


def test_a_city_sees_its_counties(county):
    from units.models import Region

    city = Region.objects.create(code="149900", name="岭北市")
    bureau = Unit.objects.create(name="岭北市应急管理局", kind="department", region=city)
    boss = User.objects.create_user("city.boss", "x", name="市局", role="bureau_staff", unit=bureau)
    assert {county.mine, county.other_mine} <= set(Unit.objects.visible_to(boss))


def test_moving_a_unit_moves_those_below_it(county):
    county.enterprise.parent = county.bureau
    county.enterprise.save()
    county.mine.refresh_from_db()
    assert county.mine.path.startswith(county.bureau.path)
