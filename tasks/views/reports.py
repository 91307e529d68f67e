"""Pages of reports: the list, one report to write, sign, read and review."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from common.acts import after_act
from common.errors import NotAllowed, Refused
from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from common.models import Evidence
from common.navigation import back_address
from common.templatetags.page import due
from tasks.filters import ReportFilter
from tasks.forms.reports import CorrectionForm, ReportForm, SignForm
from tasks.models import ProgressReport
from tasks.report_figures import CountedFigures, source_of, span_of
from tasks.reporting import NARRATIVE, Sheet, gaps_of, token
from tasks.services.reports import (
    FigureAnswer,
    LineAnswer,
    WordsAnswer,
    correct_report,
    decide_report,
    move_report,
    save_report,
    sign_report,
)
from units.models import Role
from units.requests import user_of

HISTORY_LINES = 30
ROWS = 50


class ReportList(ListPage):
    """Every report in reach: a unit's own, and for the bureau all of the county."""

    model = ProgressReport
    title = "月报"
    template_name = "tasks/reports.html"
    filterset_class = ReportFilter
    bar = ("q", "campaign", "state", "overdue")
    order = "-due"
    columns = (
        Column("label", "期间", cell=lambda row: f"{row.label}{row.rule.get_kind_display()}", kind="title", link=True),
        Column("unit", "单位", cell="unit.name", sort="unit__sort_key"),
        Column("title", "报送内容", cell="rule.title"),
        Column(
            "due",
            "应报日期",
            cell=lambda row: due(row.due_on, done=row.state not in ProgressReport.OWED),
            export="due_on",
            sort="due_on",
            kind="short",
        ),
        Column(
            "submitted",
            "首次报送",
            cell=lambda row: day_of(row.first_submitted_at),
            export="first_submitted_at",
            kind="short",
            sort="first_submitted_at",
            nulls_last=True,
        ),
        Column("returned", "退回（次）", cell="returned_count", align="end", sort="returned_count"),
        Column(
            "state",
            "状态",
            template="tasks/cells/report_state.html",
            cell=lambda row: row.get_state_display(),
            kind="short",
            sort="state",
        ),
        Column("campaign", "专项行动", cell=lambda row: row.campaign.title, on_page=False),
    )
    empty_title = "还没有月报"
    empty_words = "应急管理局在行动里设定报送规则以后，到期前会自动建立各单位的月报。"

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = super().get_queryset()
        return rows.in_force()


def day_of(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d") if moment else ""


def report_of(request: HttpRequest, pk: int) -> ProgressReport:
    rows = ProgressReport.objects.visible_to(user_of(request)).select_related(
        "rule__receiver", "campaign", "unit__region", "replaces", "edited_by", "signed_by", "submitted_by", "decided_by"
    )
    report: ProgressReport = get_object_or_404(rows, pk=pk)
    return report


class ReportPage(FormPage):
    """One report: to be written by its unit while it is open, else to be read; the bureau marks and decides."""

    form_class = ReportForm
    template_name = "tasks/report.html"
    submit = "保存"

    @cached_property
    def report(self) -> ProgressReport:
        return report_of(self.request, self.kwargs["pk"])

    @cached_property
    def relations(self) -> frozenset[str]:
        return self.report.relations_of(user_of(self.request))

    @cached_property
    def sheet(self) -> Sheet:
        return Sheet(self.report)

    @property
    def title(self) -> str:  # type: ignore[override]
        return str(self.report)

    @property
    def may_write(self) -> bool:
        return "unit" in self.relations and self.report.is_open

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"sheet": self.sheet}

    def get_success_url(self) -> str:
        return self.report.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report, user = self.report, user_of(self.request)
        events = list(history_of(report)[:HISTORY_LINES])
        returned = next((event.note for event in events if event.verb == "progressreport.return"), "")
        reviewing = "reviewer" in self.relations and report.state == ProgressReport.State.SUBMITTED
        corrections = report.corrections.exclude(state=ProgressReport.State.DROPPED)
        context = super().get_context_data(**kwargs) if self.may_write else {"title": self.title}
        return context | {
            "report": report,
            "sheet": self.sheet,
            "narrative": [(label, getattr(report, name), name) for name, label in NARRATIVE.items()],
            "may_write": self.may_write,
            "may_sign": "signer" in self.relations,
            "gaps": gaps_of(report, self.sheet) if self.may_write and "signer" in self.relations else [],
            "reviewing": reviewing and user.pk not in (report.submitted_by_id, report.signed_by_id),
            "returned_why": returned if report.returned_count else "",
            "corrections": corrections,
            "may_correct": "unit" in self.relations
            and report.state == ProgressReport.State.ACCEPTED
            and not corrections,
            "files": Evidence.objects.about(report),
            "events": events,
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.may_write:
            return super().get(request, *args, **kwargs)
        return render(request, self.template_name, self.get_context_data())

    def form_valid(self, form: ReportForm) -> HttpResponse:
        user = user_of(self.request)
        try:
            saved = save_report(
                by=user,
                report=self.report,
                answers=form.answers(),
                files=form.evidence(),
                attachments=form.cleaned_data.get("attachments") or (),
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_refusal(refusal)
            return self.form_invalid(form)
        if saved.clashes:
            return self.show_clashes(form, saved.clashes)
        then_sign = self.request.POST.get("then") == "sign"
        if then_sign and (gaps := gaps_of(report_of(self.request, self.report.pk))):
            messages.warning(self.request, f"已保存，还不能签发：{'；'.join(gaps)}。")
            return HttpResponseRedirect(self.get_success_url())
        messages.success(self.request, "已保存。")
        if then_sign:
            return redirect("tasks:report_sign", self.report.pk)
        return HttpResponseRedirect(self.get_success_url())

    def show_clashes(self, form: ReportForm, clashes: dict[str, str]) -> HttpResponse:
        """The page again with what was typed, and beside it what somebody else saved meanwhile."""
        report = report_of(self.request, self.report.pk)
        again = ReportForm(self.request.POST, sheet=Sheet(report))
        again.is_valid()
        again.clashes = clashes
        self.report, self.sheet = report, again.sheet
        context = self.get_context_data(form=again)
        return render(self.request, self.template_name, context, status=422)


@require_POST
def keep_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page sends by itself while somebody types: saves what can be saved and answers one line about it."""
    report = report_of(request, pk)
    form = ReportForm(request.POST, sheet=Sheet(report))
    if not form.is_valid():
        words = "有内容填得不对，还没有自动保存。"
        return render(request, "tasks/report_kept.html", {"words": words, "tokens": []}, status=422)
    answers = form.answers()
    saved = save_report(by=user_of(request), report=report, answers=answers)
    now = Sheet(report_of(request, pk))
    # The page may go on from what it shows, and only from that: a token of another's text would let it be overwritten.
    shown: dict[str, tuple[LineAnswer | FigureAnswer | WordsAnswer | None, str]] = {}
    shown |= {f"line-{line.pk}": (answers.lines.get(line.pk), line.token) for line in now.lines}
    shown |= {f"figure-{one.key}": (answers.figures.get(one.key), one.token) for one in now.figures}
    shown |= {name: (answers.narrative.get(name), token(text)) for name, text in now.narrative.items()}
    tokens = [(name, current) for name, (answer, current) in shown.items() if answer and answer.digest == current]
    words = f"{timezone.localtime():%H:%M} 已自动保存。"
    if saved.clashes:
        words += f"有{len(saved.clashes)}处别人也改过，没有覆盖；点“保存”可以对照。"
    # What was not taken whole stays in the browser's own draft.
    status = 422 if saved.clashes else 200
    return render(request, "tasks/report_kept.html", {"words": words, "tokens": tokens}, status=status)


class SignPage(FormPage):
    """Sign a report: the head himself, or the unit's people in the name of the head who signed on paper."""

    form_class = SignForm
    template_name = "tasks/report_sign.html"
    title = "签发月报"
    submit = "签发"

    @cached_property
    def report(self) -> ProgressReport:
        return report_of(self.request, self.kwargs["pk"])

    def get_success_url(self) -> str:
        return self.report.get_absolute_url()

    def get_initial(self) -> dict[str, Any]:
        user = user_of(self.request)
        if "unit" not in self.report.relations_of(user):
            raise NotAllowed("月报由本单位签发。")
        former = ProgressReport.objects.filter(unit=self.report.unit_id).exclude(signed_for="").order_by("-signed_at")
        name = user.name if user.role == Role.MINE_HEAD else former.values_list("signed_for", flat=True).first()
        return {"signed_for": name or ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = "signer" in self.report.relations_of(user_of(self.request))
        return super().get_context_data(**kwargs) | {
            "report": self.report,
            "gaps": gaps_of(self.report) if self.report.is_open else [],
            "may_sign": may,
            "heads": "、".join(self.report.unit.users.filter(role=Role.MINE_HEAD).values_list("name", flat=True)),
        }

    def perform(self, form: SignForm) -> str:
        sign_report(by=user_of(self.request), report=self.report, signed_for=form.cleaned_data["signed_for"])
        return "已签发，请点“报送”交应急管理局审核。"


class CorrectionPage(FormPage):
    """Begin a correction of an accepted report."""

    form_class = CorrectionForm
    title = "更正已通过的报告"
    submit = "开始更正"

    @cached_property
    def report(self) -> ProgressReport:
        return report_of(self.request, self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        if "unit" not in self.report.relations_of(user_of(self.request)):
            raise NotAllowed("更正由报送单位自己提出。")
        return {}

    def get_success_url(self) -> str:
        return getattr(self, "made", self.report).get_absolute_url()

    def perform(self, form: CorrectionForm) -> str:
        self.made = correct_report(by=user_of(self.request), report=self.report, reason=form.cleaned_data["reason"])
        return "已建立更正稿，请改好后签发、报送。"


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """The bare moves; signing asks for a name and has a page of its own."""
    report, action = report_of(request, pk), request.POST.get("act", "")
    if action == "sign" and user_of(request).role != Role.MINE_HEAD:
        return redirect("tasks:report_sign", report.pk)
    move_report(by=user_of(request), report=report, action=action, note=request.POST.get("note", ""))
    report.refresh_from_db()
    messages.success(request, f"{report}：{report.get_state_display()}。")
    if action == "drop":
        return HttpResponseRedirect(reverse("tasks:reports"))
    return after_act(request, report)


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or return with the marks at the lines."""
    report, action = report_of(request, pk), request.POST.get("act", "")
    if action not in ("accept", "return"):
        raise Refused("请选择“审核通过”或“退回”。")
    remarks = {
        name.removeprefix("remark-"): words for name, words in request.POST.items() if name.startswith("remark-")
    }
    decide_report(
        by=user_of(request),
        report=report,
        action=action,
        note=str(request.POST.get("note", "")),
        remarks={name: str(words) for name, words in remarks.items()},
    )
    report.refresh_from_db()
    messages.success(request, f"{report}：{report.get_state_display()}。")
    return HttpResponseRedirect(back_address(request, report.get_absolute_url()))


@require_safe
def figure_rows(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The rows behind one figure of a report, counted now."""
    report = report_of(request, pk)
    figures = source_of(key)
    line = next((one for one in Sheet(report).figures if one.key == key), None)
    if line is None or not isinstance(figures, CountedFigures):
        raise Http404
    page = Paginator(figures.rows(report, key, user_of(request)), ROWS).get_page(request.GET.get("page"))
    context = {
        "report": report,
        "figure": line,
        "source": figures.source,
        "since": span_of(report).since,
        "page": page,
        "rows": [figures.source.cells(row) for row in page],
    }
    return render(request, "tasks/report_figure.html", context)
