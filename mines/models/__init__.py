"""One mine, one file."""

from mines.models.file import (
    FileConfirmation,
    FileProposal,
    GasGrade,
    Mine,
    MineType,
    ProductionSpan,
    RockBurst,
    SelfIgnition,
    WaterGrade,
)
from mines.models.lines import FileLine, GradeRecord, Licence
from mines.models.people import KeyPost
from mines.models.suspension import AcceptanceItem, ResumptionSignature, Suspension, SuspensionList

__all__ = [
    "AcceptanceItem",
    "FileConfirmation",
    "FileLine",
    "FileProposal",
    "GasGrade",
    "GradeRecord",
    "KeyPost",
    "Licence",
    "Mine",
    "MineType",
    "ProductionSpan",
    "ResumptionSignature",
    "RockBurst",
    "SelfIgnition",
    "Suspension",
    "SuspensionList",
    "WaterGrade",
]
