"""A plan becomes a campaign, and its units owe exactly what it says."""

import datetime as dt
import itertools

import pytest

from common.errors import NotAllowed, Refused
from tasks.models import Assignment, Deadline, DueItem, Responsibility
from tasks.services.campaigns import create_campaign
from tasks.services.due_items import create_due_items, period_of, periods
from tasks.tests.plans import date, shipped_plans, small_plan, unit
from units.matching import match_names
from units.names import name_key

TODAY = dt.date(2026, 2, 10)


def matches_of(plan, region):
    """What the import page would match by itself: certain names only."""
    names = {(unit.get("expanded") or unit["name"]): unit["name"] for task in plan["tasks"] for unit in task["units"]}
    return {
        name_key(match.name): {"unit": match.certain.unit} if match.certain.unit else {"group": match.certain.group}
        for match in match_names([(name,) for name in names], region=region)
        if match.certain
    }


@pytest.fixture
def campaign(county, staff, time_machine_today):
    plan = small_plan()
    return create_campaign(by=staff, region=county.region, plan=plan, matches=matches_of(plan, county.region))


@pytest.fixture
def time_machine_today():
    import time_machine

    with time_machine.travel(dt.datetime(2026, 2, 10, 9, 0, tzinfo=dt.UTC), tick=False):
        yield


def test_every_unit_named_gets_one_assignment(campaign, county):
    owed = {(a.task.ref, a.unit.name, a.role) for a in campaign.assignments.select_related("task", "unit")}
    assert owed == {
        ("1", "青岚县应急管理局", "lead"),
        ("1", "青岚县能源局", "responsible"),
        ("2", "青岚县能源局", "responsible"),
        ("3", "石门煤矿", "responsible"),
        ("3", "北沟煤矿", "responsible"),
    }


def test_printed_names_stay_also_when_nobody_matches(campaign):
    printed = Responsibility.objects.get(task__ref="3", printed_name="县林业部门")
    assert printed.unit is None and printed.group is None
    assert campaign.assignments.filter(task__ref="3").first().printed_name == "各煤矿企业"


def test_sections_are_written_once(campaign):
    assert [s.title for s in campaign.sections.all()] == ["二、主要任务", "（一）夯实基础"]
    assert campaign.tasks.filter(section__title="（一）夯实基础").count() == 4


def test_dated_parts_and_months_become_due_items(campaign, county):
    mine = campaign.assignments.get(task__ref="1", unit=county.energy)
    items = [(item.due_on.isoformat(), item.label) for item in mine.due_items.all()]
    assert items == [("2026-06-30", "完成摸底"), ("2026-12-31", "")]
    assert mine.due_on == dt.date(2026, 6, 30)
    monthly = campaign.assignments.get(task__ref="2")
    assert [i.period for i in monthly.due_items.all()] == ["2026-02", "2026-03"]
    assert monthly.is_ongoing and monthly.due_on == dt.date(2026, 2, 28)


def test_the_nightly_job_may_run_twice(campaign):
    assert create_due_items(today=TODAY) == 0
    assert create_due_items(today=dt.date(2026, 4, 1)) == 2
    assert create_due_items(today=dt.date(2026, 4, 1)) == 0
    assert DueItem.objects.filter(recurrence__isnull=False).count() == 4


def test_a_campaign_that_ended_makes_no_more_items(campaign):
    create_due_items(today=dt.date(2027, 6, 1))
    assert DueItem.objects.filter(recurrence__isnull=False).latest("due_on").due_on == dt.date(2026, 12, 31)


def test_overdue_says_the_same_in_python_and_in_sql(campaign):
    for day in (dt.date(2026, 2, 10), dt.date(2026, 3, 1), dt.date(2026, 7, 1), dt.date(2027, 1, 1)):
        in_sql = set(Assignment.objects.overdue(day).values_list("pk", flat=True))
        assert in_sql == {a.pk for a in Assignment.objects.all() if a.is_overdue_on(day)}
    assert in_sql


def test_a_number_too_large_to_be_meant_is_left_to_its_words(county, staff):
    plan = small_plan()
    for value in (10**29, -(10**12)):
        plan["goals"].append(plan["goals"][0] | {"value": value, "text": f"闭库{value}座"})
        quantity = {"value": value, "unit": "座", "comparator": "="}
        plan["tasks"][0]["deadlines"].append(date("2026-11-30", f"闭库{value}座", quantity=quantity))
    made = create_campaign(by=staff, region=county.region, plan=plan, matches={})
    kept = list(made.targets.values_list("value", "text"))
    assert [value for value, _ in kept] == [10, None, None] and kept[1][1] == f"闭库{10**29}座"
    assert not Deadline.objects.filter(task__campaign=made, quantity__isnull=False).exists()


def test_a_stranger_cannot_run_a_campaign_here(county, stranger, clerk, leader):
    for who in (stranger, clerk, leader):
        with pytest.raises(NotAllowed):
            create_campaign(by=who, region=county.region, plan=small_plan(), matches={})


def test_a_plan_without_tasks_or_title_is_refused(county, staff):
    for spoiled in (small_plan() | {"tasks": []}, small_plan() | {"campaign": {"title": " "}}):
        with pytest.raises(Refused):
            create_campaign(by=staff, region=county.region, plan=spoiled, matches={})


@pytest.mark.parametrize("number", range(5))
def test_the_shipped_campaigns_load_whole(number, county, staff):
    plan = shipped_plans()[number]
    campaign = create_campaign(by=staff, region=county.region, plan=plan, matches=matches_of(plan, county.region))
    assert campaign.tasks.count() == len(plan["tasks"])
    assert campaign.tasks.filter(parent__isnull=False).count() == sum(1 for t in plan["tasks"] if t.get("parent"))
    assert campaign.stages.count() == len(plan["stages"])
    printed = Responsibility.objects.filter(task__campaign=campaign, is_blanket=False).count()
    assert printed == sum(len(t["units"]) for t in plan["tasks"])


def test_blanket_units_reach_every_task_after_the_one_named(county, staff):
    plan = small_plan()
    plan["campaign"]["blanket_units"] = [unit("各煤矿企业", applies_after="1")]
    matches = matches_of(plan, county.region) | {name_key("各煤矿企业"): {"group": county.mines.pk}}
    campaign = create_campaign(by=staff, region=county.region, plan=plan, matches=matches)
    assert set(campaign.assignments.filter(unit=county.mine).values_list("task__ref", flat=True)) == {"2", "3", "4"}


@pytest.mark.parametrize(
    ("every", "day", "name", "start", "end"),
    [
        ("week", "2026-01-01", "2026-W01", "2025-12-29", "2026-01-04"),
        ("half_month", "2024-02-29", "2024-02下", "2024-02-16", "2024-02-29"),
        ("month", "2024-02-01", "2024-02", "2024-02-01", "2024-02-29"),
        ("quarter", "2026-12-31", "2026Q4", "2026-10-01", "2026-12-31"),
        ("half_year", "2026-06-30", "2026H1", "2026-01-01", "2026-06-30"),
        ("year", "2026-07-01", "2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_periods_know_their_days(every, day, name, start, end):
    period = period_of(every, dt.date.fromisoformat(day))
    assert (period.name, period.start.isoformat(), period.end.isoformat()) == (name, start, end)


@pytest.mark.parametrize("every", ["week", "half_month", "month", "quarter", "half_year", "year"])
def test_periods_follow_each_other_without_a_gap(every):
    row = list(periods(every, dt.date(2023, 12, 20), dt.date(2026, 3, 3)))
    assert all((b.start - a.end).days == 1 for a, b in itertools.pairwise(row))
    assert len({p.name for p in row}) == len(row)
