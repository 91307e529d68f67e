"""What is taken as JSON: text that both databases can keep and every answer can quote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

FAULTY = ParseError()


class JSONParser(BaseParser):
    """UTF-8 JSON without NUL, half characters, NaN and numbers or depths beyond all measure."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            body = stream.body if isinstance(stream, HttpRequest) else stream.read()  # the former minds the size limit
            data = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse)
            text = json.dumps(data, ensure_ascii=False)
            text.encode()
        except (ValueError, RecursionError) as error:  # UnicodeError is a ValueError
            raise FAULTY from error
        if "\\u0000" in text.replace("\\\\", ""):
            raise FAULTY
        return data


def _refuse(word: str) -> None:
    raise ValueError(word)
