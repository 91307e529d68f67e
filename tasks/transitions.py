"""The legal moves of campaigns, assignments, due items, deadline extensions and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.transitions import Move, Moves

if TYPE_CHECKING:
    from tasks.models import Assignment, DeadlineExtension, DueItem, ProgressReport
    from units.models import User


def ends_one_day(assignment: Assignment, user: User) -> str | None:
    if assignment.is_ongoing:
        return "长期坚持的任务不办结，请在进展中按期填报。"
    return None


def has_progress(assignment: Assignment, user: User) -> str | None:
    if not assignment.progress.exists():
        return "还没有填报进展，请先写明完成情况。"
    return None


def submitted_by_another(assignment: Assignment, user: User) -> str | None:
    if assignment.submitted_by_id == user.pk:
        return "提交人不能审核自己提交的事项，请由另一名工作人员审核。"
    return None


def item_has_progress(item: DueItem, user: User) -> str | None:
    if not item.progress.exists():
        return "还没有填报这一项的进展，请先写明完成情况。"
    return None


def reported_by_another(item: DueItem, user: User) -> str | None:
    if item.reported_by_id == user.pk:
        return "填报人不能审核自己填报的事项，请由另一名工作人员审核。"
    return None


def requested_by_another(extension: DeadlineExtension, user: User) -> str | None:
    if extension.requested_by_id == user.pk:
        return "申请人不能审批自己的申请，请由另一名工作人员审批。"
    return None


def report_is_whole(report: ProgressReport, user: User) -> str | None:
    from tasks.reporting import gaps_of

    gaps = gaps_of(report)
    return f"月报还没有填全：{'；'.join(gaps)}。" if gaps else None


def report_by_another(report: ProgressReport, user: User) -> str | None:
    if user.pk in (report.submitted_by_id, report.signed_by_id):
        return "签发人和报送人不能审核自己的月报，请由另一名工作人员审核。"
    return None


CAMPAIGN_MOVES: Moves = {
    ("active", "close"): Move("closed", "结束行动", ("reviewer",), needs_note=True, style="danger"),
    ("closed", "reopen"): Move("active", "恢复实施", ("reviewer",), needs_note=True),
}

ASSIGNMENT_MOVES: Moves = {
    ("not_started", "start"): Move("in_progress", "开始办理", ("unit",), style="primary"),
    ("in_progress", "submit"): Move("submitted", "提交审核", ("unit",), (ends_one_day, has_progress), style="primary"),
    ("returned", "submit"): Move("submitted", "再次提交", ("unit",), (ends_one_day, has_progress), style="primary"),
    ("submitted", "recall"): Move("in_progress", "撤回提交", ("unit",)),
    ("submitted", "accept"): Move("done", "审核通过", ("reviewer",), (submitted_by_another,), style="primary"),
    ("submitted", "return"): Move(
        "returned", "退回", ("reviewer",), (submitted_by_another,), needs_note=True, style="danger"
    ),
    ("done", "reopen"): Move("in_progress", "重新办理", ("reviewer",), needs_note=True, style="danger"),
}

DUE_ITEM_MOVES: Moves = {
    ("open", "report"): Move("reported", "报请审核", ("unit",), (item_has_progress,), style="primary"),
    ("returned", "report"): Move("reported", "再次报请审核", ("unit",), (item_has_progress,), style="primary"),
    ("reported", "accept"): Move("accepted", "审核通过", ("reviewer",), (reported_by_another,), style="primary"),
    ("reported", "return"): Move(
        "returned", "退回", ("reviewer",), (reported_by_another,), needs_note=True, style="danger"
    ),
}

EXTENSION_MOVES: Moves = {
    ("requested", "approve"): Move("approved", "同意延期", ("reviewer",), (requested_by_another,), style="primary"),
    ("requested", "refuse"): Move(
        "refused", "不同意", ("reviewer",), (requested_by_another,), needs_note=True, style="danger"
    ),
    ("requested", "withdraw"): Move("withdrawn", "撤回申请", ("unit",)),
}

REPORT_MOVES: Moves = {
    ("draft", "sign"): Move("signed", "签发", ("signer",), (report_is_whole,), style="primary"),
    ("returned", "sign"): Move("signed", "重新签发", ("signer",), (report_is_whole,), style="primary"),
    ("signed", "submit"): Move("submitted", "报送", ("unit",), style="primary"),
    ("signed", "reopen"): Move("draft", "撤销签发、继续修改", ("unit",)),
    ("submitted", "recall"): Move("draft", "撤回报送", ("unit",)),
    ("submitted", "accept"): Move("accepted", "审核通过", ("reviewer",), (report_by_another,), style="primary"),
    ("submitted", "return"): Move(
        "returned", "退回", ("reviewer",), (report_by_another,), needs_note=True, style="danger"
    ),
    ("draft", "drop"): Move("dropped", "放弃更正", ("corrector",), style="danger"),
}
