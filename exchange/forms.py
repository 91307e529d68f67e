"""Forms of service accounts."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import GroupedCheckboxes, PageForm
from exchange.models import ExchangeLine, ServiceAccount
from exchange.resources import RESOURCES
from exchange.scopes import GROUPS, under_entries
from exchange.services.lines import FETCHABLE, SENDABLE
from units.models import Region, Role, Unit, User


class LinesField(forms.CharField):
    """One value a line."""

    widget = forms.Textarea(attrs={"rows": "3"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class ServiceAccountForm(PageForm):
    """The account of another system; unit and role can no longer be changed once it is open."""

    draft = "service-account"
    sections = (
        ("对方系统", ("name", "purpose", "contact")),
        ("看到的范围", ("unit", "role", "region")),
        ("权限和限制", ("scopes", "networks", "per_minute")),
    )
    name = forms.CharField(label="名称", max_length=40, help_text="例如：省级监管平台。办理记录中以这个名称出现。")
    purpose = forms.CharField(label="用途", max_length=200)
    contact = forms.CharField(label="对方联系人", max_length=100, help_text="单位、姓名和电话，出现问题时找得到人。")
    unit = forms.ModelChoiceField(
        label="单位", queryset=Unit.objects.none(), help_text="账号看到的，与这个单位同一角色的人员相同。"
    )
    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *Role.choices])
    region = forms.ModelChoiceField(
        label="只限地区", queryset=Region.objects.none(), required=False, help_text="不选则不另作限制。"
    )
    scopes = forms.MultipleChoiceField(
        label="权限", choices=GROUPS, widget=GroupedCheckboxes, help_text="只选用得到的。"
    )
    networks = LinesField(
        label="允许的网络", required=False, help_text="每行一个，例如 10.1.2.3 或 10.1.0.0/16；不填则不限制。"
    )
    per_minute = forms.IntegerField(label="每分钟请求上限", min_value=1, max_value=6000, initial=120)

    def __init__(self, *args: Any, by: User, account: ServiceAccount | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if account is not None:
            for name in ("name", "unit", "role"):
                del self.fields[name]
        else:
            self.fields["unit"].queryset = Unit.objects.visible_to(by).filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["region"].queryset = Region.objects.visible_to(by)  # type: ignore[attr-defined]


class TokenForm(PageForm):
    draft = ""
    days = forms.IntegerField(label="有效天数", min_value=1, max_value=366, initial=180)


class SubscriptionForm(PageForm):
    """Where another system is told of changes, and of which."""

    draft = "subscription"
    address = forms.URLField(
        label="接收地址",
        max_length=500,
        assume_scheme="https",
        help_text="对方接收消息的网址，例如 https://主机/路径。",
    )
    nouns = forms.MultipleChoiceField(label="内容", widget=GroupedCheckboxes)
    verbs = LinesField(
        label="只要这些变动",
        required=False,
        help_text="每行一个变动代码，例如 hazard.close；不填则所选内容的变动全部推送。",
    )

    def __init__(self, *args: Any, account: ServiceAccount, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nouns"].choices = under_entries(  # type: ignore[attr-defined]
            {name: one.label for name, one in RESOURCES.items() if one.is_readable(account.scopes) and one.is_followed}
        )


class LineForm(PageForm):
    """What is exchanged with which address, and when; account and direction stay as they were set up."""

    draft = "exchange-line"
    sections = (
        ("对方", ("account", "name", "direction", "address", "credential")),
        ("内容和时间", ("nouns", "every", "hour")),
    )
    account = forms.ModelChoiceField(
        label="接口账号", queryset=ServiceAccount.objects.none(),
        help_text="对方系统的账号：能报送和接收什么，由它的单位、角色和权限决定。",
    )  # fmt: skip
    name = forms.CharField(label="名称", max_length=80, help_text="例如：每天向省平台报送隐患。")
    direction = forms.ChoiceField(label="方向", choices=[("", "请选择"), *ExchangeLine.Direction.choices])
    address = forms.URLField(
        label="对方地址", max_length=500, assume_scheme="https", help_text="对方给的网址，例如 https://主机/路径。"
    )
    credential = forms.CharField(
        label="凭据", max_length=500, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="对方给的凭据，放在请求头 Authorization 中，例如 Bearer 后面接令牌。加密保存，以后不再显示。",
    )  # fmt: skip
    nouns = forms.MultipleChoiceField(label="内容", widget=GroupedCheckboxes)
    every = forms.TypedChoiceField(
        label="间隔", coerce=int, choices=ExchangeLine.Every.choices, initial=ExchangeLine.Every.DAY
    )
    hour = forms.IntegerField(label="几点", min_value=0, max_value=23, initial=2, help_text="每天一次的在几点，0到23。")

    def __init__(self, *args: Any, by: User, line: ExchangeLine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nouns: Any = self.fields["nouns"]
        offered = SENDABLE
        if line is None:
            accounts: Any = self.fields["account"]
            accounts.queryset = ServiceAccount.objects.visible_to(by).filter(is_open=True).select_related("user")
            told = "、".join(dict.fromkeys(str(RESOURCES[noun].label).split("：")[0] for noun in FETCHABLE))
            nouns.help_text = f"报送可以选账号有权读取的；接收可以选{told}。"
        else:
            del self.fields["account"], self.fields["direction"]
            offered = SENDABLE if line.is_push else FETCHABLE
            if line.credential:
                self.fields["credential"].help_text = "已有凭据，不填则不变。"
        nouns.choices = under_entries({noun: RESOURCES[noun].label for noun in offered})


class PackageForm(PageForm):
    draft = ""
    since = forms.DateField(label="从哪天起有变动的", required=False, help_text="不填则全部。")


class MappingForm(PageForm):
    """The other system's words, as JSON."""

    draft = "mapping"
    mapping = forms.JSONField(
        label="字段对照", required=False, widget=forms.Textarea(attrs={"rows": "16", "spellcheck": "false"}),
        help_text=(
            "JSON 写法，例如 {\"hazards\": {\"name\": \"yhxx\", \"fields\": {\"number\": \"yhbh\"}, "
            "\"codes\": {\"level\": {\"major\": \"1\"}}}}。不给出的字段写 null。字段名称见接口说明。"
        ),
        error_messages={"invalid": "不是有效的 JSON，请检查引号、逗号和括号。"},
    )  # fmt: skip
