"""Service accounts for administrators, and the documentation that other systems' programmers read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import View

from common.errors import NotAllowed, Refused
from common.forms import FormPage
from common.history import history_of
from common.jobs import start_job
from common.lists import Column, ListPage
from common.models import Job
from common.templatetags.page import status
from exchange.changes import SIGHT
from exchange.forms import MappingForm, PackageForm, ServiceAccountForm, TokenForm
from exchange.mapping import expected_of, first_mapped
from exchange.models import HookDelivery, ServiceAccount
from exchange.scopes import scope_words
from exchange.services.accounts import (
    change_mapping,
    change_service_account,
    close_service_account,
    issue_token,
    lasting_tokens,
    make_secret,
    open_service_account,
    reopen_service_account,
    revoke_token,
)
from units.requests import user_of
from units.services.accounts import check_keeps_accounts

SCHEMA = Path(__file__).resolve().parents[2] / "schema.yml"


class ForAdministrators:
    """Every page of service accounts answers 403 to whoever does not keep accounts."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_keeps_accounts(user_of(request))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def visible_account(request: HttpRequest, pk: int) -> ServiceAccount:
    found: ServiceAccount = get_object_or_404(ServiceAccount.objects.visible_to(user_of(request)).for_list(), pk=pk)
    return found


class AccountList(ForAdministrators, ListPage):
    model = ServiceAccount
    title = "接口账号"
    columns = (
        Column("name", "名称", cell="user.name", kind="title", link=True),
        Column("unit", "单位", cell="user.unit.name", kind="wide"),
        Column("role", "角色", cell="user.get_role_display", kind="short"),
        Column("contact", "对方联系人"),
        Column("state", "状态", cell=lambda row: status(f"service.{row.state}"), kind="short"),
        Column("last_used_at", "最近使用", kind="short"),
        Column("last_address", "来自", kind="short"),
    )
    template_name = "exchange/account_list.html"
    empty_title = "还没有接口账号"
    empty_words = "省级平台、企业自己的系统要读取或报送数据时，在这里给它开通账号、发放令牌。"


class AccountCreate(ForAdministrators, FormPage):
    form_class = ServiceAccountForm
    title = "开通接口账号"
    submit = "开通"
    stays = True

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def perform(self, form: Any) -> str:
        account = open_service_account(by=user_of(self.request), **form.cleaned_data)
        self.success_url = account.get_absolute_url()
        return "接口账号已开通，请发放令牌。"

    def get_success_url(self) -> str:
        return self.success_url if self.success_url != "/" else reverse("exchange:accounts")


class AccountChange(ForAdministrators, FormPage):
    form_class = ServiceAccountForm
    title = "修改接口账号"

    @property
    def account(self) -> ServiceAccount:
        return visible_account(self.request, self.kwargs["pk"])

    def get_success_url(self) -> str:
        return self.account.get_absolute_url()

    def get_initial(self) -> dict[str, Any]:
        account = self.account
        return {
            name: getattr(account, name)
            for name in ("purpose", "contact", "region", "scopes", "networks", "per_minute")
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user, "account": self.account}

    def perform(self, form: Any) -> str:
        change_service_account(by=user_of(self.request), account=self.account, **form.cleaned_data)
        return "已保存，下一次请求起生效。"


class AccountPage(ForAdministrators, View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = visible_account(request, pk)
        now = timezone.now()
        context = {
            "account": account,
            "scopes": scope_words(account.scopes),
            "tokens": [
                {"key": token.token_key, "created": token.created, "expiry": token.expiry,
                 "state": "good" if token.expiry is None or token.expiry > now else "expired"}
                for token in lasting_tokens(account).order_by("-created")
            ],
            "token_form": TokenForm(),
            "package_form": PackageForm(),
            "lines": account.lines.all(),
            "reconciled": account.reconciliations.first(),
            "subscriptions": account.subscriptions.annotate(
                failed=Count("deliveries", Q(deliveries__state=HookDelivery.State.FAILED))
            ),
            "events": history_of(account).exclude(verb__in=SIGHT)[:30],
        }  # fmt: skip
        return render(request, "exchange/account.html", context)


@method_decorator(never_cache, name="dispatch")
class AccountAct(ForAdministrators, View):
    """The moves of one account; `token` shows the new token, once, in the answer itself."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = visible_account(request, pk)
        act = request.POST.get("act", "")
        try:
            if act == "token":
                return self.show_token(request, account)
            if act == "secret":
                return self.show_secret(request, account)
            if act == "package":
                return redirect(self.pack(request, account))
            messages.success(request, self.act(request, act, account))
        except NotAllowed:
            raise
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect(account.get_absolute_url())

    def act(self, request: HttpRequest, act: str, account: ServiceAccount) -> str:
        by = user_of(request)
        if act == "revoke":
            revoke_token(by=by, account=account, token_key=request.POST.get("token", ""))
            return "令牌已吊销，立即失效。"
        if act == "close":
            close_service_account(by=by, account=account, note=request.POST.get("note", "")[:200])
            return "账号已停用，令牌全部吊销。"
        if act == "reopen":
            reopen_service_account(by=by, account=account)
            return "账号已启用，请重新发放令牌。"
        raise Refused("请选择要办理的操作。")

    def pack(self, request: HttpRequest, account: ServiceAccount) -> Job:
        form = PackageForm(request.POST)
        if not form.is_valid():
            raise Refused("请把日期写成 2026-11-01 这样，或者不填。")
        since = form.cleaned_data["since"]
        return start_job(
            "exchange.package", by=user_of(request), about=account, args={"since": since.isoformat() if since else ""}
        )

    def show_secret(self, request: HttpRequest, account: ServiceAccount) -> HttpResponse:
        context = {"secret": make_secret(by=user_of(request), account=account), "account": account,
                   "address": request.build_absolute_uri(reverse("exchange:oauth_token"))}  # fmt: skip
        response = render(request, "exchange/client_secret.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def show_token(self, request: HttpRequest, account: ServiceAccount) -> HttpResponse:
        form = TokenForm(request.POST)
        if not form.is_valid():
            raise Refused("令牌的有效期应在1到366天之间。")
        issued = issue_token(by=user_of(request), account=account, days=form.cleaned_data["days"])
        context = {"issued": issued, "account": account, "root": request.build_absolute_uri(reverse("exchange:root")),
                   "docs": request.build_absolute_uri(reverse("exchange:docs"))}  # fmt: skip
        response = render(request, "exchange/token.html", context)
        response["Cache-Control"] = "no-store"
        return response


class MappingChange(ForAdministrators, FormPage):
    """How the other system calls what it is given; with a look at the first record of each mapped noun."""

    form_class = MappingForm
    title = "字段对照"
    template_name = "exchange/mapping.html"

    @cached_property
    def account(self) -> ServiceAccount:
        return visible_account(self.request, self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"mapping": self.account.mapping}

    def get_success_url(self) -> str:
        return reverse("exchange:mapping", args=[self.account.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account = self.account
        samples = {"shown": first_mapped(account, account.mapping), "expected": expected_of(account, account.mapping)}
        return super().get_context_data(**kwargs) | {"account": account} | samples

    def perform(self, form: Any) -> str:
        change_mapping(by=user_of(self.request), account=self.account, mapping=form.cleaned_data["mapping"] or {})
        return "字段对照已保存，下一个数据包起按它给出。请看下面的样例是否正确。"


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The page where a programmer reads and tries the interface; nothing on it is data of the bureau."""
    return render(request, "exchange/docs.html")


@login_not_required
@require_safe
def contract(request: HttpRequest) -> HttpResponse:
    """The contract as it stands in the repository; a test compares it with what the program says."""
    return HttpResponse(SCHEMA.read_bytes(), content_type="application/yaml")
