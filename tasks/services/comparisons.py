"""A revised paper beside a standing campaign: which task is which, and in what they differ.

Tasks are known again by their words, whatever number they now bear.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from tasks.models import Campaign, Deadline, Task
from tasks.services.campaigns import Plan, Printed, Sections, blanket_units, day, task_fields

SAME_NUMBER_SCORE = 55
"""How alike, of 100, two tasks of the same number must be to be the same task."""
OTHER_NUMBER_SCORE = 72
"""The same for two tasks whose numbers differ."""
GIST_LENGTH = 60
"""Texts up to this many characters may be the gist of a longer printed one."""
ALIKE_SCORE = 40
"""Two texts less alike than this, of 100, are shown one after the other instead of word by word."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A task as it stands and as the revised paper prints it; one of them is None when it was added or dropped."""

    old: Task | None
    new: Mapping[str, Any] | None
    changed: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        if self.old is None or (self.old.withdrawn_on is not None and self.new is not None):
            return "added"
        if self.new is None:
            return "removed"
        return "changed" if self.changed else "unchanged"


def norm(text: str | None) -> str:
    """Fold what two prints of the same words may differ in: width and white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))


def _words(title: str | None, text: str | None) -> str:
    return norm(title) + norm(text)


def compare_plan(campaign: Campaign, plan: Plan) -> list[Pair]:
    """Match the tasks of a revised plan to those of a standing campaign: the paper's order, then what it dropped.

    Same words first, then the same number with near words, then near words under another number; last, a task that
    stands as a gist (the shipped campaigns do) by its number and the bodies that it names.
    """
    standing = list(
        campaign.tasks.filter(is_added=False)
        .select_related("section__parent__parent__parent")
        .prefetch_related("responsibilities", "deadlines", "recurrences")
        .order_by("position")
    )
    sections = _section_paths(campaign)
    old = [task for task in standing if task.withdrawn_on is None]
    gone = [task for task in standing if task.withdrawn_on is not None]
    new = list(plan["tasks"])
    found: dict[int, Task] = {}
    _match_equal(old, new, found)
    _match_equal(gone, new, found)
    _match_near(old, new, found)
    _match_gist(old, new, found)
    blanket = blanket_units(plan)
    order = {str(item["id"]): i for i, item in enumerate(new)}
    pairs = [
        Pair(
            found.get(i),
            item,
            _changes(found[i], item, sections, printed_bodies(item, i, blanket, order)) if i in found else (),
        )
        for i, item in enumerate(new)
    ]
    taken = {task.pk for task in found.values()}
    return pairs + [Pair(task, None) for task in old if task.pk not in taken]


def _section_paths(campaign: Campaign) -> dict[int | None, list[str]]:
    return {None: []} | {section.pk: list(path) for path, section in Sections(campaign).known.items()}


def _match_equal(old: Sequence[Task], new: Sequence[Mapping[str, Any]], found: dict[int, Task]) -> None:
    """The same words; of several tasks with the same words the one with the same number, then the first."""
    taken = {task.pk for task in found.values()}
    by_words: dict[tuple[str, bool], list[Task]] = {}
    for task in old:
        if task.pk not in taken:
            by_words.setdefault((_words(task.title, task.text), task.is_parent), []).append(task)
    for i, item in enumerate(new):
        same = by_words.get((_words(item.get("title"), item.get("text")), bool(item.get("children"))))
        if i not in found and same:
            best = next((task for task in same if task.ref == str(item["id"])[:40]), same[0])
            same.remove(best)
            found[i] = best


def _match_near(old: Sequence[Task], new: Sequence[Mapping[str, Any]], found: dict[int, Task]) -> None:
    """Near words, best pairs first; a pair with the same number may be less alike."""
    taken = {task.pk for task in found.values()}
    left = [task for task in old if task.pk not in taken]
    rest = [i for i in range(len(new)) if i not in found]
    if not left or not rest:
        return
    words = [_words(task.title, task.text) for task in left]
    ranked = []
    for i in rest:
        item = _words(new[i].get("title"), new[i].get("text"))
        for _, score, column in process.extract(
            item, words, scorer=fuzz.ratio, score_cutoff=SAME_NUMBER_SCORE, limit=None
        ):
            same_number = left[column].ref == str(new[i]["id"])[:40]
            if score >= (SAME_NUMBER_SCORE if same_number else OTHER_NUMBER_SCORE):
                ranked.append((score + (10 if same_number else 0), i, left[column]))
    for _, i, task in sorted(ranked, key=lambda entry: -entry[0]):
        if i not in found and task.pk not in taken and task.is_parent == bool(new[i].get("children")):
            found[i] = task
            taken.add(task.pk)


def _match_gist(old: Sequence[Task], new: Sequence[Mapping[str, Any]], found: dict[int, Task]) -> None:
    """A few words that stand for the paper's many: the same number, and most of the same bodies."""
    taken = {task.pk for task in found.values()}
    gists = {task.ref: task for task in old if task.pk not in taken and len(task.text) <= GIST_LENGTH}
    for i, item in enumerate(new):
        task = gists.get(str(item["id"])[:40])
        if i in found or task is None or task.is_parent != bool(item.get("children")):
            continue
        if not task.is_parent and len(item.get("text") or "") < 1.3 * len(task.text):
            continue
        bodies = {norm(row.printed_name) for row in task.responsibilities.all() if not row.is_blanket}
        printed = {norm(unit["name"]) for unit in item.get("units") or []}
        if len(bodies & printed) * 2 >= len(bodies | printed):
            found[i] = task


def printed_bodies(
    item: Mapping[str, Any], i: int, blanket: list[tuple[str | None, Printed]], order: Mapping[str, int]
) -> list[Printed]:
    printed = [Printed.of(unit) for unit in item.get("units") or []]
    if not item.get("children"):
        printed += [body for after, body in blanket if after is None or order.get(after, -1) < i]
    return printed


def _changes(
    task: Task, item: Mapping[str, Any], sections: Mapping[int | None, list[str]], printed: Iterable[Printed]
) -> tuple[str, ...]:
    """The fields in which the paper now differs from the task."""
    fields = task_fields(item)
    changed = [name for name in ("number", "title", "text") if norm(getattr(task, name)) != norm(fields[name])]
    if [norm(p) for p in sections[task.section_id]] != [norm(p[:300]) for p in item.get("path") or []]:
        changed.append("path")
    if [(r.printed_name, r.role) for r in task.responsibilities.all()] != [(p.name[:200], p.role) for p in printed]:
        changed.append("units")
    if {deadline_key(d) for d in task.deadlines.all() if d.assignment_id is None} != set(plain_deadlines(item)):
        changed.append("deadlines")
    if {(r.every, r.times) for r in task.recurrences.all()} != set(plain_recurrences(item)):
        changed.append("recurrences")
    return tuple(changed)


def deadline_key(deadline: Deadline) -> tuple[str, dt.date | None, str]:
    return deadline.kind, deadline.date, norm(deadline.scope)


def plain_deadlines(item: Mapping[str, Any]) -> dict[tuple[str, dt.date | None, str], Mapping[str, Any]]:
    return {(d["kind"], day(d.get("date")), norm((d.get("scope") or "")[:500])): d for d in item.get("deadlines") or []}


def plain_recurrences(item: Mapping[str, Any]) -> dict[tuple[str, int], Mapping[str, Any]]:
    return {(r["every"], r.get("times") or 1): r for r in item.get("recurrences") or []}


def word_differences(old: str, new: str) -> list[tuple[str, str]]:
    """Two texts as pieces in reading order, each ("same" | "removed" | "added", words).

    Single characters that happen to agree between two changes are taken into the change, so that words stay whole.
    """
    if old and new and fuzz.ratio(old, new) < ALIKE_SCORE:
        return [("removed", old), ("added", new)]
    pieces: list[list[str]] = []  # [old words, new words]; equal where both agree
    for step in Indel.opcodes(old, new):
        before, after = old[step.src_start : step.src_end], new[step.dest_start : step.dest_end]
        equal = step.tag == "equal"
        if equal and len(before) < 2 and pieces and pieces[-1][0] != pieces[-1][1] and step.src_end < len(old):
            equal = False
        if pieces and not equal and pieces[-1][0] != pieces[-1][1]:
            pieces[-1][0] += before
            pieces[-1][1] += after
        else:
            pieces.append([before, after])
    shown: list[tuple[str, str]] = []
    for before, after in pieces:
        if before == after:
            shown.append(("same", before))
        else:
            shown += [(kind, words) for kind, words in (("removed", before), ("added", after)) if words]
    return shown
