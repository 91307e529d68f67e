"""Forms of meetings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from common.forms import PageForm, UploadsField
from supervision.forms.letters import FILES, FILES_HELP, words
from supervision.models import Meeting
from supervision.models.meetings import EVERY
from tasks.models import Campaign
from units.models import Unit, User


def lines(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": "4"})
    )


class SeriesForm(PageForm):
    draft = "meeting-series"

    name = forms.CharField(label="会议名称", max_length=100)
    every = forms.ChoiceField(label="频次", choices=EVERY)
    month = forms.IntegerField(
        label="期内第几个月", min_value=1, max_value=6, initial=1, help_text="每月的填1；每季度末月召开的填3。"
    )
    day = forms.IntegerField(
        label="几日", min_value=1, max_value=31, initial=10, help_text="逢休息日顺延到下一个工作日。"
    )
    people = forms.CharField(label="参加人员", max_length=300, required=False)
    agenda = lines("例行议程")
    source = forms.CharField(label="依据", max_length=200, required=False)
    is_active = forms.BooleanField(label="继续召开", required=False, initial=True)


class MeetingForm(PageForm):
    draft = "meeting"

    title = forms.CharField(label="会议名称", max_length=200)
    planned_on = forms.DateField(label="召开日期")
    people = forms.CharField(label="参加人员", max_length=500, required=False)
    agenda = lines("议程")


class MinutesForm(PageForm):
    draft = "meeting-minutes"

    held_on = forms.DateField(label="召开日期")
    place = forms.CharField(label="地点", max_length=100, required=False)
    chair = forms.CharField(label="主持人", max_length=60)
    people = forms.CharField(label="参加人员", max_length=500)
    agenda = lines("议程")
    minutes = words("会议纪要", "议定的事项另在“登记议定事项”中逐条登记，成为任务。", rows=8)
    evidence = UploadsField(label="纪要文件、签到表、照片", required=False, help_text=FILES_HELP, max_files=FILES)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("place", "chair", "people", "agenda", "minutes"):
            self.initial.setdefault(name, getattr(meeting, name))
        self.initial.setdefault("held_on", meeting.held_on or min(meeting.planned_on, timezone.localdate()))


class DecisionForm(PageForm):
    draft = "meeting-decision"

    text = words("议定事项", "写明做什么、做到什么程度。", rows=3)
    unit = forms.ModelChoiceField(label="责任单位", queryset=Unit.objects.none())
    due_on = forms.DateField(label="完成时限")
    campaign = forms.ModelChoiceField(
        label="列入的专项行动", queryset=Campaign.objects.none(), help_text="成为这一行动“会议议定事项”下的一条任务。"
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("unit", Unit.objects.visible_to(by).filter(is_active=True)),
            ("campaign", Campaign.objects.visible_to(by).filter(state="active")),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.initial.setdefault("due_on", timezone.localdate() + dt.timedelta(days=30))
