"""Forms of enforcement documents."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from common.forms import PageForm, RowsField, UploadField
from hazards.models import Hazard
from inspections.document_kinds import KINDS
from inspections.models import Document, Measure, Penalty, Visit
from inspections.services.documents import latest_day, parents_for

SUBJECTS = ((Penalty.Subject.UNIT, "单位"), (Penalty.Subject.HEAD, "主要负责人"))


class HazardsField(RowsField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} {obj.place}：{obj.description[:40]}（{obj.get_state_display()}）"


def count_of(kind: Measure.Kind) -> forms.IntegerField:
    """How many of one measure a document orders; empty for none."""
    return forms.IntegerField(
        label=f"{kind.label}（{Measure.UNITS[kind]}）", min_value=1, max_value=9999, required=False
    )


class DocumentForm(PageForm):
    """A draft of one kind: only the fields that the kind asks for."""

    parent = forms.ModelChoiceField(label="依据的文书", queryset=Document.objects.none(), empty_label=None)
    facts = forms.CharField(label="事实和情况", max_length=8000, widget=forms.Textarea(attrs={"rows": "6"}))
    hazards = HazardsField(
        label="列出的问题隐患", queryset=Hazard.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    demand = forms.CharField(label="依据和决定", max_length=8000, widget=forms.Textarea(attrs={"rows": "4"}))
    due_on = forms.DateField(label="期限")
    unit_name = forms.CharField(label="处罚单位", max_length=100, required=False)
    unit_amount = forms.DecimalField(
        label="对单位罚款（元）", min_value=Decimal("0.01"), max_digits=12, decimal_places=2, required=False
    )
    head_name = forms.CharField(label="主要负责人姓名", max_length=100, required=False)
    head_amount = forms.DecimalField(
        label="对主要负责人罚款（元）", min_value=Decimal("0.01"), max_digits=12, decimal_places=2, required=False
    )
    stop_equipment = count_of(Measure.Kind.STOP_EQUIPMENT)
    stop_part = count_of(Measure.Kind.STOP_PART)
    stop_mine = count_of(Measure.Kind.STOP_MINE)
    suspend_licence = count_of(Measure.Kind.SUSPEND_LICENCE)
    joint = count_of(Measure.Kind.JOINT_PUNISHMENT)
    exposure = count_of(Measure.Kind.EXPOSURE)
    review_organ = forms.CharField(label="行政复议机关", max_length=100)
    court = forms.CharField(label="行政诉讼法院", max_length=100)

    def __init__(self, *args: Any, visit: Visit, kind: str, document: Document | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules, self.draft = KINDS[kind], f"document-{kind}"
        self._keep_what_is_asked(document)
        found_by = Hazard.objects.filter(finding__visit=visit)
        if "hazards" in self.fields:
            rows: Any = self.fields["hazards"]
            rows.queryset = found_by.order_by("pk")
        parents: Any = self.fields.get("parent")
        if parents is not None:
            parents.queryset = Document.objects.filter(pk__in=[one.pk for one in parents_for(visit, kind)])
        latest = latest_day(kind, visit.region_id, timezone.localdate())
        if latest is not None:
            self.fields["due_on"].help_text = f"最长到{latest:%Y-%m-%d}。"
            self.fields["due_on"].widget.attrs["max"] = latest.isoformat()
        county = visit.region.county.name
        proposed = {
            "facts": visit.summary if kind == "record" else "检查发现的问题见下表。",
            "demand": self.rules.demand,
            "unit_name": visit.mine.name,
            "review_organ": f"{county}人民政府",
            "court": f"{county}人民法院",
            "hazards": [one.pk for one in found_by],
        }
        for name, value in (_written(document) if document is not None else proposed).items():
            self.initial.setdefault(name, value)

    def _keep_what_is_asked(self, document: Document | None) -> None:
        penal = ("unit_name", "unit_amount", "head_name", "head_amount")
        absent = {
            "parent": not self.rules.after or document is not None,
            "hazards": not self.rules.lists,
            "due_on": not self.rules.limited,
            **dict.fromkeys(penal, not self.rules.penal),
            **dict.fromkeys(Measure.Kind.values, not self.rules.orders),
            **dict.fromkeys(("review_organ", "court"), not self.rules.appeal),
        }
        for name, gone in absent.items():
            if gone:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for subject, label in SUBJECTS:
            if data.get(f"{subject.value}_amount") and not data.get(f"{subject.value}_name"):
                self.add_error(f"{subject.value}_name", f"请填写受罚{label}的名称。")
        return data

    def given(self) -> dict[str, Any]:
        """What the services of a draft take."""
        data = dict(self.cleaned_data)
        penalties = {}
        for subject, _ in SUBJECTS:
            name, amount = data.pop(f"{subject.value}_name", ""), data.pop(f"{subject.value}_amount", None)
            if amount:
                penalties[subject.value] = (name, amount)
        ordered = {kind: data.pop(kind, None) for kind in Measure.Kind.values}
        measures = {kind: quantity for kind, quantity in ordered.items() if quantity}
        return data | {"measures": measures, "hazards": list(data.get("hazards", ())), "penalties": penalties}


def _written(document: Document) -> dict[str, Any]:
    found = {name: getattr(document, name) for name in ("facts", "demand", "due_on", "review_organ", "court")}
    for one in document.penalties.all():
        found |= {f"{one.subject}_name": one.name, f"{one.subject}_amount": one.amount}
    found |= {one.kind: one.quantity for one in document.measures.all()}
    return found | {"hazards": [one.hazard_id for one in document.lines.all()]}


class ScanForm(PageForm):
    """The signed paper."""

    draft = ""

    scan = UploadField(label="签字盖章扫描件", endings=[".pdf", ".jpg", ".jpeg", ".png"], help_text="PDF 或照片。")
    received_by = forms.CharField(label="签收人", max_length=40, help_text="拒绝签收的，写明见证人。")
    received_on = forms.DateField(label="签收日期")


class PublishForm(PageForm):
    draft = ""

    published_on = forms.DateField(label="公示日期")
    published_at = forms.CharField(
        label="公示处", max_length=200, help_text="网站或公告栏，如：县政府网站行政处罚专栏。"
    )


class PaidForm(PageForm):
    draft = ""

    paid_on = forms.DateField(label="缴纳日期")
