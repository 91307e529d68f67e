"""The monthly hazard table: counted, opened figure by figure, closed and opened again, printed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.errors import NotAllowed
from common.spreadsheets import XLSX
from hazards.exports.monthly import MonthlyPaper, write_docx, write_xlsx
from hazards.forms.tables import ReopenForm
from hazards.list_filters import UNGRADED
from hazards.models import Hazard, MonthlyFigures
from hazards.monthly import (
    FIGURES,
    LABELS,
    Table,
    added_rows,
    count_figures,
    difference,
    empty,
    month_end,
    restored,
    rows_url,
    same,
    shown,
)
from hazards.services.monthly import check_may_close, close_month, figures_of, reopen_month
from hazards.views.tables.access import allowed
from units.models import Region, User
from units.requests import user_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FIRST_YEAR = 2000


@dataclass(frozen=True)
class ShownCell:
    text: str
    url: str
    now: str
    """What the figure would be if it were counted now, where a closed month says otherwise."""


@dataclass(frozen=True)
class Month:
    """One month of one region as the page and the papers show it."""

    region: Region
    year: int
    month: int
    table: Table
    counted: Table
    added: Table
    closed: MonthlyFigures | None

    @property
    def title(self) -> str:
        return f"{self.region.name}{self.year}年{self.month}月隐患排查治理情况统计表"

    @property
    def is_corrected(self) -> bool:
        """Whether the register has changed since the month was closed."""
        return self.closed is not None and not same(self.table, self.counted)

    def rows(self) -> list[tuple[str, list[ShownCell]]]:
        none = empty()
        rows = []
        for key in LABELS:
            if key in self.table or key in self.counted:
                row, counted = self.table.get(key, none), self.counted.get(key, none)
                cells = [
                    ShownCell(
                        shown(row, figure),
                        rows_url(figure, key, self.region, self.year, self.month),
                        shown(counted, figure) if shown(counted, figure) != shown(row, figure) else "",
                    )
                    for figure in FIGURES
                ]
                rows.append((LABELS[key], cells))
        return rows

    def added_rows(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each number with the address of its rows."""
        end = month_end(self.year, self.month)
        after = dt.date(self.year, self.month, 1) - dt.timedelta(days=1)
        where = {"region": self.region.pk}
        return [
            (
                LABELS[key],
                [
                    (shown(self.added[key], figure), added_rows(figure.key, end, after, key, where))
                    for figure in FIGURES
                ],
            )
            for key in LABELS
            if key in self.added
        ]


def month_of(region: Region, year: int, month: int) -> Month:
    """Put a month together: the figures in force, the same counted now, and what the month added."""
    table, closed = figures_of(region, year, month)
    counted = count_figures(region, year, month) if closed else table
    before = figures_of(region, year, month - 1)[0] if month > 1 else None
    return Month(region, year, month, table, counted, difference(table, before), closed)


def asked(request: HttpRequest) -> tuple[Region, int, int]:
    """The region, year and month in the address; the last full month of the user's own region where it says nothing."""
    user = user_of(request)
    if not user.reads_region or user.unit is None:
        raise NotAllowed("隐患月报由应急管理局统计，本单位的隐患请看问题隐患清单。")
    data = request.POST if request.method == "POST" else request.GET
    today = timezone.localdate()
    last = today.replace(day=1) if today.month > 1 else today.replace(year=today.year - 1, month=12, day=1)
    year, month = last.year, last.month if today.month == 1 else today.month - 1
    try:
        year, month = int(data.get("year") or year), int(data.get("month") or month)
    except ValueError as error:
        raise Http404 from error
    if not (FIRST_YEAR <= year <= today.year and 1 <= month <= 12) or (year, month) > (today.year, today.month):
        raise Http404
    regions = Region.objects.visible_to(user)
    region = get_object_or_404(regions, pk=data["region"]) if data.get("region") else user.unit.region
    return region, year, month


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    region, year, month = asked(request)
    user = user_of(request)
    shown_month = month_of(region, year, month)
    today = timezone.localdate()
    editions = MonthlyFigures.objects.visible_to(user).filter(region=region, year=year, month=month)
    ungraded = Hazard.objects.on_record().filter(
        level="",
        found_on__range=(f"{year}-01-01", month_end(year, month)),
        mine__region__code__startswith=region.prefix,
    )
    query = f"?found_after={year}-01-01&found_before={month_end(year, month)}&region={region.pk}&level={UNGRADED}"
    context = {
        "tab": "monthly",
        "month": shown_month,
        "figures": FIGURES,
        "editions": earlier(editions),
        "ungraded": ungraded.count(),
        "ungraded_url": reverse("hazards:problems") + query,
        "regions": Region.objects.visible_to(user).order_by("code"),
        "years": range(today.year, today.year - 6, -1),
        "months": range(1, 13),
        "may_close": allowed(lambda by: check_may_close(by, region), user),
        "is_over": month_end(year, month) < today,
        "reopen_form": ReopenForm(),
        "address": f"?year={year}&month={month}&region={region.pk}",
    }
    return render(request, "hazards/monthly.html", context)


def earlier(editions: Any) -> list[tuple[MonthlyFigures, list[tuple[str, list[str]]]]]:
    """Every closing of the month, oldest first, with the figures of that day."""
    found = []
    for edition in editions.select_related("closed_by", "reopened_by").order_by("edition"):
        table = restored(edition.figures)
        lines = [(LABELS[key], [shown(table[key], figure) for figure in FIGURES]) for key in LABELS if key in table]
        found.append((edition, lines))
    return found


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    region, year, month = asked(request)
    close_month(by=user_of(request), region=region, year=year, month=month)
    messages.success(request, f"{year}年{month}月已结账，数字已存档。")
    return back_to(region, year, month)


@require_POST
def reopen(request: HttpRequest) -> HttpResponse:
    region, year, month = asked(request)
    reopen_month(by=user_of(request), region=region, year=year, month=month, reason=request.POST.get("reason", ""))
    messages.success(request, f"{year}年{month}月已重开。更正后请再次结账。")
    return back_to(region, year, month)


def back_to(region: Region, year: int, month: int) -> HttpResponse:
    return redirect(f"{reverse('hazards:monthly')}?year={year}&month={month}&region={region.pk}")


@require_safe
def paper(request: HttpRequest, form: str) -> HttpResponseBase:
    """The official form with both tables: cumulative, and what the month added."""
    region, year, month = asked(request)
    found = month_of(region, year, month)
    printed = paper_of(found, user_of(request))
    write, kind = (write_xlsx, XLSX) if form == "xlsx" else (write_docx, DOCX)
    return FileResponse(write(printed), as_attachment=True, filename=f"{found.title}.{form}", content_type=kind)


def paper_of(month: Month, by: User) -> MonthlyPaper:
    closed = month.closed
    state = f"{closed.closed_at:%Y年%m月%d日}结账（第{closed.edition}次）" if closed else "未结账"
    notes = ["注：整改率为已整改（销号）数除以排查数。"]
    if month.is_corrected:
        notes.append("结账以后台账有更正，累计数为结账时的数字；差额计入更正当月的“本月”数。")
    remark = f"填报单位：{by.unit}　　统计期间：{month.year}年1月至{month.month}月　　{state}"
    parts = ((f"一、{month.year}年1月至{month.month}月累计", month.table), (f"二、{month.month}月", month.added))
    return MonthlyPaper(month.title, remark, parts, notes)
