"""A report saved in part or whole, so that nobody writes over what another typed meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import history_of, record
from tasks.models import ProgressReport, ReportEntry
from tasks.reporting import Sheet, token
from tasks.services.reports.answers import Answers, FigureAnswer, LineAnswer, WordsAnswer
from units.models import User

SAVING = dt.timedelta(hours=1)
"""What one person saves within this time is one line of history."""


@dataclass(frozen=True)
class Saved:
    """What was written, and where somebody else had saved something different meanwhile: nothing is written there.

    `clashes` maps the name of a place (progress, line-7, figure-tasks.total) to what stands there now, in words.
    """

    changed: int
    clashes: dict[str, str]


def check_may_write(by: User, report: ProgressReport) -> None:
    """Refuse whoever is not of the unit, and every state in which the report is not being written."""
    if "unit" not in report.relations_of(by):
        raise NotAllowed("月报由本单位人员填报。")
    if not report.is_open:
        raise Conflict(f"这份报告{report.get_state_display()}，不能再改。需要修改时请先撤回或撤销签发。")


@transaction.atomic
def save_report(
    *,
    by: User,
    report: ProgressReport,
    answers: Answers,
    files: Mapping[int, Sequence[File[bytes]]] | None = None,
    attachments: Sequence[File[bytes]] = (),
) -> Saved:
    """Save what was typed into a report that may still have gaps; `files` by assignment.

    Each answer carries the token of what its writer had been shown. An answer that says just that is not an edit and
    changes nothing; an edit of what somebody else has changed since is not written but answered as a clash.
    """
    report = locked(report)
    check_may_write(by, report)
    sheet = Sheet(report)
    clashes: dict[str, str] = {}
    names = _save_narrative(report, answers.narrative, clashes)
    changed = len(names)
    changed += _save_lines(report, sheet, answers.lines, clashes, by)
    changed += _save_figures(report, sheet, answers.figures, clashes)
    count = _save_files(report, sheet, files or {}, attachments, by)
    if changed or count:
        report.edited_by, report.edited_at = by, timezone.now()
        report.save(update_fields=[*names, "edited_by", "edited_at"])
        if not _saved_lately(report, by):
            record("progressreport.saved", report, by=by)
    return Saved(changed, clashes)


def _saved_lately(report: ProgressReport, by: User) -> bool:
    """Whether the latest line of history already says that this person is at work: pages save by themselves."""
    latest = history_of(report).first()
    since = timezone.now() - SAVING
    return (
        latest is not None and (latest.verb, latest.actor_id) == ("progressreport.saved", by.pk) and latest.at > since
    )


def locked(report: ProgressReport) -> ProgressReport:
    found: ProgressReport = (
        ProgressReport.objects.select_for_update(of=("self",))
        .select_related("unit", "campaign", "rule", "edited_by", "replaces")
        .get(pk=report.pk)
    )
    return found


def is_edit(answer: LineAnswer | FigureAnswer | WordsAnswer, now: str) -> bool | None:
    """Whether an answer is to be written over what stands there (`now`, a token): None where the two clash."""
    if answer.digest in (answer.token, now):
        return False
    return True if answer.token == now else None


def _save_narrative(report: ProgressReport, answers: Mapping[str, WordsAnswer], clashes: dict[str, str]) -> list[str]:
    names = []
    for name, answer in answers.items():
        edit = is_edit(answer, token(getattr(report, name)))
        if edit is None:
            clashes[name] = f"{_editor(report)}：{getattr(report, name) or '（空）'}"
        elif edit:
            setattr(report, name, answer.text.strip())
            names.append(name)
    return names


def _save_lines(
    report: ProgressReport, sheet: Sheet, answers: Mapping[int, LineAnswer], clashes: dict[str, str], by: User
) -> int:
    rows = []
    for line in sheet.lines:
        answer = answers.get(line.pk)
        if answer is None:
            continue
        if answer.state == ReportEntry.State.FINISHED and line.assignment.is_ongoing:
            raise Refused(f"任务{line.assignment.task.ref}是长期坚持的任务，不能填“已完成”，请填“推进中”。")
        edit = is_edit(answer, line.token)
        if edit is None:
            who = f"{line.entry.edited_by}" if line.entry else "台账"
            clashes[f"line-{line.pk}"] = f"{who}：{line.state_label}，{line.percent}%，{line.text or '（空）'}"
        elif edit:
            entry = line.entry or ReportEntry(report=report, assignment=line.assignment)
            entry.state, entry.percent, entry.text = answer.state, answer.percent, answer.text.strip()
            entry.edited_by, entry.edited_at = by, timezone.now()
            rows.append(entry)
    for row in rows:
        row.save()
    return len(rows)


def _save_figures(
    report: ProgressReport, sheet: Sheet, answers: Mapping[str, FigureAnswer], clashes: dict[str, str]
) -> int:
    changed = 0
    for position, figure in enumerate(sheet.figures):
        answer = answers.get(figure.key)
        if answer is None:
            continue
        edit = is_edit(answer, figure.token)
        if edit is None:
            clashes[f"figure-{figure.key}"] = (
                f"现在是{figure.stated.normalize():f}{figure.reason and f'（{figure.reason}）'}"
            )
        elif edit:
            changed += 1
            if answer.stated == figure.computed and not answer.reason.strip():
                report.figures.filter(key=figure.key).delete()
                continue
            report.figures.update_or_create(
                key=figure.key,
                defaults={
                    "position": position,
                    "label": figure.label,
                    "computed": figure.computed,
                    "stated": answer.stated,
                    "reason": answer.reason.strip(),
                },
            )
    return changed


def _save_files(
    report: ProgressReport,
    sheet: Sheet,
    files: Mapping[int, Sequence[File[bytes]]],
    attachments: Sequence[File[bytes]],
    by: User,
) -> int:
    count = 0
    lines = {line.pk: line for line in sheet.lines}
    for key, uploads in files.items():
        if uploads and key in lines:
            entry, _ = ReportEntry.objects.get_or_create(
                report=report,
                assignment=lines[key].assignment,
                defaults={
                    "state": lines[key].state,
                    "percent": lines[key].percent,
                    "text": lines[key].text,
                    "edited_by": by,
                    "edited_at": timezone.now(),
                },
            )
            for upload in uploads:
                store_evidence(file=upload, by=by, about=entry)
                count += 1
    for upload in attachments:
        store_evidence(file=upload, by=by, about=report)
        count += 1
    return count


def _editor(report: ProgressReport) -> str:
    if report.edited_by is None or report.edited_at is None:
        return "现在的内容"
    return f"{report.edited_by}（{timezone.localtime(report.edited_at):%m-%d %H:%M}保存）"
