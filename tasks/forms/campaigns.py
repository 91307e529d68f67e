"""Forms of campaigns: what a printed name means, a reading of a target."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from common.forms import PageForm
from tasks.models import Target
from units.matching import Match
from units.models import Region, Unit, UnitGroup

MOST_UNITS = 1000


class MatchForm(PageForm):
    """One choice: a unit or a group, the likely ones first."""

    means = forms.ChoiceField(label="对应的单位或单位组")
    remember = forms.BooleanField(label="记住这个名称，以后导入时自动对应", required=False, initial=True)

    def __init__(self, *args: Any, region: Region, match: Match, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        likely = [match.certain] if match.certain else list(match.proposals)
        units = Unit.objects.filter(region__code__startswith=region.prefix, is_active=True)[:MOST_UNITS]
        groups = UnitGroup.objects.filter(region__code__startswith=region.prefix)
        choices: list[Any] = [("", "请选择")]
        if likely:
            choices.append(
                (
                    "可能是",
                    [(f"unit-{c.unit}" if c.unit else f"group-{c.group}", f"{c.label}（{c.reason}）") for c in likely],
                )
            )
        choices.append(("单位组", [(f"group-{group.pk}", group.name) for group in groups]))
        choices.append(("单位", [(f"unit-{unit.pk}", unit.name) for unit in units]))
        field = self.fields["means"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def meaning(self) -> dict[str, Any]:
        """The choice as arguments for the service."""
        kind, _, pk = self.cleaned_data["means"].partition("-")
        return {"unit": Unit.objects.get(pk=pk)} if kind == "unit" else {"group": UnitGroup.objects.get(pk=pk)}


class ReadingForm(PageForm):
    """A dated reading: a number where the target is one, a judgement where it is none."""

    on = forms.DateField(label="日期", initial=timezone.localdate)
    value = forms.DecimalField(label="数值", max_digits=14, decimal_places=2)
    is_met = forms.TypedChoiceField(
        label="是否已经达到",
        choices=[("", "请选择"), ("yes", "已达到"), ("no", "未达到")],
        coerce=lambda value: value == "yes",
    )
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(self, *args: Any, target: Target, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_met" if target.value is not None else "value"]
        if target.value is not None and target.unit:
            self.fields["value"].label = f"数值（{target.unit}）"
