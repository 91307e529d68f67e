"""Where another system fetches a token by its client secret (RFC 6749, 4.4), counted and locked like log-ins."""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from exchange.models import ServiceAccount
from exchange.services.accounts import FETCHED_FOR, fetch_token
from units.lockout import is_tried_everywhere


class Fault(Exception):
    """A refusal in the words of RFC 6749, 5.2."""

    def __init__(self, code: str, words: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(words)
        self.code, self.words, self.status = code, words, status


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class TokenEndpoint(View):
    """`grant_type=client_credentials`, the client by HTTP Basic or in the form; each answer is JSON and never kept."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> JsonResponse:
        try:
            answer, status = self.grant(request), HTTPStatus.OK
        except Fault as fault:
            answer, status = {"error": fault.code, "error_description": fault.words}, fault.status
        response = JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})
        response["Cache-Control"], response["Pragma"] = "no-store", "no-cache"
        if status == HTTPStatus.UNAUTHORIZED:
            response["WWW-Authenticate"] = 'Basic realm="api", charset="UTF-8"'
        return response

    def grant(self, request: HttpRequest) -> dict[str, Any]:
        account = client_of(request)
        address = str(request.META.get("REMOTE_ADDR") or "")
        if not account.allows_address(address):
            raise Fault("unauthorized_client", "不允许从这个网络地址使用本账号，请联系应急管理局的局管理员。")
        kind = request.POST.get("grant_type", "")
        if not kind or len(request.POST.getlist("grant_type")) > 1:
            raise Fault("invalid_request", "请给出一个 grant_type=client_credentials。")
        if kind != "client_credentials":
            raise Fault("unsupported_grant_type", "本接口只支持 grant_type=client_credentials。")
        scopes = set(request.POST.get("scope", "").split())
        if scopes - set(account.scopes):
            raise Fault("invalid_scope", "scope 中有本账号没有的权限；不给出 scope 就是账号的全部权限。")
        issued = fetch_token(account=account, address=address, scopes=scopes)
        return {
            "access_token": issued.token,
            "token_type": "Bearer",
            "expires_in": int(FETCHED_FOR.total_seconds()),
            "scope": " ".join(sorted(scopes) or account.scopes),
        }


def client_of(request: HttpRequest) -> ServiceAccount:
    """The open account that shows its secret. Raises Fault; guesses are counted and lock as those of passwords do."""
    name, secret = shown(request)
    credentials = {"username": name}
    locked = not AxesProxyHandler.is_allowed(request, credentials) or is_tried_everywhere(name)
    account = ServiceAccount.objects.filter(user__username=name, is_open=True).select_related("user__unit").first()
    unit = account.user.unit if account is not None else None
    known = account is not None and unit is not None and unit.is_active and account.has_secret(secret)
    if account is not None and known and not locked:
        AxesProxyHandler.reset_attempts(username=name, ip_address=request.META.get("REMOTE_ADDR"))
        return account
    if not locked:
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        request.axes_locked_out = False  # type: ignore[attr-defined]  # the answer stays ours, and JSON
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    words = f"失败次数太多，请{minutes}分钟后再试。" if locked else "client_id 或 client_secret 不正确，或账号已停用。"
    raise Fault("invalid_client", words, HTTPStatus.UNAUTHORIZED)


def shown(request: HttpRequest) -> tuple[str, str]:
    """Client id and secret, by HTTP Basic or in the form. Raises Fault for both at once (RFC 6749, 2.3) and for neither."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    in_form = (request.POST.get("client_id", ""), request.POST.get("client_secret", ""))
    if scheme.lower() != "basic":
        if not all(in_form):
            raise Fault(
                "invalid_client", "请用 HTTP Basic 或表单给出 client_id 和 client_secret。", HTTPStatus.UNAUTHORIZED
            )
        return in_form[0].strip().lower(), in_form[1]
    if in_form[1]:
        raise Fault("invalid_request", "client_secret 只用一种方式给出。")
    try:
        name, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Fault("invalid_client", "HTTP Basic 的内容不正确。", HTTPStatus.UNAUTHORIZED) from error
    return unquote_plus(name).strip().lower(), unquote_plus(secret)
