"""Gives the demo county a life: what is done, waiting, late, returned or put off on the day of loading.

Two ways. What lies weeks and years back is laid down in bulk with the dates on which it would have happened, and one
event for each campaign says so. What is waiting today is done through the same services as on the pages, by the
people whose turn it is, so that it carries a true history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from common.history import record
from tasks.demo.campaigns import first_day
from tasks.demo.county import County, read
from tasks.demo.dice import Dice
from tasks.demo.papers import ledger
from tasks.models import Assignment, Campaign, DueItem, ProgressEntry
from tasks.services.assignments import move_assignment, report_progress
from tasks.services.due_items import move_due_item, refresh_due_on
from tasks.services.extensions import decide_extension, request_extension
from tasks.services.targets import record_reading
from units.models import User

CHUNK = 500
LONG_PAST_DAYS = 180
"""A day missed this long ago has been made up for nearly everywhere, as in a campaign that is over."""

ITEM_OUTCOME = {"done": "accepted", "submitted": "reported", "in_progress": "open", "not_started": "open"}


def live(county: County, campaigns: dict[str, Campaign], *, today: dt.date) -> None:
    """Play every campaign up to `today` by the rules of fixtures/demo_county/activity.json."""
    rules = read("demo_county/activity")
    for i, (name, campaign) in enumerate(campaigns.items()):
        reviewer = county.staff[i % len(county.staff)]
        cases = {
            (case["task"], county.units[case["unit"]].pk): case["outcome"]
            for case in rules["cases"]
            if case["plan"] == name
        }
        CampaignLife(name, campaign, rules, county.speakers, reviewer, today, cases).play()
        read_targets(name, campaign, rules["readings"].get(name, []), reviewer, today)


@dataclass
class CampaignLife:
    """One campaign being played: `played` rows are laid down in bulk, `acts` happen through the services."""

    name: str
    campaign: Campaign
    rules: dict[str, Any]
    speakers: dict[int, User]
    reviewer: User
    today: dt.date
    cases: dict[tuple[str, int], str]
    """Outcomes that are not left to chance, by task and unit."""
    entries: list[ProgressEntry] = field(default_factory=list)
    items: list[DueItem] = field(default_factory=list)
    played: list[Assignment] = field(default_factory=list)
    pending_extensions: int = 0

    def play(self) -> None:
        assignments = list(
            self.campaign.assignments.select_related("task", "unit", "campaign").prefetch_related(
                Prefetch("due_items", DueItem.objects.select_related("deadline"))
            )
        )
        acting = [assignment for assignment in assignments if assignment.unit_id in self.speakers]
        today_acts = [(assignment, act) for assignment in acting for act in self.lay_down(assignment)]
        self.write(assignments)
        for assignment, (kind, item) in today_acts:
            self.act(assignment, kind, item)

    # -- what happens to one assignment --------------------------------------------------------------------------

    def lay_down(self, assignment: Assignment) -> list[tuple[str, DueItem | None]]:
        """Decide what became of an assignment, prepare its past, and answer what is still to be done today."""
        dice = Dice(self.name, assignment.task.ref, assignment.unit.name)
        items = list(assignment.due_items.all())
        dated = [item for item in items if item.deadline_id]
        periods = [item for item in items if item.recurrence_id]
        acts: list[tuple[str, DueItem | None]] = []
        if assignment.is_ongoing or (not dated and not self.is_over):
            outcome = dice.share("ongoing", self.rules["shares"]["ongoing"])
            if outcome == "in_progress" or dated or periods:
                self.lay_progress(assignment, dice, dice.number("percent", 30, 85))
                acts += [act for item in dated for act in self.settle_dated(assignment, item, dice)]
        else:
            last = max((item.due_on for item in dated), default=self.end)
            outcome = self.case(assignment) or dice.share("outcome", self.shares_for(last))
            acts += self.settle_whole(assignment, dated, outcome, dice)
        acts += [act for item in periods for act in self.settle_period(assignment, item, dice)]
        return acts

    def settle_whole(
        self, assignment: Assignment, dated: list[DueItem], outcome: str, dice: Dice
    ) -> list[tuple[str, DueItem | None]]:
        """An assignment that ends one day: closed long ago, on its way, or moved today."""
        if outcome == "done":
            due = max((item.due_on for item in dated), default=self.end)
            self.lay_done(assignment, dated, due, dice)
            return []
        if outcome == "not_started":
            return []
        percent = dice.number("percent", *self.rules["percent"][outcome])
        if outcome in ("submitted", "returned"):
            self.lay_progress(assignment, dice, max(percent - 30, 10))
            return [(outcome, None)]
        self.lay_progress(assignment, dice, percent)
        return [("extended", item) for item in dated if item.due_on < self.today] if outcome == "extended" else []

    def settle_dated(self, assignment: Assignment, item: DueItem, dice: Dice) -> list[tuple[str, DueItem | None]]:
        """One dated part of an ongoing task."""
        outcome = self.case(assignment) or dice.share(
            f"deadline {item.due_on} {item.label}", self.shares_for(item.due_on)
        )
        outcome = ITEM_OUTCOME.get(outcome, outcome)
        if outcome == "accepted":
            self.lay_accepted(assignment, item, dice)
        return [] if outcome in ("accepted", "open") else [(f"item {outcome}", item)]

    def settle_period(self, assignment: Assignment, item: DueItem, dice: Dice) -> list[tuple[str, DueItem | None]]:
        """One period of a recurring duty."""
        rule = self.rules["periods"]
        if item.due_on >= self.today:
            return []
        if self.is_over or item.due_on < self.today - dt.timedelta(days=rule["settled_days"]):
            outcome = "accepted"
        else:
            outcome = dice.share(f"period {item.period} {item.label}", rule["recent"])
        if outcome == "accepted":
            self.lay_accepted(assignment, item, dice)
        elif outcome != "open" and assignment.state != Assignment.State.DONE:
            return [(f"item {outcome}", item)]
        return []

    # -- the past, laid down -------------------------------------------------------------------------------------

    def lay_done(self, assignment: Assignment, dated: list[DueItem], due: dt.date, dice: Dice) -> None:
        done_on = due - dt.timedelta(days=dice.number("early", *self.rules["days"]["done_early"]))
        done_on = min(max(done_on, assignment.begins_on + dt.timedelta(days=5)), self.today - dt.timedelta(days=2))
        half_way = assignment.begins_on + (done_on - assignment.begins_on) / 2
        self.lay_entry(assignment, half_way, dice.number("half way", 35, 65), self.words(assignment, "progress", dice))
        submitted_on = done_on - dt.timedelta(days=dice.number("review", 0, 3))
        assignment.summary = self.words(assignment, "done", dice)
        submitted = self.lay_entry(assignment, submitted_on, 100, assignment.summary)
        assignment.state = Assignment.State.DONE
        assignment.percent = 100
        assignment.submitted_by, assignment.submitted_at = submitted.created_by, submitted.created_at
        assignment.done_on = done_on
        for item in dated:
            self.accept(item, submitted.created_by, submitted.created_at)
        self.played.append(assignment)

    def lay_progress(self, assignment: Assignment, dice: Dice, percent: int) -> None:
        low, high = self.rules["days"]["progress_ago"]
        day = self.today - dt.timedelta(days=dice.number("progress", low, high))
        day = max(day, min(assignment.begins_on, self.today))
        assignment.summary = self.words(assignment, "progress", dice)
        self.lay_entry(assignment, day, percent, assignment.summary)
        assignment.state = Assignment.State.IN_PROGRESS
        assignment.percent = percent
        self.played.append(assignment)

    def lay_accepted(self, assignment: Assignment, item: DueItem, dice: Dice) -> None:
        early = dice.number(f"early {item.due_on} {item.label}", 0, 6)
        day = min(max(item.due_on - dt.timedelta(days=early), assignment.begins_on), self.today - dt.timedelta(days=1))
        entry = self.lay_entry(assignment, day, self.percent_on(assignment, day), self.item_words(item), item)
        self.accept(item, entry.created_by, entry.created_at)

    def lay_entry(
        self, assignment: Assignment, day: dt.date, percent: int, text: str, item: DueItem | None = None
    ) -> ProgressEntry:
        clock = Dice(assignment.pk, day, text)
        at = dt.datetime.combine(day, dt.time(clock.number("hour", 8, 17), clock.number("minute", 0, 59)))
        entry = ProgressEntry(
            assignment=assignment,
            due_item=item,
            percent=percent,
            text=text,
            created_by=self.speakers[assignment.unit_id],
            created_at=min(timezone.make_aware(at), timezone.now()),
        )
        self.entries.append(entry)
        return entry

    def percent_on(self, assignment: Assignment, day: dt.date) -> int:
        """How far an assignment had come on an earlier day, if it grew evenly to where it is now."""
        length = (min(self.end, self.today) - assignment.begins_on).days or 1
        return round(max(assignment.percent, 20) * min(max((day - assignment.begins_on).days / length, 0.05), 1))

    def accept(self, item: DueItem, by: User, at: dt.datetime) -> None:
        item.state, item.reported_by, item.reported_at = DueItem.State.ACCEPTED, by, at
        self.items.append(item)

    def write(self, assignments: Iterable[Assignment]) -> None:
        overwrite(self.played, ["state", "percent", "summary", "submitted_by", "submitted_at", "done_on"])
        overwrite(self.items, ["state", "reported_by", "reported_at"])
        ProgressEntry.objects.bulk_create(self.entries, batch_size=CHUNK)
        refresh_due_on(Assignment.objects.filter(campaign=self.campaign))
        record(
            "campaign.past_loaded",
            self.campaign,
            by=self.reviewer,
            after={"entries": len(self.entries), "done": sum(a.state == Assignment.State.DONE for a in assignments)},
            note="演示数据：以往的办理情况成批装入，日期为推算。",
        )

    # -- today, through the services -----------------------------------------------------------------------------

    def act(self, assignment: Assignment, kind: str, item: DueItem | None) -> None:
        """Do one thing as the people of the county do it."""
        dice = Dice(self.name, assignment.task.ref, assignment.unit.name, item.due_on if item else "", "today")
        speaker = self.speakers[assignment.unit_id]
        if kind in ("submitted", "returned"):
            text = self.words(assignment, "done", dice)
            papers = [ledger(assignment, speaker, self.today)] if self.has_papers(dice) else []
            report_progress(by=speaker, assignment=assignment, percent=100, text=text, files=papers)
            assignment.refresh_from_db()
            move_assignment(by=speaker, assignment=assignment, action="submit")
            if kind == "returned":
                reason = dice.pick("reason", self.rules["return_reasons"])
                move_assignment(by=self.reviewer, assignment=assignment, action="return", note=reason)
        elif item is not None and kind in ("extended", "item extended"):
            self.extend(item, dice, speaker)
        elif item is not None:
            text = self.item_words(item)
            report_progress(
                by=speaker, assignment=assignment, percent=max(assignment.percent, 20), text=text, due_item=item
            )
            move_due_item(by=speaker, item=item, action="report")
            if kind == "item returned":
                reason = dice.pick("reason", self.rules["return_reasons"])
                move_due_item(by=self.reviewer, item=item, action="return", note=reason)

    def extend(self, item: DueItem, dice: Dice, speaker: User) -> None:
        """Ask for a later day; the first few requests wait for an answer, the others have been granted."""
        later = self.today + dt.timedelta(days=dice.number("until", *self.rules["days"]["extended_until"]))
        reason = dice.pick("reason", self.rules["extension_reasons"])
        extension = request_extension(by=speaker, item=item, new_due_on=max(later, item.due_on), reason=reason)
        if not self.is_over and self.pending_extensions < self.rules["pending_extensions"]:
            self.pending_extensions += 1
        else:
            decide_extension(by=self.reviewer, extension=extension, action="approve", note="情况属实，同意延期。")

    # -- words and days ------------------------------------------------------------------------------------------

    def words(self, assignment: Assignment, kind: str, dice: Dice) -> str:
        title = assignment.task.title
        about = next(
            rule for rule in self.rules["words"] if not rule["about"] or any(word in title for word in rule["about"])
        )
        text: str = dice.pick(f"words {kind}", about[kind])
        return text.format(n=dice.number(f"n {kind}", 2, 9), m=dice.number(f"m {kind}", 12, 86))

    def item_words(self, item: DueItem) -> str:
        what = item.label or item.assignment.task.title
        return f"{item.period}：{what}，已按要求完成。" if item.period else f"{what}，已完成，资料附后。"

    def has_papers(self, dice: Dice) -> bool:
        return dice.number("papers", 0, 99) < int(self.rules["papers"]["share"])

    @property
    def end(self) -> dt.date:
        return self.campaign.end or self.today

    @property
    def is_over(self) -> bool:
        return self.end < self.today

    def case(self, assignment: Assignment) -> str | None:
        return self.cases.get((assignment.task.ref, assignment.unit_id))

    def shares_for(self, due: dt.date) -> dict[str, int]:
        shares: dict[str, dict[str, int]] = self.rules["shares"]
        if self.is_over or due < self.today - dt.timedelta(days=LONG_PAST_DAYS):
            return shares["ended"]
        return shares["past"] if due < self.today else shares["coming"]


def overwrite(rows: list[Any], columns: list[str]) -> None:
    """Write the columns of thousands of rows; as an upsert this takes a fifth of the time of bulk_update."""
    if rows:
        type(rows[0]).objects.bulk_create(
            rows, batch_size=CHUNK, update_conflicts=True, unique_fields=["pk"], update_fields=columns
        )


def read_targets(name: str, campaign: Campaign, rules: list[dict[str, Any]], by: User, today: dt.date) -> None:
    """Record the readings of the campaign's goals on their days between its first day and its end, or today."""
    targets = list(campaign.targets.filter(task=None).order_by("position"))
    begin = first_day(read(f"campaigns/{name}"))
    length = min(campaign.end or today, today) - begin
    for rule in rules:
        for reading in rule["readings"]:
            record_reading(
                by=by,
                target=targets[rule["goal"]],
                on=min(begin + length * reading["at"], today),
                value=Decimal(str(reading["value"])) if "value" in reading else None,
                is_met=reading.get("met"),
                note=reading.get("note", ""),
            )
