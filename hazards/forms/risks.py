"""Forms of risks and of the areas of a mine."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from common.forms import MEGABYTE, PageForm, UploadField
from hazards.models import AccidentType, MineArea, Risk
from hazards.models.risks import GRID_HEIGHT, GRID_WIDTH, SMALLEST
from hazards.services.risks import AreaDraft
from units.models import Unit
from units.rules import rule

LEVELS = [(level, f"{Risk.COLOURS[level]}　{Risk.Level(level).label}") for level in Risk.COLOURS]


class RiskForm(PageForm):
    draft = "risk"
    sections = (
        ("在哪里", ("area", "new_area", "name")),
        ("是什么风险", ("description", "accident_types", "level")),
        ("怎样管控", ("measures", "responsible_unit", "responsible_person", "review_on")),
    )

    area = forms.ModelChoiceField(label="区域", queryset=MineArea.objects.none(), required=False)
    new_area = forms.CharField(
        label="新区域",
        max_length=60,
        required=False,
        help_text="上面没有的，在这里写名称；会放到分布图的空处，可以再挪。",
    )
    name = forms.CharField(label="风险点", max_length=100, help_text="设备、地点或作业，如：2203综采工作面瓦斯。")
    description = forms.CharField(
        label="风险描述", max_length=4000, widget=forms.Textarea, help_text="可能发生什么，为什么会发生。"
    )
    accident_types = forms.MultipleChoiceField(
        label="可能的事故", choices=AccidentType.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    level = forms.ChoiceField(label="风险等级", choices=LEVELS, widget=forms.RadioSelect)
    measures = forms.CharField(
        label="管控措施",
        max_length=4000,
        widget=forms.Textarea,
        help_text="工程、管理、培训、防护和应急措施，写到能检查的程度。",
    )
    responsible_unit = forms.CharField(label="责任部门", max_length=100, required=False)
    responsible_person = forms.CharField(label="责任人", max_length=40)
    review_on = forms.DateField(label="应复评日期")

    def __init__(self, *args: Any, mine: Unit, risk: Risk | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["area"].queryset = MineArea.objects.filter(mine=mine)
        if risk is not None:
            del self.fields["new_area"]
            fields["area"].required = True
        days = rule("risk_review_days", mine.region.county)
        self.initial.setdefault("review_on", timezone.localdate() + dt.timedelta(days=days))
        self.fields["review_on"].help_text = f"到这一天重新评估，最长{days}天；重大风险宜更短。"


class ReviewForm(PageForm):
    draft = "risk-review"

    on = forms.DateField(label="评估日期")
    level = forms.ChoiceField(label="评估后的等级", choices=LEVELS, widget=forms.RadioSelect)
    words = forms.CharField(
        label="复评情况",
        max_length=2000,
        widget=forms.Textarea,
        help_text="措施是否有效、条件有没有变化、为什么定这一等级。",
    )
    review_on = forms.DateField(label="下次复评")

    def __init__(self, *args: Any, risk: Risk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        days = rule("risk_review_days", risk.region_id)
        for name, value in {"on": today, "level": risk.level, "review_on": today + dt.timedelta(days=days)}.items():
            self.initial.setdefault(name, value)
        self.fields["on"].widget.attrs["max"] = today.isoformat()


class BackgroundForm(PageForm):
    draft = ""
    file = UploadField(
        label="图纸的照片或图片",
        endings=(".jpg", ".jpeg", ".png"),
        max_bytes=20 * MEGABYTE,
        required=False,
        help_text="横向的采掘工程平面图、总平面图或手画的示意图都可以；不选文件直接保存就是去掉底图。",
    )


def _squares(label: str, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, required=False)


class AreaForm(PageForm):
    """One line of the editor. An empty line of a new area is passed over."""

    draft = ""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="区域", max_length=60, required=False)
    x = _squares("左", 0, GRID_WIDTH - SMALLEST)
    y = _squares("上", 0, GRID_HEIGHT - SMALLEST)
    width = _squares("宽", SMALLEST, GRID_WIDTH)
    height = _squares("高", SMALLEST, GRID_HEIGHT)
    remove = forms.BooleanField(label="删除", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "x", "y", "width", "height", "remove"):
            field = self.fields[name]
            field.widget.attrs |= {"aria-label": str(field.label), "data-area": name}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("name", "").strip() and (data.get("pk") or any(data.get(key) is not None for key in "xy")):
            self.add_error("name", "请填写区域名称。")
        return data

    @property
    def draft_of_area(self) -> AreaDraft | None:
        """What the line asks for; None for an empty one."""
        data = self.cleaned_data
        if not data["name"].strip():
            return None
        return AreaDraft(**{key: data[key] for key in ("pk", "name", "x", "y", "width", "height", "remove")})
