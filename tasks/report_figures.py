"""The figures of reports: which app counts what for a unit and a period, and the rows behind each number.

Figures run from January to the end of the report's period, so that what a period added is a difference of two reports.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from common.indicators import FigureSource, Span
from mines.indicators import ACCIDENTS, SUSPENSIONS
from tasks.indicators import ASSIGNMENTS
from tasks.models import Assignment, ProgressReport
from tasks.querysets import OPEN_STATES
from units.models import Unit, User


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as a register gives it: what it counts, and its value."""

    key: str
    label: str
    value: Decimal | int


class ReportFigures(Protocol):
    """What an app fills into reports. Keys of figures begin with the app's name and a dot."""

    @property
    def order(self) -> int:
        """Where the figures stand in a report: tasks 10, hazards 20, inspections 30, mines 40."""

    def has(self, key: str) -> bool:
        """Whether the figure of that key is one of these."""

    def count(self, report: ProgressReport) -> Iterable[Figure]:
        """The figures of the report's unit and period; none for units of which the app knows nothing."""

    def rows_url(self, report: ProgressReport, key: str) -> str:
        """The list of the rows behind a figure; empty where no rows make it up."""


@dataclass(frozen=True)
class CountedFigures:
    """Figures out of one `FigureSource`: counted by its conditions, and shown by the very same.

    `of` says which rows are the report's, None for units that the source has nothing on. `labels` name the figures.
    With `unless_none` the unit has to have something of the first figure, or nothing is asked of it.
    """

    prefix: str
    source: FigureSource
    labels: Mapping[str, str]
    of: Callable[[ProgressReport], Q | None]
    order: int
    unless_none: bool = False

    def has(self, key: str) -> bool:
        return key.startswith(self.prefix) and key.removeprefix(self.prefix) in self.labels

    def count(self, report: ProgressReport) -> list[Figure]:
        of = self.of(report)
        if of is None:
            return []
        span = span_of(report)
        counts: dict[str, Any] = {}
        for figure in self.labels:
            condition = self.source.condition(figure, span)
            sums = self.source.sums.get(figure)
            counts[figure] = Sum(sums[1], filter=condition) if sums else Count("pk", filter=condition)
        found = self.source.rows(span).filter(of).aggregate(**counts)
        if self.unless_none and not found[next(iter(self.labels))]:
            return []
        return [Figure(f"{self.prefix}{key}", label, found[key] or 0) for key, label in self.labels.items()]

    def rows_url(self, report: ProgressReport, key: str) -> str:
        return reverse("tasks:report_figure", args=[report.pk, key])

    def rows(self, report: ProgressReport, key: str, user: User) -> QuerySet[Any]:
        """The rows that a figure counted, as far as the user sees them."""
        figure = key.removeprefix(self.prefix)
        span, of = span_of(report), self.of(report)
        found = self.source.rows(span).filter(self.source.condition(figure, span))
        seen = found.model._default_manager.visible_to(user).values("pk")
        rows: QuerySet[Any] = found.filter(of if of is not None else Q(pk__in=()), pk__in=seen)
        return rows.select_related(*self.source.select).order_by(self.source.order, "pk")


_sources: list[ReportFigures] = []


def register_report_figures(*sources: ReportFigures) -> None:
    """Let an app fill figures into reports; from `AppConfig.ready`."""
    _sources.extend(source for source in sources if source not in _sources)


def figures_of(report: ProgressReport) -> list[Figure]:
    """Every registered figure of the report's unit and period, counted now."""
    return [figure for source in sorted(_sources, key=lambda one: one.order) for figure in source.count(report)]


def source_of(key: str) -> ReportFigures | None:
    """The source that counts a figure; None for one that no app counts any more."""
    return next((source for source in _sources if source.has(key)), None)


def rows_url(report: ProgressReport, key: str) -> str:
    """The rows behind a figure of a report; empty where there are none to show."""
    source = source_of(key)
    return source.rows_url(report, key) if source else ""


def span_of(report: ProgressReport) -> Span:
    """From January to the end of the period, wherever the unit lies: which rows are its own says the source."""
    return Span(dt.date(report.ends.year, 1, 1), report.ends, "")


def of_mines(path: str) -> Callable[[ProgressReport], Q | None]:
    """Rows of a mine, or of all mines of an enterprise; `path` leads from a row to the mine's place in the tree."""

    def of(report: ProgressReport) -> Q | None:
        if report.unit.kind not in (Unit.Kind.MINE, Unit.Kind.ENTERPRISE):
            return None
        return Q(**{f"{path}__startswith": report.unit.path})

    return of


HELD = replace(
    ASSIGNMENTS,
    rows=lambda span: Assignment.objects.filter(withdrawn_on=None),
    figures={
        "total": lambda span: Q(pk__isnull=False),
        "done": lambda span: Q(state="done"),
        "late": lambda span: Q(due_on__lt=min(span.on, timezone.localdate()), state__in=OPEN_STATES),
    },
)
TASK_FIGURES = CountedFigures(
    "tasks.",
    HELD,
    {"total": "承担任务（项）", "done": "其中已完成（项）", "late": "其中逾期（项）"},
    lambda report: Q(campaign=report.campaign_id, unit=report.unit_id),
    order=10,
    unless_none=True,
)
MINE_FIGURES = (
    CountedFigures(
        "mines.",
        SUSPENSIONS,
        {"suspended": "期末停产停建（座）", "resumed": "今年复产复工（座次）"},
        of_mines("mine__unit__path"),
        order=40,
    ),
    CountedFigures(
        "mines.", ACCIDENTS, {"accidents": "事故（起）", "deaths": "事故死亡（人）"}, of_mines("mine__unit__path"), 40
    ),
)
