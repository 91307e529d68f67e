"""Pages of what units owe: the list, one assignment on the phone of whoever reports on it, requests for later days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST

from common.acts import after_act
from common.errors import Refused
from common.forms import FormPage
from common.history import history_of
from common.lists import BulkAction, Column, ListPage
from common.models import Evidence
from common.navigation import back_address
from common.templatetags.page import due, status
from tasks.filters import AssignmentFilter, DueItemFilter, ExtensionFilter
from tasks.forms.assignments import DeadlineForm, ExtensionForm, ProgressForm
from tasks.models import Assignment, DeadlineExtension, DueItem, ProgressEntry
from tasks.services.assignments import check_may_report, move_assignment, report_progress
from tasks.services.due_items import check_may_set_deadline, move_due_item, set_own_deadline
from tasks.services.extensions import check_may_ask, decide_extension, request_extension
from units.requests import user_of

HISTORY_LINES = 30
ENTRIES = 50


MANY = 500
"""Rows that one press may decide on; more are taken by pressing again."""


def accept_many(rows: QuerySet[Any], by: Any, accept: Callable[[Any], object]) -> str:
    """Accept each row by itself, so that one that may not be accepted does not hold up the others; say what happened."""
    accepted, refused = 0, ""
    for row in rows[:MANY]:
        try:
            accept(row)
            accepted += 1
        except Refused as refusal:
            refused = refused or f"有的没有通过：{refusal.message}"
    if not accepted:
        raise Refused(refused or "没有可以审核的事项。")
    return f"审核通过{accepted}项。{refused}"


def accept_items(rows: QuerySet[Any], by: Any, data: dict[str, Any]) -> str:
    waiting = rows.filter(state=DueItem.State.REPORTED)
    return accept_many(waiting, by, lambda item: move_due_item(by=by, item=item, action="accept"))


def accept_assignments(rows: QuerySet[Any], by: Any, data: dict[str, Any]) -> str:
    waiting = rows.filter(state=Assignment.State.SUBMITTED)
    return accept_many(waiting, by, lambda owed: move_assignment(by=by, assignment=owed, action="accept"))


class AssignmentList(ListPage):
    """Everything that the units in reach owe."""

    model = Assignment
    title = "责任事项"
    template_name = "tasks/assignment_list.html"
    filterset_class = AssignmentFilter
    bar = ("q", "state", "within", "overdue")
    order = "due"
    columns = (
        Column("task", "任务", cell=lambda row: row.task.heading, kind="title", link=True),
        Column("unit", "单位", cell="unit.name", sort="unit__sort_key"),
        Column("role", "职责", cell=lambda row: row.get_role_display(), kind="short"),
        Column(
            "due",
            "应完成日期",
            cell=lambda row: due(row.due_on, done=row.state in ("done", "submitted")),
            export="due_on",
            sort="due_on",
            nulls_last=True,
            kind="short",
        ),
        Column("percent", "进度", cell=lambda row: f"{row.percent}%", export="percent", align="end", sort="percent"),
        Column(
            "state",
            "状态",
            template="tasks/cells/state.html",
            cell=lambda row: row.get_state_display(),
            kind="short",
            sort="state",
        ),
        Column("summary", "主要进展及完成情况", cell=lambda row: row.summary[:60], export="summary"),
        Column("campaign", "专项行动", cell=lambda row: row.campaign.title),
    )
    bulk_actions = (
        BulkAction(
            "accept",
            "审核通过",
            accept_assignments,
            visible=lambda user: user.reviews,
            confirm="确定所选事项都审核通过吗？",
        ),
    )
    empty_title = "没有责任事项"
    empty_words = "专项行动建立以后，各单位承担的任务会出现在这里。"

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = super().get_queryset()
        return rows.in_force()


class DueItemList(ListPage):
    """Every dated item of the assignments in reach; the bureau accepts many at once here."""

    model = DueItem
    title = "到期事项"
    filterset_class = DueItemFilter
    order = "due"
    columns = (
        Column("task", "任务", cell=lambda row: row.assignment.task.heading, kind="title", link=True),
        Column("item", "事项", cell=lambda row: " ".join(filter(None, (row.period, row.label))) or "整个任务"),
        Column("unit", "单位", cell="assignment.unit.name"),
        Column(
            "due",
            "应完成日期",
            cell=lambda row: due(row.due_on, done=row.state not in DueItem.PENDING),
            export="due_on",
            sort="due_on",
            kind="short",
        ),
        Column(
            "state", "状态", cell=lambda row: status(row.state, row.get_state_display()), kind="short", sort="state"
        ),
    )
    bulk_actions = (
        BulkAction(
            "accept", "审核通过", accept_items, visible=lambda user: user.reviews, confirm="确定所选各项都审核通过吗？"
        ),
    )
    empty_title = "没有到期事项"

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = super().get_queryset()
        return rows.in_force()

    def row_url(self, row: DueItem) -> str:
        return row.assignment.get_absolute_url()


class AssignmentPage(FormPage):
    """One unit's part in one task: what is due, what may be done now, what was reported; the form reports progress."""

    form_class = ProgressForm
    template_name = "tasks/assignment.html"
    submit = "保存进展"

    @cached_property
    def assignment(self) -> Assignment:
        rows = (
            Assignment.objects.visible_to(user_of(self.request))
            .for_list()
            .select_related("task__parent", "submitted_by")
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_report(user_of(request), self.assignment)
        return super().post(request, *args, **kwargs)

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.assignment.task.heading

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"assignment": self.assignment}

    def get_success_url(self) -> str:
        return self.assignment.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        owed = self.assignment
        relations = owed.relations_of(user_of(self.request))
        items = list(
            owed.due_items.select_related("recurrence").prefetch_related(
                "extensions__requested_by", "extensions__decided_by"
            )
        )
        for item in items:
            item.assignment = owed
        events = list(history_of(owed)[:HISTORY_LINES])
        returned = next((event.note for event in events if event.verb == "assignment.return"), "")
        reportable = owed.state not in (Assignment.State.SUBMITTED, Assignment.State.DONE)
        return super().get_context_data(**kwargs) | {
            "assignment": owed,
            "task": owed.task,
            "campaign": owed.campaign,
            "pending_items": [item for item in items if item.state != DueItem.State.ACCEPTED],
            "settled_items": [item for item in items if item.state == DueItem.State.ACCEPTED],
            "entries": entries_of(owed),
            "may_report": "unit" in relations and reportable,
            "may_set_deadline": "reviewer" in relations and reportable,
            "returned_why": returned if owed.state == Assignment.State.RETURNED else "",
            "events": events,
        }

    def perform(self, form: ProgressForm) -> str:
        report_progress(
            by=user_of(self.request),
            assignment=self.assignment,
            percent=form.cleaned_data["percent"],
            text=form.cleaned_data["text"],
            files=form.cleaned_data["evidence"],
            due_item=form.cleaned_data.get("due_item"),
        )
        if form.cleaned_data["percent"] < 100:
            return "进展已保存。"
        # Nobody else learns of it before it is handed in, and that is done on this page.
        self.stays = True
        return "进展已保存，还没有报审。已经完成的，请接着在本页提交审核。"


def entries_of(assignment: Assignment) -> list[Any]:
    """The latest progress entries, each with its files as `files` (two queries)."""
    entries: list[Any] = list(assignment.progress.select_related("created_by", "due_item")[:ENTRIES])
    content_type = ContentType.objects.get_for_model(ProgressEntry)
    keys = [str(entry.pk) for entry in entries]
    files: dict[str, list[Evidence]] = {}
    for evidence in Evidence.objects.filter(content_type=content_type, object_id__in=keys).order_by("id"):
        files.setdefault(evidence.object_id, []).append(evidence)
    for entry in entries:
        entry.files = files.get(str(entry.pk), [])
    return entries


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    owed = get_object_or_404(Assignment.objects.visible_to(user_of(request)).for_list(), pk=pk)
    move_assignment(
        by=user_of(request), assignment=owed, action=request.POST.get("act", ""), note=request.POST.get("note", "")
    )
    messages.success(request, f"“{owed.task.heading}”已转为“{owed.get_state_display()}”。")
    return after_act(request, owed)


@require_POST
def move_item(request: HttpRequest, pk: int) -> HttpResponse:
    items = DueItem.objects.visible_to(user_of(request)).select_related(
        "assignment__task", "assignment__unit", "assignment__campaign"
    )
    item = get_object_or_404(items, pk=pk)
    move_due_item(by=user_of(request), item=item, action=request.POST.get("act", ""), note=request.POST.get("note", ""))
    messages.success(
        request, f"“{item.period or item.label or item.assignment.task.heading}”已转为“{item.get_state_display()}”。"
    )
    return after_act(request, item, item.assignment.get_absolute_url())


class DeadlinePage(FormPage):
    """A day of its own for one unit."""

    form_class = DeadlineForm
    title = "单独规定期限"

    @cached_property
    def assignment(self) -> Assignment:
        rows = Assignment.objects.visible_to(user_of(self.request)).for_list()
        owed: Assignment = get_object_or_404(rows, pk=self.kwargs["pk"])
        check_may_set_deadline(user_of(self.request), owed)
        return owed

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "lead": f"{self.assignment.unit.name}：{self.assignment.task.heading}"
        }

    def get_success_url(self) -> str:
        return self.assignment.get_absolute_url()

    def perform(self, form: DeadlineForm) -> str:
        item = set_own_deadline(by=user_of(self.request), assignment=self.assignment, **form.cleaned_data)
        return f"已规定期限：{item.due_on:%Y年%m月%d日}。"


class ExtensionPage(FormPage):
    """Ask for a later day."""

    form_class = ExtensionForm
    title = "申请延期"
    submit = "提交申请"

    @cached_property
    def item(self) -> DueItem:
        items = DueItem.objects.visible_to(user_of(self.request)).select_related(
            "assignment__task", "assignment__unit", "assignment__campaign"
        )
        item: DueItem = get_object_or_404(items, pk=self.kwargs["pk"])
        check_may_ask(user_of(self.request), item)
        return item

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = f"{self.item.assignment.task.heading}（{self.item}），现在的期限是{self.item.due_on:%Y年%m月%d日}。申请由应急管理局另一名工作人员审批。"
        return super().get_context_data(**kwargs) | {"lead": words}

    def get_success_url(self) -> str:
        return self.item.assignment.get_absolute_url()

    def perform(self, form: ExtensionForm) -> str:
        request_extension(by=user_of(self.request), item=self.item, **form.cleaned_data)
        return "延期申请已提交，等待审批。"


class ExtensionList(ListPage):
    """Requests for later days, with what came of them."""

    model = DeadlineExtension
    title = "延期申请"
    filterset_class = ExtensionFilter
    columns = (
        Column("task", "事项", cell=lambda row: row.due_item.assignment.task.heading, kind="title", link=True),
        Column("unit", "单位", cell="due_item.assignment.unit.name"),
        Column("old", "原期限", cell="old_due_on", kind="short", sort="old_due_on"),
        Column("new", "申请延至", cell="new_due_on", kind="short", sort="new_due_on"),
        Column("reason", "理由", kind="wide"),
        Column("by", "申请人", cell="requested_by.name", kind="short"),
        Column(
            "state", "状态", cell=lambda row: status(row.state, row.get_state_display()), kind="short", sort="state"
        ),
        Column("acts", "办理", template="tasks/cells/extension_acts.html", in_export=False),
    )
    empty_title = "没有延期申请"

    def row_url(self, row: DeadlineExtension) -> str:
        return row.due_item.assignment.get_absolute_url()

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("due_item__assignment__campaign")


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    extension = get_object_or_404(DeadlineExtension.objects.visible_to(user_of(request)).for_list(), pk=pk)
    decide_extension(
        by=user_of(request), extension=extension, action=request.POST.get("act", ""), note=request.POST.get("note", "")
    )
    messages.success(request, f"延期申请：{extension.get_state_display()}。")
    return HttpResponseRedirect(back_address(request, extension.due_item.assignment.get_absolute_url()))
