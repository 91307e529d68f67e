"""Groups: classes of units that papers name as one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from common.errors import NotAllowed, Refused
from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from units import exports
from units.filters import GroupFilterSet
from units.forms.directory import AliasForm, GroupForm
from units.models import Unit, UnitGroup
from units.services import change_group, create_alias, create_group
from units.views.accounts import user_of
from units.views.directory.access import SHOWN, ForKeepers, ForReaders, visible_group


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
