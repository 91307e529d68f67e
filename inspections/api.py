"""Visits with what was looked at, and enforcement documents, as other systems see them."""

from __future__ import annotations

from common.api import Derived, Part, Resource, columns
from inspections.filters import DocumentFilter, VisitFilter
from inspections.models import Document, DocumentHazard, Penalty, Visit, VisitOfficer, VisitResult

INSPECTIONS = Resource(
    "inspections",
    "检查",
    Visit,
    columns(
        "id", "number", "kind", "begun_on", "ended_on", "places", "companion", "measures", "summary", "state",
        "opened_at", region="region_id", mine="mine_id", mine_name="mine__name", checklist="checklist__name",
    ),
    parts={
        "officers": Part("检查人员", VisitOfficer, "visit_id", columns("id", "certificate", name="officer__name")),
        "findings": Part(
            "检查结果", VisitResult, "visit_id",
            columns("id", "position", "section", "text", "basis", "is_own", "outcome", "words", "checked_at",
                    clause="clause_id", hazard="hazard_id"),
            ("position", "pk"), has_evidence=True,
        ),
        "documents": Part(
            "执法文书", Document, "visit_id", columns("id", "kind", "number", "state", "issued_on", "due_on")
        ),
    },
    filters=VisitFilter,
)  # fmt: skip

DOCUMENTS = Resource(
    "documents",
    "执法文书",
    Document,
    columns(
        "id", "kind", "year", "serial", "number", "facts", "demand", "due_on", "review_organ", "court", "state",
        "issued_on", "received_by", "received_on", "publish_by", "published_on", "published_at",
        region="region_id", inspection="visit_id", mine="visit__mine_id", follows="parent_id",
    ),
    parts={
        "hazards": Part(
            "所列隐患", DocumentHazard, "document_id",
            columns("id", "position", "text", "due_on", "outcome", hazard="hazard_id"), ("position", "pk"),
        ),
        "penalties": Part("罚款", Penalty, "document_id", columns("id", "subject", "name", "amount", "paid_on")),
    },
    derived={
        "is_late_to_publish": Derived("逾期未公示", ("state", "published_on", "publish_by"), Document.is_late_to_publish_on)
    },
    filters=DocumentFilter,
    has_evidence=True,
)  # fmt: skip
RESOURCES = (INSPECTIONS, DOCUMENTS)
