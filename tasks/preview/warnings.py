"""What the reader was not sure of, and whose words it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .spans import anchor, places


@dataclass(slots=True)
class ShownWarning:
    number: int
    message: str
    at: str
    href: str
    task: str
    settled: bool


def shown_warnings(draft: Mapping[str, Any]) -> list[ShownWarning]:
    """The reader's warnings, those still open first."""
    settled = set(draft.get("settled") or ())
    owners = _owners(draft)
    rows = [
        ShownWarning(
            number,
            warning["message"],
            places((warning.get("spans") or [])[:80]),
            anchor(warning.get("spans")),
            _owner_of(warning.get("spans") or (), owners),
            number in settled,
        )
        for number, warning in enumerate(draft.get("warnings") or ())
    ]
    return sorted(rows, key=lambda row: (row.settled, row.number))


def warned_keys(draft: Mapping[str, Any]) -> set[str]:
    """The tasks in whose words a warning lies that nobody has looked at."""
    settled = set(draft.get("settled") or ())
    owners = _owners(draft)
    rows = [w for n, w in enumerate(draft.get("warnings") or ()) if n not in settled and len(w.get("spans") or ()) == 1]
    return {_owner_of(warning["spans"], owners) for warning in rows} - {""}


def _owners(draft: Mapping[str, Any]) -> dict[int, list[tuple[int, int, str]]]:
    """Which task's words stand where: by block, (start, end, key)."""
    owners: dict[int, list[tuple[int, int, str]]] = {}
    for task in draft["tasks"]:
        for spans in task["spans"].values():
            for block, start, end in spans:
                owners.setdefault(block, []).append((start, end, task["key"]))
    return owners


def _owner_of(spans: Iterable[Sequence[int]], owners: Mapping[int, list[tuple[int, int, str]]]) -> str:
    for block, start, _ in spans:
        for first, last, key in owners.get(block, ()):
            if first <= start < last:
                return key
    return ""
