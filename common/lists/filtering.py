"""What a list is filtered by, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Model, QuerySet

from common.dates import as_date
from common.lists.columns import in_words


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in use, with the address of the list without it."""

    label: str
    text: str
    without_url: str


SUFFIXES = ("", "_after", "_before", "_min", "_max")
"""Under which a filter's values stand in the address: its own name, or the two ends of a range."""


def words_of_filter(field: forms.Field, values: Sequence[str], cleaned: Any) -> str:
    """The words of a filter's value: labels of choices, names of rows, spans of days."""
    choices = getattr(field, "choices", None)
    if isinstance(cleaned, slice):
        ends = [
            in_words(as_date(end) if isinstance(end, datetime) else end) if end is not None else ""
            for end in (cleaned.start, cleaned.stop)
        ]
        return f"{ends[0]} 至 {ends[1]}".strip()
    if isinstance(cleaned, Model):
        return str(cleaned)
    if isinstance(cleaned, QuerySet | list) and cleaned and isinstance(cleaned[0], Model):
        return "、".join(str(one) for one in cleaned)
    if choices is not None and not isinstance(field, forms.ModelChoiceField):
        labels = {str(key): str(label) for key, label in choices}
        return "、".join(labels.get(value, value) for value in values)
    if isinstance(cleaned, bool):
        return "是" if cleaned else "否"
    return " ".join(values)
