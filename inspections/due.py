"""What the bureau owes by a day for its inspections: planned visits, limits of documents, publication, and clues."""

from __future__ import annotations

from common.due import DueSource
from inspections.document_kinds import KINDS
from inspections.models import Clue, Document, PlannedVisit, VisitKind

PLANNED = DueSource(
    kind="planned_visit",
    label="计划检查",
    open_rows=lambda: PlannedVisit.objects.open(),
    page=PlannedVisit,
    url_name="inspections:planned_visit",
    unit="planned_by__unit_id",
    person="planned_by_id",
    title=lambda kind, mine: f"{VisitKind(kind).label}：{mine}",
    title_fields=("kind", "mine__name"),
)
LIMITS = DueSource(
    kind="document_limit",
    label="执法文书期限",
    open_rows=lambda: Document.objects.limit_runs(),
    page=Document,
    url_name="inspections:document",
    unit="drafted_by__unit_id",
    person="drafted_by_id",
    title=lambda kind, number, mine: f"{KINDS[kind].label}{number}到期，复查或解除：{mine}",
    title_fields=("kind", "number", "visit__mine__name"),
)
PUBLICATIONS = DueSource(
    kind="document_publication",
    label="行政处罚公示",
    open_rows=lambda: Document.objects.to_publish(),
    page=Document,
    url_name="inspections:document",
    due_on="publish_by",
    unit="drafted_by__unit_id",
    person="drafted_by_id",
    title=lambda kind, number, mine: f"公示{KINDS[kind].label}{number}：{mine}",
    title_fields=("kind", "number", "visit__mine__name"),
)
CLUES = DueSource(
    kind="clue_answer",
    label="线索移送答复",
    open_rows=lambda: Clue.objects.waiting().filter(receiver__isnull=False),
    page=Clue,
    url_name="inspections:clue",
    due_on="answer_by",
    unit="receiver_id",
    title=lambda number, subject: f"答复线索移送{number}：{subject}",
    title_fields=("number", "subject"),
)
CLUES_OUTSIDE = DueSource(
    kind="clue_outside",
    label="线索移送催办",
    open_rows=lambda: Clue.objects.waiting().filter(receiver__isnull=True),
    page=Clue,
    url_name="inspections:clue",
    due_on="answer_by",
    unit="drafted_by__unit_id",
    person="drafted_by_id",
    title=lambda number, name: f"催{name}答复线索移送{number}",
    title_fields=("number", "receiver_name"),
)
"""The department has no account here: whoever sent the clue asks for the answer."""

SOURCES = (PLANNED, LIMITS, PUBLICATIONS, CLUES, CLUES_OUTSIDE)
