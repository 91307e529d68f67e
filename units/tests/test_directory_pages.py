"""The directory of units, groups and regions, through its pages."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.history import history_of
from units.models import Region, Unit, UnitAlias, UnitGroup, UnitTag

CODE = "91110000600037341L"


@pytest.fixture
def desk(client, staff) -> Client:
    client.force_login(staff)
    return client


def fields(county, **changes):
    return {
        "name": "石门矿业有限公司",
        "short_name": "石门矿业",
        "kind": "enterprise",
        "credit_code": "",
        "region": county.region.pk,
        "parent": "",
        "tags": [],
    } | changes


def test_staff_enter_a_unit(desk, county, staff):
    answer = desk.post("/units/new/", fields(county, credit_code="9111 0000 6000 3734 1l", tags=["coal"]), follow=True)
    assert "已新建“石门矿业有限公司”" in answer.content.decode()
    unit = Unit.objects.get(name="石门矿业有限公司")
    assert unit.credit_code == CODE and [tag.code for tag in unit.tags.all()] == ["coal"]
    event = history_of(unit).get()
    assert event.verb == "unit.created" and event.actor_name == "王科员"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"credit_code": "911100006000373410"}, "统一社会信用代码应为18位且校验码正确"),
        ({"name": "石门煤矿", "region": "149921101"}, "本区划内已有同名单位"),
        ({"kind": ""}, "必填"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_is_lost(desk, county, changes, sentence):
    before = Unit.objects.count()
    answer = desk.post("/units/new/", fields(county, **changes))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text and 'value="石门矿业"' in text
    assert Unit.objects.count() == before


def test_a_credit_code_belongs_to_one_unit(desk, county):
    desk.post("/units/new/", fields(county, credit_code=CODE))
    answer = desk.post("/units/new/", fields(county, name="另一家公司", credit_code=CODE))
    assert "已有单位使用这个统一社会信用代码" in answer.content.decode()


def test_a_unit_cannot_be_put_below_its_own_child(desk, county):
    form = desk.get(f"/units/{county.enterprise.pk}/edit/").content.decode()
    assert f'<option value="{county.mine.pk}"' not in form
    changed = fields(county, name=county.enterprise.name, parent=county.mine.pk)
    assert desk.post(f"/units/{county.enterprise.pk}/edit/", changed).status_code == 422


def test_changing_keeps_what_was_before(desk, county):
    changed = fields(
        county, name="石门煤矿有限公司", kind="mine", region="149921101", parent=county.enterprise.pk, tags=["coal"]
    )
    assert desk.post(f"/units/{county.mine.pk}/edit/", changed).status_code == 302
    event = history_of(county.mine).get()
    assert event.before["name"] == "石门煤矿" and event.after["name"] == "石门煤矿有限公司"
    assert "parent" not in event.after and "tags" not in event.after


def test_a_unit_in_use_is_not_taken_out_of_use(desk, county, clerk):
    def deactivate(unit):
        return desk.post(f"/units/{unit.pk}/act/", {"act": "deactivate", "note": "关闭"}, follow=True).content.decode()

    assert "还有下级单位在用：石门煤矿" in deactivate(county.enterprise)
    assert "还有账号在用：刘填报" in deactivate(county.mine)
    assert "已停用" in deactivate(county.sister_mine)
    county.sister_mine.refresh_from_db()
    assert not county.sister_mine.is_active
    assert county.sister_mine not in county.mines.members()
    desk.post(f"/units/{county.sister_mine.pk}/act/", {"act": "reactivate"})
    assert county.sister_mine in county.mines.members()


def test_aliases_come_and_go(desk, county):
    url = f"/units/{county.mine.pk}/act/"
    assert "已添加别名" in desk.post(url, {"act": "alias", "name": "石门矿"}, follow=True).content.decode()
    taken = desk.post(f"/units/{county.sister_mine.pk}/act/", {"act": "alias", "name": " 石门　矿 "}, follow=True)
    # Aliases belong to the region of their unit: the town and the county each keep their own.
    assert taken.status_code == 200
    again = desk.post(url, {"act": "alias", "name": "石门矿"}, follow=True).content.decode()
    assert "已经是它的别名" in again
    alias = UnitAlias.objects.get(unit=county.mine)
    desk.post(f"/units/aliases/{alias.pk}/delete/")
    assert not UnitAlias.objects.filter(pk=alias.pk).exists()
    assert [event.verb for event in history_of(county.mine)] == ["unit.alias_removed", "unit.alias_added"]


def test_the_unit_page_shows_everything_about_it(desk, county, clerk):
    text = desk.get(f"/units/{county.mine.pk}/").content.decode()
    for words in ("石门煤矿", "青岚煤业集团有限公司", "石门镇（149921101）", "各煤矿企业", "刘填报", "矿山填报员"):
        assert words in text, words
    assert "石门煤矿" in desk.get(f"/units/{county.enterprise.pk}/").content.decode()


class TestGroups:
    def test_a_group_by_rule_and_by_name(self, desk, county):
        data = {
            "name": "各有关单位",
            "region": county.region.pk,
            "kinds": ["township"],
            "tags": [],
            "extra_members": [county.energy.pk],
        }
        assert desk.post("/groups/new/", data).status_code == 302
        group = UnitGroup.objects.get(name="各有关单位")
        assert set(group.members()) == {county.township, county.energy}
        text = desk.get(f"/groups/{group.pk}/").content.decode()
        assert "今天指 2 个单位" in text and "青岚县能源局" in text and "另加" in text
        desk.post(f"/groups/{group.pk}/edit/", {"name": "各有关单位", "kinds": ["mine"], "tags": ["coal"]})
        group.refresh_from_db()
        assert set(group.members()) == {county.mine, county.sister_mine}
        assert [event.verb for event in history_of(group)] == ["unitgroup.changed", "unitgroup.created"]

    @pytest.mark.parametrize("key", ["9" * 400, "²", "x"])
    def test_a_member_that_cannot_be_is_refused_beside_its_field(self, desk, county, key):
        data = {"name": "各有关单位", "region": county.region.pk, "kinds": ["mine"], "extra_members": [key]}
        answer = desk.post("/groups/new/", data)
        assert answer.status_code == 422 and "extra_members" in answer.context["form"].errors

    def test_a_group_of_nobody_is_refused(self, desk, county):
        answer = desk.post("/groups/new/", {"name": "空组", "region": county.region.pk, "tags": ["coal"]})
        assert answer.status_code == 422 and "还须选至少一种单位类别" in answer.content.decode()

    def test_a_group_without_members_today_warns(self, desk, county):
        UnitTag.objects.create(code="tailings", name="尾矿库")
        desk.post(
            "/groups/new/", {"name": "各尾矿库", "region": county.region.pk, "kinds": ["mine"], "tags": ["tailings"]}
        )
        text = desk.get(f"/groups/{UnitGroup.objects.get(name='各尾矿库').pk}/").content.decode()
        assert "今天没有单位符合" in text

    def test_another_name_for_a_group(self, desk, county):
        desk.post(f"/groups/{county.mines.pk}/act/", {"name": "煤矿企业"})
        assert UnitAlias.objects.get(group=county.mines).name == "煤矿企业"
        assert "煤矿企业" in desk.get("/groups/").content.decode()


def test_a_tag_is_added_once_and_finds_its_units(desk, county):
    assert desk.post("/tags/new/", {"name": " 水文地质 复杂"}).status_code == 302
    tag = UnitTag.objects.get(name="水文地质复杂")
    assert tag.code == "shui_wen_di_zhi_fu_za"
    again = desk.post("/tags/new/", {"name": "水文地质复杂"})
    assert again.status_code == 422 and "已有“水文地质复杂”这个标记" in again.content.decode()
    county.mine.tags.add(tag)
    text = desk.get("/tags/").content.decode()
    assert "水文地质复杂" in text and "?tag=shui_wen_di_zhi_fu_za" in text
    assert "北沟煤矿" not in desk.get("/units/?tag=shui_wen_di_zhi_fu_za").content.decode()


class TestRegions:
    def test_a_town_is_added(self, desk, county):
        assert desk.post("/regions/new/", {"code": "149921102", "name": "北沟乡"}).status_code == 302
        text = desk.get("/regions/").content.decode()
        assert "北沟乡" in text and "149921102" in text and "白川县" not in text

    @pytest.mark.parametrize(
        ("code", "sentence"),
        [("149922101", "须以本地区的“149921”开头"), ("14992110", "应为6、9或12位数字"), ("149921101", "已存在")],
    )
    def test_a_wrong_code_is_refused(self, desk, county, code, sentence):
        answer = desk.post("/regions/new/", {"code": code, "name": "某乡"})
        assert answer.status_code == 422 and sentence in answer.content.decode()
        assert Region.objects.count() == 3


class TestWhoMay:
    READERS = ("inspector", "leader", "auditor")
    OTHERS = ("liaison", "clerk", "mine_head", "township_liaison")

    @pytest.mark.parametrize("who", READERS)
    def test_readers_see_and_do_not_change(self, who, request, client, county):
        client.force_login(request.getfixturevalue(who))
        for url in (
            "/units/",
            "/groups/",
            "/regions/",
            "/tags/",
            f"/units/{county.mine.pk}/",
            f"/groups/{county.mines.pk}/",
        ):
            text = client.get(url)
            assert text.status_code == 200, url
            words = text.content.decode()
            # What other rooms offer on the page of a unit is theirs to allow.
            assert not re.search(r"/(units|groups|regions|tags)/([0-9]+/edit|new)/", words), url
        self.cannot_change(client, county)

    @pytest.mark.parametrize("who", OTHERS)
    def test_units_see_themselves_only(self, who, request, client, county):
        user = request.getfixturevalue(who)
        client.force_login(user)
        assert client.get(f"/units/{user.unit_id}/").status_code == 200
        assert client.get(f"/units/{county.sister_mine.pk}/").status_code == 404
        for url in ("/units/", "/groups/", "/regions/", "/tags/"):
            assert client.get(url).status_code == 403, url
        self.cannot_change(client, county, own=user.unit)

    def cannot_change(self, client, county, own=None):
        unit = own or county.mine
        assert client.get("/units/new/").status_code == 403
        assert client.get(f"/units/{unit.pk}/edit/").status_code == 403
        for what in ("deactivate", "alias"):
            assert client.post(f"/units/{unit.pk}/act/", {"act": what, "name": "新名"}).status_code == 403
        assert client.get("/groups/new/").status_code == 403
        assert client.get("/regions/new/").status_code == 403
        assert client.post("/tags/new/", {"name": "新"}).status_code == 403
        assert client.get("/units/import/").status_code == 403
        assert not UnitAlias.objects.exists()

    def test_the_next_county_does_not_know_that_they_exist(self, client, stranger, county):
        alias = UnitAlias.objects.create(region=county.town, name="石门矿", unit=county.mine)
        client.force_login(stranger)
        assert "白川一矿" in client.get("/units/").content.decode()
        for url in ("/units/", "/groups/", "/regions/", "/units/?export=csv"):
            answer = client.get(url)
            text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
            assert "石门" not in text and "青岚" not in text and "各煤矿企业" not in text, url
        for url in (f"/units/{county.mine.pk}/", f"/units/{county.mine.pk}/edit/", f"/groups/{county.mines.pk}/"):
            assert client.get(url).status_code == 404, url
        assert client.get(f"/groups/{county.mines.pk}/edit/").status_code == 404
        assert client.post(f"/units/{county.mine.pk}/act/", {"act": "deactivate"}).status_code == 404
        assert client.post(f"/groups/{county.mines.pk}/act/", {"name": "新名"}).status_code == 404
        assert client.post(f"/units/aliases/{alias.pk}/delete/").status_code == 404
        assert client.post("/units/new/", fields(county, name="外县单位")).status_code == 422
        assert UnitAlias.objects.filter(pk=alias.pk).exists()


@pytest.mark.parametrize(
    "query",
    ["q=石门煤", "q=smmk", "q=shimenmei", "q=石门矿", "kind=mine", "region=149921101&kind=mine", "tag=coal&q=石门"],
)
def test_filters_find_the_mine(desk, county, query):
    UnitAlias.objects.create(region=county.town, name="石门矿", unit=county.mine)
    text = desk.get(f"/units/?{query}").content.decode()
    assert f"/units/{county.mine.pk}/" in text
    assert f"/units/{county.bureau.pk}/" not in text


def test_lists_cost_the_same_for_twenty(desk, county):
    urls = (
        "/units/",
        "/groups/",
        "/regions/",
        "/tags/",
        f"/units/{county.enterprise.pk}/",
        f"/groups/{county.mines.pk}/",
    )

    def costs() -> list[int]:
        counted = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(url).status_code == 200
            counted.append(len(queries))
        return counted

    costs()
    few = costs()
    coal = UnitTag.objects.get(code="coal")
    for number in range(20):
        town = Region.objects.create(code=f"1499212{number:02}", name=f"第{number}镇")
        mine = Unit.objects.create(name=f"第{number}煤矿", kind="mine", region=town, parent=county.enterprise)
        mine.tags.add(coal)
        group = UnitGroup.objects.create(name=f"第{number}组", region=county.region, kinds=["mine"])
        group.tags.add(coal)
        UnitAlias.objects.create(region=county.region, name=f"{number}组", group=group)
        UnitAlias.objects.create(region=town, name=f"{number}矿", unit=mine)
    many = costs()
    assert few == many
    assert max(many[:4]) <= 12
