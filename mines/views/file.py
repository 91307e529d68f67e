"""The list of mines and the file of one: everything about it on one page, on paper, and the forms of its head."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from common.errors import Conflict, NotAllowed
from common.forms import FormPage
from common.history import history_of
from common.letters.response import FORMATS, paper_response
from common.lists import Column, ListPage
from common.models import Evidence
from common.templatetags.page import due, status
from common.transitions import allowed_actions
from mines.exports import MINES
from mines.filters import MineFilter
from mines.forms.file import ConfirmForm, DecisionForm, MineForm, StateForm
from mines.imports import with_licences
from mines.ledgers import all_ledgers
from mines.letters import facts_of, mine_file
from mines.models import FileProposal, Mine, MineType
from mines.models.file import relations_to
from mines.querysets import FIVE_HEADS, first_rows, mine_units, month_of
from mines.services.file import (
    change_state,
    check_keeps_file,
    check_may_confirm,
    confirm_file,
    decide_proposal,
    open_file,
    proposed_values,
    save_file,
)
from mines.views.sections import READ, SHOWN, sections_of
from mines.years import RATE_FORMULA, years_of
from units.exports import download
from units.models import Unit
from units.requests import user_of

HISTORY_LINES = 30
FILES = 24
SUSPENSIONS = 6
SPANS = 15
YEARS = 5
OWN_PAGES = ("suspend", "resume")
"""Moves of the state that have a page of their own."""


def unit_of(request: HttpRequest, pk: int) -> Unit:
    """The mine in the address where this user sees it, with its file if it has one; 404 otherwise."""
    rows = Unit.objects.visible_to(user_of(request)).select_related(
        "region", "parent", "mine", "mine__supervising_unit"
    )
    unit: Unit = get_object_or_404(rows, pk=pk, kind=Unit.Kind.MINE)
    return unit


def mine_of(request: HttpRequest, pk: int) -> Mine:
    """The file in the address; 404 where there is none yet."""
    mine: Mine | None = getattr(unit_of(request, pk), "mine", None)
    if mine is None:
        raise Http404
    return mine


def _of_file(name: str) -> Any:
    """A cell out of the file of a mine, empty where it has none."""

    def cell(row: Any) -> Any:
        mine = getattr(row, "mine", None)
        value = getattr(mine, name) if mine is not None else None
        return value() if callable(value) else value

    return cell


def _state(row: Any) -> Any:
    mine = getattr(row, "mine", None)
    return status(f"mine.{mine.state}", mine.get_state_display()) if mine is not None else status("mine.none")


def _posts(row: Any) -> Any:
    """Whether the five posts are held, and whether they change hands too often."""
    mine = getattr(row, "mine", None)
    if mine is None or mine.mine_type == MineType.TAILINGS_POND:
        return "—"
    missing = len(FIVE_HEADS) - row.heads
    faults = (
        f"缺{missing}人" if missing else "",
        "频繁更换" if row.changing else "",
        "疑似兼职" if row.doubled else "",
    )
    chips = [status("overdue", words) for words in faults if words]
    return format_html_join(" ", "{}", ((one,) for one in chips)) if chips else "齐全"


class MineList(ListPage):
    """Every mine in reach, also those whose file has not been begun."""

    model = Unit
    title = "矿山"
    template_name = "mines/mines.html"
    filterset_class = MineFilter
    bar = ("q", "kind", "state", "licence")
    order = "name"
    columns = (
        Column("name", "矿山", kind="title", link=True, sort="sort_key"),
        Column("type", "类型", cell=_of_file("get_mine_type_display"), kind="short"),
        Column("parent", "主体企业", cell=lambda row: str(row.parent or "—"), export="parent.name"),
        Column("region", "所在区划", cell="region.name", kind="short"),
        Column("capacity", "能力（万吨/年）", cell=_of_file("capacity"), align="end", sort="mine__capacity", nulls_last=True),
        Column("state", "生产状态", cell=_state, kind="short"),
        Column("grade", "标准化", cell=_of_file("get_grade_display"), kind="short"),
        Column("posts", "五职矿长", cell=_posts, kind="short"),
        Column("expires", "证照到期", cell=lambda row: due(row.expires), export="expires", kind="short", sort="expires", nulls_last=True),
        Column("confirmed", "本月确认", cell=lambda row: "已确认" if row.confirmed else "—", kind="short"),
    )  # fmt: skip
    empty_title = "还没有矿山"
    empty_words = "先在“单位”中登记或导入矿山，再在这里建立一矿一册。"

    def get_queryset(self) -> Any:
        return mine_units(user_of(self.request))

    def row_url(self, row: Any) -> str:
        return reverse("mines:mine", args=[row.pk])

    def extra_context(self) -> dict[str, Any]:
        return {"may_import": user_of(self.request).reviews}

    def export(self, form: str) -> HttpResponseBase:
        """The table that can be handed in again."""
        return download(MINES, with_licences(self.ordered), form)


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one mine, in folded sections: one query for all their lines, however many sections there are."""
    unit, user = unit_of(request, pk), user_of(request)
    relations = relations_to(user, unit)
    mine: Mine | None = getattr(unit, "mine", None)
    if mine is None:
        return render(request, "mines/no_file.html", {"unit": unit, "may_open": "bureau" in relations})
    mine.unit = unit
    today = timezone.localdate()
    said = list(mine.confirmations.select_related("confirmed_by")[:12])
    lines = {ledger.slug: ledger.rows(mine) for ledger in all_ledgers()}
    first = first_rows(lines | {"spans": mine.spans.all(), "suspensions": mine.suspensions.on_record()}, READ)
    this_month = next((one for one in said if one.month == month_of(today)), None)
    context = {
        "unit": unit,
        "mine": mine,
        "relations": relations,
        "keeps": bool(relations & {"mine", "bureau"}),
        "suspensions": first["suspensions"].rows[:SUSPENSIONS],
        "facts": facts_of(mine),
        "spans": first["spans"].rows[:SPANS],
        "sections": sections_of(mine, first, relations),
        "years": [(one, None, None) for one in years_of(mine, range(today.year - YEARS + 1, today.year + 1))],
        "formula": RATE_FORMULA,
        "namesakes": sorted(set(mine.keyposts.doubled().values_list("name", flat=True)[:SHOWN])),
        "opened": request.GET.get("open", ""),
        "confirmations": said,
        "this_month": this_month,
        "may_confirm": "mine" in relations and (this_month is None or this_month.confirmed_on is None),
        "proposals": shown_proposals(mine) if relations & {"mine", "bureau"} else [],
        "may_change_state": any(one.action not in OWN_PAGES for one in allowed_actions(mine, user)),
        "events": history_of(mine)[:HISTORY_LINES],
        "files": Evidence.objects.about(mine).order_by("-pk")[:FILES],
    }
    return render(request, "mines/mine.html", context)


def shown_proposals(mine: Mine) -> list[tuple[FileProposal, list[tuple[str, str, str]]]]:
    """What waits for the bureau's word, each with label, old and new value of its fields."""
    found = []
    for proposal in mine.proposals.waiting().select_related("made_by"):
        wanted = Mine(**proposed_values(proposal))
        lines = [
            (str(getattr(Mine._meta.get_field(name), "verbose_name", name)), _words(mine, name), _words(wanted, name))
            for name in proposal.changes
        ]
        found.append((proposal, lines))
    return found


def _words(mine: Mine, name: str) -> str:
    show = getattr(mine, f"get_{name}_display", None)
    value = show() if show else getattr(mine, name)
    return str(value) if value not in (None, "") else "空"


@require_safe
def paper(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The file on paper."""
    if ending not in FORMATS:
        raise Http404
    mine = mine_of(request, pk)
    sections = [(ledger, ledger.arranged(ledger.rows(mine))) for ledger in all_ledgers()]
    letter = mine_file(mine, list(mine.spans.all()), sections, timezone.localdate())
    return paper_response(letter, ending, f"{mine.unit.name}一矿一册")


class MineFormPage(FormPage):
    """A form about one mine with a file, for whoever keeps it."""

    @cached_property
    def mine(self) -> Mine:
        mine = mine_of(self.request, self.kwargs["pk"])
        check_keeps_file(user_of(self.request), mine.unit)
        return mine

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"lead": self.mine.unit.name}

    def get_success_url(self) -> str:
        return self.mine.get_absolute_url()


class FileChange(FormPage):
    """Begin or change the head of the file."""

    form_class = MineForm
    title = "矿山基本情况"

    @cached_property
    def unit(self) -> Unit:
        unit = unit_of(self.request, self.kwargs["pk"])
        check_keeps_file(user_of(self.request), unit)
        return unit

    @cached_property
    def mine(self) -> Mine | None:
        found: Mine | None = getattr(self.unit, "mine", None)
        if found is None and not user_of(self.request).reviews:
            raise NotAllowed("矿山档案由应急管理局建立，请联系局里先确定矿山类型。")
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        about = {"by": user_of(self.request), "unit": self.unit}
        return super().get_form_kwargs() | about | ({"instance": self.mine} if self.mine else {})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"lead": self.unit.name}

    def get_success_url(self) -> str:
        return reverse("mines:mine", args=[self.unit.pk])

    def perform(self, form: MineForm) -> str:
        by, values = user_of(self.request), form.cleaned_data
        if self.mine is None:
            open_file(by=by, unit=self.unit, **values)
            return "已建立一矿一册，请继续登记证照、关键岗位等内容。"
        proposal = save_file(by=by, mine=self.mine, **values)
        return "已保存；由应急管理局核定的内容已提交申请，核定后生效。" if proposal else "已保存。"


class StateChange(MineFormPage):
    form_class = StateForm
    title = "变更生产状态"

    def get_form_kwargs(self) -> dict[str, Any]:
        offered = [one for one in allowed_actions(self.mine, user_of(self.request)) if one.action not in OWN_PAGES]
        if not offered:
            raise Conflict(f"矿山现在是“{self.mine.get_state_display()}”，没有您可以办理的状态变更。")
        return super().get_form_kwargs() | {"choices": [(one.action, one.label) for one in offered]}

    def perform(self, form: StateForm) -> str:
        data = dict(form.cleaned_data)
        mine = change_state(by=user_of(self.request), mine=self.mine, files=data.pop("evidence"), **data)
        return f"现在的状态是“{mine.get_state_display()}”。"


class ProposalDecide(MineFormPage):
    form_class = DecisionForm
    template_name = "mines/proposal.html"
    title = "核定档案修改申请"

    @cached_property
    def proposal(self) -> FileProposal:
        rows = FileProposal.objects.visible_to(user_of(self.request))
        found: FileProposal = get_object_or_404(rows, pk=self.kwargs["proposal"], mine=self.mine)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = next((lines for one, lines in shown_proposals(self.mine) if one.pk == self.proposal.pk), [])
        return super().get_context_data(**kwargs) | {"proposal": self.proposal, "lines": lines}

    def perform(self, form: DecisionForm) -> str:
        accept = form.cleaned_data["accept"] == "yes"
        decide_proposal(
            by=user_of(self.request), proposal=self.proposal, accept=accept, answer=form.cleaned_data["answer"]
        )
        return "已采纳，档案已更新。" if accept else "已答复不采纳。"


class FileConfirm(MineFormPage):
    form_class = ConfirmForm
    title = "确认本月档案"
    submit = "确认档案无误"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_confirm(user_of(request), self.mine)
        return super().dispatch(request, *args, **kwargs)

    def perform(self, form: ConfirmForm) -> str:
        confirm_file(by=user_of(self.request), mine=self.mine, note=form.cleaned_data["note"])
        return "本月档案已确认。"
