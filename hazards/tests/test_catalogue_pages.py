"""Catalogues through command and pages: loading, reading, finding."""

import datetime as dt
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from hazards.models import Clause, Standard
from hazards.tests.conftest import STANDARD


def upload(content, name="标准.json"):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return SimpleUploadedFile(name, data, "application/json")


@pytest.fixture
def shipped(db):
    call_command("load_standard", shipped=True, verbosity=0)


def test_what_ships_is_loaded_once_and_then_left_alone(shipped):
    assert set(Standard.objects.values_list("code", flat=True)) >= {"coal-2020", "coal-2026", "noncoal-2022"}
    clause = Clause.objects.filter(standard="coal-2020")[0]
    Clause.objects.filter(pk=clause.pk).update(official_text="正式条文")
    count = Clause.objects.count()
    out = io.StringIO()
    call_command("load_standard", shipped=True, stdout=out)
    assert out.getvalue() == "" and Clause.objects.count() == count
    assert Clause.objects.get(pk=clause.pk).official_text == "正式条文"


def test_the_command_loads_files_and_names_what_is_wrong_with_them(db, tmp_path):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(STANDARD), encoding="utf-8")
    bad.write_text('{"code": "x", "name": "y"', encoding="utf-8")
    call_command("load_standard", str(good), verbosity=0)
    assert Clause.objects.count() == 3
    with pytest.raises(CommandError, match="第1行"):
        call_command("load_standard", str(bad))
    with pytest.raises(CommandError, match="打不开"):
        call_command("load_standard", str(tmp_path / "none.json"))
    with pytest.raises(CommandError):
        call_command("load_standard")


def test_everybody_reads_the_standards(client, shipped, clerk):
    client.force_login(clerk)
    words = client.get("/standards/").content.decode()
    assert "应急管理部令第4号" in words and "现行" in words
    assert "载入判定标准" not in words
    page = client.get("/standards/coal-2020/").content.decode()
    assert "说明" in page and page.count('class="group"') > 10
    assert client.get("/standards/nothing/").status_code == 404


@pytest.mark.parametrize("asked", ["主要通风机", "zytfj", "T1-1", "通风"])
def test_a_clause_is_found_by_words_initials_code_and_category(client, catalogue, clerk, asked):
    client.force_login(clerk)
    words = client.get("/standards/test-coal/", {"q": asked}).content.decode()
    assert "主要通风机没有备用" in words and "坝体有贯通裂缝" not in words


def test_clauses_of_one_kind_of_mine(client, catalogue, clerk):
    client.force_login(clerk)
    words = client.get("/standards/test-coal/", {"kind": "tailings_pond"}).content.decode()
    assert "坝体有贯通裂缝" in words and "风量不足" not in words


def test_the_administrator_loads_the_official_wording(client, catalogue, admin):
    client.force_login(admin)
    worded = STANDARD | {"clauses": [STANDARD["clauses"][0] | {"official_text": "通风机的正式条文。"}]}
    # A browser sends the list along as the way back; the bureau lands on what it loaded all the same.
    reply = client.post("/standards/new/", {"file": upload(worded), "back": "/standards/"}, follow=True)
    words = reply.content.decode()
    assert reply.redirect_chain[0][0] == "/standards/test-coal/" and "通风机的正式条文" in words
    assert Clause.objects.count() == 3, "what a file leaves out stays"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"{", "不是JSON"),
        (b"[]", "不是判定标准"),
        (b"[" * 100_000, "不是"),
        ({"code": "x", "name": "y"}, "施行日期"),
        (STANDARD | {"clauses": [{"code": "a", "category": "Z"}]}, "类别"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence(client, admin, content, says):
    client.force_login(admin)
    reply = client.post("/standards/new/", {"file": upload(content)})
    assert reply.status_code == 422 and says in reply.content.decode()
    assert not Standard.objects.exists()


def test_only_an_administrator_loads_what_every_county_grades_by(client, clerk, leader, inspector, staff):
    for who in (clerk, leader, inspector, staff):
        client.force_login(who)
        assert client.get("/standards/new/").status_code == 403
        assert client.post("/standards/new/", {"file": upload(STANDARD)}).status_code == 403
    assert not Standard.objects.exists()


def test_a_standard_without_clauses_is_named_where_a_hazard_is_registered(client, shipped, staff, coal_mine):
    client.force_login(staff)
    day = dt.date(2026, 7, 1)
    words = client.get("/hazards/clauses/", {"mine": coal_mine.pk, "found_on": day.isoformat()}).content.decode()
    assert "应急管理部令第21号" in words and "还没有载入条款" in words
    before = client.get("/hazards/clauses/", {"mine": coal_mine.pk, "found_on": "2026-06-30"}).content.decode()
    assert "还没有载入" not in before and before.count("<option") > 50
