"""Forms of what proves that a hazard is gone: reports, plan, the five, rectification, re-inspection, a later day."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST

from common.lists import Column, ListPage
from common.navigation import back_address
from common.templatetags.page import status
from hazards.closing import closing_checks
from hazards.filters import HazardExtensionFilter
from hazards.forms.proofs import (
    DoubleReportForm,
    FacetForm,
    HazardExtensionForm,
    MajorReportForm,
    RectificationForm,
    ReinspectionForm,
    TreatmentPlanForm,
)
from hazards.models import Facet, Hazard, HazardExtension, Implementation
from hazards.querysets import OPEN_STATES
from hazards.services.extensions import decide_hazard_extension, request_hazard_extension
from hazards.services.proofs import (
    PLAN_PARTS,
    REPORT_PARTS,
    confirm_facet,
    prove_facet,
    record_double_report,
    record_reinspection,
    rectify_hazard,
    write_major_report,
    write_treatment_plan,
)
from hazards.views.hazard import HazardFormPage, hazard_of
from units.requests import user_of
from units.rules import rule


class MajorPage(HazardFormPage):
    """A form that only a major hazard has."""

    @cached_property
    def hazard(self) -> Hazard:
        found = hazard_of(self.request, self.kwargs["pk"])
        if not found.is_major:
            raise Http404
        return found


class MajorReportPage(MajorPage):
    form_class = MajorReportForm
    title = "重大隐患报告"
    relations = ("mine",)

    def get_initial(self) -> dict[str, Any]:
        report = getattr(self.hazard, "major_report", None)
        return model_to_dict(report, REPORT_PARTS) if report else {}

    def perform(self, form: MajorReportForm) -> str:
        write_major_report(by=user_of(self.request), hazard=self.hazard, parts=form.cleaned_data)
        return "重大隐患报告已保存。"


class TreatmentPlanPage(MajorPage):
    form_class = TreatmentPlanForm
    title = "治理方案"
    relations = ("mine",)

    def get_initial(self) -> dict[str, Any]:
        plan = getattr(self.hazard, "treatment_plan", None)
        return model_to_dict(plan, PLAN_PARTS) if plan else {}

    def perform(self, form: TreatmentPlanForm) -> str:
        write_treatment_plan(by=user_of(self.request), hazard=self.hazard, parts=form.cleaned_data)
        return "治理方案已保存。"


class DoubleReportPage(MajorPage):
    form_class = DoubleReportForm
    title = "双报告"
    relations = ("mine", "bureau")

    def get_initial(self) -> dict[str, Any]:
        report = getattr(self.hazard, "double_report", None)
        names = ("regulator_on", "regulator_receipt", "congress_on", "congress_receipt")
        return model_to_dict(report, names) if report else {}

    def perform(self, form: DoubleReportForm) -> str:
        data = dict(form.cleaned_data)
        files = data.pop("evidence")
        report = record_double_report(by=user_of(self.request), hazard=self.hazard, files=files, **data)
        return "双报告已完成。" if report.is_done else "已保存；两份报告的日期和回执齐全后，双报告才算完成。"


class FacetPage(MajorPage):
    form_class = FacetForm
    relations = ("mine",)

    @cached_property
    def facet(self) -> Implementation:
        return get_object_or_404(Implementation, hazard=self.hazard, facet=self.kwargs["facet"])

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"五落实：{Facet(self.kwargs['facet']).label}" if self.kwargs["facet"] in Facet.values else "五落实"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"row": self.facet}

    def perform(self, form: FacetForm) -> str:
        fields = dict(form.cleaned_data)
        files = fields.pop("evidence")
        row = prove_facet(
            by=user_of(self.request), hazard=self.hazard, facet=self.facet.facet, fields=fields, files=files
        )
        if row.in_place and not row.has_evidence:
            return "已保存；上传印证资料后才能由应急管理局确认。"
        return "已保存，等待应急管理局确认。" if row.in_place else "已保存。"


@require_POST
def confirm(request: HttpRequest, pk: int, facet: str) -> HttpResponse:
    hazard = hazard_of(request, pk)
    row = get_object_or_404(Implementation, hazard=hazard, facet=facet)
    confirm_facet(by=user_of(request), hazard=hazard, facet=row.facet)
    messages.success(request, f"已确认“{row.get_facet_display()}”落实。")
    return HttpResponseRedirect(back_address(request, f"{hazard.get_absolute_url()}#five"))


class RectificationPage(HazardFormPage):
    form_class = RectificationForm
    title = "填报整改"
    submit = "保存整改情况"
    relations = ("mine",)
    states = (Hazard.State.TREATING, Hazard.State.RETURNED)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"hazard": self.hazard}

    def perform(self, form: RectificationForm) -> str:
        data = dict(form.cleaned_data)
        files = data.pop("evidence")
        rectify_hazard(by=user_of(self.request), hazard=self.hazard, files=files, **data)
        return "整改情况已保存。请由矿山自验，合格后申请复查。"


class ReinspectionPage(HazardFormPage):
    form_class = ReinspectionForm
    template_name = "hazards/reinspection.html"
    title = "登记复查"
    submit = "提交复查结论"
    relations = ("inspector", "self_checker")
    states = (Hazard.State.AWAITING,)

    def get_form_kwargs(self) -> dict[str, Any]:
        needed = rule("major_officers" if self.hazard.is_major else "general_officers", self.hazard.region_id)
        return super().get_form_kwargs() | {"hazard": self.hazard, "by": user_of(self.request), "needed": needed}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The re-inspection itself comes last in the list; it is what this form is for.
        checks = closing_checks(self.hazard, user_of(self.request))[:-1]
        missing = [check.missing for check in checks if not check.met]
        latest = self.hazard.rectifications.select_related("made_by").first()
        return super().get_context_data(**kwargs) | {"missing": missing, "rectification": latest}

    def perform(self, form: ReinspectionForm) -> str:
        data = dict(form.cleaned_data)
        record_reinspection(
            by=user_of(self.request),
            hazard=self.hazard,
            on=data["on"],
            on_site=data["on_site"],
            officers=list(data["officers"]),
            passed=data["passed"] == "yes",
            opinion=data["opinion"],
            files=data["evidence"],
        )
        return f"{self.hazard.number}：{self.hazard.get_state_display()}。"


class HazardExtensionPage(HazardFormPage):
    """Ask for a later day."""

    form_class = HazardExtensionForm
    title = "申请延期"
    submit = "提交申请"
    relations = ("mine",)
    states = tuple(OPEN_STATES)

    def perform(self, form: HazardExtensionForm) -> str:
        request_hazard_extension(by=user_of(self.request), hazard=self.hazard, **form.cleaned_data)
        return "延期申请已提交，等待应急管理局审批。"


class HazardExtensionList(ListPage):
    """Requests for later days, with what came of them."""

    model = HazardExtension
    title = "隐患延期申请"
    filterset_class = HazardExtensionFilter
    columns = (
        Column("number", "隐患", cell="hazard.number", kind="short", link=True),
        Column(
            "place",
            "内容",
            cell=lambda row: f"{row.hazard.place}：{row.hazard.description[:40]}",
            kind="title",
            link=True,
        ),
        Column("mine", "矿山", cell=lambda row: str(row.hazard.mine), export="hazard.mine.name"),
        Column("old", "原期限", cell="old_due_on", kind="short"),
        Column("new", "申请延至", cell="new_due_on", kind="short"),
        Column("reason", "理由", kind="wide"),
        Column("by", "申请人", cell="requested_by.name", kind="short"),
        Column("state", "状态", cell=lambda row: status(row.state, row.get_state_display()), kind="short"),
        Column("acts", "办理", template="hazards/cells/extension_acts.html", in_export=False),
    )
    empty_title = "没有隐患延期申请"

    def row_url(self, row: HazardExtension) -> str:
        return row.hazard.get_absolute_url()


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    rows = HazardExtension.objects.visible_to(user_of(request)).for_list()
    extension = get_object_or_404(rows, pk=pk)
    decide_hazard_extension(
        by=user_of(request), extension=extension, action=request.POST.get("act", ""), note=request.POST.get("note", "")
    )
    messages.success(request, f"延期申请：{extension.get_state_display()}。")
    return HttpResponseRedirect(back_address(request, extension.hazard.get_absolute_url()))
