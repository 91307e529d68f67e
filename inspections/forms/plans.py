"""Forms of groups, plans, coverage rules and planned visits."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from common.forms import PageForm, RowsField
from inspections.forms.visits import officers_offered
from inspections.models import CoverageRule, InspectionPlan, PatrolGroup, VisitKind
from inspections.proposals import next_week
from mines.models import MineType
from units.models import Unit, User


class GroupForm(PageForm):
    draft = "patrol-group"

    name = forms.CharField(label="名称", max_length=60, help_text="如：第一五人小组。")
    members = RowsField(label="成员", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple)
    mines = RowsField(
        label="包保矿山", queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text="小组每周、每月应检查的矿山。",
    )  # fmt: skip
    is_active = forms.BooleanField(label="在用", required=False, initial=True)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members: Any = self.fields["members"]
        mines: Any = self.fields["mines"]
        members.queryset = officers_offered(user)
        mines.queryset = Unit.objects.visible_to(user).filter(kind=Unit.Kind.MINE, is_active=True)


class PlanYearForm(PageForm):
    draft = ""

    year = forms.TypedChoiceField(label="年度", coerce=int)

    def __init__(self, *args: Any, taken: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = timezone.localdate().year
        field: Any = self.fields["year"]
        field.choices = [(year, f"{year}年") for year in (this, this + 1, this - 1) if year not in taken]
        field.help_text = "沿用最近一个年度的覆盖要求和工作重点，编制后再修改。"


class PlanForm(PageForm):
    draft = "inspection-plan"

    begins_on = forms.DateField(label="起算日期", help_text="从这一天起统计应检查和未检查。")
    paper = forms.CharField(label="批准文件", max_length=100, required=False, help_text="本级人民政府批准的文号。")
    words = forms.CharField(
        label="工作重点", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": "6"})
    )

    def __init__(self, *args: Any, plan: InspectionPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            self.initial.setdefault(name, getattr(plan, name))


class RuleForm(PageForm):
    draft = "coverage-rule"

    group = forms.ModelChoiceField(
        label="由谁检查", queryset=PatrolGroup.objects.none(), required=False, empty_label="不限（任何一次检查都算）",
        help_text="选了小组的，只要求它包保的矿山，只算以它的名义进行的检查。",
    )  # fmt: skip
    mine_types = forms.MultipleChoiceField(
        label="矿山类型", choices=MineType.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="都不选，就是各类矿山。",
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label="检查方式", choices=VisitKind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="都不选，就是不论哪种方式。",
    )  # fmt: skip
    period = forms.ChoiceField(label="周期", choices=CoverageRule.Period.choices)
    times = forms.IntegerField(label="每周期至少几次", min_value=1, max_value=31, initial=1)
    full = forms.BooleanField(label="必须是全面检查", required=False)
    source = forms.CharField(label="依据", max_length=300, help_text="方案、办法的名称和条款。")

    def __init__(self, *args: Any, plan: InspectionPlan, rule: CoverageRule | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: Any = self.fields["group"]
        groups.queryset = PatrolGroup.objects.filter(region=plan.region_id, is_active=True)
        if rule is not None:
            groups.queryset |= PatrolGroup.objects.filter(pk=rule.group_id or 0)
            for name in self.fields:
                self.initial.setdefault(name, getattr(rule, name))


class PlannedForm(PageForm):
    """When and how the chosen mines are to be visited."""

    draft = ""

    begins_on = forms.DateField(label="最早")
    due_on = forms.DateField(label="最迟")
    kind = forms.ChoiceField(label="检查方式", choices=VisitKind.choices, initial=VisitKind.PLANNED)
    group = forms.ModelChoiceField(
        label="检查小组", queryset=PatrolGroup.objects.none(), required=False, empty_label="不指定小组"
    )

    def __init__(self, *args: Any, user: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: Any = self.fields["group"]
        groups.queryset = PatrolGroup.objects.visible_to(user).filter(is_active=True)
        begins_on, due_on = next_week(today)
        self.initial.setdefault("begins_on", begins_on)
        self.initial.setdefault("due_on", due_on)
