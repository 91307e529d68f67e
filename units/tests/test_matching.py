"""Printed names against the directory."""

import pytest

from units.matching import match_names
from units.models import Unit, UnitAlias
from units.services import learn_alias


def one(name, county, *forms):
    return match_names([(name, *forms)], region=county.region)[0]


@pytest.mark.parametrize(
    "printed", ["青岚县应急管理局", "县应急管理局", "县应急局", "县 应急\u3000局", "（县应急局）"[1:-1]]
)
def test_names_a_unit_has_by_itself_are_certain(printed, county):
    assert one(printed, county).certain.unit == county.bureau.pk


def test_a_group_is_found_by_its_name(county):
    assert one("各煤矿企业", county).certain.group == county.mines.pk


def test_an_unknown_name_gets_proposals_with_reasons_and_nothing_certain(county):
    match = one("县应急部门", county)
    assert match.certain is None
    assert match.proposals[0].unit == county.bureau.pk
    assert "后缀" in match.proposals[0].reason


def test_the_completed_form_is_tried_first(county):
    assert one("能源", county, "县能源局").certain.unit == county.energy.pk


def test_a_learned_alias_is_certain_next_time_and_stays_in_its_region(county, staff):
    learn_alias(by=staff, region=county.region, name="县安全生产主管部门", unit=county.bureau)
    assert one("县安全生产主管部门", county).certain.unit == county.bureau.pk
    assert match_names([("县安全生产主管部门",)], region=county.other_region)[0].certain is None


def test_learning_again_replaces(county, staff):
    learn_alias(by=staff, region=county.region, name="县煤炭局", unit=county.bureau)
    learn_alias(by=staff, region=county.region, name="县煤炭局", unit=county.energy)
    assert UnitAlias.objects.get(name="县煤炭局").unit == county.energy


def test_nothing_resembles_nonsense(county):
    match = one("zzz###", county)
    assert match.certain is None and not match.proposals


def test_a_unit_no_longer_in_use_is_not_proposed(county):
    Unit.objects.filter(pk=county.energy.pk).update(is_active=False)
    match = one("县能源局", county)
    assert match.certain is None
    assert county.energy.pk not in {c.unit for c in match.proposals}
