"""What may be done to many rows of a list at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from common.forms import PageForm


@dataclass(frozen=True)
class BulkAction:
    """Something done to many rows at once.

    `apply(rows, by, data)` gets the chosen rows as a queryset of what the user sees (never a list of ids), the user
    and the cleaned fields of `form_class`; it calls a service and answers the sentence to show.
    """

    name: str
    label: str
    apply: Callable[[QuerySet[Any], Any, dict[str, Any]], str]
    confirm: str = ""
    style: str = ""
    form_class: type[PageForm] | None = None
    visible: Callable[[Any], bool] = lambda user: True
