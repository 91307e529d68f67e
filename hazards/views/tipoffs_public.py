"""Pages for the public: tell the bureau something, and ask what became of it. No log-in, no personal data needed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.forms import FormPage
from hazards.forms.tipoffs import PublicTipOffForm, QueryForm, mines_named
from hazards.models import TipOff
from hazards.services.knocks import knock
from hazards.services.tipoffs import find_by_code, receive_tip_off

CODE_KEY = "tip_off_code"
CODE_SECONDS = 600
ANSWERED = ("answered", "accounted", "closed", "not_accepted", "handed_over")
"""States in which the answer is public."""
public = method_decorator([login_not_required, sensitive_post_parameters(), never_cache], name="dispatch")


def address_of(request: HttpRequest) -> str | None:
    address: str | None = request.META.get("REMOTE_ADDR")
    return address


@public
class PublicTipOffPage(FormPage):
    form_class = PublicTipOffForm
    template_name = "hazards/tipoff_public.html"
    title = "举报矿山安全问题"
    submit = "提交举报"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "refresh" in request.POST:
            form = PublicTipOffForm(**self.get_form_kwargs())
            form.silence()
            return self.render_to_response(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse("hazards:tip_off_code")

    def perform(self, form: PublicTipOffForm) -> str:
        knock(door="tip_off", address=address_of(self.request))
        data = form.cleaned_data
        _, code = receive_tip_off(
            region=data["region"],
            mine=data["mine"],
            mine_name=data["mine_name"],
            place=data["place"],
            happened=data["happened"],
            description=data["description"],
            name=data["name"],
            phone=data["phone"],
            files=data["photos"],
        )
        self.request.session[CODE_KEY] = code
        if not self.request.user.is_authenticated:
            self.request.session.set_expiry(CODE_SECONDS)
        return ""


@login_not_required
@never_cache
@require_safe
def code_page(request: HttpRequest) -> HttpResponse:
    """The query code, this once."""
    return render(request, "hazards/tipoff_code.html", {"code": request.session.pop(CODE_KEY, "")})


@public
class QueryPage(FormPage):
    """What became of a tip-off, for whoever has its code; the code never stands in an address."""

    form_class = QueryForm
    template_name = "hazards/tipoff_query.html"
    title = "查询举报办理情况"
    submit = "查询"

    def form_valid(self, form: QueryForm) -> HttpResponse:
        try:
            knock(door="tip_off_query", address=address_of(self.request))
        except Refused as refusal:
            form.add_refusal(refusal)
            return self.form_invalid(form)
        tip_off = find_by_code(form.cleaned_data["code"])
        if tip_off is None:
            form.add_error("code", "没有这个查询码。请对照提交时记下的16位字符重新输入。")
            return self.form_invalid(form)
        return render(self.request, "hazards/tipoff_result.html", {"result": public_view(tip_off)})


def public_view(tip_off: TipOff) -> dict[str, Any]:
    """All that the public may read of a tip-off: no notes, no names, nothing from which a mine could tell the sender."""
    answered = tip_off.state in ANSWERED
    reward = next((one for one in tip_off.rewards.all() if one.state in ("approved", "paid")), None)
    return {
        "received": tip_off.received_at,
        "state": tip_off.public_state,
        "answer": tip_off.answer if answered else "",
        "answered_on": tip_off.answered_on if answered else None,
        "answer_by": None if answered else tip_off.answer_by,
        "reward": reward.amount if reward else None,
        "reward_paid": reward is not None and reward.state == "paid",
    }


@login_not_required
@never_cache
@require_safe
def mines(request: HttpRequest) -> HttpResponse:
    """The mines that fit what stands in the form, to choose from."""
    knock(door="tip_off_mines", address=address_of(request))
    text = request.GET.get("mine_name", "")
    return render(request, "hazards/tipoff_mines.html", {"found": mines_named(text), "text": text.strip()})
