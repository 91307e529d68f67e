"""Who may see the evidence of this app: whoever sees the letter, the receipt or the minutes that it is about."""

from __future__ import annotations

from typing import Any

from common.evidence import register_evidence_access
from supervision.models import LetterReceipt, Meeting, SupervisionLetter


def _through(model: Any) -> Any:
    def may_see(user: Any, key: str) -> bool:
        seen: bool = model.objects.visible_to(user).filter(pk=key).exists()
        return seen

    return may_see


def may_see_minutes(user: Any, key: str) -> bool:
    """Minutes are for the readers of the region; a unit is told what was decided for it."""
    seen: bool = user.reads_region and Meeting.objects.visible_to(user).filter(pk=key).exists()
    return seen


def register_letter_access() -> None:
    register_evidence_access(Meeting, may_see_minutes)
    for model in (SupervisionLetter, LetterReceipt):
        register_evidence_access(model, _through(model))
