"""Mines as other systems see them."""

from __future__ import annotations

from common.api import Part, Resource, columns
from mines.models import GradeRecord, Licence, Mine, ProductionSpan

MINES = Resource(
    "mines",
    "矿山",
    Mine,
    columns(
        "mine_type", "mineral", "capacity", "mining_method", "gas_grade", "water_grade", "self_ignition",
        "rock_burst", "pond_grade", "address", "longitude", "latitude", "state", "state_since", "grade",
        unit="unit_id", name="unit__name", short_name="unit__short_name", region="unit__region_id",
        enterprise="unit__parent_id", credit_code="unit__credit_code", is_active="unit__is_active",
    ),
    parts={
        "licences": Part(
            "证照", Licence, "mine_id",
            columns("id", "kind", "number", "issuer", "issued_on", "expires_on", "is_current"),
        ),
        "production": Part(
            "生产状态", ProductionSpan, "mine_id", columns("id", "state", "since", "paper", "note"), ("since", "pk")
        ),
        "grades": Part(
            "标准化等级", GradeRecord, "mine_id", columns("id", "grade", "since", "until", "body"), ("since", "pk")
        ),
    },
)  # fmt: skip
RESOURCES = (MINES,)
