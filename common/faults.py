"""How the house says no: the pages for faults, and the one place where a refusal of the rules becomes an answer.

Every answer is a sentence that says what to do and carries the request's number, by which the log finds it.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme

from common.errors import Conflict, NotAllowed, Refused
from common.navigation import back_address

logger = logging.getLogger(__name__)

LAST_RESORT = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>系统出错</title>'
    "<h1>系统出错</h1><p>刚才的操作没有完成。请稍后再试；仍不行请把编号 {} 告诉管理员。</p>"
)


def request_id_of(request: HttpRequest) -> str:
    """The number under which the log knows this request; empty outside the middleware that gives it."""
    return str(getattr(request, "request_id", ""))


def wants_json(request: HttpRequest) -> bool:
    """Whether a machine asks: an address of the API, or a client that takes JSON and no page."""
    return request.path.startswith("/api/") or request.get_preferred_type(["text/html", "application/json"]) == (
        "application/json"
    )


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def status_of_refusal(refusal: Refused) -> HTTPStatus:
    """403 for an act that is not this user's, 409 for a row in another state, 400 for everything else."""
    if isinstance(refusal, NotAllowed):
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.CONFLICT if isinstance(refusal, Conflict) else HTTPStatus.BAD_REQUEST


def problem(request: HttpRequest, status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    """The one error shape of the API (RFC 9457)."""
    body = {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
        "request_id": request_id_of(request),
        **more,
    }
    return JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


def answer_refusal(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Turn a refusal into what the asker understands.

    A machine gets the problem as JSON; a partial request gets the sentence for the notes on the page (422); a form
    goes back to its page, where the sentence stands and the browser puts back what was typed; a page that was only
    asked for becomes a page with the sentence.
    """
    status = status_of_refusal(refusal)
    note_refusal(request, refusal)
    if wants_json(request):
        return problem(request, status, refusal.code, refusal.message, fields=refusal.fields)
    if is_partial(request):
        response = render(request, "components/note.html", {"level": "error", "words": refusal.message}, status=422)
        response["HX-Retarget"], response["HX-Reswap"] = "#notes", "innerHTML show:#notes:top"
        return response
    if isinstance(refusal, NotAllowed):
        return _fault(request, status, "errors/403.html", words=refusal.message)
    if request.method == "POST" and (address := _form_address(request)):
        messages.error(request, refusal.message)
        return HttpResponseRedirect(address, status=303)
    return _fault(request, status, "errors/400.html", words=refusal.message)


def note_refusal(request: HttpRequest, refusal: Refused) -> None:
    """Leave word of a refused act for the history; what is only typed wrongly, and said beside its field, is none."""
    if not refusal.fields:
        request.refusal = refusal.message  # type: ignore[attr-defined]


def _form_address(request: HttpRequest) -> str:
    """The page that sent this form: the referrer when it is ours, else the page it came from; empty if neither tells.

    The form's own address will not do: most acts can only be posted to.
    """
    referrer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return referrer if referrer and ours else back_address(request, "")


class RefusedMiddleware:
    """Catch a refusal that no view caught and answer it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """A NUL, which no database keeps, is nothing that a person typed. The interface refuses it by field."""
        return bad_request(request) if not hasattr(view, "cls") and holds_nul(request) else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, IntegrityError) and is_twin(exception):
            logger.warning("a twin was quicker: %s", exception)
            exception = Conflict("同样的内容刚刚已经保存过。请刷新页面核对，没有保存的再提交一次。", code="twin")
        return answer_refusal(request, exception) if isinstance(exception, Refused) else None


def is_twin(error: IntegrityError) -> bool:
    """Whether a row with the same unique key was written since this request looked for one: a form sent twice at once."""
    return getattr(error.__cause__, "pgcode", "") == "23505" or "UNIQUE constraint failed" in str(error)


def holds_nul(request: HttpRequest) -> bool:
    """Whether the address or the form of a request holds the character NUL."""
    return "%00" in request.get_full_path() or any(
        "\x00" in text for name, values in request.POST.lists() for text in (name, *values)
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when more was sent than the house takes."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return _fault(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "errors/413.html", code="too_large")
    return _fault(request, HTTPStatus.BAD_REQUEST, "errors/400.html", code="bad_request")


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: seen, but not this user's to do."""
    return _fault(request, HTTPStatus.FORBIDDEN, "errors/403.html", code="not_allowed")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not within this user's sight; the answer never tells which."""
    return _fault(request, HTTPStatus.NOT_FOUND, "errors/404.html", code="not_found")


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose CSRF token is no longer good: mostly a page left open overnight."""
    return _fault(request, HTTPStatus.FORBIDDEN, "errors/csrf.html", code="form_expired")


def server_error(request: HttpRequest) -> HttpResponse:
    """500, made without database, session or context processors, since any of them may be what broke."""
    number = request_id_of(request)
    if wants_json(request):
        return problem(request, 500, "server_error", "系统出错，请稍后再试。")
    try:
        page: str = loader.render_to_string("errors/500.html", {"request_id": number})
    except Exception:
        page = LAST_RESORT.format(number)
    return HttpResponse(page, status=500)


def _fault(request: HttpRequest, status: HTTPStatus, template: str, *, code: str = "", words: str = "") -> HttpResponse:
    if wants_json(request):
        return problem(request, status, code or "refused", words or SENTENCES[int(status)])
    context = {"request_id": request_id_of(request), "words": words or SENTENCES[int(status)], "home": "/"}
    return render(request, template, context, status=status)


SENTENCES = {
    400: "系统看不懂这个请求。请返回上一页，刷新后重新填写再提交。",
    403: "这项操作不在您的职责范围内。需要办理时，请联系本单位的联络员或局管理员。",
    404: "您要找的内容不存在，或不在您的查看范围内。请回到首页，从菜单或列表重新进入。",
    409: "内容已被他人更改。请刷新页面，按现在的状态办理。",
    413: "提交的内容太大。请减小文件或分几次提交。",
    500: "系统出错，刚才的操作没有完成。请稍后再试。",
}
