"""Pages of letters: what is proposed, the list, one letter with its receipts, its forms and papers."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from common.acts import after_act
from common.errors import Conflict, NotAllowed
from common.forms import FormPage
from common.letters import to_docx, to_pdf
from common.lists import Column, ListPage
from common.models import Event, Evidence
from common.templatetags.page import due, status
from common.transitions import allowed_actions
from supervision.filters import LetterFilter
from supervision.forms.letters import AnswerForm, DeclineForm, ExposureForm, LetterForm, TalkForm, WordsForm
from supervision.letter_kinds import LETTER_KINDS
from supervision.letters import paper, talk_record
from supervision.models import LetterReceipt, SupervisionLetter
from supervision.proposals import proposals_for, source_label
from supervision.services.letters import (
    answer_letter,
    check_may_write,
    decline_proposed,
    draft_letter,
    draft_proposed,
    edit_letter,
    move_letter,
    move_receipt,
    proposal_of,
    record_exposure,
    record_talk,
)
from units.models import Unit
from units.requests import user_of

HISTORY_LINES = 60
PROPOSALS = 20
FORMATS = {
    "docx": (to_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (to_pdf, "application/pdf"),
}
PAPERS = {"letter": ("函件", paper), "talk": ("约谈记录", talk_record)}


def names_of(letter: SupervisionLetter) -> str:
    """The units of a letter, the first few by name."""
    names = [str(receipt.unit) for receipt in letter.receipts.all()]
    return "、".join(names[:3]) + (f"等{len(names)}个单位" if len(names) > 3 else "")


def answers_of(letter: SupervisionLetter) -> str:
    receipts = list(letter.receipts.all())
    if letter.state not in SupervisionLetter.OUT:
        return ""
    answered = sum(receipt.state == LetterReceipt.State.ANSWERED for receipt in receipts)
    if len(receipts) == 1:
        return str(receipts[0].get_state_display())
    return f"已答复{answered}/{len(receipts)}"


class LetterList(ListPage):
    """The bureau's letters; for a unit the inbox of those it received."""

    model = SupervisionLetter
    title = "督办函件"
    template_name = "supervision/letters.html"
    filterset_class = LetterFilter
    bar = ("q", "kind", "state", "overdue")
    columns = (
        Column("number", "文号", cell=lambda row: row.number or "（未编号）", link=True, sort="number", kind="short"),
        Column("kind", "种类", cell="get_kind_display", kind="short"),
        Column("title", "标题", kind="title", link=True),
        Column("units", "收函单位", cell=names_of),
        Column("sent", "发出日期", cell="sent_on", sort="sent_on", nulls_last=True, kind="short"),
        Column("answer", "答复期限", cell=lambda row: due(row.answer_by, done=row.state != "sent") if row.answer_by else None,
               export="answer_by", sort="answer_by", nulls_last=True, kind="short"),
        Column("answered", "签收和答复", cell=answers_of, kind="short"),
        Column("state", "状态", cell=lambda row: status(f"letter.{row.state}", row.get_state_display()),
               export="get_state_display", sort="state", kind="short"),
        Column("drafted_by", "拟稿人", cell="drafted_by.name", on_page=False),
        Column("approved_by", "审签人", cell=lambda row: row.approved_by.name if row.approved_by else "", on_page=False),
    )  # fmt: skip
    empty_title, empty_words = "没有督办函件", "函件发出后列在这里，收函单位签收、答复；应急管理局按“建议发函”拟稿。"

    def extra_context(self) -> dict[str, Any]:
        return {"tab": "letters", "writes": user_of(self.request).reviews}


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """What the system proposes to write, by unit and step."""
    user = user_of(request)
    if not user.reads_region or user.unit is None:
        raise NotAllowed("建议发函的清单供应急管理局使用。")
    found, kind = proposals_for(user.unit.region), request.GET.get("kind", "")
    counts = Counter(one.step.kind for one in found)
    shown = [one for one in found if not kind or one.step.kind == kind]
    context = {
        "tab": "proposals",
        "page": Paginator(shown, PROPOSALS).get_page(request.GET.get("page")),
        "total": len(found),
        "kind": kind,
        "steps": [(step.kind, step.label, counts[step.kind]) for step in LETTER_KINDS.values() if counts[step.kind]],
        "writes": user.reviews,
        "kinds": list(LETTER_KINDS.values()),
    }
    return render(request, "supervision/proposals.html", context)


def unit_of(request: HttpRequest, pk: int) -> Unit:
    found: Unit = get_object_or_404(Unit.objects.visible_to(user_of(request)), pk=pk)
    return found


@require_POST
def draft(request: HttpRequest, unit: int, kind: str) -> HttpResponse:
    letter = draft_proposed(by=user_of(request), unit=unit_of(request, unit), kind=kind)
    messages.success(request, f"已拟出{letter.get_kind_display()}，请核对正文，再由另一人审签。")
    return redirect(letter.get_absolute_url())


class DeclinePage(FormPage):
    """Say why a proposed letter is not written."""

    form_class = DeclineForm
    template_name = "supervision/letter_form.html"
    title = "不发函"

    @cached_property
    def unit(self) -> Unit:
        return unit_of(self.request, self.kwargs["unit"])

    def get_success_url(self) -> str:
        return reverse("supervision:proposals")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        region = check_may_write(user_of(self.request))
        proposal = proposal_of(region, self.unit, self.kwargs["kind"])
        lead = f"{self.unit.name}：{proposal.step.label}，{len(proposal.items)}项"
        return super().get_context_data(**kwargs) | {"lead": lead}

    def perform(self, form: DeclineForm) -> str:
        decline_proposed(
            by=user_of(self.request), unit=self.unit, kind=self.kwargs["kind"], reason=form.cleaned_data["reason"]
        )
        return "已记录不发函的理由。"


class LetterNew(FormPage):
    """Write a letter that no proposal stands behind."""

    form_class = LetterForm
    template_name = "supervision/letter_form.html"
    title = "拟函"
    submit = "保存草稿"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_write(user_of(request))
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse("supervision:letters")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": user_of(self.request)}

    def perform(self, form: LetterForm) -> str:
        data = dict(form.cleaned_data)
        fixed = {name: data.pop(name) for name in ("kind", "title", "body")}
        draft_letter(by=user_of(self.request), units=list(data.pop("units")), details=data, **fixed)
        return "草稿已保存，请由另一人审签。"


def letter_of(request: HttpRequest, pk: int) -> SupervisionLetter:
    """The letter in the address, where this user sees it; 404 otherwise."""
    rows = SupervisionLetter.objects.visible_to(user_of(request)).for_list().select_related("region")
    rows = rows.prefetch_related(
        "receipts__unit__parent", "receipts__signed_by", "receipts__answered_by", "items__unit"
    )
    found: SupervisionLetter = get_object_or_404(rows, pk=pk)
    return found


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    user, letter = user_of(request), letter_of(request, pk)
    seen = set(LetterReceipt.objects.visible_to(user).filter(letter=letter).values_list("pk", flat=True))
    receipts: list[Any] = [receipt for receipt in letter.receipts.all() if receipt.pk in seen]
    about_letter = Q(content_type=ContentType.objects.get_for_model(letter), object_id=str(letter.pk))
    keys = [str(receipt.pk) for receipt in receipts]
    about_receipts = Q(content_type=ContentType.objects.get_for_model(LetterReceipt), object_id__in=keys)
    files = Evidence.objects.filter(about_letter | about_receipts).select_related("uploaded_by").order_by("pk")
    papers_of: dict[str, list[Evidence]] = {}
    for file in files:
        key = file.object_id if file.content_type_id == ContentType.objects.get_for_model(LetterReceipt).pk else ""
        papers_of.setdefault(key, []).append(file)
    for receipt in receipts:
        receipt.letter = letter
        receipt.files = papers_of.get(str(receipt.pk), [])
        receipt.acts = [act for act in allowed_actions(receipt, user) if act.action != "answer"]
        receipt.may_answer = receipt.state == "signed" and bool(receipt.relations_of(user) & {"unit", "bureau"})
    relations = letter.relations_of(user)
    is_out = letter.state == SupervisionLetter.State.SENT
    inside = user.reads_region
    context = {
        "letter": letter,
        "receipts": receipts,
        "items": [(item, source_label(item.source)) for item in letter.items.all()
                  if inside or item.unit_id in {receipt.unit_id for receipt in receipts}],
        "files": papers_of.get("", []),
        "may_edit": "bureau" in relations and letter.state in SupervisionLetter.EDITABLE,
        "may_record": "bureau" in relations and is_out and letter.is_talk,
        "may_expose": "bureau" in relations and is_out and letter.is_exposure,
        "inside": inside,
        "paragraphs": [line for line in letter.body.splitlines() if line.strip()],
        "late": letter.state == "sent" and letter.answer_by is not None and letter.answer_by < timezone.localdate(),
        "events": Event.objects.filter(about_letter | about_receipts if inside else about_receipts)
        .exclude(verb="evidence.added").order_by("-id")[:HISTORY_LINES],
    }  # fmt: skip
    return render(request, "supervision/letter.html", context)


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    letter = letter_of(request, pk)
    move_letter(
        by=user_of(request), letter=letter, action=request.POST.get("act", ""), note=request.POST.get("note", "")
    )
    messages.success(request, f"{letter.number or letter.get_kind_display()}：{letter.get_state_display()}。")
    return after_act(request, letter)


@require_safe
def download(request: HttpRequest, pk: int, key: str, ending: str) -> HttpResponse:
    """The letter, or the record of its talk, as a file; a PDF opens in the browser, a Word file is saved."""
    letter = letter_of(request, pk)
    if key not in PAPERS or ending not in FORMATS or (key == "talk" and not letter.record):
        raise Http404
    label, make = PAPERS[key]
    write, media_type = FORMATS[ending]
    response = HttpResponse(write(make(letter)), content_type=media_type)
    shown = "inline" if ending == "pdf" else "attachment"
    name = f"{letter.get_kind_display() if key == 'letter' else label} {letter.number or '草稿'}.{ending}"
    response["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(name)}"
    return response


class LetterFormPage(FormPage):
    """A form of the bureau about one letter."""

    template_name = "supervision/letter_form.html"

    @cached_property
    def letter(self) -> SupervisionLetter:
        return letter_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if "bureau" not in self.letter.relations_of(user_of(request)):
            raise NotAllowed("督办函件由应急管理局的工作人员办理。")
        if not self.fits(self.letter):
            raise Conflict(f"函件{self.letter.get_state_display()}，不能“{self.title}”。")
        return super().dispatch(request, *args, **kwargs)

    def fits(self, letter: SupervisionLetter) -> bool:
        return True

    def get_success_url(self) -> str:
        return self.letter.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lead = f"{self.letter.get_kind_display()}　{names_of(self.letter)}"
        return super().get_context_data(**kwargs) | {"letter": self.letter, "lead": lead}


class EditPage(LetterFormPage):
    form_class = WordsForm
    title = "修改函件"

    def fits(self, letter: SupervisionLetter) -> bool:
        return letter.state in SupervisionLetter.EDITABLE

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"letter": self.letter}

    def perform(self, form: WordsForm) -> str:
        data = dict(form.cleaned_data)
        title, body = data.pop("title"), data.pop("body")
        edit_letter(by=user_of(self.request), letter=self.letter, title=title, body=body, details=data)
        return "函件已保存。"


class TalkPage(LetterFormPage):
    form_class = TalkForm
    title = "登记约谈记录"

    def fits(self, letter: SupervisionLetter) -> bool:
        return letter.is_talk and letter.state == "sent"

    def get_initial(self) -> dict[str, Any]:
        return {"people": self.letter.people, "record_text": self.letter.record}

    def perform(self, form: TalkForm) -> str:
        data = form.cleaned_data
        record_talk(
            by=user_of(self.request), letter=self.letter, people=data["people"], record_text=data["record_text"],
            files=data["evidence"],
        )  # fmt: skip
        return "约谈记录已保存。"


class ExposurePage(LetterFormPage):
    form_class = ExposureForm
    title = "登记曝光情况"

    def fits(self, letter: SupervisionLetter) -> bool:
        return letter.is_exposure and letter.state == "sent"

    def get_initial(self) -> dict[str, Any]:
        return {
            "published_in": self.letter.published_in,
            "published_on": self.letter.published_on or timezone.localdate(),
        }

    def perform(self, form: ExposureForm) -> str:
        data = dict(form.cleaned_data)
        record_exposure(by=user_of(self.request), letter=self.letter, files=data.pop("evidence"), **data)
        return "曝光情况已保存。"


def receipt_of(request: HttpRequest, pk: int) -> LetterReceipt:
    rows = LetterReceipt.objects.visible_to(user_of(request)).for_list()
    found: LetterReceipt = get_object_or_404(rows, pk=pk)
    return found


@require_POST
def receipt_act(request: HttpRequest, pk: int) -> HttpResponse:
    receipt = receipt_of(request, pk)
    move_receipt(
        by=user_of(request), receipt=receipt, action=request.POST.get("act", ""), note=request.POST.get("note", "")
    )
    messages.success(request, f"{receipt.letter.number}：{receipt.unit}{receipt.get_state_display()}。")
    return after_act(request, receipt)


class AnswerPage(FormPage):
    """A unit's answer to a letter."""

    form_class = AnswerForm
    template_name = "supervision/letter_form.html"
    title = "答复"
    submit = "提交答复"

    @cached_property
    def receipt(self) -> LetterReceipt:
        return receipt_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.receipt.relations_of(user_of(request)) & {"unit", "bureau"}:
            raise NotAllowed("函件由收函单位的人员答复。")
        if self.receipt.state != LetterReceipt.State.SIGNED:
            raise Conflict(f"{self.receipt.get_state_display()}，现在不能答复；还没有签收的请先签收。")
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return self.receipt.get_absolute_url()

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.receipt.answer}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letter = self.receipt.letter
        lead = f"{letter.number}　{letter.title}　{self.receipt.unit.name}"
        return super().get_context_data(**kwargs) | {"letter": letter, "lead": lead}

    def perform(self, form: AnswerForm) -> str:
        data = form.cleaned_data
        answer_letter(by=user_of(self.request), receipt=self.receipt, answer=data["answer"], files=data["evidence"])
        return "答复已提交。"
