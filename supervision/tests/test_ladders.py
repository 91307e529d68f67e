"""Which step is reached on which day: month ends, the turn of the year, a leap day, Spring Festival, make-up days."""

import datetime as dt

import pytest

from common.dates import due_in_words
from common.models import CalendarDay
from common.workdays import forget_calendar, is_workday
from supervision.ladders import DEFAULT_STEPS, coming, from_stored, latest_due, reached, step_day, step_label

pytestmark = pytest.mark.django_db

# Out of the State Council's notice for 2026: the Spring Festival and the Saturdays worked for it, and New Year's Day.
HOLIDAYS = "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23"
MAKE_UP = "01-04 02-14 02-28"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture(autouse=True)
def calendar(db):
    kinds = {HOLIDAYS: CalendarDay.Kind.HOLIDAY, MAKE_UP: CalendarDay.Kind.WORKDAY}
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day(f"2026-{one}"), kind=kind, name="春节")
        for days, kind in kinds.items()
        for one in days.split()
    )
    forget_calendar()
    yield
    forget_calendar()


@pytest.mark.parametrize(
    ("due_on", "offset", "told_on"),
    [
        ("2026-03-31", 0, "2026-03-31"),
        ("2026-03-31", 1, "2026-04-01"),
        ("2026-03-31", -7, "2026-03-20"),
        # The last day of a year: New Year's Day and the 2nd are holidays, Sunday the 4th is worked for them.
        ("2025-12-31", 1, "2026-01-04"),
        ("2025-12-31", 3, "2026-01-06"),
        ("2025-12-31", -3, "2025-12-26"),
        # A leap day.
        ("2028-02-29", 0, "2028-02-29"),
        ("2028-02-29", -1, "2028-02-28"),
        ("2028-02-29", 1, "2028-03-01"),
        # In the middle of the Spring Festival: told of on the worked Saturday before it, and late on the Tuesday after.
        ("2026-02-18", 0, "2026-02-14"),
        ("2026-02-18", -1, "2026-02-13"),
        ("2026-02-18", 1, "2026-02-24"),
        ("2026-02-18", 7, "2026-03-03"),  # the worked Saturday, the 28th, is counted
        # A plain Sunday.
        ("2026-06-28", 0, "2026-06-26"),
        ("2026-06-28", 1, "2026-06-29"),
    ],
)
def test_the_day_on_which_a_step_is_told(due_on, offset, told_on):
    assert step_day(day(due_on), offset) == day(told_on)
    assert is_workday(day(told_on))


def test_one_comparison_of_dates_stands_for_the_rule():
    """The run asks the database by `latest_due`: for every day of fifteen months it must agree with `step_day`."""
    for ahead in range(0, 460, 3):
        today = day("2025-12-01") + dt.timedelta(days=ahead)
        for step in DEFAULT_STEPS:
            last = latest_due(today, step.offset)
            assert step_day(last, step.offset) <= today < step_day(last + dt.timedelta(days=1), step.offset)


def test_the_highest_step_counts_and_the_next_is_known():
    due_on = day("2026-06-30")
    assert reached(due_on, day("2026-06-18"), DEFAULT_STEPS) is None
    for today, offset in [("2026-06-19", -7), ("2026-06-29", -1), ("2026-07-02", 1), ("2027-07-01", 15)]:
        step = reached(due_on, day(today), DEFAULT_STEPS)
        assert step is not None and step.offset == offset
    following = coming(due_on, day("2026-07-02"), DEFAULT_STEPS)
    assert following is not None and (following[0].offset, following[1]) == (3, day("2026-07-03"))
    assert coming(due_on, day("2027-07-01"), DEFAULT_STEPS) is None


def test_late_is_what_lists_call_late():
    """A step after the day is told only when the lists already show the thing in red, and never before."""
    for ahead in range(60):
        due_on = day("2026-02-01") + dt.timedelta(days=ahead)
        for step in DEFAULT_STEPS:
            level = due_in_words(due_on, step_day(due_on, step.offset)).level
            assert (level == "late") == (step.offset > 0)


def test_steps_are_stored_and_said():
    rows = [{"offset": 5, "to": ["leader"]}, {"offset": -2, "to": ["person", "head"]}]
    steps = from_stored(rows)
    assert [step.label for step in steps] == ["到期前2个工作日", "逾期5个工作日"]
    assert steps[0].audience_labels == "责任人、单位负责人"
    assert step_label(0) == "到期当日"
