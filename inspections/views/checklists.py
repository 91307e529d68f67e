"""Checklists and certificates: the lists, a checklist and its items."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from common.acts import ActPage
from common.errors import Conflict
from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from common.templatetags.page import status
from hazards.models import Clause
from inspections.filters import CertificateFilter, ChecklistFilter
from inspections.forms.checklists import CertificateForm, ChecklistForm, ItemForm
from inspections.forms.visits import officers_offered
from inspections.models import Certificate, Checklist, ChecklistItem
from inspections.relations import may_inspect
from inspections.services.checklists import (
    NO_STANDARD,
    add_item,
    change_item,
    check_may_draft,
    check_may_keep,
    create_checklist,
    draw_from_catalogue,
    drop_item,
    issue_checklist,
    keep_certificate,
    next_version,
)
from units.models import User
from units.requests import user_of

HISTORY_LINES = 30


def checklist_of(request: HttpRequest, pk: int) -> Checklist:
    rows = Checklist.objects.visible_to(user_of(request)).select_related("region")
    found: Checklist = get_object_or_404(rows, pk=pk)
    return found


class RegionReaders:
    """Pages for those who read the region; nothing for others."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_of(request).reads_region:
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class ChecklistList(RegionReaders, ListPage):
    model = Checklist
    title = "检查表"
    template_name = "inspections/checklists.html"
    filterset_class = ChecklistFilter
    columns = (
        Column("name", "名称", kind="title", link=True, sort="name"),
        Column("version", "版本", cell=lambda row: f"第{row.version}版", export="version", kind="short"),
        Column("mine_type", "适用矿山", cell=lambda row: row.get_mine_type_display() or "各类矿山"),
        Column("items", "检查项", cell="item_count", align="end"),
        Column("state", "状态", cell=lambda row: status(f"checklist.{row.state}", row.get_state_display()),
               export="get_state_display", kind="short"),
    )  # fmt: skip
    empty_title, empty_words = "还没有检查表", "编制一份，可以按判定标准自动生成检查项，再增减。"

    def extra_context(self) -> dict[str, Any]:
        return {"may_draft": user_of(self.request).reviews, "tab": "checklists"}


@require_safe
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    row = checklist_of(request, pk)
    may_write = "bureau" in row.relations_of(user_of(request))
    same = Checklist.objects.filter(region=row.region_id, name=row.name)
    may_change = may_write and row.is_open
    offered = Clause.objects.offered(day=timezone.localdate(), mine_type=row.mine_type or None) if may_change else []
    context = {
        "checklist": row,
        "no_standard": NO_STANDARD if may_change and not offered else "",
        "items": row.items.select_related("clause"),
        "may_change": may_change,
        "may_renew": may_write and not row.is_open and not same.filter(state=Checklist.State.DRAFTING).exists(),
        "versions": same.exclude(pk=row.pk),
        "events": history_of(row).order_by("-id")[:HISTORY_LINES],
    }
    return render(request, "inspections/checklist.html", context)


class ChecklistAct(ActPage):
    model = Checklist
    services = {"issue": issue_checklist}


@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    made = next_version(by=user_of(request), checklist=checklist_of(request, pk))
    messages.success(request, f"已编制第{made.version}版草稿，改好后启用。")
    return HttpResponseRedirect(made.get_absolute_url())


@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    row = checklist_of(request, pk)
    count = draw_from_catalogue(by=user_of(request), checklist=row)
    messages.success(request, f"已按判定标准添加{count}项。")
    return HttpResponseRedirect(row.get_absolute_url())


@require_POST
def item_drop(request: HttpRequest, pk: int) -> HttpResponse:
    lists = Checklist.objects.visible_to(user_of(request))
    item = get_object_or_404(ChecklistItem.objects.select_related("checklist"), pk=pk, checklist__in=lists)
    drop_item(by=user_of(request), item=item)
    messages.success(request, "已删去这一项。")
    return HttpResponseRedirect(item.checklist.get_absolute_url())


class ChecklistNew(FormPage):
    form_class = ChecklistForm
    title = "编制检查表"
    stays = True
    success_url = "/inspections/checklists/"
    made: Checklist | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        user = user_of(request)
        if user.unit is None:
            raise Http404
        check_may_draft(user, user.unit.region)
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return self.made.get_absolute_url() if self.made else self.success_url

    def perform(self, form: ChecklistForm) -> str:
        user = user_of(self.request)
        assert user.unit is not None
        self.made = create_checklist(by=user, region=user.unit.region.county, **form.cleaned_data)
        return "已建立，请添加检查项，然后启用。"


class ItemPage(FormPage):
    """Add an item to a draft, or put one right."""

    form_class = ItemForm

    @cached_property
    def item(self) -> ChecklistItem | None:
        if "item" not in self.kwargs:
            return None
        rows = ChecklistItem.objects.select_related("clause__category", "checklist__region")
        lists = Checklist.objects.visible_to(user_of(self.request))
        return get_object_or_404(rows, pk=self.kwargs["item"], checklist__in=lists)

    @cached_property
    def checklist(self) -> Checklist:
        return self.item.checklist if self.item else checklist_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_draft(user_of(request), self.checklist.region)
        if not self.checklist.is_open:
            raise Conflict("启用后的检查表不再改动，请编制新版本。")
        self.title = "修改检查项" if self.item else "添加检查项"
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"checklist": self.checklist, "item": self.item}

    def get_success_url(self) -> str:
        return self.checklist.get_absolute_url()

    def perform(self, form: ItemForm) -> str:
        user = user_of(self.request)
        if self.item is not None:
            change_item(by=user, item=self.item, **form.cleaned_data)
            return "已保存。"
        add_item(by=user, checklist=self.checklist, **form.cleaned_data)
        return "已添加。"


class CertificateList(RegionReaders, ListPage):
    model = Certificate
    title = "执法证件"
    template_name = "inspections/certificates.html"
    filterset_class = CertificateFilter
    columns = (
        Column("officer", "姓名", cell="officer.name", kind="title", link=True),
        Column("unit", "单位", cell="officer.unit.name"),
        Column("number", "执法证号", kind="short"),
        Column("valid_until", "有效期至", cell=lambda row: row.valid_until or "—", export="valid_until", kind="short"),
        Column("state", "状态", cell=lambda row: status("overdue", "已过期") if row.has_expired else status("active", "有效"),
               export=lambda row: "已过期" if row.has_expired else "有效", kind="short"),
    )  # fmt: skip
    empty_title, empty_words = "还没有登记执法证件", "检查人员的执法证号印在每份文书上，先在这里登记。"

    def row_url(self, row: Certificate) -> str:
        return f"/inspections/officers/{row.officer_id}/"

    def extra_context(self) -> dict[str, Any]:
        user = user_of(self.request)
        lacking = officers_offered(user).filter(certificate=None) if may_inspect(user) else User.objects.none()
        return {"lacking": lacking, "tab": "officers"}


class CertificatePage(FormPage):
    form_class = CertificateForm
    title = "执法证件"
    success_url = "/inspections/officers/"

    @cached_property
    def officer(self) -> User:
        found: User = get_object_or_404(officers_offered(user_of(self.request)), pk=self.kwargs["pk"])
        return found

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        user = user_of(request)
        if not may_inspect(user):
            raise Http404
        check_may_keep(user, self.officer)
        self.title = f"{self.officer.name}的执法证件"
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        known = getattr(self.officer, "certificate", None)
        return {"number": known.number, "valid_until": known.valid_until} if known else {}

    def perform(self, form: CertificateForm) -> str:
        keep_certificate(by=user_of(self.request), officer=self.officer, **form.cleaned_data)
        return "已登记。"
