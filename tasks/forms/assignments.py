"""Forms of assignments: progress, a deadline of one unit's own, a request for a later day."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import PageForm, UploadsField
from tasks.models import Assignment, DueItem


class ProgressForm(PageForm):
    """What the unit did and how far it is, with files that prove it."""

    draft = "progress"

    due_item = forms.ModelChoiceField(
        label="针对哪一项", queryset=DueItem.objects.none(), required=False, empty_label="整个任务"
    )
    percent = forms.IntegerField(label="进度（%）", min_value=0, max_value=100)
    text = forms.CharField(
        label="进展情况",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="做了什么、做到哪一步、有什么问题。",
    )
    evidence = UploadsField(
        label="印证资料", required=False, help_text="照片、PDF、Word、Excel，每个不超过20 MB。", max_files=12
    )

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pending = assignment.due_items.filter(state__in=DueItem.PENDING)
        field = self.fields["due_item"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = pending
        field.choices = [("", "整个任务"), *((item.pk, label_of(item)) for item in pending)]
        self.initial.setdefault("percent", assignment.percent)
        if not pending:
            del self.fields["due_item"]


def label_of(item: DueItem) -> str:
    """A due item in a choice: its period or part, and its day."""
    return " ".join(filter(None, (item.period, item.label or "整个任务", f"（{item.due_on:%Y-%m-%d}前）")))


class DeadlineForm(PageForm):
    date = forms.DateField(label="期限")
    scope = forms.CharField(label="针对的部分", max_length=500, required=False, help_text="不填表示整个任务。")
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": "3"}), max_length=1000)


class ExtensionForm(PageForm):
    new_due_on = forms.DateField(label="申请延至")
    reason = forms.CharField(
        label="理由",
        widget=forms.Textarea(attrs={"rows": "4"}),
        max_length=1000,
        help_text="写明为什么不能按期完成、已经做了什么、怎样保证新的期限。",
    )
