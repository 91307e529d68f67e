"""What units and accounts are looked for by; pages, exports and the API use the same sets."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from common.filters import MOST_WORDS, SearchFilter
from units.models import Region, Role, Unit, UnitAlias, UnitGroup, UnitTag, User
from units.names import name_key


class UnitSearchFilter(SearchFilter):
    """Every word in a name, an alias or the credit code, or the initials of a name (smmk for 石门煤矿)."""

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        for word in (value or "").split()[:MOST_WORDS]:
            found = Q(name__icontains=word) | Q(short_name__icontains=word) | Q(credit_code__istartswith=word)
            found |= Q(pk__in=UnitAlias.objects.filter(key__contains=name_key(word), unit__isnull=False).values("unit"))
            if word.isascii() and word.isalpha():
                found |= Q(initials__contains=word.lower()) | Q(sort_key__startswith=word.lower())
            queryset = queryset.filter(found)
        return queryset


def visible_regions(request: HttpRequest | None) -> QuerySet[Region]:
    if request is None or not isinstance(request.user, User):
        return Region.objects.none()
    return Region.objects.visible_to(request.user)


class UnitFilterSet(django_filters.FilterSet):
    q = UnitSearchFilter(fields=(), placeholder="名称、别名、拼音首字母或信用代码")
    kind = django_filters.ChoiceFilter(label="类别", choices=Unit.Kind.choices, empty_label="全部类别")
    tag = django_filters.ModelChoiceFilter(
        label="标记", field_name="tags", queryset=UnitTag.objects.all(), empty_label="全部标记"
    )
    region = django_filters.ModelChoiceFilter(
        label="区划", queryset=visible_regions, method="within", empty_label="全部区划"
    )
    state = django_filters.ChoiceFilter(
        label="状态", choices=[("active", "在用"), ("inactive", "已停用")], method="in_state", empty_label="全部状态"
    )

    class Meta:
        model = Unit
        fields: list[str] = []

    def within(self, queryset: QuerySet[Unit], name: str, value: Region) -> QuerySet[Unit]:
        return queryset.filter(region__code__startswith=value.prefix)

    def in_state(self, queryset: QuerySet[Unit], name: str, value: str) -> QuerySet[Unit]:
        return queryset.filter(is_active=value == "active")


class GroupFilterSet(django_filters.FilterSet):
    q = SearchFilter(fields=("name",), placeholder="名称")

    class Meta:
        model = UnitGroup
        fields: list[str] = []


class RegionFilterSet(django_filters.FilterSet):
    q = SearchFilter(fields=("name", "code"), placeholder="名称或代码")

    class Meta:
        model = Region
        fields: list[str] = []


class AccountFilterSet(django_filters.FilterSet):
    q = SearchFilter(fields=("name", "username", "unit__name"), placeholder="姓名、登录名或单位")
    role = django_filters.ChoiceFilter(label="角色", choices=Role.choices, empty_label="全部角色")
    kind = django_filters.ChoiceFilter(
        label="单位类别", field_name="unit__kind", choices=Unit.Kind.choices, empty_label="全部类别"
    )
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[("active", "在用"), ("waiting", "待激活"), ("inactive", "已停用")],
        method="in_state",
        empty_label="全部状态",
    )

    class Meta:
        model = User
        fields: list[str] = []

    def in_state(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        if value == "inactive":
            return queryset.filter(is_active=False)
        waiting = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return queryset.filter(waiting if value == "waiting" else ~waiting, is_active=True)
