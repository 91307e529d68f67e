"""Who may see the evidence of this app: whoever sees the hazard that it is about."""

from __future__ import annotations

from typing import Any

from common.evidence import register_evidence_access
from hazards.models import (
    DoubleReport,
    HandOver,
    Hazard,
    HazardSuspension,
    Implementation,
    Investigation,
    Listing,
    LookBack,
    Rectification,
    RegisterImport,
    Reinspection,
    RiskMap,
    TipOff,
)
from units.models import Unit


def may_see_hazard(user: Any, key: str) -> bool:
    """Whether the hazard is in the user's sight, or was handed over to the user's department."""
    seen: bool = Hazard.objects.visible_to(user).filter(pk=key).exists()
    return seen or HandOver.objects.visible_to(user).filter(hazard__pk=key).exists()


def may_see_hand_over(user: Any, key: str) -> bool:
    seen: bool = HandOver.objects.visible_to(user).filter(pk=key).exists()
    return seen


def may_see_import(user: Any, key: str) -> bool:
    """Whether the file was handed in by the user's own unit."""
    seen: bool = RegisterImport.objects.visible_to(user).filter(pk=key).exists()
    return seen


def may_see_investigation(user: Any, key: str) -> bool:
    seen: bool = Investigation.objects.visible_to(user).filter(pk=key).exists()
    return seen


def may_see_map(user: Any, key: str) -> bool:
    """Whether the mine whose drawing it lies behind is in the user's sight."""
    seen: bool = Unit.objects.visible_to(user).filter(pk=key).exists()
    return seen


def may_see_tip_off(user: Any, key: str) -> bool:
    seen: bool = TipOff.objects.visible_to(user).filter(pk=key).exists()
    return seen


def register_access() -> None:
    register_evidence_access(RiskMap, may_see_map)
    register_evidence_access(TipOff, may_see_tip_off)
    register_evidence_access(Hazard, may_see_hazard)
    register_evidence_access(HandOver, may_see_hand_over)
    register_evidence_access(RegisterImport, may_see_import)
    register_evidence_access(Investigation, may_see_investigation)
    for model in (
        DoubleReport,
        HazardSuspension,
        Implementation,
        Listing,
        LookBack,
        Rectification,
        Reinspection,
    ):
        register_evidence_access(model, _through_hazard(model))


def _through_hazard(model: Any) -> Any:
    def may_see(user: Any, key: str) -> bool:
        seen: bool = model.objects.filter(pk=key, hazard__in=Hazard.objects.visible_to(user)).exists()
        return seen

    return may_see
