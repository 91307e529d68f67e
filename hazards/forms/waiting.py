"""Forms of what a hazard waits for beside its way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from common.forms import PageForm, UploadsField
from hazards.forms.proofs import FILES, FILES_HELP, words
from hazards.models import HandOver, HazardSuspension


def paper_field(label: str) -> UploadsField:
    return UploadsField(label=label, required=False, help_text=FILES_HELP, max_files=FILES)


class SuspendManyForm(PageForm):
    """Why several hazards of a suspended mine wait; a scan is handed in with each by itself."""

    draft = ""

    reason = forms.CharField(
        label="暂缓理由", max_length=300, widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="写明矿山为什么停产停建、停产期间怎样看守这处隐患。",
    )  # fmt: skip
    paper = forms.CharField(label="停产文书", max_length=120, help_text="责令停产停建的文书名称和文号。")
    since = forms.DateField(label="暂缓起始日期", help_text="整改期限不变，暂缓的天数会记在隐患页面上。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("since", timezone.localdate())
        self.fields["since"].widget.attrs["max"] = timezone.localdate().isoformat()


class SuspendForm(SuspendManyForm):
    draft = "hazard-suspend"

    evidence = paper_field("文书扫描件")


class ResumeManyForm(PageForm):
    draft = ""

    paper = forms.CharField(label="复产文书", max_length=120, help_text="同意复产复工的文书名称和文号。")
    resumed_on = forms.DateField(
        label="恢复办理日期", help_text="整改期限不会自动顺延；需要延后的，恢复后由矿山申请延期。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("resumed_on", timezone.localdate())
        self.fields["resumed_on"].widget.attrs["max"] = timezone.localdate().isoformat()


class ResumeForm(ResumeManyForm):
    draft = "hazard-resume"

    evidence = paper_field("文书扫描件")

    def __init__(self, *args: Any, suspension: HazardSuspension, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resumed_on"].widget.attrs["min"] = suspension.since.isoformat()


class HandOverForm(PageForm):
    draft = "hazard-hand-over"

    receiver = forms.CharField(
        label="移送至", max_length=200, help_text="接收部门的全称，可以从提示中选。",
        widget=forms.TextInput(attrs={"list": "receivers", "autocomplete": "off"}),
    )  # fmt: skip
    reason = words("移送理由", "为什么属于对方职责、已经采取了什么措施、请对方做什么。")
    sent_on = forms.DateField(label="移送日期")
    evidence = paper_field("随函材料")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("sent_on", timezone.localdate())
        self.fields["sent_on"].help_text = "移送函的文号由系统按年度连续编排，保存后可以下载移送函。"


class ReceiptForm(PageForm):
    draft = "hazard-receipt"

    received_on = forms.DateField(label="签收日期")
    receipt = forms.CharField(label="签收人或回执", max_length=120)
    evidence = paper_field("回执扫描件")

    def __init__(self, *args: Any, hand_over: HandOver, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("received_on", hand_over.received_on or timezone.localdate())
        self.initial.setdefault("receipt", hand_over.receipt)
        attrs = {"min": hand_over.sent_on.isoformat(), "max": timezone.localdate().isoformat()}
        self.fields["received_on"].widget.attrs |= attrs


class TreatmentForm(PageForm):
    """What the receiving department has done so far."""

    draft = "hazard-treatment"

    treatment = words("办理情况", "查明了什么、采取了什么措施、还差什么、预计何时办完。以后可以再改。")
    evidence = paper_field("照片和文书")

    def __init__(self, *args: Any, hand_over: HandOver, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("treatment", hand_over.treatment)


class AnswerForm(PageForm):
    draft = "hazard-answer"

    treated = forms.ChoiceField(
        label="对方答复",
        choices=[("yes", "已经整改，转入复查"), ("no", "不再由对方办理，收回本局")],
        widget=forms.RadioSelect,
    )
    answered_on = forms.DateField(label="答复日期")
    answer_paper = forms.CharField(label="答复文号", max_length=60, required=False)
    answer = words("答复内容", "对方做了什么、结论是什么；收回的写明理由。")
    evidence = paper_field("答复函和整改后的资料")

    def __init__(self, *args: Any, hand_over: HandOver, missing: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("answered_on", timezone.localdate())
        attrs = {"min": hand_over.sent_on.isoformat(), "max": timezone.localdate().isoformat()}
        self.fields["answered_on"].widget.attrs |= attrs
        told = "转入复查的，由您以外的人员复查后才能销号；重大隐患还要两人到现场、“五落实”齐全。"
        self.fields["treated"].help_text = f"现在只能收回：{' '.join(missing)}" if missing else told


class ReplyForm(AnswerForm):
    """The answer as the receiving department itself gives it."""

    draft = "hazard-reply"

    def __init__(self, *args: Any, hand_over: HandOver, **kwargs: Any) -> None:
        super().__init__(*args, hand_over=hand_over, **kwargs)
        field: Any = self.fields["treated"]
        field.label = "办理结果"
        field.choices = [("yes", "已经整改，请应急管理局复查"), ("no", "不属于本部门职责，或不能办理，退回应急管理局")]
        self.fields["answer"].help_text = "做了什么、结论是什么；退回的写明理由和依据。"
        self.initial.setdefault("answer", hand_over.treatment)
