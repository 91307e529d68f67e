"""Short ways to read a text in a test and to look at what came out."""

from __future__ import annotations

from tasks.plans.document import Document, Span
from tasks.plans.formats import open_text
from tasks.plans.model import Plan, Task
from tasks.plans.reader import read_plan


def read(text: str) -> Plan:
    return read_plan(open_text(text))


def only(plan: Plan) -> Task:
    (task,) = plan.leaves()
    return task


def units_of(task: Task) -> list[str]:
    """lead:县应急局 for each body, with the name that is put back where the list is a short one."""
    return [f"{unit.role}:{unit.expanded or unit.name}" for unit in task.units]


def due(task: Task) -> list[str]:
    """2025-12-31 or ongoing, with >scope where only a part is due."""
    return [
        (deadline.date.isoformat() if deadline.date else deadline.kind)
        + (f">{deadline.scope}" if deadline.scope else "")
        for deadline in task.deadlines
    ]


def words(document: Document, spans: tuple[Span, ...]) -> str:
    """What the document prints at the spans, without white space."""
    return "".join("".join(document.blocks[span.block].text[span.start : span.end] for span in spans).split())
