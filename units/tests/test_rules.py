"""Rules: everybody who reads the region sees them with their sources, administrators set their region's own."""

from __future__ import annotations

import pytest
from django.test import Client

from common.errors import Refused
from common.history import history_of
from units.models import RuleSetting
from units.rules import Rule, find_rule, register_rules, registered_rules, rule
from units.services.rules import set_rule

pytestmark = pytest.mark.django_db
KEY = "double_report_workdays"


def login(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_rule_has_a_source_and_a_key_of_its_own():
    every = [(key, one) for rules in registered_rules().values() for key, one in rules.items()]
    assert len(every) == len({key for key, _ in every}) > 20
    assert all(one.label and one.source for _, one in every)
    with pytest.raises(ValueError, match=KEY):
        register_rules("别的工作", {KEY: Rule("另一个", 1, "天", "无")})


def test_an_administrator_sets_the_rule_of_the_region_and_takes_it_back(county, admin, staff, clerk):
    page = login(admin)
    assert find_rule(KEY).source in page.get("/rules/").content.decode()
    answer = page.post(f"/rules/{KEY}/", {"value": "5", "source": "县安委办〔2026〕3号"})
    assert answer.status_code == 302
    assert rule(KEY, county.region) == 5
    assert rule(KEY, county.town) == 5, "a town follows its county"
    assert "县安委办〔2026〕3号" in page.get("/rules/").content.decode()
    row = RuleSetting.objects.get()
    assert [event.verb for event in history_of(row)] == ["rulesetting.set"]
    page.post(f"/rules/{KEY}/", {"value": "", "source": ""})
    assert rule(KEY, county.region) == find_rule(KEY).value
    assert not RuleSetting.objects.exists()


def test_a_value_without_a_paper_is_refused_and_stays_typed(county, admin, staff, clerk):
    answer = login(admin).post(f"/rules/{KEY}/", {"value": "5", "source": " "})
    assert answer.status_code == 422
    assert "请写明依据" in answer.content.decode()
    assert 'value="5"' in answer.content.decode()


def test_staff_read_and_a_mine_does_not(county, admin, staff, clerk):
    staff, clerk = login(staff), login(clerk)
    assert staff.get("/rules/").status_code == 200
    assert f"/rules/{KEY}/" not in staff.get("/rules/").content.decode()
    assert staff.get(f"/rules/{KEY}/").status_code == 403
    assert staff.post(f"/rules/{KEY}/", {"value": "9", "source": "x"}).status_code == 403
    assert clerk.get("/rules/").status_code == 403
    assert login(admin).get("/rules/unknown/").status_code == 404


def test_a_service_refuses_too(staff):
    with pytest.raises(Refused):
        set_rule(by=staff, key=KEY, value=1, source="x")
