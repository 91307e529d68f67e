"""Who may see the evidence of this app: whoever sees the visit that it belongs to."""

from __future__ import annotations

from typing import Any

from common.evidence import register_evidence_access
from inspections.models import Clue, Document, VisitResult


def may_see_result(user: Any, key: str) -> bool:
    seen: bool = VisitResult.objects.visible_to(user).filter(pk=key).exists()
    return seen


def may_see_document(user: Any, key: str) -> bool:
    seen: bool = Document.objects.visible_to(user).filter(pk=key).exists()
    return seen


def may_see_clue(user: Any, key: str) -> bool:
    seen: bool = Clue.objects.visible_to(user).filter(pk=key).exists()
    return seen


def register_access() -> None:
    register_evidence_access(Clue, may_see_clue)
    register_evidence_access(Document, may_see_document)
    register_evidence_access(VisitResult, may_see_result)
