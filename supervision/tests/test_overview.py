"""The first page of a leader, its cost, and the screen on the wall."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from common.indicators import indicators
from hazards.models import Hazard
from supervision.models import DailySnapshot
from units.models import Unit

pytestmark = pytest.mark.django_db
FIGURES = {
    "tasks_due": 10, "tasks_done": 5, "tasks_on_time": 5, "tasks_late": 3, "found": 4, "own_found": 1,
    "general_found": 4, "general_due": 4, "general_closed": 4, "hazards_late": 1, "major_late": 1,
}  # fmt: skip


@pytest.fixture
def days(county):
    """Ten days of snapshots; the mine has a card, its sister none."""
    today = timezone.localdate()
    better = FIGURES | {"tasks_done": 10, "tasks_on_time": 10, "tasks_late": 0, "hazards_late": 0, "major_late": 0}
    for back in range(10):
        for unit, figures in ((None, FIGURES), (county.mine, FIGURES), (county.sister_mine, better)):
            DailySnapshot.objects.create(
                region=county.region, day=today - dt.timedelta(days=back), unit=unit, figures=figures
            )
    return today


def test_a_leader_begins_here_and_nobody_else(days, client, leader, staff, clerk):
    url = reverse("supervision:overview")
    client.force_login(leader)
    assert client.get("/").headers["Location"] == url
    page = client.get(url).content.decode()
    assert 'href="/"' in page and "我的工作" not in page
    for who in (staff, clerk):
        client.force_login(who)
        assert client.get("/").status_code == 200
    assert client.get(url).status_code == 403


def test_units_by_colour_the_worst_first(days, county, client, leader):
    client.force_login(leader)
    page = client.get(reverse("supervision:overview")).content.decode()
    heat = page[page.index('id="heat"') :]
    assert heat.index("石门煤矿") < heat.index("北沟煤矿")
    assert "heat-red" in heat and "heat-green" in heat
    assert "任务完成率" in page and "50%" in page and "5/10" in page


def test_trends_come_with_their_numbers(days, client, leader):
    client.force_login(leader)
    page = client.get(reverse("supervision:overview")).content.decode()
    assert "逾期数" in page and f"{days.month}-{days.day}" in page and "polyline" in page


def test_what_falls_due_this_week(days, county, client, leader, staff):
    for number, ahead in (("本周的", 3), ("下周的", 8)):
        Hazard.objects.create(
            region=county.region, number=number, mine=county.mine, place="井口", description="x", source="inspection",
            found_on=days, level="general", due_on=days + dt.timedelta(days=ahead), state="treating",
            registered_by=staff,
        )  # fmt: skip
    client.force_login(leader)
    page = client.get(reverse("supervision:overview")).content.decode()
    assert "本周的 井口" in page and "下周的" not in page


def test_eight_queries_at_any_size(days, county, client, auditor, django_assert_max_num_queries):
    client.force_login(auditor)
    url = reverse("supervision:overview")
    client.get(url)
    with django_assert_max_num_queries(8):
        client.get(url)
    Unit.objects.bulk_create(
        Unit(name=f"第{n}煤矿", kind="mine", region=county.region, path=f"/9{n}/", sort_key=f"{n:03}")
        for n in range(60)
    )
    more = Unit.objects.filter(name__startswith="第")
    DailySnapshot.objects.bulk_create(
        DailySnapshot(region=county.region, day=days, unit=unit, figures=FIGURES) for unit in more
    )
    with django_assert_max_num_queries(8):
        page = client.get(url).content.decode()
    assert "另有32个单位" in page


def test_without_a_snapshot_it_says_so(county, client, leader):
    client.force_login(leader)
    page = client.get(reverse("supervision:overview")).content.decode()
    assert "还没有每日数字" in page


def test_another_county_is_not_in_it(days, client, stranger):
    client.force_login(stranger)
    assert "石门煤矿" not in client.get(reverse("supervision:overview")).content.decode()


def test_the_wall_asks_again_and_says_until_when_it_may(days, client, leader):
    client.force_login(leader)
    client.get(reverse("supervision:overview"))
    page = client.get(reverse("supervision:overview_wall")).content.decode()
    assert 'hx-trigger="every 60s"' in page and "登录有效至" in page and 'class="side"' not in page
    for one in indicators():
        told = one.kind != "days" and one.better and one.value(FIGURES) is not None
        assert (f'">{one.label}</abbr>' in page) == bool(told), one.label
