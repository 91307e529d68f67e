"""What happens beside the way of a hazard, as other systems see it: extensions, hand-overs, looks back, tip-offs.

Who told a tip-off is not here at all: it is read on its page, by two people, each time with a purpose.
"""

from __future__ import annotations

from common.api import Derived, Part, Resource, as_property, columns
from hazards.filters import HandOverFilter, HazardExtensionFilter, LookBackFilter, SignFilter, TipOffFilter
from hazards.models import (
    HandOver,
    HazardExtension,
    Investigation,
    Liability,
    LookBack,
    MonthlyFigures,
    Recommendation,
    Sign,
    TipOff,
    TipOffReward,
)

OF_HAZARD = {"hazard": "hazard_id", "hazard_number": "hazard__number", "mine": "hazard__mine_id"}
"""Which hazard a record is about, and of which mine."""

EXTENSIONS = Resource(
    "hazard-extensions",
    "隐患延期申请",
    HazardExtension,
    columns(
        "id", "old_due_on", "new_due_on", "reason", "state", "requested_at", "decided_at",
        **OF_HAZARD, requested_by="requested_by__name", decided_by="decided_by__name",
    ),
    filters=HazardExtensionFilter,
    under="hazards",
)  # fmt: skip

HAND_OVERS = Resource(
    "hand-overs",
    "隐患移送",
    HandOver,
    columns(
        "id", "receiver", "letter", "reason", "sent_on", "received_on", "receipt", "treatment", "treatment_on",
        "outcome", "answered_on", "answer", "answer_paper",
        **OF_HAZARD, place="hazard__place", description="hazard__description",
        found_on="hazard__found_on", due_on="hazard__due_on", mine_name="hazard__mine__name",
        unit="unit_id", sent_by="sent_by__name", ended_by="ended_by__name",
    ),
    filters=HandOverFilter,
    has_evidence=True,
    history="hazard",
)  # fmt: skip

INVESTIGATIONS = Resource(
    "investigations",
    "重大隐患调查",
    Investigation,
    columns(
        "id", "team", "begun_on", "facts", "direct_cause", "managerial_cause", "conclusion", "state", "number",
        "signed_on", **OF_HAZARD,
        written_by="written_by__name", signed_by="signed_by__name",
    ),
    parts={
        "liabilities": Part(
            "责任认定", Liability, "investigation_id", columns("id", "name", "post", "kind", "fault", "handling")
        ),
        "recommendations": Part(
            "整改建议", Recommendation, "investigation_id",
            columns("id", "text", "due_on", unit="unit_id", measure="measure_id"),
        ),
    },
    has_evidence=True,
    under="hazards",
)  # fmt: skip

LOOK_BACKS = Resource(
    "look-backs",
    "回头看",
    LookBack,
    columns(
        "id", "reason", "due_on", "ordered_at", "on", "holds", "opinion",
        **OF_HAZARD, sign="sign_id",
        ordered_by="ordered_by__name",
    ),
    parts={"officers": Part("回头看人员", LookBack.officers.through, "lookback_id", columns(name="user__name"))},
    derived={"is_overdue": Derived("已逾期", ("on", "due_on"), as_property(LookBack, "is_overdue"))},
    filters=LookBackFilter,
    has_evidence=True,
)  # fmt: skip

SIGNS = Resource(
    "signs",
    "整改疑点",
    Sign,
    columns(
        "id", "kind", "words", "found_at", "verdict", "verdict_words", "judged_at",
        **OF_HAZARD, other_hazard="other_hazard_id",
        evidence="evidence__public_id", other_evidence="other_evidence__public_id", judged_by="judged_by__name",
    ),
    filters=SignFilter,
)  # fmt: skip

TIP_OFFS = Resource(
    "tip-offs",
    "举报",
    TipOff,
    columns(
        "id", "number", "channel", "mine_name", "place", "happened", "description", "received_at", "verify_by",
        "answer_by", "state", "finding", "finding_words", "verified_on", "handling", "handled_on", "handed_to",
        "answer", "answered_on", "accountability", region="region_id", mine="mine_id", hazard="hazard_id",
        verified_by="verified_by__name",
    ),
    parts={
        "rewards": Part(
            "举报奖励", TipOffReward, "tip_off_id",
            columns("id", "amount", "basis", "state", "proposed_at", "decided_at", "paid_on",
                    proposed_by="proposed_by__name", decided_by="decided_by__name"),
        )
    },
    derived={
        "is_overdue": Derived("已逾期", ("state", "verify_by", "answer_by"), as_property(TipOff, "is_overdue"))
    },
    filters=TipOffFilter,
    has_evidence=True,
)  # fmt: skip

MONTHLY_FIGURES = Resource(
    "monthly-figures",
    "隐患月报数字",
    MonthlyFigures,
    columns(
        "id", "year", "month", "edition", "figures", "closed_at", "reopened_at", "reopen_reason", region="region_id",
        closed_by="closed_by__name", reopened_by="reopened_by__name",
    ),
)  # fmt: skip

ASIDE = (EXTENSIONS, HAND_OVERS, INVESTIGATIONS, LOOK_BACKS, SIGNS, TIP_OFFS, MONTHLY_FIGURES)
