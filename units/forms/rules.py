"""The form of one rule."""

from __future__ import annotations

from django import forms

from common.forms import PageForm


class RuleForm(PageForm):
    """A region's own value; without one the default is in force again."""

    value = forms.IntegerField(label="本地区的数值", min_value=0, max_value=100_000, required=False)
    source = forms.CharField(
        label="依据", max_length=200, required=False, help_text="本地区作这样规定的文件名称和文号，会显示在规则旁边。"
    )

    def __init__(self, *args: object, unit: str, default: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].help_text = f"单位：{unit}。留空即恢复通行的{default}{unit}。"
