"""Campaigns and what they set; what each unit owes and reports; the documents they were read from."""

from tasks.models.assignments import Assignment, DeadlineExtension, DueItem, ProgressEntry
from tasks.models.campaigns import (
    Campaign,
    Deadline,
    Recurrence,
    ReportingDuty,
    Responsibility,
    Section,
    Stage,
    Target,
    TargetReading,
    Task,
)
from tasks.models.imports import PlanImport, ProgressImport
from tasks.models.reports import ProgressReport, ReportEntry, ReportFigure, ReportingRule

__all__ = [
    "Assignment",
    "Campaign",
    "Deadline",
    "DeadlineExtension",
    "DueItem",
    "PlanImport",
    "ProgressEntry",
    "ProgressImport",
    "ProgressReport",
    "Recurrence",
    "ReportEntry",
    "ReportFigure",
    "ReportingDuty",
    "ReportingRule",
    "Responsibility",
    "Section",
    "Stage",
    "Target",
    "TargetReading",
    "Task",
]
