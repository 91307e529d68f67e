"""Every number of the county's pages is a link, and what it opens comes to that very number."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.utils import timezone

from hazards.services.register import grade_hazard, register_hazard
from mines.models import Mine
from supervision.services.snapshots import take_snapshot
from tasks.reporting import Sheet
from tasks.services.reporting_rules import create_reports
from tasks.services.reports import Answers, FigureAnswer, save_report
from tasks.tests.reporting import ON_THE_20TH, accepted, handed_in, monthly, report_of, small_campaign

LINK = re.compile(r'<a(?: [a-z-]+="[^"]*")*? href="([^"]+)"[^>]*>(?:<[^>]+>)*\s*(-?[\d,.]+)(%|/\d+)?\s*(?:<[^a]|$)')


@pytest.fixture(autouse=True)
def clock(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(ON_THE_20TH, tick=False) as clock:
        yield clock


@pytest.fixture
def rule(county, staff, clerk, sister_clerk, liaison, clock):
    """Two months of reports: January's figures grew in February, one unit changed its number, one only handed in."""
    for mine, kind in ((county.mine, "coal_underground"), (county.sister_mine, "tailings_pond")):
        Mine.objects.create(unit=mine, mine_type=kind)
    rule = monthly(small_campaign(county, staff), county, staff)
    find(staff, county.mine, dt.date(2026, 2, 3))
    find(staff, county.mine, dt.date(2026, 2, 4), "major", 5)
    accepted(report_of(county.mine), clerk, staff)
    clock.move_to(ON_THE_20TH.replace(month=3))
    create_reports()
    for mine in (county.mine, county.sister_mine, county.sister_mine):
        find(staff, mine, dt.date(2026, 3, 5))
    report = report_of(county.mine, period="2026-03")
    figure = next(one for one in Sheet(report).figures if one.key == "hazards.general")
    answer = FigureAnswer(Decimal(3), "漏登一条", figure.token)
    save_report(by=clerk, report=report, answers=Answers(figures={figure.key: answer}))
    accepted(report, clerk, staff)
    accepted(report_of(county.energy, period="2026-03"), liaison, staff)
    handed_in(report_of(county.sister_mine, period="2026-03"), sister_clerk)
    return rule


def find(by, mine, day, level="general", days=60):
    found = register_hazard(by=by, mine=mine, place="井下", description="支护不牢", source="inspection", found_on=day)
    return grade_hazard(by=by, hazard=found, level=level, due_on=day + dt.timedelta(days=days), reason="定级")


def numbers_of(html):
    """Address, number and what follows it, of each link whose words begin with a number."""
    body = html[html.index('id="content"') :]
    return [(unescape(url), number.replace(",", ""), rest) for url, number, rest in LINK.findall(body)]


def opened(client, url):
    context = client.get(url).context
    if "counted" in context:
        return context["counted"]
    return context["count"] if "count" in context else context["page"].paginator.count


def test_the_countys_month(client, rule, county, staff):
    client.force_login(staff)
    page = f"/consolidations/{rule.pk}/2026-03/"
    html = client.get(page).content.decode()
    found = numbers_of(html)
    for place, (url, number, rest) in enumerate(found):
        # A rate opens what its neighbour counts; of the noughts every ninth, there are a hundred of them.
        if rest or "." in number or "/figures/" in url or "closed" in url or (number == "0" and place % 9):
            continue
        assert opened(client, url) == Decimal(number), url
    # Sums over units: the page behind them adds up to each of them.
    row = next(one for one in client.get(page).context["figures"] if one[0].key == "hazards.general")[0]
    assert (row.register, row.stated, row.difference, row.added, row.units, row.changed) == (4, 3, -1, 2, 1, 1)
    assert sum(url.endswith("/figures/hazards.general/") for url, _, _ in found) == 4
    shares = client.get(f"{page}figures/hazards.general/").context["rows"]
    assert [sum(values) for values in (
        [one.register for one in shares], [one.figure.stated for one in shares if one.figure],
        [one.difference for one in shares], [one.added for one in shares if one.added is not None],
    )] == [row.register, row.stated, row.difference, row.added]  # fmt: skip
    assert len([one for one in shares if one.figure]) == row.units
    assert len(client.get(f"{page}figures/hazards.general/?changed=1").context["rows"]) == row.changed
    assert len(found) > 40
    # A tile holds its number below its words.
    for label in ("应报", "已通过", "待审核", "未报", "迟报"):
        url, number = re.search(rf'href="([^"]+)"><div class="tile-label">{label}</div><div class="tile-value">(\d+)', html).groups()  # fmt: skip
        assert opened(client, unescape(url)) == int(number), label


def test_ranking_assessment_and_overview(client, rule, county, staff, leader):
    take_snapshot(region=county.region, day=timezone.localdate())
    for who, page in (
        (staff, "/ranking/?group=mine&period=2026-03"),
        (staff, "/ranking/?group=enterprise&period=2026"),
        (staff, "/ranking/assessment/?group=mine"),
        (leader, "/overview/?group=mine"),
    ):
        client.force_login(who)
        html = client.get(page).content.decode()
        found = numbers_of(html)
        counted = 0
        for url, number, rest in found:
            if rest == "%" or "." in number or "days_to_fix" in url:
                continue  # a rate opens its part, which the link below it counts beside the whole
            assert opened(client, url) == int(rest.removeprefix("/") or number), url
            counted += 1
        assert counted, page
    tiles = re.findall(
        r'href="([^"]+)"><div class="tile-label">[^<]+</div><div class="tile-value">([\d.]+)</div>', html
    )
    assert tiles
    for url, number in tiles:
        assert opened(client, unescape(url)) == int(number), url
