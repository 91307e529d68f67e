"""A unit works on what it owes; the bureau answers; nobody does another's part."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction

from common.errors import Conflict, NotAllowed, Refused
from common.history import history_of
from common.indicators import Span
from tasks.indicators import due_items, late
from tasks.models import Assignment, DueItem
from tasks.services.assignments import move_assignment, report_progress
from tasks.services.campaigns import close_campaign, create_campaign
from tasks.services.due_items import move_due_item
from tasks.services.extensions import decide_extension, request_extension
from tasks.services.targets import record_reading
from tasks.tests.plans import small_plan
from units.names import name_key


@pytest.fixture(autouse=True)
def in_february():
    with time_machine.travel(dt.datetime(2026, 2, 10, 1, 0, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def campaign(county, staff):
    matches = {
        name_key("县应急管理局"): {"unit": county.bureau.pk},
        name_key("县能源局"): {"unit": county.energy.pk},
        name_key("各煤矿企业"): {"group": county.mines.pk},
    }
    return create_campaign(by=staff, region=county.region, plan=small_plan(), matches=matches)


@pytest.fixture
def owed(campaign, county):
    """What the mine owes on the training task."""
    return campaign.assignments.get(task__ref="3", unit=county.mine)


@pytest.fixture
def monthly(campaign, county):
    return campaign.assignments.get(task__ref="2", unit=county.energy)


def hand_in(owed, clerk):
    report_progress(by=clerk, assignment=owed, percent=100, text="全员培训完毕。")
    owed.refresh_from_db()
    return move_assignment(by=clerk, assignment=owed, action="submit")


def test_the_first_progress_starts_the_assignment(owed, clerk):
    report_progress(by=clerk, assignment=owed, percent=40, text="  已培训两个班组。 ")
    owed.refresh_from_db()
    assert (owed.state, owed.percent, owed.summary) == ("in_progress", 40, "已培训两个班组。")
    assert history_of(owed).filter(verb="assignment.progress", actor=clerk).exists()


def test_a_whole_life_with_one_return(owed, clerk, staff, second_staff):
    hand_in(owed, clerk)
    assert owed.state == "submitted" and owed.due_on is None and not owed.is_overdue
    move_assignment(by=staff, assignment=owed, action="return", note="缺签到表")
    assert (owed.state, owed.returned_count, owed.due_on) == ("returned", 1, dt.date(2026, 9, 30))
    hand_in(owed, clerk)
    move_assignment(by=second_staff, assignment=owed, action="accept")
    assert (owed.state, owed.done_on, owed.percent) == ("done", dt.date(2026, 2, 10), 100)
    assert not owed.due_items.exclude(state="accepted").exists()


def test_nothing_is_submitted_without_words(owed, clerk):
    move_assignment(by=clerk, assignment=owed, action="start")
    with pytest.raises(Refused, match="还没有填报进展"):
        move_assignment(by=clerk, assignment=owed, action="submit")


def test_nobody_reviews_their_own_submission(campaign, county, staff, second_staff):
    own = campaign.assignments.get(task__ref="1", unit=county.bureau)
    hand_in(own, staff)
    with pytest.raises(Refused, match="另一名"):
        move_assignment(by=staff, assignment=own, action="accept")
    move_assignment(by=second_staff, assignment=own, action="accept")
    assert own.state == "done"


def test_other_units_and_readers_cannot_report(
    owed, sister_clerk, enterprise_clerk, township_liaison, staff, leader, stranger
):
    for who in (sister_clerk, enterprise_clerk, township_liaison, staff, leader, stranger):
        with pytest.raises(NotAllowed):
            report_progress(by=who, assignment=owed, percent=10, text="代填")
    assert not owed.progress.exists()


@pytest.mark.parametrize(
    ("percent", "text", "field"), [(101, "好", "percent"), (-1, "好", "percent"), (50, "  ", "text")]
)
def test_faulty_progress_names_its_field(owed, clerk, percent, text, field):
    with pytest.raises(Refused) as refusal:
        report_progress(by=clerk, assignment=owed, percent=percent, text=text)
    assert set(refusal.value.fields) == {field}


def test_progress_waits_while_under_review(owed, clerk):
    hand_in(owed, clerk)
    with pytest.raises(Conflict, match="撤回提交"):
        report_progress(by=clerk, assignment=owed, percent=50, text="补充")


def test_ongoing_tasks_are_reported_on_and_never_done(monthly, liaison, staff):
    report_progress(by=liaison, assignment=monthly, percent=100, text="二月自查完成")
    with pytest.raises(Refused, match="长期坚持"):
        move_assignment(by=liaison, assignment=monthly, action="submit")
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=monthly.pk).update(state="done")


def test_one_month_is_reported_and_accepted_and_the_next_is_due(monthly, liaison, staff):
    february = monthly.due_items.get(period="2026-02")
    with pytest.raises(Refused, match="还没有填报"):
        move_due_item(by=liaison, item=february, action="report")
    report_progress(by=liaison, assignment=monthly, percent=100, text="二月自查完成", due_item=february)
    move_due_item(by=liaison, item=february, action="report")
    move_due_item(by=staff, item=february, action="accept")
    monthly.refresh_from_db()
    assert monthly.due_on == dt.date(2026, 3, 31)


def test_a_period_that_a_finished_assignment_left_open_is_late_nowhere(monthly, liaison, staff, county):
    report_progress(by=liaison, assignment=monthly, percent=100, text="全部自查完成，机制已建立")
    Assignment.objects.filter(pk=monthly.pk).update(is_ongoing=False)
    monthly.refresh_from_db()
    with time_machine.travel(dt.datetime(2026, 3, 10, 1, tzinfo=dt.UTC), tick=False):
        span = Span(dt.date(2026, 1, 1), dt.date(2026, 3, 10), county.region.prefix)
        assert due_items(span).filter(late(span), assignment=monthly).exists()
        move_assignment(by=liaison, assignment=monthly, action="submit")
        move_assignment(by=staff, assignment=monthly, action="accept")
        assert not due_items(span).filter(late(span), assignment=monthly).exists()
        assert not DueItem.objects.in_force().pending().filter(assignment=monthly).exists()


def test_progress_for_an_item_of_another_assignment_is_refused(owed, monthly, clerk):
    with pytest.raises(Refused) as refusal:
        report_progress(by=clerk, assignment=owed, percent=1, text="错填", due_item=monthly.due_items.first())
    assert "due_item" in refusal.value.fields


def test_an_extension_keeps_the_former_day_and_needs_a_second_person(campaign, county, staff, second_staff):
    own = campaign.assignments.get(task__ref="1", unit=county.bureau)
    item = own.due_items.get(label="完成摸底")
    asked = request_extension(by=staff, item=item, new_due_on=dt.date(2026, 8, 31), reason="汛期停工")
    with pytest.raises(Refused, match="另一名"):
        decide_extension(by=staff, extension=asked, action="approve")
    decide_extension(by=second_staff, extension=asked, action="approve")
    own.refresh_from_db()
    assert own.due_on == dt.date(2026, 8, 31)
    again = request_extension(by=staff, item=item, new_due_on=dt.date(2026, 10, 31), reason="设备未到")
    decide_extension(by=second_staff, extension=again, action="refuse", note="理由不足")
    assert [(e.old_due_on.isoformat(), e.state) for e in item.extensions.order_by("pk")] == [
        ("2026-06-30", "approved"),
        ("2026-08-31", "refused"),
    ]


def test_an_extension_goes_forward_once_at_a_time(owed, clerk):
    item = owed.due_items.get()
    with pytest.raises(Refused) as refusal:
        request_extension(by=clerk, item=item, new_due_on=item.due_on, reason="")
    assert set(refusal.value.fields) == {"new_due_on", "reason"}
    request_extension(by=clerk, item=item, new_due_on=dt.date(2026, 11, 30), reason="等教材")
    with pytest.raises(Conflict):
        request_extension(by=clerk, item=item, new_due_on=dt.date(2026, 12, 30), reason="等教材")


def test_an_extension_of_a_day_that_moved_meanwhile_is_asked_for_anew(owed, clerk, staff):
    """A revised paper gave a later day: granting what was asked before it would bring the earlier one back."""
    item = owed.due_items.get()
    asked = request_extension(by=clerk, item=item, new_due_on=dt.date(2026, 11, 30), reason="等教材")
    DueItem.objects.filter(pk=item.pk).update(due_on=dt.date(2026, 12, 20))
    with pytest.raises(Conflict, match="重新申请"):
        decide_extension(by=staff, extension=asked, action="approve")
    item.refresh_from_db()
    assert item.due_on == dt.date(2026, 12, 20)
    decide_extension(by=staff, extension=asked, action="refuse", note="期限已随修订稿改到12月20日")


def test_the_database_too_refuses_a_self_approved_extension(owed, clerk):
    asked = request_extension(by=clerk, item=owed.due_items.get(), new_due_on=dt.date(2026, 11, 30), reason="等教材")
    with pytest.raises(IntegrityError), transaction.atomic():
        type(asked).objects.filter(pk=asked.pk).update(state="approved", decided_by=clerk)


def test_a_closed_campaign_stands_still(campaign, owed, clerk, staff):
    close_campaign(by=staff, campaign=campaign, note="到期结束")
    owed.refresh_from_db()
    with pytest.raises(NotAllowed):
        report_progress(by=clerk, assignment=owed, percent=10, text="晚了")
    assert DueItem.objects.filter(assignment=owed).exists()


def test_a_target_knows_whether_it_is_met(campaign, staff, clerk):
    target = campaign.targets.get()
    assert record_reading(by=staff, target=target, on=dt.date(2026, 2, 1), value=Decimal(8)).is_met is False
    assert record_reading(by=staff, target=target, on=dt.date(2026, 2, 9), value=Decimal(12)).is_met is True
    with pytest.raises(NotAllowed):
        record_reading(by=clerk, target=target, on=dt.date(2026, 2, 1), value=Decimal(99))
    with pytest.raises(Refused):
        record_reading(by=staff, target=target, on=dt.date(2026, 2, 11), value=Decimal(99))


def test_visibility_of_campaigns_and_assignments(
    campaign, owed, clerk, sister_clerk, liaison, township_liaison, leader, stranger
):
    from tasks.models import Campaign

    for who in (clerk, sister_clerk, liaison, township_liaison, leader):
        assert campaign in Campaign.objects.visible_to(who)
    assert campaign not in Campaign.objects.visible_to(stranger)
    for who in (clerk, township_liaison, leader):
        assert owed in Assignment.objects.visible_to(who)
    for who in (sister_clerk, liaison, stranger):
        assert owed not in Assignment.objects.visible_to(who)
