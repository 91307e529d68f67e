"""Forms of what proves that a hazard is gone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from common.forms import PageForm, RowsField, UploadsField
from hazards.models import Facet, Hazard, Implementation
from units.models import Role, User

FILES = 12
FILES_HELP = "照片、PDF、Word、Excel，每个不超过20 MB。"


def words(label: str, help_text: str = "", *, required: bool = True, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": str(rows)}),
    )


class MajorReportForm(PageForm):
    """The three parts (安全生产事故隐患排查治理暂行规定 第十四条)."""

    draft = "major-report"

    present_state = words("隐患的现状及其产生原因")
    harm = words("隐患的危害程度和整改难易程度分析")
    treatment = words("隐患的治理方案", "治理方案的要点；六项内容另在“治理方案”里填写。")


class TreatmentPlanForm(PageForm):
    """The six parts (安全生产事故隐患排查治理暂行规定 第十五条)."""

    draft = "treatment-plan"

    goals = words("治理的目标和任务", rows=3)
    methods = words("采取的方法和措施", rows=3)
    resources = words("经费和物资的落实", rows=3)
    people = words("负责治理的机构和人员", rows=3)
    schedule = words("治理的时限和要求", rows=3)
    safety = words("安全措施和应急预案", rows=3)


class DoubleReportForm(PageForm):
    """Both reports with their receipts; one may come before the other."""

    draft = "double-report"
    sections = (
        ("向监管部门报告", ("regulator_on", "regulator_receipt")),
        ("向职工代表大会报告", ("congress_on", "congress_receipt")),
    )

    regulator_on = forms.DateField(label="报告日期", required=False)
    regulator_receipt = forms.CharField(
        label="监管部门回执", max_length=100, required=False, help_text="收文编号或签收人。"
    )
    congress_on = forms.DateField(label="报告日期", required=False)
    congress_receipt = forms.CharField(
        label="职工代表大会回执", max_length=100, required=False, help_text="会议纪要编号或签收人。"
    )
    evidence = UploadsField(label="回执和报告", required=False, help_text=FILES_HELP, max_files=FILES)


# Which fields each of the five has beyond the words, the day and the files.
OWN_FIELDS: dict[str, tuple[str, ...]] = {
    Facet.RESPONSIBILITY: ("person", "duty", "phone"),
    Facet.MEASURES: (),
    Facet.FUNDS: ("planned", "spent"),
    Facet.TIME_LIMIT: ("until",),
    Facet.CONTINGENCY: (),
}


class FacetForm(PageForm):
    """How one of the five is implemented."""

    draft = "facet"

    person = forms.CharField(label="责任人", max_length=40)
    duty = forms.CharField(label="职务", max_length=40)
    phone = forms.CharField(label="电话", max_length=20)
    planned = forms.DecimalField(label="计划资金（万元）", min_value=0, max_digits=12, decimal_places=2)
    spent = forms.DecimalField(label="已用资金（万元）", min_value=0, max_digits=12, decimal_places=2, required=False)
    until = forms.DateField(label="完成期限")
    statement = words("落实情况", "写明怎样落实的。")
    in_place = forms.BooleanField(label="已经落实", required=False)
    since = forms.DateField(label="落实日期", required=False, help_text="勾选“已经落实”的，必须填写。")
    evidence = UploadsField(
        label="印证资料",
        required=False,
        help_text=f"没有印证资料，应急管理局不能确认落实。{FILES_HELP}",
        max_files=FILES,
    )

    def __init__(self, *args: Any, row: Implementation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = OWN_FIELDS[row.facet]
        for name in {name for names in OWN_FIELDS.values() for name in names} - set(own):
            del self.fields[name]
        for name in ("statement", "in_place", "since", *own):
            self.initial.setdefault(name, getattr(row, name))
        self.fields["since"].widget.attrs["max"] = timezone.localdate().isoformat()


class RectificationForm(PageForm):
    """What was done in this round."""

    draft = "rectification"

    statement = words("整改情况", "做了什么、换了什么、谁做的、现在是什么状态。")
    done_on = forms.DateField(label="完成日期")
    evidence = UploadsField(
        label="整改后的照片和资料",
        error_messages={"required": "请上传整改后的照片或资料。"},
        help_text=f"与整改前同一位置、同一角度拍照。{FILES_HELP}",
        max_files=FILES,
    )

    def __init__(self, *args: Any, hazard: Hazard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["done_on"].widget.attrs |= {"min": hazard.found_on.isoformat(), "max": today.isoformat()}
        before = hazard.rectifications.filter(round=hazard.round).first()
        self.initial.setdefault("done_on", before.done_on if before else today)
        self.fields["evidence"].required = before is None
        if before:
            self.initial.setdefault("statement", before.statement)


def officers_for(hazard: Hazard, user: User) -> QuerySet[User]:
    """Who may be named as having re-inspected: the bureau's people, or the mine's own where it checks itself.

    The rectifier is not among them.
    """
    people = User.objects.visible_to(user).filter(is_active=True)
    if "inspector" in hazard.relations_of(user):
        roles = (Role.INSPECTOR, Role.BUREAU_STAFF, Role.BUREAU_ADMIN)
        people = people.filter(role__in=roles, unit__region__code__startswith=hazard.region_id)
    else:
        people = people.filter(unit_id=hazard.mine_id)
    return people.exclude(pk=hazard.rectifier_id).order_by("role", "name", "pk")


class OfficersField(RowsField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.duty or obj.get_role_display()}）"


class ReinspectionForm(PageForm):
    """What the people saw who did not do the work."""

    draft = "reinspection"

    officers = OfficersField(label="复查人", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple)
    on = forms.DateField(label="复查日期")
    on_site = forms.BooleanField(label="到现场复查", required=False, initial=True)
    opinion = words("复查意见", "写明看到的情况和结论；不合格的写明还要做什么。")
    passed = forms.ChoiceField(
        label="结论",
        choices=[("yes", "合格，销号"), ("no", "不合格，退回重新整改")],
        widget=forms.RadioSelect,
    )
    evidence = UploadsField(label="复查照片和文书", required=False, help_text=FILES_HELP, max_files=FILES)

    def __init__(self, *args: Any, hazard: Hazard, by: User, needed: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = self.fields["officers"]
        assert isinstance(officers, forms.ModelMultipleChoiceField)
        officers.queryset = officers_for(hazard, by)
        officers.help_text = f"勾选实际参加复查的人员，至少{needed}人；整改人不能参加，不在其中。"
        officers.error_messages["required"] = "请选择参加复查的人员。"
        if by.pk != hazard.rectifier_id:
            self.initial.setdefault("officers", [by.pk])
        today = timezone.localdate()
        self.initial.setdefault("on", today)
        first = hazard.rectified_on or hazard.found_on
        self.fields["on"].widget.attrs |= {"min": first.isoformat(), "max": today.isoformat()}
        if hazard.is_major:
            self.fields["on_site"].help_text = "重大隐患必须到现场复查。"


class HazardExtensionForm(PageForm):
    draft = "hazard-extension"

    new_due_on = forms.DateField(label="申请延至")
    reason = forms.CharField(
        label="理由",
        widget=forms.Textarea(attrs={"rows": "4"}),
        max_length=1000,
        help_text="写明为什么不能按期完成、已经做了什么、延期期间怎样保证安全。",
    )
