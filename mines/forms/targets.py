"""The form of a year's target."""

from __future__ import annotations

from django import forms

from common.forms import PageForm
from mines.models import RegionTarget


class TargetForm(PageForm):
    draft = ""

    year = forms.IntegerField(label="年份", min_value=2015, max_value=2100)
    subject = forms.ChoiceField(label="指标", choices=RegionTarget.Subject.choices)
    value = forms.DecimalField(label="目标值", min_value=0, max_digits=10, decimal_places=3)
    source = forms.CharField(label="依据文件", max_length=150, help_text="下达指标的文件名称和文号。")
