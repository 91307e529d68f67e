"""Who may see the evidence of this app: whoever sees the letter, or the receipt, that it is about."""

from __future__ import annotations

from typing import Any

from common.evidence import register_evidence_access
from supervision.models import LetterReceipt, SupervisionLetter


def _through(model: Any) -> Any:
    def may_see(user: Any, key: str) -> bool:
        seen: bool = model.objects.visible_to(user).filter(pk=key).exists()
        return seen

    return may_see


def register_letter_access() -> None:
    for model in (SupervisionLetter, LetterReceipt):
        register_evidence_access(model, _through(model))
