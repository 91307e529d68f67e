"""The closed loop on the page of a thing: raised, given a day, listed, pressed for, assessed."""

from __future__ import annotations

from typing import Any

from common.panels import ObjectPanel
from hazards.models import Hazard, Listing
from supervision.models import Decision, LetterItem, SupervisionLetter
from tasks.models import Assignment, Task
from units.models import User

LOOP = "supervision/loop_panel.html"


def letters_about(source: str, keys: list[int], user: User) -> list[LetterItem]:
    """The items of letters that name what one of these pages shows, where the user sees the letter, oldest first."""
    seen = SupervisionLetter.objects.visible_to(user).values("pk")
    rows = LetterItem.objects.filter(source=source, page__in=keys, letter__in=seen)
    return list(rows.exclude(letter__state="withdrawn").select_related("letter").order_by("letter"))


def loop_of_assignment(assignment: Assignment, user: User) -> list[ObjectPanel]:
    items = letters_about("task", [assignment.pk], user)
    if not items and not assignment.is_overdue:
        return []
    steps = [
        ("提出", f"{assignment.begins_on:%Y-%m-%d}", str(assignment.campaign), assignment.task.get_absolute_url()),
        ("限期", f"{assignment.due_on:%Y-%m-%d}" if assignment.due_on else "", "应完成日期", ""),
        *letter_steps(items),
        *([("办结", f"{assignment.done_on:%Y-%m-%d}", "审核通过", "")] if assignment.done_on else []),
    ]
    return [ObjectPanel("loop", "督办闭环", LOOP, {"steps": steps, "waits": assignment.done_on is None})]


def loop_of_hazard(hazard: Hazard, user: User) -> list[ObjectPanel]:
    listings = list(hazard.listings.all())
    items = letters_about("hazard", [hazard.pk], user)
    items += letters_about("listing", [one.pk for one in listings], user) if listings else []
    if not items and not listings and not hazard.is_overdue:
        return []
    steps = [
        ("提出", f"{hazard.found_on:%Y-%m-%d}", hazard.get_source_display(), ""),
        ("限期", f"{hazard.due_on:%Y-%m-%d}" if hazard.due_on else "", "整改期限", ""),
        *(("挂牌", f"{one.listed_on:%Y-%m-%d}", one.number, one.get_absolute_url()) for one in listings),
        *letter_steps(items),
        *([("销号", f"{hazard.closed_on:%Y-%m-%d}", "复查合格", "")] if hazard.closed_on else []),
    ]
    return [ObjectPanel("loop", "督办闭环", LOOP, {"steps": steps, "waits": hazard.closed_on is None})]


def loop_of_listing(listing: Listing, user: User) -> list[ObjectPanel]:
    items = letters_about("listing", [listing.pk], user)
    steps = letter_steps(items)
    return [ObjectPanel("loop", "督办函件", LOOP, {"steps": steps, "waits": False})] if steps else []


def letter_steps(items: list[LetterItem]) -> list[tuple[str, str, str, str]]:
    """Word, day, what, and address of each letter."""
    found: dict[int, Any] = {}
    for item in items:
        letter = item.letter
        day = f"{letter.sent_on:%Y-%m-%d}" if letter.sent_on else letter.get_state_display()
        found[letter.pk] = (letter.get_kind_display(), day, letter.number or letter.title, letter.get_absolute_url())
    return list(found.values())


def decision_behind(thing: Assignment | Task, user: User) -> list[ObjectPanel]:
    """The meeting that decided a task, on the pages of the task and of who owes it."""
    task = thing if isinstance(thing, Task) else thing.task
    if not task.is_added:
        return []
    found = Decision.objects.filter(task=task).select_related("meeting").first()
    if found is None:
        return []
    return [ObjectPanel("decision", "会议议定", "supervision/decision_panel.html", {"decision": found})]
