"""Pages of supervision under a public notice: the list, one listing, its forms and papers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from common.acts import after_act
from common.errors import Conflict, NotAllowed
from common.forms import FormPage
from common.history import history_of
from common.letters.response import FORMATS, paper_response
from common.lists import Column, ListPage
from common.models import Evidence
from common.templatetags.page import due, status
from common.transitions import AllowedAction, allowed_actions
from hazards.filters import ListingFilter
from hazards.forms.listing import AcceptanceForm, ListingExtensionForm, ListingForm, PublishForm
from hazards.letters import PAPERS
from hazards.models import Hazard, Listing
from hazards.services.listing import (
    ask_listing_extension,
    check_may_list,
    list_hazard,
    move_listing,
    publish_listing,
    record_acceptance,
)
from hazards.views.hazard import hazard_of
from units.models import User
from units.requests import user_of

HISTORY_LINES = 60
WITH_FORMS = ("ask_extension", "lift", "fail")
"""Moves that have a form of their own instead of a button."""


class ListingList(ListPage):
    """Every listing in reach, the next day to act by in sight."""

    model = Listing
    title = "挂牌督办"
    template_name = "hazards/listings.html"
    filterset_class = ListingFilter
    bar = ("q", "state", "level", "overdue")
    columns = (
        Column("number", "督办文号", kind="short", link=True),
        Column("hazard", "隐患", cell=lambda row: f"{row.hazard.place}：{row.hazard.description[:40]}", kind="title", link=True),
        Column("mine", "矿山", cell=lambda row: str(row.hazard.mine), export="hazard.mine.name"),
        Column("level", "级别", cell="get_level_display", kind="short"),
        Column("listed", "挂牌日期", cell="listed_on", sort="listed_on", kind="short"),
        Column("due", "整改期限", cell=lambda row: due(row.due_on, done=row.state not in Listing.RUNNING),
               export="due_on", sort="due_on", kind="short"),
        Column("next", "下一时限", cell=lambda row: due(row.next_day), export="next_day", kind="short"),
        Column("failed", "验收不合格", cell=lambda row: f"{row.failed_count}次" if row.failed_count else "",
               export="failed_count", kind="short"),
        Column("state", "状态", cell=lambda row: status(f"listing.{row.state}", row.get_state_display()),
               export="get_state_display", sort="state", kind="short"),
        Column("organ", "挂牌机关", on_page=False),
        Column("hazard_number", "隐患编号", cell="hazard.number", on_page=False),
        Column("lifted", "摘牌日期", cell="lifted_on", on_page=False),
    )  # fmt: skip
    empty_title, empty_words = "没有挂牌督办的隐患", "在一条重大隐患的页面上点“挂牌督办”。"


def listing_of(request: HttpRequest, pk: int) -> Listing:
    """The listing in the address, where this user sees it; 404 otherwise."""
    rows = Listing.objects.visible_to(user_of(request)).for_list()
    rows = rows.select_related("hazard__mine__parent", "hazard__mine__region", "organ_unit", "listed_by", "region")
    found: Listing = get_object_or_404(rows.prefetch_related("extensions__asked_by", "acceptances__officers"), pk=pk)
    return found


def buttons_of(listing: Listing, user: User) -> tuple[list[AllowedAction], set[str]]:
    """The moves that are mere buttons, and the names of those that have a form."""
    acts = allowed_actions(listing, user)
    return [act for act in acts if act.action not in WITH_FORMS], {act.action for act in acts}


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    user, listing = user_of(request), listing_of(request, pk)
    acts, names = buttons_of(listing, user)
    context = {
        "listing": listing,
        "hazard": listing.hazard,
        "acts": acts,
        "may_ask_extension": "ask_extension" in names,
        "may_accept": bool(names & {"lift", "fail"}),
        "may_publish": "lister" in listing.relations_of(user) and listing.is_open,
        "papers": [paper for paper in PAPERS.values() if paper.exists(listing)],
        "files": Evidence.objects.about(listing),
        "events": history_of(listing).order_by("-id")[:HISTORY_LINES],
    }
    return render(request, "hazards/listing.html", context)


@require_safe
def paper(request: HttpRequest, pk: int, key: str, ending: str) -> HttpResponse:
    """One paper as a file; a PDF opens in the browser, a Word file is saved."""
    listing = listing_of(request, pk)
    made = PAPERS.get(key)
    if made is None or ending not in FORMATS or not made.exists(listing):
        raise Http404
    return paper_response(made.make(listing), ending, f"{made.label} {listing.hazard.mine.name} {listing.number}")


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    listing = listing_of(request, pk)
    action, note = request.POST.get("act", ""), request.POST.get("note", "")
    move_listing(by=user_of(request), listing=listing, action=action, note=note)
    messages.success(request, f"{listing.number}：{listing.get_state_display()}。")
    return after_act(request, listing)


class ListingNew(FormPage):
    """Put a hazard on the list."""

    form_class = ListingForm
    template_name = "hazards/hazard_form.html"
    title = "挂牌督办"
    submit = "挂牌并生成通知"

    @cached_property
    def hazard(self) -> Hazard:
        return hazard_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_list(user_of(request), self.hazard)
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return self.hazard.get_absolute_url()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"hazard": self.hazard, "by": user_of(self.request)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"hazard": self.hazard}

    def perform(self, form: ListingForm) -> str:
        data = dict(form.cleaned_data)
        files = data.pop("evidence")
        fixed = {name: data.pop(name) for name in ("level", "listed_on", "due_on", "organ", "number")}
        made = list_hazard(by=user_of(self.request), hazard=self.hazard, items=data, files=files, **fixed)
        return f"已挂牌督办，文号{made.number}。通知可在“挂牌督办”中下载；请在{made.publish_by:%m月%d日}前公布。"


class ListingFormPage(FormPage):
    """A form about one listing, for whoever stands in one of `relations` to it, in `states` only."""

    template_name = "hazards/listing_form.html"
    relations: tuple[str, ...] = ()
    states: tuple[str, ...] = Listing.OPEN

    @cached_property
    def listing(self) -> Listing:
        return listing_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.listing.relations_of(user_of(request)).intersection(self.relations):
            raise NotAllowed("这一项由隐患单位申请、由挂牌机关办理，不属于您的职责。")
        if self.listing.state not in self.states:
            raise Conflict(f"当前状态为“{self.listing.get_state_display()}”，不能“{self.title}”。")
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return self.listing.get_absolute_url()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"listing": self.listing}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"listing": self.listing, "hazard": self.listing.hazard}


class PublishPage(ListingFormPage):
    form_class = PublishForm
    title = "登记上报和公布"
    relations = ("lister",)

    def perform(self, form: PublishForm) -> str:
        publish_listing(by=user_of(self.request), listing=self.listing, **form.cleaned_data)
        return "上报和公布情况已保存。"


class ListingExtensionPage(ListingFormPage):
    form_class = ListingExtensionForm
    title = "申请延长督办期限"
    submit = "提交申请"
    relations = ("mine",)
    states = ("listed", "failed")

    def perform(self, form: ListingExtensionForm) -> str:
        asked = ask_listing_extension(by=user_of(self.request), listing=self.listing, **form.cleaned_data)
        return f"申请已提交，挂牌机关应在{asked.answer_by:%m月%d日}前答复。"


class AcceptancePage(ListingFormPage):
    form_class = AcceptanceForm
    title = "登记现场验收"
    submit = "提交验收结论"
    relations = ("lister",)
    states = ("acceptance_asked",)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": user_of(self.request)}

    def perform(self, form: AcceptanceForm) -> str:
        data = dict(form.cleaned_data)
        record_acceptance(
            by=user_of(self.request),
            listing=self.listing,
            on=data["on"],
            officers=list(data["officers"]),
            passed=data["passed"] == "yes",
            opinion=data["opinion"],
            number=data.get("number", ""),
            files=data["evidence"],
        )
        return f"{self.listing.number}：{self.listing.get_state_display()}。"
