"""What other departments were sent: their own list, one matter, and its receipt, treatment and answer."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from common.lists import Column, ListPage
from common.models import Evidence
from common.templatetags.page import due, status
from hazards.filters import HandOverFilter
from hazards.forms.waiting import ReplyForm, TreatmentForm
from hazards.looks import level_chip
from hazards.models import HandOver, Hazard
from hazards.querysets import OPEN_STATES
from hazards.services.waiting import tell_treatment
from hazards.views.waiting import AnswerPage, HandedOverPage, ReceiptPage
from units.requests import user_of


def step_of(row: HandOver) -> str:
    """How far a hand-over has come, in the words of its statuses."""
    if not row.is_open:
        return str(row.outcome)
    return "treating" if row.treatment else "received" if row.received_on else "waiting"


def hand_over_of(request: HttpRequest, pk: int) -> HandOver:
    """The hand-over in the address, where this user sees it; 404 otherwise."""
    rows: QuerySet[HandOver] = HandOver.objects.visible_to(user_of(request)).for_list()
    return get_object_or_404(rows.select_related("hazard__mine__mine", "hazard__mine__region", "ended_by"), pk=pk)


class HandOverList(ListPage):
    """For the bureau what it has handed over, for a department what it was sent."""

    model = HandOver
    title = "移送隐患"
    filterset_class = HandOverFilter
    columns = (
        Column("letter", "移送函", kind="short", link=True, cell="letter"),
        Column("place", "隐患", cell=lambda row: f"{row.hazard.place}：{row.hazard.description[:40]}", kind="title", link=True),
        Column("mine", "矿山", cell=lambda row: str(row.hazard.mine), export="hazard.mine.name"),
        Column("receiver", "移送至", cell="receiver"),
        Column("sent", "移送日期", cell="sent_on", kind="short"),
        Column("due", "整改期限", cell=lambda row: due(row.hazard.due_on, done=row.hazard.state not in OPEN_STATES),
               export="hazard.due_on", kind="short"),
        Column("step", "进度", cell=lambda row: status(f"hand_over.{step_of(row)}"),
               export="get_outcome_display", kind="short"),
        Column("treatment", "办理情况", on_page=False),
        Column("answer", "答复", on_page=False),
    )  # fmt: skip
    empty_title, empty_words = "没有移送的隐患", "应急管理局移送其他部门办理的隐患会列在这里。"


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One hand-over: what the receiving department needs to know of the hazard, and what it has told."""
    user, row = user_of(request), hand_over_of(request, pk)
    context = {
        "hand_over": row,
        "hazard": row.hazard,
        "level": level_chip(row.hazard),
        "step": f"hand_over.{step_of(row)}",
        "photos": Evidence.objects.about(row.hazard),
        "files": Evidence.objects.about(row),
        "may_answer": "receiver" in row.hazard.relations_of(user),
        "sees_hazard": Hazard.objects.visible_to(user).filter(pk=row.hazard_id).exists(),
    }
    return render(request, "hazards/hand_over.html", context)


class ReceiverPage(HandedOverPage):
    """A form of the department that was sent the hazard; the hazard's own page is not in its sight."""

    template_name = "hazards/hand_over_answer.html"
    relations = ("receiver",)

    @cached_property
    def hand_over(self) -> HandOver:
        return hand_over_of(self.request, self.kwargs["pk"])

    @cached_property
    def hazard(self) -> Hazard:
        found: Hazard = self.hand_over.hazard
        return found

    def get_success_url(self) -> str:
        return self.hand_over.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"hand_over": self.hand_over}


class OwnReceiptPage(ReceiverPage, ReceiptPage):
    title = "签收"

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"receipt": self.hand_over.receipt or user_of(self.request).name}


class TreatmentPage(ReceiverPage):
    form_class = TreatmentForm
    title = "填报办理情况"

    def perform(self, form: TreatmentForm) -> str:
        data = dict(form.cleaned_data)
        tell_treatment(by=user_of(self.request), hazard=self.hazard, files=data.pop("evidence"), **data)
        return "办理情况已填报，应急管理局可以看到。"


class ReplyPage(ReceiverPage, AnswerPage):
    form_class = ReplyForm
    title = "答复办理结果"

    def perform(self, form: ReplyForm) -> str:  # type: ignore[override]
        super().perform(form)
        return "答复已送应急管理局。"
