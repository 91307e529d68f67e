"""Forms of clues for other departments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from common.forms import PageForm, UploadField, UploadsField
from inspections.models import Clue, Visit
from units.models import Unit, User

PAPERS = [".pdf", ".jpg", ".jpeg", ".png"]


class ClueForm(PageForm):
    draft = "clue"

    receiver = forms.ModelChoiceField(
        label="接收部门", queryset=Unit.objects.none(), required=False, empty_label="不在系统里的部门（在下面填写）",
        help_text="系统里的部门可以直接签收、答复。",
    )  # fmt: skip
    receiver_name = forms.CharField(
        label="接收部门名称", max_length=100, required=False, help_text="上面没有选择时填写，如：县公安局。"
    )
    subject = forms.CharField(label="涉及单位或人员", max_length=100)
    facts = forms.CharField(label="线索内容", max_length=8000, widget=forms.Textarea(attrs={"rows": "6"}))
    basis = forms.CharField(
        label="移送理由", max_length=2000, widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="为什么属于对方管辖，依据的法律法规条款。",
    )  # fmt: skip
    papers = UploadsField(label="线索材料", required=False, max_files=12)

    def __init__(self, *args: Any, user: User, visit: Visit | None, clue: Clue | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        receivers: Any = self.fields["receiver"]
        receivers.queryset = (
            Unit.objects.visible_to(user)
            .filter(kind=Unit.Kind.DEPARTMENT, is_active=True)
            .exclude(pk=user.unit_id or 0)
        )
        if clue is not None:
            for name in ("receiver", "receiver_name", "subject", "facts", "basis"):
                self.initial.setdefault(name, getattr(clue, name))
        elif visit is not None:
            self.initial.setdefault("subject", visit.mine.name)
            self.initial.setdefault("facts", f"{visit.begun_on:%Y-%m-%d}检查（{visit.number}）发现：{visit.summary}")


class ReceiptForm(PageForm):
    draft = "clue-receipt"

    received_by = forms.CharField(label="签收人", max_length=40)
    received_on = forms.DateField(label="签收日期")
    receipt = UploadField(label="回执扫描件", required=False, endings=PAPERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("received_on", timezone.localdate())


class AnswerForm(PageForm):
    draft = "clue-answer"

    outcome = forms.ChoiceField(label="处理结果", choices=Clue.Outcome.choices, widget=forms.RadioSelect)
    answer = forms.CharField(label="答复内容", max_length=8000, widget=forms.Textarea(attrs={"rows": "5"}))
    answered_on = forms.DateField(label="答复日期")
    papers = UploadsField(label="答复材料", required=False, max_files=12)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("answered_on", timezone.localdate())
