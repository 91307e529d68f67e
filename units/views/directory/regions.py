"""Regions and tags."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from common.forms import FormPage
from common.lists import Column, ListPage
from units.filters import RegionFilterSet
from units.forms.directory import RegionForm, TagForm
from units.models import Region, Unit, UnitTag
from units.services import create_region, create_tag
from units.views.accounts import user_of
from units.views.directory.access import ForKeepers, ForReaders


class RegionList(ForReaders, ListPage):
    model = Region
    title = "行政区划"
    columns = (
        Column("name", "名称", kind="title", link=True, sort="name"),
        Column("short_name", "简称", kind="short"),
        Column("code", "区划代码", kind="short", sort="code"),
        Column("units", "在用单位", cell="unit_count", align="end"),
    )
    filterset_class = RegionFilterSet
    order = "code"
    template_name = "units/region_list.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Region.objects.visible_to(user_of(self.request))
        return rows.annotate(unit_count=Count("units", filter=Q(units__is_active=True)))

    def row_url(self, row: Any) -> str:
        return f"{reverse('units:units')}?region={row.pk}"


class RegionCreate(ForKeepers, FormPage):
    form_class = RegionForm
    title = "新增乡镇或村"

    def get_success_url(self) -> str:
        return reverse("units:regions")

    def perform(self, form: Any) -> str:
        return f"已新增“{create_region(by=user_of(self.request), **form.cleaned_data).name}”。"


class TagList(ForReaders, ListPage):
    model = UnitTag
    title = "标记"
    lead = "单位组按标记找成员：给单位勾上标记，“各产煤乡镇人民政府”这样的组就自动包括它。"
    columns = (
        Column("name", "名称", kind="title", link=True, sort="name"),
        Column("units", "有此标记的在用单位", cell="unit_count", align="end"),
    )
    order = "name"
    template_name = "units/tag_list.html"
    empty_title = "还没有标记"

    def get_queryset(self) -> QuerySet[Any]:
        mine = Q(units__in=Unit.objects.visible_to(user_of(self.request)).filter(is_active=True))
        return UnitTag.objects.annotate(unit_count=Count("units", filter=mine))

    def row_url(self, row: Any) -> str:
        return f"{reverse('units:units')}?tag={row.pk}"


class TagCreate(ForKeepers, FormPage):
    form_class = TagForm
    title = "新增标记"

    def get_success_url(self) -> str:
        return reverse("units:tags")

    def perform(self, form: Any) -> str:
        return f"已新增标记“{create_tag(by=user_of(self.request), **form.cleaned_data).name}”。"
