"""The second step of a log-in, and where its owner sets it up."""

from __future__ import annotations

from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from common.errors import Refused
from common.forms import PageForm
from common.navigation import is_own_address
from units.models import AccountSession, RecoveryCode, SecondFactor, User
from units.second_factor import has_second_factor, must_have_second_factor
from units.services.second_factor import (
    address_for_app,
    begin_second_factor,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    try_second_factor,
)
from units.sessions import PASSED, SECOND_STEP
from units.views.accounts import user_of

WRONG = "动态口令或备用码不对，或已经用过。请等手机显示下一个数字后再输入。"


class SecondStepForm(PageForm):
    draft = ""
    code = forms.CharField(
        label="动态口令",
        max_length=20,
        help_text="手机验证器应用上显示的6位数字；手机不在身边时，输入一个没用过的备用码。",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "characters"}
        ),
    )


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class SecondStep(View):
    """Asked for after the password; until it is answered nothing else opens."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.session.get(SECOND_STEP) == PASSED:
            return redirect(self.next_url(request))
        if not has_second_factor(user_of(request)):
            return redirect("units:second_factor")
        return self.page(request, SecondStepForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SecondStepForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, status=422)
        try:
            if try_second_factor(by=user_of(request), code=form.cleaned_data["code"]):
                pass_second_step(request)
                return HttpResponseRedirect(self.next_url(request))
        except Refused as refusal:
            # Whoever goes on guessing shall at least need the password again.
            logout(request)
            messages.error(request, refusal.message)
            return redirect("units:login")
        form.add_error("code", WRONG)
        return self.page(request, form, status=422)

    def page(self, request: HttpRequest, form: SecondStepForm, status: int = 200) -> HttpResponse:
        return render(request, "units/second_step.html", {"form": form, "next": self.next_url(request)}, status=status)

    def next_url(self, request: HttpRequest) -> str:
        asked = request.POST.get("next") or request.GET.get("next") or ""
        return asked if asked and is_own_address(request, asked) else "/"


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class SecondFactorPage(View):
    """Set it up; once it stands, take new recovery codes or take it away, each against a number of the app."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, SecondStepForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        user, form = user_of(request), SecondStepForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, status=422)
        code, act = form.cleaned_data["code"], request.POST.get("act", "")
        try:
            if act == "confirm":
                codes = confirm_second_factor(by=user, code=code)
                pass_second_step(request)
                return show_codes(request, codes)
            if try_second_factor(by=user, code=code):
                if act == "codes":
                    return show_codes(request, renew_recovery_codes(by=user))
                if act == "remove":
                    return self.remove(request, user)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            form.add_error("code", WRONG)
        return self.page(request, form, status=422)

    def remove(self, request: HttpRequest, user: User) -> HttpResponse:
        remove_second_factor(by=user)
        if must_have_second_factor(user):
            messages.success(request, "原来的手机已取消，请现在设置新的。")
            return redirect("units:second_factor")
        messages.success(request, "两步验证已停用，以后登录只需密码。")
        return redirect("units:profile")

    def page(self, request: HttpRequest, form: SecondStepForm, status: int = 200) -> HttpResponse:
        user = user_of(request)
        standing = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
        context: dict[str, Any] = {"form": form, "standing": standing, "required": must_have_second_factor(user)}
        if standing is None:
            form.fields["code"].help_text = "手机验证器应用上现在显示的6位数字。"
            secret = begin_second_factor(by=user)
            picture = segno.make(address_for_app(user, secret), error="m").svg_data_uri(scale=5, border=4)
            groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
            context |= {"picture": picture, "secret": groups}
        else:
            context["codes_left"] = RecoveryCode.objects.filter(user=user, used_at=None).count()
        due = request.session.get(SECOND_STEP) != PASSED
        template = "units/second_factor_due.html" if due else "units/second_factor.html"
        return render(request, template, context, status=status)


def show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The one page that ever shows recovery codes."""
    response = render(request, "units/recovery_codes.html", {"codes": codes, "account": user_of(request)})
    response["Cache-Control"] = "no-store"
    return response


def pass_second_step(request: HttpRequest) -> None:
    """Note in the session that the second step was taken, under a new key: the old one proves the password only."""
    old = request.session.session_key
    request.session.cycle_key()
    request.session[SECOND_STEP] = PASSED
    AccountSession.objects.filter(session_key=old).update(session_key=request.session.session_key)
