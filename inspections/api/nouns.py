"""Visits, what they are planned and made by, and what follows from them, as other systems see them."""

from __future__ import annotations

from common.api import Derived, Part, Resource, as_property, columns
from inspections.filters import (
    CertificateFilter,
    ChecklistFilter,
    ClueFilter,
    DocumentFilter,
    GroupFilter,
    PlanFilter,
    PlannedFilter,
    VisitFilter,
)
from inspections.models import (
    Certificate,
    Checklist,
    ChecklistItem,
    Clue,
    CoverageRule,
    Document,
    DocumentHazard,
    DrawnHazard,
    InspectionPlan,
    LookBackDraw,
    Measure,
    PatrolGroup,
    Penalty,
    PlannedVisit,
    Visit,
    VisitOfficer,
    VisitResult,
)

INSPECTIONS = Resource(
    "inspections",
    "检查",
    Visit,
    columns(
        "id", "number", "kind", "begun_on", "ended_on", "places", "companion", "measures", "summary", "state",
        "opened_at", "is_full", region="region_id", mine="mine_id", mine_name="mine__name",
        checklist="checklist__name", group="group__name", planned_visit="planned_id",
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
    inside=("planned_visit",),
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
        "measures": Part("处理措施", Measure, "document_id", columns("id", "kind", "quantity")),
    },
    derived={
        "is_late_to_publish": Derived("逾期未公示", ("state", "published_on", "publish_by"), Document.is_late_to_publish_on)
    },
    filters=DocumentFilter,
    has_evidence=True,
)  # fmt: skip
CHECKLISTS = Resource(
    "checklists",
    "检查表",
    Checklist,
    columns("id", "name", "version", "mine_type", "state", "made_at", region="region_id"),
    parts={
        "items": Part(
            "检查项", ChecklistItem, "checklist_id",
            columns("id", "position", "section", "text", "basis", clause="clause_id"), ("position", "pk"),
        )
    },
    filters=ChecklistFilter,
)  # fmt: skip

OFFICERS = Resource(
    "officers",
    "执法人员",
    Certificate,
    columns("id", "number", "valid_until", name="officer__name", unit="officer__unit_id"),
    filters=CertificateFilter,
)

PLANS = Resource(
    "inspection-plans",
    "检查计划",
    InspectionPlan,
    columns("id", "year", "begins_on", "words", "paper", "state", "made_at", region="region_id"),
    parts={
        "rules": Part(
            "检查覆盖要求", CoverageRule, "plan_id",
            columns("id", "position", "mine_types", "kinds", "period", "times", "full", "source", group="group_id"),
            ("position", "pk"),
        )
    },
    filters=PlanFilter,
)  # fmt: skip

GROUPS = Resource(
    "patrol-groups",
    "检查小组",
    PatrolGroup,
    columns("id", "name", "is_active", region="region_id"),
    parts={
        "members": Part("成员", PatrolGroup.members.through, "patrolgroup_id", columns(name="user__name")),
        "mines": Part(
            "包保矿山", PatrolGroup.mines.through, "patrolgroup_id", columns(mine="unit_id", name="unit__name")
        ),
    },
    filters=GroupFilter,
    under="inspection-plans",
)

PLANNED = Resource(
    "planned-visits",
    "计划检查",
    PlannedVisit,
    columns(
        "id", "kind", "begins_on", "due_on", "reason", "state", "planned_at",
        region="region_id", mine="mine_id", mine_name="mine__name", plan="plan_id", group="group_id",
    ),
    parts={"visits": Part("为它做的检查", Visit, "planned_id", columns("id", "number", "state", "begun_on"))},
    filters=PlannedFilter,
    under="inspection-plans",
)  # fmt: skip

DRAWS = Resource(
    "look-back-draws",
    "回头看抽查",
    LookBackDraw,
    columns(
        "id", "closed_from", "closed_until", "random_count", "risk_count", "due_on", "method", "seed", "digest",
        "drawn_at", region="region_id", drawn_by="drawn_by__name",
    ),
    parts={
        "drawn": Part(
            "抽中的隐患", DrawnHazard, "draw_id",
            columns("id", "rank", "how", "points", look_back="look_back_id", hazard="look_back__hazard_id"),
            ("rank", "pk"),
        )
    },
    under="look-backs",
)  # fmt: skip

CLUES = Resource(
    "clues",
    "线索移送",
    Clue,
    columns(
        "id", "number", "subject", "facts", "basis", "receiver_name", "state", "drafted_at", "sent_on", "answer_by",
        "received_on", "received_by", "answered_on", "outcome", "answer",
        region="region_id", inspection="visit_id", receiver="receiver_id",
        drafted_by="drafted_by__name", sent_by="sent_by__name",
    ),
    derived={"is_overdue": Derived("逾期未答复", ("state", "answer_by"), as_property(Clue, "is_overdue"))},
    filters=ClueFilter,
    has_evidence=True,
    inside=("inspection",),
)  # fmt: skip
RESOURCES = (INSPECTIONS, DOCUMENTS, CHECKLISTS, OFFICERS, PLANS, GROUPS, PLANNED, DRAWS, CLUES)
