"""The working-day calendar as its keepers and its readers meet it."""

import datetime

import pytest
import time_machine
from django.core.management import call_command

from common.history import history_of
from common.models import CalendarDay
from common.workdays import is_workday

SUNDAY = datetime.date(2024, 2, 4)


@pytest.fixture
def calendar(db):
    call_command("seed_calendar", verbosity=0)


def test_everybody_reads_the_calendar(client, clerk, calendar):
    client.force_login(clerk)
    page = client.get("/calendar/", {"year": "2024"}).content.decode()
    assert "2024-02-04" in page and "登记日期" not in page


def test_an_administrator_changes_a_day_and_it_counts_at_once(client, admin, calendar):
    assert is_workday(SUNDAY)
    client.force_login(admin)
    form = {"date": "2024-02-04", "kind": "holiday", "name": "改为放假", "source": "县政府通知"}
    assert client.post("/calendar/day/?date=2024-02-04", form).status_code == 302
    assert not is_workday(SUNDAY)
    event = history_of(CalendarDay.objects.get(date=SUNDAY)).get()
    assert event.actor == admin and event.before["kind"] == "workday" and event.after["kind"] == "holiday"


def test_removed_days_follow_their_weekday(client, admin, calendar):
    client.force_login(admin)
    row = CalendarDay.objects.get(date=SUNDAY)
    client.post("/calendar/", {"act": "remove", "selected": [row.pk]})
    assert not is_workday(SUNDAY) and not CalendarDay.objects.filter(date=SUNDAY).exists()


@pytest.mark.parametrize("who", ["staff", "clerk", "leader"])
def test_others_may_not_change_it(client, request, who, calendar):
    client.force_login(request.getfixturevalue(who))
    form = {"date": "2024-02-04", "kind": "holiday", "name": "放假"}
    assert client.get("/calendar/day/").status_code == 403
    assert client.post("/calendar/day/", form).status_code == 403
    client.post("/calendar/", {"act": "remove", "scope": "all"})
    assert CalendarDay.objects.get(date=SUNDAY).kind == "workday"


def test_a_weekday_is_no_make_up_day(client, admin, calendar):
    client.force_login(admin)
    answer = client.post("/calendar/day/", {"date": "2024-03-05", "kind": "workday", "name": "上班"})
    assert answer.status_code == 422 and "周六或周日" in answer.content.decode()


def test_a_year_without_its_holidays_is_told_to_whoever_keeps_them(client, admin, staff, calendar):
    """Late in the year periods run into the next one, and would be counted without its holidays."""
    last = CalendarDay.objects.latest("date").date.year
    client.force_login(admin)
    with time_machine.travel(datetime.datetime(last, 11, 30, 1), tick=False):
        assert "节假日待登记" not in client.get("/").content.decode()
    with time_machine.travel(datetime.datetime(last, 12, 1, 1), tick=False):
        client.force_login(admin)
        assert f"{last + 1}年节假日待登记" in client.get("/").content.decode()
        assert f"{last + 1}年的节假日和调休上班日还没有登记" in client.get("/calendar/").content.decode()
        client.force_login(staff)
        assert "节假日待登记" not in client.get("/").content.decode()
        client.force_login(admin)
        CalendarDay.objects.create(date=datetime.date(last + 1, 1, 1), kind="holiday", name="元旦")
        assert "节假日待登记" not in client.get("/").content.decode()
