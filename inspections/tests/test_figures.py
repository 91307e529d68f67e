"""What inspections put into monthly reports and into the ranking, and the rows that each number opens."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from common.indicators import Span, count_units
from hazards.models import Hazard
from inspections.models import Document
from inspections.tests.test_documents import issue
from mines.models import Mine
from mines.services.suspension import suspend_mine
from tasks.reporting import Sheet
from tasks.tests.reporting import ON_THE_20TH, accepted, monthly, report_of, small_campaign
from units.models import UnitGroup


@pytest.fixture(autouse=True)
def clock(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(ON_THE_20TH, tick=False):
        yield


@pytest.fixture
def punished(finished, team, staff):
    """A visit with one finding, its record, and a decision that fines the mine and its head; a notice alone fines nobody."""
    hazards = list(Hazard.objects.all())
    fines = {"unit": ("石门煤矿", Decimal(30000)), "head": ("何矿长", Decimal(2000))}
    record = issue(finished, team[0], staff, "record", hazards=hazards)
    appeal = {"review_organ": "青岚县人民政府", "court": "青岚县人民法院"}
    notice = issue(finished, team[0], staff, "notice", parent=record, hazards=hazards, penalties=fines)
    issue(finished, team[0], staff, "decision", parent=notice, hazards=hazards, penalties=fines, **appeal)
    return finished


def figures(report):
    return {one.key: one for one in Sheet(report).figures if one.key.startswith(("inspections.", "mines."))}


def opened(client, who, url):
    client.force_login(who)
    page = client.get(url)
    assert page.status_code == 200
    return page.context["page"].paginator.count


def test_a_mine_finds_its_inspections_in_the_report_and_each_number_opens_its_rows(
    client, punished, county, staff, clerk, sister_clerk, enterprise_clerk
):
    suspend_mine(
        by=staff, mine=Mine.objects.get(unit=county.mine), kind="ordered", reason="瓦斯超限",
        since=dt.date(2026, 2, 10), measures="专人看守", paper="停产决定书",
    )  # fmt: skip
    group = UnitGroup.objects.create(name="矿山和企业", region=county.region)
    group.extra_members.set([county.mine, county.sister_mine, county.enterprise])
    rule = monthly(small_campaign(county, staff), county, staff, group=group)
    found = figures(report_of(county.mine, rule=rule))
    expected = {
        "mines.suspended": 1, "mines.resumed": 0, "mines.accidents": 0, "mines.deaths": 0, "inspections.visits": 1, "inspections.findings": 1,
        "inspections.documents": 3, "inspections.penalties": 2, "inspections.fined": 32000,
    }  # fmt: skip
    assert {key: one.computed for key, one in found.items()} == expected
    for key, one in found.items():
        rows = opened(client, clerk, one.url)
        assert rows == (2 if key == "inspections.fined" else one.computed), key
    sister = figures(report_of(county.sister_mine, rule=rule))
    assert not any(one.computed for one in sister.values())
    above = figures(report_of(county.enterprise, rule=rule))
    assert {key: one.computed for key, one in above.items()} == expected
    assert opened(client, enterprise_clerk, above["inspections.documents"].url) == 3
    client.force_login(sister_clerk)
    assert client.get(found["inspections.visits"].url).status_code == 404
    # Signed numbers stay, and open their rows as well.
    accepted(report_of(county.mine, rule=rule), clerk, staff)
    kept = figures(report_of(county.mine, rule=rule))
    assert opened(client, staff, kept["inspections.penalties"].url) == kept["inspections.penalties"].stated == 2


def test_a_visit_that_goes_on_and_a_draft_are_nobodys_numbers_yet(visit, county, team, staff):
    span = Span(dt.date(2026, 1, 1), dt.date(2026, 2, 20), county.region.prefix)
    assert "visits" not in count_units(span).get(county.mine.pk, {})
    assert not Document.objects.in_force().exists()


def test_the_ranking_shows_them_with_their_rows(client, punished, county, staff):
    client.force_login(staff)
    page = client.get("/ranking/?group=mine&period=2026-02")
    row = next(one for one in page.context["ranking"].rows if one.unit == county.mine)
    cells = {cell.indicator.key: cell for cell in row.cells}
    assert {key: cells[key].value for key in ("visits", "findings", "documents", "penalties", "fined")} == {
        "visits": 1, "findings": 1, "documents": 3, "penalties": 2, "fined": 32000,
    }  # fmt: skip
    assert opened(client, staff, cells["documents"].url) == 3
    assert opened(client, staff, cells["fined"].url) == 2
