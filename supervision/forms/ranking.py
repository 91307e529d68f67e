"""Forms of the assessment."""

from __future__ import annotations

from django import forms

from common.forms import PageForm


class AccidentForm(PageForm):
    draft = "accidents"

    accidents = forms.IntegerField(label="事故起数", min_value=0, max_value=999)
    deaths = forms.IntegerField(label="死亡人数", min_value=0, max_value=9999)
    note = forms.CharField(label="说明", required=False, max_length=300, help_text="事故名称、日期和认定文件。")
