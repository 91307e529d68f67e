"""What the preview of an import shows: the source as paragraphs and tables, and the draft as a tree.

Everything is plain data made in one pass, so that a plan of 300 tasks costs one query and little more than its words.
"""

from .head import counts, due_words, head_facts, outline, outline_part
from .nodes import AT_ONCE, ROLES, ShownTask, deadline_words, recurrence_words, shown_task, tree
from .source import source_parts
from .spans import places
from .warnings import shown_warnings, warned_keys

__all__ = [
    "AT_ONCE",
    "ROLES",
    "ShownTask",
    "counts",
    "deadline_words",
    "due_words",
    "head_facts",
    "outline",
    "outline_part",
    "places",
    "recurrence_words",
    "shown_task",
    "shown_warnings",
    "source_parts",
    "tree",
    "warned_keys",
]
