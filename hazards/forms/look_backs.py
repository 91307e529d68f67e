"""Forms of looking again at a closed hazard."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from common.forms import PageForm, UploadsField
from hazards.forms.proofs import FILES, FILES_HELP, OfficersField, officers_for, words
from hazards.models import Hazard, LookBack, Sign
from units.models import User


class OrderForm(PageForm):
    draft = "look-back"

    reason = forms.CharField(
        label="安排理由", max_length=300, widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="为什么要回头看、重点看什么。矿山看不到这项安排。",
    )  # fmt: skip
    due_on = forms.DateField(label="应完成日期")

    def __init__(self, *args: Any, hazard: Hazard, sign: Sign | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.initial.setdefault("due_on", today + dt.timedelta(days=hazard.rules["look_back_days"]))
        self.fields["due_on"].widget.attrs["min"] = today.isoformat()
        if sign is not None:
            self.initial.setdefault("reason", f"{sign.get_kind_display()}：{sign.verdict_words or sign.words}"[:300])


class ResultForm(PageForm):
    draft = "look-back-result"

    officers = OfficersField(label="回头看人员", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple)
    on = forms.DateField(label="回头看日期")
    opinion = words("看到的情况", "现场现在怎样；整改措施是否还在、是否反弹。")
    holds = forms.ChoiceField(
        label="结论", choices=[("yes", "整改属实"), ("no", "整改不属实，或已经反弹")], widget=forms.RadioSelect
    )
    evidence = UploadsField(label="现场照片", required=False, help_text=FILES_HELP, max_files=FILES)

    def __init__(self, *args: Any, look_back: LookBack, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hazard = look_back.hazard
        officers = self.fields["officers"]
        assert isinstance(officers, forms.ModelMultipleChoiceField)
        officers.queryset = officers_for(hazard, by).exclude(pk=hazard.closed_by_id or 0)
        officers.help_text = "整改人和销号人不在其中。"
        officers.error_messages["required"] = "请选择参加回头看的人员。"
        today = timezone.localdate()
        self.initial.setdefault("on", today)
        first = hazard.closed_on or hazard.found_on
        self.fields["on"].widget.attrs |= {"min": first.isoformat(), "max": today.isoformat()}
        self.fields["holds"].help_text = "不属实的，隐患退回矿山重新整改。"
