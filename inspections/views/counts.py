"""The enforcement count, the rows behind each of its numbers, and the quarterly scoring sheet."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.letters.response import paper_response
from common.spreadsheets import XLSX, Column, Kind, write_rows
from inspections.counts import (
    BY_KEY,
    FIGURES,
    GROUPS,
    SOURCES,
    TEN_THOUSAND,
    Figure,
    Period,
    Row,
    count,
    period_of,
    periods_until,
    rows_behind,
    shown,
)
from inspections.models import PatrolGroup
from inspections.scoring import scoring_letter, sheets_of, write_sheet
from inspections.views.coverage import region_of
from units.models import Region, Unit, User
from units.requests import user_of

ROWS = 50


def asked(request: HttpRequest) -> tuple[Period, str]:
    """Period and grouping of the address; this month by officer where it says nothing."""
    today = timezone.localdate()
    try:
        period = period_of(request.GET.get("period") or f"{today:%Y-%m}")
    except ValueError as error:
        raise Http404 from error
    by = request.GET.get("by", "officer")
    if by not in GROUPS or period.since > today:
        raise Http404
    return period, by


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    region, (period, by) = region_of(request), asked(request)
    rows, total = count(period, region, by)
    address = {"period": period.key, "by": by}
    context = {
        "tab": "counts",
        "region": region,
        "period": period,
        "periods": periods_until(timezone.localdate()),
        "by": by,
        "groups": GROUPS.items(),
        "group_label": GROUPS[by],
        "figures": FIGURES,
        "lines": [(row, _cells(row, address)) for row in rows],
        "total": _cells(total, {"period": period.key}),
        "address": f"?{urlencode(address)}",
    }
    return render(request, "inspections/counts.html", context)


def _cells(row: Row, address: dict[str, str]) -> list[tuple[str, str]]:
    """Each number with the address of its rows; none for nothing."""
    key = {"key": row.key} if "by" in address else {}
    return [
        (text, f"rows/?{urlencode({'figure': figure.key, **address, **key})}" if text != "0" else "")
        for figure, text in row.shown()
    ]


@require_safe
def table(request: HttpRequest) -> HttpResponseBase:
    region, (period, by) = region_of(request), asked(request)
    rows, total = count(period, region, by)
    columns = [
        Column("name", GROUPS[by], width=24),
        *(
            Column(one.key, one.heading, Kind.DECIMAL if one.source == "penalty" else Kind.INTEGER, width=12)
            for one in FIGURES
        ),
        Column("flags", "提示", width=16),
    ]
    lines = [
        {"name": row.name, "flags": "、".join(row.flags)}
        | {one.key: _number(one, row.values.get(one.key, 0)) for one in FIGURES}
        for row in [*rows, total]
    ]
    target = io.BytesIO()
    title = f"{region.name}{period.label}执法统计表（按{GROUPS[by]}）"
    write_rows(target, columns, lines, title=title, sheet="执法统计")
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{title}.xlsx", content_type=XLSX)


def _number(figure: Figure, value: int | Decimal) -> int | Decimal:
    return Decimal(value) / TEN_THOUSAND if figure.source == "penalty" else value


@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The very rows that a number counted."""
    region, (period, by) = region_of(request), asked(request)
    figure = BY_KEY.get(request.GET.get("figure", ""))
    key = request.GET.get("key")
    if figure is None or (key is not None and len(key) > 18):
        raise Http404
    if key and not key.isdecimal():
        raise Http404
    source = SOURCES[figure.source]
    path = source.visit
    found = rows_behind(figure, period, region, by if key is not None else "", key or "")
    found = found.select_related(f"{path}mine").order_by(f"-{source.day}", "-pk")
    if figure.source == "finding":
        found = found.select_related("hazard")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "tab": "counts",
        "figure": figure,
        "period": period,
        "of": _name(by, key) if key is not None else "",
        "count": page.paginator.count,
        "page": page,
        "lines": [_line(figure, row) for row in page],
        "address": f"?{urlencode({name: value for name, value in request.GET.items() if name != 'page'})}",
    }
    return render(request, "inspections/count_rows.html", context)


def _name(by: str, key: str) -> str:
    if not key:
        return "不以小组名义"
    model: Any = {"region": Region, "group": PatrolGroup, "officer": User, "mine": Unit}[by]
    found = model.objects.filter(pk=key).values_list("name", flat=True).first()
    return str(found or "")


def _line(figure: Figure, row: Any) -> dict[str, Any]:
    """A row as the page shows it: day, mine, words, address, and its share of a sum."""
    if figure.source == "visit":
        return {
            "day": row.begun_on,
            "mine": row.mine,
            "title": f"{row.number} {row.get_kind_display()}",
            "url": row.get_absolute_url(),
        }
    if figure.source == "document":
        return {"day": row.issued_on, "mine": row.visit.mine, "title": str(row), "url": row.get_absolute_url()}
    if figure.source == "finding":
        return {
            "day": row.visit.begun_on,
            "mine": row.visit.mine,
            "title": str(row.hazard),
            "url": row.hazard.get_absolute_url(),
        }
    document = row.document
    value = row.quantity if figure.source == "measure" else row.amount
    return {
        "day": document.issued_on, "mine": document.visit.mine, "title": f"{document}：{row}",
        "url": document.get_absolute_url(), "value": shown(figure, value),
    }  # fmt: skip


@require_safe
def scoring(request: HttpRequest, ending: str = "") -> HttpResponseBase:
    """The scoring sheet of a quarter, as a page, .xlsx, .docx or PDF."""
    region, user, today = region_of(request), user_of(request), timezone.localdate()
    try:
        period = period_of(request.GET.get("period") or _quarter(today))
    except ValueError as error:
        raise Http404 from error
    if period.since > today or "Q" not in period.key:
        raise Http404
    sheets = sheets_of(region, period, today)
    title = f"{period.label}矿山安全监管执法考评表"
    if ending == "xlsx":
        return FileResponse(
            write_sheet(sheets, title), as_attachment=True, filename=f"{region.name}{title}.xlsx", content_type=XLSX
        )
    if ending in ("docx", "pdf"):
        organ = user.unit.name if user.unit else ""
        return paper_response(scoring_letter(sheets, title, organ), ending, f"{region.name}{title}")
    if ending:
        raise Http404
    context = {
        "tab": "counts",
        "title": title,
        "sheets": sheets,
        "period": period,
        "periods": [one for one in periods_until(today) if "Q" in one.key],
        "address": f"?period={period.key}",
    }
    return render(request, "inspections/scoring.html", context)


def _quarter(today: dt.date) -> str:
    return f"{today.year}-Q{(today.month + 2) // 3}"
