"""What the reader finds in a plan document, and its JSON form."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal

from .document import Span

Role = Literal["lead", "responsible", "cooperating"]
Every = Literal["week", "half_month", "month", "quarter", "half_year", "year"]
Spans = tuple[Span, ...]


@dataclass(slots=True)
class Warning:
    """Something a person should look at. `code` is stable, `message` is one Chinese sentence."""

    code: str
    message: str
    spans: Spans = ()


@dataclass(slots=True)
class Unit:
    """One body as printed, and what it owes. `expanded` puts back a shared prefix or ending of a short list."""

    name: str
    role: Role
    collective: bool = False
    expanded: str | None = None
    group: str | None = None
    inherited: bool = False
    displaced: bool = False
    spans: Spans = ()


@dataclass(slots=True)
class Quantity:
    value: float
    unit: str
    comparator: str = "="


@dataclass(slots=True)
class Deadline:
    """A day to be ready by. `scope` holds the words of the part covered; None means the whole task."""

    kind: Literal["date", "ongoing", "relative"]
    date: date | None
    text: str
    scope: str | None = None
    quantity: Quantity | None = None
    source: Literal["field", "body"] = "field"
    implied: bool = False
    inherited: bool = False
    spans: Spans = ()


@dataclass(slots=True)
class Recurrence:
    every: Every
    times: int
    text: str
    spans: Spans = ()


@dataclass(slots=True)
class Task:
    """One duty. A parent carries the units of its children and no deadlines of its own."""

    id: str
    path: list[str]
    number: str | None
    title: str | None
    text: str
    units: list[Unit] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    recurrences: list[Recurrence] = field(default_factory=list)
    units_open: bool = False
    responsibility_text: str | None = None
    children: bool = False
    parent: str | None = None
    number_spans: Spans = ()
    title_spans: Spans = ()
    text_spans: Spans = ()
    responsibility_spans: Spans = ()


@dataclass(slots=True)
class Goal:
    text: str
    indicator: str
    value: float | None = None
    unit: str | None = None
    comparator: str | None = None
    by: date | None = None
    kind: Literal["numeric", "checkable"] = "checkable"
    spans: Spans = ()


@dataclass(slots=True)
class Stage:
    name: str
    start: date | None
    end: date | None
    text: str
    spans: Spans = ()


@dataclass(slots=True)
class Report:
    """A duty to report: who, to whom, how often, by which day."""

    what: str
    sender: str | None
    receiver: str | None
    every: str | None
    due: str | None
    text: str
    spans: Spans = ()


@dataclass(slots=True)
class Campaign:
    title: str | None = None
    document_number: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    start: date | None = None
    end: date | None = None
    level: str | None = None
    blanket_units: list[Unit] = field(default_factory=list)
    spans: dict[str, Spans] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """A whole plan. `to_json()` is the contract with the importer and with the scorer."""

    source: str
    campaign: Campaign
    goals: list[Goal] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    reporting: list[Report] = field(default_factory=list)
    protection_measures: list[str] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    protection_spans: list[Spans] = field(default_factory=list)

    def leaves(self) -> list[Task]:
        """The tasks that are carried out: those without children."""
        return [task for task in self.tasks if not task.children]

    def to_json(self) -> dict[str, Any]:
        """The plan as plain data. `positions` holds, by field, lists of [block, start, end]."""
        data: dict[str, Any] = {"source": self.source, "campaign": _plain(self.campaign)}
        for name in ("goals", "stages", "tasks", "reporting"):
            data[name] = [_plain(item) for item in getattr(self, name)]
        data["protection_measures"] = list(self.protection_measures)
        data["warnings"] = [
            {"code": item.code, "message": item.message} | ({"spans": _places(item.spans)} if item.spans else {})
            for item in self.warnings
        ]
        data["positions"] = self._positions()
        return data

    def _positions(self) -> dict[str, Any]:
        return {
            "campaign": {name: _places(spans) for name, spans in self.campaign.spans.items()},
            "tasks": {
                task.id: {
                    "number": _places(task.number_spans),
                    "title": _places(task.title_spans),
                    "text": _places(task.text_spans),
                    "responsibility_text": _places(task.responsibility_spans),
                    "units": [_places(unit.spans) for unit in task.units],
                    "deadlines": [_places(deadline.spans) for deadline in task.deadlines],
                    "recurrences": [_places(recurrence.spans) for recurrence in task.recurrences],
                }
                for task in self.tasks
            },
            "goals": [_places(goal.spans) for goal in self.goals],
            "stages": [_places(stage.spans) for stage in self.stages],
            "reporting": [_places(report.spans) for report in self.reporting],
            "protection_measures": [_places(spans) for spans in self.protection_spans],
        }


_OMITTED_WHEN_EMPTY = {
    "expanded", "group", "inherited", "displaced", "implied", "units_open", "responsibility_text", "children", "parent",
}  # fmt: skip
_RENAMED = {"sender": "from", "receiver": "to"}


def _plain(item: Any) -> Any:
    """Plain data of one record, without positions and without the optional fields that are empty."""
    if isinstance(item, date):
        return item.isoformat()
    if isinstance(item, list):
        return [_plain(element) for element in item]
    if isinstance(item, float) and item.is_integer():
        return int(item)
    if not hasattr(item, "__dataclass_fields__"):
        return item
    return {
        _RENAMED.get(slot.name, slot.name): _plain(getattr(item, slot.name))
        for slot in fields(item)
        if not slot.name.endswith("spans") and not (slot.name in _OMITTED_WHEN_EMPTY and not getattr(item, slot.name))
    }


def _places(spans: Spans) -> list[list[int]]:
    return [[span.block, span.start, span.end] for span in spans]
