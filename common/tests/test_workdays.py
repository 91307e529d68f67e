"""Working days, against what the State Council announced."""

import datetime

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from common.models import CalendarDay
from common.workdays import (
    add_workdays,
    calendar_known,
    is_workday,
    next_workday,
    previous_workday,
    workdays_between,
)

pytestmark = pytest.mark.django_db


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def calendar():
    call_command("seed_calendar", verbosity=0)


# Copied by hand from the notices for 2024 and 2025: every weekend worked for a holiday.
MAKE_UP = {
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
}
# First and last day of every holiday of the two years.
HOLIDAYS = [
    ("2024-01-01", "2024-01-01"),
    ("2024-02-10", "2024-02-17"),
    ("2024-04-04", "2024-04-06"),
    ("2024-05-01", "2024-05-05"),
    ("2024-06-10", "2024-06-10"),
    ("2024-09-15", "2024-09-17"),
    ("2024-10-01", "2024-10-07"),
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
]


@pytest.mark.parametrize("year", MAKE_UP)
def test_every_day_of_a_year_is_as_announced(calendar, year):
    make_up = {day(f"{year}-{text}") for text in MAKE_UP[year].split()}
    current = day(f"{year}-01-01")
    while current.year == year:
        off = any(day(first) <= current <= day(last) for first, last in HOLIDAYS)
        assert is_workday(current) == (current in make_up or (current.weekday() < 5 and not off)), current
        current += datetime.timedelta(days=1)


def test_days_that_only_some_people_have_off_are_worked(calendar):
    assert is_workday(day("2024-03-08")) and is_workday(day("2024-08-01"))


def test_counting_over_a_holiday(calendar):
    # Wednesday 7 February 2024: then the 8th and 9th, the holiday, the Sunday worked for it, the Monday.
    assert add_workdays(day("2024-02-07"), 3) == day("2024-02-18")
    assert add_workdays(day("2024-02-19"), -3) == day("2024-02-08")
    assert workdays_between(day("2024-02-07"), day("2024-02-19")) == 4
    assert workdays_between(day("2024-02-19"), day("2024-02-07")) == -4
    assert next_workday(day("2024-02-09")) == day("2024-02-18")
    assert previous_workday(day("2024-02-18")) == day("2024-02-09")
    assert add_workdays(day("2024-02-12"), 0) == day("2024-02-18")
    assert add_workdays(day("2024-02-19"), 0) == day("2024-02-19")


def test_counting_over_the_turn_of_the_year(calendar):
    assert add_workdays(day("2024-12-30"), 2) == day("2025-01-02")


def test_a_year_without_a_table_follows_the_weekdays_and_says_so(calendar):
    assert calendar_known(2025) and not calendar_known(2040)
    assert is_workday(day("2040-10-01")) and not is_workday(day("2040-10-06"))


def test_an_edit_counts_at_once(calendar):
    assert is_workday(day("2024-12-30"))
    CalendarDay.objects.create(date=day("2024-12-30"), kind="holiday", name="本地放假")
    assert not is_workday(day("2024-12-30"))
    CalendarDay.objects.get(date=day("2024-12-30")).delete()
    assert is_workday(day("2024-12-30"))


def test_an_edit_of_another_process_counts_from_the_next_request(calendar, client):
    assert is_workday(day("2024-12-30"))
    CalendarDay.objects.bulk_create([CalendarDay(date=day("2024-12-30"), kind="holiday", name="本地放假")])
    client.get("/healthz")
    assert not is_workday(day("2024-12-30"))


def test_a_year_is_read_once(calendar, django_assert_num_queries):
    with django_assert_num_queries(1):
        for month in range(1, 13):
            is_workday(datetime.date(2024, month, 1))


def test_seeding_again_keeps_what_was_edited():
    CalendarDay.objects.create(date=day("2024-12-30"), kind="holiday", name="本地放假")
    call_command("seed_calendar", verbosity=0)
    assert CalendarDay.objects.filter(date__year=2024).count() == 1
    assert CalendarDay.objects.filter(date__year=2025).exists()
    before = CalendarDay.objects.count()
    call_command("seed_calendar", verbosity=0)
    assert CalendarDay.objects.count() == before


@given(
    start=st.dates(datetime.date(2041, 1, 1), datetime.date(2043, 12, 31)),
    count=st.integers(min_value=1, max_value=300),
)
def test_adding_and_counting_agree(start, count):
    end = add_workdays(start, count)
    assert workdays_between(start, end) == count
    assert is_workday(end)
