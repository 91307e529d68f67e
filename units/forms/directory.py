"""Forms of units, groups and regions."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import PageForm, RowsField
from units.models import Region, Unit, UnitTag, User


class FullName(forms.ModelChoiceField):
    """A choice of units by their full names: those of doubles differ where the short ones may not."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class MergeForm(PageForm):
    """Which entry of the directory is the same body once more."""

    draft = ""
    gone = FullName(
        label="重复的单位",
        queryset=Unit.objects.none(),
        help_text="只列类别和所在区划都相同的单位。它的一切都会转到本单位。",
    )
    sure = forms.BooleanField(label="我已核对，这是同一个单位的两条记录。合并后不能拆开。")

    def __init__(self, *args: Any, by: User, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alike = Unit.objects.visible_to(by).filter(kind=unit.kind, region=unit.region, is_active=True)
        gone = self.fields["gone"]
        assert isinstance(gone, forms.ModelChoiceField)
        gone.queryset = alike.exclude(pk=unit.pk)


class UnitForm(PageForm):
    draft = "unit"
    sections = (
        ("名称", ("name", "short_name", "kind", "credit_code")),
        ("归属", ("region", "parent", "tags")),
    )
    name = forms.CharField(label="全称", max_length=100, help_text="与公章或营业执照一致。")
    short_name = forms.CharField(
        label="简称", max_length=40, required=False, help_text="列表和提醒里用，例如：县应急局。"
    )
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *Unit.Kind.choices])
    credit_code = forms.CharField(
        label="统一社会信用代码", max_length=40, required=False, help_text="18位，见营业执照或法人证书；没有可以不填。"
    )
    region = forms.ModelChoiceField(label="所在区划", queryset=Region.objects.none())
    parent = forms.ModelChoiceField(
        label="上级单位",
        queryset=Unit.objects.none(),
        required=False,
        help_text="矿山填它的主体企业；上级能看到下级的全部任务。",
    )
    tags = RowsField(
        label="标记",
        queryset=UnitTag.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="“各产煤乡镇”这类集体单位按标记找成员。",
    )

    def __init__(self, *args: Any, by: User, unit: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = Region.objects.visible_to(by)
        parents = Unit.objects.visible_to(by).filter(is_active=True)
        if unit is not None:
            parents = (
                parents.exclude(path__startswith=unit.path) | Unit.objects.filter(pk=unit.parent_id or 0)
            ).distinct()
        self.fields["region"].queryset = regions  # type: ignore[attr-defined]
        self.fields["region"].label_from_instance = lambda row: f"{row.name}（{row.code}）"  # type: ignore[attr-defined]
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]
        self.fields["parent"].empty_label = "无"  # type: ignore[attr-defined]
        self.fields["parent"].label_from_instance = lambda row: row.name  # type: ignore[attr-defined]
        self.fields["tags"].queryset = UnitTag.objects.all()  # type: ignore[attr-defined]


class AliasForm(PageForm):
    draft = ""
    name = forms.CharField(label="别名", max_length=100)


class GroupForm(PageForm):
    draft = "group"
    sections = (
        ("名称", ("name", "region")),
        ("按规则的成员", ("kinds", "tags")),
        ("另外指定的成员", ("extra_members",)),
    )
    name = forms.CharField(label="名称", max_length=100, help_text="与方案里的写法一致，例如：各产煤乡镇人民政府。")
    region = forms.ModelChoiceField(label="区划", queryset=Region.objects.none())
    kinds = forms.MultipleChoiceField(
        label="单位类别", choices=Unit.Kind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    tags = RowsField(
        label="须有的标记",
        queryset=UnitTag.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="选了几个，就要同时有这几个标记。",
    )
    extra_members = RowsField(
        label="另加单位",
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-tall"}),
        help_text="规则之外的单位，勾选后也算这个组的成员。",
    )

    def __init__(self, *args: Any, by: User, changing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if changing:
            del self.fields["region"]
        else:
            self.fields["region"].queryset = Region.objects.visible_to(by)  # type: ignore[attr-defined]
        self.fields["tags"].queryset = UnitTag.objects.all()  # type: ignore[attr-defined]
        self.fields["extra_members"].queryset = Unit.objects.visible_to(by)  # type: ignore[attr-defined]
        self.fields["extra_members"].label_from_instance = lambda row: row.name  # type: ignore[attr-defined]


class RegionForm(PageForm):
    draft = "region"
    code = forms.CharField(
        label="区划代码", max_length=12, help_text="乡镇9位、村12位，按国家统计局统计用区划代码；须以本地区的代码开头。"
    )
    name = forms.CharField(label="名称", max_length=60)
    short_name = forms.CharField(label="简称", max_length=20, required=False)


class TagForm(PageForm):
    draft = "tag"
    name = forms.CharField(label="名称", max_length=40, help_text="例如：产煤乡镇、尾矿库。加好后在单位页面勾选。")
