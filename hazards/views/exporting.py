"""How lists of hazards become files: in one of the forms of the register, without making objects of the rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from common.lists import SHEET_CAP, ListPage
from common.spreadsheets import csv_lines
from hazards.exports.register import FORMS, make_book, rows_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RegisterListPage(ListPage):
    """A list of hazards whose files are those of `FORMS`; `forms` says which one answers which `export`."""

    forms: ClassVar[Mapping[str, str]]

    def export(self, form: str) -> HttpResponseBase:
        if form not in self.forms:
            return self._back_with("没有这种表，请从“导出”中选择。")
        asked = self.forms[form]
        title, columns = FORMS[asked]
        name = f"{title}{timezone.localdate():%Y%m%d}"
        if form.endswith("csv"):
            lines = csv_lines(columns, rows_of(self.ordered, asked))
            stream = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
            stream["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.csv"
            return stream
        if self.filtered.order_by().values("pk")[: SHEET_CAP + 1].count() > SHEET_CAP:
            return self._back_with(f"超过{SHEET_CAP // 10_000}万条，表格文件会太大。请先筛选，或导出 CSV（不限条数）。")
        book = make_book(asked, rows_of(self.ordered, asked), title=title)
        return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
