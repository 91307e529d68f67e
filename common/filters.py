"""Filters that lists share: words in several columns, and a span of days."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet
from django_filters.fields import ChoiceField
from django_filters.widgets import DateRangeWidget

MOST_WORDS = 6
"""More words than this are cut off: each costs the database a scan."""


class SearchFilter(django_filters.CharFilter):
    """One box that looks for every word (parted by spaces) in any of `fields`, part of a word enough."""

    def __init__(self, *, fields: Sequence[str], label: str = "搜索", placeholder: str = "", **kwargs: Any) -> None:
        self.fields = tuple(fields)
        widget = forms.TextInput(attrs={"type": "search", "placeholder": placeholder, "autocomplete": "off"})
        super().__init__(label=label, widget=widget, max_length=60, **kwargs)

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        for word in (value or "").split()[:MOST_WORDS]:
            queryset = queryset.filter(reduce(or_, (Q(**{f"{field}__icontains": word}) for field in self.fields)))
        return queryset


class YesNoField(ChoiceField):
    """A choice whose answer is True, False, or None where nothing was chosen."""

    def clean(self, value: Any) -> bool | None:
        return {"true": True, "false": False}.get(super().clean(value))


class YesNoFilter(django_filters.ChoiceFilter):
    """Yes, no, or either (全部)."""

    field_class = YesNoField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[("true", "是"), ("false", "否")], empty_label="全部", **kwargs)


class DateRangeFilter(django_filters.DateFromToRangeFilter):
    """From one day to another, either end open; in the address as NAME_after and NAME_before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DateRangeWidget(attrs={"type": "date"}))
        super().__init__(*args, **kwargs)


class VisibleFilter(django_filters.ModelChoiceFilter):
    """One row of `model`, offered only from what the asking user may see: a choice list is a way in like any other."""

    def __init__(self, *, model: type[Model], **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "全部")
        super().__init__(queryset=lambda request: model._default_manager.visible_to(request.user), **kwargs)  # type: ignore[attr-defined]
