"""Files of the ledger to print, to fill in off line and to hand in again."""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_GET
from django.views.generic import View

from common.errors import NotAllowed, Refused
from common.forms import FormPage
from common.jobs import start_job
from common.spreadsheets import ImportRow, Outcome, write_errors
from tasks.exports.excel import write_xlsx
from tasks.exports.progress_form import write_progress_form
from tasks.exports.report_form import write_report_form
from tasks.exports.task_list import TaskList, task_list_of
from tasks.exports.word import write_docx
from tasks.forms.papers import ProgressUploadForm
from tasks.models import Campaign, ProgressImport, ProgressReport, ReportEntry
from tasks.querysets import OPEN_STATES
from tasks.reporting import Sheet
from tasks.services import progress_imports
from tasks.services.progress_imports import (
    check_may_hand_in,
    check_progress_import,
    confirm_progress_import,
    drop_progress_import,
    read_progress_import,
    start_progress_import,
)
from tasks.services.reports import check_may_write
from units.models import User
from units.requests import user_of

if TYPE_CHECKING:
    from tasks.views.campaigns import CampaignPage

PAPERS = (
    ("word", "任务清单 Word（官方表式）"),
    ("form", "任务清单 Excel（官方表式）"),
)
"""The further files of a campaign's page: value of `export` in the address, and label."""

PROGRESS_FORM = ("progress", "进展填报表（可传回）")

MOST_ROWS = 20_000
"""Assignments in one paper. More make a file that no office program opens with pleasure."""

MOST_AT_ONCE = 50
"""Rows that are written while the page waits; more are a job."""

MOST_SHOWN = 200

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(page: CampaignPage, form: str) -> HttpResponseBase:
    """The paper that was asked for, of the tasks that match the page's filter."""
    if page.owed.filter(task__in=page.filtered.order_by().values("pk"))[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise Refused(f"内容超过{MOST_ROWS // 10_000}万项，文件会太大。请先按章节或责任部门筛选后再导出。")
    if form == "progress":
        return _progress_form(page)
    paper = paper_of(page)
    if form == "word":
        return _file(write_docx, paper, f"{paper.title}.docx", WORD)
    return _file(write_xlsx, paper, f"{paper.title}.xlsx", EXCEL)


def papers_for(user: User, campaign: Campaign) -> tuple[tuple[str, str], ...]:
    """The papers that this user may take; whoever reports on nothing needs no form to report with."""
    return (*PAPERS, PROGRESS_FORM) if may_hand_in(user, campaign) else PAPERS


def may_hand_in(user: User, campaign: Campaign) -> bool:
    return user.reports and user.unit is not None and campaign.state == Campaign.State.ACTIVE


def paper_of(page: CampaignPage) -> TaskList:
    filtered_by = "；".join(f"{one.label}：{one.text}" for one in page.active_filters())
    tasks = page.ordered.prefetch_related("deadlines", "recurrences")
    return task_list_of(page.campaign, tasks, today=timezone.localdate(), filtered_by=filtered_by)


def _progress_form(page: CampaignPage) -> HttpResponseBase:
    """What the user's own unit can report on now; for the bureau what all units can."""
    user = user_of(page.request)
    check_may_hand_in(user, page.campaign)
    owed = page.owed.filter(task__in=page.filtered.order_by().values("pk"), state__in=OPEN_STATES)
    if not user.reviews:
        owed = owed.filter(unit=user.unit)
    rows = owed.select_related("task", "unit").order_by("task__position", "unit__sort_key", "pk")
    if not rows.exists():
        raise Refused("没有可以填报的责任事项，不需要填报表。")
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_progress_form(page.campaign, rows.iterator(chunk_size=2000), target)
    target.seek(0)
    name = f"{page.campaign.title}进展填报表-{user.unit}-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(target, as_attachment=True, filename=name, content_type=EXCEL)


def _file(write: Any, content: Any, name: str, media_type: str) -> FileResponse:
    # A file and not memory: a large paper would otherwise stand in the web process twice.
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write(content, target)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type=media_type)


class ProgressStart(FormPage):
    """Hand in a filled-in form."""

    form_class = ProgressUploadForm
    template_name = "tasks/progress_import_start.html"
    title = "导入进展"
    submit = "上传并检查"
    report: ProgressReport | None = None

    @cached_property
    def campaign(self) -> Campaign:
        campaign: Campaign = get_object_or_404(Campaign.objects.visible_to(user_of(self.request)), pk=self.kwargs["pk"])
        check_may_hand_in(user_of(self.request), campaign)
        return campaign

    def get_success_url(self) -> str:
        return self.campaign.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = ProgressImport.objects.visible_to(user_of(self.request))
        context = {"title": self.title, "campaign": self.campaign, "report": self.report}
        runs = runs.filter(campaign=self.campaign, report=self.report)
        return super().get_context_data(**kwargs) | context | {"runs": runs[:10]}

    def form_valid(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        try:
            run = start_progress_import(
                by=user_of(self.request),
                campaign=self.campaign,
                report=self.report,
                name=file.name or "",
                data=file.read(),
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error("file", refusal.message)
            return self.form_invalid(form)
        return redirect(run)


class ReportFormStart(ProgressStart):
    """Hand in the filled-in form of one report."""

    title = "上传月报表"

    @cached_property
    def report(self) -> ProgressReport:  # type: ignore[override]
        rows = ProgressReport.objects.visible_to(user_of(self.request)).select_related("rule", "unit", "campaign")
        report: ProgressReport = get_object_or_404(rows, pk=self.kwargs["pk"])
        check_may_write(user_of(self.request), report)
        return report

    @cached_property
    def campaign(self) -> Campaign:
        return self.report.campaign

    def get_success_url(self) -> str:
        return self.report.get_absolute_url()


@require_GET
def report_form(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form of one report, for whoever writes it."""
    rows = ProgressReport.objects.visible_to(user_of(request)).select_related("rule", "unit", "campaign", "replaces")
    report: ProgressReport = get_object_or_404(rows, pk=pk)
    check_may_write(user_of(request), report)
    return _file(write_report_form, Sheet(report), f"{report}.xlsx", EXCEL)


@dataclass(frozen=True)
class ShownAnswer:
    """One row that would be written: what stands there now and what would stand there."""

    number: int
    label: str
    figure_before: str
    figure: str
    text_before: str
    text: str


class ProgressPage(View):
    """What a form would write, and afterwards its receipt."""

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        run = run_of(request, public_id)
        context: dict[str, Any] = {"run": run, "campaign": run.campaign, "report": run.report, "most": MOST_SHOWN}
        if run.state != ProgressImport.State.DROPPED:
            result = check_progress_import(by=user_of(request), run=run)
            rows = result.with_outcome(Outcome.NEW, Outcome.CHANGED)
            context |= {
                "result": result,
                "counts": run.counts if run.confirmed_at else result.counts,
                "to_write": len(rows),
                "answers": [shown(row) for row in rows[:MOST_SHOWN]],
                "errors": result.errors[:MOST_SHOWN],
                "errors_count": len(result.errors),
            }
        return render(request, "tasks/progress_import.html", context)

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        by, run = user_of(request), run_of(request, public_id)
        if request.POST.get("act") == "drop":
            drop_progress_import(by=by, run=run)
            messages.success(request, "已放弃，没有写入任何内容。")
            if run.report_id:
                return redirect("tasks:report_upload", run.report_id)
            return redirect("tasks:progress_import_new", run.campaign_id)
        if not run.report_id and run.counts.get("new", 0) + run.counts.get("changed", 0) > MOST_AT_ONCE:
            return redirect(start_job(progress_imports.CONFIRM, by=by, about=run, once=True))
        confirm_progress_import(by=by, run=run)
        if run.report is not None:
            messages.success(request, "已填入月报，请核对后签发。")
            return redirect(run.report)
        messages.success(request, "进展已写入。")
        return redirect(run)


def run_of(request: HttpRequest, public_id: uuid.UUID) -> ProgressImport:
    runs = ProgressImport.objects.visible_to(user_of(request)).select_related(
        "campaign", "created_by", "report__unit", "report__rule", "report__campaign", "report__replaces"
    )
    # A unit that only reports to a campaign, and owes no task of it, sees its report and not the campaign.
    within = Q(report=None, campaign__in=Campaign.objects.visible_to(user_of(request)))
    within |= Q(report__in=ProgressReport.objects.visible_to(user_of(request)))
    found: ProgressImport = get_object_or_404(runs.filter(within), public_id=public_id)
    return found


def shown(row: ImportRow) -> ShownAnswer:
    before, values = dict(row.before), row.values
    if row.outcome == Outcome.CHANGED:
        before = values | before
    return ShownAnswer(
        row.number, values["label"], _figure(before), _figure(values), before.get("text") or "", values["text"]
    )


def _figure(values: dict[str, Any]) -> str:
    """The number of a row with its state, as people write it; a row of a report holds a percentage or a plain figure."""
    if "percent" in values:
        return f"{values['percent']}%"
    if values.get("number") is None:
        return ""
    number = f"{values['number'].normalize():f}"
    return f"{ReportEntry.State(values['state']).label} {number}%" if values.get("state") else number


@require_GET
def marked(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The form as it was handed in, with a column that says what is wrong in each row."""
    run = run_of(request, public_id)
    result = check_progress_import(by=user_of(request), run=run)
    table = result.table
    data = write_errors(read_progress_import(run), result.errors, header_row=table.header_row, sheet=table.sheet)
    response = HttpResponse(data, content_type=EXCEL)
    name = f"{run.file_name.rpartition('.')[0] or run.file_name}-问题.xlsx"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
