"""How an answer is written: compact JSON in UTF-8, moments in UTC, money and other decimals as text."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer


def moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat().removesuffix("+00:00") + "Z"


WRITTEN: dict[type, Any] = {dt.date: dt.date.isoformat, dt.datetime: moment, Decimal: str, UUID: str}


def plain(value: Any) -> Any:
    """A value that JSON does not know in the words of the contract."""
    if write := WRITTEN.get(type(value)):
        return write(value)
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value)} has no form in the interface")


def json_of(data: Any) -> bytes:
    return json.dumps(data, default=plain, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode()


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else json_of(data)
