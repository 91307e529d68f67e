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

__all__ = [
    "FileConfirmation",
    "FileLine",
    "FileProposal",
    "GasGrade",
    "GradeRecord",
    "Licence",
    "Mine",
    "MineType",
    "ProductionSpan",
    "RockBurst",
    "SelfIgnition",
    "WaterGrade",
]
