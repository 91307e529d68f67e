"""Risks in four colours: who keeps them, their review, the table in and out, the areas and their drawing."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from common.errors import Conflict, NotAllowed, Refused
from common.history import history_of
from common.transitions import advance
from hazards.due import RISKS
from hazards.imports.risks import accidents_of, level_of
from hazards.models import MineArea, Risk, RiskMap
from hazards.risk_maps import draw_maps, fit
from hazards.services.register import register_hazard
from hazards.services.risks import (
    AreaDraft,
    area_named,
    change_risk,
    create_risk,
    import_risks,
    review_risk,
    save_areas,
    set_background,
)
from hazards.tests.conftest import photo
from hazards.tests.tables import workbook

HEAD = [
    "序号",
    "单位",
    "区域",
    "风险点",
    "风险描述",
    "可能的事故",
    "风险等级",
    "管控措施",
    "责任部门",
    "责任人",
    "应复评日期",
    "状态",
]
HOSTILE = "<script>alert(1)</script>&\"'"


def enter(by, area, today, **changes):
    fields = {
        "name": "工作面瓦斯积聚",
        "description": "上隅角瓦斯涌出",
        "level": "major",
        "accident_types": ["15"],
        "measures": "抽采、断电撤人",
        "responsible_person": "通风科长",
        "review_on": today + dt.timedelta(days=30),
    } | changes
    return create_risk(by=by, area=area, **fields)


@pytest.fixture
def area(coal_mine, clerk):
    return area_named(by=clerk, mine=coal_mine, name="1105综采工作面")


@pytest.fixture
def risk(area, clerk, today):
    return enter(clerk, area, today)


def test_a_mine_keeps_its_own_and_the_bureau_all(
    area, clerk, staff, sister_clerk, leader, inspector, township_liaison, enterprise_clerk, stranger, today
):
    enter(clerk, area, today)
    enter(staff, area, today, name="顶板冒落")
    for other in (sister_clerk, leader, inspector, township_liaison, enterprise_clerk, stranger):
        with pytest.raises(NotAllowed):
            enter(other, area, today, name="越权")
    assert Risk.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"description": ""}, "description"),
        ({"measures": ""}, "measures"),
        ({"responsible_person": ""}, "responsible_person"),
        ({"level": "purple"}, "level"),
        ({"accident_types": ["99"]}, "accident_types"),
        ({"review_on": dt.date(2199, 1, 1)}, "review_on"),
        ({"review_on": None}, "review_on"),
    ],
)
def test_a_faulty_risk_is_refused_by_field(changes, field, area, clerk, today):
    with pytest.raises(Refused) as refusal:
        enter(clerk, area, today, **changes)
    assert field in refusal.value.fields and not Risk.objects.exists()


def test_a_review_changes_the_level_and_the_history_tells_it(risk, clerk, today):
    with pytest.raises(Refused) as refusal:
        review_risk(by=clerk, risk=risk, on=today, level="larger", review_on=today, words="")
    assert {"words", "review_on"} <= set(refusal.value.fields)
    later = today + dt.timedelta(days=90)
    review_risk(by=clerk, risk=risk, on=today, level="larger", review_on=later, words="抽采达标")
    assert (risk.level, risk.review_on, risk.reviewed_on) == ("larger", later, today)
    event = history_of(risk).first()
    assert event.verb == "risk.reviewed" and event.before["level"] == "major" and event.note == "抽采达标"


def test_what_is_lifted_is_kept_and_may_come_back(risk, clerk, sister_clerk, today):
    with pytest.raises(NotAllowed):
        advance(risk, "lift", by=sister_clerk, note="没有了")
    with pytest.raises(Refused):
        advance(risk, "lift", by=clerk)
    advance(risk, "lift", by=clerk, note="工作面已回采结束")
    with pytest.raises(Conflict):
        change_risk(by=clerk, risk=risk, measures="别的")
    with pytest.raises(Conflict):
        review_risk(by=clerk, risk=risk, on=today, level="low", review_on=today, words="看过")
    advance(risk, "restore", by=clerk, note="复采")
    change_risk(by=clerk, risk=risk, measures="抽采")
    assert risk.measures == "抽采"


@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize("state", Risk.State.values)
def test_overdue_is_one_rule(days, state, risk, today):
    Risk.objects.filter(pk=risk.pk).update(review_on=today + dt.timedelta(days=days), state=state)
    risk.refresh_from_db()
    assert risk.is_overdue == Risk.objects.overdue().filter(pk=risk.pk).exists() == (days < 0 and state == "in_force")


def test_pages_by_people(
    risk, clerk, staff, sister_clerk, township_liaison, enterprise_clerk, stranger, leader, client, county
):
    mine = county.mine.pk
    reading = [
        risk.get_absolute_url(),
        reverse("hazards:mine_risks", args=[mine]),
        reverse("hazards:area", args=[risk.area_id]),
    ]
    writing = [
        reverse("hazards:risk_change", args=[risk.pk]),
        reverse("hazards:risk_review", args=[risk.pk]),
        reverse("hazards:risk_new", args=[mine]),
        reverse("hazards:areas", args=[mine]),
        reverse("hazards:risk_background", args=[mine]),
    ]
    for person, read, write in (
        (clerk, 200, 200), (staff, 200, 200), (leader, 200, 403), (township_liaison, 200, 403),
        (enterprise_clerk, 200, 403), (sister_clerk, 404, 404), (stranger, 404, 404),
    ):  # fmt: skip
        client.force_login(person)
        assert [client.get(url).status_code for url in reading] == [read] * len(reading), person
        assert [client.get(url).status_code for url in writing] == [write] * len(writing), person
        assert (risk.name in client.get(reverse("hazards:risks")).content.decode()) == (read == 200)
    client.force_login(enterprise_clerk)
    page = client.get(reverse("hazards:enterprise_risks", args=[county.enterprise.pk]))
    assert risk.area.name in page.content.decode()
    client.force_login(sister_clerk)
    assert client.get(reverse("hazards:enterprise_risks", args=[county.enterprise.pk])).status_code == 404
    assert client.post(f"{risk.get_absolute_url()}act/", {"act": "lift", "note": "x"}).status_code == 404


def test_entering_through_the_page_with_a_new_area(coal_mine, clerk, client, today):
    client.force_login(clerk)
    url = reverse("hazards:risk_new", args=[coal_mine.pk])
    data = {
        "new_area": HOSTILE[:60], "name": HOSTILE, "description": HOSTILE, "level": "low", "measures": HOSTILE,
        "responsible_person": "张三", "review_on": today.isoformat(), "accident_types": ["02"],
    }  # fmt: skip
    assert client.post(url, data | {"new_area": ""}).status_code == 422
    assert client.post(url, data).status_code == 302
    risk = Risk.objects.get()
    assert risk.area.is_placed and risk.accidents == "车辆伤害"
    for page in (risk.get_absolute_url(), reverse("hazards:mine_risks", args=[coal_mine.pk]), reverse("hazards:risks"),
                 reverse("hazards:areas", args=[coal_mine.pk]), reverse("hazards:area", args=[risk.area_id])):  # fmt: skip
        assert "<script>alert" not in client.get(page).content.decode(), page


def test_lists_cost_the_same_for_two_and_for_twenty(area, clerk, staff, client, today, django_assert_num_queries):
    client.force_login(staff)
    for url in (reverse("hazards:risks"), reverse("hazards:risk_maps")):
        for number in range(2):
            enter(clerk, area, today, name=f"{url}风险{number}")
        client.get(url)
        with CaptureQueriesContext(connection) as two:
            client.get(url)
        for number in range(18):
            enter(clerk, area, today, name=f"{url}更多{number}")
        with django_assert_num_queries(len(two)):
            client.get(url)
        assert len(two) <= 12


# ---- The drawing


def place(name, x, y, width, height, **more):
    return AreaDraft(name, x, y, width, height, **more)


def test_areas_are_laid_out_renamed_swapped_and_removed(coal_mine, clerk):
    save_areas(by=clerk, mine=coal_mine, drafts=[place("甲", 0, 0, 4, 4), place("乙", 5, 0, 4, 4), AreaDraft("丙")])
    first, second, third = MineArea.objects.filter(mine=coal_mine).order_by("pk")
    save_areas(by=clerk, mine=coal_mine, drafts=[
        place("乙", 0, 0, 4, 4, pk=first.pk), place("甲", 5, 0, 8, 8, pk=second.pk),
        AreaDraft("丙", pk=third.pk, remove=True),
    ])  # fmt: skip
    assert list(MineArea.objects.values_list("name", "width")) == [("乙", 4), ("甲", 8)]
    events = history_of(RiskMap.objects.get(mine=coal_mine))
    assert events.count() == 2 and events[0].before["丙"] == "不在图上"


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (place("甲", 20, 0, 6, 4), "超出"),
        (place("甲", 0, 15, 6, 4), "超出"),
        (place("甲", 0, 0, 1, 4), "至少"),
        (AreaDraft("甲", x=1), "没有填全"),
        (AreaDraft(" "), "名称"),
        (place("综采", 0, 0, 4, 4), "同名"),
    ],
)
def test_a_faulty_area_is_refused(draft, words, coal_mine, clerk):
    area_named(by=clerk, mine=coal_mine, name="综采")
    with pytest.raises(Refused, match=words):
        save_areas(by=clerk, mine=coal_mine, drafts=[draft])
    assert MineArea.objects.count() == 1


def test_an_area_in_use_stays_and_the_database_keeps_it_on_the_sheet(risk, clerk, county):
    draft = AreaDraft(risk.area.name, pk=risk.area_id, remove=True)
    with pytest.raises(Refused, match="不能删除"):
        save_areas(by=clerk, mine=county.mine, drafts=[draft])
    with pytest.raises(IntegrityError), transaction.atomic():
        MineArea.objects.filter(pk=risk.area_id).update(x=23)
    with pytest.raises(Conflict):
        save_areas(by=clerk, mine=county.mine, drafts=[AreaDraft("甲", pk=999_999)])


def test_new_areas_find_room_until_the_sheet_is_full(coal_mine, clerk):
    areas = [area_named(by=clerk, mine=coal_mine, name=f"区域{number}") for number in range(17)]
    placed = {(area.x, area.y) for area in areas if area.is_placed}
    assert len(placed) == 16 and not areas[16].is_placed


def test_an_area_takes_the_colour_of_its_gravest_risk_and_counts(risk, area, clerk, staff, coal_mine, today):
    enter(clerk, area, today, name="车辆", level="low")
    late = enter(clerk, area, today, name="顶板", level="general", review_on=today - dt.timedelta(days=1))
    found = register_hazard(
        by=clerk, mine=coal_mine, place="1105综采工作面上隅角", description="传感器位置不对", source="self_check",
        found_on=today,
    )  # fmt: skip
    assert found.area == area
    drawn = draw_maps([coal_mine], staff)[0].areas[0]
    assert (drawn.level, drawn.colour, drawn.hazards, drawn.late) == ("major", "红", 1, 1)
    assert drawn.counts == {"major": 1, "larger": 0, "general": 1, "low": 1}
    for one in (risk, late):
        advance(one, "lift", by=clerk, note="已消除")
    drawn = draw_maps([coal_mine], staff)[0].areas[0]
    assert (drawn.level, drawn.late) == ("low", 0)


def test_the_drawing_is_printed_with_its_numbers(risk, clerk, client, county):
    set_background(by=clerk, mine=county.mine, file=photo())
    client.force_login(clerk)
    page = client.get(reverse("hazards:mine_risks", args=[county.mine.pk])).content.decode()
    svg = re.search(r"<svg viewBox=\"0 0 960 640\".*?</svg>", page, re.S)[0]
    assert "risk-major" in svg and "1105综采工作面" in svg and reverse("hazards:area", args=[risk.area_id]) in svg
    assert "<image href=" in svg and "style=" not in svg
    picture = RiskMap.objects.get(mine=county.mine).background
    assert client.get(picture.get_absolute_url()).status_code == 200


def test_the_background_is_seen_with_its_mine_and_must_be_a_picture(clerk, sister_clerk, client, county):
    drawing = set_background(by=clerk, mine=county.mine, file=photo())
    client.force_login(sister_clerk)
    assert client.get(drawing.background.get_absolute_url()).status_code == 404
    with pytest.raises(Refused):
        set_background(by=clerk, mine=county.mine, file=SimpleUploadedFile("图.txt", "不是图".encode()))
    set_background(by=clerk, mine=county.mine, file=None)
    assert RiskMap.objects.get(mine=county.mine).background is None


@pytest.mark.parametrize(
    ("name", "width", "rows", "lines"),
    [
        ("1 井口", 200, 4, ["1 井口", "红　风险1"]),
        ("1 井口", 200, 1, ["1 井口"]),
        ("1 一二三四五六七八", 85, 4, ["1 一二三", "四五六七八", "红　风险1"]),
        ("1 一二三四五六七八", 85, 1, ["1 一二…"]),
    ],
)
def test_names_are_broken_to_fit(name, width, rows, lines):
    assert fit(name, ["红　风险1"], width, rows) == lines


def test_the_editor_saves_and_keeps_what_was_typed_when_refused(coal_mine, clerk, client):
    client.force_login(clerk)
    url = reverse("hazards:areas", args=[coal_mine.pk])
    line = {"a0-name": "井口", "a0-x": "0", "a0-y": "0", "a0-width": "6", "a0-height": "4", "a1-name": ""}
    assert client.post(url, line).status_code == 302
    area = MineArea.objects.get()
    again = line | {"a0-pk": area.pk, "a0-x": "20"}
    answer = client.post(url, again)
    assert answer.status_code == 422 and 'value="20"' in answer.content.decode()
    assert client.post(url, line | {"a0-pk": area.pk, "a0-x": "99"}).status_code == 422


# ---- The table


def row(**changes):
    cells = {
        "单位": "石门煤矿", "区域": "井口", "风险点": "坠罐", "风险描述": "过卷", "可能的事故": "高处坠落、起重伤害",
        "风险等级": "橙", "管控措施": "闭锁", "责任部门": "机电科", "责任人": "李四", "应复评日期": "", "序号": 1, "状态": "",
    } | changes  # fmt: skip
    return [cells[title] for title in HEAD]


def test_a_table_comes_in_and_goes_out_unchanged(coal_mine, clerk, client, today):
    day = (today + dt.timedelta(days=60)).isoformat()
    file = workbook([HEAD, row(应复评日期=day), row(风险点="触电", 风险等级="一般风险", 应复评日期=day)])
    assert import_risks(by=clerk, data=file.read()).counts["new"] == 2
    assert Risk.objects.get(name="坠罐").accident_types == ["04", "09"]
    assert accidents_of("顶板事故\n水害/瓦斯爆炸") == ["11", "12", "15"]  # as mines call them
    client.force_login(clerk)
    Risk.objects.filter(name="坠罐").update(accident_types=["09", "04"])  # as ticked on the page, in any order
    data = b"".join(client.get(reverse("hazards:risks"), {"export": "xlsx"}).streaming_content)
    rows = [[cell.value for cell in line] for line in load_workbook(io.BytesIO(data)).active.iter_rows()]
    assert HEAD in rows
    assert import_risks(by=clerk, data=data).counts == {"new": 0, "changed": 0, "unchanged": 2, "wrong": 0}


def test_all_faults_are_told_and_nothing_is_written(coal_mine, clerk, sister_clerk, client, today):
    far = (today + dt.timedelta(days=800)).isoformat()
    day = (today + dt.timedelta(days=60)).isoformat()
    table = [HEAD, row(应复评日期=day), row(单位="北沟煤矿", 应复评日期=day), row(风险等级="紫", 应复评日期=day, 风险点="a"),
             row(可能的事故="外星人", 应复评日期=day, 风险点="b"), row(应复评日期=far, 风险点="c"), row(责任人="", 应复评日期=day)]  # fmt: skip
    result = import_risks(by=clerk, data=workbook(table).read())
    assert result.counts["wrong"] == 5 and not Risk.objects.exists()
    client.force_login(clerk)
    answer = client.post(
        reverse("hazards:risk_import"), {"file": SimpleUploadedFile("清单.xlsx", workbook(table).read())}
    )
    assert answer.status_code == 422
    for words in ("归您维护", "红、橙、黄、蓝", "外星人", "365天"):
        assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("红色", "major"),
        ("重大风险", "major"),
        ("II", "larger"),
        ("较大", "larger"),
        ("三级", "general"),
        ("低风险", "low"),
    ],
)
def test_levels_as_people_write_them(text, level):
    assert level_of(text) == level


def test_unknown_words_are_refused():
    assert accidents_of("瓦斯爆炸，透水") == ["12", "15"]
    for read, text in ((level_of, "特别大"), (accidents_of, "瓦斯爆炸、鬼")):
        with pytest.raises(Refused):
            read(text)


def test_a_review_is_reminded_of(risk, today):
    (thing,) = RISKS.things(RISKS.open_rows())
    assert (thing.due_on, thing.unit, thing.region) == (risk.review_on, risk.area.mine_id, "149921")
    assert thing.title == "复评风险 1105综采工作面 工作面瓦斯积聚"
    advance(risk, "lift", by=risk.created_by, note="已回采")
    assert not RISKS.open_rows()


def test_a_late_review_waits_on_the_first_page(risk, clerk, client, today):
    Risk.objects.filter(pk=risk.pk).update(review_on=today - dt.timedelta(days=2))
    client.force_login(clerk)
    assert 'id="risks-late"' in client.get("/").content.decode()
