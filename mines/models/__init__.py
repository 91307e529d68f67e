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
from mines.models.leaders import LeaderAct, ResponsibleLeader
from mines.models.lines import FileLine, GradeRecord, Licence
from mines.models.people import KeyPost
from mines.models.safety import Accident, MonthlyOutput, RegionTarget
from mines.models.suspension import AcceptanceItem, ResumptionSignature, Suspension, SuspensionList

__all__ = [
    "AcceptanceItem",
    "Accident",
    "FileConfirmation",
    "FileLine",
    "FileProposal",
    "GasGrade",
    "GradeRecord",
    "KeyPost",
    "LeaderAct",
    "Licence",
    "Mine",
    "MineType",
    "MonthlyOutput",
    "ProductionSpan",
    "RegionTarget",
    "ResponsibleLeader",
    "ResumptionSignature",
    "RockBurst",
    "SelfIgnition",
    "Suspension",
    "SuspensionList",
    "WaterGrade",
]
