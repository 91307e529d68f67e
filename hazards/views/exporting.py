"""How lists of hazards become files: in one of the forms of the register, without making objects of the rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.http import HttpResponseBase

from common.lists import ListPage
from common.spreadsheets import csv_lines
from hazards.exports.register import FORMS, make_book, rows_of


class RegisterListPage(ListPage):
    """A list of hazards whose files are those of `FORMS`; `forms` says which one answers which `export`."""

    forms: ClassVar[Mapping[str, str]]

    def export(self, form: str) -> HttpResponseBase:
        if form not in self.forms:
            return self._back_with("没有这种表，请从“导出”中选择。")
        asked = self.forms[form]
        title, columns = FORMS[asked]
        if form.endswith("csv"):
            return self.stream(csv_lines(columns, rows_of(self.ordered, asked)), title)
        return self.book(lambda: make_book(asked, rows_of(self.ordered, asked), title=title), title)
