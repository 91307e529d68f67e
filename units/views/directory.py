"""The directory: units, groups and regions. Readers of the region see it, the bureau's staff keep it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from common.errors import NotAllowed, Refused
from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from common.navigation import back_address
from units import exports
from units.filters import GroupFilterSet, RegionFilterSet, UnitFilterSet
from units.forms.accounts import ReasonForm
from units.forms.directory import AliasForm, GroupForm, MergeForm, RegionForm, TagForm, UnitForm
from units.models import Region, Unit, UnitAlias, UnitGroup, UnitTag, User
from units.services import (
    change_group,
    change_unit,
    check_keeps_directory,
    create_alias,
    create_group,
    create_region,
    create_tag,
    create_unit,
    deactivate_unit,
    delete_alias,
    merge_units,
    reactivate_unit,
)
from units.views.accounts import user_of

SHOWN = 100


class ForReaders:
    """Groups and regions are for whoever reads the region."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_of(request).reads_region:
            raise NotAllowed("单位目录由局里查看和维护；本单位的资料请在“我的账号”中打开。")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class ForKeepers:
    """Forms that write the directory answer 403 before anything is typed."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_keeps_directory(user_of(request))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def visible_unit(request: HttpRequest, pk: int) -> Unit:
    found: Unit = get_object_or_404(Unit.objects.visible_to(user_of(request)).select_related("region", "parent"), pk=pk)
    return found


def visible_group(request: HttpRequest, pk: int) -> UnitGroup:
    found: UnitGroup = get_object_or_404(UnitGroup.objects.visible_to(user_of(request)), pk=pk)
    return found


# ---- Units


class UnitList(ForReaders, ListPage):
    model = Unit
    title = "单位"
    columns = (
        Column("name", "名称", kind="title", link=True, sort="sort_key"),
        Column("short_name", "简称", kind="short"),
        Column("kind", "类别", cell="get_kind_display", kind="short", sort=("kind", "sort_key")),
        Column("region", "所在区划", cell="region.name", kind="short", sort=("region_id", "sort_key")),
        Column("parent", "上级单位", cell="parent.name", kind="wide", sort=("parent__sort_key", "sort_key")),
        Column("tags", "标记", cell=lambda row: exports.SEPARATOR.join(tag.name for tag in row.tags.all())),
        Column("state", "状态", template="units/cells/unit_state.html", kind="short"),
    )
    filterset_class = UnitFilterSet
    bar = ("q", "kind", "region", "tag")
    order = "kind"
    template_name = "units/unit_list.html"
    empty_title = "还没有单位"
    empty_words = "逐个新建，或用 Excel 表格一次导入全县的单位。"

    def export(self, form: str) -> HttpResponseBase:
        rows = self.ordered.prefetch_related("aliases")
        return exports.download(exports.UNITS, rows.iterator(chunk_size=500), form)


class UnitPage(View):
    """One unit; also the page on which a department, a township or a mine finds its own entry."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user, unit = user_of(request), visible_unit(request, pk)
        children = Unit.objects.visible_to(user).filter(parent=unit)
        people = User.objects.visible_to(user).filter(unit=unit)
        context = {
            "unit": unit,
            "tags": unit.tags.all(),
            "aliases": unit.aliases.all(),
            "children": children.order_by("-is_active", "sort_key")[:SHOWN],
            "children_count": children.count(),
            "people": people.order_by("-is_active", "name")[:SHOWN],
            "groups": groups_of(user, unit),
            "keeps": user.reviews,
            "alias_form": AliasForm(),
            "reason_form": ReasonForm(),
            "events": history_of(unit)[:30] if user.reads_region else [],
        }
        return render(request, "units/unit.html", context)


def groups_of(user: User, unit: Unit) -> list[UnitGroup]:
    """The groups that name this unit today, by rule or by list (no query per group)."""
    own = {tag.pk for tag in unit.tags.all()}
    listed = set(unit.groups.values_list("pk", flat=True))
    found = []
    for group in UnitGroup.objects.visible_to(user).for_list():
        by_rule = unit.kind in group.kinds and {tag.pk for tag in group.tags.all()} <= own
        if group.pk in listed or (by_rule and unit.region_id.startswith(group.region.prefix)):
            found.append(group)
    return found if unit.is_active else []


class UnitForms(ForKeepers, FormPage):
    form_class = UnitForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}


class UnitCreate(UnitForms):
    title = "新建单位"

    def get_initial(self) -> dict[str, Any]:
        user = user_of(self.request)
        return {"region": user.unit.region_id if user.unit else None, "parent": self.request.GET.get("parent", "")}

    def get_success_url(self) -> str:
        return reverse("units:units")

    def perform(self, form: Any) -> str:
        unit = create_unit(by=user_of(self.request), **form.cleaned_data)
        return f"已新建“{unit.name}”。"


class UnitChange(UnitForms):
    title = "修改单位"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.unit = visible_unit(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        names = ("name", "short_name", "kind", "credit_code", "region", "parent")
        return {name: getattr(self.unit, name) for name in names} | {"tags": self.unit.tags.all()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"unit": self.unit}

    def get_success_url(self) -> str:
        return self.unit.get_absolute_url()

    def perform(self, form: Any) -> str:
        unit = change_unit(by=user_of(self.request), unit=self.unit, **form.cleaned_data)
        return f"“{unit.name}”已保存。"


class UnitMerge(ForKeepers, FormPage):
    """This unit stays; a second entry of it in the directory is merged into it."""

    form_class = MergeForm
    title = "合并重复单位"
    submit = "合并"

    @cached_property
    def unit(self) -> Unit:
        return visible_unit(self.request, self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": user_of(self.request), "unit": self.unit}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lead = (
            f"保留“{self.unit.name}”。重复单位的任务、隐患、账号和下级都转过来，原名称成为别名，"
            "重复单位停用，全部记录保留。"
        )
        return super().get_context_data(**kwargs) | {"lead": lead}

    def get_success_url(self) -> str:
        return self.unit.get_absolute_url()

    def perform(self, form: MergeForm) -> str:
        gone = form.cleaned_data["gone"]
        moved = merge_units(by=user_of(self.request), keep=self.unit, gone=gone)
        return f"“{gone.name}”已并入，转来{sum(moved.values())}条记录。"


class UnitAct(View):
    """Take out of use, put back in use, add another name."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        by, unit = user_of(request), visible_unit(request, pk)
        act = request.POST.get("act", "")
        try:
            if act == "deactivate":
                deactivate_unit(by=by, unit=unit, note=request.POST.get("note", "")[:200])
                words = f"“{unit.name}”已停用。"
            elif act == "reactivate":
                reactivate_unit(by=by, unit=unit)
                words = f"“{unit.name}”已启用。"
            elif act == "alias":
                words = f"已添加别名“{create_alias(by=by, unit=unit, name=request.POST.get('name', '')[:100]).name}”。"
            else:
                raise Refused("请选择要办理的操作。")
            messages.success(request, words)
        except NotAllowed:
            raise
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect(back_address(request, unit.get_absolute_url()))


class AliasDelete(View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = user_of(request)
        mine = Q(unit__in=Unit.objects.visible_to(user)) | Q(group__in=UnitGroup.objects.visible_to(user))
        alias = get_object_or_404(UnitAlias.objects.filter(mine).select_related("unit", "group"), pk=pk)
        owner = alias.unit or alias.group
        delete_alias(by=user, alias=alias)
        messages.success(request, f"已删除别名“{alias.name}”；以后方案里再出现这个名称，会重新询问指哪个单位。")
        return HttpResponseRedirect(back_address(request, owner.get_absolute_url() if owner else "/"))


# ---- Groups


class GroupList(ForReaders, ListPage):
    model = UnitGroup
    title = "单位组"
    lead = "方案里“各产煤乡镇人民政府”这样的集体单位，在这里说明指哪些单位。"
    columns = (
        Column("name", "名称", kind="title", link=True, sort="name"),
        Column("rule", "按规则的成员", cell=lambda row: rule_in_words(row), kind="wide"),
        Column("extra", "另加单位", cell=lambda row: len(row.extra_members.all()) or None, align="end"),
        Column(
            "aliases",
            "别名",
            cell=lambda row: exports.SEPARATOR.join(alias.name for alias in row.aliases.all()),
            kind="wide",
        ),
    )
    filterset_class = GroupFilterSet
    order = "name"
    template_name = "units/group_list.html"
    empty_title = "还没有单位组"
    empty_words = "新建一个，或在导入方案时按提示建立。"


def rule_in_words(group: UnitGroup) -> str:
    """The rule of a group as a person says it: 乡镇（街道），有“产煤乡镇”标记."""
    kinds = "、".join(str(Unit.Kind(kind).label) for kind in group.kinds)
    tags = "、".join(f"“{tag.name}”" for tag in group.tags.all())
    return f"{kinds}，有{tags}标记" if kinds and tags else kinds


class GroupPage(ForReaders, View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user, group = user_of(request), visible_group(request, pk)
        members: QuerySet[Unit] = group.members().select_related("region").order_by("kind", "sort_key")
        listed = set(group.extra_members.values_list("pk", flat=True))
        context = {
            "group": group,
            "rule": rule_in_words(group),
            "members": [(unit, unit.pk in listed) for unit in members[:SHOWN]],
            "members_count": members.count(),
            "shown": SHOWN,
            "aliases": group.aliases.all(),
            "alias_form": AliasForm(),
            "keeps": user.reviews,
            "events": history_of(group)[:30],
        }
        return render(request, "units/group.html", context)


class GroupForms(ForKeepers, FormPage):
    form_class = GroupForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_success_url(self) -> str:
        return reverse("units:groups")


class GroupCreate(GroupForms):
    title = "新建单位组"

    def get_initial(self) -> dict[str, Any]:
        user = user_of(self.request)
        return {"region": user.unit.region_id if user.unit else None}

    def perform(self, form: Any) -> str:
        return f"已新建“{create_group(by=user_of(self.request), **form.cleaned_data).name}”。"


class GroupChange(GroupForms):
    title = "修改单位组"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.group = visible_group(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        group = self.group
        rows = {"tags": group.tags.all(), "extra_members": group.extra_members.all()}
        return {"name": group.name, "kinds": group.kinds} | rows

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"changing": True}

    def get_success_url(self) -> str:
        return self.group.get_absolute_url()

    def perform(self, form: Any) -> str:
        group = change_group(by=user_of(self.request), group=self.group, **form.cleaned_data)
        return f"“{group.name}”已保存；已经分解下去的任务不变，以后按新的成员分解。"


class GroupAct(View):
    """Add another name to a group."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        group = visible_group(request, pk)
        try:
            alias = create_alias(by=user_of(request), group=group, name=request.POST.get("name", "")[:100])
            messages.success(request, f"已添加别名“{alias.name}”。")
        except NotAllowed:
            raise
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect(group.get_absolute_url())


# ---- Regions


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


# ---- Tags


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
