"""Letters of supervision as other systems see them."""

from __future__ import annotations

from common.api import Part, Resource, columns
from supervision.filters import LetterFilter
from supervision.models import LetterReceipt, SupervisionLetter

LETTERS = Resource(
    "letters",
    "督办函件",
    SupervisionLetter,
    columns("id", "kind", "number", "title", "body", "state", "sent_on", "answer_by", organ="organ_id",
            region="region_id"),
    parts={
        "receipts": Part(
            "签收和答复", LetterReceipt, "letter_id",
            columns("id", "state", "signed_at", "answer", "answered_at", unit="unit_id"), has_evidence=True,
        )
    },
    filters=LetterFilter,
)  # fmt: skip
RESOURCES = (LETTERS,)
