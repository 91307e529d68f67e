"""How long a log-in lasts, and what must be done before anything else."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from common.faults import is_partial, problem, wants_json
from units.models import AccountSession, User
from units.second_factor import has_second_factor
from units.sessions import PASSED, SECOND_STEP, SEEN_AT, STARTED_AT, second_step_of

TOUCH_EVERY_SECONDS = 60
# Pages that ask again by themselves: a screen left alone must not keep its log-in open.
ASKED_BY_ITSELF = re.compile(r"/jobs/.*|/imports/\d+/progress/")
OPEN_BEFORE_STEP = ("units:second_step", "units:second_factor", "units:logout")
OPEN_BEFORE_CHANGE = ("units:password_change", *OPEN_BEFORE_STEP)

Answer = Callable[[HttpRequest], HttpResponse]


class SessionAgeMiddleware:
    """End a log-in after SESSION_IDLE_MINUTES without use and, used or not, after SESSION_COOKIE_AGE."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or not user.is_authenticated:
            return leave_page_for_login(request, self.get_response(request))
        now = timezone.now().timestamp()
        started = request.session.setdefault(STARTED_AT, now)
        seen = request.session.setdefault(SEEN_AT, now)
        if now - started > settings.SESSION_COOKIE_AGE:
            return self.end(request, "age")
        if now - seen > settings.SESSION_IDLE_MINUTES * 60:
            return self.end(request, "idle")
        if now - seen > TOUCH_EVERY_SECONDS and not ASKED_BY_ITSELF.fullmatch(request.path):
            request.session[SEEN_AT] = now
            AccountSession.objects.filter(session_key=request.session.session_key).update(seen_at=timezone.now())
        response = self.get_response(request)
        # After log-out, or for the next person at a shared computer, the back button must not show what was open.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def end(self, request: HttpRequest, why: str) -> HttpResponse:
        """Log out and lead to the log-in page, which says why and comes back to this page."""
        logout(request)
        if wants_json(request):
            return problem(request, 401, "session_ended", "登录已失效，请重新登录。")
        query = urlencode({"ended": why, "next": page_of(request)})
        return leave_page_for_login(request, HttpResponseRedirect(f"{reverse('units:login')}?{query}"))


class SecondStepMiddleware:
    """Let nothing be done by a password alone where the account has, or must have, a second factor."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        match = request.resolver_match
        if not isinstance(user, User) or match is None or not getattr(view, "login_required", True):
            return None
        if SECOND_STEP not in request.session:
            request.session[SECOND_STEP] = second_step_of(user)
        if request.session[SECOND_STEP] == PASSED:
            return None
        if match.view_name in OPEN_BEFORE_STEP and (
            match.view_name != "units:second_factor" or not has_second_factor(user)
        ):
            return None
        if wants_json(request):
            return problem(request, 403, "second_step_due", "请先完成两步验证，再继续使用。")
        return _led_to("units:second_step", request)


class PasswordDueMiddleware:
    """Let nothing be done with a first or an expired password but to change it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        match = request.resolver_match
        if not isinstance(user, User) or match is None or not user.password_is_due:
            return None
        # Health and files carry no record; everything else asks for a log-in.
        if match.view_name in OPEN_BEFORE_CHANGE or not getattr(view, "login_required", True):
            return None
        if wants_json(request):
            return problem(request, 403, "password_due", "请先修改密码，再继续使用。")
        return _led_to("units:password_change", request)


def page_of(request: HttpRequest) -> str:
    """The page on which the user was: the address itself, or where the form or the part of a page was sent from."""
    if is_partial(request):
        source = request.headers.get("HX-Current-URL", "")
    elif request.method in ("GET", "HEAD"):
        return request.get_full_path()
    else:
        source = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(source, {request.get_host()}, request.is_secure()):
        return "/"
    parts = urlsplit(source)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def leave_page_for_login(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Where a part of a page was asked for, make the browser open the log-in page whole, and not inside the part."""
    if response.status_code != 302 or not is_partial(request):
        return response
    location = response.headers.get("Location", "")
    login = reverse("units:login")
    if not location.startswith(login):
        return response
    if "ended=" not in location:
        location = str(redirect_to_login(page_of(request), login).headers["Location"])
    return _whole_page(location)


def _led_to(name: str, request: HttpRequest) -> HttpResponse:
    url = f"{reverse(name)}?{urlencode({'next': page_of(request)})}"
    return _whole_page(url) if is_partial(request) else HttpResponseRedirect(url)


def _whole_page(url: str) -> HttpResponse:
    return HttpResponse(status=204, headers={"HX-Redirect": url})
