"""The drawings: one mine, one enterprise, all mines at a glance, one area, and the editor of the areas."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe
from django.views.generic import View

from common.errors import NotAllowed, Refused
from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from hazards.filters import RiskMapFilter
from hazards.forms.risks import AreaForm, BackgroundForm
from hazards.models import Hazard, MineArea, Risk, RiskMap
from hazards.models.risks import GRID_HEIGHT, GRID_WIDTH, relations_to_mine
from hazards.querysets import mines_with_risks
from hazards.risk_maps import draw_maps
from hazards.services.risks import check_keeps_risks, save_areas, set_background
from units.models import Unit
from units.requests import user_of

NEW_LINES = 3
"""Empty lines at the end of the editor."""
MOST_LINES = 120
MOST_MAPS = 60
HISTORY_LINES = 20


def mine_of(request: HttpRequest, pk: int) -> Unit:
    """The mine in the address, where this user sees it; 404 otherwise."""
    rows = Unit.objects.visible_to(user_of(request)).select_related("region", "parent")
    found: Unit = get_object_or_404(rows, pk=pk, kind=Unit.Kind.MINE)
    return found


class RiskMapList(ListPage):
    """Every mine in reach with how many risks of each colour it has."""

    model = Unit
    title = "四色风险分布"
    template_name = "hazards/risks_maps.html"
    filterset_class = RiskMapFilter
    exports = True
    order = "name"
    columns = (
        Column("name", "矿山", kind="title", link=True, sort="sort_key"),
        Column("parent", "主体企业", template="hazards/cells/risk_enterprise.html", cell="parent.name"),
        *(
            Column(level, f"{colour}　{Risk.Level(level).label}", align="end", kind="short")
            for level, colour in Risk.COLOURS.items()
        ),
        Column("late", "复评逾期", align="end", kind="short"),
        Column("open_hazards", "未销号隐患", align="end", kind="short"),
    )

    def get_queryset(self) -> Any:
        user = user_of(self.request)
        return mines_with_risks(Unit.objects.visible_to(user).filter(kind=Unit.Kind.MINE, is_active=True))

    def row_url(self, row: Any) -> str:
        return reverse("hazards:mine_risks", args=[row.pk])


@require_safe
def mine_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The drawing of one mine, with its numbers beneath."""
    mine, user = mine_of(request, pk), user_of(request)
    drawing = RiskMap.objects.filter(mine=mine).first()
    context = {
        "mine": mine,
        "map": draw_maps([mine], user)[0],
        "may_keep": bool(relations_to_mine(user, mine)),
        "events": history_of(drawing)[:HISTORY_LINES] if drawing else [],
        "levels": Risk.COLOURS,
    }
    return render(request, "hazards/risks_mine.html", context)


@require_safe
def enterprise_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The drawings of all mines of an enterprise on one page, each on a sheet of its own when printed."""
    user = user_of(request)
    unit = get_object_or_404(Unit.objects.visible_to(user), pk=pk, kind=Unit.Kind.ENTERPRISE)
    mines = Unit.objects.visible_to(user).filter(kind=Unit.Kind.MINE, is_active=True, path__startswith=unit.path)
    context = {"unit": unit, "maps": draw_maps(list(mines.order_by("sort_key")[:MOST_MAPS]), user)}
    return render(request, "hazards/risks_enterprise.html", context)


@require_safe
def area_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What may happen in one area, and what was found there."""
    user = user_of(request)
    area = get_object_or_404(MineArea.objects.visible_to(user).select_related("mine__region"), pk=pk)
    hazards = Hazard.objects.visible_to(user).filter(area=area).exclude(state__in=("closed", "void"))
    order = list(Risk.COLOURS)
    risks = Risk.objects.visible_to(user).filter(area=area).for_list()
    context = {
        "area": area,
        "mine": area.mine,
        "risks": sorted(risks, key=lambda risk: (risk.state != "in_force", order.index(risk.level), risk.pk)),
        "hazards": hazards.for_list().order_by("due_on", "pk")[:50],
        "may_keep": bool(relations_to_mine(user, area.mine)),
    }
    return render(request, "hazards/risks_area.html", context)


class AreaEditor(View):
    """The areas as lines of a table beside their drawing: it moves while somebody types, and is saved at once."""

    @cached_property
    def mine(self) -> Unit:
        mine = mine_of(self.request, self.kwargs["pk"])
        check_keeps_risks(user_of(self.request), mine)
        return mine

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        areas = list(MineArea.objects.filter(mine=self.mine).order_by("pk"))
        shown = ("pk", "name", "x", "y", "width", "height")
        lines = [{name: getattr(area, name) for name in shown} for area in areas]
        forms = [AreaForm(initial=line, prefix=f"a{place}") for place, line in enumerate([*lines, *[{}] * NEW_LINES])]
        return self.page(forms)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mine = self.mine
        count = sum(f"a{place}-name" in request.POST for place in range(MOST_LINES))
        forms = [AreaForm(request.POST, prefix=f"a{place}") for place in range(count)]
        # Each is asked, so that every fault is shown.
        if False in [form.is_valid() for form in forms]:
            return self.page(forms, "有内容需要修改，改好后再保存。")
        drafts = [draft for form in forms if (draft := form.draft_of_area) is not None]
        try:
            save_areas(by=user_of(request), mine=mine, drafts=drafts)
        except NotAllowed:
            raise
        except Refused as refusal:
            return self.page(forms, refusal.message)
        messages.success(request, "分布图已保存。")
        if "more" in request.POST:
            return HttpResponseRedirect(request.path)
        return HttpResponseRedirect(reverse("hazards:mine_risks", args=[mine.pk]))

    def page(self, forms: list[AreaForm], fault: str = "") -> HttpResponse:
        context = {
            "mine": self.mine,
            "forms": forms,
            "fault": fault,
            "map": draw_maps([self.mine], user_of(self.request))[0],
            "grid_width": GRID_WIDTH,
            "grid_height": GRID_HEIGHT,
        }
        return render(self.request, "hazards/risks_areas.html", context, status=422 if fault else 200)


class BackgroundPage(FormPage):
    """A picture of the mine's plan to lie behind its areas."""

    form_class = BackgroundForm
    template_name = "hazards/risks_form.html"
    title = "分布图的底图"

    @cached_property
    def mine(self) -> Unit:
        mine = mine_of(self.request, self.kwargs["pk"])
        check_keeps_risks(user_of(self.request), mine)
        return mine

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"mine": self.mine}

    def get_success_url(self) -> str:
        return reverse("hazards:mine_risks", args=[self.mine.pk])

    def perform(self, form: BackgroundForm) -> str:
        set_background(by=user_of(self.request), mine=self.mine, file=form.cleaned_data["file"])
        return "底图已保存。" if form.cleaned_data["file"] else "底图已去掉。"
