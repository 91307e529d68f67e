"""Filters of the lists of mines."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from common.filters import SearchFilter, VisibleFilter, YesNoFilter
from mines.ledgers import Ledger
from mines.models import CreditMark, KeyPost, Licence, Mine, MineType, Suspension
from mines.querysets import FIVE_HEADS
from units.models import Region, Unit


class MineFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["name", "short_name", "initials", "parent__name"], placeholder="矿山或企业名称")
    kind = django_filters.ChoiceFilter(
        label="矿山类型", choices=[*MineType.choices, ("none", "未填写")], method="filter_kind", empty_label="全部"
    )
    state = django_filters.ChoiceFilter(
        label="生产状态", field_name="mine__state", choices=Mine.State.choices, empty_label="全部"
    )
    grade = django_filters.ChoiceFilter(
        label="标准化等级", field_name="mine__grade", choices=Mine.GRADES, empty_label="全部"
    )
    licence = django_filters.ChoiceFilter(
        label="证照",
        choices=[("expiring", "即将到期"), ("expired", "已过期")],
        method="filter_licence",
        empty_label="全部",
    )
    posts = django_filters.ChoiceFilter(
        label="关键岗位",
        choices=[
            ("vacant", "“五职”矿长不齐"), ("late", "空缺超期"), ("often", "频繁更换"), ("lacking", "有人不符合条件"),
            ("doubled", "与他矿人员同名（疑似兼职）"),
        ],
        method="filter_posts",
        empty_label="全部",
    )  # fmt: skip
    credit = YesNoFilter(label="有失信记录", method="filter_credit")
    confirmed = YesNoFilter(label="本月已确认档案", field_name="confirmed")
    town = django_filters.ModelChoiceFilter(
        label="所在区划", field_name="region", queryset=lambda request: Region.objects.visible_to(request.user),
        empty_label="全部",
    )  # fmt: skip

    class Meta:
        model = Unit
        fields: list[str] = []

    def filter_kind(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(mine__isnull=True) if value == "none" else rows.filter(mine__mine_type=value)

    def filter_posts(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        posts = KeyPost.objects.all()
        if value == "vacant":
            return rows.filter(heads__lt=len(FIVE_HEADS), mine__isnull=False).exclude(
                Q(mine__mine_type=MineType.TAILINGS_POND) | Q(mine__state__in=("closing", "closed"))
            )
        found = {
            "late": lambda: posts.vacant().filter(fill_by__lt=timezone.localdate()),
            "often": posts.often,
            "lacking": posts.lacking,
            "doubled": posts.doubled,
        }[value]()
        return rows.filter(pk__in=found.values("mine"))

    def filter_credit(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        marked = CreditMark.objects.in_force().bad().values("mine")
        return rows.filter(pk__in=marked) if value else rows.exclude(pk__in=marked)

    def filter_licence(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        today = timezone.localdate()
        current = Licence.objects.filter(is_current=True)
        if value == "expired":
            return rows.filter(pk__in=current.filter(expires_on__lt=today).values("mine"))
        return rows.filter(pk__in=current.filter(renew_by__lte=today, expires_on__gte=today).values("mine"))


class OwnMineFilter(VisibleFilter):
    """One mine that has a file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="矿山", model=Mine, search=("unit__name", "unit__short_name"), **kwargs)

    def visible_rows(self, request: Any) -> QuerySet[Any]:
        return super().visible_rows(request).select_related("unit").order_by("unit__sort_key", "pk")


class LineFilter(django_filters.FilterSet):
    """The lines of one ledger across mines; `of` makes that of each ledger."""

    ledger: ClassVar[Ledger]
    q = SearchFilter(fields=["mine__unit__name", "mine__unit__initials"], placeholder="矿山名称")
    kind = django_filters.ChoiceFilter(
        label="矿山类型", field_name="mine__mine_type", choices=MineType.choices, empty_label="全部"
    )
    late = YesNoFilter(label="逾期", method="filter_late")
    year = django_filters.ChoiceFilter(label="年份", choices=[], method="filter_year", empty_label="全部")

    mine = OwnMineFilter()

    @classmethod
    def of(cls, ledger: Ledger) -> type[LineFilter]:
        """The filters of one ledger: without lateness where nothing is owed, without years where nothing is dated."""
        without = {name: None for name, has in (("late", ledger.late), ("year", ledger.dated)) if not has}
        made: type[LineFilter] = type(f"{ledger.model.__name__}Filter", (cls,), {"ledger": ledger, **without})
        return made

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.ledger.dated:
            last = timezone.localdate().year
            self.filters["year"].extra["choices"] = [(str(year), f"{year}年") for year in range(last + 1, last - 6, -1)]

    def filter_year(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.ledger.dated}__year": value})

    def filter_late(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        assert self.ledger.late is not None
        late = self.ledger.late(timezone.localdate())
        return rows.filter(late) if value else rows.exclude(late)


class SuspensionFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["mine__unit__name", "mine__unit__initials", "reason"], placeholder="矿山名称、原因")
    state = django_filters.ChoiceFilter(label="状态", choices=Suspension.State.choices, empty_label="全部")
    kind = django_filters.ChoiceFilter(label="类别", choices=Suspension.Kind.choices, empty_label="全部")
    listed = YesNoFilter(label="名单已上报", method="filter_listed")

    class Meta:
        model = Suspension
        fields: list[str] = []

    def filter_listed(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(listed_in__sent_on__isnull=not value)
