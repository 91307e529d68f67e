"""Risks: the list, one risk, entering and reviewing, a table in and out."""

from __future__ import annotations

from typing import IO, Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.generic import DetailView

from common import spreadsheets
from common.acts import ActPage
from common.errors import Conflict, NotAllowed
from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from common.spreadsheets import ImportResult
from common.templatetags.page import due, status
from hazards.filters import RiskFilter
from hazards.forms.risks import ReviewForm, RiskForm
from hazards.imports.risks import COLUMNS, risk_row
from hazards.models import Risk
from hazards.services.risks import (
    FIELDS,
    area_named,
    change_risk,
    check_keeps_risks,
    create_risk,
    import_risks,
    review_risk,
)
from hazards.views.table_import import TableImport
from units.models import Unit, User
from units.requests import user_of

HISTORY_LINES = 40


def colour_chip(risk: Risk) -> SafeString:
    """The level in its colour and in words."""
    return format_html(
        '<span class="risk-chip risk-{}">{}　{}</span>', risk.level, risk.colour, risk.get_level_display()
    )


def keeps_some_risks(user: User) -> bool:
    """Whether the user keeps risks at all: of their own mine, or for the bureau."""
    return user.reviews or (user.reports and user.unit is not None and user.unit.kind == Unit.Kind.MINE)


class RiskList(ListPage):
    """Every risk in reach, in the columns of the list that is handed in."""

    model = Risk
    title = "安全风险清单"
    template_name = "hazards/risks_list.html"
    filterset_class = RiskFilter
    bar = ("q", "mine", "level", "overdue")
    order = "review"
    columns = (
        Column("name", "风险点", kind="title", link=True),
        Column("mine", "矿山", cell=lambda row: str(row.area.mine), export="area.mine.name"),
        Column("area", "区域", cell="area.name"),
        Column("level", "等级", cell=colour_chip, export="get_level_display", kind="short"),
        Column("accidents", "可能的事故"),
        Column("description", "风险描述", on_page=False, width=40),
        Column("measures", "管控措施", kind="wide", cell=lambda row: row.measures[:60], export="measures", width=40),
        Column("unit", "责任部门", cell="responsible_unit", on_page=False),
        Column("person", "责任人", cell="responsible_person", kind="short"),
        Column(
            "review",
            "应复评日期",
            cell=lambda row: due(row.review_on, done=row.state != "in_force"),
            export="review_on",
            sort="review_on",
            kind="short",
        ),
        Column("state", "状态", cell=lambda row: status(f"risk.{row.state}", row.get_state_display()),
               export="get_state_display", kind="short"),
    )  # fmt: skip
    empty_title = "还没有登记安全风险"
    empty_words = "矿山把各区域的风险登记在这里，按红、橙、黄、蓝四色管控，分布图自动生成。"

    def extra_context(self) -> dict[str, Any]:
        user = user_of(self.request)
        own = user.unit if user.unit is not None and user.unit.kind == Unit.Kind.MINE else None
        return {"may_keep": keeps_some_risks(user), "own_mine": own}

    def export(self, form: str) -> HttpResponseBase:
        """The .xlsx is the form that can be handed in again."""
        if form != "xlsx":
            return super().export(form)

        def make() -> IO[bytes]:
            rows = (
                {"ordinal": number, **risk_row(row)} for number, row in enumerate(self.ordered.iterator(2000), start=1)
            )
            return spreadsheets.make_book(COLUMNS, rows, title=self.title, sheet=self.title)

        return self.book(make, self.title)


class RiskPage(DetailView):
    template_name = "hazards/risks_risk.html"
    context_object_name = "risk"

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Risk.objects.visible_to(user_of(self.request)).for_list()
        return rows.select_related("created_by", "area__mine__parent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        risk = self.object
        return super().get_context_data(**kwargs) | {
            "chip": colour_chip(risk),
            "events": history_of(risk)[:HISTORY_LINES],
            "may_change": bool(risk.relations_of(user_of(self.request))) and risk.state == Risk.State.IN_FORCE,
            "hazards": risk.area.hazards.exclude(state__in=("closed", "void")).order_by("due_on")[:10],
        }


class RiskAct(ActPage):
    model = Risk


class RiskNew(FormPage):
    """Enter a risk of the mine in the address."""

    form_class = RiskForm
    template_name = "hazards/risks_form.html"
    title = "登记安全风险"

    @cached_property
    def mine(self) -> Unit:
        rows = Unit.objects.visible_to(user_of(self.request)).select_related("region")
        mine: Unit = get_object_or_404(rows, pk=self.kwargs["pk"], kind=Unit.Kind.MINE)
        check_keeps_risks(user_of(self.request), mine)
        return mine

    def get_initial(self) -> dict[str, Any]:
        area = self.request.GET.get("area", "")
        return {"area": area} if area.isdecimal() and len(area) < 19 else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"mine": self.mine}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"mine": self.mine}

    def get_success_url(self) -> str:
        return reverse("hazards:mine_risks", args=[self.mine.pk])

    def perform(self, form: RiskForm) -> str:
        data = dict(form.cleaned_data)
        by, new = user_of(self.request), data.pop("new_area")
        area = data.pop("area") or area_named(by=by, mine=self.mine, name=new)
        risk = create_risk(by=by, area=area, **data)
        return f"已登记“{risk.name}”，{risk.get_level_display()}（{risk.colour}）。"


class OneRisk(FormPage):
    """A form about one risk in force, for whoever keeps it."""

    template_name = "hazards/risks_form.html"

    @cached_property
    def risk(self) -> Risk:
        user = user_of(self.request)
        rows = Risk.objects.visible_to(user).for_list().select_related("area__mine__region")
        risk: Risk = get_object_or_404(rows, pk=self.kwargs["pk"])
        check_keeps_risks(user, risk.area.mine)
        if risk.state != Risk.State.IN_FORCE:
            raise Conflict("这项风险已经解除，先“恢复管控”才能修改。")
        return risk

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"risk": self.risk, "mine": self.risk.area.mine}

    def get_success_url(self) -> str:
        return self.risk.get_absolute_url()


class RiskChange(OneRisk):
    form_class = RiskForm
    title = "修改安全风险"

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.risk, name) for name in FIELDS}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"mine": self.risk.area.mine, "risk": self.risk}

    def perform(self, form: RiskForm) -> str:
        change_risk(by=user_of(self.request), risk=self.risk, **form.cleaned_data)
        return "已保存。"


class RiskReview(OneRisk):
    form_class = ReviewForm
    title = "复评安全风险"
    submit = "保存复评"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"risk": self.risk}

    def perform(self, form: ReviewForm) -> str:
        risk = review_risk(by=user_of(self.request), risk=self.risk, **form.cleaned_data)
        return f"已复评为{risk.get_level_display()}（{risk.colour}），下次复评{risk.review_on:%Y-%m-%d}。"


class RiskImport(TableImport):
    title = "导入安全风险清单"
    table = COLUMNS
    list_title = "安全风险清单"
    lead = (
        "用“安全风险清单”导出的表或同样列名的表。同一矿山、同一区域的同名风险点按表更新，空白单元格保持原样；"
        "没有的区域会自动建立并放到分布图的空处。"
    )

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not keeps_some_risks(user_of(request)):
            raise NotAllowed("安全风险由矿山自己和应急管理局维护。")
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse("hazards:risks")

    def take(self, data: bytes, leave_hidden: bool) -> ImportResult:
        return import_risks(by=user_of(self.request), data=data, leave_hidden=leave_hidden)
