"""Filters of clauses, hazards and requests for a later day."""

from __future__ import annotations

import re
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from common.filters import (
    MOST_WORDS,
    DateRangeFilter,
    RowOrWords,
    SearchFilter,
    VisibleFilter,
    YesNoFilter,
    in_any,
)
from hazards.models import (
    Category,
    Clause,
    HandOver,
    Hazard,
    HazardExtension,
    Investigation,
    Level,
    Listing,
    LookBack,
    Risk,
    Sign,
    Source,
    TipOff,
)
from hazards.querysets import ClauseQuerySet
from mines.models import MineType
from tasks.models import Task
from units.models import Unit

NUMBER = re.compile(r"\d{6}-\d{1,4}(-\d*)?")
WITHIN = [("3", "3天内"), ("7", "7天内"), ("30", "30天内")]
OPEN = "open"
ON_RECORD = "on_record"
ROW_STATES = [(OPEN, "未销号"), (ON_RECORD, "未作废"), *Hazard.State.choices]


class ClauseSearch(SearchFilter):
    """Words of a clause, or the first letters of its label's syllables."""

    def filter(self, queryset: Any, value: str) -> QuerySet[Any]:
        rows: ClauseQuerySet = queryset
        return rows.matching(value or "")


class ClauseFilter(django_filters.FilterSet):
    """Of one standard's clauses."""

    q = ClauseSearch(fields=[], placeholder="词语、条款号或拼音首字母")
    kind = django_filters.ChoiceFilter(
        label="矿山类型", choices=MineType.choices, method="filter_kind", empty_label="全部"
    )

    class Meta:
        model = Clause
        fields: list[str] = []

    def filter_kind(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        # With its quotation marks, because one kind's name lies within another's. Both databases compare JSON as text.
        return rows.filter(mine_types__icontains=f'"{value}"')


class MineFilter(VisibleFilter):
    """One mine, of those that the user sees."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(model=Unit, search=("name", "short_name", "initials"), **kwargs)

    def visible_rows(self, request: Any) -> QuerySet[Any]:
        return super().visible_rows(request).filter(kind=Unit.Kind.MINE)


class TaskWords(RowOrWords):
    """A task by its key, as the page of the task links here, or words of its title; shown by its title."""

    def prepare_value(self, value: Any) -> Any:
        text = str(value or "")
        row = self.rows.filter(pk=text).first() if text.isdecimal() and len(text) < 19 else None
        return row.heading if row is not None else value


class TaskFilter(VisibleFilter):
    """One task of a campaign; never a list to choose from, since a county's campaigns hold hundreds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(model=Task, search=("title", "text"), **kwargs)

    @property
    def field(self) -> Any:
        if not hasattr(self, "_field"):
            attrs = {"placeholder": "任务标题的一部分", "autocomplete": "off"}
            rows = self.visible_rows(self.get_request())
            self._field = TaskWords(rows=rows, label=self.label, required=False, widget=forms.TextInput(attrs=attrs))
        return self._field


class HazardSearch(SearchFilter):
    """Words, or the number of a hazard or how it begins, which is looked up by its index.

    Mines and clauses are few: they are looked through once and not again for each of their hazards.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields=["place", "description"], placeholder="编号、矿山、地点、内容", **kwargs)

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        number = (value or "").strip()
        if NUMBER.fullmatch(number):
            return queryset.filter(number__startswith=number)
        for word in number.split()[:MOST_WORDS]:
            mines = Unit.objects.filter(in_any(("name", "short_name", "initials"), word), kind=Unit.Kind.MINE)
            found = in_any(self.fields, word) | Q(mine__in=mines.values("pk"))
            found |= Q(clause__in=Clause.objects.filter(in_any(("label",), word)).values("pk"))
            if any(letter.isdigit() for letter in word):
                found |= Q(number__contains=word)
            queryset = queryset.filter(found)
        return queryset


class HazardFilter(django_filters.FilterSet):
    """Of the register."""

    q = HazardSearch()
    mine = MineFilter(label="矿山")
    level = django_filters.ChoiceFilter(label="等级", choices=Level.choices, empty_label="全部")
    state = django_filters.ChoiceFilter(label="状态", choices=ROW_STATES, method="filter_state", empty_label="全部")
    overdue = YesNoFilter(label="已逾期", method="filter_overdue")
    within = django_filters.ChoiceFilter(label="到期", choices=WITHIN, method="filter_within", empty_label="全部")
    source = django_filters.ChoiceFilter(label="来源", choices=Source.choices, empty_label="全部")
    found = DateRangeFilter(field_name="found_on", label="发现日期")
    category = django_filters.ModelChoiceFilter(
        field_name="clause__category",
        label="判定类别",
        queryset=Category.objects.select_related("standard"),
        empty_label="全部",
    )
    task = TaskFilter(label="行动任务")
    investigation = django_filters.ChoiceFilter(
        field_name="investigation__state", label="责任调查", choices=Investigation.State.choices, empty_label="全部"
    )
    returned = YesNoFilter(label="被退回过", method="filter_returned")
    own = YesNoFilter(label="只看本单位", method="filter_own")

    class Meta:
        model = Hazard
        fields: list[str] = []

    def filter_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == OPEN:
            return rows.exclude(state__in=(Hazard.State.CLOSED, Hazard.State.VOID))
        if value == ON_RECORD:
            return rows.exclude(state=Hazard.State.VOID)
        return rows.filter(state=value)

    def filter_overdue(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        return rows.overdue() if value else rows.not_overdue()

    def filter_within(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        return rows.due_within(int(value))

    def filter_returned(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(returned_count__gt=0) if value else rows.filter(returned_count=0)

    def filter_own(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        own = {"mine_id": self.request.user.unit_id}
        return rows.filter(**own) if value else rows.exclude(**own)


class HazardExtensionFilter(django_filters.FilterSet):
    """Of requests to move the day of a hazard."""

    q = SearchFilter(
        fields=["hazard__number", "hazard__description", "hazard__mine__name", "reason"],
        placeholder="编号、矿山、内容、理由",
    )
    state = django_filters.ChoiceFilter(label="状态", choices=HazardExtension.State.choices, empty_label="全部")

    class Meta:
        model = HazardExtension
        fields: list[str] = []


class ListingFilter(django_filters.FilterSet):
    """Of hazards under supervision."""

    q = SearchFilter(
        fields=["number", "organ", "hazard__number", "hazard__place", "hazard__description", "hazard__mine__name",
                "hazard__mine__short_name", "hazard__mine__initials"],
        placeholder="文号、矿山、地点、内容",
    )  # fmt: skip
    mine = MineFilter(field_name="hazard__mine", label="矿山")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(OPEN, "未摘牌"), *Listing.State.choices], method="filter_state", empty_label="全部"
    )
    level = django_filters.ChoiceFilter(label="级别", choices=Listing.Level.choices, empty_label="全部")
    overdue = YesNoFilter(label="已逾期", method="filter_overdue")
    escalated = YesNoFilter(label="已升级", method="filter_escalated")
    due = DateRangeFilter(field_name="due_on", label="整改期限")

    class Meta:
        model = Listing
        fields: list[str] = []

    def filter_state(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        return rows.open() if value == OPEN else rows.filter(state=value)

    def filter_overdue(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        late = rows.overdue()
        return late if value else rows.exclude(pk__in=late.values("pk"))

    def filter_escalated(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(escalated_on__isnull=not value)


class HandOverFilter(django_filters.FilterSet):
    """Of hazards that other departments have or had."""

    q = SearchFilter(
        fields=["letter", "receiver", "hazard__number", "hazard__mine__name", "hazard__place", "hazard__description"],
        placeholder="文号、部门、矿山、内容",
    )
    outcome = django_filters.ChoiceFilter(label="结果", choices=HandOver.Outcome.choices, empty_label="全部")
    sent = DateRangeFilter(field_name="sent_on", label="移送日期")

    class Meta:
        model = HandOver
        fields: list[str] = []


class LookBackFilter(django_filters.FilterSet):
    """Of hazards to be looked at again."""

    q = SearchFilter(
        fields=["hazard__number", "hazard__mine__name", "hazard__place", "reason"], placeholder="编号、矿山、地点、理由"
    )
    result = django_filters.ChoiceFilter(
        label="结果",
        choices=[("waiting", "待回头看"), ("holds", "整改属实"), ("fails", "不属实或反弹")],
        method="filter_result",
        empty_label="全部",
    )
    overdue = YesNoFilter(label="已逾期", method="filter_overdue")

    class Meta:
        model = LookBack
        fields: list[str] = []

    def filter_result(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(on=None) if value == "waiting" else rows.filter(holds=value == "holds")

    def filter_overdue(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        late = rows.overdue()
        return late if value else rows.exclude(pk__in=late.values("pk"))


class SignFilter(django_filters.FilterSet):
    """Of signs of a rectification that did not happen."""

    q = SearchFilter(
        fields=["hazard__number", "hazard__mine__name", "words", "verdict_words"], placeholder="编号、矿山、内容"
    )
    verdict = django_filters.ChoiceFilter(label="判断", choices=Sign.Verdict.choices, empty_label="全部")
    kind = django_filters.ChoiceFilter(label="疑点", choices=Sign.Kind.choices, empty_label="全部")
    mine = MineFilter(label="矿山", field_name="hazard__mine")
    found = DateRangeFilter(field_name="found_at", label="发现时间")

    class Meta:
        model = Sign
        fields: list[str] = []


class RiskFilter(django_filters.FilterSet):
    """Of the list of risks."""

    q = SearchFilter(
        fields=["name", "description", "measures", "responsible_person", "area__name", "area__mine__name",
                "area__mine__short_name", "area__mine__initials"],
        placeholder="风险点、矿山、区域、责任人",
    )  # fmt: skip
    mine = MineFilter(field_name="area__mine", label="矿山")
    level = django_filters.ChoiceFilter(
        label="颜色", choices=[(level, f"{Risk.COLOURS[level]}　{Risk.Level(level).label}") for level in Risk.COLOURS],
        empty_label="全部",
    )  # fmt: skip
    overdue = YesNoFilter(label="复评逾期", method="filter_overdue")
    state = django_filters.ChoiceFilter(label="状态", choices=Risk.State.choices, empty_label="全部")
    review = DateRangeFilter(field_name="review_on", label="应复评日期")

    class Meta:
        model = Risk
        fields: list[str] = []

    def filter_overdue(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        late = rows.overdue()
        return late if value else rows.exclude(pk__in=late.values("pk"))


class RiskMapFilter(django_filters.FilterSet):
    """Of mines with their risks."""

    q = SearchFilter(
        fields=["name", "short_name", "initials", "parent__name", "parent__short_name"], placeholder="矿山、企业"
    )

    class Meta:
        model = Unit
        fields: list[str] = []


class TipOffFilter(django_filters.FilterSet):
    """Of tip-offs; never of who told them."""

    q = SearchFilter(
        fields=["number", "mine__name", "mine__short_name", "mine__initials", "mine_name", "place", "description"],
        placeholder="编号、矿山、地点、内容",
    )
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(OPEN, "未答复"), *TipOff.State.choices], method="filter_state", empty_label="全部"
    )
    finding = django_filters.ChoiceFilter(label="核查结论", choices=TipOff.Finding.choices, empty_label="全部")
    overdue = YesNoFilter(label="已逾期", method="filter_overdue")
    channel = django_filters.ChoiceFilter(label="渠道", choices=TipOff.Channel.choices, empty_label="全部")
    received = DateRangeFilter(field_name="received_at", label="收到时间")

    class Meta:
        model = TipOff
        fields: list[str] = []

    def filter_state(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        return rows.unanswered() if value == OPEN else rows.filter(state=value)

    def filter_overdue(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        late = rows.overdue()
        return late if value else rows.exclude(pk__in=late.values("pk"))
