"""Whether both sides hold the same, for administrators and auditors: what was counted together, and what receipts say."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from common.lists import Column, ListPage
from common.templatetags.page import status
from exchange.days import counted_days, exchanged_days
from exchange.models import Reconciliation
from exchange.resources import RESOURCES
from exchange.views.lines import ForAuditors
from units.requests import user_of

DAYS = 31


class ReconciliationList(ForAuditors, ListPage):
    """What other systems counted beside what this one did, the latest first."""

    model = Reconciliation
    title = "对账记录"
    columns = (
        Column("at", "时间", kind="title"),
        Column("account", "接口账号", cell="account.user.name"),
        Column("state", "结果", cell=lambda row: status(f"reconciliation.{row.state}"), kind="short"),
        Column("counts", "本系统 / 对方", cell=lambda row: told_counts(row), kind="wide"),
    )
    template_name = "exchange/reconciliation_list.html"
    empty_title = "还没有对账"
    empty_words = "对方系统把自己的条数报来以后，这里逐次显示两边是否一致、差在哪一项。"

    def row_url(self, row: Reconciliation) -> str:
        return ""


def told_counts(row: Reconciliation) -> str:
    """隐患 812 / 811（差1）；矿山 20 / 20"""
    told = []
    for noun, both in row.counts.items():
        label = RESOURCES[noun].label if noun in RESOURCES else noun
        difference = abs(both["ours"] - both["theirs"])
        told.append(f"{label} {both['ours']} / {both['theirs']}" + (f"（差{difference}）" if difference else ""))
    return "；".join(told)


class ReconciliationDays(ForAuditors, View):
    """Day by day: what was exchanged and what the receiving side acknowledged, and the last count of each day."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = user_of(request)
        since = timezone.localdate() - dt.timedelta(days=DAYS - 1)
        context = {
            "days": DAYS, "exchanged": exchanged_days(user, since), "counted": counted_days(user, since),
        }  # fmt: skip
        return render(request, "exchange/reconciliation_days.html", context)
