"""Counts of enforcement: every column, every number with its rows, flags, and the scoring sheet."""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document as WordDocument
from openpyxl import load_workbook

from common.transitions import advance
from hazards.models import Hazard
from hazards.tests.conftest import photo
from inspections.counts import FIGURES, GROUPS, count, period_of, periods_until
from inspections.models import Document, Visit
from inspections.scoring import sheet_of
from inspections.services.documents import approve_document, close_document
from inspections.services.plans import plan_visits
from inspections.tests.test_documents import APPEAL, draft, issue


@pytest.fixture
def punished(finished, team, staff, today) -> Visit:
    """A record, an on-site measure that stops two machines, and a decision that fines the unit and its head."""
    hazards = list(Hazard.objects.all())
    record = issue(finished, team[0], staff, "record", hazards=hazards)
    issue(finished, team[0], staff, "measure", parent=record, hazards=hazards, due_on=today, **APPEAL,
          measures={"stop_equipment": 2, "stop_part": 1})  # fmt: skip
    penalties = {"unit": ("石门煤矿", Decimal(25000)), "head": ("何矿长", Decimal(5000))}
    notice = issue(finished, team[0], staff, "notice", parent=record, hazards=hazards, penalties=penalties)
    issue(finished, team[0], staff, "decision", parent=notice, hazards=hazards, penalties=penalties, **APPEAL,
          measures={"suspend_licence": 1})  # fmt: skip
    draft(finished, team[0], "record")
    return finished


def test_periods():
    assert (period_of("2026-Q4").since, period_of("2026-Q4").until) == (dt.date(2026, 10, 1), dt.date(2026, 12, 31))
    assert period_of("2026-H1").until == dt.date(2026, 6, 30) and period_of("2026").label == "2026年"
    for wrong in ("2026-13", "2026-Q5", "26", "2026-H3", "2026-1", "２０２６"):
        with pytest.raises(ValueError):
            period_of(wrong)
    keys = [one.key for one in periods_until(dt.date(2026, 2, 10))]
    assert keys[:3] == ["2026-02", "2026-01", "2025-12"] and keys[-2:] == ["2026", "2025"]
    assert keys[12:18] == ["2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2", "2026-H1", "2025-H2"]


def test_every_column(punished, county, team, today):
    period = period_of(f"{today:%Y-%m}")
    by_officer, total = count(period, county.region, "officer")
    expected = {"visits": 1, "documents": 4, "general": 1, "major": 0, "stop_equipment": 2, "stop_part": 1, "stop_mine": 0,
                "suspend_licence": 1, "joint": 0, "exposure": 0, "fined_unit": 25000, "fined_head": 5000}  # fmt: skip
    assert total.values == expected
    assert {row.name: row.values["documents"] for row in by_officer} == {one.name: 4 for one in team}
    for by in GROUPS:
        assert sum(row.values["visits"] for row in count(period, county.region, by)[0]) == (2 if by == "officer" else 1)
    assert not any(row.flags for row in by_officer)
    assert {figure.key: text for figure, text in total.shown()}["fined_unit"] == "2.5"
    assert count(period_of(str(today.year - 1)), county.region, "region")[1].values["visits"] == 0
    assert count(period, county.other_region, "region")[0] == []


def test_visits_without_any_penalty_are_told(finished, county, team, today):
    period = period_of(f"{today:%Y-%m}")
    (row,) = count(period, county.region, "region")[0]
    assert row.flags == ["零处罚"]
    finding = finished.results.get(hazard__isnull=False)
    for index in range(2):
        hazard = Hazard.objects.create(
            region=county.region, number=f"H{index}", mine=finished.mine, place="井口", description="甲", source="inspection",
            found_on=today, level="general", state="graded", registered_by=team[0],
        )  # fmt: skip
        finished.results.create(position=9 + index, text="甲", outcome="failed", words="乙", hazard=hazard)
    assert count(period, county.region, "region")[0][0].flags == ["零处罚", "只检查不处罚"]
    assert finding.hazard is not None


def test_every_number_opens_as_many_rows(client, punished, staff, clerk, leader, today):
    client.force_login(leader)
    for by in ("officer", "group"):
        page = client.get(f"/inspections/counts/?by={by}&period={today.year}").content.decode()
        links = re.findall(r'href="(rows/\?[^"]+)">([\d.]+)</a>', page)
        assert len(links) >= len(FIGURES) - 4
        for address, number in links:
            rows = client.get(f"/inspections/counts/{address.replace('&amp;', '&')}")
            assert rows.status_code == 200, address
            lines = [line.get("value", "1") for line in rows.context["lines"]]
            assert sum(Decimal(value) for value in lines) == Decimal(number), address
    assert client.get("/inspections/counts/rows/?figure=x").status_code == 404
    assert client.get("/inspections/counts/rows/?figure=visits&by=officer&key=x").status_code == 404
    assert client.get("/inspections/counts/?period=2026-13").status_code == 404
    sheet = client.get(f"/inspections/counts/table.xlsx?by=officer&period={today.year}")
    lines = list(load_workbook(io.BytesIO(b"".join(sheet.streaming_content))).active.iter_rows(values_only=True))
    assert lines[1][1] == "检查（次）" and lines[-1][0] == "合计" and lines[-1][11] == 2.5
    with CaptureQueriesContext(connection) as asked:
        client.get("/inspections/counts/")
    assert len(asked) <= 18
    client.force_login(clerk)
    for address in ("", "rows/?figure=visits", "table.xlsx"):
        assert client.get(f"/inspections/counts/{address}").status_code == 404


def test_the_scoring_sheet(client, punished, county, coal_mine, team, staff, today):
    plan_visits(by=staff, mines={coal_mine: "重点"}, begins_on=today, due_on=today)
    quarter = period_of(f"{today.year}-Q{(today.month + 2) // 3}")
    lines = {one.label: one for one in sheet_of(county.region, quarter, today).lines}
    assert (lines["计划检查完成率"].part, lines["计划检查完成率"].whole) == (0, 1)
    assert (lines["执法文书归档率"].part, lines["执法文书归档率"].whole) == (0, 4)
    assert lines["没有“零处罚”"].score == 10 and lines["行政处罚按期公示率"].score is None
    record = Document.objects.get(kind="record", state="approved")
    close_document(by=staff, document=record, scan=photo(), received_by="甲", received_on=today)
    sheet = sheet_of(county.region, quarter, today)
    assert next(one for one in sheet.lines if one.label == "执法文书归档率").score == 2.5
    assert sheet.total == round((0 + 2.5 + 10) * 100 / 45, 1)
    client.force_login(staff)
    assert "执法文书归档率" in client.get("/inspections/scoring/").content.decode()
    book = load_workbook(io.BytesIO(b"".join(client.get("/inspections/scoring/sheet.xlsx").streaming_content)))
    assert "核定得分" in [cell.value for cell in book.active[2]]
    word = WordDocument(io.BytesIO(client.get("/inspections/scoring/sheet.docx").content))
    assert "考评项目" in [cell.text for cell in word.tables[0].rows[0].cells]
    assert client.get("/inspections/scoring/?period=2026").status_code == 404


def test_the_form_takes_measures(client, finished, team, staff, today):
    record = issue(finished, team[0], staff, "record", hazards=list(Hazard.objects.all()))
    client.force_login(team[0])
    data = {"parent": record.pk, "facts": "甲", "demand": "乙", "due_on": today, "stop_mine": 1, "exposure": "",
            "hazards": [Hazard.objects.get().pk], **APPEAL}  # fmt: skip
    assert client.post(f"/inspections/{finished.pk}/documents/measure/", data).status_code == 302
    made = Document.objects.get(kind="measure")
    assert [str(one) for one in made.measures.all()] == ["停产整顿1处"]
    assert "停产整顿1处" in client.get(made.get_absolute_url()).content.decode()
    assert client.post(f"{made.get_absolute_url()}edit/", data | {"stop_mine": 2}).status_code == 302
    assert str(made.measures.get()) == "停产整顿2处"
    advance(made, "submit", by=team[0])
    approve_document(made, by=staff)
    word = WordDocument(io.BytesIO(client.get(f"{made.get_absolute_url()}paper.docx").content))
    assert any("停产整顿2处" in one.text for one in word.paragraphs)
