"""Looking again at closed hazards: the list, ordering one, and what was seen."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from common.errors import Conflict, NotAllowed
from common.forms import FormPage
from common.lists import Column, ListPage
from common.templatetags.page import due, status
from hazards.filters import LookBackFilter
from hazards.forms.look_backs import OrderForm, ResultForm
from hazards.looks import level_chip
from hazards.models import Hazard, LookBack, Sign
from hazards.services.look_backs import check_may_order, order_look_back, record_look_back
from hazards.views.hazard import hazard_of
from units.requests import user_of

RESULTS = {"waiting": "待回头看", "holds": "整改属实", "fails": "不属实或反弹"}


class LookBackList(ListPage):
    """What is to be looked at again, and what was seen."""

    model = LookBack
    title = "回头看"
    filterset_class = LookBackFilter
    columns = (
        Column("number", "隐患", cell="hazard.number", kind="short", link=True),
        Column("place", "内容", cell=lambda row: f"{row.hazard.place}：{row.hazard.description[:40]}", kind="title", link=True),
        Column("mine", "矿山", cell=lambda row: str(row.hazard.mine), export="hazard.mine.name"),
        Column("reason", "安排理由", kind="wide"),
        Column("due", "应完成日期", cell=lambda row: due(row.due_on, done=not row.is_open), export="due_on", kind="short"),
        Column("result", "结果", cell=lambda row: status(f"look_back.{row.result}", RESULTS[row.result]),
               export=lambda row: RESULTS[row.result], kind="short"),
        Column("opinion", "看到的情况", on_page=False),
    )  # fmt: skip
    empty_title, empty_words = "没有安排回头看", "在一条已销号隐患的页面上，或判断疑点为可疑以后，可以安排回头看。"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_of(request).reads_region:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def row_url(self, row: LookBack) -> str:
        return row.get_absolute_url() if row.is_open else row.hazard.get_absolute_url()


class OrderPage(FormPage):
    """Have a closed hazard looked at again, perhaps because of a sign."""

    form_class = OrderForm
    template_name = "hazards/hazard_form.html"
    title = "安排回头看"
    submit = "安排"

    @cached_property
    def hazard(self) -> Hazard:
        return hazard_of(self.request, self.kwargs["pk"])

    @cached_property
    def sign(self) -> Sign | None:
        key = self.request.GET.get("sign", "")
        signs: Any = Sign.objects.visible_to(user_of(self.request)).filter(hazard=self.hazard)
        found: Sign | None = signs.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
        return found

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_order(user_of(request), self.hazard)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"hazard": self.hazard, "sign": self.sign}

    def get_success_url(self) -> str:
        return self.hazard.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"hazard": self.hazard, "level": level_chip(self.hazard)}

    def perform(self, form: OrderForm) -> str:
        order_look_back(by=user_of(self.request), hazard=self.hazard, sign=self.sign, **form.cleaned_data)
        return "已安排回头看，会出现在执法人员的“我的工作”里。"


class ResultPage(FormPage):
    """What was seen when somebody looked again."""

    form_class = ResultForm
    template_name = "hazards/look_back.html"
    title = "登记回头看"
    submit = "提交结果"
    stays = True

    @cached_property
    def look_back(self) -> LookBack:
        rows: Any = LookBack.objects.visible_to(user_of(self.request)).for_list().select_related("hazard__mine__region")
        found: LookBack = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if "inspector" not in self.look_back.relations_of(user_of(request)):
            raise NotAllowed("回头看由应急管理局的工作人员或执法人员登记。")
        if not self.look_back.is_open:
            raise Conflict("回头看的结果已经登记，不能再改。")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"look_back": self.look_back, "by": user_of(self.request)}

    def get_success_url(self) -> str:
        return self.look_back.hazard.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hazard = self.look_back.hazard
        more = {"look_back": self.look_back, "hazard": hazard, "level": level_chip(hazard)}
        return super().get_context_data(**kwargs) | more

    def perform(self, form: ResultForm) -> str:
        data = dict(form.cleaned_data)
        holds = data.pop("holds") == "yes"
        record_look_back(
            by=user_of(self.request), look_back=self.look_back, on=data["on"], officers=list(data["officers"]),
            holds=holds, opinion=data["opinion"], files=data["evidence"],
        )  # fmt: skip
        return "已登记：整改属实。" if holds else "已登记：整改不属实或已经反弹，隐患已退回重新整改。"
