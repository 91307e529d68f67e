"""The form by which a person judges a sign."""

from __future__ import annotations

from django import forms

from common.forms import PageForm
from hazards.models import Sign


class JudgeForm(PageForm):
    draft = "sign"

    verdict = forms.ChoiceField(
        label="判断", choices=[(one.value, one.label) for one in Sign.Verdict if one != Sign.Verdict.OPEN],
        widget=forms.RadioSelect,
    )  # fmt: skip
    words = forms.CharField(
        label="说明",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="判断为可疑时，请写明为什么可疑、准备怎样核实。",
    )
