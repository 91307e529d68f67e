"""What stands in the files of many mines: the lines of one kind below each other, and the targets of the year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import NotAllowed
from common.forms import FormPage
from common.lists import Column, ListPage
from mines.filters import LineFilter
from mines.forms.targets import TargetForm
from mines.ledgers import Ledger, all_ledgers, ledger_named
from mines.models import CreditMark, Mine, PhaseOut, RegionTarget
from mines.services.targets import set_target
from mines.years import RATE_FORMULA, beside_targets, closures_of, years_of
from units.requests import user_of

YEARS = 5
MOST_PUBLIC = 500


class LineList(ListPage):
    """The lines of one ledger of every mine in reach; accidents come with the numbers of the years."""

    template_name = "mines/line_list.html"
    bar = ("q", "kind", "late", "year")
    empty_title = "还没有登记"
    empty_words = "在矿山的一矿一册中登记，这里自动汇总。"
    ledger: Ledger

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        ledger = ledger_named(kwargs["ledger"])
        if ledger is None:
            raise Http404
        self.ledger = ledger

    @property
    def filterset_class(self) -> Any:  # type: ignore[override]
        return LineFilter.of(self.ledger)

    @property
    def model(self) -> Any:  # type: ignore[override]
        return self.ledger.model

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.ledger.title

    def get_columns(self) -> tuple[Column, ...]:
        first, *rest = self.ledger.columns
        plain = Column(first.key, first.label, cell=first.cell, export=first.export, kind="short")
        return (Column("mine", "矿山", cell="mine.unit.name", kind="title", link=True), plain, *rest)

    def row_url(self, row: Any) -> str:
        return f"{row.get_absolute_url()}?open={self.ledger.slug}#{self.ledger.slug}"

    def extra_context(self) -> dict[str, Any]:
        user = user_of(self.request)
        context: dict[str, Any] = {"ledger": self.ledger, "ledgers": all_ledgers()}
        if self.ledger.slug == "accidents":
            last = timezone.localdate().year
            found = years_of(Mine.objects.visible_to(user), range(last - YEARS + 1, last + 1))
            context |= {
                "years": beside_targets(found, user.unit.region_id if user.unit is not None else ""),
                "limits": True,
                "formula": RATE_FORMULA,
                "may_set": user.reviews,
            }
        if self.ledger.slug == "phaseouts":
            rows = PhaseOut.objects.visible_to(user)
            region = user.unit.region_id if user.unit is not None else ""
            context |= {"closures": closures_of(rows, region), "may_set": user.reviews}
        return context


@login_not_required
@require_safe
def public_credit(request: HttpRequest) -> HttpResponse:
    """The marks in force that the bureau made public, read without log-in."""
    rows = (
        CreditMark.objects.in_force()
        .filter(is_public=True)
        .select_related("mine__unit__region")
        .order_by("mine__unit__region__code", "-since")
    )
    return render(request, "mines/public_credit.html", {"rows": rows[:MOST_PUBLIC], "today": timezone.localdate()})


class SetTarget(FormPage):
    """The year's targets of the county, and the form that sets one."""

    form_class = TargetForm
    template_name = "mines/targets.html"
    title = "年度指标"
    stays = True

    def get_form(self, form_class: Any = None) -> Any:
        user = user_of(self.request)
        if not user.reviews or user.unit is None:
            raise NotAllowed("年度指标由应急管理局设置。")
        return super().get_form(form_class)

    def get_initial(self) -> dict[str, Any]:
        year, subject = self.request.GET.get("year", ""), self.request.GET.get("subject", "")
        today = timezone.localdate().year
        initial = {"year": int(year) if year.isdigit() and len(year) == 4 else today, "subject": subject}
        return super().get_initial() | initial

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        assert user.unit is not None
        rows = RegionTarget.objects.filter(region=user.unit.region).select_related("set_by")
        return super().get_context_data(**kwargs) | {"rows": rows[:40], "lead": user.unit.region.name}

    def get_success_url(self) -> str:
        return reverse("mines:targets")

    def perform(self, form: TargetForm) -> str:
        data: dict[str, Any] = form.cleaned_data
        value: Decimal = data["value"]
        row = set_target(
            by=user_of(self.request), year=data["year"], subject=data["subject"], value=value, source=data["source"]
        )
        return f"{row}已设为{value.normalize():f}。"
