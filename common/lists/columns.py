"""One column of a list: what the page prints and what a spreadsheet gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Model
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from common.charts import number_in_words
from common.dates import as_date

DASH = "—"


@dataclass(frozen=True)
class Column:
    """One column of a list, of its export, or of both.

    `cell` makes what the page shows from a row: a callable, or the path of an attribute ("unit.name"; default: the
    key). `template` is rendered with `row` instead, for cells with tags in them. `export` makes what a spreadsheet
    gets (default: the same value before it was dressed). `sort` names the indexed field or fields to order by.
    `kind`: title (the row's name, first on a card), wide, short (never wrapped) or plain. `width` is that of the
    column in a spreadsheet, in figures; without it the kind decides.
    """

    key: str
    label: str
    cell: Callable[[Any], Any] | str = ""
    template: str = ""
    align: Literal["start", "end", "center"] = "start"
    kind: Literal["", "title", "wide", "short"] = ""
    sort: str | tuple[str, ...] = ()
    nulls_last: bool = False
    link: bool = False
    export: Callable[[Any], Any] | str | None = None
    on_page: bool = True
    in_export: bool = True
    width: int = 0

    def value(self, row: Any) -> Any:
        """The value for the page, undressed."""
        return _read(self.cell or self.key, row)

    def export_value(self, row: Any) -> Any:
        """The value for a spreadsheet: numbers and dates stay numbers and dates, markup goes."""
        if self.export is not None:
            value = _read(self.export, row)
        elif self.template and not self.cell:
            value = _read(self.key, row)
        else:
            value = self.value(row)
        if isinstance(value, SafeString):
            value = strip_tags(value).strip()
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, datetime):
            return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        if value is None or isinstance(value, str | int | float | Decimal | date):
            return value
        return str(value)

    @property
    def css(self) -> str:
        """The classes of the column's cells: words need room, numbers and short words none."""
        side = {"start": "", "end": "number", "center": "center"}[self.align]
        return " ".join(filter(None, (side, self.kind or ("" if side else "plain"))))


def in_words(value: Any) -> str:
    """A value as a cell prints it."""
    if value is None or value == "":
        return DASH
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return as_date(value).isoformat()
    if isinstance(value, int | float | Decimal):
        return number_in_words(float(value))
    return value if isinstance(value, str) else str(value)


def _read(source: Callable[[Any], Any] | str, row: Any) -> Any:
    if callable(source):
        return source(row)
    value = row
    for name in source.split("."):
        value = getattr(value, name, None)
        if value is None:
            return None
        if callable(value) and not isinstance(value, Model):
            value = value()
    return value
