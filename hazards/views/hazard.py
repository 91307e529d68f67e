"""One hazard: everything about it on one page, its moves, its grading, and the record to print."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from common.acts import after_act
from common.errors import Conflict, NotAllowed
from common.forms import FormPage
from common.transitions import AllowedAction, allowed_actions
from hazards.closing import closing_checks
from hazards.counters import repeats_of
from hazards.forms.register import ChangeForm, GradeForm
from hazards.looks import level_chip
from hazards.models import (
    HandOver,
    Hazard,
    HazardExtension,
    HazardSuspension,
    Implementation,
    Investigation,
    Listing,
    LookBack,
    Rectification,
    Reinspection,
    ReinspectionOfficer,
    Source,
    TipOff,
)
from hazards.papers import attach_files, events_of
from hazards.querysets import OPEN_STATES
from hazards.services.register import change_hazard, grade_hazard, move_hazard
from hazards.signs import signs_of
from units.models import User
from units.requests import user_of

HISTORY_LINES = 60
WITH_FORMS = ("grade", "close", "return", "suspend", "resume", "hand_over", "take_back", "answered")
"""Moves that have a form of their own instead of a button."""

ASIDES = (
    ("resume", "hazards:resume", "恢复办理"),
    ("answered", "hazards:answer", "登记答复"),
    ("suspend", "hazards:suspend", "停产暂缓"),
    ("hand_over", "hazards:hand_over", "移送其他部门"),
)
"""Moves to and from the side of the way, each with its form's address and label."""


def hazard_of(request: HttpRequest, pk: int) -> Hazard:
    """The hazard in the address, where this user sees it; 404 otherwise."""
    rows = Hazard.objects.visible_to(user_of(request)).for_list()
    rows = rows.select_related(
        "mine__mine", "mine__region", "clause__standard", "rectifier", "closed_by", "registered_by"
    )
    found: Hazard = get_object_or_404(rows, pk=pk)
    return found


def whole_hazard(request: HttpRequest, pk: int) -> Hazard:
    """The same with every row that belongs to it, each read once."""
    signatures = Prefetch("signatures", ReinspectionOfficer.objects.select_related("officer"))
    extensions = HazardExtension.objects.select_related("requested_by", "decided_by")
    rows = (
        Hazard.objects.visible_to(user_of(request))
        .for_list()
        .select_related(
            "mine__mine", "area", "task__campaign", "clause__standard", "clause__category", "rectifier", "closed_by",
            "registered_by", "double_report", "investigation", "major_report__made_by", "treatment_plan__made_by",
        )
        .prefetch_related(
            Prefetch("implementations", Implementation.objects.select_related("stated_by", "confirmed_by")),
            Prefetch("rectifications", Rectification.objects.select_related("made_by")),
            Prefetch("reinspections", Reinspection.objects.select_related("recorded_by").prefetch_related(signatures)),
            Prefetch("extensions", extensions),
            Prefetch("look_backs", LookBack.objects.select_related("ordered_by").prefetch_related("officers")),
            Prefetch("suspensions", HazardSuspension.objects.select_related("begun_by", "ended_by")),
            Prefetch("hand_overs", HandOver.objects.select_related("sent_by", "ended_by")),
            Prefetch("listings", Listing.objects.prefetch_related("extensions")),
        )
    )  # fmt: skip
    found: Hazard = get_object_or_404(rows, pk=pk)
    for extension in found.extensions.all():
        extension.hazard = found
    return found


def buttons_of(hazard: Hazard, user: User) -> tuple[list[AllowedAction], set[str]]:
    """The moves that are mere buttons, and the names of those that have a form."""
    acts = allowed_actions(hazard, user)
    return [act for act in acts if act.action not in WITH_FORMS], {act.action for act in acts}


def shown_investigation(hazard: Hazard, user: User) -> Investigation | None:
    """The investigation where this user may see it: a draft is for those who read the region."""
    found: Investigation | None = getattr(hazard, "investigation", None)
    return found if found is not None and (found.is_signed or user.reads_region) else None


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    hazard = whole_hazard(request, pk)
    relations = hazard.relations_of(user)
    acts, names = buttons_of(hazard, user)
    attach_files(hazard)
    look_backs = [one for one in hazard.look_backs.all() if user.reads_region or not one.is_open]
    events = list(events_of(hazard)[:HISTORY_LINES])
    settled = hazard.state in (Hazard.State.CLOSED, Hazard.State.VOID)
    rectifiable = hazard.state in (Hazard.State.TREATING, Hazard.State.RETURNED)
    waiting = any(one.state == HazardExtension.State.REQUESTED for one in hazard.extensions.all())
    returned = next((event.note for event in events if event.verb in ("hazard.return", "hazard.reopen")), "")
    checks = [] if hazard.state == Hazard.State.VOID else closing_checks(hazard, user)
    context = {
        "hazard": hazard,
        "level": level_chip(hazard),
        # Who closes hazards finds here what is missing until there is a re-inspection to record.
        "closing_lacks": [check.missing for check in checks if not check.met]
        if "inspector" in relations and hazard.state in OPEN_STATES
        else [],
        "acts": acts,
        "may_change": bool(relations & {"mine", "bureau"}) and not settled,
        "may_grade": "grade" in names,
        "may_reinspect": bool(names & {"close", "return"}) and hazard.rectifier_id != user.pk,
        "may_rectify": "mine" in relations and rectifiable,
        "may_prove": "mine" in relations and not settled,
        "may_report_twice": bool(relations & {"mine", "bureau"}) and not settled,
        "may_confirm": "inspector" in relations and not settled,
        "may_extend": "mine" in relations and hazard.due_on and hazard.state in OPEN_STATES and not waiting,
        "is_open": hazard.state in OPEN_STATES,
        "tip_off": TipOff.objects.visible_to(user).filter(hazard=hazard).first()
        if hazard.source == Source.TIP_OFF
        else None,
        "asides": [(name, url, label) for name, url, label in ASIDES if name in names],
        "look_backs": look_backs,
        "may_look_back": "bureau" in relations
        and hazard.state == Hazard.State.CLOSED
        and not any(one.is_open for one in hazard.look_backs.all()),
        "investigation": shown_investigation(hazard, user),
        "may_investigate": "bureau" in relations and hazard.is_major and hazard.state != Hazard.State.VOID,
        "may_receive": "answered" in names,
        "days_waited": sum(one.days for one in hazard.suspensions.all()),
        "may_list": "bureau" in relations
        and hazard.is_major
        and not settled
        and not any(one.is_open for one in hazard.listings.all()),
        "checks": checks,
        "returned_why": returned if hazard.state == Hazard.State.RETURNED else "",
        "events": events,
        "repeats": repeats_of(hazard),
        "signs": signs_of(hazard, user),
    }
    return render(request, "hazards/hazard.html", context)


@require_safe
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what, when, with which paper: the whole life of one hazard on A4."""
    hazard = whole_hazard(request, pk)
    files = attach_files(hazard)
    events = list(events_of(hazard).order_by("id"))
    context = {"hazard": hazard, "level": level_chip(hazard), "files": files, "events": events}
    return render(request, "hazards/record.html", context)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    hazard = hazard_of(request, pk)
    move_hazard(
        by=user_of(request), hazard=hazard, action=request.POST.get("act", ""), note=request.POST.get("note", "")
    )
    messages.success(request, f"{hazard.number}已转为“{hazard.get_state_display()}”。")
    return after_act(request, hazard)


class HazardFormPage(FormPage):
    """A form about one hazard; after it the user is back on the hazard's page."""

    template_name = "hazards/hazard_form.html"
    relations: tuple[str, ...] = ()
    """What the user has to be to the hazard for the form to open."""
    states: tuple[str, ...] = ()
    """States in which the form makes sense; empty: all but closed and void."""

    @cached_property
    def hazard(self) -> Hazard:
        return hazard_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.hazard.relations_of(user_of(request)).intersection(self.relations):
            raise NotAllowed("这一项不属于您的职责，请由责任单位或应急管理局的人员办理。")
        settled = self.hazard.state in (Hazard.State.CLOSED, Hazard.State.VOID)
        if settled or (self.states and self.hazard.state not in self.states):
            raise Conflict(
                f"当前状态为“{self.hazard.get_state_display()}”，不能“{self.title}”。请刷新页面，按现在的状态办理。"
            )
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return self.hazard.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"hazard": self.hazard, "level": level_chip(self.hazard)}


class ChangePage(HazardFormPage):
    """Put right what is written on a hazard."""

    form_class = ChangeForm
    title = "修改隐患内容"
    relations = ("mine", "bureau")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"hazard": self.hazard, "by": user_of(self.request)}

    def perform(self, form: ChangeForm) -> str:
        change_hazard(by=user_of(self.request), hazard=self.hazard, **form.cleaned_data)
        return "已保存。"


class GradePage(HazardFormPage):
    """Decide the level of a hazard."""

    form_class = GradeForm
    template_name = "hazards/grade.html"
    title = "定级"
    submit = "确定等级"
    relations = ("bureau", "self_checker")
    states = (Hazard.State.REGISTERED, Hazard.State.GRADED)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"hazard": self.hazard, "by": user_of(self.request)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "refresh" in request.POST:
            form = GradeForm(**self.get_form_kwargs())
            form.silence()
            return self.render_to_response(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def perform(self, form: GradeForm) -> str:
        grade_hazard(by=user_of(self.request), hazard=self.hazard, **form.cleaned_data)
        return f"{self.hazard.number}已定为{self.hazard.get_level_display()}。"
