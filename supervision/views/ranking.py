"""Pages of the ranking, the rows behind its numbers, and the assessment of the year."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from common.errors import NotAllowed
from common.forms import FormPage
from common.indicators import Span, indicators, source_of
from common.letters import Letter, to_docx, to_pdf
from common.numbers import whole_number
from supervision.assessment import ACCIDENTS, INDICES, Assessment, assess
from supervision.exports.ranking import assessment_notice, assessment_xlsx, ranking_notice, ranking_xlsx
from supervision.forms.ranking import AccidentForm
from supervision.models import AccidentCount
from supervision.ranking import GROUPS, Period, Ranking, members_condition, period_of, rank
from supervision.services.ranking import check_may_assess, confirm_no_accidents, enter_accidents
from units.models import Region, Unit
from units.requests import user_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "docx": (to_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (to_pdf, "application/pdf"),
}
ROWS = 50
UNITS = 30
"""Units on a page: each has some twenty numbers with two addresses."""
FIRST_YEAR = 2000


def region_of(request: HttpRequest) -> Region:
    """The region whose units this user may compare."""
    user = user_of(request)
    if not user.reads_region or user.unit is None:
        raise NotAllowed("排名考核由应急管理局统计，结果以通报为准。")
    region: Region = user.unit.region
    return region


def group_in(request: HttpRequest) -> str:
    group = request.GET.get("group", "mine")
    if group not in GROUPS:
        raise Http404
    return group


def period_in(request: HttpRequest, today: dt.date) -> Period:
    key = request.GET.get("period", "") or f"{today:%Y-%m}"
    try:
        period = period_of(key)
    except ValueError as error:
        raise Http404 from error
    if not period.since.year >= FIRST_YEAR or period.since > today:
        raise Http404
    return period


def periods_until(today: dt.date) -> list[Period]:
    """What can be chosen: the last twelve months, this year and the last."""
    months, first = [], today.replace(day=1)
    for _ in range(12):
        months.append(period_of(f"{first:%Y-%m}"))
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return [*months, period_of(str(today.year)), period_of(str(today.year - 1))]


def as_letter(letter: Letter, ending: str, name: str) -> HttpResponse:
    write, media_type = FORMATS[ending]
    response = HttpResponse(write(letter), content_type=media_type)
    shown = "inline" if ending == "pdf" else "attachment"
    response["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(f'{name}.{ending}')}"
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    ranking = rank(region_of(request), group_in(request), period_in(request, today), today)
    context = {
        "tab": "ranking",
        "ranking": ranking,
        "page": Paginator(ranking.rows, UNITS).get_page(request.GET.get("page")),
        "red": ranking.listed("red"),
        "yellow": ranking.listed("yellow"),
        "groups": [(key, label) for key, (label, _) in GROUPS.items()],
        "periods": periods_until(today),
        "address": f"?group={ranking.group}&period={ranking.period.key}",
    }
    return render(request, "supervision/ranking.html", context)


@require_safe
def paper(request: HttpRequest, ending: str) -> HttpResponseBase:
    today = timezone.localdate()
    ranking: Ranking = rank(region_of(request), group_in(request), period_in(request, today), today)
    if ending == "xlsx":
        return FileResponse(
            ranking_xlsx(ranking), as_attachment=True, filename=f"{ranking.title}.xlsx", content_type=XLSX
        )
    if ending not in FORMATS:
        raise Http404
    unit = user_of(request).unit
    assert unit is not None
    return as_letter(ranking_notice(ranking, unit), ending, f"{ranking.title}通报")


@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The very rows that a number counted, as far as the user sees them."""
    user, region = user_of(request), region_of(request)
    source = source_of(request.GET.get("figure", ""))
    if source is None:
        raise Http404
    try:
        since, on = (dt.date.fromisoformat(request.GET.get(name, "")) for name in ("since", "on"))
    except ValueError as error:
        raise Http404 from error
    figure = request.GET["figure"]
    span = Span(since, on, region.prefix)
    found: Any = (
        source.rows(span)
        .filter(source.condition(figure, span))
        .filter(pk__in=source.rows(span).model._default_manager.visible_to(user).values("pk"))
    )
    unit = None
    if request.GET.get("unit"):
        unit = get_object_or_404(
            Unit.objects.visible_to(user).select_related("region"), pk=whole_number(request.GET["unit"]) or 0
        )
        members = Unit.objects.filter(members_condition(unit), is_active=True).order_by().values("pk")
        found = found.filter(**{f"{source.unit.removesuffix('_id')}__in": members})
    pages = Paginator(found.select_related(*source.select).order_by(source.order, "pk"), ROWS)
    shown = pages.get_page(request.GET.get("page"))
    context = {
        "source": source,
        "unit": unit,
        "span": span,
        "about": [one for one in indicators() if figure in (one.part, one.whole)],
        "page": shown,
        "rows": [source.cells(row) for row in shown],
    }
    return render(request, "supervision/figure_rows.html", context)


def year_in(request: HttpRequest, today: dt.date) -> int:
    year = whole_number(request.GET.get("year", "")) or today.year
    if not FIRST_YEAR <= year <= today.year:
        raise Http404
    return year


@require_safe
def assessment(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    group = request.GET.get("group", "township")
    if group not in GROUPS:
        raise Http404
    found = assess(region_of(request), group, year_in(request, today), today)
    context = {
        "tab": "assessment",
        "assessment": found,
        "indices": INDICES,
        "groups": [(key, label) for key, (label, _) in GROUPS.items()],
        "years": range(today.year, today.year - 4, -1),
        "may_enter": user_of(request).reviews,
        "unconfirmed": sum(row.indices[ACCIDENTS].value is None for row in found.rows),
        "may_confirm": user_of(request).reviews and today >= dt.date(found.year, 12, 1),
        "address": f"?group={group}&year={found.year}",
    }
    return render(request, "supervision/assessment.html", context)


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """The bureau's word that the units of which nothing was entered had no accident."""
    today, group = timezone.localdate(), request.POST.get("group", "")
    year = whole_number(request.POST.get("year", "")) or 0
    if group not in GROUPS or not FIRST_YEAR <= year <= today.year:
        raise Http404
    count = confirm_no_accidents(by=user_of(request), region=region_of(request), group=group, year=year)
    messages.success(request, f"已确认{count}个单位{year}年没有发生事故。")
    return redirect(f"{reverse('supervision:assessment')}?group={group}&year={year}")


@require_safe
def assessment_paper(request: HttpRequest, ending: str) -> HttpResponseBase:
    today = timezone.localdate()
    group = request.GET.get("group", "township")
    if group not in GROUPS or ending not in (*FORMATS, "xlsx"):
        raise Http404
    found: Assessment = assess(region_of(request), group, year_in(request, today), today)
    if ending == "xlsx":
        return FileResponse(
            assessment_xlsx(found), as_attachment=True, filename=f"{found.title}.xlsx", content_type=XLSX
        )
    unit = user_of(request).unit
    assert unit is not None
    return as_letter(assessment_notice(found, unit), ending, found.title)


class AccidentPage(FormPage):
    """Enter the accidents of one unit in one year."""

    form_class = AccidentForm
    template_name = "supervision/accidents.html"
    title = "登记年度事故数"

    @cached_property
    def unit(self) -> Unit:
        found: Unit = get_object_or_404(Unit.objects.visible_to(user_of(self.request)), pk=self.kwargs["unit"])
        return found

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_assess(user_of(request))
        if not FIRST_YEAR <= kwargs["year"] <= timezone.localdate().year:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return f"{reverse('supervision:assessment')}?year={self.kwargs['year']}"

    def get_initial(self) -> dict[str, Any]:
        row = AccidentCount.objects.filter(unit=self.unit, year=self.kwargs["year"]).first()
        return {"accidents": 0, "deaths": 0} if row is None else {
            "accidents": row.accidents, "deaths": row.deaths, "note": row.note,
        }  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"lead": f"{self.unit.name}　{self.kwargs['year']}年"}

    def perform(self, form: AccidentForm) -> str:
        enter_accidents(by=user_of(self.request), unit=self.unit, year=self.kwargs["year"], **form.cleaned_data)
        return "已登记，考核分数随之更新。"
