"""Forms of the head of a mine's file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from common.forms import MEGABYTE, PageForm, PageModelForm, UploadsField
from mines.models import Mine
from mines.services.file import FILE_FIELDS
from units.models import Unit, User

PAPERS = (".pdf", ".jpg", ".jpeg", ".png", ".docx")


def papers_field(label: str = "文书扫描件", required: bool = False) -> UploadsField:
    return UploadsField(label=label, required=required, endings=PAPERS, max_bytes=20 * MEGABYTE, max_files=10)


def today_or_before(form: forms.Form, *names: str) -> None:
    """Let days begin with today, and offer none after it."""
    today = timezone.localdate()
    for name in names:
        form.initial.setdefault(name, today)
        form.fields[name].widget.attrs["max"] = today.isoformat()


class MineForm(PageModelForm):
    """The head of the file. What the mine may only propose stands under its own heading."""

    draft = "mine"
    sections = (
        (
            "由应急管理局核定",
            ("mine_type", "state", "state_since", "capacity", "supervising_unit", "gas_grade", "water_grade",
             "self_ignition", "rock_burst", "pond_grade"),
        ),
        ("矿山填写", ("mineral", "mining_method", "address", "longitude", "latitude", "duty_phone")),
    )  # fmt: skip

    class Meta:
        model = Mine
        fields = FILE_FIELDS
        help_texts = {
            "capacity": "核定或设计能力；尾矿库不填。",
            "longitude": "国家2000坐标，十进制度数，如 112.8512。",
            "duty_phone": "24小时值班电话。",
        }

    def __init__(self, *args: Any, by: User, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["supervising_unit"]
        kinds = Q(kind__in=("department", "township", "government"), is_active=True)
        units.queryset = Unit.objects.filter(kinds, region__code__startswith=unit.region_id[:6]).order_by("sort_key")
        units.empty_label = "请选择"
        if self.instance.pk is None:
            states = [one for one in Mine.State.choices if one[0] not in ("suspended", "closed")]
            self.fields["state"] = forms.ChoiceField(label="生产状态", choices=states)
            self.fields["state_since"] = forms.DateField(
                label="状态起始日期", required=False, help_text="不清楚的可以不填；已经停产的，建好档案后登记停产。"
            )
        elif not by.reviews:
            self.fields["reason"] = forms.CharField(
                label="修改理由", required=False, max_length=300,
                help_text="改动“由应急管理局核定”的内容时填写，局里核定后生效；其他内容保存后立即生效。",
            )  # fmt: skip
        from common.forms import dress

        dress(self.fields.values())

    def _post_clean(self) -> None:
        """The service checks and writes; the instance stays as it is in the database."""


class StateForm(PageForm):
    draft = "mine-state"

    action = forms.ChoiceField(label="变更为")
    since = forms.DateField(label="起始日期")
    paper = forms.CharField(
        label="依据文书", max_length=150, required=False, help_text="批复、验收意见、关闭决定等的名称和文号。"
    )
    note = forms.CharField(label="说明", max_length=300, widget=forms.Textarea(attrs={"rows": "3"}))
    evidence = papers_field()

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["action"]
        field.choices = choices
        today_or_before(self, "since")


class DecisionForm(PageForm):
    draft = ""

    accept = forms.ChoiceField(
        label="核定结果", choices=[("yes", "采纳，写入档案"), ("no", "不采纳")], widget=forms.RadioSelect, initial="yes"
    )
    answer = forms.CharField(
        label="意见",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="不采纳的须写明理由。",
    )


class ConfirmForm(PageForm):
    draft = ""

    note = forms.CharField(
        label="说明", max_length=300, required=False, help_text="本月有变化的先改好档案再确认；这里可以写一句本月变化。"
    )
