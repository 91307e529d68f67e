"""Every part of the look on one page, with invented content, for whoever builds pages or checks them by eye."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.decorators import method_decorator

from common.charts import Series, Stretch, draw_chart, draw_timeline
from common.errors import Refused
from common.filters import DateRangeFilter, SearchFilter
from common.forms import FormPage, PageForm, UploadField
from common.lists import BulkAction, Column, ListPage
from common.navigation import ON_BAR, ShownEntry
from common.templatetags.page import due, progress, status

STATES = ["not_started", "in_progress", "submitted", "returned", "done"]
UNITS = [
    "清河县应急管理局",
    "清河县自然资源和规划局（林业和草原局）",
    "晋北恒泰玉溪煤矿有限责任公司安全生产调度指挥中心",
    "柳树沟镇人民政府",
    "各产煤乡镇人民政府",
]
TITLES = [
    "排查隐蔽致灾因素并建立台账",
    "核定井下劳动定员，压减单班下井人数",
    "煤矿主要负责人每月组织一次全面自查，形成问题隐患和制度措施两个清单并动态更新",
    "完成智能化采掘工作面建设",
    "复产复工验收",
]


def for_builders(view: Callable[..., Any]) -> Callable[..., Any]:
    """Show a page only while developing, or to the bureau's administrators; nobody else learns that it is there."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not settings.DEBUG and not getattr(request.user, "is_staff", False):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@dataclass
class SampleRow:
    pk: int
    number: str
    title: str
    unit: str
    state: str
    due: date
    percent: int
    people: int

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return "/styleguide/"


def sample_rows(count: int) -> list[SampleRow]:
    today = timezone.localdate()
    return [
        SampleRow(
            pk=n,
            number=f"{n // 6 + 1}.{n % 6 + 1}",
            title=TITLES[n % 5],
            unit=UNITS[(n * 3) % 5],
            state=STATES[(n * 7) % 5],
            due=today + timedelta(days=(n * 13) % 60 - 20),
            percent=100 if STATES[(n * 7) % 5] == "done" else (n * 17) % 95,
            people=n * 137 % 4000,
        )
        for n in range(1, count + 1)
    ]


class SampleFilters(django_filters.FilterSet):
    q = SearchFilter(fields=["name"], placeholder="编号、标题、原文")
    section = django_filters.ChoiceFilter(
        label="专题", choices=[("1", "（一）防范化解系统性风险"), ("2", "（二）提升本质安全水平")], empty_label="全部"
    )
    state = django_filters.ChoiceFilter(
        label="状态", choices=[("not_started", "未开始"), ("done", "已完成")], empty_label="全部"
    )
    due = DateRangeFilter(label="完成时限")
    unit = django_filters.ChoiceFilter(label="责任单位", choices=[(name, name) for name in UNITS], empty_label="全部")
    overdue = django_filters.BooleanFilter(label="已逾期")


class ExtendForm(PageForm):
    draft = ""
    until = forms.DateField(label="延期至")
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": "2"}))


def _nothing(rows: QuerySet[Any], by: Any, data: dict[str, Any]) -> str:
    return "样例页面不改动任何数据。"


@method_decorator(for_builders, name="dispatch")
class SampleList(ListPage):
    model = get_user_model()
    title = "任务清单"
    lead = "样例列表，内容均为虚构"
    filterset_class = SampleFilters
    bar = ("q", "section", "state", "due")
    columns = (
        Column("number", "序号", kind="short", sort="pk"),
        Column("title", "任务", kind="title", link=True, sort="title"),
        Column("unit", "责任单位"),
        Column("state", "状态", cell=lambda row: status(row.state), kind="short", sort="state"),
        Column("due", "完成时限", cell=lambda row: due(row.due, done=row.state == "done"), sort="due"),
        Column("percent", "进度", cell=lambda row: render_to_string("components/progress.html", progress(row.percent))),
        Column("people", "下井人数", align="end", sort="people"),
    )
    bulk_actions = (
        BulkAction("remind", "发送提醒", _nothing),
        BulkAction("extend", "延期", _nothing, form_class=ExtendForm),
        BulkAction(
            "drop", "取消任务", _nothing, style="danger", confirm="确定取消所选任务吗？取消后各单位不再需要填报。"
        ),
    )
    exports = True

    def get_queryset(self) -> QuerySet[Any]:
        return get_user_model()._default_manager.none()

    @cached_property
    def count(self) -> int:
        return 0 if self.request.GET.get("q") == "无" else 1234

    @cached_property
    def rows(self) -> list[Any]:
        return sample_rows(self.size) if self.count else []

    def _rows_for_export(self) -> list[Any]:
        return sample_rows(60)

    def group_of(self, row: Any) -> str:
        return (
            f"（{'一二三四五六七八九十'[min((row.pk) // 6, 9)]}）专题 {row.pk // 6 + 1}" if not self.order_key else ""
        )


class SampleForm(PageForm):
    sections = (("任务", ["title", "text", "kind"]), ("时限与材料", ["due", "share", "role", "file", "ongoing"]))
    title = forms.CharField(label="标题", max_length=30, help_text="不超过30个字，写清做什么。")
    text = forms.CharField(label="进展情况", widget=forms.Textarea)
    kind = forms.ChoiceField(label="类别", choices=[("", "---------"), ("a", "日常排查"), ("b", "专项整治")])
    due = forms.DateField(label="完成时限", required=False, help_text="方案写“长期坚持”的任务不填日期。")
    share = forms.IntegerField(label="完成比例（%）", min_value=0, max_value=100)
    role = forms.ChoiceField(
        label="本单位的责任",
        widget=forms.RadioSelect,
        choices=[("lead", "牵头"), ("responsible", "责任"), ("cooperating", "配合")],
    )
    file = UploadField(
        label="印证资料",
        required=False,
        endings=[".jpg", ".png", ".pdf", ".docx", ".xlsx"],
        help_text="图片、PDF、Word 或 Excel，单个不超过 20 MB。",
    )
    ongoing = forms.BooleanField(label="长期坚持的任务", required=False)


@method_decorator(for_builders, name="dispatch")
class SampleFormPage(FormPage):
    form_class = SampleForm
    title = "填报进展"
    submit = "提交审核"
    success_url = "/styleguide/"

    def perform(self, form: Any) -> str:
        if form.cleaned_data["share"] == 99:
            raise Refused("完成比例填99%以上前，请先上传印证资料。", fields={"file": ["请上传印证资料。"]})
        return "已提交，等待局工作人员审核。（样例）"


@dataclass
class SampleEvent:
    verb_label: str
    actor_name: str
    actor_unit: str
    at: Any
    note: str = ""


@dataclass
class SampleChange:
    label: str
    before: str
    after: str


@dataclass
class SampleAct:
    action: str
    label: str
    needs_note: bool = False
    style: str = ""
    missing: tuple[str, ...] = ()


@dataclass
class SampleFile:
    name: str
    caption: str
    thumb_url: str
    uploaded_at: Any = field(default_factory=timezone.now)
    get_absolute_url: str = "/styleguide/"


@for_builders
def page(request: HttpRequest) -> HttpResponse:
    """The styleguide."""
    today, now = timezone.localdate(), timezone.now()
    for add, words in (
        (messages.info, "方案已上传，正在读取，可以先离开此页。"),
        (messages.success, "已提交，等待局工作人员审核。"),
        (messages.warning, "有3个责任单位没有对应到名录，请先核对。"),
        (messages.error, "“送审”需要先上传印证资料。请在下方“印证资料”中上传后再送审。"),
    ):
        add(request, words)
    months = [f"{n}月" for n in range(1, 13)]
    entries = [
        ShownEntry(label, "/styleguide/", picture, current=label == "专项行动", on_bar=number < ON_BAR)
        for number, (label, picture) in enumerate(
            [
                ("我的工作", "work"),
                ("专项行动", "campaign"),
                ("任务清单", "task"),
                ("导入方案", "import"),
                ("单位名录", "unit"),
                ("账号管理", "users"),
                ("统计报表", "chart"),
                ("系统设置", "settings"),
            ]
        )
    ]
    context = {
        "entries": entries,
        "far": entries[ON_BAR:],
        "states": [
            "draft",
            *STATES,
            "ongoing",
            "overdue",
            "due_soon",
            "queued",
            "running",
            "failed",
            "locked",
            "inactive",
        ],
        "dues": [today + timedelta(days=n) for n in (-12, 0, 1, 3, 45)],
        "icons": list(_icons()),
        "timeline": draw_timeline(
            [
                Stretch("动员部署", today - timedelta(days=200), today - timedelta(days=150)),
                Stretch("排查整治", today - timedelta(days=149), today - timedelta(days=20), "各单位自查，县级抽查"),
                Stretch("集中攻坚", today - timedelta(days=19), today + timedelta(days=120)),
                Stretch("巩固提升", today + timedelta(days=121), today + timedelta(days=240)),
            ],
            today,
        ),
        "line": draw_chart(
            title="隐患排查与整改",
            unit="条",
            labels=months,
            series=[
                Series("排查", [120, 180, 240, 236, 310, 405, 380, 420, 466, 512, None, None]),
                Series("整改", [80, 150, 210, 220, 260, 370, 366, 400, 430, 470, None, None]),
            ],
        ),
        "bars": draw_chart(
            title="井下作业人数",
            unit="人",
            kind="bar",
            labels=months[:6],
            target=2600.0,
            series=[Series("下井人数", [3120, 3050, 2980, 2870, 2790, 2660])],
        ),
        "lines": [
            (
                SampleEvent("退回", "周敏", "清河县应急管理局", now, "缺少第3采区的排查记录，请补充后重新送审。"),
                [SampleChange("状态", "待审核", "已退回")],
            ),
            (
                SampleEvent(
                    "送审", "高建军", "晋北恒泰玉溪煤矿有限责任公司安全生产调度指挥中心", now - timedelta(hours=5)
                ),
                [],
            ),
            (
                SampleEvent("延长时限", "李红", "清河县应急管理局", now - timedelta(days=9), ""),
                [SampleChange("完成时限", "2026-06-30", "2026-09-30")],
            ),
            (SampleEvent("导入任务", "系统", "", now - timedelta(days=40)), []),
        ],
        "files": [
            SampleFile("排查记录.pdf", "3月排查记录", ""),
            SampleFile("现场.jpg", "1203工作面顶板支护现场照片（整改后）", "/static/img/favicon.svg"),
        ],
        "acts": [
            SampleAct("submit", "送审", style="primary"),
            SampleAct("return", "退回", needs_note=True),
            SampleAct("close", "办结", missing=("还没有印证资料，请先上传。", "牵头单位尚未确认。")),
            SampleAct("cancel", "取消任务", style="danger"),
        ],
        "long_unit": UNITS[2],
    }
    return render(request, "common/styleguide.html", context)


def _icons() -> Iterator[str]:
    sprite = Path(finders.find("img/icons.svg") or "").read_text("utf-8")
    for part in sprite.split('id="')[1:]:
        yield part.split('"')[0]
