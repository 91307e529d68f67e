"""The forms of the import wizard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from common.forms import PageForm, UploadField, dress
from tasks.models import Campaign, Deadline
from tasks.models.campaigns import Comparator, Frequency, Level, UnitRole
from units.models import Region, Unit, User

MOST_LEVELS = 8


class UploadForm(PageForm):
    """A plan as a file or as pasted words."""

    draft = "plan-upload"
    file = UploadField(
        label="方案文件",
        required=False,
        help_text="Word或WPS（.docx、.doc、.wps、.rtf、.odt）、Excel（.xlsx、.xls、.et、.ods）、PDF或OFD（文字版）、网页（.html、.mht）或文本（.txt），不超过20MB；压缩包（.zip）里只放一个方案。",
    )
    pasted = forms.CharField(
        label="或粘贴方案全文",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="没有文件时，把网页或文档里的全文复制到这里。",
    )
    name = forms.CharField(
        label="名称", required=False, max_length=200, help_text="粘贴时用来在导入记录里辨认，可不填。"
    )
    region = forms.ModelChoiceField(label="实施地区", queryset=Region.objects.none())
    revises = forms.ModelChoiceField(
        label="这是已有行动的修订稿",
        queryset=Campaign.objects.none(),
        required=False,
        empty_label="不是，这是新的行动",
        help_text="选了行动后，会逐项比较新旧任务，已填报的进展都保留。",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = import_regions(user)
        region = self.fields["region"]
        assert isinstance(region, forms.ModelChoiceField)
        region.queryset = regions
        if len(first := list(regions[:2])) == 1:
            region.initial, region.widget = first[0], forms.HiddenInput()
        revises = self.fields["revises"]
        assert isinstance(revises, forms.ModelChoiceField)
        revises.queryset = Campaign.objects.visible_to(user).filter(state=Campaign.State.ACTIVE)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("file") and not (data.get("pasted") or "").strip():
            self.add_error("file", "请选择方案文件，或在下面粘贴方案全文。")
        return data


def import_regions(user: User) -> Any:
    """The counties, cities and provinces in which this user may run campaigns."""
    regions = Region.objects.visible_to(user).filter(code__regex=r"^\d{6}$")
    return regions.filter(code__startswith=user.reach.region or "") if user.reviews else regions.none()


class HeadForm(PageForm):
    """The campaign's own fields."""

    draft = "import-head"
    title = forms.CharField(label="行动名称", max_length=200)
    document_number = forms.CharField(label="文号", max_length=80, required=False)
    issuer = forms.CharField(label="印发单位", max_length=100, required=False)
    issued_on = forms.DateField(label="印发日期", required=False)
    start = forms.DateField(label="开始日期", required=False)
    end = forms.DateField(label="结束日期", required=False)
    level = forms.ChoiceField(label="级别", choices=Level.choices)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", "结束日期不能早于开始日期。")
        return data

    def values(self) -> dict[str, Any]:
        """The fields as a draft holds them."""
        data = dict(self.cleaned_data)
        data.pop("version")
        for name in ("issued_on", "start", "end"):
            data[name] = data[name].isoformat() if data[name] else None
        return data


class RowForm(forms.Form):
    """One line of a list inside a task form. `at` tells which line of the draft it was; a new line has none."""

    at = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields.values())
        for name, form_field in self.fields.items():
            if name != "at":
                form_field.widget.attrs.setdefault("aria-label", form_field.label)
            if isinstance(form_field.widget, forms.TextInput):
                form_field.widget.attrs.setdefault("placeholder", form_field.label)


class UnitRow(RowForm):
    name = forms.CharField(label="单位名称", max_length=200, required=False)
    role = forms.ChoiceField(label="职责", choices=UnitRole.choices, initial=UnitRole.RESPONSIBLE, required=False)


class DeadlineRow(RowForm):
    kind = forms.ChoiceField(label="种类", choices=[("", "—"), *Deadline.Kind.choices], required=False)
    date = forms.DateField(label="日期", required=False)
    scope = forms.CharField(label="只管哪一部分（整项不填）", max_length=500, required=False)
    value = forms.DecimalField(label="数量", required=False, max_digits=14, decimal_places=2)
    unit = forms.CharField(label="单位", max_length=20, required=False)
    comparator = forms.ChoiceField(label="比较", choices=Comparator.choices, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == Deadline.Kind.DATE and not data.get("date") and "date" not in self.errors:
            self.add_error("date", "请选日期，或把种类改为“长期坚持”。")
        if data.get("date") and not data.get("kind"):
            data["kind"] = Deadline.Kind.DATE
        return data


class RecurrenceRow(RowForm):
    every = forms.ChoiceField(label="频次", choices=[("", "—"), *Frequency.choices], required=False)
    times = forms.IntegerField(label="每期次数", min_value=1, max_value=100, initial=1, required=False)
    text = forms.CharField(label="原文", max_length=200, required=False)


UnitRows = forms.formset_factory(UnitRow, extra=1, max_num=200)
DeadlineRows = forms.formset_factory(DeadlineRow, extra=1, max_num=60)
RecurrenceRows = forms.formset_factory(RecurrenceRow, extra=1, max_num=30)


class TaskForm(PageForm):
    """One task of a draft, with its lists of units, deadlines and recurrences."""

    number = forms.CharField(label="序号", max_length=40, required=False)
    title = forms.CharField(label="标题", max_length=300, required=False)
    text = forms.CharField(label="任务内容", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 6}))
    path = forms.CharField(
        label="所在章节", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="一行一级，从大到小。"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, task: Mapping[str, Any], version: int) -> None:
        key = task["key"]
        initial = {name: task.get(name) or "" for name in ("number", "title", "text")}
        initial |= {"path": "\n".join(task.get("path") or []), "version": version}
        super().__init__(data, initial=initial, prefix=f"t{key}")
        self.draft = f"task-{key}"
        self.task = task
        self.units = UnitRows(
            data, initial=[u | {"at": i} for i, u in enumerate(task["units"])], prefix=f"t{key}-units"
        )
        self.deadlines = DeadlineRows(
            data, initial=[_deadline_initial(d, i) for i, d in enumerate(task["deadlines"])], prefix=f"t{key}-deadlines"
        )
        self.recurrences = RecurrenceRows(
            data, initial=[r | {"at": i} for i, r in enumerate(task["recurrences"])], prefix=f"t{key}-recurrences"
        )
        self.fields["text"].widget.attrs["data-split"] = "1"

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.units.is_valid(), self.deadlines.is_valid(), self.recurrences.is_valid()])

    def clean_path(self) -> str:
        path = str(self.cleaned_data["path"])
        if sum(bool(line.strip()) for line in path.splitlines()) > MOST_LEVELS:
            raise forms.ValidationError(f"章节最多{MOST_LEVELS}级，一行一级。正文请填在“任务内容”里。")
        return path

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("title") or "").strip() and not (data.get("text") or "").strip():
            self.add_error("text", "标题和任务内容不能都空着；不要这一项时请用“删去”。")
        return data

    def values(self) -> dict[str, Any]:
        """The fields as a draft holds them; lines that were only looked at keep everything the reader knew of them."""
        data = self.cleaned_data
        return {
            "number": data["number"].strip() or None,
            "title": data["title"].strip() or None,
            "text": data["text"].replace("\r\n", "\n").strip(),
            "path": [line.strip() for line in data["path"].splitlines() if line.strip()],
            "units": [self._unit(row) for row in _filled(self.units, "name")],
            "deadlines": [self._deadline(row) for row in _filled(self.deadlines, "kind")],
            "recurrences": [self._recurrence(row) for row in _filled(self.recurrences, "every")],
        }

    def _former(self, name: str, row: Mapping[str, Any]) -> dict[str, Any]:
        at = row.get("at")
        rows = self.task[name]
        return dict(rows[at]) if at is not None and 0 <= at < len(rows) else {}

    def _unit(self, row: Mapping[str, Any]) -> dict[str, Any]:
        former, name = self._former("units", row), row["name"].strip()
        if former.get("name") == name:
            return former | {"role": row["role"] or "responsible"}
        return {"name": name, "role": row["role"] or "responsible", "collective": name.startswith(("各", "有关"))}

    def _deadline(self, row: Mapping[str, Any]) -> dict[str, Any]:
        former = self._former("deadlines", row)
        dated = row["kind"] == Deadline.Kind.DATE
        new = {
            "kind": row["kind"],
            "date": row["date"].isoformat() if dated and row["date"] else None,
            "scope": row["scope"].strip() or None,
            "quantity": None,
        }
        if row["value"] is not None:
            value = float(row["value"])
            new["quantity"] = {
                "value": int(value) if value.is_integer() else value,
                "unit": row["unit"].strip(),
                "comparator": row["comparator"] or "=",
            }
        unchanged = {n: former.get(n) for n in ("kind", "date", "scope")} == {
            n: new[n] for n in ("kind", "date", "scope")
        }
        words = (
            (former.get("text") if unchanged else None) or new["date"] or str(dict(Deadline.Kind.choices)[row["kind"]])
        )
        return former | new | {"text": words, "source": former.get("source") or "field"}

    def _recurrence(self, row: Mapping[str, Any]) -> dict[str, Any]:
        former = self._former("recurrences", row)
        return former | {"every": row["every"], "times": row["times"] or 1, "text": row["text"].strip()}


def _deadline_initial(deadline: Mapping[str, Any], at: int) -> dict[str, Any]:
    quantity = deadline.get("quantity") or {}
    return dict(deadline) | {"at": at, "scope": deadline.get("scope") or ""} | {
        name: quantity.get(name) for name in ("value", "unit", "comparator")
    }  # fmt: skip


def _filled(rows: Any, name: str) -> list[dict[str, Any]]:
    """The lines of a list that say something; an emptied line is a removed one."""
    return [form.cleaned_data for form in rows if form.cleaned_data.get(name)]


class NewUnitForm(PageForm):
    """A unit that the directory does not know yet."""

    draft = "import-unit"
    name = forms.CharField(label="单位全称", max_length=100)
    kind = forms.ChoiceField(label="类别", choices=Unit.Kind.choices, initial=Unit.Kind.DEPARTMENT)
    region = forms.ModelChoiceField(label="所在区划", queryset=Region.objects.none())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        assert isinstance(region, forms.ModelChoiceField)
        region.queryset = Region.objects.visible_to(user)
