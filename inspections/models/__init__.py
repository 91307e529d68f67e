"""Visits to mines: by which checklist, by whom, what was seen, and what followed."""

from inspections.models.checklists import Checklist, ChecklistItem
from inspections.models.clues import Clue
from inspections.models.documents import Document, DocumentHazard, Measure, Penalty
from inspections.models.draws import DrawnHazard, LookBackDraw
from inspections.models.field import FieldEntry
from inspections.models.plans import CoverageRule, InspectionPlan, PatrolGroup, PlannedVisit, VisitKind
from inspections.models.visits import Certificate, Outcome, Visit, VisitOfficer, VisitResult

__all__ = [
    "Certificate",
    "Checklist",
    "ChecklistItem",
    "Clue",
    "CoverageRule",
    "Document",
    "DocumentHazard",
    "DrawnHazard",
    "FieldEntry",
    "InspectionPlan",
    "LookBackDraw",
    "Measure",
    "Outcome",
    "PatrolGroup",
    "Penalty",
    "PlannedVisit",
    "Visit",
    "VisitKind",
    "VisitOfficer",
    "VisitResult",
]
