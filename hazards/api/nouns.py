"""Hazards with what proves that they are gone, listings and catalogues, as other systems see them."""

from __future__ import annotations

from common.api import Derived, Part, Resource, as_property, columns
from hazards.filters import HazardFilter, ListingFilter, RiskFilter
from hazards.list_filters import MeasureFilter
from hazards.models import (
    Category,
    Clause,
    DoubleReport,
    Hazard,
    HazardExtension,
    HazardSuspension,
    Implementation,
    InstitutionalMeasure,
    Listing,
    ListingAcceptance,
    ListingExtension,
    MajorReport,
    MineArea,
    Rectification,
    Reinspection,
    ReinspectionOfficer,
    Risk,
    Standard,
    TreatmentPlan,
)

HAZARDS = Resource(
    "hazards",
    "隐患",
    Hazard,
    columns(
        "id", "number", "place", "description", "source", "found_on", "found_by", "proposed_level", "level",
        "level_reason", "measures", "responsible_unit", "responsible_person", "remark", "due_on", "state",
        "former_state", "returned_count", "rectified_on", "closed_on", "registered_at",
        region="region_id", mine="mine_id", mine_name="mine__name", task="task_id", area="area_id",
        clause="clause_id", clause_code="clause__code", standard="clause__standard_id",
    ),
    parts={
        "implementations": Part(
            "五落实", Implementation, "hazard_id",
            columns("id", "facet", "in_place", "since", "statement", "person", "duty", "planned", "spent", "until",
                    "confirmed_at", stated_by="stated_by__name", confirmed_by="confirmed_by__name"),
            has_evidence=True,
        ),
        "major_report": Part(
            "重大隐患报告", MajorReport, "hazard_id", columns("id", "present_state", "harm", "treatment", "made_at")
        ),
        "double_report": Part(
            "双报告", DoubleReport, "hazard_id",
            columns("id", "due_on", "regulator_on", "regulator_receipt", "congress_on", "congress_receipt"),
            has_evidence=True,
        ),
        "treatment_plan": Part(
            "治理方案", TreatmentPlan, "hazard_id",
            columns("id", "goals", "methods", "resources", "people", "schedule", "safety", "made_at"),
        ),
        "rectifications": Part(
            "整改", Rectification, "hazard_id",
            columns("id", "round", "statement", "done_on", "made_at", made_by="made_by__name"), ("round", "pk"),
            has_evidence=True,
        ),
        "reinspections": Part(
            "复查", Reinspection, "hazard_id",
            columns("id", "round", "on", "on_site", "result", "opinion", "recorded_at",
                    recorded_by="recorded_by__name"),
            ("round", "pk"), has_evidence=True,
        ),
        "reinspection_officers": Part(
            "复查人员", ReinspectionOfficer, "reinspection__hazard_id",
            columns(reinspection="reinspection_id", name="officer__name"),
        ),
        "extensions": Part(
            "延期申请", HazardExtension, "hazard_id",
            columns("id", "old_due_on", "new_due_on", "reason", "state", "requested_at", "decided_at",
                    requested_by="requested_by__name", decided_by="decided_by__name"),
        ),
        "suspensions": Part(
            "停产暂缓", HazardSuspension, "hazard_id",
            columns("id", "reason", "paper", "since", "resumed_on", "resumed_paper"), has_evidence=True,
        ),
    },
    derived={"is_overdue": Derived("已逾期", ("due_on", "state"), Hazard.is_overdue_on)},
    filters=HazardFilter,
    has_evidence=True,
    owner="mine",
)  # fmt: skip

LISTINGS = Resource(
    "listings",
    "挂牌督办",
    Listing,
    columns(
        "id", "level", "organ", "number", "listed_on", "due_on", "subject_unit", "subject", "requirement", "lifting",
        "other", "report_by", "reported_on", "publish_by", "published_on", "published_at", "state",
        "acceptance_asked_on", "accept_by", "failed_count", "escalated_on", "lifted_on", "lifting_number",
        hazard="hazard_id", hazard_number="hazard__number", mine="hazard__mine_id", region="region_id",
    ),
    parts={
        "extensions": Part(
            "延期申请", ListingExtension, "listing_id",
            columns("id", "old_due_on", "new_due_on", "reason", "answer_by", "state", "asked_on", "answered_on"),
        ),
        "acceptances": Part(
            "验收", ListingAcceptance, "listing_id", columns("id", "round", "on", "passed", "opinion"), ("round", "pk")
        ),
    },
    derived={"is_overdue": Derived("已逾期", ("due_on", "state"), as_property(Listing, "is_overdue"))},
    filters=ListingFilter,
    has_evidence=True,
)  # fmt: skip

STANDARDS = Resource(
    "standards",
    "判定标准",
    Standard,
    columns(
        "code", "name", "document_number", "issuer", "issued_on", "in_force_from", "in_force_until", "source_note"
    ),
    parts={
        "categories": Part("类别", Category, "standard_id", columns("id", "code", "title"), ("position", "pk")),
        "clauses": Part(
            "条款", Clause, "standard_id",
            columns("id", "code", "label", "official_text", "mine_types", "is_selectable", category="category__code",
                    parent="parent_id"),
            ("position", "pk"),
        ),
    },
)  # fmt: skip


RISKS = Resource(
    "risks",
    "安全风险",
    Risk,
    columns(
        "id", "name", "description", "level", "accident_types", "measures", "responsible_unit", "responsible_person",
        "review_on", "reviewed_on", "state", "created_at",
        region="region_id", area="area_id", area_name="area__name", mine="area__mine_id",
    ),
    derived={"is_overdue": Derived("逾期未复评", ("state", "review_on"), Risk.is_overdue_on)},
    filters=RiskFilter,
)  # fmt: skip

MEASURES = Resource(
    "measures",
    "制度措施",
    InstitutionalMeasure,
    columns(
        "id", "name", "gist", "responsible_units", "due_on", "document", "issued_on", "progress", "state", "created_at",
        region="region_id", campaign="campaign_id", lead_unit="lead_unit_id",
    ),
    derived={"is_overdue": Derived("已逾期", ("due_on", "state"), as_property(InstitutionalMeasure, "is_overdue"))},
    filters=MeasureFilter,
)  # fmt: skip

AREAS = Resource(
    "areas",
    "矿山区域",
    MineArea,
    columns("id", "name", "x", "y", "width", "height", mine="mine_id", mine_name="mine__name"),
    under="risks",
)

NOUNS = (HAZARDS, LISTINGS, STANDARDS, RISKS, AREAS, MEASURES)
