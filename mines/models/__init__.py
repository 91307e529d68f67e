"""One mine, one file."""

from mines.models.contractors import Contractor, ContractorCheck
from mines.models.credit import CreditMark
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
from mines.models.ground import HiddenCause, PhaseOut
from mines.models.leaders import LeaderAct, ResponsibleLeader
from mines.models.lines import FileLine, GradeRecord, Licence
from mines.models.people import KeyPost
from mines.models.safety import Accident, MonthlyOutput, RegionTarget
from mines.models.suspension import AcceptanceItem, ResumptionSignature, Suspension, SuspensionList

__all__ = [
    "AcceptanceItem",
    "Accident",
    "Contractor",
    "ContractorCheck",
    "CreditMark",
    "FileConfirmation",
    "FileLine",
    "FileProposal",
    "GasGrade",
    "GradeRecord",
    "HiddenCause",
    "KeyPost",
    "LeaderAct",
    "Licence",
    "Mine",
    "MineType",
    "MonthlyOutput",
    "PhaseOut",
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
