"""Pages of the county's period: all units' reports in one, its words, and the rows behind each number."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from common.errors import NotAllowed
from common.forms import FormPage
from hazards.monthly import TOTAL, rows_behind
from hazards.report_figures import PREFIX
from supervision.consolidation import Consolidation
from supervision.exports.consolidation import state_in_words, write_letter, write_workbook
from supervision.forms.consolidation import WordsForm
from supervision.periods import consolidated_periods, rules_of
from supervision.services.consolidation import check_may_consolidate, write_narrative
from tasks.exports.task_list import TaskLine
from units.requests import user_of

PERIODS = 30
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def found_of(request: HttpRequest, rule: int, period: str) -> Consolidation:
    """The consolidation that an address names; nothing for those who do not read the region."""
    user = user_of(request)
    rules = rules_of(user).select_related("campaign__region", "receiver", "group")
    found = Consolidation(get_object_or_404(rules, pk=rule), period)
    if not found.reports:
        raise Http404
    return found


@require_safe
def periods(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not user.reads_region:
        raise NotAllowed("全县汇总由应急管理局使用；本单位的报告请看“月报”。")
    pages = Paginator(consolidated_periods(user), PERIODS)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "supervision/consolidations.html", {"page": page})


@require_safe
def page(request: HttpRequest, rule: int, period: str) -> HttpResponse:
    found = found_of(request, rule, period)
    user = user_of(request)
    context = {
        "found": found,
        "words": found.words(),
        "is_draft": not found.narratives,
        "reports": [(report, state_in_words(report)) for report in found.reports],
        "figures": [(row, register_url(found, row.key)) for row in found.figures()],
        "hazard_rows": found.hazard_rows() if found.has_hazards else [],
        "tasks": [(line, isinstance(line, TaskLine)) for line in found.task_list().lines],
        "listed": f"{reverse('tasks:reports')}?rule={rule}&period={period}",
        "may_write": user.reviews,
    }
    return render(request, "supervision/consolidation.html", context)


def register_url(found: Consolidation, key: str) -> str:
    """The rows of the register behind a figure of hazards; empty for other figures."""
    if not key.startswith(PREFIX):
        return ""
    return rows_behind(key.removeprefix(PREFIX), found.month_end, TOTAL, {"region": found.region.pk})


@require_safe
def figure(request: HttpRequest, rule: int, period: str, key: str) -> HttpResponse:
    """The units behind one figure: what was counted for each, what it stated and why."""
    found = found_of(request, rule, period)
    if key not in found.stated:
        raise Http404
    row = next(one for one in found.figures() if one.key == key)
    shares, changed = found.shares(key), bool(request.GET.get("changed"))
    context = {
        "found": found,
        "row": row,
        "changed": changed,
        "rows": [share for share in shares if not changed or (share.figure and share.figure.is_changed)],
        "left_out": [report for report in found.standing if report.pk not in found.counting],
    }
    return render(request, "supervision/consolidation_figure.html", context)


class WordsPage(FormPage):
    """Edit the words; every saving is a version of its own."""

    form_class = WordsForm
    template_name = "supervision/consolidation_words.html"
    title = "编写汇总文字"

    @cached_property
    def found(self) -> Consolidation:
        found = found_of(self.request, self.kwargs["rule"], self.kwargs["period"])
        check_may_consolidate(user_of(self.request), found.rule)
        return found

    def get_initial(self) -> dict[str, Any]:
        newest = self.found.narratives[0].version if self.found.narratives else 0
        return self.found.words() | {"version": newest}

    def get_success_url(self) -> str:
        return reverse("supervision:consolidation", args=[self.found.rule.pk, self.found.period])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"found": self.found, "narratives": self.found.narratives}

    def form_invalid(self, form: Any) -> HttpResponse:
        """After a clash the page goes on from the newer version, which it shows beside what was typed."""
        newest = self.found.narratives[0].version if self.found.narratives else 0
        form.data = form.data.copy()
        form.data["version"] = str(newest)
        return super().form_invalid(form)

    def perform(self, form: WordsForm) -> str:
        write_narrative(by=user_of(self.request), rule=self.found.rule, period=self.found.period, **form.cleaned_data)
        return "汇总文字已保存。"


@require_safe
def workbook(request: HttpRequest, rule: int, period: str) -> HttpResponse:
    found = found_of(request, rule, period)
    return _file(write_workbook(found), f"{found.title}.xlsx", EXCEL)


@require_safe
def letter(request: HttpRequest, rule: int, period: str) -> HttpResponse:
    found = found_of(request, rule, period)
    return _file(write_letter(found), f"{found.title}.docx", WORD)


def _file(data: bytes, name: str, media_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return HttpResponse(data, content_type=media_type, headers=headers)
