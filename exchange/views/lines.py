"""Exchange lines and their receipts: kept by administrators, looked at by auditors too."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.generic import View

from common.errors import NotAllowed, Refused
from common.forms import FormPage
from common.history import history_of
from common.jobs import start_job
from common.lists import Column, ListPage
from common.templatetags.page import status
from exchange.forms import LineForm
from exchange.mapping import expected_of, first_mapped
from exchange.models import ExchangeLine, Receipt
from exchange.resources import RESOURCES
from exchange.services.lines import (
    ask_for_run,
    change_line,
    discard_receipt,
    open_line,
    rewind_line,
    switch_line,
)
from exchange.views.accounts import ForAdministrators
from units.requests import user_of

SHOWN = 50


class ForAuditors:
    """Pages that tell what was exchanged answer 403 to whoever neither keeps accounts nor audits them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_of(request).audits:
            raise NotAllowed("与其他系统的交换由局管理员和审计员查看，需要时请联系他们。")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def visible_line(request: HttpRequest, pk: int) -> ExchangeLine:
    found: ExchangeLine = get_object_or_404(ExchangeLine.objects.visible_to(user_of(request)).for_list(), pk=pk)
    return found


class LineList(ForAuditors, ListPage):
    model = ExchangeLine
    title = "数据交换"
    columns = (
        Column("name", "名称", kind="title", link=True),
        Column("account", "接口账号", cell="account.user.name"),
        Column("direction", "方向", cell="get_direction_display"),
        Column("state", "状态", cell=lambda row: status(f"line.{row.state}"), kind="short"),
        Column("times", "时间", kind="short"),
        Column("worked_at", "最近成功", kind="short"),
        Column("error", "没有办成的原因", kind="wide"),
    )
    template_name = "exchange/line_list.html"
    empty_title = "还没有交换计划"
    empty_words = "设好以后，系统按时把变动报送给上级平台，或者从那里取来交办的隐患和方案，每次都留回执。"


class LineCreate(ForAdministrators, FormPage):
    form_class = LineForm
    title = "设立交换计划"
    submit = "保存"
    stays = True

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return {"account": self.request.GET.get("account", "")}

    def perform(self, form: Any) -> str:
        made = open_line(by=user_of(self.request), **form.cleaned_data)
        self.success_url = made.get_absolute_url()
        return "交换计划已保存，还没有启用。请先“立即交换”试一次，成功后再启用。"

    def get_success_url(self) -> str:
        return self.success_url if self.success_url != "/" else reverse("exchange:lines")


class LineChange(ForAdministrators, FormPage):
    form_class = LineForm
    title = "修改交换计划"

    @cached_property
    def line(self) -> ExchangeLine:
        return visible_line(self.request, self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user, "line": self.line}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.line, name) for name in ("name", "address", "nouns", "every", "hour")}

    def get_success_url(self) -> str:
        return self.line.get_absolute_url()

    def perform(self, form: Any) -> str:
        change_line(by=user_of(self.request), line=self.line, **form.cleaned_data)
        return "已保存，下一次交换起生效。"


class LinePage(ForAuditors, View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        line = visible_line(request, pk)
        receipts = line.receipts.defer("body", "refusals")
        samples = first_mapped if line.is_push else expected_of
        context = {
            "line": line,
            "nouns": [str(RESOURCES[noun].label) for noun in line.nouns if noun in RESOURCES],
            "open": receipts.open().first(),
            "receipts": receipts[:SHOWN],
            "samples": samples(line.account, line.nouns),
            "keeps": user_of(request).keeps_accounts,
            "events": history_of(line)[:30],
        }
        return render(request, "exchange/line.html", context)


@method_decorator(never_cache, name="dispatch")
class LineAct(ForAdministrators, View):
    """The moves of one line."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        line, by, act = visible_line(request, pk), user_of(request), request.POST.get("act", "")
        try:
            if act == "run":
                ask_for_run(by=by, line=line)
                return redirect(start_job("exchange.run_line", by=by, about=line, once=True))
            messages.success(request, self.act(act, line, request))
        except NotAllowed:
            raise
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect(line.get_absolute_url())

    def act(self, act: str, line: ExchangeLine, request: HttpRequest) -> str:
        if act not in ("on", "off"):
            raise Refused("请选择要办理的操作。")
        row = switch_line(by=user_of(request), line=line, is_on=act == "on")
        return f"已启用，{row.times}交换。" if row.is_on else "已停用；再启用时从停下的地方接着办。"


def visible_receipt(request: HttpRequest, pk: int) -> Receipt:
    found: Receipt = get_object_or_404(Receipt.objects.visible_to(user_of(request)).for_list().defer("body"), pk=pk)
    return found


class ReceiptPage(ForAuditors, View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        receipt = visible_receipt(request, pk)
        context = {"receipt": receipt, "line": receipt.line, "keeps": user_of(request).keeps_accounts}
        return render(request, "exchange/receipt.html", context)


@method_decorator(never_cache, name="dispatch")
class ReceiptAct(ForAdministrators, View):
    """What may be done about one receipt: throw it away while it is under way, or begin there once more."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        receipt, by, act = visible_receipt(request, pk), user_of(request), request.POST.get("act", "")
        line = receipt.line
        try:
            if act == "discard":
                discard_receipt(by=by, receipt=receipt)
            elif act == "rewind":
                rewind_line(by=by, receipt=receipt)
            else:
                raise Refused("请选择要办理的操作。")
        except NotAllowed:
            raise
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect(receipt.get_absolute_url())
        return redirect(start_job("exchange.run_line", by=by, about=line, once=True))
