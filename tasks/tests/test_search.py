"""The search box finds what one may see, and nothing else."""

import pytest

from tasks.services.campaigns import create_campaign
from tasks.tests.plans import small_plan
from units.names import name_key


@pytest.fixture
def campaign(county, staff):
    matches = {name_key("各煤矿企业"): {"group": county.mines.pk}}
    return create_campaign(by=staff, region=county.region, plan=small_plan(), matches=matches)


def found(client, who, words):
    client.force_login(who)
    return client.get("/search/", {"q": words}).content.decode()


def test_staff_find_campaign_task_and_unit(client, staff, campaign, county):
    assert campaign.title in found(client, staff, "整治方案")
    assert "全员培训" in found(client, staff, "培训 要求")
    assert "石门煤矿" in found(client, staff, "shimen")


def test_a_stranger_finds_nothing_of_it(client, stranger, campaign):
    for words in ("整治方案", "培训", "石门"):
        assert "没有找到" in found(client, stranger, words)


def test_a_mine_does_not_find_other_units(client, clerk, campaign):
    assert "全员培训" in found(client, clerk, "培训")
    assert "北沟煤矿" not in found(client, clerk, "北沟")


@pytest.mark.parametrize("words", ["", "   ", "\x00", "%", "'\"<script>alert(1)</script>", "长" * 500])
def test_odd_words_are_answered_calmly(client, staff, campaign, words):
    page = found(client, staff, words)
    assert "<script>alert" not in page
