"""Forms by which hazards are registered and graded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone

from common.forms import PageForm, UploadsField
from hazards.forms.pickers import MinePicker, TaskPicker, tasks_offered
from hazards.models import Clause, Hazard, Level, MineArea, Source, Standard
from hazards.services.register import BUREAU_SOURCES, changeable, proposed_level
from tasks.models import Task
from units.models import Unit, User

PHOTOS = 12
NONE_CHOSEN = "不选条款（一般隐患，或没有对应条款）"


def clauses_offered(mine: Unit | None, day: dt.date | None, words: str = "") -> list[Clause]:
    """The clauses that a hazard of this mine found on this day may fall under, narrowed by words; none without both."""
    if mine is None or day is None:
        return []
    kind = getattr(getattr(mine, "mine", None), "mine_type", None)
    rows: Any = Clause.objects.all()
    return list((rows.matching(words) if words else rows).offered(day=day, mine_type=kind))


def why_none(mine: Unit | None, day: dt.date | None) -> str:
    """The sentence for a day on which no clause can be offered: which standard lacks its clauses, and what to do."""
    if mine is None or day is None:
        return "选好矿山和发现日期后，这里列出当天施行、适用于这类矿山的条款。"
    in_force: Any = Standard.objects.in_force(day).for_list()
    bare = [standard for standard in in_force if not standard.clause_count]
    if bare:
        names = "、".join(f"《{standard.name}》（{standard.document_number}）" for standard in bare)
        return (
            f"{day:%Y年%m月%d日}适用的{names}还没有载入条款，可以先不选条款；"
            "定为重大隐患时写明认定理由。应急管理局载入正式文本后，可以重新定级补选。"
        )
    return f"{day:%Y年%m月%d日}没有施行中、适用于这类矿山的判定标准，可以不选条款；定为重大隐患时写明认定理由。"


class ClausePicker:
    """What the clause control offers: for which mine and day, narrowed by which words, and why perhaps nothing."""

    def __init__(self, mine: Unit | None, day: dt.date | None, words: str = "", chosen: str = "") -> None:
        self.mine, self.day, self.words = mine, day, words[:60]
        self.clauses = clauses_offered(mine, day, self.words)
        self.kept: Clause | None = None
        if chosen.isdecimal() and len(chosen) < 19 and chosen not in {str(clause.pk) for clause in self.clauses}:
            # What was chosen stays chosen while somebody looks for other words; another day or mine lets it go.
            self.kept = next((one for one in clauses_offered(mine, day) if str(one.pk) == chosen), None)
        self.note = ""
        if not self.clauses:
            everything = bool(self.words) and bool(clauses_offered(mine, day))
            self.note = f"没有含“{self.words}”的条款，请换个词或清空。" if everything else why_none(mine, day)

    @property
    def choices(self) -> list[Any]:
        groups: dict[str, list[tuple[str, str]]] = {}
        for clause in [*([self.kept] if self.kept else []), *self.clauses]:
            groups.setdefault(clause.category.title, []).append((str(clause.pk), str(clause)))
        return [("", NONE_CHOSEN), *groups.items()]


class ClauseField(forms.ChoiceField):
    """A clause out of those offered, or None."""

    offer: ClausePicker

    def set_offer(self, offer: ClausePicker) -> None:
        self.offer = offer
        self.choices = offer.choices

    def clean(self, value: Any) -> Clause | None:
        # Whatever stands in words only narrows the choices on screen; every clause of the day may be sent.
        if value in self.empty_values:
            return None
        rows = clauses_offered(self.offer.mine, self.offer.day)
        found = next((clause for clause in rows if str(clause.pk) == str(value)), None)
        if found is None:
            raise ValidationError("这一条款在发现当天没有施行，或不适用于这类矿山，请重新选择。", code="not_offered")
        return found


class CameraField(UploadsField):
    """Photographs: on a phone the camera or the album opens."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": "image/*"}


class ClauseForm(PageForm):
    """A form with a clause control, which can be shown again with other clauses before anything is sent."""

    _errors: ErrorDict | None
    offer: ClausePicker
    clause_query = ""
    """The mine and day of the clause control where the form has no fields for them."""

    def silence(self) -> None:
        """Show what was typed without complaints about what has not been typed yet."""
        self._errors = ErrorDict()


class HazardForm(ClauseForm):
    """A hazard as it is found: on a phone, underground, with gloves on; only what nobody can add later."""

    draft = "hazard"

    mine = forms.ModelChoiceField(label="矿山", queryset=Unit.objects.none())
    source = forms.ChoiceField(label="来源", choices=Source.choices)
    place = forms.CharField(label="地点", max_length=200, help_text="写到能找着的程度，如：3号皮带巷机头。")
    area = forms.ModelChoiceField(
        label="所在区域",
        queryset=MineArea.objects.none(),
        required=False,
        empty_label="按地点自动归入",
        help_text="风险分布图上的区域；不选就按地点里写的名称归入。",
    )
    description = forms.CharField(
        label="隐患内容",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="看到了什么、可能造成什么。",
    )
    photos = CameraField(
        label="现场照片", required=False, max_files=PHOTOS, help_text=f"可拍照或从相册选，一次最多{PHOTOS}张。"
    )
    found_on = forms.DateField(label="发现日期")
    found_by = forms.CharField(label="发现人", max_length=60, required=False, help_text="不填就是您本人。")
    clause = ClauseField(label="判定条款", required=False)
    due_on = forms.DateField(label="建议整改期限", required=False, help_text="可以先不填，定级时确定。")
    measures = forms.CharField(
        label="整改措施", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": "2"})
    )
    responsible_unit = forms.CharField(
        label="责任单位", required=False, max_length=100, help_text="不填就是矿山本身；可以写到区队、科室。"
    )
    responsible_person = forms.CharField(label="责任人", required=False, max_length=40)
    task = forms.ModelChoiceField(label="所属行动任务", queryset=Task.objects.none(), required=False)
    remark = forms.CharField(label="备注", required=False, max_length=500)
    folded: tuple[str, ...] = ("area", "measures", "responsible_unit", "responsible_person", "task", "remark")
    """What can as well be added later stands behind a fold."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial.setdefault("found_on", timezone.localdate())
        self.fields["found_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self._offer_mines()
        tasks = self.fields["task"]
        assert isinstance(tasks, forms.ModelChoiceField)
        tasks.queryset = tasks_offered(user)
        self.task_offer = TaskPicker(tasks.queryset, self.mine_now, self._now("task"))
        self._offer_areas()
        field = self.fields["clause"]
        assert isinstance(field, ClauseField)
        chosen = self.data.get("clause", "") if self.is_bound else str(self.initial.get("clause") or "")
        self.offer = ClausePicker(self.mine_now, self.day_now, self.data.get("clause_q", ""), chosen)
        field.set_offer(self.offer)

    def _offer_mines(self) -> None:
        own = self.user.unit
        field = self.fields["mine"]
        assert isinstance(field, forms.ModelChoiceField)
        mines: Any = Unit.objects.visible_to(self.user).filter(kind=Unit.Kind.MINE, is_active=True)
        field.queryset = mines = mines.select_related("mine")
        if self.of_mine and own is not None:
            field.initial = own.pk
            field.widget = forms.HiddenInput()
            field.queryset = mines.filter(pk=own.pk)
            self.fields["source"].initial = Source.SELF_CHECK
            self._sources([Source.SELF_CHECK])
            self.fields["source"].widget = forms.HiddenInput()
        else:
            self._sources(BUREAU_SOURCES)
        self.mine_offer = MinePicker(field.queryset, self.data.get("mine_q", ""), self._now("mine"))

    def _sources(self, sources: Sequence[Source]) -> None:
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(source.value, source.label) for source in sources]

    def _now(self, name: str) -> str:
        """What stands in a field at this moment, valid or not yet."""
        value = self.data.get(name) if self.is_bound else self.initial.get(name)
        return str(value or self.fields[name].initial or "")

    @property
    def fold_open(self) -> bool:
        return any(self._now(name) or name in self.errors for name in self.folded)

    def _offer_areas(self) -> None:
        """The areas of the mine that is chosen at this moment; no field for a mine that has none."""
        mine = self.mine_now
        field: Any = self.fields["area"]
        field.queryset = MineArea.objects.filter(mine=mine) if mine is not None else MineArea.objects.none()
        if mine is None or not field.queryset.exists():
            del self.fields["area"]
            self.folded = tuple(name for name in self.folded if name != "area")

    @property
    def of_mine(self) -> bool:
        """Whether the person registers for a mine of their own."""
        return self.user.unit is not None and self.user.unit.kind == Unit.Kind.MINE

    @property
    def mine_now(self) -> Unit | None:
        """The mine as it stands in the form at this moment, valid or not yet."""
        field: Any = self.fields["mine"]
        key = self._now("mine")
        return field.queryset.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None

    @property
    def day_now(self) -> dt.date | None:
        try:
            value = self.data.get("found_on", "") if self.is_bound else self.initial["found_on"]
            return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
        except ValueError:
            return None


class ChangeForm(PageForm):
    """What is written on a hazard, as far as it may still be put right."""

    draft = "hazard-change"

    place = forms.CharField(label="地点", max_length=200)
    description = forms.CharField(label="隐患内容", max_length=4000, widget=forms.Textarea(attrs={"rows": "4"}))
    measures = forms.CharField(
        label="整改措施", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": "4"})
    )
    responsible_unit = forms.CharField(
        label="责任单位", required=False, max_length=100, help_text="不填就是矿山本身；可以写到区队、科室。"
    )
    responsible_person = forms.CharField(label="责任人", required=False, max_length=40)
    task = forms.ModelChoiceField(
        label="所属行动任务", queryset=Task.objects.none(), required=False, empty_label="不属于专项行动"
    )
    remark = forms.CharField(label="备注", required=False, max_length=500)

    def __init__(self, *args: Any, hazard: Hazard, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(changeable(hazard)):
            del self.fields[name]
        for name in self.fields:
            self.initial.setdefault(name, getattr(hazard, name))
        task = self.fields["task"]
        assert isinstance(task, forms.ModelChoiceField)
        task.queryset = tasks_offered(by) | Task.objects.filter(pk=hazard.task_id or 0)
        offer = TaskPicker(task.queryset, hazard.mine, str(hazard.task_id or ""))
        task.widget.choices = [("", "不属于专项行动"), *offer.groups]
        task.help_text = offer.note


class GradeForm(ClauseForm):
    """The decision of a person on the level of one hazard."""

    draft = "grade"

    level = forms.ChoiceField(label="等级", choices=Level.choices, widget=forms.RadioSelect)
    clause = ClauseField(label="判定条款", required=False)
    due_on = forms.DateField(label="整改期限")
    reason = forms.CharField(
        label="认定理由",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="与系统建议不同、没有对应条款的重大隐患，以及重新定级，都要写明理由。",
    )

    def __init__(self, *args: Any, hazard: Hazard, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words, chosen = self.data.get("clause_q", ""), self.data.get("clause", "")
        if not self.is_bound:
            chosen = str(hazard.clause_id or "")
            self.initial["level"] = hazard.level or proposed_level(hazard.clause)
            self.initial["clause"] = chosen
            self.initial["due_on"] = hazard.due_on
            self.initial["reason"] = hazard.level_reason
        field = self.fields["clause"]
        assert isinstance(field, ClauseField)
        self.offer = ClausePicker(hazard.mine, hazard.found_on, words, chosen)
        field.set_offer(self.offer)
        self.clause_query = f"?mine={hazard.mine_id}&found_on={hazard.found_on.isoformat()}"
        self.fields["due_on"].widget.attrs["min"] = hazard.found_on.isoformat()
        if hazard.state == Hazard.State.GRADED:
            self.fields["reason"].required = True
        if not hazard.relations_of(by) & {"bureau", "finder"}:
            level = self.fields["level"]
            assert isinstance(level, forms.ChoiceField)
            level.choices = [(Level.GENERAL.value, Level.GENERAL.label)]
            self.initial["level"] = Level.GENERAL
            level.help_text = "您只能把本矿自查的隐患定为一般隐患。可能构成重大隐患的，不要定级，由应急管理局定级。"


class GradeManyForm(PageForm):
    """One day for many general hazards."""

    draft = ""

    due_on = forms.DateField(label="整改期限")
