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


MOST_CHOICES = 200
"""A longer list is not read any more but typed into."""


class SearchFilter(django_filters.CharFilter):
    """One box that looks for every word (parted by spaces) in any of `fields`, part of a word enough."""

    def __init__(self, *, fields: Sequence[str], label: str = "搜索", placeholder: str = "", **kwargs: Any) -> None:
        self.fields = tuple(fields)
        widget = forms.TextInput(attrs={"type": "search", "placeholder": placeholder, "autocomplete": "off"})
        super().__init__(label=label, widget=widget, max_length=60, **kwargs)

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        for word in (value or "").split()[:MOST_WORDS]:
            queryset = queryset.filter(in_any(self.fields, word))
        return queryset


def in_any(fields: Sequence[str], word: str) -> Q:
    """The condition that a word occurs in any of these columns, whatever its case.

    Most words have no case here; looking for them as they stand spares the database to fold every text it reads.
    """
    how = "contains" if word.lower() == word.upper() else "icontains"
    return reduce(or_, (Q(**{f"{field}__{how}": word}) for field in fields))


class YesNoField(ChoiceField):
    """A choice whose answer is True, False, or None where nothing was chosen."""

    def clean(self, value: Any) -> bool | None:
        return {"true": True, "false": False}.get(super().clean(value))


class YesNoFilter(django_filters.ChoiceFilter):
    """Yes, no, or either (全部)."""

    field_class = YesNoField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[("true", "是"), ("false", "否")], empty_label="全部", **kwargs)


class DaysWidget(DateRangeWidget):
    """Two days to choose; each says its own name, since the one label above them belongs to neither."""

    def __init__(self, label: str) -> None:
        super().__init__(attrs={"type": "date"})
        for widget, end in zip(self.widgets, ("起", "止"), strict=True):
            widget.attrs["aria-label"] = f"{label}（{end}）"


class DateRangeFilter(django_filters.DateFromToRangeFilter):
    """From one day to another, either end open; in the address as NAME_after and NAME_before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DaysWidget(str(kwargs.get("label", ""))))
        super().__init__(*args, **kwargs)


class RowOrWords(forms.CharField):
    """A row by its key, or words of its name: what a choice becomes when there is too much to choose from."""

    def __init__(self, *, rows: QuerySet[Any], **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        row = self.rows.filter(pk=text).first() if text.isdecimal() and len(text) < 19 else None
        return row or text


class VisibleFilter(django_filters.ModelChoiceFilter):
    """One row of `model`, offered only from what the asking user may see: a choice list is a way in like any other.

    Above `MOST_CHOICES` rows the list to choose from becomes a box to type a part of the name into, found in any of
    `search`: ten thousand choices would make every page of the list half a megabyte.
    """

    def __init__(self, *, model: type[Model], search: Sequence[str] = ("name",), **kwargs: Any) -> None:
        self.model_to_see, self.search = model, tuple(search)
        kwargs.setdefault("empty_label", "全部")
        super().__init__(queryset=self.visible_rows, **kwargs)

    def visible_rows(self, request: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model_to_see._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
        return rows

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            rows = self.visible_rows(self.get_request())
            if rows.order_by().values("pk")[MOST_CHOICES : MOST_CHOICES + 1]:
                self._field = RowOrWords(
                    rows=rows,
                    label=self.label,
                    required=False,
                    widget=forms.TextInput(attrs={"placeholder": "名称的一部分", "autocomplete": "off"}),
                )
        made: forms.Field = super().field
        return made

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if not isinstance(value, str) or not value:
            found: QuerySet[Any] = super().filter(queryset, value)
            return found
        words = reduce(or_, (Q(**{f"{self.field_name}__{name}__icontains": value}) for name in self.search))
        return queryset.exclude(words) if self.exclude else queryset.filter(words)
