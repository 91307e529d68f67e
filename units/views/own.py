"""One's own account: details, password, and where one is logged in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from common.forms import FormPage
from common.history import history_of
from units.forms.accounts import OwnDetailsForm
from units.models import AccountSession
from units.services import change_own_details, end_other_sessions, end_session
from units.views.accounts import user_of


def profile(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    context = {
        "account": user,
        "sessions": AccountSession.objects.filter(user=user),
        "this_key": request.session.session_key,
        "events": history_of(user)[:20],
    }
    return render(request, "units/profile.html", context)


class ProfileChange(FormPage):
    form_class = OwnDetailsForm
    title = "修改我的资料"

    def get_initial(self) -> dict[str, Any]:
        user = user_of(self.request)
        return {"phone": user.phone, "email": user.email, "duty": user.duty}

    def get_success_url(self) -> str:
        return reverse("units:profile")

    def perform(self, form: Any) -> str:
        change_own_details(by=user_of(self.request), **form.cleaned_data)
        return "资料已保存。"


class SessionEnd(View):
    """End one of one's own log-ins, or (without a number) all but this one."""

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        user = user_of(request)
        if pk is None:
            count = end_other_sessions(by=user, session_key=request.session.session_key)
            messages.success(request, f"已退出其他{count}处登录。" if count else "没有其他登录。")
        else:
            end_session(by=user, session=get_object_or_404(AccountSession, pk=pk, user=user))
            messages.success(request, "已退出那处登录。")
        return redirect("units:profile")
