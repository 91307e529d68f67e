"""The investigation of a major hazard: written by one, signed by another, on paper, and what becomes of it."""

import datetime as dt
import io

import pytest
from django.db import IntegrityError, transaction
from docx import Document

from common.errors import Conflict, NotAllowed, Refused
from common.history import history_of
from common.models import Evidence
from hazards.models import InstitutionalMeasure, Investigation
from hazards.services.investigation import (
    add_liability,
    add_recommendation,
    drop_line,
    list_as_measure,
    move_investigation,
    write_investigation,
)
from hazards.services.proofs import record_reinspection
from hazards.tests.conftest import photo
from hazards.tests.test_life import major as major
from hazards.tests.test_life import prove_all, to_awaiting
from hazards.tests.test_register_pages import look as look
from hazards.tests.test_register_pages import media as media
from hazards.tests.test_register_pages import send as send
from units.models import RuleSetting

PARTS = {
    "team": "组长：赵科长",
    "facts": "备用风机停用两年",
    "direct_cause": "备用风机电机烧毁未修",
    "managerial_cause": "设备检修制度没有执行",
    "conclusion": "是一起责任隐患",
}


@pytest.fixture
def draft(major, staff, today):
    return write_investigation(by=staff, hazard=major, begun_on=today, parts=PARTS)


def fill(draft, staff, county, today):
    add_liability(
        by=staff, investigation=draft, name="钱某", post="石门煤矿机电副矿长", kind="leading", fault="未组织检修",
        handling="建议撤职",
    )  # fmt: skip
    return add_recommendation(
        by=staff, investigation=draft, text="修订设备检修制度", unit=county.mine, due_on=today + dt.timedelta(days=30)
    )


def sign(draft, staff, second_staff):
    move_investigation(by=staff, investigation=draft, action="submit")
    return move_investigation(by=second_staff, investigation=draft, action="sign")


def test_is_written_by_one_and_signed_by_another(draft, major, staff, second_staff, county, today):
    with pytest.raises(Refused, match="至少添加一条"):
        move_investigation(by=staff, investigation=draft, action="submit")
    fill(draft, staff, county, today)
    move_investigation(by=staff, investigation=draft, action="submit")
    with pytest.raises(Refused, match="执笔人不能签发"):
        move_investigation(by=staff, investigation=draft, action="sign")
    with pytest.raises(Conflict):
        write_investigation(by=staff, hazard=major, begun_on=today, parts=PARTS)
    move_investigation(by=second_staff, investigation=draft, action="sign")
    assert (draft.state, draft.signed_by, draft.number) == ("signed", second_staff, f"青应急调〔{today.year}〕1号")
    assert history_of(major).filter(verb="hazard.investigated").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Investigation.objects.filter(pk=draft.pk).update(signed_by=staff)


def test_whoever_wrote_a_line_of_it_last_does_not_sign(draft, staff, second_staff, county, today):
    fill(draft, second_staff, county, today)
    move_investigation(by=staff, investigation=draft, action="submit")
    with pytest.raises(Refused, match="执笔人不能签发"):
        move_investigation(by=second_staff, investigation=draft, action="sign")
    assert move_investigation(by=staff, investigation=draft, action="sign").state == "signed"


def test_an_unfinished_one_says_what_is_missing(major, staff, today):
    draft = write_investigation(by=staff, hazard=major, begun_on=today, parts={"team": "赵科长"})
    with pytest.raises(Refused, match="直接原因、管理原因"):
        move_investigation(by=staff, investigation=draft, action="submit")
    with pytest.raises(Refused) as refusal:
        write_investigation(by=staff, hazard=major, begun_on=today + dt.timedelta(days=1), parts={"team": " "})
    assert set(refusal.value.fields) == {"team", "begun_on"}


def test_is_the_bureaus_and_only_of_major_hazards(draft, hazard, major, clerk, inspector, leader, stranger, today):
    for other in (clerk, inspector, leader, stranger):
        with pytest.raises(NotAllowed):
            write_investigation(by=other, hazard=major, begun_on=today, parts=PARTS)
        with pytest.raises(NotAllowed):
            move_investigation(by=other, investigation=draft, action="submit")


def test_lines_are_dropped_only_from_a_draft(draft, staff, second_staff, county, today):
    drop_line(by=staff, line=fill(draft, staff, county, today))
    assert history_of(draft).filter(verb="investigation.dropped", note="修订设备检修制度").exists()
    kept = fill(draft, staff, county, today)
    sign(draft, staff, second_staff)
    with pytest.raises(Conflict):
        drop_line(by=staff, line=kept)
    with pytest.raises(Conflict):
        fill(draft, staff, county, today)


def test_a_signed_recommendation_becomes_a_measure_once(draft, staff, second_staff, county, today):
    line = fill(draft, staff, county, today)
    with pytest.raises(Conflict):
        list_as_measure(by=staff, recommendation=line)
    sign(draft, staff, second_staff)
    measure = list_as_measure(by=staff, recommendation=line)
    assert (measure.name, measure.lead_unit, measure.due_on) == ("修订设备检修制度", county.mine, line.due_on)
    with pytest.raises(Conflict):
        list_as_measure(by=staff, recommendation=line)
    assert InstitutionalMeasure.objects.count() == 1


def test_a_county_may_want_it_before_the_closing(draft, major, staff, second_staff, inspector, clerk, county, today):
    RuleSetting.objects.create(region=county.region, key="investigate_major", value=1, source="本县方案")
    prove_all(major, clerk, inspector, today)
    to_awaiting(major, clerk, today)
    seen = {"on": today, "on_site": True, "passed": True, "opinion": "已消除", "officers": [inspector, second_staff]}
    with pytest.raises(Refused, match="调查报告"):
        record_reinspection(by=inspector, hazard=major, **seen)
    fill(draft, staff, county, today)
    sign(draft, staff, second_staff)
    major.refresh_from_db()
    record_reinspection(by=inspector, hazard=major, **seen)
    assert major.state == "closed"


def test_pages_and_report(major, look, send, staff, second_staff, clerk, inspector, county, client, today):
    address = major.get_absolute_url()
    page = f"{address}investigation/"
    assert "开始调查" in look(staff, address) and "原因和责任调查" not in look(clerk, address)
    look(staff, page, status=404)
    look(clerk, f"{page}edit/", status=403)
    typed = PARTS | {"begun_on": today.isoformat(), "evidence": photo("teal")}
    assert "备用风机电机烧毁未修" in send(staff, f"{page}edit/", **typed)
    draft = Investigation.objects.get()
    look(clerk, page, status=404)
    file = Evidence.objects.about(draft).get()
    client.force_login(clerk)
    assert client.get(file.get_absolute_url()).status_code == 404
    send(staff, f"{page}liabilities/", name="钱某", kind="leading", fault="未检修", handling="撤职")
    due = (today + dt.timedelta(days=9)).isoformat()
    shown = send(staff, f"{page}recommendations/", text="修订制度", unit=county.energy.pk, due_on=due)
    assert "钱某" in shown and county.energy.name in shown
    line = draft.recommendations.get()
    assert (
        "修订制度"
        not in send(staff, f"{page}recommendations/{line.pk}/drop/").split("整改建议")[1].split("办理记录")[0]
    )
    send(staff, f"{page}recommendations/", text="修订制度", unit=county.energy.pk, due_on=due)
    send(staff, f"{page}act/", act="submit")
    assert "已签发" in send(second_staff, f"{page}act/", act="sign")
    send(staff, f"{page}recommendations/{draft.recommendations.get().pk}/measure/")
    assert InstitutionalMeasure.objects.get().lead_unit == county.energy
    assert "备用风机停用两年" in look(clerk, page) and "已签发" in look(clerk, address)
    client.force_login(inspector)
    word = Document(io.BytesIO(client.get(f"{page}report.docx").content))
    text = "\n".join(one.text for one in word.paragraphs)
    draft.refresh_from_db()
    assert draft.number in text and "管理原因" in text and word.tables[0].cell(1, 0).text == "钱某"
    assert client.get(f"{page}report.pdf").content[:4] == b"%PDF"
