"""Meetings: made ahead by rule, minuted, and their decisions become tasks that outlive a revised plan."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from common.due import due_source
from common.errors import Conflict, NotAllowed, Refused
from common.history import history_of
from common.transitions import advance
from hazards.tests.conftest import photo
from supervision.models import Decision, Meeting, MeetingSeries
from supervision.services.meetings import (
    SECTION,
    create_meetings,
    decide,
    keep_series,
    move_meeting,
    plan_meeting,
    record_minutes,
)
from tasks.models import Assignment, Campaign
from tasks.services.comparisons import compare_plan

pytestmark = pytest.mark.django_db
RULE = {"name": "月度例会", "every": "month", "month": 1, "day": 10, "agenda": "通报进展", "is_active": True}


@pytest.fixture
def campaign(county, staff):
    return Campaign.objects.create(region=county.region, title="治本攻坚", created_by=staff)


@pytest.fixture
def meeting(staff):
    return plan_meeting(by=staff, title="专题会", planned_on=timezone.localdate())


def minute(by, meeting, **changes):
    given = {
        "held_on": timezone.localdate(), "place": "三楼", "chair": "周县长", "people": "成员单位", "agenda": "",
        "minutes": "会议要求抓紧办理。",
    }  # fmt: skip
    return record_minutes(by=by, meeting=meeting, **(given | changes))


@pytest.fixture
def held(meeting, staff):
    minute(staff, meeting)
    meeting.refresh_from_db()
    return meeting


@pytest.fixture
def decision(held, staff, county, campaign):
    return decide(
        by=staff, meeting=held, text="逐项制定销号计划", unit=county.mine, campaign=campaign,
        due_on=timezone.localdate() + dt.timedelta(days=20),
    )  # fmt: skip


class TestSeries:
    @time_machine.travel(dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC), tick=False)
    def test_the_coming_meetings_are_made_once(self, staff, county):
        keep_series(by=staff, **RULE)
        # 10 October 2026 is a Saturday that is worked for the holiday, if the calendar says so; else it moves on.
        days = list(Meeting.objects.order_by("planned_on").values_list("period", "planned_on"))
        assert [period for period, _ in days] == ["2026-09", "2026-10"] and days[0][1] == dt.date(2026, 9, 10)
        assert create_meetings() == 0
        assert create_meetings(today=dt.date(2026, 10, 1)) == 1

    @pytest.mark.parametrize(
        ("today", "rule", "wanted"),
        [
            ("2026-01-02", {"every": "quarter", "month": 3, "day": 31}, {"2026Q1": "2026-03-31"}),
            ("2028-02-01", {"every": "month", "day": 31}, {"2028-02": "2028-02-29"}),
            (
                "2026-12-20",
                {"every": "quarter", "month": 1, "day": 8},
                {"2027Q1": "2027-01-08", "2027Q2": "2027-04-08"},
            ),
            ("2026-06-09", {"every": "month", "day": 8}, {"2026-07": "2026-07-08"}),
        ],
    )
    def test_days_of_the_rule(self, staff, today, rule, wanted):
        with time_machine.travel(f"{today}T04:00:00Z", tick=False):
            keep_series(by=staff, **(RULE | rule))
        assert {one.period: one.planned_on.isoformat() for one in Meeting.objects.all()} == wanted

    def test_faults_of_a_rule(self, staff, county):
        keep_series(by=staff, **RULE)
        for change, field in (
            ({}, "name"),
            ({"name": "a", "month": 2}, "month"),
            ({"name": "a", "every": "day"}, "every"),
        ):
            with pytest.raises(Refused) as refusal:
                keep_series(by=staff, **(RULE | change))
            assert field in refusal.value.fields

    def test_an_ended_series_makes_no_more(self, staff):
        row = keep_series(by=staff, **RULE)
        keep_series(by=staff, series=row, **(RULE | {"is_active": False}))
        assert create_meetings(today=timezone.localdate() + dt.timedelta(days=200)) == 0

    def test_only_the_bureau_and_only_its_own(self, staff, clerk, stranger):
        row = keep_series(by=staff, **RULE)
        for who in (clerk, stranger):
            with pytest.raises(NotAllowed):
                keep_series(by=who, series=row, **RULE)


class TestMeeting:
    def test_minutes_hold_it_and_can_be_corrected(self, meeting, staff):
        minute(staff, meeting, files=[photo()])
        meeting.refresh_from_db()
        assert meeting.state == "held" and meeting.chair == "周县长"
        minute(staff, meeting, minutes="改正后的纪要")
        verbs = [event.verb for event in history_of(meeting)]
        assert verbs.count("meeting.hold") == 1 and verbs.count("meeting.corrected") == 1

    def test_what_minutes_need(self, meeting, staff, clerk, stranger):
        with pytest.raises(Refused) as refusal:
            minute(staff, meeting, minutes=" ", held_on=timezone.localdate() + dt.timedelta(days=1))
        assert set(refusal.value.fields) == {"minutes", "held_on"}
        for who in (clerk, stranger):
            with pytest.raises(NotAllowed):
                minute(who, meeting)

    def test_a_cancelled_meeting_is_not_held(self, meeting, staff):
        with pytest.raises(Refused):
            move_meeting(by=staff, meeting=meeting, action="cancel")
        move_meeting(by=staff, meeting=meeting, action="cancel", note="与全县会议合并")
        with pytest.raises(Conflict):
            minute(staff, meeting)
        assert move_meeting(by=staff, meeting=meeting, action="restore").state == "planned"

    @pytest.mark.parametrize(
        ("state", "action"),
        [(s, a) for s in Meeting.State.values for a in ("hold", "cancel", "restore") if (s, a) not in Meeting.moves],
    )
    def test_a_move_outside_the_table(self, held, staff, state, action):
        Meeting.objects.filter(pk=held.pk).update(state=state)
        with pytest.raises(Conflict):
            advance(held, action, by=staff, note="硬来")

    def test_a_missed_meeting_is_late_by_one_rule_and_reminded_of(self, meeting):
        later = meeting.planned_on + dt.timedelta(days=1)
        assert meeting.is_overdue_on(later) and Meeting.objects.overdue(later).get() == meeting
        assert (
            not meeting.is_overdue_on(meeting.planned_on) and not Meeting.objects.overdue(meeting.planned_on).exists()
        )
        source = due_source("meeting")
        assert [thing.title for thing in source.things(source.open_rows())] == ["召开专题会"]


class TestDecision:
    def test_it_becomes_a_task_linked_both_ways(self, decision, county, client, clerk):
        owed = Assignment.objects.get(task=decision.task)
        assert (owed.unit, owed.due_on) == (county.mine, decision.due_on)
        assert decision.task.section.title == SECTION
        client.force_login(clerk)
        for thing in (owed, decision.task):
            assert decision.meeting.title in client.get(thing.get_absolute_url()).content.decode()
        page = client.get(decision.meeting.get_absolute_url()).content.decode()
        assert "逐项制定销号计划" in page and "会议要求抓紧办理" not in page

    def test_two_decisions_share_a_heading(self, decision, held, staff, county, campaign):
        second = decide(
            by=staff, meeting=held, text="x" * 80, unit=county.energy, campaign=campaign, due_on=decision.due_on
        )
        assert second.position == 2 and second.task.section_id == decision.task.section_id
        assert second.task.text == "x" * 80 and second.task.ref != decision.task.ref

    def test_a_revised_plan_leaves_it_alone(self, decision, campaign):
        assert compare_plan(campaign, {"tasks": [], "campaign": {}}) == []

    def test_what_is_refused(self, meeting, held, staff, county, campaign, clerk):
        good = {"text": "做", "unit": county.mine, "due_on": timezone.localdate(), "campaign": campaign}
        other = plan_meeting(by=staff, title="未开的会", planned_on=timezone.localdate())
        with pytest.raises(Conflict):
            decide(by=staff, meeting=other, **good)
        with pytest.raises(NotAllowed):
            decide(by=clerk, meeting=held, **good)
        for change in (
            {"text": " "},
            {"due_on": timezone.localdate() - dt.timedelta(days=1)},
            {"unit": county.other_mine},
        ):
            with pytest.raises(Refused):
                decide(by=staff, meeting=held, **(good | change))
        Campaign.objects.update(state="closed")
        with pytest.raises(Conflict):
            decide(by=staff, meeting=held, **good)
        assert not Decision.objects.exists()


class TestPages:
    def test_from_the_rule_to_the_task(self, client, staff, county, campaign):
        client.force_login(staff)
        client.post(reverse("supervision:series_new"), RULE)
        series = MeetingSeries.objects.get()
        assert client.get(series.get_absolute_url()).status_code == 200
        assert "月度例会" in client.get(reverse("supervision:series")).content.decode()
        meeting = Meeting.objects.order_by("planned_on")[0]
        assert meeting.title in client.get(reverse("supervision:meetings")).content.decode()
        form = reverse("supervision:meeting_minutes", args=[meeting.pk])
        assert client.get(form).status_code == 200
        answer = client.post(form, {"held_on": timezone.localdate().isoformat(), "chair": "周", "people": "各单位",
                                    "minutes": "纪要", "evidence": [photo()]})  # fmt: skip
        assert answer.status_code == 302
        new = reverse("supervision:decision_new", args=[meeting.pk])
        client.post(new, {"text": "报送计划", "unit": county.energy.pk, "campaign": campaign.pk,
                          "due_on": (timezone.localdate() + dt.timedelta(days=9)).isoformat()})  # fmt: skip
        assert Decision.objects.get().unit == county.energy
        page = client.get(meeting.get_absolute_url()).content.decode()
        assert "报送计划" in page and "/evidence/" in page

    def test_who_sees_meetings(self, decision, client, clerk, sister_clerk, stranger, leader):
        url = decision.meeting.get_absolute_url()
        for who, code in ((clerk, 200), (sister_clerk, 404), (stranger, 404), (leader, 200)):
            client.force_login(who)
            assert client.get(url).status_code == code
        client.force_login(clerk)
        assert client.get(reverse("supervision:meeting_new")).status_code == 403
        assert client.get(reverse("supervision:meeting_minutes", args=[decision.meeting.pk])).status_code == 403
        assert client.get(reverse("supervision:series")).status_code == 403

    def test_the_list_costs_the_same_for_two_and_for_many(self, client, staff, django_assert_max_num_queries):
        client.force_login(staff)
        for count in (2, 18):
            for n in range(count):
                plan_meeting(by=staff, title=f"会{n}", planned_on=timezone.localdate())
            with django_assert_max_num_queries(9):
                client.get(reverse("supervision:meetings"))
