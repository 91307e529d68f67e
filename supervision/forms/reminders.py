"""Forms of the inbox, the channels and the ladders."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms

from common.due import due_sources
from common.forms import PageForm
from supervision.ladders import MAX_OFFSET, Audience, Step, Steps
from supervision.models import Channel

BEFORE, ON, AFTER = "before", "on", "after"
SPARE_ROWS = 2


class ContactForm(PageForm):
    """When not to be disturbed, and which kinds of things each channel may tell of."""

    draft = "contact"
    quiet_from = forms.TimeField(label="免打扰开始", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(
        label="免打扰结束",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="这段时间和休息日不发邮件、短信等；站内提醒随时可以查看。",
    )

    def __init__(self, *args: Any, channels: list[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channels = channels
        kinds = [(source.kind, source.label) for source in due_sources()]
        for channel in channels:
            self.fields[f"by_{channel.kind}"] = forms.MultipleChoiceField(
                label=f"{channel}提醒", choices=kinds, required=False, widget=forms.CheckboxSelectMultiple
            )

    def wanted(self) -> dict[str, list[str]]:
        """The kinds of things that each channel offered here may tell of."""
        return {channel.kind: self.cleaned_data[f"by_{channel.kind}"] for channel in self.channels}


class ChannelForm(PageForm):
    """One channel. What is secret is typed anew or left alone; it is never sent to a browser."""

    draft = ""
    is_on = forms.BooleanField(label="启用", required=False)
    address = forms.URLField(
        label="接收地址",
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text="短信网关或其他系统接收 JSON 的地址，格式见“使用说明”。",
    )
    secret = forms.CharField(
        label="密钥", max_length=300, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    signing_secret = forms.CharField(
        label="加签密钥", max_length=300, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )

    SECRETS = {
        Channel.Kind.WECOM: "机器人 Webhook 地址中 key= 后面的部分。",
        Channel.Kind.DINGTALK: "机器人 Webhook 地址中 access_token= 后面的部分。",
        Channel.Kind.FEISHU: "机器人 Webhook 地址的最后一段。",
        Channel.Kind.OTHER: (
            "一行 Apprise 地址，如 tgram://机器人令牌/群号。地址里写 {phone}、{email} 或 {username} 的，"
            "按每个人的手机、邮箱、用户名分别发送全文；不写的当作群，只说谁有几件事项。"
        ),
        Channel.Kind.HOOK: "放在请求头 Authorization: Bearer 之后；对方不要求的留空。",
    }

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channel.kind != Channel.Kind.HOOK:
            del self.fields["address"]
        if channel.kind not in (Channel.Kind.DINGTALK, Channel.Kind.FEISHU):
            del self.fields["signing_secret"]
        else:
            self.fields["signing_secret"].help_text = self._kept("机器人没有启用“加签”的留空。", channel.signing_secret)
        if channel.kind == Channel.Kind.EMAIL:
            del self.fields["secret"]
        else:
            words = self.SECRETS[Channel.Kind(channel.kind)]
            self.fields["secret"].help_text = self._kept(words, channel.secret)
        if channel.kind == Channel.Kind.OTHER:
            self.fields["secret"].label = "Apprise 地址"

    @staticmethod
    def _kept(words: str, secret: str) -> str:
        return f"{words}已保存，不再显示；不更换的留空。" if secret else words

    def clean_address(self) -> str:
        url = str(self.cleaned_data["address"])
        if url and (urlsplit(url).username or urlsplit(url).password):
            raise forms.ValidationError("地址里不要写用户名和密码，请填在“密钥”里。")
        return url


class LadderForm(PageForm):
    """The steps of a ladder, one row each; a row without people is left out."""

    draft = "ladder"
    source = forms.CharField(label="依据", max_length=200, help_text="规定这些天数的文件名称和文号，或会议决定。")

    def __init__(self, *args: Any, steps: Steps, **kwargs: Any) -> None:
        rows = int((kwargs.get("data") or (args[0] if args else None) or {}).get("rows", len(steps) + SPARE_ROWS))
        self.count = max(1, min(rows, 2 * len(Audience) + SPARE_ROWS))
        initial = kwargs.setdefault("initial", {})
        for at, step in enumerate(steps):
            initial[f"when_{at}"] = BEFORE if step.offset < 0 else AFTER if step.offset else ON
            initial[f"days_{at}"] = abs(step.offset)
            initial[f"to_{at}"] = list(step.audiences)
        super().__init__(*args, **kwargs)
        for at in range(self.count):
            self.fields[f"when_{at}"] = forms.ChoiceField(
                label="何时", choices=[(BEFORE, "到期前"), (ON, "到期当日"), (AFTER, "逾期")], required=False
            )
            self.fields[f"days_{at}"] = forms.IntegerField(
                label="工作日", min_value=0, max_value=MAX_OFFSET, required=False
            )
            self.fields[f"to_{at}"] = forms.MultipleChoiceField(
                label="提醒谁", choices=Audience.choices, required=False, widget=forms.CheckboxSelectMultiple
            )

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(self[f"when_{at}"], self[f"days_{at}"], self[f"to_{at}"]) for at in range(self.count)]

    def steps(self) -> Steps:
        """The steps that were filled in."""
        found = []
        for at in range(self.count):
            data = self.cleaned_data
            audiences = tuple(data.get(f"to_{at}") or ())
            if audiences:
                days, when = data.get(f"days_{at}") or 0, data.get(f"when_{at}") or ON
                found.append(Step(0 if when == ON else -days if when == BEFORE else days, audiences))
        return tuple(found)
