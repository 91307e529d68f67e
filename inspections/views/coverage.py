"""Which mines were visited and which not: the matrix of a year, this period's gaps, and proposals for next week."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import NotAllowed, Refused
from common.numbers import whole_number
from common.spreadsheets import XLSX, Column, Kind, write_rows
from inspections.coverage import Matrix, MatrixRow, lacking, matrix_of, mines_of, rules_in_force, span_of
from inspections.forms.plans import PlannedForm
from inspections.models import CoverageRule
from inspections.proposals import proposals_for
from inspections.relations import may_inspect
from inspections.services.plans import plan_visits
from units.models import Region, Unit, User
from units.requests import user_of

MINES = 50
MOST_MINES = 1000
WORDS: dict[int | str, str] = {"gap": "缺", "open": "待", "": ""}
_CELLS: dict[int | str, str] = {
    "gap": '<td class="week-gap">缺</td>',
    "open": '<td class="week-open">待</td>',
    "": "<td></td>",
    **{count: f'<td class="week-done">{count}</td>' for count in range(1, 40)},
}


def region_of(request: HttpRequest) -> Region:
    """The region that this user reads; nothing for others, so that no visit is announced."""
    user = user_of(request)
    if user.unit is None or not user.reads_region:
        raise Http404
    return user.unit.region


def asked_rule(request: HttpRequest, region: Region, year: int) -> tuple[CoverageRule | None, list[CoverageRule]]:
    """The rule in the address, else the first, and all that can be chosen (one query)."""
    rules = list(rules_in_force(region.prefix, year))
    key = request.GET.get("rule", "")
    chosen = next((one for one in rules if str(one.pk) == key), None)
    if key and chosen is None:
        raise Http404
    return chosen or (rules[0] if rules else None), rules


def number_in(request: HttpRequest, name: str, default: int, least: int, most: int) -> int:
    """A number in the address, where it lies within its bounds; else the default."""
    found = whole_number(request.GET.get(name))
    return default if found is None or not least <= found <= most else found


def year_in(request: HttpRequest) -> int:
    this = timezone.localdate().year
    return number_in(request, "year", this, this - 10, this + 1)


def drawn(row: MatrixRow) -> SafeString:
    """The cells of a row; 26,000 of them for five hundred mines, so they are joined and not looped over."""
    return mark_safe("".join(_CELLS.get(cell) or f'<td class="week-done">{int(cell)}</td>' for cell in row.cells))


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Mine × week of one rule, fifty mines a page, or as many as `size` says."""
    region, today, year = region_of(request), timezone.localdate(), year_in(request)
    rule, rules = asked_rule(request, region, year)
    context: dict[str, Any] = {
        "tab": "coverage", "rule": rule, "rules": rules, "year": year, "years": range(today.year - 2, today.year + 2),
    }  # fmt: skip
    if rule is not None:
        size = number_in(request, "size", MINES, 20, MOST_MINES)
        mines = list(mines_of(rule).order_by("sort_key", "pk"))
        pages = Paginator(mines, size)
        page = pages.get_page(request.GET.get("page"))
        matrix = matrix_of(rule, mines, today)
        shown = matrix.rows[page.start_index() - 1 : page.end_index()] if mines else []
        context |= {
            "matrix": matrix,
            "rows": [(row, drawn(row)) for row in shown],
            "page": page,
            "address": "?" + urlencode({"year": year, "rule": rule.pk}),
        }
    return render(request, "inspections/coverage.html", context)


@require_safe
def coverage_table(request: HttpRequest) -> HttpResponseBase:
    """The whole matrix as a sheet."""
    region, today, year = region_of(request), timezone.localdate(), year_in(request)
    rule, _ = asked_rule(request, region, year)
    if rule is None:
        raise Http404
    matrix = matrix_of(rule, mines_of(rule).order_by("sort_key", "pk"), today)
    target = io.BytesIO()
    title = f"{rule.plan.region.name}{year}年检查覆盖情况"
    write_rows(target, _columns(matrix), _lines(matrix), title=f"{title}（{rule}）")
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{title}.xlsx", content_type=XLSX)


def _columns(matrix: Matrix) -> list[Column]:
    weeks = [Column(f"w{one.number}", f"{one.monday:%m-%d}", Kind.TEXT, width=6) for one in matrix.weeks]
    return [
        Column("mine", "矿山", width=24),
        Column("asked", "应检查期数", Kind.INTEGER, width=10),
        Column("kept", "已检查期数", Kind.INTEGER, width=10),
        Column("missed", "缺检期数", Kind.INTEGER, width=10),
        *weeks,
    ]


def _lines(matrix: Matrix) -> list[dict[str, Any]]:
    return [
        {
            "mine": row.mine.name, "asked": row.asked, "kept": row.kept, "missed": row.missed,
            **{f"w{week.number}": WORDS.get(cell, cell) for week, cell in zip(matrix.weeks, row.cells, strict=True)},
        }
        for row in matrix.rows
    ]  # fmt: skip


def open_gaps(user: User, region: Region) -> list[tuple[CoverageRule, Any]]:
    """The rules that concern a user, each with the mines it still lacks in this period: those of the user's groups
    first; for whoever is in none, every rule of the region."""
    today = timezone.localdate()
    rules = rules_in_force(region.prefix, today.year)
    own = list(rules.filter(group__members=user))
    return [(rule, lacking(rule, today)) for rule in own or list(rules)]


@require_safe
def unvisited(request: HttpRequest) -> HttpResponse:
    """What was not visited yet in this week, month, …"""
    user, region, today = user_of(request), region_of(request), timezone.localdate()
    heaps = [
        {"rule": rule, "until": span_of(rule.period, today)[1], "mines": list(rows.order_by("sort_key", "pk"))}
        for rule, rows in open_gaps(user, region)
    ]
    context = {"tab": "coverage", "heaps": heaps, "may_inspect": may_inspect(user)}
    return render(request, "inspections/unvisited.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request: HttpRequest) -> HttpResponse:
    """The mines of a region, the most pressing first; those that are ticked are planned for next week."""
    user, region, today = user_of(request), region_of(request), timezone.localdate()
    found = proposals_for(region, today)
    form = PlannedForm(request.POST or None, user=user, today=today)
    if request.method == "POST":
        chosen = {one.mine: one.reason for one in found if str(one.mine.pk) in request.POST.getlist("mine")}
        if not may_inspect(user):
            raise NotAllowed("检查由应急管理局的工作人员和执法检查人员安排。")
        if form.is_valid() and _planned(request, form, chosen):
            return HttpResponseRedirect(reverse("inspections:proposals"))
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {"tab": "plans", "page": page, "form": form, "may_plan": may_inspect(user)}
    return render(request, "inspections/proposals.html", context, status=422 if form.errors else 200)


def _planned(request: HttpRequest, form: PlannedForm, chosen: dict[Unit, str]) -> bool:
    if not chosen:
        form.add_error(None, "请勾选要列入计划的矿山。")
        return False
    try:
        made = plan_visits(by=user_of(request), mines=chosen, **form.cleaned_data)
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, f"已安排{len(made)}次检查。" + ("其余的已经安排过。" if len(made) < len(chosen) else ""))
    return True
