"""The form of who is the section in charge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from common.forms import PageForm
from units.models import User


class DeskForm(PageForm):
    draft = ""
    officers = forms.ModelMultipleChoiceField(
        label="主管人员",
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="“主管科室”一级的提醒发给所选的人；一个都不选时，发给全局工作人员。",
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officers"].queryset = people  # type: ignore[attr-defined]
