"""Campaigns and what they set; what each unit owes; the documents they were read from."""

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

__all__ = [
    "Assignment",
    "Campaign",
    "Deadline",
    "DeadlineExtension",
    "DueItem",
    "PlanImport",
    "ProgressEntry",
    "ProgressImport",
    "Recurrence",
    "ReportingDuty",
    "Responsibility",
    "Section",
    "Stage",
    "Target",
    "TargetReading",
    "Task",
]
