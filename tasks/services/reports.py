"""Writing a report, signing it, handing it in, and what the bureau answers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import history_of, record
from common.transitions import advance
from tasks.models import ProgressReport, ReportEntry, ReportFigure
from tasks.reporting import NARRATIVE, Sheet, token
from tasks.services.report_ledger import write_to_ledger
from units.models import Role, User

SAVING = dt.timedelta(hours=1)
"""What one person saves within this time is one line of history."""


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What somebody typed for one task, and the token of what they had been shown."""

    state: str
    percent: int
    text: str
    token: str

    @property
    def digest(self) -> str:
        return token(self.state, self.percent, self.text)


@dataclass(frozen=True, slots=True)
class FigureAnswer:
    stated: Decimal
    reason: str
    token: str

    @property
    def digest(self) -> str:
        return token(self.stated, self.reason)


@dataclass(frozen=True, slots=True)
class WordsAnswer:
    text: str
    token: str

    @property
    def digest(self) -> str:
        return token(self.text)


@dataclass(frozen=True)
class Answers:
    """What a page or a spreadsheet says of a report; what is left out stays as it is.

    `lines` by assignment, `figures` by key, `narrative` by field of the report.
    """

    narrative: Mapping[str, WordsAnswer] = field(default_factory=dict)
    lines: Mapping[int, LineAnswer] = field(default_factory=dict)
    figures: Mapping[str, FigureAnswer] = field(default_factory=dict)


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


@transaction.atomic
def sign_report(*, by: User, report: ProgressReport, signed_for: str = "") -> ProgressReport:
    """Sign a whole report; its figures and lines are then kept as they stand.

    `signed_for` names the head of the unit who signed on paper, where the account is not the head's own.
    """
    name = signed_for.strip() or (by.name if by.role == Role.MINE_HEAD else "")
    if not name:
        raise Refused("请写明签发负责人的姓名。", code="invalid", fields={"signed_for": ["请写明签发负责人的姓名。"]})
    sheet = Sheet(locked(report))
    lines, figures = (sheet.lines, sheet.figures) if sheet.report.is_open else ([], [])
    advance(report, "sign", by=by, signed_by=by, signed_for=name[:40], signed_at=timezone.now())
    for line in lines:
        if line.entry is None:
            ReportEntry.objects.create(
                report=report,
                assignment=line.assignment,
                state=line.state,
                percent=line.percent,
                text=line.text,
                edited_by=by,
                edited_at=timezone.now(),
            )
    # Lines of tasks that were withdrawn or settled while the report was written.
    report.entries.exclude(assignment__in=[line.pk for line in lines]).delete()
    report.figures.all().delete()
    ReportFigure.objects.bulk_create(
        ReportFigure(
            report=report,
            position=position,
            key=figure.key,
            label=figure.label,
            computed=figure.computed,
            stated=figure.stated,
            reason=figure.reason if figure.is_changed else "",
            remark=figure.remark,
        )
        for position, figure in enumerate(figures)
    )
    return report


@transaction.atomic
def move_report(*, by: User, report: ProgressReport, action: str, note: str = "") -> ProgressReport:
    """Hand in, recall, reopen or drop a report (REPORT_MOVES); what is open again counts its figures anew."""
    if action == "sign":
        return sign_report(by=by, report=report)
    if action in ("accept", "return"):
        return decide_report(by=by, report=report, action=action, note=note)
    changes: dict[str, Any] = {}
    if action == "submit":
        now = timezone.now()
        changes = {"submitted_by": by, "submitted_at": now, "first_submitted_at": report.first_submitted_at or now}
    elif action == "recall":
        # Nobody has looked at it yet: what counts as handed in is the next time.
        changes = {"submitted_at": None} | ({} if report.returned_count else {"first_submitted_at": None})
    advance(report, action, by=by, note=note, **changes)
    if action in ("recall", "reopen"):
        _forget_unchanged_figures(report)
    return report


def _forget_unchanged_figures(report: ProgressReport) -> None:
    for figure in report.figures.all():
        if not figure.is_changed and not figure.remark:
            figure.delete()


@transaction.atomic
def decide_report(
    *, by: User, report: ProgressReport, action: str, note: str = "", remarks: Mapping[str, str] | None = None
) -> ProgressReport:
    """Accept a report and carry its lines into the ledger, or return it with `remarks` at its lines.

    `remarks` maps line-<assignment> and figure-<key> to a sentence. A mark at a line is reason enough to return it.
    """
    remarks = {place: words.strip() for place, words in (remarks or {}).items() if words.strip()}
    if action == "accept":
        if remarks:
            raise Refused("标了意见的报告不能直接通过。请退回，或者清空各行的意见后再通过。", code="has_remarks")
        advance(report, "accept", by=by, note=note, decided_by=by, decided_at=timezone.now())
        batch = uuid.uuid4()
        counts = write_to_ledger(report=locked(report), by=by, batch=batch)
        record("progressreport.written", report, by=by, after=counts, batch=batch)
        return report
    if not note.strip() and remarks:
        note = f"有{len(remarks)}处意见，见各行。"
    advance(
        report,
        "return",
        by=by,
        note=note,
        decided_by=by,
        decided_at=timezone.now(),
        returned_count=report.returned_count + 1,
    )
    for entry in report.entries.all():
        _mark(entry, remarks.get(f"line-{entry.assignment_id}", ""))
    for figure in report.figures.all():
        _mark(figure, remarks.get(f"figure-{figure.key}", ""))
    _forget_unchanged_figures(report)
    return report


def _mark(row: ReportEntry | ReportFigure, remark: str) -> None:
    if row.remark != remark:
        row.remark = remark[:500]
        row.save(update_fields=["remark"])


@transaction.atomic
def correct_report(*, by: User, report: ProgressReport, reason: str) -> ProgressReport:
    """Begin a correction of an accepted report: a further version with the same content, which counts once accepted."""
    if "unit" not in report.relations_of(by):
        raise NotAllowed("更正由报送单位自己提出。")
    if not reason.strip():
        raise Refused("请写明为什么更正。", code="invalid", fields={"reason": ["请写明为什么更正。"]})
    report = locked(report)
    if not ProgressReport.objects.standing().filter(pk=report.pk).exists():
        raise Conflict("只有已通过的最新一版才能更正。")
    versions = ProgressReport.objects.filter(rule=report.rule_id, unit=report.unit_id, period=report.period)
    if versions.exclude(state__in=(ProgressReport.State.ACCEPTED, ProgressReport.State.DROPPED)).exists():
        raise Conflict("这份报告已经有一份更正在办理，请先办完。")
    latest: int = versions.order_by("-version").values_list("version", flat=True)[0]
    copy: ProgressReport = ProgressReport.objects.create(
        rule=report.rule,
        campaign=report.campaign,
        region_id=report.region_id,
        unit=report.unit,
        period=report.period,
        label=report.label,
        starts=report.starts,
        ends=report.ends,
        due_on=report.due_on,
        version=latest + 1,
        replaces=report,
        correction_reason=reason.strip()[:300],
        edited_by=by,
        edited_at=timezone.now(),
        **{name: getattr(report, name) for name in NARRATIVE},
    )
    ReportEntry.objects.bulk_create(
        ReportEntry(
            report=copy,
            assignment_id=entry.assignment_id,
            state=entry.state,
            percent=entry.percent,
            text=entry.text,
            edited_by=by,
            edited_at=timezone.now(),
        )
        for entry in report.entries.all()
    )
    ReportFigure.objects.bulk_create(
        ReportFigure(
            report=copy,
            position=figure.position,
            key=figure.key,
            label=figure.label,
            computed=figure.computed,
            stated=figure.stated,
            reason=figure.reason,
        )
        for figure in report.figures.all()
    )
    record("progressreport.correction", copy, by=by, after={"version": copy.version}, note=reason.strip())
    return copy
