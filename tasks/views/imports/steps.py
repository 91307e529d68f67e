"""The steps of an import: hand in, watch, look over, match the units, confirm."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Conflict, NotAllowed, Refused
from common.faults import is_partial
from common.filters import SearchFilter
from common.jobs import start_job
from common.lists import Column, ListPage
from common.models import Job
from common.numbers import whole_number
from tasks import preview
from tasks.forms.imports import UploadForm
from tasks.models import Campaign, PlanImport
from tasks.services import imports
from tasks.services.comparisons import Pair, compare_plan, word_differences
from tasks.services.drafts import plan_of
from units.models import User
from units.names import name_key

WAITED_FOR = 1500
"""More new assignments than this are written by a job, so that no page takes over two seconds."""

STEPS = (("read", "读取"), ("review", "核对"), ("units", "对应单位"), ("confirm", "确认"))


def check_imports(user: Any) -> User:
    """The user, who may import plans. Raises NotAllowed for everybody else."""
    if not user.reviews:
        raise NotAllowed("导入方案由应急管理局的工作人员办理，请联系他们。")
    return user


def get_import(request: HttpRequest, pk: int) -> PlanImport:
    """The import, when it lies in this user's region."""
    rows = PlanImport.objects.visible_to(check_imports(request.user)).select_related(
        "region", "created_by", "job", "source", "campaign", "revises"
    )
    found: PlanImport = get_object_or_404(rows, pk=pk)
    return found


def step_context(plan_import: PlanImport, step: str) -> dict[str, Any]:
    """What every page of one import shows: the row and where in the steps it stands."""
    at = [name for name, _ in STEPS].index(step)
    addresses = {
        "review": reverse("tasks:import", args=[plan_import.pk]),
        "units": reverse("tasks:import_units", args=[plan_import.pk]),
        "confirm": reverse("tasks:import_confirm", args=[plan_import.pk]),
    }
    steps = [
        {
            "label": label,
            "done": i < at,
            "current": i == at,
            "url": addresses.get(name, "") if i != at and at > 0 else "",
        }
        for i, (name, label) in enumerate(STEPS)
    ]
    return {"row": plan_import, "steps": steps}


# -- the list ----------------------------------------------------------------------------------------------------


class ImportFilter(django_filters.FilterSet):
    q = SearchFilter(label="搜索", fields=("name", "campaign__title"))
    state = django_filters.ChoiceFilter(label="状态", choices=PlanImport.State.choices, empty_label="全部")


class ImportList(ListPage):
    """Every import of the region, unfinished ones to go on with and finished ones to look up."""

    model = PlanImport
    title = "方案导入"
    lead = "没有完成的导入都保留在这里，随时可以接着做。"
    columns = (
        Column("name", "文件名", kind="title", link=True),
        Column("state", "状态", template="tasks/import_state_cell.html", cell="get_state_display"),
        Column("campaign", "行动", cell=lambda row: str(row.campaign or row.plan_title or ""), kind="wide"),
        Column("created_by", "导入人", cell="created_by.name"),
        Column("created_at", "导入时间", sort="created_at", kind="short"),
        Column("updated_at", "最近修改", sort="updated_at", kind="short"),
    )
    order = "-created_at"
    filterset_class = ImportFilter
    template_name = "tasks/import_list.html"
    empty_title = "还没有导入过方案"
    empty_words = "上传方案文件或粘贴全文，系统读出任务、责任单位和时限，核对后建立专项行动。"
    empty_label = "导入方案"

    @property
    def empty_url(self) -> str:  # type: ignore[override]
        return reverse("tasks:import_new")

    def get_queryset(self) -> QuerySet[PlanImport]:
        rows: QuerySet[PlanImport] = PlanImport.objects.visible_to(check_imports(self.request.user))
        rows = rows.annotate(plan_title=KT("draft__campaign__title")).select_related("created_by", "campaign")
        return rows.defer("document", "plan", "draft", "matches", "pasted")


# -- handing in --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Upload a file or paste the words; the very same source is recognised before it is read again."""
    user = check_imports(request.user)
    initial = {"revises": request.GET.get("revises")}
    form = UploadForm(request.POST or None, request.FILES or None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _receive(request, user, form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_refusal(refusal)
    status = 422 if form.is_bound else 200
    return render(request, "tasks/import_upload.html", {"form": form}, status=status)


def _receive(request: HttpRequest, user: User, given: dict[str, Any]) -> HttpResponse:
    file, pasted, region = given["file"], given["pasted"], given["region"]
    data = file.read() if file else None
    if given["revises"] is None:
        same = imports.same_import(by=user, region=region, sha256=imports.hash_of_source(data, pasted))
        if same is not None:
            return render(request, "tasks/import_known.html", {"row": same})
    row = imports.receive_plan(
        by=user,
        region=region,
        name=file.name if file else given["name"],
        data=data,
        pasted=pasted,
        revises=given["revises"],
    )
    return HttpResponseRedirect(row.get_absolute_url())


# -- one import --------------------------------------------------------------------------------------------------


@never_cache
@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an import stands: being read, failed, to be looked over, given up, or confirmed."""
    row = get_import(request, pk)
    if row.state == PlanImport.State.REVIEW:
        return _review(request, row)
    if row.state == PlanImport.State.READING:
        return render(request, "tasks/import_reading.html", step_context(row, "read") | _reading(row))
    return render(request, "tasks/import_closed.html", step_context(row, "read"))


@never_cache
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of the page of an import that is being read; it loads the page anew when that is over."""
    row = get_import(request, pk)
    response = render(request, "tasks/import_progress.html", {"row": row} | _reading(row))
    if row.state != PlanImport.State.READING:
        response["HX-Refresh"] = "true"
    return response


def _reading(row: PlanImport) -> dict[str, Any]:
    job = row.job
    return {
        "job": job,
        "stopped": row.state == PlanImport.State.READING and (job is None or job.state == Job.State.FAILED),
    }


@never_cache
@require_GET
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper itself: beside the tree, which fetches it, and as a page of its own."""
    row = get_import(request, pk)
    if row.state != PlanImport.State.REVIEW:
        return HttpResponseRedirect(row.get_absolute_url())
    context = {"row": row, "source": preview.source_parts(row.document["blocks"])}
    template = "tasks/import_source_parts.html" if is_partial(request) else "tasks/import_source.html"
    return render(request, template, context)


def _review(request: HttpRequest, row: PlanImport) -> HttpResponse:
    draft = row.draft
    since = whole_number(request.GET.get("since")) or 0
    after = since + preview.AT_ONCE
    tasks = {
        "row": row,
        "nodes": preview.tree(draft, row.plan, since, goes_on=is_partial(request)),
        "before": max(0, since - preview.AT_ONCE) if since and not is_partial(request) else None,
        "after": after if after < len(draft["tasks"]) else None,
        "until": min(after + preview.AT_ONCE, len(draft["tasks"])),
    }
    if is_partial(request):
        return render(request, "tasks/import_tree.html", tasks)
    context = (
        step_context(row, "review")
        | tasks
        | {
            "facts": preview.head_facts(draft),
            "outline": preview.outline(draft),
            "warnings": preview.shown_warnings(draft),
            "counts": preview.counts(draft),
            "source_warnings": row.document["warnings"],
            "roles": preview.ROLES,
            "revisable": revisable(request.user, row),
        }
    )
    return render(request, "tasks/import_review.html", context)


def revisable(user: Any, row: PlanImport) -> list[tuple[Campaign, bool]]:
    """The active campaigns of the region, each with whether this document looks like a revision of it."""
    from rapidfuzz import fuzz

    head = row.draft["campaign"]
    title, document_number = name_key(head.get("title") or ""), name_key(head.get("document_number") or "")
    campaigns = Campaign.objects.visible_to(user).filter(region=row.region, state=Campaign.State.ACTIVE)
    return [
        (
            campaign,
            bool(document_number and name_key(campaign.document_number) == document_number)
            or bool(title and fuzz.ratio(name_key(campaign.title), title) >= 88),
        )
        for campaign in campaigns[:200]
    ]


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Retry, read again, give up, take back."""
    row, user = get_import(request, pk), check_imports(request.user)
    action = request.POST.get("action", "")
    if action == "retry":
        imports.retry_import(by=user, plan_import=row)
    elif action == "reread":
        row = imports.reread_import(by=user, plan_import=row)
    elif action == "discard":
        imports.discard_import(by=user, plan_import=row, note=request.POST.get("note", ""))
        messages.success(request, f"已放弃“{row.name}”。需要时可在这里找回。")
        return HttpResponseRedirect(reverse("tasks:imports"))
    elif action == "resume":
        imports.resume_import(by=user, plan_import=row)
    elif action == "revises":
        chosen = whole_number(request.POST.get("campaign"))
        campaign = None if chosen is None else get_object_or_404(Campaign.objects.visible_to(user), pk=chosen)
        imports.choose_revised(by=user, plan_import=row, campaign=campaign)
    else:
        raise Refused("系统不认识这个操作，请刷新页面后再试。")
    return HttpResponseRedirect(row.get_absolute_url())


# -- confirming --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what would be written, then write it, at once or, where it is much, by a job."""
    row, user = get_import(request, pk), check_imports(request.user)
    if row.state == PlanImport.State.CONFIRMED and row.campaign:
        return HttpResponseRedirect(row.campaign.get_absolute_url())
    if row.state != PlanImport.State.REVIEW:
        return HttpResponseRedirect(row.get_absolute_url())
    assignments = imports.count_assignments(row)
    if request.method == "POST":
        return _confirmed(request, user, row, assignments)
    plan = plan_of(row.draft)
    names = imports.printed_names(row.draft)
    unmatched = [entry["name"] for key, entry in names.items() if key not in row.matches]
    skipped = [entry["name"] for key, entry in names.items() if (row.matches.get(key) or {}).get("skip")]
    context = step_context(row, "confirm") | {
        "counts": preview.counts(row.draft),
        "facts": preview.head_facts(row.draft),
        "assignments": assignments,
        "names": len(names),
        "unmatched": unmatched,
        "skipped": skipped,
        "skipped_count": len(skipped),
        "ready": bool((row.draft["campaign"].get("title") or "").strip() and plan["tasks"]),
        "running": Job.objects.unfinished()
        .filter(kind=imports.CONFIRM, object_id=str(row.pk))
        .select_related("by")
        .first(),
        "comparison": comparison(row.revises, plan) if row.revises else None,
    }
    return render(request, "tasks/import_confirm.html", context)


def _confirmed(request: HttpRequest, user: User, row: PlanImport, assignments: int) -> HttpResponse:
    version, learn = _number(request.POST.get("version")), bool(request.POST.get("learn"))
    if assignments > WAITED_FOR:
        if version != row.version:
            raise Conflict("草稿在您打开确认页之后又有改动。请看过最新的内容后再确认。")
        job = start_job(imports.CONFIRM, by=user, about=row, args={"version": version, "learn": learn}, once=True)
        return HttpResponseRedirect(job.get_absolute_url())
    campaign = imports.confirm_import(by=user, plan_import=row, version=version, learn=learn)
    if row.revises:
        messages.success(request, f"已按修订稿更新“{campaign.title}”。")
    else:
        messages.success(request, f"已建立“{campaign.title}”，各单位能看到任务了。要各单位按月报送的，请设“报送规则”。")
    return HttpResponseRedirect(campaign.get_absolute_url())


def _number(text: str | None) -> int:
    return whole_number(text) or 0


CHANGED_FIELDS = {
    "number": "序号",
    "title": "标题",
    "text": "内容",
    "path": "章节",
    "units": "责任单位",
    "deadlines": "时限",
    "recurrences": "周期",
}


def comparison(campaign: Campaign, plan: dict[str, Any]) -> dict[str, Any]:
    """What a revised paper changes, task by task, with the words that differ."""
    pairs = compare_plan(campaign, plan)
    return {
        "campaign": campaign,
        "added": [pair.new for pair in pairs if pair.kind == "added"],
        "removed": [pair.old for pair in pairs if pair.kind == "removed"],
        "changed": [_changed(pair) for pair in pairs if pair.kind == "changed"],
        "unchanged": sum(pair.kind == "unchanged" for pair in pairs),
    }


def _changed(pair: Pair) -> dict[str, Any]:
    assert pair.old is not None and pair.new is not None
    task, item = pair.old, pair.new
    section = task.section
    old_path: list[str] = []
    while section is not None:
        old_path.insert(0, section.title)
        section = section.parent
    words = {
        "number": (task.number, item.get("number") or ""),
        "title": (task.title, item.get("title") or ""),
        "text": (task.text, item.get("text") or ""),
        "path": (" / ".join(old_path), " / ".join(item.get("path") or [])),
        "units": (
            "、".join(r.printed_name for r in task.responsibilities.all() if not r.is_blanket),
            "、".join(unit["name"] for unit in item.get("units") or []),
        ),
        "deadlines": (
            "、".join(str(d) for d in task.deadlines.all() if d.assignment_id is None),
            "、".join(d.get("text") or d.get("date") or "" for d in item.get("deadlines") or []),
        ),
        "recurrences": (
            "、".join(str(r) for r in task.recurrences.all()),
            "、".join(preview.recurrence_words(r) for r in item.get("recurrences") or []),
        ),
    }
    fields = [(CHANGED_FIELDS[name], word_differences(*words[name])) for name in pair.changed]
    return {"task": task, "new": item, "fields": fields}
