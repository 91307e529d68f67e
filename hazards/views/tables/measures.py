"""The list of institutional measures: list, one measure, new, change, table in and out."""

from __future__ import annotations

from functools import cached_property
from typing import IO, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import DetailView

from common import spreadsheets
from common.acts import ActPage
from common.errors import NotAllowed
from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from common.spreadsheets import ImportResult
from common.templatetags.page import due, status
from hazards.forms.tables import MeasureForm
from hazards.imports.measures import COLUMNS, measure_row
from hazards.list_filters import MeasureFilter
from hazards.models import InstitutionalMeasure
from hazards.services.measures import FIELDS, change_measure, check_may_keep, create_measure, import_measures
from hazards.views.table_import import TableImport
from hazards.views.tables.access import allowed
from units.requests import user_of


class MeasureList(ListPage):
    """Columns and exports of the official form."""

    model = InstitutionalMeasure
    title = "制度措施清单"
    template_name = "hazards/lists_measures.html"
    filterset_class = MeasureFilter
    bar = ("q", "state", "overdue")
    columns = (
        Column("name", "制度/措施名称", kind="title", link=True),
        Column("gist", "主要内容", kind="wide"),
        Column("lead_unit", "牵头单位", cell="lead_unit.name"),
        Column("responsible_units", "责任单位"),
        Column(
            "due_on",
            "完成时限",
            cell=lambda row: due(row.due_on, done=row.state != "drafting"),
            sort="due_on",
            nulls_last=True,
            kind="short",
        ),
        Column("progress", "进展", kind="wide"),
        Column("state", "状态", cell=lambda row: status(f"measure.{row.state}", row.get_state_display()), kind="short"),
    )
    empty_title = "还没有制度措施"
    empty_words = "需要建立健全的制度、机制和措施登记在这里，由牵头单位填报进展。"

    def extra_context(self) -> dict[str, Any]:
        return {"tab": "measures", "may_keep": allowed(check_may_keep, user_of(self.request))}

    def export(self, form: str) -> HttpResponseBase:
        if form != "xlsx":
            return super().export(form)

        def make() -> IO[bytes]:
            rows = ({"ordinal": number, **measure_row(row)} for number, row in enumerate(self.ordered, start=1))
            return spreadsheets.make_book(COLUMNS, rows, title=self.title, sheet=self.title)

        return self.book(make, self.title)


class Visible:
    """Measures that the user sees: all others answer 404."""

    request: HttpRequest

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = InstitutionalMeasure.objects.visible_to(user_of(self.request)).for_list()
        return rows


class MeasurePage(Visible, DetailView):
    template_name = "hazards/lists_measure.html"
    context_object_name = "measure"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        relations = self.object.relations_of(user_of(self.request))
        return super().get_context_data(**kwargs) | {
            "events": history_of(self.object)[:30],
            "may_change": bool(relations),
            "measure_state": f"measure.{self.object.state}",
        }


class MeasureAct(Visible, ActPage):
    model = InstitutionalMeasure


class MeasureNew(FormPage):
    form_class = MeasureForm
    title = "新增制度措施"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_keep(user_of(request))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": user_of(self.request)}

    def get_success_url(self) -> str:
        return reverse("hazards:measures")

    def perform(self, form: Any) -> str:
        create_measure(by=user_of(self.request), **form.cleaned_data)
        return "已登记制度措施。"


class MeasureChange(Visible, FormPage):
    form_class = MeasureForm
    title = "修改制度措施"

    @cached_property
    def measure(self) -> InstitutionalMeasure:
        measure: InstitutionalMeasure = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        if not measure.relations_of(user_of(self.request)):
            raise NotAllowed("您的账号只能查看这项制度措施。")
        return measure

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.measure, name) for name in FIELDS}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": user_of(self.request), "measure": self.measure}

    def get_success_url(self) -> str:
        return self.measure.get_absolute_url()

    def perform(self, form: Any) -> str:
        change_measure(by=user_of(self.request), measure=self.measure, **form.cleaned_data)
        return "已保存。"


class MeasureImport(TableImport):
    """In the official form."""

    title = "导入制度措施清单"
    table = COLUMNS
    list_title = "制度措施清单"
    lead = "用本页导出的表或同样列名的表。同一牵头单位的同名制度措施按表更新，空白单元格保持原样；"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_keep(user_of(request))
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse("hazards:measures")

    def take(self, data: bytes, leave_hidden: bool) -> ImportResult:
        return import_measures(by=user_of(self.request), data=data, leave_hidden=leave_hidden)
