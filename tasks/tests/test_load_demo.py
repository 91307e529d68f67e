"""The demo county: loaded once through the services, whole, alive, and never in production."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory, TestCase, override_settings
from django.utils import timezone

from common.models import Event, Evidence
from tasks.demo.county import FOLDER, PASSWORD
from tasks.demo.dice import Dice
from tasks.management.commands.load_demo import ACCOUNTS_FILE, SHOWN
from tasks.models import Assignment, Campaign, DeadlineExtension, DueItem, ProgressEntry, Responsibility, TargetReading
from units.models import Role, Unit, User


def load() -> str:
    out = io.StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


class LoadedDemo(TestCase):
    out: str

    @pytest.fixture(autouse=True)
    def loaded(self, demo_county: str) -> None:
        self.out = demo_county

    def test_the_county_and_its_five_campaigns_are_there(self) -> None:
        self.assertEqual(Unit.objects.filter(kind="mine").count(), 20)
        plans = {}
        for path in (FOLDER / "campaigns").glob("*.json"):
            plan: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            plans[plan["campaign"]["title"]] = len(plan["tasks"])
        self.assertEqual({c.title: c.tasks.filter(is_added=False).count() for c in Campaign.objects.all()}, plans)

    def test_every_printed_body_is_a_unit_or_a_group_of_the_county(self) -> None:
        unmatched = Responsibility.objects.filter(unit=None, group=None).values_list("printed_name", flat=True)
        self.assertEqual(list(unmatched), [])

    def test_a_body_that_leads_and_two_that_help_are_kept_apart(self) -> None:
        roles = Assignment.objects.filter(campaign__document_number__contains="泽安委办", task__ref="3.24")
        self.assertEqual(
            dict(roles.values_list("unit__short_name", "role")),
            {"县能源局": "lead", "县工信局": "cooperating", "县应急局": "cooperating"},
        )

    def test_something_is_done_waiting_late_and_returned(self) -> None:
        counts = Assignment.objects.counts()
        for state in ("in_progress", "submitted", "returned", "done", "overdue"):
            self.assertGreater(counts[state], 5, state)
        current = Assignment.objects.filter(campaign__end__gte=timezone.localdate())
        if current:  # while one of the five still runs, its units have something to do soon
            self.assertGreater(current.due_within(60).count(), 5)
        self.assertGreater(DueItem.objects.filter(state=DueItem.State.REPORTED).count(), 5)
        self.assertGreater(TargetReading.objects.count(), 20)
        self.assertGreater(Evidence.objects.count(), 5)

    def test_a_mine_has_something_to_answer(self) -> None:
        mine = Assignment.objects.get(unit__short_name="黑石沟煤矿")
        self.assertEqual((mine.state, mine.returned_count), ("returned", 1))

    def test_extensions_wait_or_have_moved_the_day(self) -> None:
        approved = DeadlineExtension.objects.filter(state="approved").select_related("due_item")
        self.assertGreater(len(approved), 5)
        for extension in approved:
            self.assertEqual(extension.due_item.due_on, extension.new_due_on)
            self.assertNotEqual(extension.decided_by, extension.requested_by)

    def test_units_speak_for_themselves_and_nothing_lies_in_the_future(self) -> None:
        speakers = ProgressEntry.objects.values_list("created_by__unit", "assignment__unit")
        self.assertTrue(all(speaker == owner for speaker, owner in speakers))
        self.assertFalse(ProgressEntry.objects.filter(created_at__gt=timezone.now()).exists())
        self.assertFalse(Assignment.objects.filter(done_on__gt=timezone.localdate()).exists())
        self.assertFalse(TargetReading.objects.filter(on__gt=timezone.localdate()).exists())
        self.assertFalse(Assignment.objects.filter(state="submitted", submitted_by=None).exists())

    def test_due_days_agree_with_the_open_items(self) -> None:
        for assignment in Assignment.objects.exclude(due_on=None).prefetch_related("due_items"):
            pending = [item.due_on for item in assignment.due_items.all() if item.state in DueItem.PENDING]
            self.assertEqual(assignment.due_on, min(pending))

    def test_the_history_tells_how_the_past_came_in(self) -> None:
        self.assertEqual(Event.objects.filter(verb="campaign.created").count(), 5)
        self.assertEqual(Event.objects.filter(verb="campaign.past_loaded").count(), 5)

    def test_every_role_can_log_in_with_the_printed_password(self) -> None:
        request = RequestFactory().post("/login/")
        for role in Role.values:
            user = User.objects.filter(role=role, is_demo=True).order_by("username").first()
            assert user is not None, role
            self.assertEqual(authenticate(request, username=user.username, password=PASSWORD), user)
            self.assertFalse(user.must_change_password)
        self.assertFalse(User.objects.filter(is_demo=False, is_service=False).exists())

    def test_the_accounts_are_printed_and_kept_beside_the_data(self) -> None:
        sheet = (Path(settings.VAR_DIR) / ACCOUNTS_FILE).read_text(encoding="utf-8")
        for word in (*SHOWN, PASSWORD):
            self.assertIn(word, sheet)
            self.assertIn(word, self.out)

    def test_a_second_run_changes_nothing(self) -> None:
        before = (Event.objects.count(), Assignment.objects.count(), ProgressEntry.objects.count())
        self.assertIn("没有改动", load())
        self.assertEqual((Event.objects.count(), Assignment.objects.count(), ProgressEntry.objects.count()), before)


@override_settings(PRODUCTION=True)
def test_production_gets_no_demo(db: None) -> None:
    with pytest.raises(CommandError, match="正式环境"):
        load()
    assert not User.objects.exists()


@pytest.mark.once
def test_it_is_alive_when_all_five_campaigns_are_long_over(db: None) -> None:
    with time_machine.travel(dt.datetime(2029, 3, 14, 2, 0, tzinfo=dt.UTC), tick=False):
        load()
        counts = Assignment.objects.counts()
        assert counts["submitted"] > 5 and counts["returned"] > 5 and counts["overdue"] > 5
        assert Assignment.objects.due_within(70).count() > 5


def test_the_dice_answer_the_same_and_keep_to_the_shares() -> None:
    shares = {"done": 70, "late": 30}
    drawn = [Dice("plan", i).share("outcome", shares) for i in range(1000)]
    assert drawn == [Dice("plan", i).share("outcome", shares) for i in range(1000)]
    assert 630 < drawn.count("done") < 770
    with pytest.raises(ValueError, match="add up"):
        [Dice("plan", i).share("outcome", {"done": 1}) for i in range(100)]
