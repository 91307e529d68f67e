"""What every request passes through before any app sees it."""

import contextlib
import re
import time
import uuid
from collections.abc import Callable
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from common.origin import coming_from

from .metrics import count_answer

# Whoever tells the bureau something may stay unknown: neither log nor history says from where.
NAMELESS_PATHS = ("/tip-off/",)
QUIET_PATHS = ("/healthz", "/readyz", "/metrics", "/static/")
GOOD_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = structlog.get_logger("campaign_tracker.request")


class ProxyAddressMiddleware:
    """Put the visitor's real address in REMOTE_ADDR when TRUSTED_PROXY=n says that n proxies stand in front.

    The n-th address from the right of X-Forwarded-For was written by our own outermost proxy; everything to its
    left is whatever the visitor chose to send, and lock-outs and the request log must not believe it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.TRUSTED_PROXIES:
            hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
            if len(hops) >= settings.TRUSTED_PROXIES:
                address = hops[-settings.TRUSTED_PROXIES]
                with contextlib.suppress(ValueError):
                    request.META["REMOTE_ADDR"] = str(ip_address(address))
        return self.get_response(request)


class RequestLogMiddleware:
    """Give each request an id (`request.request_id`, answered as X-Request-ID) and log one line when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        # Only a proxy of our own may choose the id; a visitor could otherwise write another person's into the log.
        request_id = given if settings.TRUSTED_PROXIES and GOOD_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        started = time.monotonic()
        address = None if request.path.startswith(NAMELESS_PATHS) else request.META.get("REMOTE_ADDR")
        with structlog.contextvars.bound_contextvars(request_id=request_id), coming_from(address):
            response = self.get_response(request)
            if not request.path.startswith(QUIET_PATHS):
                seconds = time.monotonic() - started
                count_answer(request.method or "", response.status_code, seconds)
                user = getattr(request, "user", None)
                log.info(
                    "answered",
                    method=request.method,
                    path=path_to_log(request),
                    status=response.status_code,
                    milliseconds=round(seconds * 1000),
                    user_id=getattr(user, "pk", None),
                    address=address,
                )
        response.headers["X-Request-ID"] = request_id
        return response


def path_to_log(request: HttpRequest) -> str:
    """The path without an activation code: whoever reads the log must not be able to open an account with it."""
    code = request.resolver_match.kwargs.get("code") if request.resolver_match else None
    return request.path.replace(str(code), "…") if code else request.path
