"""Draws of closed hazards to be looked at again: the list, a new draw, and one that is shown with how it was drawn."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from inspections.drawing import METHOD_WORDS
from inspections.forms.draws import DrawForm
from inspections.models import LookBackDraw
from inspections.services.draws import check_may_draw, draw_look_backs, repeats
from inspections.views.checklists import RegionReaders
from inspections.views.plans import own_county
from units.requests import user_of


class DrawList(RegionReaders, ListPage):
    model = LookBackDraw
    title = "回头看抽查"
    template_name = "inspections/draws.html"
    columns = (
        Column("draw", "抽查", cell=str, kind="title", link=True),
        Column("drawn_by", "抽取人", cell="drawn_by.name", kind="short"),
        Column("drawn", "抽中", cell="drawn_count", align="end"),
        Column("made", "已看", cell="made_count", align="end"),
        Column("failed", "不属实或反弹", cell="failed_count", align="end"),
        Column("due_on", "应完成日期", kind="short"),
    )
    empty_title, empty_words = "还没有抽查", "从已销号的隐患里随机和按风险抽取，安排回头看。"

    def extra_context(self) -> dict[str, Any]:
        return {"may_draw": user_of(self.request).reviews, "tab": "plans"}


class DrawNew(FormPage):
    form_class = DrawForm
    title = "抽取回头看"
    submit = "抽取"
    stays = True
    made: LookBackDraw | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_draw(user_of(request), own_county(request))
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return self.made.get_absolute_url() if self.made else "/inspections/look-backs/"

    def perform(self, form: DrawForm) -> str:
        region = own_county(self.request)
        self.made = draw_look_backs(by=user_of(self.request), region=region, **form.cleaned_data)
        return "已抽取，并按矿山安排了回头看检查。"


@require_safe
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    rows = LookBackDraw.objects.visible_to(user_of(request)).select_related("region", "drawn_by")
    row: LookBackDraw = get_object_or_404(rows, pk=pk)
    context = {
        "draw": row,
        "drawn": row.drawn.select_related("look_back__hazard__mine"),
        "pool_size": len(row.pool),
        "pool": row.pool,
        "method_words": METHOD_WORDS,
        "repeats": repeats(row),
        "events": history_of(row).order_by("-id")[:5],
        "tab": "plans",
    }
    return render(request, "inspections/draw.html", context)
