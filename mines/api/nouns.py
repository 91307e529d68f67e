"""Mines and their standstills as other systems see them."""

from __future__ import annotations

from common.api import Part, Resource, columns
from mines.filters import SuspensionFilter
from mines.models import (
    AcceptanceItem,
    FileConfirmation,
    FileProposal,
    GradeRecord,
    KeyPost,
    Licence,
    Mine,
    ProductionSpan,
    RegionTarget,
    ResumptionSignature,
    Suspension,
    SuspensionList,
)

MINES = Resource(
    "mines",
    "矿山",
    Mine,
    columns(
        "mine_type", "mineral", "capacity", "mining_method", "gas_grade", "water_grade", "self_ignition",
        "rock_burst", "pond_grade", "address", "longitude", "latitude", "state", "state_since", "grade",
        unit="unit_id", name="unit__name", short_name="unit__short_name", region="unit__region_id",
        enterprise="unit__parent_id", credit_code="unit__credit_code", is_active="unit__is_active",
        supervising_unit="supervising_unit_id",
    ),
    parts={
        "licences": Part(
            "证照", Licence, "mine_id",
            columns("id", "kind", "number", "issuer", "issued_on", "expires_on", "is_current"),
        ),
        "posts": Part(
            "关键岗位", KeyPost, "mine_id",
            columns("id", "post", "name", "education", "major", "years", "years_needed", "certificate", "since", "until"),
            ("since", "pk"),
        ),
        "production": Part(
            "生产状态", ProductionSpan, "mine_id", columns("id", "state", "since", "paper", "note"), ("since", "pk")
        ),
        "grades": Part(
            "标准化等级", GradeRecord, "mine_id", columns("id", "grade", "since", "until", "body"), ("since", "pk")
        ),
        "confirmations": Part(
            "档案月度确认", FileConfirmation, "mine_id", columns("id", "month", "due_on", "confirmed_on", "note"),
            ("month", "pk"),
        ),
        "proposals": Part(
            "待核定的档案修改申请", FileProposal, "mine_id", columns("id", "changes", "reason", "made_at"),
            only={"state": "waiting"},
        ),
    },
    has_evidence=True,
)  # fmt: skip
SUSPENSIONS = Resource(
    "suspensions",
    "停产停建",
    Suspension,
    columns(
        "id", "kind", "reason", "since", "until", "measures", "paper", "state", "list_by", "announce_by", "announced_on",
        "requested_on", "request_words", "by_department", "accept_by", "accepted_on", "acceptors", "resumed_on",
        "resumption_announce_by", "resumption_announced_on",
        mine="mine_id", mine_name="mine__unit__name", region="mine__unit__region_id", owner="owner_id",
    ),
    parts={
        "acceptance": Part(
            "验收内容", AcceptanceItem, "suspension_id", columns("id", "position", "text", "passed", "note"),
            ("position", "pk"),
        ),
        "signatures": Part(
            "复产签字", ResumptionSignature, "suspension_id", columns("id", "office", "name", "signed_on", "recorded_at")
        ),
    },
    filters=SuspensionFilter,
    has_evidence=True,
)  # fmt: skip
SUSPENSION_LISTS = Resource(
    "suspension-lists",
    "停产停建矿山名单",
    SuspensionList,
    columns("id", "number", "made_on", "sent_on", "sent_to", "receipt", region="region_id"),
    parts={
        "suspensions": Part(
            "名单上的停产停建", Suspension, "listed_in_id",
            columns("id", "kind", "since", "state", mine="mine_id", mine_name="mine__unit__name"),
        )
    },
    under="suspensions",
)  # fmt: skip
MINE_TARGETS = Resource(
    "mine-targets",
    "年度指标",
    RegionTarget,
    columns("id", "year", "subject", "value", "source", "set_at", region="region_id"),
    under="mines",
)
NOUNS = (MINES, SUSPENSIONS, SUSPENSION_LISTS, MINE_TARGETS)
