"""Spreadsheets of units and accounts: hand in, see what would happen, confirm."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from common.errors import NotAllowed, Refused
from common.forms import FormPage
from common.jobs import start_job
from common.spreadsheets import ImportResult, ImportRow, Outcome, write_errors
from units import exports
from units.forms.imports import ImportForm
from units.imports import MOST_ROWS, SHEETS
from units.models import DirectoryImport
from units.services import check_import, drop_import, read_import, start_import
from units.services.imports import SINGLE_ROWS, check_may_import
from units.views.accounts import user_of

MOST_SHOWN = 200
# Headings that every table has and that say nothing.
COUNTING = ("序号", "编号", "行号", "No.", "NO")


class Imports:
    """What every page of an import knows: whether it is of units or of accounts, and that the user may."""

    noun = ""
    space = "units"
    """The namespace of the addresses."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_may_import(user_of(request), self.noun)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def address(self, name: str, *args: Any) -> str:
        return reverse(f"{self.space}:{self.noun[:-1]}_{name}", args=args)

    def run(self, request: HttpRequest, public_id: uuid.UUID) -> DirectoryImport:
        rows = DirectoryImport.objects.visible_to(user_of(request)).filter(noun=self.noun).select_related("by")
        found: DirectoryImport = get_object_or_404(rows, public_id=public_id)
        return found

    def words(self) -> dict[str, Any]:
        label = str(DirectoryImport.Noun(self.noun).label)
        return {"noun": self.noun, "label": label, "list_url": reverse(f"{self.space}:{self.noun}")}


class ImportStart(Imports, FormPage):
    form_class = ImportForm
    template_name = "units/import_start.html"
    submit = "上传并检查"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = [column for column in SHEETS[DirectoryImport.Noun(self.noun)].columns if not column.export_only]
        runs = DirectoryImport.objects.visible_to(user_of(self.request)).filter(noun=self.noun).select_related("by")
        more = {"columns": columns, "runs": runs[:10], "most": MOST_ROWS, "template_url": self.address("template")}
        return super().get_context_data(**kwargs) | self.words() | more

    def get_success_url(self) -> str:
        return reverse(f"{self.space}:{self.noun}")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            run = start_import(by=user_of(self.request), noun=self.noun, file=form.cleaned_data["file"])
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error("file", refusal.message)
            return self.form_invalid(form)
        return redirect(run)


class ImportTemplate(Imports, View):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        return exports.template(SHEETS[DirectoryImport.Noun(self.noun)])


@dataclass(frozen=True)
class ShownChange:
    label: str
    before: str
    after: str


def leaves_hidden(request: HttpRequest) -> bool:
    """Whether who looks at the preview has chosen not to read the rows that are hidden in the file."""
    return "leave" in (request.GET.get("hidden"), request.POST.get("hidden"))


class ImportPage(Imports, View):
    """The preview, and afterwards the receipt."""

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        run = self.run(request, public_id)
        context = {"run": run, **self.words(), "most": MOST_SHOWN, "start_url": self.address("imports")}
        if run.state == DirectoryImport.State.CHECKED:
            leave = leaves_hidden(request)
            result = check_import(by=user_of(request), run=run, leave_hidden=leave)
            context |= {
                "leave_hidden": leave,
                "may_leave_wrong": run.noun in SINGLE_ROWS,
                "counts": result.counts,
                "table": result.table,
                "unknown": [title for title in result.table.unknown if title not in COUNTING],
                "clean": result.is_clean,
                "errors": result.errors[:MOST_SHOWN],
                "errors_count": len(result.errors),
                "new_columns": self.columns_of(result),
                "new": [self.new_row(row, result) for row in result.with_outcome(Outcome.NEW)[:MOST_SHOWN]],
                "changed": [self.changed_row(row, result) for row in result.with_outcome(Outcome.CHANGED)[:MOST_SHOWN]],
                "to_write": result.counts[Outcome.NEW] + result.counts[Outcome.CHANGED],
                "errors_url": f"{self.address('import_errors', run.public_id)}{'?hidden=leave' if leave else ''}",
            }
        return render(request, "units/import.html", context)

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        by, run = user_of(request), self.run(request, public_id)
        if request.POST.get("act") == "drop":
            try:
                drop_import(by=by, run=run)
                messages.success(request, "已放弃，没有写入任何内容。")
            except Refused as refusal:
                messages.error(request, refusal.message)
            return redirect(self.address("imports"))
        if run.state != DirectoryImport.State.CHECKED:
            messages.error(request, f"这个文件{run.get_state_display()}，不能再次导入。需要时请重新上传。")
            return redirect(run)
        args = {"leave_hidden": leaves_hidden(request), "leave_wrong": request.POST.get("act") == "confirm_right"}
        return redirect(start_job("units.confirm_import", by=by, about=run, args=args, once=True))

    def columns_of(self, result: ImportResult) -> list[exports.Column]:
        """What new rows have: the columns of the file, and those that the check filled in."""
        filled = {name for row in result.with_outcome(Outcome.NEW) for name in row.values}
        return [column for column in SHEETS[DirectoryImport.Noun(self.noun)].columns if column.key in filled]

    def new_row(self, row: ImportRow, result: ImportResult) -> tuple[int, list[tuple[str, str]]]:
        cells = [(column.title, self.shown(column, row.values.get(column.key))) for column in self.columns_of(result)]
        return row.number, cells

    def changed_row(self, row: ImportRow, result: ImportResult) -> tuple[int, str, list[ShownChange]]:
        changes = [
            ShownChange(column.title, self.shown(column, row.before[column.key]), self.shown(column, value))
            for column in result.table.columns
            if column.key in row.before
            for value in [row.values.get(column.key)]
        ]
        return row.number, row.values["name"], changes

    def shown(self, column: exports.Column, value: Any) -> str:
        return str(column.choices.get(value, value or "") if column.choices else value or "")


class ImportErrors(Imports, View):
    """The file that was handed in, with a column that says what is wrong in each row."""

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        run = self.run(request, public_id)
        data = read_import(run)
        result = check_import(by=user_of(request), run=run, leave_hidden=leaves_hidden(request))
        marked = write_errors(data, result.errors, header_row=result.table.header_row, sheet=result.table.sheet)
        book = marked.startswith(b"PK")
        response = HttpResponse(marked, content_type=exports.XLSX if book else "text/csv; charset=utf-8")
        name = f"{run.file_name.rpartition('.')[0] or run.file_name}-问题{'.xlsx' if book else '.csv'}"
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return response
