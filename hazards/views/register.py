"""The register: the list, and entering a hazard."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.errors import NotAllowed, Refused
from common.forms import FormPage
from common.lists import BulkAction, Column
from common.templatetags.page import due
from hazards.filters import HazardFilter
from hazards.forms.register import ClausePicker, GradeManyForm, HazardForm
from hazards.forms.waiting import ResumeManyForm, SuspendManyForm
from hazards.looks import level_chip
from hazards.models import Hazard, Level
from hazards.querysets import OPEN_STATES
from hazards.services.register import grade_hazard, register_hazard
from hazards.services.waiting import resume_hazard, suspend_hazard
from hazards.transitions import UNSETTLED
from hazards.views.exporting import RegisterListPage
from units.models import Role, Unit, User
from units.requests import user_of

MANY = 500
"""Rows that one press may grade; more are taken by pressing again."""


def may_register(user: User) -> bool:
    """Whether the register takes entries from this user: of a mine, or of the bureau."""
    of_mine = user.reports and user.unit is not None and user.unit.kind == Unit.Kind.MINE
    return of_mine or user.reviews or user.role == Role.INSPECTOR


def grade_many(rows: QuerySet[Any], by: Any, data: dict[str, Any]) -> str:
    """Grade each row by itself as general, so that one that may not be does not hold up the others."""
    graded, refused = 0, ""
    for row in rows.filter(state=Hazard.State.REGISTERED)[:MANY]:
        try:
            if row.clause is not None:
                raise Refused("选了判定条款的隐患要逐条定级并写明理由。")
            grade_hazard(by=by, hazard=row, level=Level.GENERAL, due_on=data["due_on"])
            graded += 1
        except Refused as refusal:
            detail = "；".join(line for lines in refusal.fields.values() for line in lines)
            refused = refused or f"有的没有定级：{row.number}，{detail or refusal.message}"
    if not graded:
        raise Refused(refused or "所选的行里没有待定级的隐患。")
    return f"已把{graded}条定为一般隐患。{refused}"


def suspend_many(rows: QuerySet[Any], by: Any, data: dict[str, Any]) -> str:
    """Let the chosen hazards of a suspended mine wait; those that cannot are left as they are."""
    states = [state for state in UNSETTLED if state != Hazard.State.REGISTERED]
    chosen = list(rows.filter(state__in=states)[:MANY])
    for row in chosen:
        suspend_hazard(by=by, hazard=row, **data)
    if not chosen:
        raise Refused("所选的行里没有可以暂缓的隐患：要已经定级、还没有销号。")
    return f"已暂缓{len(chosen)}条，整改期限不变。"


def resume_many(rows: QuerySet[Any], by: Any, data: dict[str, Any]) -> str:
    chosen = list(rows.filter(state=Hazard.State.SUSPENDED)[:MANY])
    for row in chosen:
        resume_hazard(by=by, hazard=row, **data)
    if not chosen:
        raise Refused("所选的行里没有停产暂缓的隐患。")
    return f"已恢复办理{len(chosen)}条。"


class HazardList(RegisterListPage):
    """The register of those mines that the user sees."""

    model = Hazard
    title = "隐患台账"
    template_name = "hazards/hazards.html"
    filterset_class = HazardFilter
    bar = ("q", "state", "level", "overdue")
    columns = (
        Column("number", "编号", kind="short", sort="number"),
        Column("place", "地点和内容", template="hazards/cells/what.html", kind="title"),
        Column("mine", "矿山", cell=lambda row: str(row.mine), export="mine.name"),
        Column("level", "等级", cell=level_chip, export="get_level_display", kind="short"),
        Column("clause", "判定条款", cell=lambda row: str(row.clause) if row.clause else None),
        Column("source", "来源", cell="get_source_display", kind="short"),
        Column("found", "发现日期", cell="found_on", sort="found_on", kind="short"),
        Column(
            "due",
            "整改期限",
            cell=lambda row: due(row.due_on, done=row.state not in OPEN_STATES),
            export="due_on",
            sort="due_on",
            nulls_last=True,
            kind="short",
        ),
        Column("state", "状态", template="hazards/cells/state.html", cell="get_state_display", kind="short"),
    )
    bulk_actions = (
        BulkAction(
            "grade",
            "定为一般隐患",
            grade_many,
            form_class=GradeManyForm,
            visible=lambda user: user.reviews,
        ),
        BulkAction("suspend", "停产暂缓", suspend_many, form_class=SuspendManyForm, visible=lambda user: user.reviews),
        BulkAction("resume", "恢复办理", resume_many, form_class=ResumeManyForm, visible=lambda user: user.reviews),
    )
    papers = (("contractors", "隐患排查治理台账 Excel"),)
    forms = {"xlsx": "full", "csv": "full", "contractors": "contractors"}
    empty_title = "还没有登记隐患"
    empty_words = "矿山自查和应急管理局检查发现的隐患会出现在这里。"

    def extra_context(self) -> dict[str, Any]:
        return {"may_register": may_register(user_of(self.request))}


class HazardNew(FormPage):
    """Enter a hazard."""

    form_class = HazardForm
    template_name = "hazards/new.html"
    title = "登记隐患"
    submit = "登记"
    stays = True
    made: Hazard | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not may_register(user_of(request)):
            raise NotAllowed("隐患由矿山填报本矿自查发现的，由应急管理局登记检查、举报、交办和监测发现的。")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "refresh" in request.POST:
            form = HazardForm(**self.get_form_kwargs())
            form.silence()
            return self.render_to_response(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": user_of(self.request)}

    def get_initial(self) -> dict[str, Any]:
        asked = {name: self.request.GET.get(name, "") for name in ("mine", "task")}
        return super().get_initial() | {name: key for name, key in asked.items() if key.isdecimal() and len(key) < 19}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        own = user.unit.name if user.unit is not None and user.unit.kind == Unit.Kind.MINE else ""
        lead = f"{own}　企业自查" if own else "登记检查、举报、交办和监测发现的隐患。"
        return super().get_context_data(**kwargs) | {"lead": lead}

    def get_success_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("hazards:hazards")

    def perform(self, form: HazardForm) -> str:
        data = form.cleaned_data
        self.made = register_hazard(
            by=user_of(self.request),
            mine=data["mine"],
            place=data["place"],
            area=data.get("area"),
            description=data["description"],
            source=data["source"],
            found_on=data["found_on"],
            found_by=data["found_by"],
            clause=data["clause"],
            due_on=data["due_on"],
            task=data["task"],
            measures=data["measures"],
            responsible_unit=data["responsible_unit"],
            responsible_person=data["responsible_person"],
            remark=data["remark"],
            files=data["photos"],
        )
        return f"已登记，编号{self.made.number}。"


@require_safe
def mines(request: HttpRequest) -> HttpResponse:
    """The choices of the mine control for the words in the address."""
    form = HazardForm(request.GET, user=user_of(request))
    return render(request, "hazards/mine_choices.html", {"offer": form.mine_offer})


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The choices of the task control for the mine in the address."""
    form = HazardForm(request.GET, user=user_of(request))
    return render(request, "hazards/task_choices.html", {"offer": form.task_offer})


@require_safe
def clauses(request: HttpRequest) -> HttpResponse:
    """The choices of the clause control for the mine, the day and the words in the address."""
    user = user_of(request)
    form = HazardForm(request.GET, user=user)
    offer = ClausePicker(form.mine_now, form.day_now, request.GET.get("clause_q", ""), request.GET.get("clause", ""))
    return render(request, "hazards/clause_choices.html", {"offer": offer, "chosen": request.GET.get("clause", "")})
