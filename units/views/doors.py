"""Log-in, log-out, change of password, and activation of a new account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView as DjangoLoginView
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from common.errors import Refused
from common.navigation import back_address, is_own_address
from units.forms.doors import CodeForm, LoginForm, NewPasswordForm, PasswordChangeForm
from units.models import AccountSession, Activation, User
from units.services import activate_account, change_own_password

KEPT = "没有保存的内容还留在本机浏览器中。"
ENDED = {
    "idle": f"超过{settings.SESSION_IDLE_MINUTES}分钟没有操作，已自动退出。请重新登录；" + KEPT,
    "age": f"登录已满{settings.SESSION_COOKIE_AGE // 3600}小时，须重新登录；" + KEPT,
}
ACTIVATION_KEY = "activation_code"


class LoginView(DjangoLoginView):
    form_class = LoginForm  # type: ignore[assignment]
    template_name = "units/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"ended": ENDED.get(self.request.GET.get("ended", ""), "")}

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


logout_view = LogoutView.as_view()


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class PasswordChangeView(View):
    """Change one's own password; the only page that opens while the first one has not been changed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, PasswordChangeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        assert isinstance(request.user, User)
        form = PasswordChangeForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                change_own_password(
                    by=request.user, old=data["old"], new=data["new"], session_key=request.session.session_key
                )
            except Refused as refusal:
                form.add_refusal(refusal)
            else:
                keep_session(request, request.user)
                messages.success(request, "密码已修改，其他设备上的登录已全部退出。")
                return HttpResponseRedirect(self.next_url(request))
        return self.page(request, form, status=422)

    def page(self, request: HttpRequest, form: PasswordChangeForm, status: int = 200) -> HttpResponse:
        assert isinstance(request.user, User)
        due = request.user.password_is_due
        words = ""
        if due and request.user.must_change_password:
            words = "首次登录，请先把初始密码改成只有您自己知道的密码。"
        elif due:
            words = f"密码已使用超过{settings.PASSWORD_MAX_AGE_DAYS}天，请先换一个新密码再继续。"
        context = {
            "form": form,
            "forced": due,
            "why": words,
            "back": self.next_url(request),
            "user_name": request.user.username,
        }
        return render(request, "units/password_change.html", context, status=status)

    def next_url(self, request: HttpRequest) -> str:
        asked = request.POST.get("next") or request.GET.get("next") or ""
        return asked if asked and is_own_address(request, asked) else back_address(request, "/")


@method_decorator([login_not_required, sensitive_post_parameters(), never_cache], name="dispatch")
class ActivationView(View):
    """Type the code from the slip, or open the link; then choose the password.

    The code moves from the address into the session at once, so that it stays out of bookmarks and referrers.
    """

    def get(self, request: HttpRequest, code: str = "") -> HttpResponse:
        if code:
            request.session[ACTIVATION_KEY] = code
            return redirect("units:activate")
        activation = self.activation(request)
        if activation is None:
            return self.ask_code(request, CodeForm())
        return self.ask_password(request, activation, NewPasswordForm())

    def post(self, request: HttpRequest, code: str = "") -> HttpResponse:
        if "code" in request.POST:
            form = CodeForm(request.POST)
            if form.is_valid():
                request.session[ACTIVATION_KEY] = form.cleaned_data["code"]
                if self.activation(request) is not None:
                    return redirect("units:activate")
            return self.ask_code(request, form)
        activation = self.activation(request)
        if activation is None:
            return self.ask_code(request, CodeForm())
        return self.set_password(request, activation)

    def set_password(self, request: HttpRequest, activation: Activation) -> HttpResponse:
        form = NewPasswordForm(request.POST)
        if form.is_valid():
            try:
                user = activate_account(code=request.session[ACTIVATION_KEY], password=form.cleaned_data["new"])
            except Refused as refusal:
                form.add_refusal(refusal)
            else:
                del request.session[ACTIVATION_KEY]
                login(request, user, backend="django.contrib.auth.backends.ModelBackend")
                messages.success(request, f"{user.name}，您的账号已激活。下次请用登录名“{user.username}”和新密码登录。")
                return redirect("/")
        return self.ask_password(request, activation, form, status=422)

    def activation(self, request: HttpRequest) -> Activation | None:
        code = request.session.get(ACTIVATION_KEY, "")
        found = Activation.objects.with_code(code).usable().select_related("user__unit").first() if code else None
        return found if isinstance(found, Activation) else None

    def ask_code(self, request: HttpRequest, form: CodeForm) -> HttpResponse:
        tried = request.session.pop(ACTIVATION_KEY, "")
        if tried:
            form = CodeForm({"code": tried})
            form.add_error("code", "激活码不正确、已用过或已过期。请核对后重新输入；仍不行请联系局管理员重新生成。")
        return render(
            request, "units/activate_code.html", {"form": form}, status=422 if request.method == "POST" else 200
        )

    def ask_password(
        self, request: HttpRequest, activation: Activation, form: NewPasswordForm, status: int = 200
    ) -> HttpResponse:
        return render(request, "units/activate.html", {"form": form, "account": activation.user}, status=status)


def keep_session(request: HttpRequest, user: User) -> None:
    """Keep this log-in open over the change of the password that made it, under a new session key."""
    old = request.session.session_key
    update_session_auth_hash(request, user)
    AccountSession.objects.filter(session_key=old).update(session_key=request.session.session_key)
