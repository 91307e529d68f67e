"""Units: the list, one unit, its forms, joining two that are the same."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Q
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
from units.filters import UnitFilterSet
from units.forms.accounts import ReasonForm
from units.forms.directory import AliasForm, MergeForm, UnitForm
from units.models import Unit, UnitAlias, UnitGroup, User
from units.services import (
    change_unit,
    create_alias,
    create_unit,
    deactivate_unit,
    delete_alias,
    merge_units,
    reactivate_unit,
)
from units.views.accounts import user_of
from units.views.directory.access import SHOWN, ForKeepers, ForReaders, visible_unit


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
