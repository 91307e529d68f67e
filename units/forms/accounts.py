"""Forms of accounts."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import PageForm
from units.models import Role, Unit, User

PLACEMENT_HELP = "领导、局工作人员等看全地区的角色，只能给党委政府、部门和议事协调机构的人员；矿山选填报员或矿长。"


class AccountForm(PageForm):
    """An account as its administrator sees it: everything but the password."""

    draft = "account"
    sections = (
        ("人员", ("name", "username", "phone", "email")),
        ("单位和角色", ("unit", "role", "duty")),
    )
    name = forms.CharField(label="姓名", max_length=40)
    username = forms.CharField(
        label="登录名",
        max_length=40,
        help_text="3至40个小写字母、数字、点、横线或下划线，例如姓名全拼。开通后不能更改。",
    )
    phone = forms.CharField(label="手机", max_length=20, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField(label="邮箱", required=False)
    unit = forms.ModelChoiceField(label="单位", queryset=Unit.objects.none())
    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *Role.choices], help_text=PLACEMENT_HELP)
    duty = forms.CharField(label="职务", max_length=40, required=False)

    def __init__(self, *args: Any, by: User, account: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.visible_to(by).filter(is_active=True)
        if account is not None:
            units = units | Unit.objects.filter(pk=account.unit_id or 0)
            del self.fields["username"]
            if account.pk == by.pk:
                for name in ("unit", "role"):
                    self.fields[name].disabled = True
                    self.fields[name].help_text = "自己的单位和角色由另一位局管理员更改。"
        self.fields["unit"].queryset = units.distinct()  # type: ignore[attr-defined]
        self.fields["unit"].label_from_instance = lambda unit: unit.name  # type: ignore[attr-defined]


class ReasonForm(PageForm):
    draft = ""
    note = forms.CharField(label="原因", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": "2"}))


class OwnDetailsForm(PageForm):
    """What people keep current themselves."""

    draft = "profile"
    phone = forms.CharField(label="手机", max_length=20, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField(label="邮箱", required=False, help_text="催办和提醒会发到这里。")
    duty = forms.CharField(label="职务", max_length=40, required=False)
