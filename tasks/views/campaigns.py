"""Pages of campaigns and of what they print: the ledger in its five columns, one task, one target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_GET, require_POST

from common.charts import Stretch, Timeline, draw_timeline
from common.errors import NotAllowed
from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from common.navigation import back_address
from common.templatetags.page import status
from common.transitions import advance
from tasks.filters import TaskFilter
from tasks.forms.campaigns import MatchForm, ReadingForm
from tasks.models import Assignment, Campaign, Responsibility, Target, TargetReading, Task
from tasks.querysets import OPEN_STATES
from tasks.services.campaigns import match_responsibility
from tasks.services.targets import check_may_record, record_reading
from tasks.views import papers
from units.matching import match_names
from units.requests import user_of

HISTORY_LINES = 30


def timeline_of(campaign: Campaign) -> Timeline:
    """The stages on a line, from the campaign's own first to its last day."""
    stretches = []
    for stage in campaign.stages.all():
        starts, ends = stage.start or campaign.start or stage.end, stage.end or campaign.end or stage.start
        if starts and ends and starts <= ends:
            stretches.append(Stretch(stage.name, starts, ends))
    return draw_timeline(stretches, today=timezone.localdate())


class CampaignList(ListPage):
    model = Campaign
    title = "专项行动"
    columns = (
        Column("title", "名称", kind="title", link=True, sort="title"),
        Column("document_number", "文号", sort="document_number"),
        Column(
            "period", "期间", cell=lambda row: " 至 ".join(filter(None, (iso(row.start), iso(row.end)))), kind="short"
        ),
        Column("stage", "当前阶段", cell=lambda row: row.stage_today),
        Column("owed", "责任事项", cell=lambda row: row.tally["total"], align="end"),
        Column("done", "已完成", cell=lambda row: row.tally["done"], align="end"),
        Column("waiting", "待审核", cell=lambda row: row.tally["waiting"], align="end"),
        Column("late", "逾期", template="tasks/cells/late.html", cell=lambda row: row.tally["late"], align="end"),
        Column(
            "state",
            "状态",
            cell=lambda row: status(f"campaign.{row.state}", row.get_state_display()),
            kind="short",
            sort="state",
        ),
    )
    template_name = "tasks/campaign_list.html"
    empty_title = "还没有专项行动"
    empty_words = "由应急管理局工作人员导入方案文件后，行动和各单位的任务会出现在这里。"

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset().prefetch_related("stages")
        return rows.order_by("state", "-start", "-pk")

    @cached_property
    def rows(self) -> list[Any]:
        """The campaigns of the page with how their assignments stand, counted in one query."""
        today = timezone.localdate()
        rows = super().rows
        late = Q(due_on__lt=today, state__in=OPEN_STATES)
        owed = Assignment.objects.visible_to(user_of(self.request)).filter(campaign__in=rows, withdrawn_on__isnull=True)
        tallies = {
            tally["campaign"]: tally
            for tally in owed.order_by()
            .values("campaign")
            .annotate(
                total=Count("pk"),
                done=Count("pk", Q(state="done")),
                waiting=Count("pk", Q(state="submitted")),
                late=Count("pk", late),
            )
        }
        none = {"total": 0, "done": 0, "waiting": 0, "late": 0}
        for row in rows:
            row.tally = tallies.get(row.pk, none)
            row.stage_today = next(
                (
                    s.name
                    for s in row.stages.all()
                    if (s.start is None or s.start <= today) and s.end and today <= s.end
                ),
                "",
            )
        return rows

    def _rows_for_export(self) -> list[Any]:
        return self.rows

    def extra_context(self) -> dict[str, Any]:
        return {"may_import": user_of(self.request).reviews}


def iso(day: Any) -> str:
    return day.isoformat() if day else ""


class CampaignPage(ListPage):
    """One campaign: its head, stages and goals, and its tasks in the five columns of the official form."""

    model = Task
    template_name = "tasks/campaign.html"
    filterset_class = TaskFilter
    bar = ("q", "section", "unit", "state", "overdue")
    order = "ref"
    columns = (
        Column("ref", "序号", kind="short", sort="position"),
        Column("task", "任务", template="tasks/cells/task.html", cell=lambda row: row.printed, kind="title"),
        Column("units", "责任部门", template="tasks/cells/units.html", cell=lambda row: row.printed_units),
        Column("deadlines", "完成时限", template="tasks/cells/deadlines.html", cell="deadline_text"),
        Column(
            "progress",
            "主要进展及完成情况",
            template="tasks/cells/progress.html",
            cell=lambda row: progress_in_words(row),
            kind="wide",
        ),
    )
    empty_title = "这个行动还没有任务"

    @cached_property
    def campaign(self) -> Campaign:
        return get_object_or_404(Campaign.objects.visible_to(user_of(self.request)), pk=self.kwargs["pk"])

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.campaign.title

    @cached_property
    def owed(self) -> Any:
        """The assignments of the campaign that this user sees."""
        return Assignment.objects.visible_to(user_of(self.request)).filter(
            campaign=self.campaign, withdrawn_on__isnull=True
        )

    def get_queryset(self) -> QuerySet[Any]:
        tasks = Task.objects.filter(campaign=self.campaign, is_parent=False).in_force().for_list()
        shown = self.owed.select_related("unit").order_by("pk")
        rows: QuerySet[Any] = tasks.prefetch_related(Prefetch("assignments", shown, to_attr="owed"))
        return rows

    def get_filterset_kwargs(self) -> dict[str, Any]:
        return {"campaign": self.campaign}

    def group_of(self, row: Task) -> str:
        return row.section.title if row.section else ""

    def export(self, form: str) -> HttpResponseBase:
        """A paper of the ledger for the tasks that match the filter, or the plain table."""
        return papers.answer(self, form) if form in dict(self.get_papers()) else super().export(form)

    def get_papers(self) -> Sequence[tuple[str, str]]:
        return papers.papers_for(user_of(self.request), self.campaign)

    def extra_context(self) -> dict[str, Any]:
        counts = self.owed.counts()
        return {
            "campaign": self.campaign,
            "timeline": timeline_of(self.campaign),
            "targets": targets_of(self.campaign),
            "counts": counts,
            "to_finish": counts["total"] - counts["ongoing"],
            "may_hand_in": papers.may_hand_in(user_of(self.request), self.campaign),
        }


def progress_in_words(task: Any) -> str:
    """The fifth column of the form as text: each visible unit's words, or its state where it said nothing yet."""
    lines = []
    for owed in task.owed:
        words = owed.summary or owed.get_state_display()
        lines.append(
            f"{owed.unit}：{words}（{owed.percent}%）" if len(task.owed) > 1 else f"{words}（{owed.percent}%）"
        )
    return "\n".join(lines)


def targets_of(campaign: Campaign) -> list[Any]:
    """The campaign's own targets, each with its latest reading as `latest` and the way to go in words (one query)."""
    newest = TargetReading.objects.filter(target=OuterRef("pk")).order_by("-on", "-pk")
    fields = ("on", "value", "is_met")
    latest = {f"latest_{name}": Subquery(newest.values(name)[:1]) for name in fields}
    targets: list[Any] = list(campaign.targets.filter(task__isnull=True).annotate(**latest))
    for target in targets:
        read = {name: getattr(target, f"latest_{name}") for name in fields}
        target.latest = TargetReading(target=target, **read) if target.latest_on else None
        target.distance = distance(target, target.latest)
    return targets


def distance(target: Target, reading: TargetReading | None) -> str:
    """How far a reading is from its target, in words."""
    if reading is None:
        return "还没有读数"
    if reading.is_met:
        return "已达到"
    if target.value is None or reading.value is None:
        return "未达到"
    gap = abs(target.value - reading.value).normalize()
    return f"还差{gap:f}{target.unit}"


@require_GET
def campaign_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What the paper sets besides tasks: stages, reporting duties, protection measures, and where it came from."""
    campaign = get_object_or_404(Campaign.objects.visible_to(user_of(request)).select_related("created_by"), pk=pk)
    return render(
        request,
        "tasks/campaign_plan.html",
        {
            "campaign": campaign,
            "timeline": timeline_of(campaign),
            "stages": campaign.stages.all(),
            "duties": campaign.reporting_duties.all(),
            "targets": targets_of(campaign),
            "events": history_of(campaign)[:HISTORY_LINES],
        },
    )


@require_POST
def move_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.visible_to(user_of(request)), pk=pk)
    advance(campaign, request.POST.get("act", ""), by=user_of(request), note=request.POST.get("note", ""))
    messages.success(request, f"行动已转为“{campaign.get_state_display()}”。")
    return HttpResponseRedirect(back_address(request, campaign.get_absolute_url()))


@require_GET
def task_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: the printed words, who owes it, by when, and how each visible unit stands."""
    tasks = Task.objects.visible_to(user_of(request)).for_list()
    task = get_object_or_404(
        tasks.select_related("section__parent__parent")
        .prefetch_related(None)
        .prefetch_related(
            "deadlines",
            "recurrences",
            "targets",
            Prefetch("responsibilities", Responsibility.objects.select_related("unit", "group")),
        ),
        pk=pk,
    )
    owed = (
        Assignment.objects.visible_to(user_of(request))
        .filter(task=task)
        .select_related("unit", "responsibility")
        .order_by("pk")
    )
    return render(
        request,
        "tasks/task.html",
        {
            "task": task,
            "campaign": task.campaign,
            "section_path": task.section.path_titles() if task.section else [],
            "parts": task.children.in_force().order_by("position"),
            "owed": owed,
            "reviews": "reviewer" in task.campaign.relations_of(user_of(request)),
            "previous": task.campaign.tasks.in_force()
            .filter(position__lt=task.position, is_parent=False)
            .order_by("-position")
            .first(),
            "following": task.campaign.tasks.in_force()
            .filter(position__gt=task.position, is_parent=False)
            .order_by("position")
            .first(),
        },
    )


class MatchPage(FormPage):
    """Say which unit or group a printed name means."""

    form_class = MatchForm
    title = "对应责任单位"
    submit = "确定"

    @cached_property
    def responsibility(self) -> Responsibility:
        row = get_object_or_404(
            Responsibility.objects.select_related("task__campaign__region"),
            pk=self.kwargs["pk"],
            task__in=Task.objects.visible_to(user_of(self.request)),
        )
        if "reviewer" not in row.task.campaign.relations_of(user_of(self.request)):
            raise NotAllowed("对应责任单位由本地区应急管理局的工作人员办理。")
        return row

    def get_form_kwargs(self) -> dict[str, Any]:
        row = self.responsibility
        match = match_names([(row.printed_name, row.expanded or row.printed_name)], region=row.task.campaign.region)[0]
        return super().get_form_kwargs() | {"region": row.task.campaign.region, "match": match}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.responsibility
        lead = f"文件写的是“{row.printed_name}”。选定后，本行动中同名的任务都会分给它。"
        return super().get_context_data(**kwargs) | {"lead": lead}

    def get_success_url(self) -> str:
        return self.responsibility.task.get_absolute_url()

    def perform(self, form: MatchForm) -> str:
        made = match_responsibility(
            by=user_of(self.request),
            responsibility=self.responsibility,
            remember=form.cleaned_data["remember"],
            **form.meaning(),
        )
        return f"已对应，新增{len(made)}个责任事项。"


class TargetPage(FormPage):
    """One target with its readings, and the form for the next one."""

    form_class = ReadingForm
    template_name = "tasks/target.html"
    submit = "保存读数"

    @cached_property
    def target(self) -> Target:
        targets = Target.objects.visible_to(user_of(self.request)).select_related("campaign", "task")
        return get_object_or_404(targets, pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_record(user_of(request), self.target)
        return super().post(request, *args, **kwargs)

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.target.indicator

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"target": self.target}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        readings = list(self.target.readings.select_related("recorded_by")[:100])
        return super().get_context_data(**kwargs) | {
            "target": self.target,
            "readings": readings,
            "distance": distance(self.target, readings[0] if readings else None),
            "may_record": "reviewer" in self.target.campaign.relations_of(user_of(self.request)),
        }

    def get_success_url(self) -> str:
        return reverse("tasks:target", args=[self.target.pk])

    def perform(self, form: ReadingForm) -> str:
        record_reading(by=user_of(self.request), target=self.target, **form.cleaned_data)
        return "读数已保存。"
