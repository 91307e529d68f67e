"""Every refusal of the interface in one shape (RFC 9457): a machine word in `code`, a Chinese sentence in `detail`."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig
from django.core.exceptions import PermissionDenied as DjangoDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.settings import api_settings

from common.errors import Refused
from common.faults import problem, status_of_refusal

SENTENCES = {
    "not_authenticated": "请在请求头 Authorization 中提供令牌：Token ct_…",
    "not_found": "没有这条记录，或者本账号无权查看。",
    "method_not_allowed": "这个地址不支持这种请求方法。",
    "not_acceptable": "本接口只提供 JSON，请把请求头 Accept 设为 application/json。",
    "unsupported_media_type": "请求内容应为 JSON，请把请求头 Content-Type 设为 application/json。",
    "parse_error": "请求内容不是正确的 JSON。",
    "throttled": "请求太频繁，请按响应头 Retry-After 的秒数等待后再试。",
    "permission_denied": "本账号无权办理。",
}


NON_FIELD = api_settings.NON_FIELD_ERRORS_KEY


class Problem(exceptions.APIException):
    """A refusal with a status of its own. `fields` maps the path of a field to its sentences."""

    def __init__(
        self, status: HTTPStatus, code: str, detail: str, fields: Mapping[str, list[str]] | None = None
    ) -> None:
        super().__init__(detail, code)
        self.status_code = int(status)
        self.fields = dict(fields or {})


def invalid(fields: Mapping[str, list[str]], code: str = "invalid") -> Problem:
    """What was asked or sent is faulty in the fields named."""
    return Problem(HTTPStatus.BAD_REQUEST, code, "请改正标出的内容后再发送。", fields)


def answer_exception(error: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """Turn what a view raised into a problem; None for what is a fault of ours, which becomes a 500."""
    request: HttpRequest = context["request"]._request
    if isinstance(error, Refused):
        fields = {"" if name == NON_FIELD_ERRORS else name: lines for name, lines in error.fields.items()}
        return problem(request, status_of_refusal(error), error.code, error.message, fields=fields)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, DjangoDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        return problem(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", "请求内容太大，请分几次发送。")
    if not isinstance(error, exceptions.APIException):
        return None
    if isinstance(error, exceptions.ValidationError):
        error = invalid(field_paths(error.detail))
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else "invalid"
    own_words = isinstance(error, Problem) or code not in SENTENCES or code == "permission_denied"
    detail = str(error.detail) if own_words and code != "permission_denied" else SENTENCES.get(code, str(error.detail))
    answer = problem(request, error.status_code, code, detail, fields=getattr(error, "fields", {}))
    if header := getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        answer["Retry-After"] = str(int(wait) + 1)
    return answer


def field_paths(detail: Any, path: str = "") -> dict[str, list[str]]:
    """What a serializer found, as paths such as `stages.0.name`."""
    if isinstance(detail, Mapping):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            below = "" if name == NON_FIELD else str(name)  # what is wrong with the whole is said of the whole
            found |= field_paths(inner, ".".join(filter(None, (path, below))))
        return found
    if isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        found = {}
        for index, inner in enumerate(detail):
            if inner:
                found |= field_paths(inner, f"{path}.{index}" if path else str(index))
        return found
    return {path: [str(item) for item in (detail if isinstance(detail, list) else [detail])]}
