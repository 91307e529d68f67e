"""The county's period: who is missing, what adds up, what opens behind each number, the words, the papers."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document
from openpyxl import load_workbook

from common.errors import Conflict, NotAllowed
from hazards.services.register import grade_hazard, register_hazard
from mines.models import Mine
from supervision.consolidation import Consolidation, parents_of
from supervision.models import ConsolidatedNarrative
from supervision.services.consolidation import write_narrative
from tasks.models import ProgressReport
from tasks.reporting import Sheet
from tasks.services.reporting_rules import create_reports
from tasks.services.reports import Answers, FigureAnswer, correct_report, save_report
from tasks.tests.reporting import ON_THE_20TH, accepted, filled, handed_in, monthly, report_of, small_campaign
from units.models import UnitGroup


@pytest.fixture(autouse=True)
def clock(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(ON_THE_20TH, tick=False) as clock:
        yield clock


@pytest.fixture
def rule(county, staff):
    for mine in (county.mine, county.sister_mine):
        Mine.objects.create(unit=mine, mine_type="coal_underground")
    return monthly(small_campaign(county, staff), county, staff)


def hazard(by, mine, day=dt.date(2026, 2, 3)):
    found = register_hazard(by=by, mine=mine, place="井下", description="支护不牢", source="inspection", found_on=day)
    return grade_hazard(by=by, hazard=found, level="general", due_on=day + dt.timedelta(days=60), reason="一般")


def stated(found):
    return {row.key: row for row in found.figures()}


def page(client, who, rule, rest="", period="2026-02"):
    client.force_login(who)
    return client.get(f"/consolidations/{rule.pk}/{period}/{rest}")


def test_missing_waiting_and_what_counts(client, rule, county, clerk, sister_clerk, liaison, staff):
    accepted(report_of(county.mine), clerk, staff)
    handed_in(report_of(county.energy), liaison)
    found = Consolidation(rule, "2026-02")
    assert [report.unit for report in found.standing] == [county.mine]
    assert [report.unit for report in found.waiting] == [county.energy]
    assert [report.unit for report in found.missing] == [county.sister_mine]
    html = page(client, staff, rule).content.decode()
    assert "应报3个单位，已通过1个，待审核1个。未报1个：北沟煤矿" in html
    assert f"/reports/?rule={rule.pk}&amp;period=2026-02&amp;state=owed" in html
    listed = client.get(f"/reports/?rule={rule.pk}&period=2026-02&state=owed").content.decode()
    assert "北沟煤矿" in listed and "石门煤矿" not in listed


def test_figures_of_the_units_beside_the_register(client, rule, county, staff, clerk, sister_clerk):
    for mine in (county.mine, county.mine, county.sister_mine):
        hazard(staff, mine)
    report = report_of(county.mine)
    figure = next(one for one in Sheet(report).figures if one.key == "hazards.general")
    assert (figure.stated, f"mine={county.mine.pk}" in figure.url) == (2, True)
    answer = FigureAnswer(Decimal(3), "漏登一条，已补登", figure.token)
    save_report(by=clerk, report=report, answers=Answers(figures={figure.key: answer}))
    accepted(report, clerk, staff)
    accepted(report_of(county.sister_mine), sister_clerk, staff)
    row = stated(Consolidation(rule, "2026-02"))["hazards.general"]
    assert (row.register, row.stated, row.difference, row.units, row.changed) == (3, 4, 1, 2, 1)
    html = page(client, staff, rule, "figures/hazards.general/").content.decode()
    assert "漏登一条，已补登" in html and "北沟煤矿" in html
    assert page(client, staff, rule, "figures/hazards.nothing/").status_code == 404
    counted = client.get(figure.url).content.decode()
    assert counted.count("支护不牢") >= 2


def test_what_an_enterprise_states_for_its_mines_is_not_added_twice(
    rule, county, staff, clerk, enterprise_clerk, sister_clerk
):
    hazard(staff, county.mine)
    hazard(staff, county.sister_mine)
    group = UnitGroup.objects.create(name="矿山和企业", region=county.region)
    group.extra_members.set([county.mine, county.sister_mine, county.enterprise])
    both = monthly(rule.campaign, county, staff, group=group, title="隐患月报")
    for unit, who in ((county.mine, clerk), (county.sister_mine, sister_clerk), (county.enterprise, enterprise_clerk)):
        accepted(report_of(unit, rule=both), who, staff)
    found = Consolidation(both, "2026-02")
    row = stated(found)["hazards.general"]
    assert (row.stated, row.units) == (2, 2)
    assert {report.unit for report in found.counting.values()} == {county.enterprise, county.sister_mine}
    assert list(parents_of("/1/7/9/")) == ["/1/", "/1/7/"]


def test_the_month_is_what_was_added_since_the_period_before(rule, county, staff, clerk, clock):
    hazard(staff, county.mine)
    accepted(report_of(county.mine), clerk, staff)
    clock.move_to(ON_THE_20TH.replace(month=3))
    create_reports()
    hazard(staff, county.mine, dt.date(2026, 3, 5))
    hazard(staff, county.mine, dt.date(2026, 3, 6))
    accepted(report_of(county.mine, period="2026-03"), clerk, staff)
    row = stated(Consolidation(rule, "2026-03"))["hazards.general"]
    assert (row.stated, row.added) == (3, 2)
    assert stated(Consolidation(rule, "2026-02"))["hazards.general"].added is None


def test_a_correction_counts_from_its_acceptance(rule, county, staff, clerk):
    report = accepted(report_of(county.mine), clerk, staff, text="原来的话。")
    copy = correct_report(by=clerk, report=report, reason="漏写")
    filled(copy, clerk, text="更正的话。")

    def said():
        return "".join(
            line.cells[4] for line in Consolidation(rule, "2026-02").task_list().lines if hasattr(line, "cells")
        )

    assert "原来的话。" in said()
    copy.refresh_from_db()
    accepted(copy, clerk, staff, text="更正的话。")
    assert "更正的话。" in said() and "原来的话。" not in said()


def test_the_words_are_versions_and_nobody_writes_over_another(
    client, rule, county, staff, second_staff, clerk, leader
):
    accepted(report_of(county.mine), clerk, staff)
    form = page(client, staff, rule, "words/").context["form"]
    assert "石门煤矿：本月正常推进。" in form["progress"].value() and form["version"].value() == 0
    write_narrative(by=second_staff, rule=rule, period="2026-02", version=0, progress="赵科长写的。")
    url = f"/consolidations/{rule.pk}/2026-02/words/"
    answer = client.post(url, {"version": "0", "progress": "王科员写的。"})
    html = answer.content.decode()
    assert answer.status_code == 422 and "赵科长写的。" in html and "王科员写的。" in html
    assert client.post(url, {"version": "1", "progress": "两人的话。"}).status_code == 302
    texts = ConsolidatedNarrative.objects.order_by("version").values_list("version", "progress")
    assert list(texts) == [(1, "赵科长写的。"), (2, "两人的话。")]
    with pytest.raises(Conflict):
        write_narrative(by=staff, rule=rule, period="2026-02", version=1, progress="迟了")
    with pytest.raises(NotAllowed):
        write_narrative(by=leader, rule=rule, period="2026-02", version=2, progress="越权")


def test_the_papers(client, rule, county, staff, clerk, liaison):
    hazard(staff, county.mine)
    accepted(report_of(county.mine), clerk, staff, text="=培训两批。")
    book = load_workbook(io.BytesIO(page(client, staff, rule, "table.xlsx").content))
    assert book.sheetnames == ["报送情况", "数据汇总", "隐患月报", "任务清单"]
    rows = {row[0]: row for row in book["报送情况"].iter_rows(min_row=3, values_only=True)}
    assert (rows["石门煤矿"][5], rows["北沟煤矿"][5]) == ("已通过", "未报")
    figures = {row[0]: row for row in book["数据汇总"].iter_rows(min_row=3, values_only=True)}
    assert figures["隐患2 排查一般隐患（项）"][1:4] == (1, 1, 0)
    cells = [str(cell) for row in book["任务清单"].iter_rows(values_only=True) for cell in row if cell]
    assert any(
        "石门煤矿：=培训两批。（推进中，40%）" in cell and "北沟煤矿本期没有已通过的报告" in cell for cell in cells
    )
    document = Document(io.BytesIO(page(client, staff, rule, "report.docx").content))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "一、总体进展" in text and "七、任务清单进展" in text
    assert "石门煤矿" in "".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)


def test_who_reads_it(client, rule, county, staff, leader, auditor, clerk, township_liaison, stranger):
    for who in (staff, leader, auditor):
        assert page(client, who, rule).status_code == 200
    for who in (clerk, township_liaison, stranger):
        assert page(client, who, rule).status_code == 404
        assert page(client, who, rule, "table.xlsx").status_code == 404
    assert page(client, clerk, rule, "words/").status_code == 404
    assert page(client, leader, rule, "words/").status_code == 403
    assert client.get("/consolidations/").status_code == 200
    client.force_login(clerk)
    assert client.get("/consolidations/").status_code == 403
    assert page(client, staff, rule, period="2031-01").status_code == 404


def test_it_costs_the_same_for_one_report_and_for_three(client, rule, county, staff, clerk, sister_clerk, liaison):
    counts = []
    for unit, who in ((county.mine, clerk), (county.sister_mine, sister_clerk), (county.energy, liaison)):
        accepted(report_of(unit), who, staff)
        if unit != county.sister_mine:
            client.force_login(staff)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/consolidations/{rule.pk}/2026-02/").status_code == 200
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 30
    assert ProgressReport.objects.standing().count() == 3
