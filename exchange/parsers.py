"""What is taken as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from common.inputs import read_json


class JSONParser(BaseParser):
    """JSON as the whole house reads it."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        body = stream.body if isinstance(stream, HttpRequest) else stream.read()  # the former minds the size limit
        try:
            return read_json(body)
        except ValueError as error:
            raise ParseError from error
