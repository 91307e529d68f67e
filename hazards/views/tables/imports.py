"""Registers that come in as spreadsheets: hand in, map the columns, see what would happen, confirm."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.generic import View

from common.errors import NotAllowed, Refused
from common.evidence import evidence_path
from common.forms import FormPage
from common.jobs import start_job
from common.spreadsheets import XLSX
from hazards.exports.register import make_book
from hazards.forms.tables import MappingForm, RegisterUploadForm
from hazards.imports.columns import COLUMNS
from hazards.imports.given import CHOICES, HIDDEN, SEVERAL
from hazards.models import RegisterImport
from hazards.services import imports
from units.models import Unit, User
from units.requests import user_of

MOST_BYTES_AT_ONCE = 400_000
"""A larger file (some four thousand rows) is checked by a job; a smaller one while the page waits."""
MOST_ROWS_AT_ONCE = 2_000
MOST_CHOICES = 300
"""Mines offered for a name that nobody knows; a province's clerk writes the others out in the file."""


class Imports:
    """Every page of an import: for those who may import, about their own unit's files."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        imports.check_may_import(user_of(request))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def run_of(request: HttpRequest, public_id: uuid.UUID) -> RegisterImport:
    rows = RegisterImport.objects.visible_to(user_of(request)).select_related("by")
    found: RegisterImport = get_object_or_404(rows, public_id=public_id)
    return found


class ImportStart(Imports, FormPage):
    form_class = RegisterUploadForm
    template_name = "hazards/import_start.html"
    submit = "上传"

    def get_success_url(self) -> str:
        return reverse("hazards:problems")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = RegisterImport.objects.visible_to(user_of(self.request)).select_related("by")[:10]
        return super().get_context_data(**kwargs) | {"runs": runs, "columns": COLUMNS}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            run = imports.start_import(by=user_of(self.request), file=form.cleaned_data["file"])
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error("file", refusal.message)
            return self.form_invalid(form)
        return redirect(run)


class ImportPage(Imports, View):
    """First the mapping, then the preview, at last the receipt."""

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        run = run_of(request, public_id)
        if run.state == RegisterImport.State.UPLOADED or "mapping" in request.GET:
            return self.show_mapping(request, run, MappingForm(run=run))
        context = {
            "run": run,
            **shown(run),
            "names": unknown_names(user_of(request), run),
            "may_learn": user_of(request).reviews,
        }
        return render(request, "hazards/import.html", context)

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        by, run, act = user_of(request), run_of(request, public_id), request.POST.get("act", "")
        if act == "drop":
            imports.drop_import(by=by, run=run)
            messages.success(request, "已放弃，没有写入任何内容。")
            return redirect("hazards:imports")
        if act == "confirm":
            counts = run.preview.get("counts", {})
            if counts.get("new", 0) + counts.get("changed", 0) > MOST_ROWS_AT_ONCE or self.is_large(run):
                return redirect(start_job(imports.CONFIRM, by=by, about=run, once=True))
            imports.confirm_import(by=by, run=run)
            messages.success(request, "已写入隐患台账。")
            return redirect(run)
        if act == "names":
            return self.name_mines(request, run)
        if act in CHOICES:
            run = imports.choose_rows(by=by, run=run, choice=act, value=request.POST.get("value", ""))
            return self.check_again(by, run)
        form = MappingForm(request.POST, run=run)
        if not form.is_valid():
            return self.show_mapping(request, run, form)
        try:
            run = imports.map_import(
                by=by, run=run, mapping=form.mapping, closed_rows=form.cleaned_data["closed_rows"], given=form.given
            )
            if self.is_large(run):
                return redirect(start_job(imports.CHECK, by=by, about=run, once=True))
            imports.check_import(by=by, run=run)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_refusal(refusal)
            return self.show_mapping(request, run, form)
        return redirect(run)

    def name_mines(self, request: HttpRequest, run: RegisterImport) -> HttpResponse:
        """Take what somebody said about names that nobody knows, and check again."""
        by, names = user_of(request), {}
        for place, one in enumerate(run.preview.get("names", ())):
            chosen = request.POST.get(f"name{place}", "")
            if chosen.isdecimal():
                names[one["name"]] = int(chosen)
        run = imports.name_mines(by=by, run=run, names=names, learn="learn" in request.POST)
        return self.check_again(by, run)

    def check_again(self, by: User, run: RegisterImport) -> HttpResponse:
        if self.is_large(run):
            return redirect(start_job(imports.CHECK, by=by, about=run, once=True))
        imports.check_import(by=by, run=run)
        return redirect(run)

    def is_large(self, run: RegisterImport) -> bool:
        return evidence_path(run.sha256).stat().st_size > MOST_BYTES_AT_ONCE

    def show_mapping(self, request: HttpRequest, run: RegisterImport, form: MappingForm) -> HttpResponse:
        if run.state not in (RegisterImport.State.UPLOADED, RegisterImport.State.CHECKED):
            return redirect(run)
        status = 422 if form.is_bound else 200
        return render(request, "hazards/import_mapping.html", {"run": run, "form": form}, status=status)


def unknown_names(by: User, run: RegisterImport) -> list[dict[str, Any]]:
    """The names that a person may settle, each with the mines to choose from, the near ones first."""
    asked = run.preview.get("names", ()) if run.state == RegisterImport.State.CHECKED else ()
    if not asked:
        return []
    mines = Unit.objects.visible_to(by).filter(kind=Unit.Kind.MINE, is_active=True).order_by("sort_key", "pk")
    labels = dict(mines.values_list("pk", "name")[:MOST_CHOICES])
    labels |= dict(mines.filter(pk__in={key for one in asked for key in one["near"]}).values_list("pk", "name"))
    return [
        one | {"choices": [(key, labels[key]) for key in dict.fromkeys([*one["near"], *labels]) if key in labels]}
        for one in asked
    ]


def shown(run: RegisterImport) -> dict[str, Any]:
    """The preview as the page prints it: new rows under the columns that hold something."""
    preview = run.preview
    counts = preview.get("counts", {})
    # What the check filled in besides, such as the source, is shown like what the file has.
    keys = {
        *run.mapping.values(),
        *(key for row in preview.get("new", ()) for key, text in row["values"].items() if text),
    }
    aside = ("progress", "state", "result", "closed_on", "number")
    columns = [column for column in COLUMNS if column.key in keys and column.key not in aside]
    new = [
        (row["row"], [(column.title, row["values"].get(column.key, "")) for column in columns])
        for row in preview.get("new", ())
    ]
    return {
        "counts": counts,
        "to_write": counts.get("new", 0) + counts.get("changed", 0),
        "errors": preview.get("errors", ()),
        "errors_count": preview.get("errors_count", 0),
        "columns": columns,
        "hidden": preview.get(HIDDEN),
        "left_hidden": run.given.get(HIDDEN),
        "several": preview.get(SEVERAL),
        "apart": run.given.get(SEVERAL),
        "new": new,
        "changed": preview.get("changed", ()),
        "most": imports.MOST_SHOWN,
    }


@require_safe
def marked(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The wrong rows as they stood in the file, with what is wrong beside each."""
    imports.check_may_import(user_of(request))
    run = run_of(request, public_id)
    if not run.marked_sha256:
        raise Http404
    stem = run.file_name.rpartition(".")[0] or run.file_name
    return FileResponse(
        evidence_path(run.marked_sha256).open("rb"),
        as_attachment=True,
        filename=f"{stem}-有误的行.xlsx",
        content_type=XLSX,
    )


@require_safe
def template(request: HttpRequest) -> HttpResponseBase:
    """An empty register to fill in."""
    imports.check_may_import(user_of(request))
    book = make_book("full", [])
    return FileResponse(book, as_attachment=True, filename="隐患台账导入模板.xlsx", content_type=XLSX)
