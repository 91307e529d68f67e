"""Standstills: the list and the public's list, one standstill with its steps, and the lists that go up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from common.acts import ActPage
from common.errors import Conflict, NotAllowed
from common.forms import FormPage
from common.history import history_of
from common.letters import Letter, Paragraph, Table
from common.letters.response import FORMATS, paper_response
from common.lists import Column, ListPage
from common.models import Evidence
from common.templatetags.page import due, status
from mines.filters import SuspensionFilter
from mines.forms.suspension import (
    AcceptanceForm,
    AnnounceForm,
    RequestForm,
    ResumeForm,
    SendForm,
    SignForm,
    SuspendForm,
)
from mines.models import ResumptionSignature, Suspension, SuspensionList
from mines.services.suspension import (
    announce,
    check_items,
    check_may_send,
    make_list,
    request_resumption,
    resume_mine,
    send_list,
    sign_resumption,
    suspend_mine,
    void_suspension,
)
from mines.views.file import MineFormPage
from units.requests import user_of

MOST_PUBLIC = 500


class SuspensionRows(ListPage):
    """Every standstill in reach, the newest first."""

    model = Suspension
    title = "停产停建矿山"
    template_name = "mines/suspensions.html"
    filterset_class = SuspensionFilter
    bar = ("q", "state", "kind", "listed")
    columns = (
        Column("mine", "矿山", cell=lambda row: row.mine.unit.name, kind="title", link=True),
        Column("kind", "类别", cell="get_kind_display", kind="short"),
        Column("since", "停产日期", kind="short", sort="since"),
        Column("days", "停产天数", align="end"),
        Column("reason", "原因", kind="wide"),
        Column("state", "状态", cell=lambda row: status(f"suspension.{row.state}", row.get_state_display()),
               export="get_state_display", kind="short"),
        Column("list", "名单上报", cell=lambda row: row.listed_in.number if row.listed_in and row.listed_in.sent_on
               else due(row.list_by), export="list_by", kind="short"),
        Column("until", "预计复产", kind="short"),
    )  # fmt: skip
    empty_title = "没有停产停建的矿山"
    empty_words = "在矿山档案页面点“登记停产停建”。"

    def extra_context(self) -> dict[str, Any]:
        user = user_of(self.request)
        return {
            "may_list": user.reviews and Suspension.objects.visible_to(user).open().filter(listed_in=None).exists(),
            "lists": SuspensionList.objects.visible_to(user)[:6],
        }


@login_not_required
@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """What the law and the plans want the public to read: which mines stand still, since when, who watches."""
    rows = (
        Suspension.objects.open()
        .select_related("mine__unit__region", "mine__unit__parent", "owner")
        .order_by("mine__unit__region__code", "since")
    )
    return render(request, "mines/public.html", {"rows": rows[:MOST_PUBLIC], "today": timezone.localdate()})


def suspension_of(request: HttpRequest, pk: int) -> Suspension:
    rows = Suspension.objects.visible_to(user_of(request)).for_list()
    found: Suspension = get_object_or_404(rows, pk=pk)
    return found


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One standstill: why, what is watched, and how far the way back has come."""
    row = suspension_of(request, pk)
    relations = row.relations_of(user_of(request))
    announced = row.resumption_announced_on if row.resumption_announce_by else row.announced_on
    context = {
        "suspension": row,
        "items": list(row.items.all()),
        "signatures": list(row.signatures.all()),
        "next_office": dict(ResumptionSignature.Office.choices).get(row.next_office(), "") if row.by_department is not None else "",
        "may_request": row.state == "running" and bool(relations & {"mine", "bureau"}),
        "may_accept": row.state == "requested" and "acceptor" in relations,
        "may_sign": row.state == "accepted" and "signer" in relations,
        "may_resume": row.state == "signed" and "bureau" in relations,
        "may_announce": "bureau" in relations and announced is None and row.state != "void",
        "may_void": row.state == "running" and "admin" in relations,
        "events": history_of(row)[:30],
        "files": Evidence.objects.about(row),
    }  # fmt: skip
    return render(request, "mines/suspension.html", context)


class SuspensionAct(ActPage):
    """Only taking back a mistaken entry goes by a bare button; every other step has its own form."""

    model = Suspension
    services: ClassVar[Mapping[str, Callable[..., Any]]] = {
        "void": lambda row, *, by, note: void_suspension(by=by, suspension=row, note=note)
    }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        get_object_or_404(self.get_queryset(), **kwargs)
        if request.POST.get("act") != "void":
            raise Conflict("请在停产停建页面按步骤办理。")
        return super().post(request, *args, **kwargs)


class Suspend(MineFormPage):
    form_class = SuspendForm
    title = "登记停产停建"
    stays = True

    def get_form_kwargs(self) -> dict[str, Any]:
        if not self.mine.is_at_work:
            raise Conflict(f"矿山现在是“{self.mine.get_state_display()}”，不能登记停产停建。")
        return super().get_form_kwargs() | {"ordered": user_of(self.request).reviews}

    def get_success_url(self) -> str:
        made = getattr(self, "made", None)
        return str(made.get_absolute_url()) if made else super().get_success_url()

    def perform(self, form: SuspendForm) -> str:
        data = dict(form.cleaned_data)
        self.made = suspend_mine(by=user_of(self.request), mine=self.mine, files=data.pop("evidence"), **data)
        return f"已登记停产停建，名单应在{self.made.list_by:%Y-%m-%d}前上报。"


class OneSuspension(FormPage):
    """A form about one step of a standstill; `state` says when it has its turn."""

    state = ""

    @cached_property
    def suspension(self) -> Suspension:
        row = suspension_of(self.request, self.kwargs["pk"])
        if not row.relations_of(user_of(self.request)) & {"mine", "bureau"}:
            raise NotAllowed("停产停建由矿山自己和应急管理局办理。")
        if self.state and row.state != self.state:
            raise Conflict(f"现在的状态是“{row.get_state_display()}”，请按现在的状态办理。")
        return row

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"lead": str(self.suspension)}

    def get_success_url(self) -> str:
        return self.suspension.get_absolute_url()


class Request(OneSuspension):
    form_class, title, submit, state = RequestForm, "申请复产复工", "提交申请", "running"

    def perform(self, form: RequestForm) -> str:
        data = form.cleaned_data
        row = request_resumption(
            by=user_of(self.request), suspension=self.suspension, words=data["words"], files=data["evidence"]
        )
        return "已提交申请，由应急管理局验收。" if row.by_department else "已提交申请，由矿山自行验收。"


class Acceptance(OneSuspension):
    form_class, title, submit, state = AcceptanceForm, "复产复工验收", "保存验收", "requested"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"suspension": self.suspension}

    def perform(self, form: AcceptanceForm) -> str:
        data = form.cleaned_data
        row = check_items(
            by=user_of(self.request), suspension=self.suspension, results=form.results, acceptors=data["acceptors"],
            accept=data["outcome"] == "yes", note=data["note"], files=data["evidence"],
        )  # fmt: skip
        return "验收合格，请按次序签字。" if row.state == "accepted" else "已退回，矿山继续停产整改。"


class Sign(OneSuspension):
    form_class, title, submit, state = SignForm, "登记复产签字", "登记签字", "accepted"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        office = dict(ResumptionSignature.Office.choices).get(self.suspension.next_office(), "")
        return super().get_context_data(**kwargs) | {"lead": f"{self.suspension}　现在应由{office}签字。"}

    def perform(self, form: SignForm) -> str:
        data = dict(form.cleaned_data)
        made = sign_resumption(by=user_of(self.request), suspension=self.suspension, files=data.pop("evidence"), **data)
        return f"已登记{made.get_office_display()}签字。"


class Resume(OneSuspension):
    form_class, title, submit, state = ResumeForm, "恢复生产建设", "恢复生产建设", "signed"

    def perform(self, form: ResumeForm) -> str:
        row = resume_mine(by=user_of(self.request), suspension=self.suspension, **form.cleaned_data)
        return f"已恢复生产建设，应在{row.resumption_announce_by:%Y-%m-%d}前公告。"


class Announce(OneSuspension):
    form_class, title = AnnounceForm, "登记公告"

    def perform(self, form: AnnounceForm) -> str:
        announce(by=user_of(self.request), suspension=self.suspension, **form.cleaned_data)
        return "公告已登记。"


@require_POST
def list_new(request: HttpRequest) -> HttpResponse:
    made = make_list(by=user_of(request))
    messages.success(request, f"已生成名单{made.number}，请打印上报后登记上报日期。")
    return redirect(made)


def list_of(request: HttpRequest, pk: int) -> SuspensionList:
    rows = SuspensionList.objects.visible_to(user_of(request)).select_related("region", "made_by__unit")
    found: SuspensionList = get_object_or_404(rows, pk=pk)
    return found


@require_safe
def list_page(request: HttpRequest, pk: int) -> HttpResponse:
    made = list_of(request, pk)
    rows = made.suspensions.for_list().order_by("since")
    context = {"list": made, "rows": rows, "events": history_of(made)[:20], "files": Evidence.objects.about(made)}
    may = user_of(request).reviews and made.sent_on is None
    return render(request, "mines/suspension_list.html", context | {"may_send": may})


@require_safe
def list_paper(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The list as a letter."""
    if ending not in FORMATS:
        raise Http404
    made = list_of(request, pk)
    unit = made.made_by.unit
    organ = unit.name if unit else made.region.name
    rows = [
        [str(place), row.mine.unit.name, str(row.get_kind_display()), f"{row.since:%Y-%m-%d}", row.reason, row.measures]
        for place, row in enumerate(made.suspensions.for_list().order_by("since"), start=1)
    ]
    letter = Letter(
        title=f"{made.region.name}停产停建矿山名单",
        number=made.number,
        body=[
            Paragraph(f"截至{made.made_on.year}年{made.made_on.month}月{made.made_on.day}日，新增停产停建矿山{len(rows)}座，名单如下："),
            Table(rows, head=["序号", "矿山", "类别", "停产日期", "原因", "看守措施"], shares=[2, 5, 3, 4, 6, 8]),
        ],
        signers=[organ],
        date=made.made_on,
    )  # fmt: skip
    return paper_response(letter, ending, f"停产停建矿山名单{made.number}")


class ListSend(FormPage):
    form_class, title, submit = SendForm, "登记名单上报", "登记"

    @cached_property
    def list(self) -> SuspensionList:
        return list_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_send(user_of(request), self.list)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"lead": self.list.number}

    def get_success_url(self) -> str:
        return self.list.get_absolute_url()

    def perform(self, form: SendForm) -> str:
        data = dict(form.cleaned_data)
        send_list(by=user_of(self.request), suspension_list=self.list, files=data.pop("evidence"), **data)
        return "已登记上报。"
