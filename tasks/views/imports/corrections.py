"""Correcting the draft in place: each act answers with the lines of the tree that it changed."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Conflict, NotAllowed, Refused
from common.faults import is_partial
from common.numbers import whole_number
from tasks import preview
from tasks.forms.imports import HeadForm, TaskForm
from tasks.forms.outline import OutlineForm
from tasks.models import PlanImport
from tasks.services import drafts
from tasks.services.drafts import (
    AddTask,
    Change,
    DropTask,
    EditHead,
    EditOutline,
    EditTask,
    MergeTask,
    ResetTask,
    SettleWarning,
    SplitTask,
    UndropTask,
)
from tasks.services.imports import READ_FIRST, correct_draft
from tasks.views.imports.steps import check_imports, get_import

NEW = {
    "key": "new", "number": "", "title": "", "text": "", "path": [], "units": [], "deadlines": [], "recurrences": [],
}  # fmt: skip


def draft_import(request: HttpRequest, pk: int) -> PlanImport:
    """An import that has a draft to correct. Raises Conflict for one that is still being read."""
    row = get_import(request, pk)
    if not row.draft:
        raise Conflict(READ_FIRST)
    return row


def _line(row: PlanImport, key: str) -> preview.ShownTask:
    draft = row.draft
    parents = {str(task["parent"]) for task in drafts.living_tasks(draft) if task.get("parent")}
    return preview.shown_task(drafts.task_at(draft, key), row.plan, parents, preview.warned_keys(draft))


def _lines(request: HttpRequest, row: PlanImport, keys: list[str], gone: list[str] | None = None) -> HttpResponse:
    """The changed lines, and the counts above the tree."""
    context = {
        "row": row,
        "roles": preview.ROLES,
        "lines": [_line(row, key) for key in keys],
        "others": [_line(row, key) for key in gone or []],
        "counts": preview.counts(row.draft),
    }
    return render(request, "tasks/import_lines.html", context)


def line_address(row: PlanImport, key: str = "") -> str:
    """Where a task stands in the tree: the page that begins with the right portion, and the line on it."""
    place = next((index for index, task in enumerate(row.draft["tasks"]) if task["key"] == key), None)
    if place is None:
        return row.get_absolute_url()
    since = place - place % preview.AT_ONCE
    return f"{row.get_absolute_url()}{f'?since={since}' if since else ''}#task-{key}"


def _back(row: PlanImport, key: str = "") -> HttpResponse:
    return HttpResponseRedirect(line_address(row, key))


@never_cache
@require_http_methods(["GET", "POST"])
def head(request: HttpRequest, pk: int) -> HttpResponse:
    """The campaign's own fields, as a form in place of the facts."""
    row, user = draft_import(request, pk), check_imports(request.user)
    values = {name: row.draft["campaign"].get(name) for name in drafts.HEAD_FIELDS}
    form = HeadForm(request.POST or None, initial=values | {"version": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            row = correct_draft(
                by=user, plan_import=row, version=form.cleaned_data["version"], change=EditHead(form.values())
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            if is_partial(request):
                return render(request, "tasks/import_head.html", {"row": row, "facts": preview.head_facts(row.draft)})
            return _back(row)
    return _form(request, "import_head_form", row, {"form": form}, "修改行动信息", bound=form.is_bound)


@never_cache
@require_http_methods(["GET", "POST"])
def outline(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """The stages, goals or reporting duties, as rows in place of their lines."""
    row, user = draft_import(request, pk), check_imports(request.user)
    if part not in drafts.OUTLINE:
        raise Http404
    shown = preview.outline_part(row.draft, part)
    if is_partial(request) and request.GET.get("lines"):
        return render(request, "tasks/import_outline.html", {"row": row, "part": shown})
    form = OutlineForm(part, row.draft.get(part) or [], row.version, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change = EditOutline(part, form.values())
        try:
            row = correct_draft(by=user, plan_import=row, version=_whole(request, "version"), change=change)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.non_field_errors.append(str(refusal))
        else:
            if not is_partial(request):
                return HttpResponseRedirect(f"{row.get_absolute_url()}#part-{part}")
            context = {"row": row, "part": preview.outline_part(row.draft, part), "open": True}
            return render(request, "tasks/import_outline.html", context)
    context = {"form": form, "part": shown}
    return _form(request, "import_outline_form", row, context, f"修改{shown.title}", bound=form.is_bound)


@never_cache
@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One task of the draft, as a form in place of its line."""
    row, user = draft_import(request, pk), check_imports(request.user)
    if is_partial(request) and request.GET.get("line"):
        return _lines(request, row, [key])
    item = drafts.task_at(row.draft, key)
    form = TaskForm(request.POST or None, task=item, version=row.version)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            row = correct_draft(by=user, plan_import=row, version=version, change=EditTask(key, form.values()))
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            return _lines(request, row, [key]) if is_partial(request) else _back(row, key)
    following = drafts.next_task(row.draft, key)
    context = {
        "form": form,
        "item": item,
        "key": key,
        "line_address": line_address(row, key),
        "at": preview.places([*item["spans"]["title"], *item["spans"]["text"], *item["spans"]["responsibility_text"]]),
        "following": drafts.name_of(following) if following else "",
        "cuts": cuts(item["text"]) if not item.get("children") else [],
    }
    return _form(request, "import_task_form", row, context, "修改任务", bound=form.is_bound)


def cuts(text: str) -> list[tuple[int | str, str]]:
    """Where a text may be cut: after each sentence, with the words on both sides; of one sentence, at the caret."""
    ends = [match.end() for match in re.finditer(r"[。；;\n]+", text) if match.end() < len(text)]
    if not ends:
        return [("", "先把光标放到要拆开的地方")] if len(text) > 1 else []
    return [(at, f"…{text[max(0, at - 9) : at].strip()} ｜ {text[at : at + 9].strip()}…") for at in ends]


@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A task that the reader did not find, written by hand after another one."""
    row, user = draft_import(request, pk), check_imports(request.user)
    after = request.POST.get("after") or request.GET.get("after") or None
    before = drafts.task_at(row.draft, after) if after else None
    item = NEW | {"path": before["path"] if before else [], "units": []}
    form = TaskForm(request.POST or None, task=item, version=row.version)
    if request.method == "POST" and form.is_valid():
        change = AddTask(after, form.values())
        try:
            row = correct_draft(by=user, plan_import=row, version=form.cleaned_data["version"], change=change)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            return _back(row, change.key_in(row.draft))
    context = {"form": form, "item": item, "key": "new", "after": after, "before": before and drafts.name_of(before)}
    context |= {"row": row, "title": "添加任务", "line_address": line_address(row, after or "")}
    return render(request, "tasks/import_task_page.html", context, status=422 if form.is_bound else 200)


def _form(
    request: HttpRequest, name: str, row: PlanImport, context: dict[str, Any], title: str, *, bound: bool
) -> HttpResponse:
    partial = is_partial(request)
    template = f"tasks/{name}.html" if partial else "tasks/import_task_page.html"
    context |= {"row": row, "title": title, "partial": f"tasks/{name}.html", "htmx": partial}
    return render(request, template, context, status=422 if bound else 200)


ACTS: dict[str, type[Change]] = {
    "merge": MergeTask, "drop": DropTask, "undrop": UndropTask, "reset": ResetTask, "split": SplitTask,
}  # fmt: skip


@require_POST
def act_on_task(request: HttpRequest, pk: int, key: str, action: str) -> HttpResponse:
    """Merge with the next, split, strike out, take back, or put back what was read."""
    row, user = draft_import(request, pk), check_imports(request.user)
    if action not in ACTS:
        raise Refused("系统不认识这个操作，请刷新页面后再试。")
    drafts.task_at(row.draft, key)
    change: Change = ACTS[action](key, **({"at": _whole(request, "at", or_else=0)} if action == "split" else {}))  # type: ignore[call-arg]
    touched = [part for part in change.parts(row.draft) if part != key]
    known = {task["key"] for task in row.draft["tasks"]}
    row = correct_draft(by=user, plan_import=row, version=_whole(request, "version"), change=change)
    if not is_partial(request):
        return _back(row, key)
    new = [task["key"] for task in row.draft["tasks"] if task["key"] not in known]
    family = [t["key"] for t in row.draft["tasks"] if str(t.get("parent")) == str(drafts.task_at(row.draft, key)["id"])]
    return _lines(request, row, [key, *new], touched + (family if action in ("drop", "undrop") else []))


@require_POST
def settle(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Mark a warning as looked at, or open it again."""
    row, user = draft_import(request, pk), check_imports(request.user)
    change = SettleWarning(number, request.POST.get("settled") != "0")
    row = correct_draft(by=user, plan_import=row, version=row.version, change=change)
    if is_partial(request):
        context = {"row": row, "warnings": preview.shown_warnings(row.draft), "counts": preview.counts(row.draft)}
        return render(request, "tasks/import_warnings.html", context)
    messages.success(request, "已记下。")
    return HttpResponseRedirect(reverse("tasks:import", args=[row.pk]) + "#warnings")


def _whole(request: HttpRequest, name: str, or_else: int | None = None) -> int:
    value = request.POST.get(name, "")
    if not value and or_else is not None:
        return or_else
    number = whole_number(value)
    if number is None:
        raise Refused("请求里缺少内容，请刷新页面后再试。")
    return number
