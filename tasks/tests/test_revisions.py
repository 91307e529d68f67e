"""A revised paper: what is known again, what is kept, what is withdrawn."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from common.errors import Conflict, NotAllowed
from common.models import Event
from tasks.models import Assignment, Campaign, Deadline, DueItem, Responsibility, Task
from tasks.services.assignments import move_assignment, report_progress
from tasks.services.campaigns import close_campaign, create_campaign
from tasks.services.comparisons import compare_plan, word_differences
from tasks.services.revisions import revise_campaign
from tasks.services.targets import record_reading
from tasks.tests.plans import date, ongoing, shipped_plans, small_plan, task, unit
from units.models import UnitGroup, User
from units.names import name_key
from units.tests.people import County

TODAY = dt.date(2026, 3, 10)


@pytest.fixture(autouse=True)
def on_a_day() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 3, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        yield


@pytest.fixture
def matches(county: County) -> dict[str, Any]:
    return {
        name_key("县应急管理局"): {"unit": county.bureau.pk},
        name_key("县能源局"): {"unit": county.energy.pk},
        name_key("各煤矿企业"): {"group": county.mines.pk},
    }


@pytest.fixture
def campaign(staff: User, county: County, matches: dict[str, Any]) -> Campaign:
    return create_campaign(by=staff, region=county.region, plan=small_plan(), matches=matches)


def rows(campaign: Campaign) -> dict[str, list[Any]]:
    """Everything that a revision may touch, as plain values with keys."""
    return {
        "tasks": list(campaign.tasks.order_by("pk").values()),
        "sections": list(campaign.sections.order_by("pk").values()),
        "stages": list(campaign.stages.order_by("pk").values()),
        "targets": list(campaign.targets.order_by("pk").values()),
        "reporting": list(campaign.reporting_duties.order_by("pk").values()),
        "deadlines": list(Deadline.objects.filter(task__campaign=campaign).order_by("pk").values()),
        "responsibilities": list(Responsibility.objects.filter(task__campaign=campaign).order_by("pk").values()),
        "assignments": list(
            campaign.assignments.order_by("pk").values(
                "pk",
                "task",
                "unit",
                "state",
                "role",
                "due_on",
                "withdrawn_on",
                "percent",
                "is_ongoing",
                "responsibility",
            )
        ),
        "items": list(DueItem.objects.filter(assignment__campaign=campaign).order_by("pk").values()),
    }


def revised(**changes: Any) -> dict[str, Any]:
    """The small plan with some fields of some tasks changed: revised(t1={"text": …})."""
    plan = small_plan()
    for item in plan["tasks"]:
        item.update(copy.deepcopy(changes.get(f"t{item['id']}", {})))
    return plan


def of(campaign: Campaign, ref: str, unit_: Any) -> Assignment:
    return campaign.assignments.get(task__ref=ref, task__withdrawn_on=None, unit=unit_)


def finish(staff: User, liaison: User, assignment: Assignment) -> None:
    report_progress(by=liaison, assignment=assignment, percent=100, text="台账已经建好。")
    assignment.refresh_from_db()
    move_assignment(by=liaison, assignment=assignment, action="submit")
    assignment.refresh_from_db()
    move_assignment(by=staff, assignment=assignment, action="accept")


def test_the_same_paper_again_changes_nothing(staff: User, campaign: Campaign, matches: dict[str, Any]) -> None:
    before, events = rows(campaign), Event.objects.count()
    revise_campaign(by=staff, campaign=campaign, plan=small_plan(), matches=matches)
    assert rows(campaign) == before
    assert Event.objects.count() == events


def test_the_shipped_plans_again_change_nothing(staff: User, county: County) -> None:
    for plan in shipped_plans():
        campaign = create_campaign(by=staff, region=county.region, plan=plan, matches={})
        before = rows(campaign)
        kinds = {pair.kind for pair in compare_plan(campaign, plan)}
        revise_campaign(by=staff, campaign=campaign, plan=copy.deepcopy(plan), matches={})
        assert kinds == {"unchanged"}, campaign.title
        assert rows(campaign) == before, campaign.title


def test_progress_survives_new_words_and_a_new_number(
    staff: User, liaison: User, county: County, campaign: Campaign, matches: dict[str, Any]
) -> None:
    assignment = of(campaign, "1", county.energy)
    report_progress(by=liaison, assignment=assignment, percent=40, text="已登记六十条。")
    plan = revised(t1={"id": "7", "number": "7.", "text": "建立隐患台账的具体要求和分工。"})
    plan["tasks"].append(plan["tasks"].pop(0))
    revise_campaign(by=staff, campaign=campaign, plan=plan, matches=matches)
    assignment.refresh_from_db()
    assert (assignment.percent, assignment.withdrawn_on, assignment.task.ref) == (40, None, "7")
    assert assignment.task.text == "建立隐患台账的具体要求和分工。"
    assert [task.ref for task in campaign.tasks.order_by("position")] == ["2", "3", "4", "7"]
    assert assignment.progress.count() == 1


def test_a_dropped_task_is_withdrawn_with_what_units_owe_and_kept(
    staff: User, liaison: User, county: County, campaign: Campaign, matches: dict[str, Any]
) -> None:
    report_progress(by=liaison, assignment=of(campaign, "2", county.energy), percent=10, text="开始自查。")
    plan = small_plan()
    del plan["tasks"][1]
    revise_campaign(by=staff, campaign=campaign, plan=plan, matches=matches, note="县里调整")
    gone = Task.objects.get(campaign=campaign, ref="2")
    assert gone.withdrawn_on == TODAY
    assert [a.withdrawn_on for a in gone.assignments.all()] == [TODAY]
    assert gone.assignments.get().progress.count() == 1
    assert campaign.tasks.in_force().count() == 3
    assert Event.objects.filter(verb="task.withdrawn", object_id=str(gone.pk)).exists()


def test_a_task_that_comes_back_goes_on_where_it_stood(
    staff: User, liaison: User, county: County, campaign: Campaign, matches: dict[str, Any]
) -> None:
    assignment = of(campaign, "2", county.energy)
    report_progress(by=liaison, assignment=assignment, percent=10, text="开始自查。")
    without = small_plan()
    del without["tasks"][1]
    revise_campaign(by=staff, campaign=campaign, plan=without, matches=matches)
    revise_campaign(by=staff, campaign=campaign, plan=small_plan(), matches=matches)
    assignment.refresh_from_db()
    assert (assignment.percent, assignment.withdrawn_on, assignment.task.withdrawn_on) == (10, None, None)
    assert campaign.tasks.count() == 4


def test_a_new_task_is_assigned_and_dated(
    staff: User, county: County, campaign: Campaign, matches: dict[str, Any]
) -> None:
    plan = small_plan()
    plan["tasks"].insert(1, task("1a", "排查采空区", [unit("县能源局")], deadlines=[date("2026-08-31")]))
    revise_campaign(by=staff, campaign=campaign, plan=plan, matches=matches)
    new = of(campaign, "1a", county.energy)
    assert (new.due_on, new.state) == (dt.date(2026, 8, 31), "not_started")
    assert [t.ref for t in campaign.tasks.order_by("position")] == ["1", "1a", "2", "3", "4"]


def test_a_moved_day_moves_pending_items_and_leaves_accepted_ones(
    staff: User, liaison: User, county: County, campaign: Campaign, matches: dict[str, Any]
) -> None:
    finish(staff, liaison, of(campaign, "1", county.energy))
    plan = revised(t1={"deadlines": [date("2026-11-30"), date("2026-06-30", "完成摸底")]})
    revise_campaign(by=staff, campaign=campaign, plan=plan, matches=matches)
    done, open_ = of(campaign, "1", county.energy), of(campaign, "1", county.bureau)
    assert done.state == "done"
    assert sorted(done.due_items.values_list("due_on", "state")) == [
        (dt.date(2026, 6, 30), "accepted"), (dt.date(2026, 12, 31), "accepted"),
    ]  # fmt: skip
    assert sorted(open_.due_items.values_list("due_on", "state")) == [
        (dt.date(2026, 6, 30), "open"), (dt.date(2026, 11, 30), "open"),
    ]  # fmt: skip
    assert open_.due_on == dt.date(2026, 6, 30)


def test_a_dropped_day_drops_pending_items_and_keeps_accepted_ones(
    staff: User, liaison: User, county: County, campaign: Campaign, matches: dict[str, Any]
) -> None:
    finish(staff, liaison, of(campaign, "1", county.energy))
    revise_campaign(by=staff, campaign=campaign, plan=revised(t1={"deadlines": [date("2026-12-31")]}), matches=matches)
    done, open_ = of(campaign, "1", county.energy), of(campaign, "1", county.bureau)
    assert sorted(done.due_items.values_list("due_on", "state")) == [
        (dt.date(2026, 6, 30), "accepted"), (dt.date(2026, 12, 31), "accepted"),
    ]  # fmt: skip
    assert list(open_.due_items.values_list("due_on", flat=True)) == [dt.date(2026, 12, 31)]
    assert open_.due_on == dt.date(2026, 12, 31)
    assert done.task.deadlines.filter(assignment=None).count() == 1


def test_a_day_granted_later_by_a_second_person_stands(
    staff: User, county: County, campaign: Campaign, matches: dict[str, Any]
) -> None:
    item = of(campaign, "1", county.energy).due_items.get(due_on="2026-06-30")
    item.due_on = dt.date(2026, 8, 15)
    item.save()
    plan = revised(t1={"deadlines": [date("2026-12-31"), date("2026-07-31", "完成摸底")]})
    revise_campaign(by=staff, campaign=campaign, plan=plan, matches=matches)
    item.refresh_from_db()
    assert item.due_on == dt.date(2026, 8, 15)
    assert of(campaign, "1", county.bureau).due_items.filter(due_on="2026-07-31").count() == 1


def test_a_new_frequency_counts_from_today_and_keeps_reported_periods(
    staff: User, county: County, campaign: Campaign, matches: dict[str, Any]
) -> None:
    assignment = of(campaign, "2", county.energy)
    Assignment.objects.filter(pk=assignment.pk).update(begins_on=dt.date(2026, 1, 1))
    assignment.due_items.filter(period="2026-03").update(state="accepted")
    plan = revised(t2={"recurrences": [{"every": "quarter", "times": 1, "text": "每季度自查"}]})
    revise_campaign(by=staff, campaign=campaign, plan=plan, matches=matches)
    items = sorted(assignment.due_items.values_list("due_on", "state"))
    assert items == [(dt.date(2026, 3, 31), "accepted"), (dt.date(2026, 3, 31), "open"), (dt.date(2026, 6, 30), "open")]


def test_a_dropped_unit_owes_no_more_and_a_new_one_owes(
    staff: User, county: County, campaign: Campaign, matches: dict[str, Any]
) -> None:
    plan = revised(t1={"units": [unit("县应急管理局"), unit("石门镇政府", "cooperating")]})
    revise_campaign(
        by=staff, campaign=campaign, plan=plan, matches=matches | {name_key("石门镇政府"): {"unit": county.township.pk}}
    )
    assert campaign.assignments.get(task__ref="1", unit=county.energy).withdrawn_on == TODAY
    new = of(campaign, "1", county.township)
    assert (new.role, new.due_items.count(), new.due_on) == ("cooperating", 2, dt.date(2026, 6, 30))
    assert of(campaign, "1", county.bureau).role == "responsible"


def test_a_unit_dropped_by_name_but_held_by_a_group_stays(
    staff: User, county: County, campaign: Campaign, matches: dict[str, Any]
) -> None:
    matches |= {name_key("石门煤矿"): {"unit": county.mine.pk}}
    with_mine = revised(t3={"units": [unit("石门煤矿", "lead"), unit("各煤矿企业")]})
    revise_campaign(by=staff, campaign=campaign, plan=with_mine, matches=matches)
    revise_campaign(by=staff, campaign=campaign, plan=small_plan(), matches=matches)
    assert of(campaign, "3", county.mine).withdrawn_on is None


def test_a_match_made_by_a_person_stands(
    staff: User, county: County, campaign: Campaign, matches: dict[str, Any]
) -> None:
    row = Responsibility.objects.get(task__campaign=campaign, printed_name="县林业部门")
    row.unit = county.township
    row.save()
    revise_campaign(
        by=staff,
        campaign=campaign,
        plan=small_plan(),
        matches=matches | {name_key("县林业部门"): {"unit": county.energy.pk}},
    )
    row.refresh_from_db()
    assert row.unit == county.township


def test_a_mine_that_left_its_group_keeps_what_it_owes(
    staff: User, county: County, campaign: Campaign, matches: dict[str, Any]
) -> None:
    county.sister_mine.tags.clear()
    assert not UnitGroup.objects.get(pk=county.mines.pk).members().filter(pk=county.sister_mine.pk).exists()
    revise_campaign(by=staff, campaign=campaign, plan=small_plan(), matches=matches)
    assert of(campaign, "3", county.sister_mine).withdrawn_on is None


def test_a_task_that_becomes_ongoing_is_no_longer_finished_but_finished_work_stays(
    staff: User, liaison: User, county: County, campaign: Campaign, matches: dict[str, Any]
) -> None:
    finish(staff, liaison, of(campaign, "1", county.energy))
    revise_campaign(by=staff, campaign=campaign, plan=revised(t1={"deadlines": [ongoing()]}), matches=matches)
    assert of(campaign, "1", county.bureau).is_ongoing
    done = of(campaign, "1", county.energy)
    assert (done.state, done.is_ongoing) == ("done", False)


def test_targets_keep_their_readings(staff: User, campaign: Campaign, matches: dict[str, Any]) -> None:
    target = campaign.targets.get()
    record_reading(by=staff, target=target, on=TODAY, value=8)  # type: ignore[arg-type]
    plan = small_plan()
    plan["goals"][0] |= {"value": 12, "text": "下井人数减少12%以上"}
    revise_campaign(by=staff, campaign=campaign, plan=plan, matches=matches)
    target.refresh_from_db()
    assert (int(target.value), target.readings.count()) == (12, 1)
    revise_campaign(by=staff, campaign=campaign, plan=plan | {"goals": []}, matches=matches)
    assert campaign.targets.count() == 1


def test_head_sections_and_outline_follow(staff: User, campaign: Campaign, matches: dict[str, Any]) -> None:
    plan = small_plan()
    plan["campaign"] |= {"document_number": "青安办〔2026〕9号", "end": "2027-06-30"}
    plan["stages"].append({"name": "巩固提升", "start": "2026-04-01", "end": "2027-06-30", "text": ""})
    plan["tasks"][0]["path"] = ["二、主要任务", "（一）先行工作"]
    revise_campaign(by=staff, campaign=campaign, plan=plan, matches=matches)
    campaign.refresh_from_db()
    assert (campaign.document_number, campaign.end) == ("青安办〔2026〕9号", dt.date(2027, 6, 30))
    assert [stage.name for stage in campaign.stages.all()] == ["动员部署", "巩固提升"]
    titles = [section.title for section in campaign.sections.order_by("position")]
    assert titles == ["二、主要任务", "（一）先行工作", "（一）夯实基础"]


def test_compare_tells_added_changed_removed_unchanged(campaign: Campaign) -> None:
    plan = revised(t1={"text": "建立隐患台账的具体要求和分工。"})
    del plan["tasks"][3]
    plan["tasks"].append(task("9", "完善应急预案", [unit("县能源局")]))
    pairs = compare_plan(campaign, plan)
    assert [pair.kind for pair in pairs] == ["changed", "unchanged", "unchanged", "added", "removed"]
    assert pairs[0].changed == ("text",)


def test_a_gist_is_known_by_its_number_and_bodies(campaign: Campaign) -> None:
    long = "逐矿逐面开展拉网式检查，按照谁检查谁签字的办法留下记录，发现一处登记一处，重要的当天报告，一般的当月清零。"
    plan = revised(
        t1={"title": None, "text": long * 2}, t2={"title": None, "text": long * 2, "units": [unit("县公安局")]}
    )
    kinds = {str((pair.new or {}).get("id")): pair.kind for pair in compare_plan(campaign, plan)}
    assert (kinds["1"], kinds["2"]) == ("changed", "added")


def test_word_differences_quote_both_texts_whole() -> None:
    old, new = "每月自查一次，并报县局。", "每季度自查两次，并报县局备案。"
    pieces = word_differences(old, new)
    assert "".join(words for kind, words in pieces if kind != "added") == old
    assert "".join(words for kind, words in pieces if kind != "removed") == new
    assert ("removed", "月") in pieces


def test_a_closed_campaign_and_a_stranger_are_refused(
    staff: User, stranger: User, liaison: User, campaign: Campaign, matches: dict[str, Any]
) -> None:
    for person in (stranger, liaison):
        with pytest.raises(NotAllowed):
            revise_campaign(by=person, campaign=campaign, plan=small_plan(), matches=matches)
    close_campaign(by=staff, campaign=campaign, note="到期")
    with pytest.raises(Conflict):
        revise_campaign(by=staff, campaign=campaign, plan=small_plan(), matches=matches)
