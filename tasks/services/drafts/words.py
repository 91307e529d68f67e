"""Words, places and identities inside a draft: what the corrections share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .shape import Item

_SENTENCE_END = "。；;！!？?：:"

IDENTITY: dict[str, Callable[[Item], Any]] = {
    "units": lambda row: (row["name"], row["role"]),
    "deadlines": lambda row: (row["kind"], row.get("date"), row.get("scope")),
    "recurrences": lambda row: (row["every"], row.get("times")),
}


def join_words(first: str, second: str) -> str:
    """Two pieces of text as one: a broken sentence closes up, whole sentences stand below each other."""
    if not first or not second:
        return first or second
    return f"{first}\n{second}" if first[-1] in _SENTENCE_END else first + second


def own_words(task: Mapping[str, Any]) -> str:
    """What a task says when its heading becomes part of a text."""
    title, text = task.get("title") or "", task.get("text") or ""
    number = task.get("number") or ""
    heading = f"{number}{'.' if number[-1:].isdigit() else ''}{title}" if title else ""
    return f"{heading}{'' if heading[-1:] in _SENTENCE_END else '。'}{text}" if heading else text


def belongs(row: Mapping[str, Any], here: str, there: str) -> bool:
    """Whether a deadline or recurrence stays with this half of a text: by its printed words where only one has them."""
    words = row.get("text") or ""
    return row.get("source") == "field" or words in here or words not in there


def cut_spans(spans: Sequence[Sequence[int]], length: int, at: int) -> tuple[list[list[int]], list[list[int]]]:
    """Divide the places of a text of `length` characters in the proportion of the cut; near enough to show it."""
    total = sum(end - start for _, start, end in spans)
    if not total or not length:
        return [list(span) for span in spans], [list(span) for span in spans]
    left = round(total * at / length)
    first: list[list[int]] = []
    second: list[list[int]] = []
    for block, start, end in spans:
        middle = min(max(start + left, start), end)
        if start < middle:
            first.append([block, start, middle])
        if middle < end:
            second.append([block, middle, end])
        left -= end - start
    return first, second


def free_id(draft: Mapping[str, Any], wanted: str) -> str:
    """`wanted`, or the next number of the same stem that no task bears."""
    taken = {str(task["id"]) for task in draft["tasks"]}
    if wanted not in taken:
        return wanted
    stem, digits = re.match(r"(.*?)(\d+)$", wanted).groups()  # type: ignore[union-attr]
    return next(f"{stem}{n}" for n in _counting(int(digits) + 1) if f"{stem}{n}" not in taken)


def _counting(start: int) -> Iterator[int]:
    while True:
        yield start
        start += 1


def summary_of(task: Mapping[str, Any]) -> dict[str, Any]:
    """A task in few words, for the history."""
    return {
        "number": task.get("number") or "",
        "title": task.get("title") or "",
        "path": " / ".join(task.get("path") or []),
        "text": task.get("text") or "",
        "units": "、".join(unit["name"] for unit in task["units"]),
        "deadlines": "、".join(d.get("date") or d.get("text") or d["kind"] for d in task["deadlines"]),
        "recurrences": "、".join(r.get("text") or r["every"] for r in task["recurrences"]),
    }
