"""Forms before and around the log-in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from common.forms import PageForm
from units.models import User

WRONG = "登录名或密码不正确，或者账号还没有激活、已经停用。请检查大小写和输入法后重试；连续输错5次将暂停登录15分钟。"


class LoginForm(PageForm):
    draft = ""
    username = forms.CharField(
        label="登录名", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        self.request = request
        self.user: User | None = None
        super().__init__(*args, **kwargs)

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "username" in data and "password" in data:
            found = authenticate(self.request, username=data["username"], password=data["password"])
            if not isinstance(found, User):
                raise ValidationError(WRONG, code="wrong")
            self.user = found
        return data

    def get_user(self) -> User | None:
        return self.user


class NewPasswordForm(PageForm):
    """The new password twice; whether it is strong enough is the service's to say."""

    draft = ""
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次新密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].help_text = " ".join(filter(None, password_validators_help_texts()))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "两次输入的新密码不一致，请重新输入。")
        return data


class PasswordChangeForm(NewPasswordForm):
    old = forms.CharField(
        label="当前密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    field_order = ("old", "new", "again")


class CodeForm(PageForm):
    draft = ""
    code = forms.CharField(
        label="激活码",
        max_length=40,
        help_text="局管理员给您的16位激活码，不分大小写，横线可以不输。",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "characters"}
        ),
    )
