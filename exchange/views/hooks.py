"""What other systems are told of changes, for administrators: subscriptions, and what could not be delivered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.generic import View

from common.errors import NotAllowed, Refused
from common.forms import FormPage
from common.history import history_of
from common.jobs import start_job
from exchange.forms import SubscriptionForm
from exchange.models import HookDelivery, ServiceAccount, Subscription
from exchange.resources import RESOURCES
from exchange.services.hooks import change_subscription, open_or_close, renew_secret, send_again, subscribe
from exchange.views.accounts import ForAdministrators, visible_account
from units.requests import user_of

SHOWN = 50


def visible_subscription(request: HttpRequest, pk: int) -> Subscription:
    rows = Subscription.objects.visible_to(user_of(request)).for_list()
    found: Subscription = get_object_or_404(rows, pk=pk)
    return found


class SubscriptionCreate(ForAdministrators, FormPage):
    form_class = SubscriptionForm
    title = "登记变更推送"
    submit = "登记"
    stays = True

    @cached_property
    def account(self) -> ServiceAccount:
        return visible_account(self.request, self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"account": self.account}

    def perform(self, form: Any) -> str:
        made = subscribe(by=user_of(self.request), account=self.account, **form.cleaned_data)
        self.success_url = made.get_absolute_url()
        return "推送已登记，请生成签名密钥交给对方，之后开始推送。"

    def get_success_url(self) -> str:
        return self.success_url if self.success_url != "/" else self.account.get_absolute_url()


class SubscriptionChange(ForAdministrators, FormPage):
    form_class = SubscriptionForm
    title = "修改变更推送"

    @cached_property
    def subscription(self) -> Subscription:
        return visible_subscription(self.request, self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"account": self.subscription.account}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.subscription, name) for name in ("address", "nouns", "verbs")}

    def get_success_url(self) -> str:
        return self.subscription.get_absolute_url()

    def perform(self, form: Any) -> str:
        change_subscription(by=user_of(self.request), subscription=self.subscription, **form.cleaned_data)
        return "已保存，下一条消息起生效。"


class SubscriptionPage(ForAdministrators, View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = visible_subscription(request, pk)
        rows = row.deliveries.defer("body").select_related("event").order_by("-sequence")
        tally = row.deliveries.order_by().values_list("state").annotate(Count("pk"))
        counts: dict[str, int] = dict(tally)
        unsent = rows.exclude(state=HookDelivery.State.SENT)
        context = {
            "subscription": row,
            "nouns": [str(RESOURCES[noun].label) for noun in row.nouns if noun in RESOURCES],
            "counts": [(state, counts[state]) for state in HookDelivery.State.values if state in counts],
            "failed": counts.get(HookDelivery.State.FAILED, 0),
            "unsent": unsent[:SHOWN],
            "sent": rows.filter(state=HookDelivery.State.SENT)[:SHOWN],
            "events": history_of(row)[:30],
        }
        return render(request, "exchange/subscription.html", context)


@method_decorator(never_cache, name="dispatch")
class SubscriptionAct(ForAdministrators, View):
    """The moves of one subscription; `secret` shows the new secret, once, in the answer itself."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row, by, act = visible_subscription(request, pk), user_of(request), request.POST.get("act", "")
        try:
            if act == "secret":
                context = {"subscription": row, "secret": renew_secret(by=by, subscription=row)}
                response = render(request, "exchange/secret.html", context)
                response["Cache-Control"] = "no-store"
                return response
            if act == "test":
                return redirect(start_job("exchange.try_subscription", by=by, about=row, once=True))
            messages.success(request, self.act(request, act, row))
        except NotAllowed:
            raise
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect(row.get_absolute_url())

    def act(self, request: HttpRequest, act: str, row: Subscription) -> str:
        by = user_of(request)
        if act in ("open", "close"):
            open_or_close(by=by, subscription=row, is_open=act == "open")
            return "推送已启用，从现在起的变更会推送给对方。" if act == "open" else "推送已停用。"
        if act == "again":
            keys = [int(key) for key in request.POST.getlist("delivery") if key.isdecimal() and len(key) < 19]
            return f"{send_again(by=by, subscription=row, keys=keys)} 条消息已重新排队，一分钟内发送。"
        raise Refused("请选择要办理的操作。")
