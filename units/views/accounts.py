"""Accounts, for the administrators of their region."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from common.errors import NotAllowed, Refused
from common.faults import note_refusal
from common.forms import FormPage, is_key_of
from common.history import history_of
from common.lists import Column, ListPage
from common.navigation import back_address
from units import exports
from units.filters import AccountFilterSet
from units.forms.accounts import AccountForm, ReasonForm
from units.models import AccountSession, Unit, User
from units.second_factor import has_second_factor
from units.services import (
    change_account,
    create_account,
    disable_account,
    enable_account,
    issue_activation,
    issue_activations,
    unlock_account,
)
from units.services.accounts import IssuedCode, check_keeps_accounts
from units.services.second_factor import reset_second_factor

MOST_SLIPS = 500


class ForAdministrators:
    """Every page of accounts answers 403 to whoever does not keep them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_keeps_accounts(user_of(request))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def user_of(request: HttpRequest) -> User:
    """The person who asks, on a page that asks for a log-in."""
    assert isinstance(request.user, User)
    return request.user


def visible_account(request: HttpRequest, pk: int) -> User:
    found: User = get_object_or_404(User.objects.visible_to(user_of(request)).for_list(), pk=pk)
    return found


class AccountList(ForAdministrators, ListPage):
    model = User
    title = "账号"
    columns = (
        Column("name", "姓名", kind="title", link=True, sort="name"),
        Column("username", "登录名", kind="short", sort="username"),
        Column("role", "角色", cell="get_role_display", kind="short", sort="role"),
        Column("unit", "单位", cell="unit.name", kind="wide", sort="unit__sort_key"),
        Column("phone", "手机", kind="short"),
        Column("state", "状态", template="units/cells/account_state.html", kind="short"),
        Column("last_login", "最近登录", kind="short", sort="last_login", nulls_last=True),
    )
    filterset_class = AccountFilterSet
    bar = ("q", "role", "state")
    order = "unit"
    template_name = "units/account_list.html"
    empty_title = "还没有账号"
    empty_words = "逐个新建，或用 Excel 表格一次导入全县的账号。"

    def export(self, form: str) -> HttpResponseBase:
        return exports.download(exports.ACCOUNTS, self._rows_for_export(), form)

    def extra_context(self) -> dict[str, Any]:
        return {"waiting": waiting_accounts(user_of(self.request)).count()}


class AccountPage(ForAdministrators, View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = visible_account(request, pk)
        failures = AccessAttempt.objects.filter(username=account.username).aggregate(n=Sum("failures_since_start"))["n"]
        context = {
            "account": account,
            "own": account.pk == request.user.pk,
            "activation": getattr(account, "activation", None),
            "locked": (failures or 0) >= settings.AXES_FAILURE_LIMIT,
            "failures": failures or 0,
            "has_second_factor": has_second_factor(account),
            "sessions": AccountSession.objects.filter(user=account).count(),
            "events": history_of(account)[:30],
            "reason_form": ReasonForm(),
        }
        return render(request, "units/account.html", context)


class AccountForms(ForAdministrators, FormPage):
    form_class = AccountForm

    def get_success_url(self) -> str:
        return reverse("units:accounts")


class AccountCreate(AccountForms):
    title = "新建账号"
    submit = "新建并生成激活码"

    def get_initial(self) -> dict[str, Any]:
        return {"unit": self.request.GET.get("unit", "")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        by = user_of(self.request)
        try:
            account = create_account(by=by, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_refusal(refusal)
            return self.form_invalid(form)
        messages.success(self.request, f"已为{account.name}开通账号“{account.username}”。")
        return show_code(self.request, issue_activation(by=by, account=account))


class AccountChange(AccountForms):
    title = "修改账号"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_keeps_accounts(user_of(request))
        self.account = visible_account(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return self.account.get_absolute_url()

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.account, name) for name in ("name", "phone", "email", "unit", "role", "duty")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user, "account": self.account}

    def perform(self, form: Any) -> str:
        change_account(by=user_of(self.request), account=self.account, **form.cleaned_data)
        return "账号已保存。"


@method_decorator(never_cache, name="dispatch")
class AccountAct(ForAdministrators, View):
    """The moves of one account; `code` shows the new activation code, once, in the answer itself."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        by, account = user_of(request), visible_account(request, pk)
        act = request.POST.get("act", "")
        try:
            if act == "code":
                return show_code(request, issue_activation(by=by, account=account))
            messages.success(request, self.act(act, by, account, request.POST.get("note", "")[:200]))
        except NotAllowed:
            raise
        except Refused as refusal:
            note_refusal(request, refusal)
            messages.error(request, refusal.message)
        return redirect(back_address(request, account.get_absolute_url()))

    def act(self, act: str, by: User, account: User, note: str) -> str:
        if act == "disable":
            disable_account(by=by, account=account, note=note)
            return f"{account.name}的账号已停用，正在使用的登录已全部退出。"
        if act == "enable":
            enable_account(by=by, account=account)
            return f"{account.name}的账号已启用。"
        if act == "unlock":
            unlock_account(by=by, account=account)
            return f"已解除，{account.name}现在可以登录。"
        if act == "second_factor":
            reset_second_factor(by=by, account=account)
            return f"{account.name}的两步验证已重置，下次登录时重新设置。"
        raise Refused("请选择要办理的操作。")


def show_code(request: HttpRequest, issued: IssuedCode) -> HttpResponse:
    """The one page that ever shows a code: in the answer to the form, and kept by no cache and no history."""
    path = reverse("units:activate_with_code", args=[issued.code])
    context = {"issued": issued, "account": issued.account, "link": request.build_absolute_uri(path)}
    response = render(request, "units/code.html", context)
    response["Cache-Control"] = "no-store"
    return response


def waiting_accounts(by: User, kind: str = "") -> QuerySet[User]:
    """Open accounts whose people have not set a password yet."""
    rows = AccountFilterSet({"state": "waiting", "kind": kind}, queryset=User.objects.visible_to(by).for_list()).qs
    found: QuerySet[User] = rows.exclude(pk=by.pk).order_by("unit__sort_key", "name", "pk")
    return found


@method_decorator(never_cache, name="dispatch")
class ActivationSlips(ForAdministrators, View):
    """Codes for everybody who has none in use, as one workbook to cut up and hand out; earlier codes end."""

    def get(self, request: HttpRequest) -> HttpResponse:
        kind = request.GET.get("kind", "")
        rows = waiting_accounts(user_of(request), kind)
        context = {
            "rows": rows[:MOST_SLIPS],
            "count": rows.count(),
            "most": MOST_SLIPS,
            "days": settings.ACTIVATION_DAYS,
            "kind": kind,
            "kinds": Unit.Kind.choices,
        }
        return render(request, "units/slips.html", context)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        by = user_of(request)
        keys = [key for key in request.POST.getlist("selected") if is_key_of(User, key)]
        issued = issue_activations(by=by, accounts=waiting_accounts(by).filter(pk__in=keys)[:MOST_SLIPS])
        if not issued:
            messages.error(request, "请先勾选要生成激活码的人员；已激活或已停用的不能生成。")
            return redirect("units:slips")
        return exports.slips(issued, request.build_absolute_uri(reverse("units:activate")))
