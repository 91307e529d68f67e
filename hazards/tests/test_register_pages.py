"""The register through its pages, as the people who use it."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.models import Evidence
from hazards.models import Facet, Hazard, HazardExtension
from hazards.services.extensions import request_hazard_extension
from hazards.services.proofs import (
    confirm_facet,
    prove_facet,
    record_double_report,
    record_reinspection,
    rectify_hazard,
    write_major_report,
    write_treatment_plan,
)
from hazards.services.register import grade_hazard, move_hazard, register_hazard
from hazards.tests.conftest import photo
from mines.models import Mine

PARTS = {"present_state": "现状如此", "harm": "危害较大", "treatment": "换风机"}
PLAN = dict.fromkeys(("goals", "methods", "resources", "people", "schedule", "safety"), "内容")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def look(client):
    def open_page(who, address, status=200, **data):
        client.force_login(who)
        reply = client.get(address, data)
        assert reply.status_code == status, reply.content.decode()[:600]
        return reply.content.decode()

    return open_page


@pytest.fixture
def send(client):
    def send_form(who, address, status=200, **data):
        client.force_login(who)
        # A browser names the page on which the form stood; a refusal of an act sends it back there.
        stood = "/hazards/extensions/" if "extensions" in address else address.removesuffix("act/")
        reply = client.post(address, data, follow=True, headers={"referer": f"http://testserver{stood}"})
        assert reply.status_code == status, reply.content.decode()[:600]
        return reply.content.decode()

    return send_form


@pytest.fixture
def graded(hazard, staff, today):
    return grade_hazard(by=staff, hazard=hazard, level="general", due_on=today + dt.timedelta(days=5))


@pytest.fixture
def major(hazard, staff, clerk, catalogue, today):
    grade_hazard(by=staff, hazard=hazard, level="major", clause=catalogue["T1-1"], due_on=today + dt.timedelta(days=30))
    return hazard


def treat(hazard, clerk, today):
    write_major_report(by=clerk, hazard=hazard, parts=PARTS)
    write_treatment_plan(by=clerk, hazard=hazard, parts=PLAN)
    record_double_report(
        by=clerk, hazard=hazard, regulator_on=today, regulator_receipt="收1", congress_on=today, congress_receipt="会1"
    )
    return move_hazard(by=clerk, hazard=hazard, action="start")


def to_awaiting(hazard, clerk, today):
    rectify_hazard(by=clerk, hazard=hazard, statement="已装防护罩", done_on=today, files=[photo("blue")])
    move_hazard(by=clerk, hazard=hazard, action="self_accept")
    return move_hazard(by=clerk, hazard=hazard, action="ask")


# -- the list ------------------------------------------------------------------------------------------------------


def test_each_sees_the_hazards_in_reach(look, hazard, clerk, sister_clerk, staff, leader, stranger, township_liaison):
    for who in (clerk, staff, leader, township_liaison):
        assert "3号皮带巷" in look(who, "/hazards/")
    for who in (sister_clerk, stranger):
        assert "3号皮带巷" not in look(who, "/hazards/")


def test_the_list_is_filtered(look, graded, staff, today):
    for yes in ({"q": "防护罩"}, {"state": "graded"}, {"state": "open"}, {"level": "general"}, {"within": "7"},
                {"mine": graded.mine_id}, {"source": "self_check"}, {"overdue": "false"}):  # fmt: skip
        assert graded.number in look(staff, "/hazards/", **yes), yes
    for no in ({"q": "通风"}, {"state": "closed"}, {"level": "major"}, {"overdue": "true"}, {"returned": "true"}):
        assert graded.number not in look(staff, "/hazards/", **no), no
    Hazard.objects.filter(pk=graded.pk).update(due_on=today - dt.timedelta(days=1))
    assert graded.number in look(staff, "/hazards/", overdue="true")


def test_the_list_costs_the_same_for_two_rows_and_twenty(client, coal_mine, county, clerk, staff, catalogue, today):
    Mine.objects.get_or_create(unit=county.sister_mine, defaults={"mine_type": "coal_underground"})

    def queries(address):
        client.force_login(staff)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    def register(number):
        for n in range(number):
            hazard = register_hazard(
                by=staff, mine=(coal_mine, county.sister_mine)[n % 2], place=f"地点{n}", description="隐患",
                source="inspection", found_on=today, clause=catalogue["T1-1"],
            )  # fmt: skip
            grade_hazard(by=staff, hazard=hazard, level="major", clause=catalogue["T1-1"], due_on=today)

    register(2)
    few = queries("/hazards/")
    register(18)
    assert queries("/hazards/") == few <= 12
    assert queries("/hazards/extensions/") <= 12 and queries("/standards/test-coal/") <= 12


def test_many_are_graded_at_once(send, hazard, coal_mine, clerk, staff, catalogue, today):
    with_clause = register_hazard(
        by=clerk, mine=coal_mine, place="主扇房", description="无备用", source="self_check", found_on=today,
        clause=catalogue["T1-1"],
    )  # fmt: skip
    due = (today + dt.timedelta(days=9)).isoformat()
    words = send(staff, "/hazards/", act="grade", selected=[hazard.pk, with_clause.pk], **{"grade-due_on": due})
    assert "已把1条定为一般隐患" in words and "逐条定级" in words
    hazard.refresh_from_db()
    with_clause.refresh_from_db()
    assert (hazard.level, with_clause.state) == ("general", "registered")


# -- entering ------------------------------------------------------------------------------------------------------


def entry(today, **changes):
    return {
        "place": "主扇房",
        "description": "备用风机缺失",
        "found_on": today.isoformat(),
        "source": "self_check",
    } | changes


def test_a_mine_registers_its_own_with_photos(look, send, clerk, coal_mine, catalogue, today):
    form = look(clerk, "/hazards/new/")
    assert "主要通风机没有备用" in form and "坝体有贯通裂缝" not in form and 'accept="image/*"' in form
    data = entry(today, mine=coal_mine.pk, clause=catalogue["T1-1"].pk, photos=[photo("red"), photo("blue")])
    words = send(clerk, "/hazards/new/", **data)
    hazard = Hazard.objects.get()
    assert (hazard.mine, hazard.source, hazard.proposed_level) == (coal_mine, "self_check", "major")
    assert f"编号{hazard.number}" in words and Evidence.objects.about(hazard).count() == 2


def test_a_mine_registers_for_nobody_else(send, clerk, coal_mine, county, today):
    for mine in (county.sister_mine, county.other_mine):
        send(clerk, "/hazards/new/", 422, **entry(today, mine=mine.pk))
    send(clerk, "/hazards/new/", 422, **entry(today, mine=coal_mine.pk, source="inspection"))
    assert not Hazard.objects.exists()


def test_the_bureau_registers_what_it_found(look, send, inspector, coal_mine, county, today):
    form = look(inspector, "/hazards/new/")
    assert "监管检查" in form and "企业自查" not in form and "白川一矿" not in form
    send(inspector, "/hazards/new/", **entry(today, mine=coal_mine.pk, source="inspection"))
    assert Hazard.objects.get().source == "inspection"
    send(inspector, "/hazards/new/", 422, **entry(today, mine=county.other_mine.pk, source="inspection"))
    assert Hazard.objects.count() == 1


def test_readers_and_departments_register_nothing(look, send, leader, auditor, liaison, township_liaison, today):
    for who in (leader, auditor, liaison, township_liaison):
        look(who, "/hazards/new/", 403)
        send(who, "/hazards/new/", 403, **entry(today))


def test_every_error_is_said_beside_its_field_and_nothing_typed_is_lost(send, clerk, coal_mine, catalogue, today):
    tomorrow = (today + dt.timedelta(days=1)).isoformat()
    words = send(clerk, "/hazards/new/", 422, **entry(today, mine=coal_mine.pk, found_on=tomorrow))
    assert "发现日期不能晚于今天" in words and "备用风机缺失" in words
    words = send(clerk, "/hazards/new/", 422, **entry(today, mine=coal_mine.pk, clause=catalogue["T2-1"].pk))
    assert "不适用于这类矿山" in words and "备用风机缺失" in words


def test_without_a_script_the_clauses_are_refreshed_by_a_button(send, staff, coal_mine, catalogue, today):
    words = send(
        staff, "/hazards/new/", refresh="1", mine=coal_mine.pk, found_on=today.isoformat(), clause_q="fl", place="主扇"
    )
    assert "风量不足" in words and "主要通风机没有备用" not in words and 'value="主扇"' in words
    assert "field-bad" not in words and not Hazard.objects.exists()
    old = send(staff, "/hazards/new/", refresh="1", mine=coal_mine.pk, found_on="2020-12-31")
    assert "风量不足" not in old


def test_the_choices_are_fetched_for_mine_day_and_words(look, staff, clerk, coal_mine, county, catalogue, today):
    asked = {"mine": coal_mine.pk, "found_on": today.isoformat()}
    assert "风量不足" in look(staff, "/hazards/clauses/", **asked)
    chosen = look(staff, "/hazards/clauses/", clause_q="fl", clause=catalogue["T1-1"].pk, **asked)
    assert "主要通风机没有备用" in chosen, "what is chosen stays while other words are looked for"
    assert "选好矿山" in look(staff, "/hazards/clauses/", mine=county.other_mine.pk, found_on=today.isoformat())
    assert "选好矿山" in look(staff, "/hazards/clauses/", mine="x", found_on="gestern")


# -- one hazard ----------------------------------------------------------------------------------------------------

FORMS = ("grade", "report", "plan", "double-report", "facets/funds", "rectification", "reinspection", "extension")


def test_who_opens_the_page(look, major, clerk, staff, leader, sister_clerk, stranger):
    for who in (clerk, staff, leader):
        assert "3号皮带巷" in look(who, major.get_absolute_url())
        look(who, f"{major.get_absolute_url()}record/")
    for who in (sister_clerk, stranger):
        for part in ("", "record/", *(f"{form}/" for form in FORMS)):
            look(who, f"{major.get_absolute_url()}{part}", 404)


def test_readers_open_no_form_and_send_nothing(look, send, major, leader, auditor, township_liaison):
    before = Hazard.objects.values().get(pk=major.pk)
    for who in (leader, auditor, township_liaison):
        for form in FORMS:
            look(who, f"{major.get_absolute_url()}{form}/", 403)
            send(who, f"{major.get_absolute_url()}{form}/", 403)
        send(who, f"{major.get_absolute_url()}facets/funds/confirm/", 403)
        assert (
            "button-primary"
            not in look(who, major.get_absolute_url()).partition("page-actions")[2].partition("</div>")[0]
        )
    assert Hazard.objects.values().get(pk=major.pk) == before


def test_strangers_and_sisters_send_nothing(send, major, sister_clerk, stranger):
    before = Hazard.objects.values().get(pk=major.pk)
    for who in (sister_clerk, stranger):
        for part in ("act", "facets/funds/confirm", *FORMS):
            send(who, f"{major.get_absolute_url()}{part}/", 404, act="start")
    assert Hazard.objects.values().get(pk=major.pk) == before


def test_the_bureau_grades_with_a_reason_where_it_differs(look, send, hazard, staff, catalogue, today):
    address = f"{hazard.get_absolute_url()}grade/"
    assert "主要通风机没有备用" in look(staff, address)
    due = (today + dt.timedelta(days=7)).isoformat()
    words = send(staff, address, 422, level="major", due_on=due)
    assert "请写明认定理由" in words
    send(staff, address, level="major", due_on=due, reason="顶板大面积离层")
    hazard.refresh_from_db()
    assert (hazard.level, hazard.level_reason) == ("major", "顶板大面积离层")
    words = look(staff, hazard.get_absolute_url())
    assert words.count('class="facet"') == 5 and "双报告" in words and "还没有填写重大隐患报告" in words
    send(staff, address, 422, level="general", due_on=due)
    send(staff, address, level="general", due_on=due, reason="复核后不构成重大隐患")
    hazard.refresh_from_db()
    assert hazard.level == "general"


def test_a_mine_is_offered_general_only(look, send, hazard, clerk, today):
    address = f"{hazard.get_absolute_url()}grade/"
    assert 'value="major"' not in look(clerk, address)
    send(clerk, address, 422, level="major", due_on=today.isoformat(), reason="我说了算")
    send(clerk, address, level="general", due_on=today.isoformat())
    hazard.refresh_from_db()
    assert hazard.level == "general"


def test_the_papers_of_a_major_hazard_are_written_on_its_pages(look, send, major, clerk, staff, today):
    address = major.get_absolute_url()
    words = send(clerk, f"{address}report/", 422, present_state="现状")
    assert words.count("field-bad") == 2 and "现状" in words
    send(clerk, f"{address}report/", **PARTS)
    send(clerk, f"{address}plan/", **PLAN)
    send(
        clerk, f"{address}double-report/", regulator_on=today.isoformat(), regulator_receipt="收1",
        congress_on=today.isoformat(), congress_receipt="会1", evidence=[photo("green")],
    )  # fmt: skip
    words = look(staff, address)
    assert "换风机" in words and "收1" in words and "还没有制定治理方案" not in words
    send(clerk, f"{address}act/", act="start")
    major.refresh_from_db()
    assert major.state == "treating"


def test_a_facet_is_stated_by_the_mine_and_confirmed_by_the_bureau(look, send, major, clerk, inspector, today):
    address = f"{major.get_absolute_url()}facets/"
    look(clerk, f"{address}nothing/", 404)
    assert "计划资金" in look(clerk, f"{address}funds/") and "责任人" not in look(clerk, f"{address}funds/")
    send(inspector, f"{address}funds/", 403)
    data = {"planned": "12.5", "statement": "专户存储", "in_place": "on", "since": today.isoformat()}
    words = send(clerk, f"{address}funds/", **data)
    assert "上传印证资料后才能" in words and "缺印证资料" in words
    send(clerk, f"{address}funds/", **data, evidence=[photo("green")])
    assert "确认资金落实" in look(inspector, major.get_absolute_url())
    assert "确认资金落实" not in look(clerk, major.get_absolute_url())
    send(clerk, f"{address}funds/confirm/", 403)
    send(inspector, f"{address}funds/confirm/")
    assert major.implementations.get(facet="funds").is_proved
    send(clerk, f"{address}funds/", **data | {"statement": "改为自筹"})
    assert not major.implementations.get(facet="funds").is_proved, "other words need another confirmation"


def test_rectification_and_reinspection(look, send, client, graded, clerk, inspector, staff, today):
    address, listed = graded.get_absolute_url(), "/hazards/?page=2"
    client.force_login(clerk)
    # The next step is the mine's own, so it stays on the page: a mine checks again itself what it found itself.
    assert client.post(f"{address}act/", {"act": "start", "back": listed}).headers["Location"] == address
    done = {"statement": "已装防护罩", "done_on": today.isoformat()}
    assert "请上传整改后的照片" in send(clerk, f"{address}rectification/", 422, **done)
    assert "选填" not in look(clerk, f"{address}rectification/")
    words = send(clerk, f"{address}rectification/", 422, **done | {"statement": ""}, evidence=[photo("blue")])
    assert "所选的文件没有保存" in words and "整改情况" in words
    send(clerk, f"{address}rectification/", **done, evidence=[photo("blue")])
    for act in ("self_accept", "ask"):
        assert client.post(f"{address}act/", {"act": act, "back": listed}).headers["Location"] == address
    assert "还没有合格的复查记录" in look(inspector, address) and "登记复查" in look(inspector, address)
    assert "登记复查" not in look(clerk, address), "the rectifier checks nothing"
    form = look(inspector, f"{address}reinspection/")
    assert "陈执法（" in form and "刘填报（" not in form
    checked = {"on": today.isoformat(), "on_site": "on", "opinion": "已装好"}
    assert "field-bad" in send(inspector, f"{address}reinspection/", 422, **checked, passed="yes")
    send(inspector, f"{address}reinspection/", 422, **checked, passed="yes", officers=[clerk.pk])
    send(
        inspector, f"{address}reinspection/", **checked | {"opinion": "螺栓未紧"}, passed="no", officers=[inspector.pk]
    )
    graded.refresh_from_db()
    assert (graded.state, graded.returned_count) == ("returned", 1)
    assert "退回理由：</strong>螺栓未紧" in look(clerk, address)
    to_awaiting(graded, clerk, today)
    send(inspector, f"{address}reinspection/", **checked, passed="yes", officers=[inspector.pk])
    graded.refresh_from_db()
    assert graded.state == "closed"
    words = look(staff, address)
    assert "销号依据" in words and "还缺" not in words.partition('id="closing"')[2].partition("</section>")[0]
    record = look(clerk, f"{address}record/")
    for what in ("王科员", "刘填报", "陈执法", "已装防护罩", "螺栓未紧", "资料（3份）", "blue.jpg"):
        assert what in record, what


def test_a_major_hazard_is_not_closed_by_the_form_while_something_is_missing(
    look, send, major, clerk, inspector, staff, today
):
    treat(major, clerk, today)
    for facet in Facet.values:
        fields = {"in_place": True, "since": today, "statement": "已落实"}
        prove_facet(by=clerk, hazard=major, facet=facet, fields=fields, files=[photo("green")])
        confirm_facet(by=inspector, hazard=major, facet=facet)
    to_awaiting(major, clerk, today)
    prove_facet(by=clerk, hazard=major, facet="funds", fields={"statement": "改为自筹"})
    address = f"{major.get_absolute_url()}reinspection/"
    assert "“五落实”还缺：资金" in look(inspector, address)
    checked = {"on": today.isoformat(), "on_site": "on", "opinion": "合格", "passed": "yes"}
    words = send(inspector, address, 422, **checked, officers=[inspector.pk, staff.pk])
    assert "“五落实”还缺：资金" in words and not major.reinspections.exists()
    confirm_facet(by=inspector, hazard=major, facet="funds")
    assert "至少2人" in send(inspector, address, 422, **checked, officers=[inspector.pk])
    del checked["on_site"]
    assert "到现场" in send(inspector, address, 422, **checked, officers=[inspector.pk, staff.pk])
    send(inspector, address, **checked, on_site="on", officers=[inspector.pk, staff.pk])
    major.refresh_from_db()
    assert major.state == "closed"


def test_a_later_day_is_asked_for_and_decided_by_another(look, send, graded, clerk, mine_head, staff, today):
    address = graded.get_absolute_url()
    later = (graded.due_on + dt.timedelta(days=10)).isoformat()
    send(clerk, f"{address}extension/", 422, new_due_on=graded.due_on.isoformat(), reason="设备未到")
    send(clerk, f"{address}extension/", new_due_on=later, reason="设备未到")
    send(clerk, f"{address}extension/", 422, new_due_on=later, reason="再来")
    extension = HazardExtension.objects.get()
    assert "设备未到" in look(staff, address) and "设备未到" in look(staff, "/hazards/extensions/")
    send(clerk, f"/hazards/extensions/{extension.pk}/act/", 403, act="approve")
    send(staff, f"/hazards/extensions/{extension.pk}/act/", act="approve")
    graded.refresh_from_db()
    assert graded.due_on.isoformat() == later


def test_an_extension_of_a_day_that_has_moved_is_not_granted(send, graded, clerk, staff, today):
    extension = request_hazard_extension(
        by=clerk, hazard=graded, new_due_on=today + dt.timedelta(days=20), reason="设备未到"
    )
    grade_hazard(by=staff, hazard=graded, level="general", due_on=today + dt.timedelta(days=40), note="改期")
    words = send(staff, f"/hazards/extensions/{extension.pk}/act/", act="approve")
    extension.refresh_from_db()
    assert "已经改过" in words and extension.state == "requested"


def test_void_and_reopen(look, send, hazard, graded, admin, staff, clerk, inspector, today):
    address = graded.get_absolute_url()
    assert "作废" not in look(staff, address)
    move_hazard(by=clerk, hazard=graded, action="start")
    to_awaiting(graded, clerk, today)
    record_reinspection(
        by=inspector, hazard=graded, on=today, on_site=True, officers=[inspector], passed=True, opinion="好"
    )
    send(staff, f"{address}act/", act="reopen", note="回头看发现又拆除")
    assert "回头看发现又拆除" in look(clerk, address)
    send(admin, f"{address}act/", act="void", note="重复登记")
    graded.refresh_from_db()
    assert graded.state == "void" and "已作废" in look(clerk, address)
    for form in FORMS:
        assert look(clerk, f"{address}{form}/", status=look_status(form)) is not None


def look_status(form):
    """A void hazard opens no form: what only a major one has is not there, the rest is the bureau's or too late."""
    if form in ("report", "plan", "double-report", "facets/funds"):
        return 404
    return 409


def test_evidence_is_shown_to_who_sees_the_hazard(client, major, clerk, staff, sister_clerk, stranger, today):
    prove_facet(by=clerk, hazard=major, facet="funds", fields={"statement": "专户"}, files=[photo("green")])
    files = list(Evidence.objects.all())
    assert len(files) == 2
    for file in files:
        for who, status in ((clerk, 200), (staff, 200), (sister_clerk, 404), (stranger, 404)):
            client.force_login(who)
            assert client.get(file.get_absolute_url()).status_code == status


def test_the_search_finds_hazards_in_sight(look, hazard, clerk, staff, sister_clerk, catalogue):
    for words in (hazard.number, "皮带 防护罩", "石门"):
        assert "3号皮带巷" in look(staff, "/search/", q=words), words
    assert "3号皮带巷" not in look(sister_clerk, "/search/", q="皮带")
    assert "主要通风机没有备用" in look(clerk, "/search/", q="zytfj")


# -- the first page ------------------------------------------------------------------------------------------------


def heaps(words):
    return re.findall(r'id="(hazards-\w+)"', words)


def test_a_mine_finds_what_it_has_to_put_right(look, graded, clerk, sister_clerk, today):
    assert heaps(look(clerk, "/")) == ["hazards-open"]
    Hazard.objects.filter(pk=graded.pk).update(state="returned", returned_count=1)
    assert heaps(look(clerk, "/")) == ["hazards-returned"]
    Hazard.objects.filter(pk=graded.pk).update(due_on=today - dt.timedelta(days=2))
    words = look(clerk, "/")
    assert heaps(words) == ["hazards-late"] and "逾期2天" in words
    assert heaps(look(sister_clerk, "/")) == []


def test_the_bureau_finds_what_waits_for_it(look, hazard, staff, inspector, clerk, stranger, catalogue, today):
    assert heaps(look(staff, "/")) == ["hazards-registered"] and heaps(look(inspector, "/")) == []
    grade_hazard(by=staff, hazard=hazard, level="major", clause=catalogue["T1-1"], due_on=today + dt.timedelta(days=30))
    assert heaps(look(staff, "/")) == []
    fields = {"in_place": True, "since": today, "statement": "已落实"}
    prove_facet(by=clerk, hazard=hazard, facet="funds", fields=fields, files=[photo("green")])
    request_hazard_extension(by=clerk, hazard=hazard, new_due_on=today + dt.timedelta(days=60), reason="设备未到")
    assert heaps(look(staff, "/")) == ["hazards-facets", "hazards-extensions"]
    assert heaps(look(inspector, "/")) == ["hazards-facets"]
    Hazard.objects.filter(pk=hazard.pk).update(state="awaiting", rectified_on=today)
    confirm_facet(by=inspector, hazard=hazard, facet="funds")
    assert heaps(look(inspector, "/")) == ["hazards-awaiting"]
    assert heaps(look(stranger, "/")) == []


def test_the_hazards_of_a_mine_that_moves_to_another_county_go_with_it(hazard, county, staff):
    county.mine.region = county.other_mine.region
    county.mine.save()
    hazard.refresh_from_db()
    assert hazard.region == county.other_mine.region.county
    assert not Hazard.objects.visible_to(staff).exists()
