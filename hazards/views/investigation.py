"""The investigation of a major hazard: its page, its forms, its report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from common.errors import NotAllowed
from common.forms import FormPage
from common.history import history_of
from common.letters.response import FORMATS, paper_response
from common.models import Evidence
from common.transitions import allowed_actions
from hazards.forms.investigation import InvestigationForm, LiabilityForm, RecommendationForm
from hazards.letters import investigation_report
from hazards.models import Hazard, Investigation, Liability, Recommendation
from hazards.services.investigation import (
    add_liability,
    add_recommendation,
    check_may_investigate,
    drop_line,
    list_as_measure,
    move_investigation,
    write_investigation,
)
from hazards.views.hazard import hazard_of
from units.requests import user_of

HISTORY_LINES = 40
LINES: dict[str, type[Liability] | type[Recommendation]] = {
    "liabilities": Liability,
    "recommendations": Recommendation,
}


def investigation_of(request: HttpRequest, hazard: Hazard) -> Investigation:
    """The investigation that this user may see; 404 otherwise."""
    rows = Investigation.objects.visible_to(user_of(request)).for_page()
    found: Investigation = get_object_or_404(rows, hazard=hazard)
    found.hazard = hazard
    return found


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    user, hazard = user_of(request), hazard_of(request, pk)
    investigation = investigation_of(request, hazard)
    reads = user.reads_region
    context = {
        "hazard": hazard,
        "investigation": investigation,
        "acts": allowed_actions(investigation, user),
        "may_write": "bureau" in investigation.relations_of(user) and investigation.is_open,
        "may_list": "bureau" in investigation.relations_of(user) and investigation.is_signed,
        "files": Evidence.objects.about(investigation),
        "events": history_of(investigation).order_by("-id")[:HISTORY_LINES] if reads else [],
    }
    return render(request, "hazards/investigation.html", context)


@require_safe
def report(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The report on paper; before it is signed without number, date and signature."""
    hazard = hazard_of(request, pk)
    investigation = investigation_of(request, hazard)
    if ending not in FORMATS:
        raise Http404
    return paper_response(investigation_report(investigation), ending, f"重大隐患调查报告 {hazard.number}")


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    investigation = investigation_of(request, hazard_of(request, pk))
    action, note = request.POST.get("act", ""), request.POST.get("note", "")
    move_investigation(by=user_of(request), investigation=investigation, action=action, note=note)
    messages.success(request, f"调查报告：{investigation.get_state_display()}。")
    return redirect(investigation)


@require_POST
def drop(request: HttpRequest, pk: int, lines: str, line: int) -> HttpResponse:
    """Take one line out of a draft."""
    investigation = investigation_of(request, hazard_of(request, pk))
    if lines not in LINES:
        raise Http404
    row: Any = get_object_or_404(LINES[lines], pk=line, investigation=investigation)
    drop_line(by=user_of(request), line=row)
    messages.success(request, "已删去这一条。")
    return HttpResponseRedirect(f"{investigation.get_absolute_url()}#{lines}")


@require_POST
def as_measure(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Put a recommendation on the list of institutional measures."""
    investigation = investigation_of(request, hazard_of(request, pk))
    row = get_object_or_404(Recommendation, pk=line, investigation=investigation)
    measure = list_as_measure(by=user_of(request), recommendation=row)
    messages.success(request, f"已列入制度措施清单：{measure.name}。")
    return HttpResponseRedirect(f"{investigation.get_absolute_url()}#recommendations")


class InvestigationFormPage(FormPage):
    """A form about the investigation of one hazard, for the bureau."""

    template_name = "hazards/investigation_form.html"

    @cached_property
    def hazard(self) -> Hazard:
        return hazard_of(self.request, self.kwargs["pk"])

    @cached_property
    def investigation(self) -> Investigation:
        return investigation_of(self.request, self.hazard)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_investigate(user_of(request), self.hazard)
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return f"{self.hazard.get_absolute_url()}investigation/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"hazard": self.hazard}


class InvestigationWrite(InvestigationFormPage):
    form_class = InvestigationForm
    title = "重大隐患调查"

    def get_form_kwargs(self) -> dict[str, Any]:
        known = Investigation.objects.filter(hazard=self.hazard).first()
        if known is not None and not known.is_open:
            raise NotAllowed(f"调查报告{known.get_state_display()}，不能再修改。")
        return super().get_form_kwargs() | {"hazard": self.hazard, "investigation": known}

    def perform(self, form: InvestigationForm) -> str:
        parts = dict(form.cleaned_data)
        files, begun_on = parts.pop("evidence"), parts.pop("begun_on")
        write_investigation(by=user_of(self.request), hazard=self.hazard, begun_on=begun_on, parts=parts, files=files)
        return "调查内容已保存。责任认定和整改建议请在本页逐条添加。"


class LiabilityNew(InvestigationFormPage):
    form_class = LiabilityForm
    title = "添加责任认定"
    submit = "添加"

    def perform(self, form: LiabilityForm) -> str:
        add_liability(by=user_of(self.request), investigation=self.investigation, **form.cleaned_data)
        return "已添加。"


class RecommendationNew(InvestigationFormPage):
    form_class = RecommendationForm
    title = "添加整改建议"
    submit = "添加"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"hazard": self.hazard, "by": user_of(self.request)}

    def perform(self, form: RecommendationForm) -> str:
        add_recommendation(by=user_of(self.request), investigation=self.investigation, **form.cleaned_data)
        return "已添加。"
