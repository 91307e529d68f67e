"""Clues for other departments: the list, a clue, and its forms."""

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
from inspections.filters import ClueFilter
from inspections.forms.clues import AnswerForm, ClueForm, ReceiptForm
from inspections.letters.clues import clue_letter
from inspections.models import Clue, Visit
from inspections.relations import may_inspect
from inspections.services.clues import answer_clue, check_may_draft, keep_clue, receive_clue, send_clue
from units.requests import user_of

HISTORY_LINES = 30
OWN_FORMS = ("receive", "answer")
"""Moves that have a form of their own."""


def clue_of(request: HttpRequest, pk: int) -> Clue:
    rows = Clue.objects.visible_to(user_of(request)).select_related(
        "region", "visit__mine", "receiver", "drafted_by__unit", "sent_by"
    )
    found: Clue = get_object_or_404(rows, pk=pk)
    return found


class ClueList(ListPage):
    model = Clue
    title = "线索移送"
    template_name = "inspections/clues.html"
    filterset_class = ClueFilter
    columns = (
        Column("number", "文号", cell=lambda row: row.number or "签发时编号", export="number", kind="short"),
        Column("subject", "涉及单位或人员", kind="title", link=True),
        Column("receiver", "接收部门", cell="receiver_name"),
        Column("sent", "移送日期", cell="sent_on", sort="sent_on", nulls_last=True, kind="short"),
        Column("due", "应答复", cell=lambda row: due(row.answer_by, done=row.state not in Clue.WAITING),
               export="answer_by", kind="short"),
        Column("outcome", "处理结果", cell=lambda row: row.get_outcome_display() or "—", export="get_outcome_display"),
        Column("state", "状态", cell=lambda row: status(f"clue.{row.state}", row.get_state_display()),
               export="get_state_display", kind="short"),
    )  # fmt: skip
    empty_title, empty_words = "还没有线索移送", "检查中发现属于其他部门管辖的问题，在这里移送，跟踪签收和答复。"

    def extra_context(self) -> dict[str, Any]:
        return {"may_draft": may_inspect(user_of(self.request)), "tab": "clues"}


@require_safe
def clue(request: HttpRequest, pk: int) -> HttpResponse:
    user, row = user_of(request), clue_of(request, pk)
    acts = allowed_actions(row, user)
    names = {act.action for act in acts}
    context = {
        "clue": row,
        "acts": [act for act in acts if act.action not in OWN_FORMS],
        "may_change": row.state == Clue.State.DRAFTED and "inspector" in row.relations_of(user),
        "may_receive": "receive" in names,
        "may_answer": "answer" in names,
        "files": Evidence.objects.about(row),
        "events": history_of(row).order_by("-id")[:HISTORY_LINES],
        "tab": "clues",
    }
    return render(request, "inspections/clue.html", context)


@require_safe
def paper(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    if ending not in FORMATS:
        raise Http404
    row = clue_of(request, pk)
    return paper_response(clue_letter(row), ending, f"线索移送函{row.number}")


class ClueAct(ActPage):
    model = Clue
    services = {"send": send_clue}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") in OWN_FORMS:
            raise Conflict("这一步有自己的表单，请在线索的页面上办理。")
        return super().post(request, *args, **kwargs)


class CluePage(FormPage):
    """A new clue, of a visit where the address names one, or a draft that is changed."""

    form_class = ClueForm
    title = "线索移送"
    submit = "保存草稿"
    stays = True
    made: Clue | None = None

    @cached_property
    def clue(self) -> Clue | None:
        return clue_of(self.request, self.kwargs["pk"]) if "pk" in self.kwargs else None

    @cached_property
    def visit(self) -> Visit | None:
        key = self.request.GET.get("visit", "")
        if self.clue is not None or not key.isdecimal() or len(key) > 18:
            return self.clue.visit if self.clue else None
        rows = Visit.objects.visible_to(user_of(self.request)).select_related("mine")
        found: Visit = get_object_or_404(rows, pk=key)
        return found

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_draft(user_of(request))
        if self.clue is not None and self.clue.state != Clue.State.DRAFTED:
            raise Conflict(f"线索{self.clue.get_state_display()}，不能再修改。")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": user_of(self.request), "visit": self.visit, "clue": self.clue}

    def get_success_url(self) -> str:
        return self.made.get_absolute_url() if self.made else "/inspections/clues/"

    def perform(self, form: ClueForm) -> str:
        data = dict(form.cleaned_data)
        self.made = keep_clue(
            by=user_of(self.request), visit=self.visit, clue=self.clue, files=data.pop("papers"), **data
        )
        return "草稿已保存，核对后送审批。"


class ClueStep(FormPage):
    """A form of one move of a sent clue."""

    move = ""
    stays = True

    @cached_property
    def clue(self) -> Clue:
        return clue_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.clue.relations_of(user_of(request)) & {"receiver", "inspector"}:
            raise NotAllowed("由接收部门或应急管理局办理。")
        if (self.clue.state, self.move) not in Clue.moves:
            raise Conflict(f"线索{self.clue.get_state_display()}，不能办理这一步。")
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return self.clue.get_absolute_url()


class Receipt(ClueStep):
    form_class = ReceiptForm
    title, submit, move = "登记签收", "签收", "receive"

    def perform(self, form: ReceiptForm) -> str:
        receive_clue(by=user_of(self.request), clue=self.clue, **form.cleaned_data)
        return "已登记签收。"


class Answer(ClueStep):
    form_class = AnswerForm
    title, submit, move = "登记答复", "答复", "answer"

    def perform(self, form: AnswerForm) -> str:
        data = dict(form.cleaned_data)
        answer_clue(by=user_of(self.request), clue=self.clue, files=data.pop("papers"), **data)
        return "已登记答复。"
