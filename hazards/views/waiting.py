"""A hazard waits for its mine to resume, or for another department: the forms, and the letter of hand-over."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from common.errors import Conflict
from common.letters.response import FORMATS, paper_response
from common.transitions import missing_for
from hazards.forms.waiting import AnswerForm, HandOverForm, ReceiptForm, ResumeForm, SuspendForm
from hazards.letters import hand_over_letter
from hazards.models import HandOver, Hazard, HazardSuspension
from hazards.services.waiting import (
    end_hand_over,
    hand_over_hazard,
    record_receipt,
    resume_hazard,
    suspend_hazard,
)
from hazards.transitions import HAZARD_MOVES, UNSETTLED
from hazards.views.hazard import HazardFormPage
from units.models import Unit
from units.requests import user_of

RECEIVERS = 60


class SuspendPage(HazardFormPage):
    form_class = SuspendForm
    title = "停产暂缓"
    submit = "暂缓办理"
    relations = ("bureau",)
    states = tuple(state for state in UNSETTLED if state != Hazard.State.REGISTERED)

    def perform(self, form: SuspendForm) -> str:
        data = dict(form.cleaned_data)
        suspend_hazard(by=user_of(self.request), hazard=self.hazard, files=data.pop("evidence"), **data)
        return "已暂缓办理。整改期限不变；矿山复产后请恢复办理。"


class ResumePage(HazardFormPage):
    form_class = ResumeForm
    title = "恢复办理"
    submit = "恢复办理"
    relations = ("bureau",)
    states = (Hazard.State.SUSPENDED,)

    @cached_property
    def suspension(self) -> HazardSuspension:
        return get_object_or_404(HazardSuspension, hazard=self.hazard, resumed_on=None)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"suspension": self.suspension}

    def perform(self, form: ResumeForm) -> str:
        data = dict(form.cleaned_data)
        made = resume_hazard(by=user_of(self.request), hazard=self.hazard, files=data.pop("evidence"), **data)
        return f"已恢复为“{self.hazard.get_state_display()}”，共暂缓{made.days}天。"


class HandOverPage(HazardFormPage):
    form_class = HandOverForm
    template_name = "hazards/hand_over_form.html"
    title = "移送其他部门"
    submit = "移送并生成函"
    relations = ("bureau",)
    states = UNSETTLED

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        departments = Unit.objects.visible_to(user).filter(kind=Unit.Kind.DEPARTMENT, is_active=True)
        names = (
            departments.exclude(pk=user.unit_id or 0).order_by("sort_key").values_list("name", flat=True)[:RECEIVERS]
        )
        return super().get_context_data(**kwargs) | {"receivers": names}

    def perform(self, form: HandOverForm) -> str:
        data = dict(form.cleaned_data)
        made = hand_over_hazard(by=user_of(self.request), hazard=self.hazard, files=data.pop("evidence"), **data)
        return f"已移送，文号{made.letter}。移送函可在“移送”中下载。"


class HandedOverPage(HazardFormPage):
    """A form about the hand-over that waits for an answer."""

    relations = ("bureau",)
    states = (Hazard.State.HANDED_OVER,)

    @cached_property
    def hand_over(self) -> HandOver:
        found: HandOver | None = self.hazard.hand_overs.filter(outcome=HandOver.Outcome.WAITING).first()
        if found is None:
            raise Conflict("这条隐患没有在移送中。请刷新页面，按现在的状态办理。")
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"hand_over": self.hand_over}


class ReceiptPage(HandedOverPage):
    form_class = ReceiptForm
    title = "登记签收"

    def perform(self, form: ReceiptForm) -> str:
        data = dict(form.cleaned_data)
        record_receipt(by=user_of(self.request), hazard=self.hazard, files=data.pop("evidence"), **data)
        return "签收已登记。"


class AnswerPage(HandedOverPage):
    form_class = AnswerForm
    title = "登记答复"

    def get_form_kwargs(self) -> dict[str, Any]:
        move = HAZARD_MOVES["handed_over", "answered"]
        missing = list(missing_for(self.hazard, move, user_of(self.request)))
        return super().get_form_kwargs() | {"missing": missing}

    def perform(self, form: AnswerForm) -> str:
        data = dict(form.cleaned_data)
        treated, files = data.pop("treated") == "yes", data.pop("evidence")
        end_hand_over(by=user_of(self.request), hazard=self.hazard, treated=treated, files=files, **data)
        return f"答复已登记，现在的状态是“{self.hazard.get_state_display()}”。"


@require_safe
def letter(request: HttpRequest, pk: int, hand_over: int, ending: str) -> HttpResponse:
    """The letter by which a hazard was handed over, as Word or PDF."""
    row = get_object_or_404(HandOver.objects.visible_to(user_of(request)).for_list(), pk=hand_over, hazard=pk)
    if ending not in FORMATS:
        raise Http404
    return paper_response(hand_over_letter(row, row.hazard), ending, f"移送函 {row.letter}")
