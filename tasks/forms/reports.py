"""Forms of reports: the report itself, its signature, a correction, and the bureau's rules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from common.forms import PageForm, UploadsField
from tasks.models import ReportEntry, ReportingRule
from tasks.reporting import MOST_WORDS, NARRATIVE, FigureLine, Line, Sheet, token
from tasks.services.reports import Answers, FigureAnswer, LineAnswer, WordsAnswer
from units.models import UnitGroup, User

HELP = {
    "progress": "本期做了什么、做到哪一步。",
    "problems": "没有问题请写“无”。",
    "plans": "下期准备做什么。",
}


@dataclass(frozen=True)
class Place:
    """One place of the report on the page: what stands there, its controls, its token, and another person's text."""

    name: str
    row: Any
    token: str
    fields: dict[str, forms.BoundField]
    clash: str = ""


class ReportForm(PageForm):
    """A whole report. Every place carries a token of what was shown, so that nobody writes over another's text unseen."""

    draft = "report"

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.clashes: dict[str, str] = {}
        for name, label in NARRATIVE.items():
            self._add(
                name,
                forms.CharField(
                    label=label,
                    required=False,
                    max_length=MOST_WORDS,
                    widget=forms.Textarea(attrs={"rows": "4"}),
                    help_text=HELP[name],
                ),
                getattr(sheet.report, name),
            )
        for line in sheet.lines:
            self._add_line(line)
        for figure in sheet.figures:
            self._add_figure(figure)
        self._add(
            "attachments",
            UploadsField(
                label="附件", required=False, help_text="照片、PDF、Word、Excel，每个不超过20 MB。", max_files=12
            ),
        )

    def _add(self, name: str, field: forms.Field, initial: Any = None) -> None:
        self.fields[name] = field
        self.initial.setdefault(name, initial)

    def _add_line(self, line: Line) -> None:
        task = line.assignment.task.ref
        states = [
            choice
            for choice in ReportEntry.State.choices
            if choice[0] != ReportEntry.State.FINISHED or not line.assignment.is_ongoing
        ]
        self._add(f"state-{line.pk}", forms.ChoiceField(label=f"状态（{task}）", choices=states), line.state)
        self._add(
            f"percent-{line.pk}",
            forms.IntegerField(label=f"进度%（{task}）", min_value=0, max_value=100),
            line.percent,
        )
        self._add(
            f"text-{line.pk}",
            forms.CharField(
                label=f"进展情况（{task}）",
                required=False,
                max_length=MOST_WORDS,
                widget=forms.Textarea(attrs={"rows": "3"}),
            ),
            line.text,
        )
        self._add(f"files-{line.pk}", UploadsField(label=f"印证资料（{task}）", required=False, max_files=12))

    def _add_figure(self, figure: FigureLine) -> None:
        self._add(
            f"stated-{figure.key}",
            forms.DecimalField(
                label=figure.label,
                max_digits=14,
                decimal_places=2,
                min_value=Decimal(0),
                widget=forms.NumberInput(attrs={"aria-label": figure.label}),
            ),
            Decimal(format(figure.stated.normalize(), "f")),
        )
        self._add(
            f"reason-{figure.key}",
            forms.CharField(
                label=f"更改理由（{figure.label}）",
                required=False,
                max_length=300,
                widget=forms.TextInput(attrs={"aria-label": f"更改理由（{figure.label}）"}),
            ),
            figure.reason,
        )

    def clean(self) -> dict[str, Any]:
        """A place that was not on the page that was sent is not judged: its task came in after the page was opened."""
        for place, names in self._places().items():
            if f"token-{place}" not in self.data:
                for name in names:
                    self.errors.pop(name, None)
        return self.cleaned_data

    def _places(self) -> dict[str, tuple[str, ...]]:
        places: dict[str, tuple[str, ...]] = {name: (name,) for name in NARRATIVE}
        for line in self.sheet.lines:
            places[f"line-{line.pk}"] = tuple(f"{part}-{line.pk}" for part in ("state", "percent", "text", "files"))
        for figure in self.sheet.figures:
            places[f"figure-{figure.key}"] = (f"stated-{figure.key}", f"reason-{figure.key}")
        return places

    def answers(self) -> Answers:
        """What was typed, of every place that was on the page."""
        values, sent = self.cleaned_data, self.data
        return Answers(
            narrative={
                name: WordsAnswer(values[name], sent[f"token-{name}"]) for name in NARRATIVE if f"token-{name}" in sent
            },
            lines={
                line.pk: LineAnswer(
                    values[f"state-{line.pk}"],
                    values[f"percent-{line.pk}"],
                    values[f"text-{line.pk}"],
                    sent[f"token-line-{line.pk}"],
                )
                for line in self.sheet.lines
                if f"token-line-{line.pk}" in sent
            },
            figures={
                figure.key: FigureAnswer(
                    values[f"stated-{figure.key}"],
                    values[f"reason-{figure.key}"],
                    sent[f"token-figure-{figure.key}"],
                )
                for figure in self.sheet.figures
                if f"token-figure-{figure.key}" in sent
            },
        )

    def evidence(self) -> dict[int, list[Any]]:
        return {line.pk: self.cleaned_data.get(f"files-{line.pk}") or [] for line in self.sheet.lines}

    # -- for the template ----------------------------------------------------------------------------------------

    def narrative_places(self) -> list[Place]:
        former = self.sheet.former
        return [
            self._place(name, getattr(former, name, ""), token(getattr(self.sheet.report, name)), (name,), "")
            for name in NARRATIVE
        ]

    def line_places(self) -> list[Place]:
        parts = ("state", "percent", "text", "files")
        return [self._place(f"line-{line.pk}", line, line.token, parts, f"-{line.pk}") for line in self.sheet.lines]

    def figure_places(self) -> list[Place]:
        return [
            self._place(f"figure-{one.key}", one, one.token, ("stated", "reason"), f"-{one.key}")
            for one in self.sheet.figures
        ]

    def _place(self, name: str, row: Any, now: str, parts: tuple[str, ...], ending: str) -> Place:
        # After a slip nothing was saved: the page still shows what it was given. After a clash both texts are shown.
        kept = self.data.get(f"token-{name}") if self.is_bound and self.errors else None
        fields = {part: self[f"{part}{ending}"] for part in parts}
        return Place(name, row, kept or now, fields, self.clashes.get(name, ""))


class SignForm(PageForm):
    draft = ""
    signed_for = forms.CharField(
        label="签发负责人",
        max_length=40,
        help_text="本单位主要负责人姓名。由联络员办理时，应先经负责人审签；审签的纸件可作为附件上传。",
    )


class CorrectionForm(PageForm):
    reason = forms.CharField(
        label="更正理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="已通过的报告不再改动；更正作为新的一版，审核通过后代替原报告，两版的差别都能看到。",
    )


class RuleForm(PageForm):
    """What the bureau asks of units each period."""

    draft = "rule"
    sections = (
        ("报送什么", ("title", "kind", "group", "source")),
        ("什么时候", ("due_day", "months_after", "on_day_off", "opens_days", "begins_on", "ends_on")),
    )

    title = forms.CharField(label="报送内容", max_length=100)
    kind = forms.ChoiceField(label="种类", choices=ReportingRule.Kind.choices)
    group = forms.ModelChoiceField(
        label="报送单位",
        queryset=UnitGroup.objects.none(),
        required=False,
        empty_label="有责任事项的各单位",
    )
    source = forms.CharField(
        label="依据",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
        help_text="方案或通知的原文。",
    )
    due_day = forms.IntegerField(label="几日前报", min_value=1, max_value=31, help_text="小月没有的日期按月末。")
    months_after = forms.IntegerField(
        label="期末后第几个月", min_value=0, max_value=3, help_text="0：期末当月；1：下一个月，例如“次月5日前”填5和1。"
    )
    on_day_off = forms.ChoiceField(label="遇非工作日", choices=ReportingRule.OnDayOff.choices)
    opens_days = forms.IntegerField(
        label="提前几天开始填报", min_value=1, max_value=60, help_text="28日到期、提前8天，即20日建立报告。"
    )
    begins_on = forms.DateField(label="起始日期", help_text="从这一天所在的那一期开始报。")
    ends_on = forms.DateField(label="截止日期", required=False, help_text="不填：到行动结束。填过去的日期即停用。")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group = self.fields["group"]
        assert isinstance(group, forms.ModelChoiceField)
        group.queryset = UnitGroup.objects.visible_to(by)
