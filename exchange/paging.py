"""Pages by cursor: the key after which the next page begins, so that the last page costs no more than the first."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Model
from rest_framework.request import Request

from exchange.problems import invalid

DEFAULT_LIMIT, MOST = 50, 1000


def limit_of(request: Request) -> int:
    text = request.query_params.get("limit", "")
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MOST):
        raise invalid({"limit": [f"每页条数应为1到{MOST}之间的整数。"]})
    return int(text)


def cursor_for(key: Any) -> str:
    """A cursor that a client hands back as it is; what is inside may change."""
    return base64.urlsafe_b64encode(json.dumps([key], default=str).encode()).decode().rstrip("=")


def key_in(text: str, model: type[Model]) -> Any:
    """The key in a cursor. Raises a problem for anything that no page of this noun gave out."""
    try:
        (key,) = json.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
        if not isinstance(key, str | int) or "\x00" in str(key):
            raise ValueError
        return number_in(model).clean(key, None)
    except (ValueError, TypeError, binascii.Error, UnicodeError, ValidationError, RecursionError) as error:
        raise invalid({"cursor": ["游标不正确，请原样使用上一页 next 中的地址。"]}) from error


def number_in(model: type[Model]) -> Any:
    """The field that says what a key of this model may be: its own, or that of the record it belongs to."""
    field: Any = model._meta.pk
    while field.remote_field:
        field = field.target_field
    return field


def next_url(request: Request, cursor: str) -> str:
    """The address of the next page: the same question with another cursor."""
    query = [(name, value) for name, values in request.query_params.lists() for value in values if name != "cursor"]
    return f"{request.path}?{urlencode([*query, ('cursor', cursor)])}"
