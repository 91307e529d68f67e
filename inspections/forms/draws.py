"""The form of a draw of look-backs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from common.forms import PageForm
from inspections.services.draws import MOST

DAYS = 30


class DrawForm(PageForm):
    draft = "look-back-draw"

    closed_from = forms.DateField(label="销号日期从")
    closed_until = forms.DateField(label="到")
    random_count = forms.IntegerField(label="随机抽取（条）", min_value=0, max_value=MOST, initial=5)
    risk_count = forms.IntegerField(
        label="按风险抽取（条）", min_value=0, max_value=MOST, initial=5,
        help_text="重大隐患、退回过的、有整改疑点的、矿山自己销号的优先；每项多少分在“规则”里设置。",
    )  # fmt: skip
    due_on = forms.DateField(label="应完成日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        first = (today.replace(day=1) - dt.timedelta(days=62)).replace(day=1)
        for name, day in {
            "closed_from": first,
            "closed_until": today,
            "due_on": today + dt.timedelta(days=DAYS),
        }.items():
            self.initial.setdefault(name, day)
