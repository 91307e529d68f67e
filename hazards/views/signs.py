"""Signs of a rectification that did not happen: the list that waits for judgement, and one sign beside its photographs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property

from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from common.models import Evidence
from common.templatetags.page import status
from common.transitions import allowed_actions
from hazards.filters import SignFilter
from hazards.forms.signs import JudgeForm
from hazards.models import Hazard, PhotoPrint, Sign
from hazards.services.signs import check_may_judge, judge_sign, may_judge
from units.requests import user_of

HISTORY_LINES = 20


class SignList(ListPage):
    """Signs in the region, newest first."""

    model = Sign
    title = "整改疑点"
    lead = "系统比对照片、时间和文字时看到的情况，供人判断；有疑点不等于造假，也不影响办理。"
    filterset_class = SignFilter
    bar = ("q", "verdict", "kind")
    columns = (
        Column("kind", "疑点", cell="get_kind_display", kind="short", link=True),
        Column("words", "看到的情况", kind="title", link=True),
        Column("hazard", "隐患", cell="hazard.number", kind="short"),
        Column("mine", "矿山", cell=lambda row: str(row.hazard.mine), export="hazard.mine.name"),
        Column("found", "发现时间", cell=lambda row: timezone.localdate(row.found_at), export="found_at", kind="short"),
        Column(
            "verdict",
            "判断",
            cell=lambda row: status(f"sign.{row.verdict}", row.get_verdict_display()),
            export="get_verdict_display",
            kind="short",
        ),
        Column("verdict_words", "判断说明", on_page=False),
        Column("judged_by", "判断人", cell=lambda row: row.judged_by.name if row.judged_by else "", on_page=False),
    )
    empty_title = "没有疑点"
    empty_words = "矿山填报整改、执法人员销号以后，系统会自动比对照片、时间和文字。"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_of(request).reads_region:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class SignPage(FormPage):
    """One sign, its photographs side by side, and the form by which a person judges it."""

    form_class = JudgeForm
    template_name = "hazards/sign.html"
    submit = "保存判断"
    stays = True

    @cached_property
    def sign(self) -> Sign:
        rows: QuerySet[Any] = Sign.objects.visible_to(user_of(self.request)).for_list()
        found: Sign = get_object_or_404(rows.select_related("hazard__mine__region"), pk=self.kwargs["pk"])
        return found

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_judge(user_of(request), self.sign)
        return super().post(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return self.sign.get_absolute_url()

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.sign.get_kind_display()

    def perform(self, form: JudgeForm) -> str:
        row = judge_sign(by=user_of(self.request), sign=self.sign, **form.cleaned_data)
        if row.verdict == Sign.Verdict.SUSPICIOUS:
            return "判断已保存。请看“下一步”：怎样核实由人决定。"
        return "判断已保存。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        events = history_of(self.sign).order_by("-id")[:HISTORY_LINES]
        user, hazard = user_of(self.request), self.sign.hazard
        may_order = "bureau" in hazard.relations_of(user) and hazard.state == Hazard.State.CLOSED
        more = {
            "may_order": may_order,
            "is_ordered": may_order and hazard.look_backs.filter(on=None).exists(),
            "reopening": [act for act in allowed_actions(hazard, user) if act.action == "reopen"],
            "sign": self.sign,
            "photos": photos_of(self.sign),
            "may_judge": may_judge(user, self.sign),
            "events": events,
        }
        return super().get_context_data(**kwargs) | more


def photos_of(sign: Sign) -> list[dict[str, Any]]:
    """The photographs that a sign speaks of, each with when it was handed in and taken, and that it knows its place."""
    chosen: list[Evidence] = [one for one in (sign.other_evidence, sign.evidence) if one is not None]
    prints = {
        one.evidence_id: one for one in PhotoPrint.objects.filter(evidence__in=chosen).select_related("hazard__mine")
    }
    return [{"file": one, "print": prints.get(one.pk)} for one in chosen]
