"""The form of the words of a consolidated report."""

from __future__ import annotations

from django import forms

from common.forms import PageForm


class WordsForm(PageForm):
    draft = "consolidation"
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    progress = forms.CharField(label="总体进展", max_length=20_000, widget=forms.Textarea(attrs={"rows": "14"}))
    problems = forms.CharField(
        label="存在问题", max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": "8"})
    )
    plans = forms.CharField(
        label="下步打算", max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": "8"})
    )
