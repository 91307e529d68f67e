"""Campaigns, what they set and what each unit owes, as other systems see them."""

from __future__ import annotations

from common.api import Derived, Part, Resource, Told, columns
from tasks.api.drafts import NameTold, names_in
from tasks.api.sheets import SheetTold, sheet_of
from tasks.filters import AssignmentFilter, DueItemFilter, ExtensionFilter, ReportFilter
from tasks.models import (
    Assignment,
    Campaign,
    Deadline,
    DeadlineExtension,
    DueItem,
    PlanImport,
    ProgressEntry,
    ProgressReport,
    Recurrence,
    ReportEntry,
    ReportFigure,
    ReportingDuty,
    ReportingRule,
    Responsibility,
    Section,
    Stage,
    Target,
    TargetReading,
    Task,
)

CAMPAIGNS = Resource(
    "campaigns",
    "专项行动",
    Campaign,
    columns(
        "id", "title", "document_number", "issuer", "issued_on", "start", "end", "level", "state",
        "protection_measures", "note", region="region_id",
    ),
    parts={
        "stages": Part(
            "阶段", Stage, "campaign_id", columns("id", "position", "name", "start", "end", "text"), ("position", "pk")
        ),
        "sections": Part(
            "章节", Section, "campaign_id", columns("id", "position", "depth", "title", parent="parent_id"),
            ("position", "pk"),
        ),
        "reporting_duties": Part(
            "报送要求", ReportingDuty, "campaign_id",
            columns("id", "position", "what", "reporter", "receiver", "every", "due", "text"), ("position", "pk"),
        ),
    },
)  # fmt: skip

TASKS = Resource(
    "tasks",
    "任务",
    Task,
    columns(
        "id", "position", "ref", "number", "title", "text", "responsibility_text", "deadline_text", "is_parent",
        "is_ongoing", "units_open", "withdrawn_on", campaign="campaign_id", section="section_id", parent="parent_id",
    ),
    parts={
        "responsibilities": Part(
            "责任单位（原文）", Responsibility, "task_id",
            columns("id", "position", "printed_name", "expanded", "role", "is_collective", "is_blanket",
                    unit="unit_id", group="group_id"),
            ("position", "pk"),
        ),
        # A day that was set for one unit alone is told with that unit's due items.
        "deadlines": Part(
            "完成时限", Deadline, "task_id",
            columns("id", "kind", "date", "text", "scope", "quantity", "quantity_unit", "comparator"),
            only={"assignment__isnull": True},
        ),
        "recurrences": Part("周期要求", Recurrence, "task_id", columns("id", "every", "times", "text", "begins_on")),
    },
)  # fmt: skip

ASSIGNMENTS = Resource(
    "assignments",
    "责任事项",
    Assignment,
    columns(
        "id", "role", "printed_name", "state", "is_ongoing", "percent", "summary", "begins_on", "due_on",
        "submitted_at", "done_on", "returned_count", "withdrawn_on",
        campaign="campaign_id", task="task_id", unit="unit_id", unit_name="unit__name", region="region_id",
    ),
    parts={
        "progress": Part(
            "进展记录", ProgressEntry, "assignment_id",
            columns("id", "percent", "text", "created_at", due_item="due_item_id", created_by="created_by__name"),
            has_evidence=True,
        )
    },
    derived={"is_overdue": Derived("已逾期", ("due_on", "state", "withdrawn_on"), Assignment.is_overdue_on)},
    filters=AssignmentFilter,
)  # fmt: skip

DUE_ITEMS = Resource(
    "due-items",
    "到期事项",
    DueItem,
    columns(
        "id", "period", "label", "due_on", "state", "reported_at", assignment="assignment_id",
        unit="assignment__unit_id", campaign="assignment__campaign_id", task="assignment__task_id",
    ),
    filters=DueItemFilter,
)  # fmt: skip

TARGETS = Resource(
    "targets",
    "目标",
    Target,
    columns(
        "id", "position", "text", "indicator", "value", "unit", "comparator", "by", campaign="campaign_id",
        task="task_id",
    ),
    parts={
        "readings": Part("读数", TargetReading, "target_id", columns("id", "on", "value", "is_met", "note"), ("on", "pk"))
    },
)  # fmt: skip

REPORTS = Resource(
    "reports",
    "报告",
    ProgressReport,
    columns(
        "id", "period", "label", "starts", "ends", "due_on", "version", "correction_reason", "state", "progress",
        "problems", "plans", "signed_for", "signed_at", "submitted_at", "first_submitted_at", "returned_count",
        campaign="campaign_id", rule="rule_id", kind="rule__kind", unit="unit_id", unit_name="unit__name",
        region="region_id", replaces="replaces_id",
    ),
    parts={
        "entries": Part(
            "任务进展", ReportEntry, "report_id",
            columns("id", "state", "percent", "text", "remark", assignment="assignment_id"), has_evidence=True,
        ),
        "figures": Part(
            "数据", ReportFigure, "report_id",
            columns("id", "key", "label", "computed", "stated", "reason", "remark"), ("position", "pk"),
        ),
    },
    told={"sheet": Told("填报用：现在各行、各数字是什么，还缺什么", SheetTold, sheet_of)},
    filters=ReportFilter,
    has_evidence=True,
)  # fmt: skip

PLAN_IMPORTS = Resource(
    "plan-imports",
    "方案草稿",
    PlanImport,
    columns(
        "id", "name", "sha256", "state", "error", "version", "created_at", "updated_at",
        region="region_id", campaign="campaign_id", revises="revises_id",
    ),
    told={"names": Told("印出的单位名称，对应了没有", NameTold, names_in, many=True)},
)  # fmt: skip

EXTENSIONS = Resource(
    "due-item-extensions",
    "延期申请",
    DeadlineExtension,
    columns(
        "id", "old_due_on", "new_due_on", "reason", "state", "requested_at", "decided_at",
        due_item="due_item_id", assignment="due_item__assignment_id", unit="due_item__assignment__unit_id",
        requested_by="requested_by__name", decided_by="decided_by__name",
    ),
    filters=ExtensionFilter,
    under="due-items",
)  # fmt: skip

REPORTING_RULES = Resource(
    "reporting-rules",
    "报送规则",
    ReportingRule,
    columns(
        "id", "kind", "title", "due_day", "months_after", "on_day_off", "opens_days", "begins_on", "ends_on", "source",
        campaign="campaign_id", group="group_id", receiver="receiver_id",
    ),
    under="reports",
)  # fmt: skip

RESOURCES = (
    CAMPAIGNS, TASKS, ASSIGNMENTS, DUE_ITEMS, EXTENSIONS, TARGETS, REPORTING_RULES, REPORTS, PLAN_IMPORTS,
)  # fmt: skip
