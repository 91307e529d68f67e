"""The register of hazards, the catalogues it refers to, and what proves that a hazard is gone."""

from hazards.models.catalogue import Category, Clause, Standard
from hazards.models.imports import RegisterImport, RememberedHeading
from hazards.models.investigation import Investigation, Liability, Recommendation
from hazards.models.listing import Listing, ListingAcceptance, ListingExtension
from hazards.models.look_backs import LookBack
from hazards.models.measures import InstitutionalMeasure
from hazards.models.monthly import MonthlyFigures
from hazards.models.proofs import (
    DoubleReport,
    Facet,
    Implementation,
    MajorReport,
    Rectification,
    Reinspection,
    ReinspectionOfficer,
    TreatmentPlan,
)
from hazards.models.register import Hazard, HazardExtension, Level, Source
from hazards.models.risks import AccidentType, MineArea, Risk, RiskMap
from hazards.models.signs import PhotoPrint, Sign, StatementPrint
from hazards.models.tipoffs import Knock, TipOff, TipOffContact, TipOffOfficer, TipOffReward
from hazards.models.waiting import HandOver, HazardSuspension

__all__ = [
    "AccidentType",
    "Category",
    "Clause",
    "DoubleReport",
    "Facet",
    "HandOver",
    "Hazard",
    "HazardExtension",
    "HazardSuspension",
    "Implementation",
    "InstitutionalMeasure",
    "Investigation",
    "Knock",
    "Level",
    "Liability",
    "Listing",
    "ListingAcceptance",
    "ListingExtension",
    "LookBack",
    "MajorReport",
    "MineArea",
    "MonthlyFigures",
    "PhotoPrint",
    "Recommendation",
    "Rectification",
    "RegisterImport",
    "Reinspection",
    "ReinspectionOfficer",
    "RememberedHeading",
    "Risk",
    "RiskMap",
    "Sign",
    "Source",
    "Standard",
    "StatementPrint",
    "TipOff",
    "TipOffContact",
    "TipOffOfficer",
    "TipOffReward",
    "TreatmentPlan",
]
