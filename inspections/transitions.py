"""The legal moves of checklists and visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.transitions import Move, Moves
from units.rules import rule

if TYPE_CHECKING:
    from inspections.models import Checklist, Visit
    from units.models import User


def has_items(checklist: Checklist, user: User) -> str | None:
    return None if checklist.items.exists() else "检查表里还没有检查项。"


def enough_officers(visit: Visit, user: User) -> str | None:
    needed = rule("visit_officers", visit.region_id)
    there = visit.officers.count()
    return None if there >= needed else f"检查人员至少{needed}人，现有{there}人。"


def everything_looked_at(visit: Visit, user: User) -> str | None:
    left = visit.results.filter(outcome="").count()
    return f"还有{left}项没有填写结果；没有检查的请选“不涉及”。" if left else None


def faults_registered(visit: Visit, user: User) -> str | None:
    left = visit.results.unregistered().count()
    return f"还有{left}项不合格没有登记为隐患。" if left else None


def summary_written(visit: Visit, user: User) -> str | None:
    return None if visit.summary.strip() else "还没有写检查情况，请在“修改”里填写。"


def nothing_followed(visit: Visit, user: User) -> str | None:
    return "检查发现的隐患已经登记，这次检查不能作废。" if visit.results.filter(hazard__isnull=False).exists() else None


CHECKLIST_MOVES: Moves = {
    ("drafting", "issue"): Move("in_use", "启用", ("bureau",), (has_items,), style="primary"),
    ("in_use", "retire"): Move("retired", "停用", ("bureau",), style="danger"),
}

VISIT_MOVES: Moves = {
    ("running", "finish"): Move(
        "finished", "完成检查", ("officer", "bureau"),
        (enough_officers, everything_looked_at, faults_registered, summary_written), style="primary",
    ),
    ("running", "void"): Move("void", "作废", ("bureau",), (nothing_followed,), needs_note=True, style="danger"),
    ("finished", "reopen"): Move("running", "重新打开", ("bureau",), needs_note=True),
}  # fmt: skip
