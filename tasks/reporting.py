"""What stands in a report: its lines, its figures with where they come from, and what was said a period ago.

While a report is written, its lines follow the ledger and its figures follow the registers; what the unit typed lies
over them. From the signature on everything is as it was signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType

from common.models import Evidence
from common.spreadsheets.values import clean_cell
from tasks.models import Assignment, ProgressEntry, ProgressReport, ReportEntry, ReportFigure
from tasks.report_figures import figures_of, rows_url

NARRATIVE = {"progress": "进展情况", "problems": "存在问题", "plans": "下步打算"}
MOST_WORDS = 5000


def token(*values: Any) -> str:
    """Twelve characters that stand for what somebody was shown, as pages and spreadsheets give it back."""
    plain = [format(value.normalize(), "f") if isinstance(value, Decimal) else clean_cell(value) for value in values]
    return hashlib.sha256("\n".join(plain).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Line:
    """One task of the report: what it says now, what the former report said, and what the reviewer marked."""

    assignment: Assignment
    state: str
    percent: int
    text: str
    entry: ReportEntry | None = None
    former: str = ""
    corrected_from: str = ""
    files: tuple[Evidence, ...] = ()

    @property
    def pk(self) -> int:
        return self.assignment.pk

    @property
    def token(self) -> str:
        return token(self.state, self.percent, self.text)

    @property
    def state_label(self) -> str:
        return str(ReportEntry.State(self.state).label)


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure of the report. `stated` is what the unit reports; it needs a reason where it is not what was counted."""

    key: str
    label: str
    computed: Decimal
    stated: Decimal
    reason: str = ""
    url: str = ""
    remark: str = ""
    corrected_from: Decimal | None = None

    @property
    def token(self) -> str:
        # What was counted belongs to it: a statement about an older count is not taken over a newer one unseen.
        return token(self.stated, self.reason)

    @property
    def is_changed(self) -> bool:
        return self.stated != self.computed

    @property
    def is_unexplained(self) -> bool:
        return self.is_changed and not self.reason.strip()


@dataclass
class Sheet:
    """A report with everything that stands in it, read in a fixed number of queries."""

    report: ProgressReport
    former: ProgressReport | None = field(init=False)

    def __post_init__(self) -> None:
        earlier = ProgressReport.objects.filter(
            rule=self.report.rule_id, unit=self.report.unit_id, ends__lt=self.report.starts
        ).exclude(state=ProgressReport.State.DROPPED)
        self.former = earlier.order_by("-ends", "-version").first()

    @cached_property
    def lines(self) -> list[Line]:
        """Open reports have a line for each task that the unit still owes; signed ones what they had then."""
        entries = {entry.assignment_id: entry for entry in self.report.entries.select_related("edited_by")}
        owed = Assignment.objects.filter(campaign=self.report.campaign_id, unit=self.report.unit_id)
        if self.report.is_open and self.report.version == 1:
            owed = owed.filter(withdrawn_on=None).exclude(state=Assignment.State.DONE)
        else:
            owed = owed.filter(pk__in=entries)
        texts = self._earlier_texts()
        former = texts.get(self.former.pk, {}) if self.former else {}
        corrected = texts.get(self.report.replaces_id or 0, {})
        rows = list(owed.select_related("task", "task__section", "unit", "campaign").order_by("task__position", "pk"))
        said = self._said_meanwhile([row.pk for row in rows if row.pk not in entries])
        files = self._files(entries.values())
        return [
            line_of(
                row,
                entries.get(row.pk),
                said.get(row.pk, ""),
                former=former.get(row.pk, ""),
                corrected_from=corrected.get(row.pk, ""),
                files=tuple(files.get(row.pk, ())),
            )
            for row in rows
        ]

    @cached_property
    def figures(self) -> list[FigureLine]:
        stored = {figure.key: figure for figure in self.report.figures.all()}
        earlier = dict(self.report.replaces.figures.values_list("key", "stated")) if self.report.replaces else {}
        if not self.report.is_open:
            return [
                figure_line(one, rows_url(self.report, one.key), corrected_from=earlier.get(one.key))
                for one in stored.values()
            ]
        found = []
        for figure in figures_of(self.report):
            value, own = Decimal(figure.value), stored.get(figure.key)
            kept = own if own and own.is_changed else None
            found.append(
                FigureLine(
                    figure.key,
                    figure.label,
                    value,
                    kept.stated if kept else value,
                    kept.reason if kept else "",
                    rows_url(self.report, figure.key),
                    own.remark if own else "",
                    earlier.get(figure.key),
                )
            )
        return found

    @property
    def narrative(self) -> dict[str, str]:
        return {name: getattr(self.report, name) for name in NARRATIVE}

    def _said_meanwhile(self, keys: list[int]) -> dict[int, str]:
        """What the unit already reported on the task's own page in this period, so that nobody types it twice."""
        said = ProgressEntry.objects.filter(
            assignment__in=keys, created_at__date__gte=self.report.starts, created_at__date__lte=self.report.ends
        )
        return dict(said.order_by("created_at", "pk").values_list("assignment", "text"))

    def _earlier_texts(self) -> dict[int, dict[int, str]]:
        """What the former report and the corrected version said of each assignment, by report."""
        found: dict[int, dict[int, str]] = {}
        earlier = [report for report in (self.former, self.report.replaces) if report]
        for entry in ReportEntry.objects.filter(report__in=earlier):
            found.setdefault(entry.report_id, {})[entry.assignment_id] = entry.text
        return found

    def _files(self, entries: Iterable[ReportEntry]) -> dict[int, list[Evidence]]:
        """The files of the lines by assignment, those of the corrected version with them."""
        owners = {str(entry.pk): entry.assignment_id for entry in entries}
        if self.report.replaces:
            corrected = ReportEntry.objects.filter(report=self.report.replaces)
            owners |= {str(pk): owed for pk, owed in corrected.values_list("pk", "assignment")}
        kind = ContentType.objects.get_for_model(ReportEntry)
        found: dict[int, list[Evidence]] = {}
        for evidence in Evidence.objects.filter(content_type=kind, object_id__in=owners).order_by("id"):
            found.setdefault(owners[evidence.object_id], []).append(evidence)
        return found


def line_of(assignment: Assignment, entry: ReportEntry | None, said: str, **more: Any) -> Line:
    """A line as it was saved, else as the ledger stands."""
    if entry is not None:
        return Line(assignment, entry.state, entry.percent, entry.text, entry, **more)
    begun = said or assignment.state != Assignment.State.NOT_STARTED
    state = ReportEntry.State.IN_PROGRESS if begun else ReportEntry.State.NOT_STARTED
    return Line(assignment, state, assignment.percent, said, None, **more)


def figure_line(figure: ReportFigure, url: str, corrected_from: Decimal | None = None) -> FigureLine:
    return FigureLine(
        figure.key,
        figure.label,
        figure.computed,
        figure.stated,
        figure.reason,
        url,
        remark=figure.remark,
        corrected_from=corrected_from,
    )


def gaps_of(report: ProgressReport, sheet: Sheet | None = None) -> list[str]:
    """What a report still lacks before it can be signed, in words; nothing where it is whole."""
    sheet = sheet or Sheet(report)
    gaps = [] if report.progress.strip() else ["“进展情况”没有写"]
    silent = [line for line in sheet.lines if not line.text.strip()]
    if silent:
        named = "、".join(line.assignment.task.ref for line in silent[:8])
        gaps.append(f"{len(silent)}项任务没有写进展（编号{named}{'等' if len(silent) > 8 else ''}）")
    unexplained = [figure.label for figure in sheet.figures if figure.is_unexplained]
    if unexplained:
        gaps.append(f"{'、'.join(unexplained)}改过但没有写理由")
    return gaps
