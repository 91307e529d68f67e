"""Accidents, output and what the years come to, set beside the county's targets."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from mines.due import FOLLOW_UPS
from mines.models import Accident, Mine, MonthlyOutput, RegionTarget
from mines.tests.conftest import desk
from mines.years import years_of

ACCIDENT = {"happened_on": "2025-03-02", "kind": "roof", "deaths": "1", "injured": "2", "words": "支护不及时，顶板冒落"}


def enter(user, mine, slug, **values):
    return desk(user).post(f"/mines/{mine.pk}/lines/{slug}/new/", values)


def test_a_closed_case_is_followed_up_within_a_year(mine, staff, clerk, today):
    assert enter(clerk, mine, "accidents", **ACCIDENT).status_code == 403
    assert enter(staff, mine, "accidents", **ACCIDENT).status_code == 302
    row = Accident.objects.get()
    assert not FOLLOW_UPS.open_rows().exists() and row.grade == "一般"
    address = f"/mines/{mine.pk}/lines/accidents/{row.pk}/"
    unfounded = desk(staff).post(address, ACCIDENT | {"followed_up_on": "2025-08-01"})
    assert unfounded.status_code == 422 and "还没有结案" in unfounded.content.decode()
    desk(staff).post(address, ACCIDENT | {"case_closed_on": "2025-02-28"})
    row.refresh_from_db()
    assert row.case_closed_on is None, "a case does not close before it happened"
    desk(staff).post(address, ACCIDENT | {"case_closed_on": "2025-05-31"})
    (thing,) = FOLLOW_UPS.things(FOLLOW_UPS.open_rows())
    assert (thing.due_on, thing.unit) == (dt.date(2026, 5, 31), staff.unit_id)
    assert "结案后评估逾期" in desk(clerk).get(f"/mines/{mine.pk}/").content.decode() or today < thing.due_on
    closed = ACCIDENT | {"case_closed_on": "2025-05-31", "followed_up_on": "2026-05-01"}
    assert desk(staff).post(address, closed).status_code == 422
    desk(staff).post(address, closed | {"follow_up_words": "防范措施全部落实"})
    assert not FOLLOW_UPS.open_rows().exists()


def test_grades_follow_deaths_injuries_and_loss():
    for deaths, injured, loss, grade in ((2, 9, 999, "一般"), (3, 0, None, "较大"), (0, 10, None, "较大"),
                                         (0, 0, 1000, "较大"), (10, 0, None, "重大"), (0, 0, 10_000, "特别重大")):  # fmt: skip
        assert Accident(deaths=deaths, injured=injured, loss=loss).grade == grade


def test_output_is_entered_once_a_month(mine, clerk):
    assert enter(clerk, mine, "output", month="2025-03-17", tonnes="7.5").status_code == 302
    again = enter(clerk, mine, "output", month="2025-03-01", tonnes="8")
    assert again.status_code == 422 and "已经登记" in again.content.decode()
    assert MonthlyOutput.objects.get().month == dt.date(2025, 3, 1)


def test_the_years_are_counted_and_set_beside_the_targets(mine, sister, staff, leader, clerk, stranger, today):
    Mine.objects.filter(pk=sister.pk).update(mine_type="noncoal_underground")
    year = today.year
    day = dt.date(year, 1, 1)
    for one, deaths in ((mine, 1), (mine, 0), (sister, 2)):
        Accident.objects.create(mine=one, happened_on=day, kind="roof", deaths=deaths, injured=1, words="冒顶")
    Accident.objects.create(mine=mine, happened_on=day.replace(year=year - 9), kind="gas", deaths=9, words="早年")
    for one in (mine, sister):
        MonthlyOutput.objects.create(mine=one, month=day, tonnes=Decimal("50.5"))
    now, before = years_of(Mine.objects.visible_to(staff), (year, year - 1))
    assert (now.accidents, now.deaths, now.injured, now.output) == (3, 3, 3, Decimal(101))
    assert now.death_rate == Decimal("1.980") and (before.deaths, before.death_rate) == (0, None)
    assert [one.deaths for one in years_of(mine, (year,))] == [1]
    target = {"year": year, "subject": "death_rate", "value": "0.15", "source": "青安委〔2026〕3号"}
    assert desk(clerk).post("/mines/targets/", target).status_code == 403
    assert desk(leader).post("/mines/targets/", target).status_code == 403
    desk(staff).post("/mines/targets/", target)
    desk(staff).post("/mines/targets/", target | {"value": "0.2"})
    assert RegionTarget.objects.get().value == Decimal("0.2")
    shown = desk(leader).get("/mines/lines/accidents/").content.decode()
    assert "1.98" in shown and "超过" in shown and "石门煤矿" in shown and "北沟煤矿" in shown
    own = desk(clerk).get("/mines/lines/accidents/").content.decode()
    assert "北沟煤矿" not in own and "石门煤矿" in own
    assert "石门煤矿" not in desk(stranger).get("/mines/lines/accidents/").content.decode()


def test_lists_of_lines_ask_no_more_for_twenty_than_for_two(mine, staff):
    client = desk(staff)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            for slug in ("accidents", "posts", "licences"):
                assert client.get(f"/mines/lines/{slug}/").status_code == 200
        return len(queries)

    def fill(count):
        Accident.objects.bulk_create(
            Accident(mine=mine, happened_on=dt.date(2025, 1, 1), kind="roof", words="冒顶") for _ in range(count)
        )

    asked()
    fill(2)
    few = asked()
    fill(18)
    assert asked() == few <= 36
