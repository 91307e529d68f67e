"""Campaigns: `running` makes, closes and opens them again, `writing` writes the paper down, `responsibilities` says who owes what."""

from tasks.services.campaigns.responsibilities import (
    ROLE_ORDER,
    Printed,
    assign,
    blanket_units,
    match_responsibility,
    write_responsibilities,
)
from tasks.services.campaigns.running import check_runs_campaigns, close_campaign, create_campaign, reopen_campaign
from tasks.services.campaigns.writing import (
    CHUNK,
    Matches,
    Plan,
    Sections,
    Targets,
    day,
    deadline_text,
    head_fields,
    number,
    task_fields,
    write_deadlines,
    write_outline,
    write_tasks,
)

__all__ = [
    "CHUNK",
    "ROLE_ORDER",
    "Matches",
    "Plan",
    "Printed",
    "Sections",
    "Targets",
    "assign",
    "blanket_units",
    "check_runs_campaigns",
    "close_campaign",
    "create_campaign",
    "day",
    "deadline_text",
    "head_fields",
    "match_responsibility",
    "number",
    "reopen_campaign",
    "task_fields",
    "write_deadlines",
    "write_outline",
    "write_responsibilities",
    "write_tasks",
]
