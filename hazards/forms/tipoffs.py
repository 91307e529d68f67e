"""Forms of tip-offs: the one of the public, and those of the bureau."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms.utils import ErrorDict
from django.utils import timezone

from common.forms import MEGABYTE, PageForm, UploadsField
from common.numbers import whole_number
from hazards.forms.proofs import words
from hazards.models import TipOff
from units.models import Region, Role, Unit, User
from units.rules import rules_for

PHOTOS = 6
PHOTO_BYTES = 8 * MEGABYTE
MOST_MINES = 8
TEXT = 4000


def counties() -> list[Region]:
    """The counties in which this installation has units: to whose bureau a tip-off can go."""
    codes = {code[:6] for code in Unit.objects.filter(is_active=True).values_list("region_id", flat=True).distinct()}
    return [region for region in Region.objects.filter(code__in=codes) if region.level == "county"]


def mines_named(text: str) -> list[Unit]:
    """A few mines whose name has the words, or whose first letters they are; names of mines are public."""
    text = text.strip()[:60]
    if len(text) < 2:
        return []
    rows: QuerySet[Unit] = Unit.objects.filter(kind=Unit.Kind.MINE, is_active=True).select_related("region")
    named = Q(name__icontains=text) | Q(short_name__icontains=text) | Q(initials__istartswith=text)
    return list(rows.filter(named).order_by("sort_key")[:MOST_MINES])


class PublicTipOffForm(PageForm):
    """What anybody may tell, without saying who they are. Nothing of it is kept in the browser: it may not be theirs."""

    draft = ""
    _errors: ErrorDict | None

    county = forms.ModelChoiceField(label="所在县（区）", queryset=Region.objects.none())
    mine_name = forms.CharField(
        label="哪座矿山",
        max_length=100,
        help_text="写名称的一部分，再从列出的矿山中选；找不到或不知道名称，写大致位置就行。",
    )
    place = forms.CharField(label="矿上的什么地方", max_length=200, required=False)
    happened = forms.CharField(
        label="什么时候", max_length=100, required=False, help_text="如：今天早班、最近一个月每天夜里。"
    )
    description = forms.CharField(
        label="看到了什么",
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": "6"}),
        help_text="写清事实。不想让人知道您是谁，就不要写只有您知道的细节。",
    )
    photos = UploadsField(
        label="照片",
        required=False,
        endings=(".jpg", ".jpeg", ".png", ".webp"),
        max_bytes=PHOTO_BYTES,
        max_files=PHOTOS,
        help_text=f"最多{PHOTOS}张，每张不超过{PHOTO_BYTES // MEGABYTE} MB。照片里的拍摄地点、时间和手机型号会被去掉。",
    )
    name = forms.CharField(label="姓名", max_length=40, required=False)
    phone = forms.CharField(
        label="联系电话", max_length=40, required=False, help_text="只用于核实和发放奖励，只有两名专门人员可以查看。"
    )
    website = forms.CharField(label="请留空", max_length=200, required=False)
    """A trap for programs, which fill in whatever they find; people do not see it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counties = counties()
        field: Any = self.fields["county"]
        field.queryset = Region.objects.filter(pk__in=[one.pk for one in self.counties])
        if len(self.counties) == 1:
            del self.fields["county"]
        self.fields["mine_name"].widget.attrs["autocomplete"] = "off"
        self.fields["website"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}
        text = str(self.data.get("mine_name", ""))
        self.found = mines_named(text)
        self.chosen = whole_number(str(self.data.get("mine", "")))

    def silence(self) -> None:
        """Show what was typed without complaints about what has not been typed yet."""
        self._errors = ErrorDict()

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError("“请留空”一栏不要填写，请清空后再提交。", code="trap")
        return ""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["mine"] = self._mine(data.get("mine_name", ""))
        only = self.counties[0] if len(self.counties) == 1 else None
        data["region"] = data["mine"].region.county if data["mine"] else data.pop("county", None) or only
        if data["region"] is None and not self.errors:
            raise ValidationError("还没有设置受理举报的县（区），请拨打12350。", code="no_county")
        return data

    def _mine(self, text: str) -> Unit | None:
        """The mine that was chosen from those found, or the only one of exactly this name."""
        chosen = next((mine for mine in self.found if mine.pk == self.chosen), None)
        if chosen is not None or not text.strip():
            return chosen
        same = [mine for mine in self.found if text.strip() in (mine.name, mine.short_name)]
        return same[0] if len(same) == 1 else None


class QueryForm(PageForm):
    draft = ""
    code = forms.CharField(
        label="查询码",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class TipOffForm(PageForm):
    """What somebody told the bureau by telephone, letter or in person."""

    draft = "tip-off"
    sections = (
        ("举报内容", ("channel", "mine", "mine_name", "place", "happened", "description", "evidence")),
        ("举报人（可以不留）", ("name", "phone")),
    )

    channel = forms.ChoiceField(
        label="渠道", choices=[choice for choice in TipOff.Channel.choices if choice[0] != TipOff.Channel.WEB]
    )
    mine = forms.ModelChoiceField(label="矿山", queryset=Unit.objects.none(), required=False)
    mine_name = forms.CharField(label="目录里没有的，写名称或位置", max_length=100, required=False)
    place = forms.CharField(label="地点", max_length=200, required=False)
    happened = forms.CharField(label="发生时间", max_length=100, required=False)
    description = words("举报内容")
    evidence = UploadsField(label="照片、来信扫描件", required=False, max_files=10)
    name = forms.CharField(label="姓名", max_length=40, required=False)
    phone = forms.CharField(
        label="联系电话", max_length=40, required=False, help_text="保存后只有局管理员和举报专办员可以查看。"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mine"]
        field.queryset = Unit.objects.visible_to(user).filter(kind=Unit.Kind.MINE, is_active=True)


class StepForm(PageForm):
    """A step with one tip-off."""

    def __init__(self, *args: Any, tip_off: TipOff, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tip_off, self.user = tip_off, user
        for name in ("verified_on", "handled_on"):
            if name in self.fields:
                self.initial.setdefault(name, timezone.localdate())

    def offer_mines(self) -> None:
        field: Any = self.fields["mine"]
        mines = Unit.objects.visible_to(self.user).filter(kind=Unit.Kind.MINE, is_active=True)
        field.queryset = mines.select_related("region", "mine")
        self.initial.setdefault("mine", self.tip_off.mine_id)


class VerifyForm(StepForm):
    draft = "tip-off-verify"
    finding = forms.ChoiceField(label="核查结论", choices=TipOff.Finding.choices, widget=forms.RadioSelect)
    finding_words = words("核查情况", "谁、什么时候、怎样核查，看到了什么。举报人看不到。")
    verified_on = forms.DateField(label="核查日期")
    mine = forms.ModelChoiceField(label="涉及的矿山", queryset=Unit.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_mines()


class HandleForm(StepForm):
    draft = "tip-off-handle"
    handling = words("处理情况", "下达了什么文书、采取了什么措施。举报人看不到。")
    handled_on = forms.DateField(label="处理日期")


class AnswerForm(StepForm):
    draft = "tip-off-answer"
    answer = words("答复", "举报人凭查询码看到的就是这段话。不要写人名和内部情况。")


class DeclineForm(StepForm):
    draft = "tip-off-decline"
    answer = words("不予受理的理由", "举报人凭查询码看到的就是这段话，请同时写明可以向谁反映。")


class HandOverForm(StepForm):
    draft = "tip-off-hand-over"
    handed_to = forms.CharField(label="移送给", max_length=100)
    answer = words("告知举报人的话", "举报人凭查询码看到的就是这段话。")


class AccountForm(StepForm):
    draft = "tip-off-account"
    accountability = words("责任追究情况", "对单位和人员的处罚、处分；不追究的写明理由。举报人看不到。")


class TipOffHazardForm(StepForm):
    draft = "tip-off-hazard"
    mine = forms.ModelChoiceField(label="矿山", queryset=Unit.objects.none())
    place = forms.CharField(label="地点", max_length=200)
    description = words(
        "隐患内容", "矿山能看到这段话：按核查看到的写，不要写出能认出举报人的内容。举报的照片不会带过去。"
    )
    due_on = forms.DateField(label="建议整改期限", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_mines()
        self.initial.setdefault("place", self.tip_off.place)
        self.initial.setdefault("description", self.tip_off.finding_words)


class RewardForm(StepForm):
    draft = "tip-off-reward"
    amount = forms.DecimalField(label="奖励金额（元）", max_digits=9, decimal_places=2, min_value=0)
    basis = forms.CharField(label="依据和算法", max_length=300, widget=forms.Textarea(attrs={"rows": "3"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = rules_for(self.tip_off.region)
        self.fields["amount"].help_text = (
            f"按行政处罚金额的{rules['tip_off_reward_percent']}%计算，最低{rules['tip_off_reward_least']}元，"
            f"最高{rules['tip_off_reward_most']}万元；本地另有规定的从其规定。"
        )


class OfficerForm(PageForm):
    draft = ""
    officer = forms.ModelChoiceField(
        label="举报专办员",
        queryset=User.objects.none(),
        required=False,
        empty_label="不指定（只有局管理员可以查看）",
        help_text="除局管理员外，只有这一人可以查看举报人的姓名和电话，每次查看都记入办理记录。",
    )

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["officer"]
        field.queryset = User.objects.filter(
            role__in=(Role.BUREAU_ADMIN, Role.BUREAU_STAFF), unit__region=region, is_active=True
        )
