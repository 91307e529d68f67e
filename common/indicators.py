"""Numbers about units over a span of days: each app says what it counts, and the same words open the rows counted.

A figure is a condition on rows; all figures of one source are counted for all units in one query. An indicator sets two
figures against each other, and prints its formula.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Count, Expression, F, Q, QuerySet, Sum
from django.utils import timezone

Figures = dict[str, int]
"""What was counted of one unit, by figure."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another, both included, in the region whose code begins with `prefix`.

    What is asked about a day in the past is asked of the dates on record.
    """

    since: dt.date
    on: dt.date
    prefix: str

    @property
    def is_now(self) -> bool:
        return self.on >= timezone.localdate()

    @property
    def begin(self) -> dt.datetime:
        """The first instant of the first day."""
        return _midnight(self.since)

    @property
    def end(self) -> dt.datetime:
        """The first instant after the last day."""
        return _midnight(self.on + dt.timedelta(days=1))


@dataclass(frozen=True)
class FigureSource:
    """Rows of one model and what is counted of them.

    `rows(span)` are those that any figure may count; `unit` is the lookup path from a row to the key of its unit.
    `figures` are conditions on them; `sums` add up an expression over the rows of a condition, in whole days.
    `select` is read along for the page that shows the rows: `title`, `day` and `state` make its cells.
    """

    kind: str
    label: str
    rows: Callable[[Span], QuerySet[Any]]
    unit: str
    figures: Mapping[str, Callable[[Span], Q]]
    sums: Mapping[str, tuple[Callable[[Span], Q], Expression | F]] = field(default_factory=dict)
    select: tuple[str, ...] = ()
    order: str = "pk"
    title: Callable[[Any], str] = str
    unit_of: Callable[[Any], Any] = lambda row: row.unit
    day: Callable[[Any], dt.date | None] = lambda row: None
    state: Callable[[Any], str] = lambda row: str(row.get_state_display())
    url: Callable[[Any], str] = lambda row: str(row.get_absolute_url())

    def count(self, span: Span) -> dict[int, Figures]:
        """Every figure of every unit that has rows (one query)."""
        counts: dict[str, Any] = {key: Count("pk", filter=condition(span)) for key, condition in self.figures.items()}
        for key, (condition, expression) in self.sums.items():
            counts[key] = Sum(expression, filter=condition(span))
        found: dict[int, Figures] = {}
        for row in self.rows(span).order_by().values(self.unit).annotate(**counts):
            unit = row.pop(self.unit)
            found[unit] = {key: _whole(value) for key, value in row.items()}
        return found

    def condition(self, figure: str, span: Span) -> Q:
        """The rows behind one figure (KeyError for an unknown one)."""
        return self.figures[figure](span) if figure in self.figures else self.sums[figure][0](span)

    def cells(self, row: Any) -> tuple[str, str, Any, dt.date | None, str]:
        """What a page shows of one row: title, address, unit, day and state."""
        return self.title(row), self.url(row), self.unit_of(row), self.day(row), self.state(row)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number that units are compared by: `part` against `whole`, or `part` alone where `whole` is empty.

    `kind` is a rate in percent, a mean in days, or a count. `better` says which way is good. `weight` is the default
    share of a rate in the score, 0 for none; `better` is empty where neither way is. Where the past cannot be told from the dates on record, `past_known` is
    false, and a number about a former day is left out.
    """

    key: str
    label: str
    formula: str
    part: str
    whole: str = ""
    kind: Literal["rate", "days", "count"] = "rate"
    better: Literal["high", "low", ""] = "high"
    weight: int = 0
    past_known: bool = True
    measure: str = "项"
    """In what a count counts."""

    @property
    def unit(self) -> str:
        return {"rate": "%", "days": "天", "count": self.measure}[self.kind]

    def value(self, figures: Mapping[str, int]) -> float | None:
        """The number, rounded to one decimal; None where there is nothing to set it against."""
        if self.part not in figures:
            return None
        if not self.whole:
            return figures[self.part]
        whole = figures.get(self.whole, 0)
        if not whole:
            return None
        return round((100 if self.kind == "rate" else 1) * figures[self.part] / whole, 1)

    def shown(self, value: float | None) -> str:
        """The number as a page prints it: a rate with its sign, thousands apart."""
        if value is None:
            return "—"
        return f"{value:,.1f}".removesuffix(".0") + ("%" if self.kind == "rate" else "")


_sources: dict[str, FigureSource] = {}
_indicators: dict[str, Indicator] = {}


def register_indicators(source: FigureSource, *indicators: Indicator) -> None:
    """Add what an app counts and the indicators made of it; called from `AppConfig.ready`."""
    _sources[source.kind] = source
    _indicators.update({one.key: one for one in indicators})


def indicators() -> list[Indicator]:
    """Every indicator in the order of the apps: rates and means, counts, and last those by which nobody is better or worse."""
    return sorted(_indicators.values(), key=lambda one: (not one.better, one.kind == "count"))


def source_of(figure: str) -> FigureSource | None:
    """The source that counts a figure."""
    return next((one for one in _sources.values() if figure in one.figures or figure in one.sums), None)


def count_units(span: Span, *, compared: bool = False) -> dict[int, Figures]:
    """All figures of all units of a region (one query for each source), or only those that an indicator compares.

    Of a day in the past the figures that cannot be known are left out.
    """
    found: dict[int, Figures] = {}
    wanted = {key for one in _indicators.values() for key in (one.part, one.whole)}
    for source in _sources.values():
        if compared and wanted.isdisjoint({*source.figures, *source.sums}):
            continue
        for unit, figures in source.count(span).items():
            found.setdefault(unit, {}).update(figures)
    if not span.is_now:
        unknown = {key for one in _indicators.values() if not one.past_known for key in (one.part, one.whole)}
        for figures in found.values():
            for key in unknown & figures.keys():
                del figures[key]
    return found


def _whole(value: Any) -> int:
    return value.days if isinstance(value, dt.timedelta) else int(value or 0)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
