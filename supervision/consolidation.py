"""The county's period out of all units' reports: who reported, the figures, the tasks, the words.

Only accepted reports count, each in its latest accepted version. Figures of a unit whose parent reports as well are in
the parent's, and are not added a second time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from hazards.models import MonthlyFigures
from hazards.monthly import (
    FIGURES,
    LABELS,
    TOTAL,
    Numbers,
    Table,
    added_rows,
    count_by_mine,
    difference,
    month_end,
    rows_behind,
    shown,
)
from hazards.report_figures import PREFIX
from hazards.services.monthly import figures_of
from supervision.models import ConsolidatedNarrative
from tasks.exports.task_list import TaskList, task_list_of
from tasks.models import Assignment, ProgressReport, ReportEntry, ReportFigure, ReportingRule, Task
from units.models import Region, Unit

SAID_AT_MOST = 60
"""Units quoted in the draft of the words; nobody edits more."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One of the figures: what the registers hold, what the units stated, and how far apart these are."""

    key: str
    label: str
    register: Decimal | None
    stated: Decimal
    added: Decimal | None
    """What the period added to what was stated, over the units that also reported the period before."""
    units: int
    changed: int
    """Units that stated something else than was counted for them."""

    @property
    def difference(self) -> Decimal | None:
        return None if self.register is None else self.stated - self.register


@dataclass(frozen=True, slots=True)
class Share:
    """What one unit puts into a figure; of a unit without a counting report only what the register holds of it."""

    name: str
    url: str
    register: Decimal | None
    figure: ReportFigure | None = None
    before: Decimal | None = None

    @property
    def difference(self) -> Decimal | None:
        return None if self.register is None else (self.figure.stated if self.figure else Decimal(0)) - self.register

    @property
    def added(self) -> Decimal | None:
        return self.figure.stated - self.before if self.figure is not None and self.before is not None else None


class Consolidation:
    """One period of one rule, read in a fixed number of queries whatever its size."""

    def __init__(self, rule: ReportingRule, period: str) -> None:
        self.rule, self.period = rule, period
        self.campaign = rule.campaign

    @cached_property
    def reports(self) -> list[ProgressReport]:
        """The first versions: one for each unit that was asked."""
        rows = ProgressReport.objects.filter(rule=self.rule, period=self.period, version=1).in_force()
        return list(
            rows.select_related("unit", "rule", "campaign").order_by("unit__kind", "unit__sort_key", "unit__name")
        )

    @cached_property
    def head(self) -> ProgressReport:
        return self.reports[0]

    @property
    def region(self) -> Region:
        return self.campaign.region

    @property
    def title(self) -> str:
        return f"{self.region.name}{self.head.label}{self.rule.title}汇总"

    @cached_property
    def standing(self) -> list[ProgressReport]:
        """What counts: the accepted reports, corrected ones in their latest accepted version."""
        rows = ProgressReport.objects.filter(rule=self.rule, period=self.period).standing()
        return list(rows.select_related("unit", "rule").order_by("unit__kind", "unit__sort_key", "unit__name"))

    def in_state(self, *states: str) -> list[ProgressReport]:
        return [report for report in self.reports if report.state in states]

    @property
    def waiting(self) -> list[ProgressReport]:
        return self.in_state(ProgressReport.State.SUBMITTED)

    @property
    def missing(self) -> list[ProgressReport]:
        return self.in_state(*ProgressReport.OWED)

    @property
    def overdue(self) -> list[ProgressReport]:
        return [report for report in self.reports if report.is_overdue]

    @property
    def late(self) -> list[ProgressReport]:
        return [report for report in self.reports if report.days_late]

    # -- figures -------------------------------------------------------------------------------------------------

    @cached_property
    def counting(self) -> dict[int, ProgressReport]:
        """The reports whose figures are added up, by key: of units none of whose parents reports as well."""
        paths = {report.unit.path for report in self.standing}
        return {
            report.pk: report
            for report in self.standing
            if not any(parent in paths for parent in parents_of(report.unit.path))
        }

    @cached_property
    def stated(self) -> dict[str, list[ReportFigure]]:
        """What the counting reports stated, by key of the figure."""
        found: dict[str, list[ReportFigure]] = {}
        for figure in ReportFigure.objects.filter(report__in=self.counting).order_by("position", "pk"):
            figure.report = self.counting[figure.report_id]
            found.setdefault(figure.key, []).append(figure)
        return found

    @cached_property
    def before(self) -> dict[tuple[int, str], Decimal]:
        """What the same units stated for the period before, by unit and key; nothing across the turn of a year."""
        earlier = ProgressReport.objects.filter(
            rule=self.rule, ends__lt=self.head.starts, ends__year=self.head.ends.year
        ).standing()
        latest = earlier.order_by("-ends").values_list("period", flat=True).first()
        rows = ReportFigure.objects.filter(report__in=earlier.filter(period=latest).order_by().values("pk"))
        return {(unit, key): stated for unit, key, stated in rows.values_list("report__unit", "key", "stated")}

    @cached_property
    def hazards(self) -> tuple[Table, Table, MonthlyFigures | None]:
        """The official table out of the register: cumulative, what the period added, and the closing it stands in."""
        head = self.head
        table, closed = figures_of(self.region, head.ends.year, head.ends.month)
        last = head.starts - dt.timedelta(days=1)
        before = figures_of(self.region, last.year, last.month)[0] if last.year == head.ends.year else None
        return table, difference(table, before), closed

    @property
    def has_hazards(self) -> bool:
        return any(key.startswith(PREFIX) for key in self.stated)

    def figures(self) -> list[FigureRow]:
        """Every figure that units stated, those of hazards beside what the register holds for the whole county."""
        register: Numbers = self.hazards[0][TOTAL] if self.has_hazards else {}
        found = []
        for key, rows in self.stated.items():
            name = key.removeprefix(PREFIX)
            held = register.get(name) if key.startswith(PREFIX) else None
            found.append(
                FigureRow(
                    key,
                    rows[0].label,
                    None if held is None else Decimal(held),
                    sum((row.stated for row in rows), start=Decimal(0)),
                    self._added(key, rows),
                    len(rows),
                    sum(row.is_changed for row in rows),
                )
            )
        return found

    def stated_before(self, row: ReportFigure) -> Decimal | None:
        """What the unit stated for the period before; nothing was before January."""
        if self.head.starts.month == 1 and not self.before:
            return Decimal(0)
        return self.before.get((row.report.unit_id, row.key))

    def _added(self, key: str, rows: list[ReportFigure]) -> Decimal | None:
        known = [(row.stated, self.stated_before(row)) for row in rows]
        both = [now - before for now, before in known if before is not None]
        return sum(both, start=Decimal(0)) if both else None

    def shares(self, key: str) -> list[Share]:
        """The units behind one figure; for hazards also mines without a counting report, so that all adds up.

        A month that was closed has figures of its own day: what the register changed since is the last share.
        """
        rows = self.stated[key]
        if not key.startswith(PREFIX):
            return [share_of(row, None, self.stated_before(row)) for row in rows]
        held = count_by_mine(key.removeprefix(PREFIX), self.in_region, self.month_end)
        found = []
        for row in rows:
            own = [path for path in held if path.startswith(row.report.unit.path)]
            found.append(share_of(row, sum((held.pop(path) for path in own), Decimal(0)), self.stated_before(row)))
        left = Unit.objects.filter(path__in=held).order_by("sort_key", "pk")
        for unit in left:
            found.append(
                Share(
                    unit.name,
                    rows_behind(key.removeprefix(PREFIX), self.month_end, TOTAL, {"mine": unit.pk}),
                    held[unit.path],
                )
            )
        total = Decimal(self.hazards[0][TOTAL][key.removeprefix(PREFIX)])
        rest = total - sum((share.register or Decimal(0) for share in found), Decimal(0))
        if rest:
            url = f"{reverse('hazards:monthly')}?year={self.month_end.year}&month={self.month_end.month}&region={self.region.pk}"
            found.append(Share("结账以后台账的更正", url, rest))
        return found

    @property
    def in_region(self) -> Q:
        return Q(mine__region__code__startswith=self.region.prefix)

    @property
    def month_end(self) -> dt.date:
        """The day until which the official table counts."""
        return month_end(self.head.ends.year, self.head.ends.month)

    def hazard_rows(self) -> list[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]]:
        """The official table, a row for each kind: cumulative and what the period added, each number with its rows."""
        table, added, _ = self.hazards
        where, last = {"region": self.region.pk}, self.head.starts - dt.timedelta(days=1)
        before = month_end(last.year, last.month)
        return [
            (
                LABELS[key],
                [(shown(table[key], one), rows_behind(one.key, self.month_end, key, where)) for one in FIGURES],
                [(shown(added[key], one), added_rows(one.key, self.month_end, before, key, where)) for one in FIGURES]
                if key in added
                else [],
            )
            for key in LABELS
            if key in table
        ]

    def transposed(self) -> list[tuple[str, list[str]]]:
        """The official table with its twelve figures as rows, for a page that is not wide."""
        table, added, _ = self.hazards
        kinds = [key for key in LABELS if key in table]
        return [
            (
                f"{figure.number} {figure.label}",
                [*(shown(table[kind], figure) for kind in kinds), shown(added[TOTAL], figure)],
            )
            for figure in FIGURES
        ]

    @property
    def kinds(self) -> list[str]:
        """The headings of `transposed`."""
        return [*(LABELS[key] for key in LABELS if key in self.hazards[0]), "本期合计"]

    # -- tasks ---------------------------------------------------------------------------------------------------

    @cached_property
    def entries(self) -> dict[int, ReportEntry]:
        """What the standing reports say, by assignment."""
        rows = ReportEntry.objects.filter(report__in=[report.pk for report in self.standing])
        return {entry.assignment_id: entry for entry in rows}

    def task_list(self) -> TaskList:
        """The task list in its five columns, of the tasks of the units that were asked.

        The last column is what they reported of this period.
        """
        asked = [report.unit_id for report in self.reports]
        owed = Assignment.objects.filter(withdrawn_on=None, campaign=self.campaign, unit__in=asked)
        owed = owed.select_related("unit").order_by("pk")
        tasks = (
            Task.objects.filter(pk__in=owed.order_by().values("task"), is_parent=False)
            .in_force()
            .for_list()
            .prefetch_related("deadlines", "recurrences", Prefetch("assignments", owed, to_attr="owed"))
            .order_by("position")
        )
        remark = f"{self.head.label}，按已通过的{len(self.standing)}份报告汇总"
        return task_list_of(self.campaign, tasks, today=timezone.localdate(), filtered_by=remark, say=self.say)

    def say(self, task: Any) -> Iterator[str]:
        """The paragraphs of one task: each unit's words, then who said nothing."""
        silent: list[str] = []
        done: list[str] = []
        for owed in task.owed:
            entry = self.entries.get(owed.pk)
            if entry is not None:
                name = f"{owed.unit}：" if len(task.owed) > 1 else ""
                yield f"{name}{entry.text}（{entry.get_state_display()}，{entry.percent}%）"
            else:
                (done if owed.state == Assignment.State.DONE else silent).append(str(owed.unit))
        if done:
            yield f"{'、'.join(done)}此前已办结。"
        if silent:
            yield f"{'、'.join(silent)}本期没有已通过的报告。"

    # -- words ---------------------------------------------------------------------------------------------------

    @cached_property
    def narratives(self) -> list[ConsolidatedNarrative]:
        """Every version of the words, the newest first."""
        rows = ConsolidatedNarrative.objects.filter(rule=self.rule, period=self.period)
        return list(rows.select_related("edited_by").order_by("-version"))

    def words(self) -> dict[str, str]:
        """The words in force: the newest version, else a draft out of the reports."""
        if self.narratives:
            newest = self.narratives[0]
            return {"progress": newest.progress, "problems": newest.problems, "plans": newest.plans}
        return self.draft()

    def draft(self) -> dict[str, str]:
        """A first text out of what the units wrote, for a person to edit."""
        names = "、".join(str(report.unit) for report in self.missing)
        opening = f"{self.head.label}应报{len(self.reports)}个单位，已通过{len(self.standing)}个，待审核{len(self.waiting)}个。"
        if self.missing:
            opening += f"未报{len(self.missing)}个：{names}。"
        if self.has_hazards:
            total, added = self.hazards[0][TOTAL], self.hazards[1][TOTAL]
            opening += (
                f"今年以来全县排查一般隐患{total['general']}项，已整改{total['general_closed']}项；"
                f"排查重大隐患{total['major']}项，已销号{total['major_closed']}项。"
                f"本期新排查一般隐患{added['general']}项、重大隐患{added['major']}项。"
            )
        return {
            "progress": "\n".join([opening, *self._quoted("progress")]),
            "problems": "\n".join(self._quoted("problems")),
            "plans": "\n".join(self._quoted("plans")),
        }

    def _quoted(self, name: str) -> list[str]:
        """The units' own words, those that wrote the same named together."""
        said: dict[str, list[str]] = {}
        for report in self.standing[:SAID_AT_MOST]:
            if (text := getattr(report, name).strip()) and text not in ("无", "无。"):
                said.setdefault(" ".join(text.split()), []).append(str(report.unit))
        return [f"{'、'.join(units)}：{text}" for text, units in said.items()]


def share_of(row: ReportFigure, register: Decimal | None, before: Decimal | None) -> Share:
    return Share(row.report.unit.name, row.report.get_absolute_url(), register, row, before)


def parents_of(path: str) -> Iterator[str]:
    """The paths above a unit's: /1/ and /1/7/ for /1/7/9/."""
    parts = path.strip("/").split("/")[:-1]
    for end in range(1, len(parts) + 1):
        yield f"/{'/'.join(parts[:end])}/"
