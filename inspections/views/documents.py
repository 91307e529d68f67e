"""Enforcement documents: the list, a document, its forms and its paper."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from common.acts import ActPage
from common.errors import Conflict, NotAllowed
from common.forms import FormPage
from common.history import history_of
from common.letters.response import FORMATS, paper_response
from common.lists import Column, ListPage
from common.models import Evidence
from common.templatetags.page import due, status
from common.transitions import allowed_actions
from inspections.document_kinds import KINDS
from inspections.filters import DocumentFilter
from inspections.forms.documents import DocumentForm, PaidForm, PublishForm, ScanForm
from inspections.letters import document_letter
from inspections.models import Document, Penalty, Visit
from inspections.services.documents import (
    approve_document,
    change_document,
    check_may_draft,
    close_document,
    draft_document,
    pay_penalty,
    publish_document,
)
from inspections.views.visits import visit_of
from units.requests import user_of

HISTORY_LINES = 40


def document_of(request: HttpRequest, pk: int) -> Document:
    """The document that this user may see; 404 otherwise."""
    rows = Document.objects.visible_to(user_of(request)).select_related(
        "visit__mine__mine", "visit__opened_by__unit", "region", "parent", "drafted_by", "approved_by"
    )
    found: Document = get_object_or_404(rows.prefetch_related("visit__officers__officer"), pk=pk)
    return found


class DocumentList(ListPage):
    model = Document
    title = "执法文书"
    template_name = "inspections/documents.html"
    filterset_class = DocumentFilter
    bar = ("q", "kind", "state", "late")
    columns = (
        Column("kind", "文书", cell="get_kind_display", kind="title", link=True),
        Column("number", "文号", cell=lambda row: row.number or "—", export="number", kind="short"),
        Column("mine", "矿山", cell=lambda row: str(row.visit.mine), export="visit.mine.name"),
        Column("visit", "检查", cell="visit.number", kind="short"),
        Column("issued", "签发日期", cell="issued_on", sort="issued_on", nulls_last=True, kind="short"),
        Column("due", "期限", cell="due_on", kind="short"),
        Column("publish", "公示", cell=lambda row: due(row.publish_by, done=row.published_on is not None),
               export="published_on", kind="short"),
        Column("state", "状态", cell=lambda row: status(f"document.{row.state}", row.get_state_display()),
               export="get_state_display", kind="short"),
    )  # fmt: skip
    empty_title, empty_words = "还没有执法文书", "完成检查后，在检查的页面上起草。"

    def extra_context(self) -> dict[str, Any]:
        return {"tab": "documents"}


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    user, row = user_of(request), document_of(request, pk)
    may_write = bool(row.relations_of(user) & {"officer", "bureau"})
    context = {
        "document": row,
        "rules": row.rules,
        # The scan has a form of its own.
        "acts": [act for act in allowed_actions(row, user) if act.action != "close"],
        "may_write": may_write and row.state == Document.State.DRAFTED,
        "may_close": may_write and row.state == Document.State.APPROVED,
        "may_publish": may_write and row.in_force and row.publish_by is not None and row.published_on is None,
        "may_pay": may_write and row.in_force and bool(row.rules.publish),
        "lines": row.lines.select_related("hazard"),
        "penalties": row.penalties.all(),
        "measures": row.measures.all(),
        "followers": Document.objects.visible_to(user).filter(parent=row),
        "files": Evidence.objects.about(row),
        "events": history_of(row).order_by("-id")[:HISTORY_LINES] if user.reads_region else [],
    }
    return render(request, "inspections/document.html", context)


@require_safe
def paper(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    if ending not in FORMATS:
        raise Http404
    row = document_of(request, pk)
    return paper_response(document_letter(row), ending, str(row))


class DocumentAct(ActPage):
    model = Document
    services = {"approve": approve_document}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") == "close":
            raise Conflict("请上传签字盖章的扫描件归档。")
        return super().post(request, *args, **kwargs)


class DocumentNew(FormPage):
    """Draft a document of one kind."""

    form_class = DocumentForm
    template_name = "inspections/visit_form.html"
    submit = "保存草稿"
    stays = True
    made: Document | None = None

    @cached_property
    def visit(self) -> Visit:
        return visit_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs["kind"] not in KINDS:
            raise Http404
        check_may_draft(user_of(request), self.visit, kwargs["kind"])
        self.title = f"起草{KINDS[kwargs['kind']].label}"
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"visit": self.visit, "kind": self.kwargs["kind"]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"visit": self.visit}

    def get_success_url(self) -> str:
        return self.made.get_absolute_url() if self.made else self.visit.get_absolute_url()

    def perform(self, form: DocumentForm) -> str:
        self.made = draft_document(by=user_of(self.request), visit=self.visit, kind=self.kwargs["kind"], **form.given())
        return "草稿已保存，核对后送审批。"


class DocumentFormPage(FormPage):
    """A form about one document, for those who came and the bureau."""

    template_name = "inspections/visit_form.html"

    @cached_property
    def document(self) -> Document:
        return document_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.document.relations_of(user_of(request)) & {"officer", "bureau"}:
            raise NotAllowed("执法文书由到场的检查人员和应急管理局办理。")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"visit": self.document.visit}

    def get_success_url(self) -> str:
        return self.document.get_absolute_url()


class DocumentEdit(DocumentFormPage):
    form_class = DocumentForm
    title = "修改文书"

    def get_form_kwargs(self) -> dict[str, Any]:
        row = self.document
        if row.state != Document.State.DRAFTED:
            raise Conflict(f"文书{row.get_state_display()}，不能再修改。")
        return super().get_form_kwargs() | {"visit": row.visit, "kind": row.kind, "document": row}

    def perform(self, form: DocumentForm) -> str:
        change_document(by=user_of(self.request), document=self.document, **form.given())
        return "已保存。"


class Scan(DocumentFormPage):
    form_class = ScanForm
    title = "上传签字扫描件，归档"
    submit = "归档"

    def perform(self, form: ScanForm) -> str:
        close_document(by=user_of(self.request), document=self.document, **form.cleaned_data)
        return "扫描件已保存，文书已归档。"


class Published(DocumentFormPage):
    form_class = PublishForm
    title = "登记公示"

    def perform(self, form: PublishForm) -> str:
        publish_document(by=user_of(self.request), document=self.document, **form.cleaned_data)
        return "已登记公示。"


class Paid(DocumentFormPage):
    form_class = PaidForm
    title = "登记缴款"

    @cached_property
    def penalty(self) -> Penalty:
        rows = Penalty.objects.visible_to(user_of(self.request)).select_related("document")
        found: Penalty = get_object_or_404(rows, pk=self.kwargs["penalty"])
        return found

    @cached_property
    def document(self) -> Document:
        return document_of(self.request, self.penalty.document_id)

    def perform(self, form: PaidForm) -> str:
        pay_penalty(by=user_of(self.request), penalty=self.penalty, **form.cleaned_data)
        return "已登记缴款。"
