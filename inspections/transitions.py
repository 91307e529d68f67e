"""The legal moves of checklists, visits and enforcement documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from common.transitions import Move, Moves
from units.rules import rule

if TYPE_CHECKING:
    from inspections.models import Checklist, Document, InspectionPlan, PlannedVisit, Visit
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


def look_backs_decided(visit: Visit, user: User) -> str | None:
    left = visit.results.filter(look_back__isnull=False, outcome="na").count()
    return f"还有{left}条回头看选了“不涉及”，请现场核对后选合格或不合格。" if left else None


def summary_written(visit: Visit, user: User) -> str | None:
    return None if visit.summary.strip() else "还没有写检查情况，填写后才能完成检查。"


def no_documents(visit: Visit, user: User) -> str | None:
    if visit.documents.exclude(state="void").exists():
        return "这次检查已经有执法文书，不能重新打开或作废。"
    return None


def visit_finished(document: Document, user: User) -> str | None:
    return "检查还没有完成，完成后才能签发文书。" if document.visit.state != "finished" else None


def two_officers(document: Document, user: User) -> str | None:
    return enough_officers(document.visit, user)


def parent_in_force(document: Document, user: User) -> str | None:
    """The order of the kinds: what a document follows is approved, and nothing it has to wait for is open."""
    rules = document.rules
    if not rules.after:
        return None
    parent = document.parent
    if parent is None or parent.kind not in rules.after or not parent.in_force:
        return f"前一份文书还没有签发，不能办理{rules.label}。"
    waiting = parent.followers.filter(kind__in=rules.waits_for, state__in=("drafted", "submitted")).first()
    return f"{waiting.get_kind_display()}还没有办完，请先办完。" if waiting is not None else None


def earlier_approved(document: Document, user: User) -> str | None:
    if not document.rules.closes:
        return None
    others = document.visit.documents.exclude(pk=document.pk)
    left = others.filter(state__in=("drafted", "submitted")).count()
    return f"这次检查还有{left}份文书没有签发，不能结案。" if left else None


def limit_kept(document: Document, user: User) -> str | None:
    from inspections.services.documents import latest_day

    latest = latest_day(document.kind, document.region_id, timezone.localdate())
    if latest is None:
        return None
    if document.due_on is None:
        return "还没有填写期限。"
    if document.due_on < timezone.localdate():
        return "期限已过，请修改。"
    return f"期限最长到{latest:%Y-%m-%d}，请修改。" if document.due_on > latest else None


def lists_something(document: Document, user: User) -> str | None:
    if document.rules.lists and document.rules.after and not document.lines.exists():
        return "还没有列出问题隐患。"
    return None


def penalties_set(document: Document, user: User) -> str | None:
    return "还没有填写罚款。" if document.rules.penal and not document.penalties.exists() else None


def appeal_named(document: Document, user: User) -> str | None:
    if document.rules.appeal and not (document.review_organ and document.court):
        return "还没有填写行政复议机关和行政诉讼法院。"
    return None


def nothing_follows(document: Document, user: User) -> str | None:
    if document.followers.exclude(state="void").exists():
        return "后面还有以它为依据的文书，请先作废后面的。"
    return None


def no_look_backs(visit: Visit, user: User) -> str | None:
    """What a look-back decided stands; a second visit looks once more."""
    if visit.results.filter(look_back__on__isnull=False).exists():
        return "回头看的结果已经登记，这次检查不能重新打开。"
    return None


def nothing_followed(visit: Visit, user: User) -> str | None:
    return "检查发现的隐患已经登记，这次检查不能作废。" if visit.results.filter(hazard__isnull=False).exists() else None


CHECKLIST_MOVES: Moves = {
    ("drafting", "issue"): Move("in_use", "启用", ("bureau",), (has_items,), style="primary"),
    ("in_use", "retire"): Move("retired", "停用", ("bureau",), style="danger"),
}

VISIT_MOVES: Moves = {
    ("running", "finish"): Move(
        "finished", "完成检查", ("officer", "bureau"),
        (enough_officers, everything_looked_at, look_backs_decided, faults_registered, summary_written), style="primary",
    ),
    ("running", "void"): Move("void", "作废", ("bureau",), (nothing_followed, no_documents), needs_note=True, style="danger"),
    ("finished", "reopen"): Move("running", "重新打开", ("bureau",), (no_documents, no_look_backs), needs_note=True),
}  # fmt: skip

COMPLETE = (
    visit_finished, two_officers, parent_in_force, earlier_approved, limit_kept, lists_something, penalties_set,
    appeal_named,
)  # fmt: skip

DOCUMENT_MOVES: Moves = {
    ("drafted", "submit"): Move("submitted", "送审批", ("officer", "bureau"), COMPLETE, style="primary"),
    ("submitted", "approve"): Move("approved", "签发", ("approver",), COMPLETE, style="primary"),
    ("submitted", "send_back"): Move("drafted", "退回修改", ("approver",), needs_note=True),
    ("drafted", "void"): Move("void", "作废", ("officer", "bureau"), (nothing_follows,), needs_note=True),
    ("approved", "close"): Move("closed", "归档", ("officer", "bureau")),
    ("approved", "void"): Move("void", "作废", ("admin",), (nothing_follows,), needs_note=True, style="danger"),
}  # fmt: skip


def has_rules(plan: InspectionPlan, user: User) -> str | None:
    return None if plan.rules.exists() else "计划里还没有检查覆盖要求，请先添加。"


def not_done(planned: PlannedVisit, user: User) -> str | None:
    return "这次检查已经完成，不能取消。" if planned.finished_visit else None


PLAN_MOVES: Moves = {
    ("drafting", "issue"): Move("in_force", "开始执行", ("bureau",), (has_rules,), style="primary"),
    ("in_force", "revise"): Move("drafting", "修订", ("bureau",), needs_note=True),
}

PLANNED_MOVES: Moves = {
    ("planned", "drop"): Move(
        "dropped", "取消安排", ("bureau", "inspector"), (not_done,), needs_note=True, style="danger"
    ),
}


CLUE_MOVES: Moves = {
    ("drafted", "submit"): Move("submitted", "送审批", ("inspector",), style="primary"),
    ("submitted", "send"): Move("sent", "签发移送", ("approver",), style="primary"),
    ("submitted", "send_back"): Move("drafted", "退回修改", ("approver",), needs_note=True),
    ("sent", "receive"): Move("received", "登记签收", ("receiver", "inspector"), style="primary"),
    ("received", "answer"): Move("answered", "登记答复", ("receiver", "inspector"), style="primary"),
    ("sent", "refuse"): Move("refused", "不予受理", ("receiver", "bureau"), needs_note=True, style="danger"),
    ("received", "refuse"): Move("refused", "不予受理", ("receiver", "bureau"), needs_note=True, style="danger"),
    ("drafted", "void"): Move("void", "作废", ("inspector",), needs_note=True),
}
