"""Pages of meetings: the list, one meeting with its minutes and decisions, the series."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from common.acts import after_act
from common.errors import Conflict, NotAllowed
from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from common.models import Evidence
from common.templatetags.page import due, status
from common.transitions import allowed_actions
from supervision.filters import MeetingFilter
from supervision.forms.meetings import DecisionForm, MeetingForm, MinutesForm, SeriesForm
from supervision.models import Meeting, MeetingSeries
from supervision.services.meetings import (
    SERIES_FIELDS,
    check_may_keep,
    decide,
    keep_series,
    move_meeting,
    plan_meeting,
    record_minutes,
)
from units.querysets import in_reach
from units.requests import user_of

HISTORY_LINES = 40


class MeetingList(ListPage):
    """Meetings, the latest first; planned ones show how far they are away."""

    model = Meeting
    title = "会议"
    template_name = "supervision/meetings.html"
    filterset_class = MeetingFilter
    order = "-planned"
    columns = (
        Column("title", "会议", kind="title", link=True),
        Column("planned", "应召开日期", cell=lambda row: due(row.planned_on, done=row.state != "planned"),
               export="planned_on", sort="planned_on", kind="short"),
        Column("held", "召开日期", cell="held_on", kind="short"),
        Column("chair", "主持人"),
        Column("decided", "议定事项", cell=lambda row: f"{row.decided}项" if row.decided else "", export="decided",
               align="end"),
        Column("state", "状态", cell=lambda row: status(f"meeting.{row.state}", row.get_state_display()),
               export="get_state_display", sort="state", kind="short"),
    )  # fmt: skip
    empty_title, empty_words = "还没有会议", "会议由应急管理局按“例会设置”安排，通知和纪要都在这里看。"

    def extra_context(self) -> dict[str, Any]:
        return {"tab": "meetings", "keeps": user_of(self.request).reviews}


def meeting_of(request: HttpRequest, pk: int) -> Meeting:
    rows = Meeting.objects.visible_to(user_of(request)).for_list()
    found: Meeting = get_object_or_404(rows, pk=pk)
    return found


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit sees the meeting's name, day and what was decided for it; the minutes are the bureau's."""
    user, meeting = user_of(request), meeting_of(request, pk)
    decisions = meeting.decisions.select_related("unit", "task").prefetch_related("task__assignments")
    if not user.reads_region:
        decisions = decisions.filter(in_reach(user, unit="unit__"))
    keeps = "bureau" in meeting.relations_of(user)
    context = {
        "meeting": meeting,
        "decisions": decisions,
        "inside": user.reads_region,
        "acts": [act for act in allowed_actions(meeting, user) if act.action != "hold"],
        "may_minute": keeps and meeting.state != Meeting.State.CANCELLED,
        "may_decide": keeps and meeting.state == Meeting.State.HELD,
        "files": Evidence.objects.about(meeting) if user.reads_region else [],
        "events": history_of(meeting).order_by("-id")[:HISTORY_LINES] if user.reads_region else [],
    }
    return render(request, "supervision/meeting.html", context)


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    move_meeting(
        by=user_of(request), meeting=meeting, action=request.POST.get("act", ""), note=request.POST.get("note", "")
    )
    messages.success(request, f"{meeting.title}：{meeting.get_state_display()}。")
    return after_act(request, meeting)


class KeeperPage(FormPage):
    """A form of the bureau about meetings."""

    template_name = "supervision/meeting_form.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_keep(user_of(request))
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse("supervision:meetings")


class MeetingNew(KeeperPage):
    form_class = MeetingForm
    title = "安排会议"

    def perform(self, form: MeetingForm) -> str:
        plan_meeting(by=user_of(self.request), **form.cleaned_data)
        return "会议已安排。"


class AboutMeeting(KeeperPage):
    """A form about one meeting, for its own bureau, in `states` only."""

    states: tuple[str, ...] = ()

    @cached_property
    def meeting(self) -> Meeting:
        return meeting_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if "bureau" not in self.meeting.relations_of(user_of(request)):
            raise NotAllowed("会议由应急管理局的工作人员登记。")
        if self.meeting.state not in self.states:
            raise Conflict(f"会议{self.meeting.get_state_display()}，不能“{self.title}”。")
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return self.meeting.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"meeting": self.meeting}


class MinutesPage(AboutMeeting):
    form_class = MinutesForm
    title = "登记会议纪要"
    states = ("planned", "held")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"meeting": self.meeting}

    def perform(self, form: MinutesForm) -> str:
        data = dict(form.cleaned_data)
        record_minutes(by=user_of(self.request), meeting=self.meeting, files=data.pop("evidence"), **data)
        return "会议纪要已保存，请逐条登记议定事项。"


class DecisionPage(AboutMeeting):
    form_class = DecisionForm
    title = "登记议定事项"
    states = ("held",)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": user_of(self.request)}

    def perform(self, form: DecisionForm) -> str:
        made = decide(by=user_of(self.request), meeting=self.meeting, **form.cleaned_data)
        return f"已成为{made.unit}的一条任务，到期前会提醒。"


@require_safe
def series(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not user.reads_region:
        raise NotAllowed("例会由应急管理局设置。")
    rows = MeetingSeries.objects.visible_to(user).select_related("organ")
    return render(request, "supervision/series.html", {"series": rows, "keeps": user.reviews})


class SeriesNew(KeeperPage):
    form_class = SeriesForm
    title = "新增例会"

    def get_success_url(self) -> str:
        return reverse("supervision:series")

    def perform(self, form: SeriesForm) -> str:
        keep_series(by=user_of(self.request), **form.cleaned_data)
        return "例会已保存，近期的会议已生成。"


class SeriesEdit(SeriesNew):
    title = "修改例会"

    @cached_property
    def row(self) -> MeetingSeries:
        found: MeetingSeries = get_object_or_404(
            MeetingSeries.objects.visible_to(user_of(self.request)), pk=self.kwargs["pk"]
        )
        return found

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.row, name) for name in SERIES_FIELDS}

    def perform(self, form: SeriesForm) -> str:
        keep_series(by=user_of(self.request), series=self.row, **form.cleaned_data)
        return "例会已保存；已经生成的会议不变。"
