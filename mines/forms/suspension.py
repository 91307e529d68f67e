"""Forms of a standstill."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import PageForm
from mines.forms.file import papers_field, today_or_before
from mines.models import Suspension


def text(label: str, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": str(rows)}), **kwargs)


class SuspendForm(PageForm):
    draft = "suspend"

    kind = forms.ChoiceField(label="类别", choices=Suspension.Kind.choices)
    since = forms.DateField(label="停产停建日期")
    until = forms.DateField(label="预计复产日期", required=False)
    reason = text("原因", 2, max_length=300)
    measures = text("停产期间的看守措施", 4, help_text="工程技术和安全管理措施、值守巡查、应急处置、限电和火工品管控。")
    paper = forms.CharField(label="书面报告或决定书", max_length=150, required=False)
    evidence = papers_field()

    def __init__(self, *args: Any, ordered: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today_or_before(self, "since")
        if not ordered:
            kind: Any = self.fields["kind"]
            kind.choices = [one for one in Suspension.Kind.choices if one[0] != Suspension.Kind.ORDERED]


class RequestForm(PageForm):
    draft = "resumption"

    words = text("自查情况", 5, help_text="停产原因是否消除、整改了什么、自查结论。")
    evidence = papers_field("申请和自查资料")


class AcceptanceForm(PageForm):
    """One choice and one remark for each item, then the outcome."""

    draft = "acceptance"
    CHOICES = (("", "未检查"), ("yes", "合格"), ("no", "不合格"))

    acceptors = forms.CharField(label="验收人员", max_length=200)
    outcome = forms.ChoiceField(
        label="验收结论", choices=[("yes", "合格"), ("no", "不合格，退回继续整改")], widget=forms.RadioSelect
    )
    note = text("验收意见", 3, required=False, max_length=500, help_text="不合格的须写明理由。")
    evidence = papers_field("验收资料")

    def __init__(self, *args: Any, suspension: Suspension, **kwargs: Any) -> None:
        self.items = list(suspension.items.all())
        super().__init__(*args, **kwargs)
        made: dict[str, forms.Field] = {}
        for item in self.items:
            initial = {True: "yes", False: "no", None: ""}[item.passed]
            made[f"item_{item.position}"] = forms.ChoiceField(
                label=f"{item.position}. {item.text}", choices=self.CHOICES, required=False, initial=initial
            )
            made[f"note_{item.position}"] = forms.CharField(
                label=f"第{item.position}项说明", required=False, max_length=200, initial=item.note
            )
        self.fields = made | self.fields
        self.sections = (("逐项检查", tuple(made)), ("结论", ("acceptors", "outcome", "note", "evidence")))

    @property
    def results(self) -> dict[int, tuple[bool | None, str]]:
        data = self.cleaned_data
        words = {"yes": True, "no": False}
        return {
            one.position: (words.get(data[f"item_{one.position}"]), data[f"note_{one.position}"]) for one in self.items
        }


class SignForm(PageForm):
    draft = ""

    name = forms.CharField(label="签字人", max_length=40)
    signed_on = forms.DateField(label="签字日期")
    evidence = papers_field("签字页扫描件")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today_or_before(self, "signed_on")


class ResumeForm(PageForm):
    draft = ""

    resumed_on = forms.DateField(label="复产复工日期")
    paper = forms.CharField(label="同意复产复工的文书", max_length=150, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today_or_before(self, "resumed_on")


class AnnounceForm(PageForm):
    draft = ""

    on = forms.DateField(label="公告日期")
    where = forms.CharField(label="在哪里公告", max_length=150, help_text="县政府网站、局网站的栏目或网址。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today_or_before(self, "on")


class SendForm(PageForm):
    draft = ""

    sent_on = forms.DateField(label="上报日期")
    sent_to = forms.CharField(label="上报单位", max_length=100)
    receipt = forms.CharField(label="签收或回执", max_length=120, required=False)
    evidence = papers_field("回执")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today_or_before(self, "sent_on")
