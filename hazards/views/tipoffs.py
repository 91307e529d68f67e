"""Pages of the bureau about tip-offs: the list, one tip-off and its steps, who told, the reward."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from common.acts import after_act
from common.errors import Conflict, NotAllowed
from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from common.models import Evidence
from common.navigation import back_address
from common.templatetags.page import due, status
from common.transitions import allowed_actions
from hazards.filters import TipOffFilter
from hazards.forms import tipoffs as forms
from hazards.models import TipOff, TipOffOfficer, TipOffReward
from hazards.services import tipoffs as services
from units.models import Region, Role, User
from units.requests import user_of

HISTORY_LINES = 60


class TipOffList(ListPage):
    """Tip-offs of the region; no column and no file says who told."""

    model = TipOff
    title = "举报"
    template_name = "hazards/tipoffs.html"
    filterset_class = TipOffFilter
    bar = ("q", "state", "finding", "overdue")
    columns = (
        Column("number", "编号", kind="short", link=True),
        Column("subject", "矿山"),
        Column("description", "举报内容", kind="title", link=True, cell=lambda row: row.description[:60], export="description"),
        Column("channel", "渠道", cell="get_channel_display", kind="short"),
        Column("received", "收到时间", cell="received_at", sort="received_at", kind="short"),
        Column("next", "下一时限", cell=lambda row: due(row.next_day), export="next_day", kind="short"),
        Column("finding", "核查结论", cell="get_finding_display", kind="short"),
        Column("hazard", "登记的隐患", cell="hazard.number", kind="short", on_page=False),
        Column("answered", "答复日期", cell="answered_on", on_page=False),
        Column("state", "状态", cell=lambda row: status(f"tipoff.{row.state}", row.get_state_display()),
               export="get_state_display", kind="short"),
    )  # fmt: skip
    empty_title = "还没有收到举报"
    empty_words = "群众在公开的举报页面提交、或工作人员登记的举报会出现在这里。"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_of(request).reads_region:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def extra_context(self) -> dict[str, Any]:
        user = user_of(self.request)
        public = self.request.build_absolute_uri(reverse("hazards:tip_off_public"))
        return {"may_enter": user.reviews, "may_name": user.role == Role.BUREAU_ADMIN, "public_url": public}


def tip_off_of(request: HttpRequest, pk: int) -> TipOff:
    """The tip-off in the address, where this user sees it; 404 otherwise."""
    rows = TipOff.objects.visible_to(user_of(request)).for_list().select_related("region", "verified_by")
    rewards = Prefetch("rewards", TipOffReward.objects.select_related("proposed_by", "decided_by"))
    found: TipOff = get_object_or_404(rows.select_related("registered_by").prefetch_related(rewards), pk=pk)
    return found


def page_context(tip_off: TipOff, user: User) -> dict[str, Any]:
    relations = tip_off.relations_of(user)
    acts = allowed_actions(tip_off, user)
    rewards = list(tip_off.rewards.all())
    for reward in rewards:
        reward.tip_off = tip_off
    bureau = "bureau" in relations
    settled = any(reward.state != TipOffReward.State.REFUSED for reward in rewards)
    return {
        "tip_off": tip_off,
        "acts": [act for act in acts if act.action not in STEPS],
        "steps": [(act, STEPS[act.action]) for act in acts if act.action in STEPS],
        "may_see_contact": "keeper" in relations,
        "has_contact": hasattr(tip_off, "contact") if "keeper" in relations else None,
        "may_register": bureau and tip_off.is_confirmed and tip_off.hazard_id is None and tip_off.state != "received",
        "may_reward": bureau and tip_off.is_confirmed and not settled,
        "rewards": rewards,
        "files": Evidence.objects.about(tip_off),
        "events": history_of(tip_off)[:HISTORY_LINES],
    }


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "hazards/tipoff.html", page_context(tip_off_of(request, pk), user_of(request)))


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    tip_off = tip_off_of(request, pk)
    action, note = request.POST.get("act", ""), request.POST.get("note", "")
    services.move_tip_off(by=user_of(request), tip_off=tip_off, action=action, note=note)
    messages.success(request, f"{tip_off.number}：{tip_off.get_state_display()}。")
    return after_act(request, tip_off)


@never_cache
@sensitive_variables("contact")
@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Who told it, on the answer to this very request and on no page that could be opened again."""
    tip_off, user = tip_off_of(request, pk), user_of(request)
    contact = services.read_contact(by=user, tip_off=tip_off, purpose=request.POST.get("purpose", ""))
    context = page_context(tip_off, user) | {"contact": contact, "contact_shown": True}
    return render(request, "hazards/tipoff.html", context)


class TipOffNew(FormPage):
    """Enter what came by telephone, letter or in person."""

    form_class = forms.TipOffForm
    template_name = "hazards/tipoff_form.html"
    title = "登记举报"
    submit = "登记"
    made: TipOff | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        user = user_of(request)
        if not user.reviews or user.unit is None:
            raise NotAllowed("举报由应急管理局的工作人员登记。")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": user_of(self.request)}

    def get_success_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("hazards:tip_offs")

    def perform(self, form: forms.TipOffForm) -> str:
        data, user = dict(form.cleaned_data), user_of(self.request)
        files = data.pop("evidence")
        assert user.unit is not None
        region = data["mine"].region.county if data["mine"] else user.unit.region.county
        self.made, code = services.receive_tip_off(by=user, region=region, files=files, **data)
        return f"已登记，编号{self.made.number}。查询码：{code}（只显示这一次，请告诉举报人）。"


class TipOffFormPage(FormPage):
    """A form about one tip-off, for the bureau."""

    template_name = "hazards/tipoff_form.html"

    @cached_property
    def tip_off(self) -> TipOff:
        tip_off = tip_off_of(self.request, self.kwargs["pk"])
        services.check_handles(user_of(self.request), tip_off.region)
        return tip_off

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"tip_off": self.tip_off, "user": user_of(self.request)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"tip_off": self.tip_off}

    def get_success_url(self) -> str:
        return self.tip_off.get_absolute_url()


@dataclass(frozen=True)
class Step:
    """A move with a form of its own."""

    title: str
    form_class: type[forms.StepForm]
    service: Callable[..., TipOff]


STEPS = {
    "verify": Step("登记核查结论", forms.VerifyForm, services.verify_tip_off),
    "handle": Step("登记处理情况", forms.HandleForm, services.handle_tip_off),
    "answer": Step("答复举报人", forms.AnswerForm, services.answer_tip_off),
    "decline": Step("不予受理", forms.DeclineForm, services.decline_tip_off),
    "hand_over": Step("移送其他部门", forms.HandOverForm, services.hand_over_tip_off),
    "account": Step("登记责任追究", forms.AccountForm, services.account_tip_off),
}


class StepPage(TipOffFormPage):
    """One of STEPS, where the state allows it."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs["step"] not in STEPS:
            raise Http404
        if (self.tip_off.state, kwargs["step"]) not in TipOff.moves:
            raise Conflict(f"当前状态为“{self.tip_off.get_state_display()}”，不能“{self.title}”。")
        return super().dispatch(request, *args, **kwargs)

    @property
    def step(self) -> Step:
        return STEPS[self.kwargs["step"]]

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.step.title

    def get_form_class(self) -> type[forms.StepForm]:
        return self.step.form_class

    def perform(self, form: forms.StepForm) -> str:
        moved = self.step.service(by=user_of(self.request), tip_off=self.tip_off, **form.cleaned_data)
        return f"{moved.number}：{moved.get_state_display()}。"


class TipOffHazard(TipOffFormPage):
    """Make a hazard of what was found true."""

    form_class = forms.TipOffHazardForm
    title = "登记为隐患"
    submit = "登记隐患"

    def perform(self, form: forms.TipOffHazardForm) -> str:
        hazard = services.register_tip_off_hazard(by=user_of(self.request), tip_off=self.tip_off, **form.cleaned_data)
        return f"已登记为隐患，编号{hazard.number}，请到隐患台账定级。"


class RewardNew(TipOffFormPage):
    form_class = forms.RewardForm
    title = "提出举报奖励"
    submit = "提交审批"

    def perform(self, form: forms.RewardForm) -> str:
        services.propose_reward(by=user_of(self.request), tip_off=self.tip_off, **form.cleaned_data)
        return "已提出，由另一名工作人员审批。"


@require_POST
def reward_act(request: HttpRequest, pk: int) -> HttpResponse:
    rows: QuerySet[Any] = TipOffReward.objects.visible_to(user_of(request)).select_related("tip_off")
    reward = get_object_or_404(rows, pk=pk)
    action, note = request.POST.get("act", ""), request.POST.get("note", "")
    services.move_reward(by=user_of(request), reward=reward, action=action, note=note)
    messages.success(request, f"举报奖励：{reward.get_state_display()}。")
    return HttpResponseRedirect(back_address(request, reward.get_absolute_url()))


class OfficerPage(FormPage):
    """Name the one officer who, beside the administrator, may see who told."""

    form_class = forms.OfficerForm
    title = "指定举报专办员"

    @cached_property
    def region(self) -> Region:
        user = user_of(self.request)
        if user.role != Role.BUREAU_ADMIN or user.unit is None:
            raise NotAllowed("举报专办员由局管理员指定。")
        return user.unit.region.county

    def get_initial(self) -> dict[str, Any]:
        held = TipOffOfficer.objects.filter(region=self.region).first()
        return {"officer": held.officer_id if held else None}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"region": self.region}

    def get_success_url(self) -> str:
        return reverse("hazards:tip_offs")

    def perform(self, form: forms.OfficerForm) -> str:
        officer = form.cleaned_data["officer"]
        services.name_officer(by=user_of(self.request), region=self.region, officer=officer)
        return f"举报专办员：{officer.name}。" if officer else "不再指定举报专办员。"
