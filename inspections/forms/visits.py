"""Forms by which a visit is opened, filled in and followed up."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.utils import timezone

from common.forms import PageForm, RowsField, dress
from hazards.forms.pickers import MinePicker
from hazards.forms.register import CameraField
from hazards.models import Clause, Level
from inspections.forms.checklists import ClauseChoice
from inspections.models import Checklist, Outcome, PatrolGroup, PlannedVisit, Visit, VisitResult
from inspections.services.visits import PHOTOS, Answer, Finding
from units.models import Role, Unit, User

TEAM = (Role.INSPECTOR, Role.BUREAU_STAFF, Role.BUREAU_ADMIN)


class OfficersField(RowsField):
    """The inspectors of the region, each with the certificate."""

    def label_from_instance(self, obj: Any) -> str:
        certificate = getattr(obj, "certificate", None)
        return f"{obj.name}（{certificate.number if certificate else '没有登记执法证号'}）"


def officers_offered(user: User) -> QuerySet[User]:
    """Everybody in sight who may inspect, those with a certificate first."""
    rows = User.objects.visible_to(user).filter(role__in=TEAM, is_active=True)
    return rows.select_related("certificate").order_by(F("certificate__number").asc(nulls_last=True), "pk")


class VisitFields(PageForm):
    """What may still be put right while a visit is running."""

    kind = forms.ChoiceField(label="检查方式", choices=Visit.Kind.choices)
    group = forms.ModelChoiceField(
        label="检查小组",
        queryset=PatrolGroup.objects.none(),
        required=False,
        empty_label="不以小组名义",
        help_text="五人小组等小组的检查，计入小组每周、每月的覆盖情况。",
    )
    is_full = forms.BooleanField(
        label="全面检查", required=False, help_text="各系统、各作业地点都检查到的，计入“每月全面检查”。"
    )
    begun_on = forms.DateField(label="检查开始")
    ended_on = forms.DateField(label="检查结束")
    places = forms.CharField(
        label="检查地点",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": "2"}),
        help_text="如：主副井口、3号皮带巷。",
    )
    companion = forms.CharField(label="矿方陪同人员", max_length=60, required=False)
    officers = OfficersField(
        label="检查人员", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text="至少两人，都要有执法证号。",
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["officers"]
        field.queryset = officers_offered(user)
        groups: Any = self.fields["group"]
        groups.queryset = PatrolGroup.objects.visible_to(user).filter(is_active=True)
        self.fields["begun_on"].widget.attrs["max"] = timezone.localdate().isoformat()


class VisitForm(VisitFields):
    """A new visit."""

    draft = "visit"

    mine = forms.ModelChoiceField(label="矿山", queryset=Unit.objects.none())
    checklist = forms.ModelChoiceField(
        label="检查表", queryset=Checklist.objects.none(), required=False, empty_label="不用检查表，现场逐条添加"
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    planned = forms.ModelChoiceField(queryset=PlannedVisit.objects.none(), required=False, widget=forms.HiddenInput)
    field_order = (
        "client_id", "mine", "kind", "group", "is_full", "checklist", "begun_on", "ended_on", "places", "officers", "companion",
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        mines: Any = self.fields["mine"]
        mines.queryset = Unit.objects.visible_to(user).filter(kind=Unit.Kind.MINE, is_active=True)
        planned: Any = self.fields["planned"]
        planned.queryset = PlannedVisit.objects.visible_to(user).open().select_related("mine")
        lists: Any = self.fields["checklist"]
        lists.queryset = Checklist.objects.visible_to(user).in_use()
        chosen = str(self.data.get("mine", "") if self.is_bound else self.initial.get("mine", ""))
        self.mine_offer = MinePicker(mines.queryset, self.data.get("mine_q", ""), chosen)
        today = timezone.localdate()
        for name, value in {
            "client_id": uuid.uuid4(), "begun_on": today, "ended_on": today, "officers": [user.pk],
        }.items():  # fmt: skip
            self.initial.setdefault(name, value)


class VisitChangeForm(VisitFields):
    """What is written about a running visit."""

    draft = "visit-change"

    measures = forms.CharField(
        label="现场处理措施", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="当场责令停止作业、停用设备、撤出人员等；没有就不填。",
    )  # fmt: skip
    summary = forms.CharField(
        label="检查情况", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="写进现场检查记录；完成检查前必须填写。",
    )  # fmt: skip

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            self.initial.setdefault(name, getattr(visit, name))
        groups: Any = self.fields["group"]
        groups.queryset |= PatrolGroup.objects.filter(pk=visit.group_id or 0)
        self.initial["officers"] = [one.officer_id for one in visit.officers.all()]


class ResultForm(PageForm):
    """Something looked at that no checklist asked for."""

    draft = "own-item"

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    section = forms.CharField(label="分类", max_length=60, required=False)
    text = forms.CharField(label="检查内容", max_length=500, widget=forms.Textarea(attrs={"rows": "2"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("client_id", uuid.uuid4())


class FillForm(PageForm):
    """All items of a visit on one page: three answers, words, photographs."""

    def __init__(self, *args: Any, visit: Visit, results: list[VisitResult], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = f"visit-{visit.pk}"
        self.results = results
        for result in results:
            key = result.pk
            self.fields[f"outcome_{key}"] = forms.ChoiceField(
                label="结果", choices=Outcome.choices, required=False, widget=forms.RadioSelect, initial=result.outcome
            )
            self.fields[f"words_{key}"] = forms.CharField(
                label="情况", required=False, max_length=1000, initial=result.words,
                widget=forms.Textarea(attrs={"rows": "2", "placeholder": "不合格的写明问题"}),
            )  # fmt: skip
            self.fields[f"photos_{key}"] = CameraField(label="照片", required=False, max_files=PHOTOS)

    def lines(self) -> list[dict[str, Any]]:
        """Each item with its three controls, as the template shows them."""
        return [
            {
                "result": one,
                "outcome": self[f"outcome_{one.pk}"],
                "words": self[f"words_{one.pk}"],
                "photos": self[f"photos_{one.pk}"],
            }
            for one in self.results
        ]

    def answers(self) -> dict[int, Answer]:
        data = self.cleaned_data
        return {
            one.pk: Answer(data[f"outcome_{one.pk}"], data[f"words_{one.pk}"], data[f"photos_{one.pk}"])
            for one in self.results
        }


class FindingsForm(PageForm):
    """How each fault of a visit is entered in the register."""

    def __init__(self, *args: Any, visit: Visit, results: list[VisitResult], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = f"findings-{visit.pk}"
        self.results = results
        kind = getattr(getattr(visit.mine, "mine", None), "mine_type", None)
        clauses = Clause.objects.offered(day=visit.begun_on, mine_type=kind)
        self.sections = []
        for one in results:
            names = self._add(one, visit, clauses)
            self.sections = [*self.sections, (f"{one.position}. {one.text}", names)]

    def _add(self, one: VisitResult, visit: Visit, clauses: list[Any]) -> list[str]:
        key = one.pk
        clause = ClauseChoice(label="判定条款", required=False)
        clause.offer(clauses)
        offered = one.clause_id is not None and str(one.clause_id) in clause.rows
        due_on = timezone.localdate() + dt.timedelta(days=7)
        fields: dict[str, forms.Field] = {
            f"place_{key}": forms.CharField(label="地点", max_length=200, initial=one.place or visit.places[:200]),
            f"description_{key}": forms.CharField(
                label="隐患内容", max_length=4000, initial=one.words, widget=forms.Textarea(attrs={"rows": "2"})
            ),
            f"level_{key}": forms.ChoiceField(
                label="等级", choices=Level.choices, widget=forms.RadioSelect,
                initial=one.level or (Level.MAJOR if offered else Level.GENERAL),
            ),
            f"clause_{key}": clause,
            f"reason_{key}": forms.CharField(
                label="认定理由", max_length=300, required=False,
                help_text="选了条款却定为一般，或没有条款却定为重大的，要写明。"
                if clauses
                else "检查当天没有施行的判定标准可选；定为重大的，写明认定理由。",
            ),
            f"due_on_{key}": forms.DateField(label="整改期限", initial=one.due_on or due_on),
        }  # fmt: skip
        if offered:
            clause.initial = str(one.clause_id)
        if not clauses:
            clause.widget = forms.HiddenInput()
        for name, made in fields.items():
            self.fields[name] = made
        dress(fields.values())
        return list(fields)

    def findings(self) -> dict[int, Finding]:
        names = ("place", "description", "level", "due_on", "clause", "reason")
        return {
            one.pk: Finding(**{name: self.cleaned_data[f"{name}_{one.pk}"] for name in names}) for one in self.results
        }
