"""The lists beside the tasks of a draft: stages, goals and reporting duties, corrected a list at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from tasks.forms.imports import RowForm
from tasks.models.campaigns import Comparator, Frequency
from tasks.preview import due_words

EVERY = [("", "—"), *Frequency.choices, ("once", "一次"), ("on_event", "随时")]
MOST_ROWS = 60
DAY_OF_MONTH = re.compile(r"(?:每月)?(\d{1,2})[日号]前?")
DAY_OF_YEAR = re.compile(r"(?:每年)?(\d{1,2})(?:月|-)(\d{1,2})[日号]?前?")
DATE = re.compile(r"(\d{4})(?:年|-)(\d{1,2})(?:月|-)(\d{1,2})[日号]?前?")


class OutlineRow(RowForm):
    """One row of a list; `main` is the field without which the row is taken out."""

    main: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for form_field in self.fields.values():
            form_field.widget.attrs.pop("placeholder", None)  # the labels stand above

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        filled = any(value for name, value in data.items() if name != "at")
        if filled and data.get("at") is None and not data.get(self.main) and self.main not in self.errors:
            self.add_error(self.main, f"请填写{self.fields[self.main].label}，或清空这一行。")
        return data

    def values(self) -> dict[str, Any]:
        """The row as a draft holds it."""
        raise NotImplementedError


class StageRow(OutlineRow):
    main = "name"
    name = forms.CharField(label="阶段名称", max_length=100, required=False)
    start = forms.DateField(label="开始", required=False)
    end = forms.DateField(label="结束", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", "结束日期不能早于开始日期。")
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"name": data["name"], "start": _iso(data["start"]), "end": _iso(data["end"])}


class GoalRow(OutlineRow):
    main = "indicator"
    indicator = forms.CharField(label="目标", max_length=200, required=False)
    comparator = forms.ChoiceField(label="比较", choices=Comparator.choices, required=False)
    value = forms.DecimalField(label="数值", max_digits=14, decimal_places=2, required=False)
    unit = forms.CharField(label="单位", max_length=20, required=False)
    by = forms.DateField(label="期限", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        comparator = self.fields["comparator"]
        assert isinstance(comparator, forms.ChoiceField)
        comparator.choices = [("", "定性"), *Comparator.choices]  # an empty choice means something here

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("comparator") and data.get("value") is None and "value" not in self.errors:
            self.add_error("value", "请填数值，或把比较改为“定性”。")
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        value = None if data["value"] is None else float(data["value"])
        return {
            "indicator": data["indicator"],
            "value": int(value) if value is not None and value.is_integer() else value,
            "unit": data["unit"] or None,
            "comparator": None if value is None else data["comparator"] or Comparator.EQUAL.value,
            "by": _iso(data["by"]),
            "kind": "checkable" if value is None else "numeric",
        }


class ReportingRow(OutlineRow):
    main = "what"
    what = forms.CharField(label="报送内容", max_length=300, required=False)
    reporter = forms.CharField(label="报送单位", max_length=200, required=False)
    receiver = forms.CharField(label="报给", max_length=200, required=False)
    every = forms.ChoiceField(label="频次", choices=EVERY, required=False)
    due = forms.CharField(label="报送日", max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due"].widget.attrs["placeholder"] = "如28日前、12月5日前"

    def clean_due(self) -> str | None:
        """The day as the plan's own shape has it: `28th of month`, `12-05`, or a date. Raises ValidationError."""
        words = str(self.cleaned_data["due"]).strip()
        if not words:
            return None
        if found := DATE.fullmatch(words):
            year, month, day = map(int, found.groups())
            written = f"{year}-{month:02}-{day:02}"
        elif found := DAY_OF_YEAR.fullmatch(words):
            month, day = map(int, found.groups())
            written = f"{month:02}-{day:02}"
        elif found := DAY_OF_MONTH.fullmatch(words):
            month, day = 1, int(found[1])
            written = f"{day}th of month"
        else:
            raise forms.ValidationError("请写成“28日前”“12月5日前”或“2026年12月5日前”。")
        if not (1 <= month <= 12 and 1 <= day <= 31):
            raise forms.ValidationError("没有这一天，请改正。")
        return written

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "what": data["what"],
            "from": data["reporter"] or None,
            "to": data["receiver"] or None,
            "every": data["every"] or None,
            "due": data["due"],
        }


ROWS: dict[str, type[OutlineRow]] = {"stages": StageRow, "goals": GoalRow, "reporting": ReportingRow}


class OutlineForm:
    """The rows of one list and the version that was looked at; an emptied row is a removed one."""

    def __init__(self, part: str, rows: Sequence[Mapping[str, Any]], version: int, data: Any = None) -> None:
        self.former = rows
        self.version = data.get("version") if data else version
        self.draft = f"import-{part}"
        self.is_bound = data is not None
        self.main = ROWS[part].main
        form_set = forms.formset_factory(ROWS[part], extra=1, max_num=MOST_ROWS)
        initial = [_initial(row) | {"at": at} for at, row in enumerate(rows)]
        self.rows = form_set(data, initial=initial, prefix=part)
        self.non_field_errors: list[str] = []

    def is_valid(self) -> bool:
        return bool(self.rows.is_valid())

    def values(self) -> list[dict[str, Any]]:
        """The rows as a draft holds them; what the reader knew of a row beyond its fields stays with it."""
        return [self._former(form) | form.values() for form in self.rows if form.cleaned_data.get(self.main)]

    def _former(self, form: forms.Form) -> dict[str, Any]:
        at = form.cleaned_data.get("at")
        return dict(self.former[at]) if at is not None and 0 <= at < len(self.former) else {"text": ""}


def _initial(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the draft as its form shows it."""
    return dict(row) | {
        "indicator": row.get("indicator") or row.get("text"),
        "what": row.get("what") or row.get("text"),
        "reporter": row.get("from"),
        "receiver": row.get("to"),
        "due": due_words(row.get("due") or ""),
    }


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
