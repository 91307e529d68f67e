"""A plan on its way to a campaign: what a person may correct in it, as pure functions over plain data.

A draft has the shape of the plan that the reader writes, and more: every task carries a `key` that never changes, the
`v` of the import at which it was last changed, where its words stand in the source (`spans`), the number of the read
task that it came from (`origin`), and `dropped` when a person struck it out. Nothing is taken out of a draft.
"""

from .changes import (
    AddTask,
    Change,
    DropTask,
    EditHead,
    EditOutline,
    EditTask,
    MergeTask,
    ResetTask,
    SettleWarning,
    SplitTask,
    UndropTask,
)
from .shape import (
    HEAD,
    HEAD_FIELDS,
    LABELS,
    OUTLINE,
    TASK_FIELDS,
    Draft,
    Item,
    draft_of,
    is_changed,
    living_tasks,
    name_of,
    next_task,
    plan_of,
    read_task,
    task_at,
)
from .words import cut_spans, free_id, join_words, summary_of

__all__ = [
    "HEAD",
    "HEAD_FIELDS",
    "LABELS",
    "OUTLINE",
    "TASK_FIELDS",
    "AddTask",
    "Change",
    "Draft",
    "DropTask",
    "EditHead",
    "EditOutline",
    "EditTask",
    "Item",
    "MergeTask",
    "ResetTask",
    "SettleWarning",
    "SplitTask",
    "UndropTask",
    "cut_spans",
    "draft_of",
    "free_id",
    "is_changed",
    "join_words",
    "living_tasks",
    "name_of",
    "next_task",
    "plan_of",
    "read_task",
    "summary_of",
    "task_at",
]
