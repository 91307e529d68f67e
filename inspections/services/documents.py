"""Enforcement documents: drafted, approved by a second person with the next number, served, and closed by the scan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from common.serials import next_number
from common.transitions import advance
from common.workdays import add_workdays
from hazards.models import Hazard
from inspections.document_kinds import KINDS
from inspections.models import Document, DocumentHazard, Measure, Penalty, Visit
from units.models import User
from units.rules import rule

WORDS = ("facts", "demand", "due_on", "review_organ", "court")
Penalties = Mapping[str, tuple[str, Decimal]]
"""For each subject (unit, head) the name and the amount in yuan."""


def latest_day(kind: str, region_id: str, day: dt.date) -> dt.date | None:
    """The last day that the limit of a kind may name when it is issued on `day`; None for a kind without limit."""
    rules = KINDS[kind]
    if rules.days:
        return day + dt.timedelta(days=rule(rules.days, region_id))
    if not rules.months:
        return None
    months = day.month - 1 + rule(rules.months, region_id)
    first = dt.date(day.year + months // 12, months % 12 + 1, 1)
    ends = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return min(first + dt.timedelta(days=day.day - 1), ends)


def parents_for(visit: Visit, kind: str) -> list[Document]:
    """The documents of a visit that one of this kind may follow: approved, the latest first."""
    rows = Document.objects.in_force().filter(visit=visit, kind__in=KINDS[kind].after)
    return list(rows.order_by("-pk"))


def check_may_draft(by: User, visit: Visit, kind: str) -> None:
    """Raises NotAllowed for others than those who came and the bureau, Conflict where the order forbids the kind."""
    if not visit.relations_of(by) & {"officer", "bureau"}:
        raise NotAllowed("执法文书由到场的检查人员和应急管理局办理。")
    if visit.state != Visit.State.FINISHED:
        raise Conflict("请先完成检查，再起草执法文书。")
    rules = KINDS[kind]
    if rules.after and not parents_for(visit, kind):
        labels = "、".join(KINDS[one].label for one in rules.after)
        raise Conflict(f"{labels}签发以后，才能起草{rules.label}。")


@transaction.atomic
def draft_document(
    *,
    by: User,
    visit: Visit,
    kind: str,
    facts: str,
    demand: str,
    parent: Document | None = None,
    due_on: dt.date | None = None,
    review_organ: str = "",
    court: str = "",
    hazards: Sequence[Hazard] = (),
    penalties: Penalties | None = None,
    measures: Mapping[str, int] | None = None,
) -> Document:
    """Draft a document of a finished visit; `parent` is the approved one that it follows (see DocumentKind.after)."""
    held = Document.objects.select_for_update(of=("self",)).get(pk=parent.pk) if parent is not None else None
    check_may_draft(by, visit, kind)
    if KINDS[kind].after and (held is None or held not in parents_for(visit, kind)):
        raise Refused("请选择前一份文书。", fields={"parent": ["请选择这次检查里已经签发的前一份文书。"]})
    document = Document(region=visit.region, visit=visit, kind=kind, parent=held, drafted_by=by)
    _write(document, by, facts=facts, demand=demand, due_on=due_on, review_organ=review_organ, court=court)
    _set_lines(document, hazards)
    _set_penalties(document, penalties or {})
    _set_measures(document, measures or {})
    record("document.drafted", document, by=by, after={"kind": kind, "visit": visit.number, "due_on": due_on})
    return document


@transaction.atomic
def change_document(
    *,
    by: User,
    document: Document,
    hazards: Sequence[Hazard],
    penalties: Penalties | None = None,
    measures: Mapping[str, int] | None = None,
    **words: object,
) -> Document:
    """Write on a draft: `facts`, `demand`, `due_on`, `review_organ`, `court`, what it lists and what it sets.

    Whoever wrote last is its drafter and cannot approve it.
    """
    row = _locked(document, by)
    if row.state != Document.State.DRAFTED:
        raise Conflict(f"文书{row.get_state_display()}，不能再修改。")
    before = {name: getattr(row, name) for name in words}
    row.drafted_by = by
    _write(row, by, **words)
    _set_lines(row, hazards)
    _set_penalties(row, penalties or {})
    _set_measures(row, measures or {})
    record("document.changed", row, by=by, before=before, after={name: getattr(row, name) for name in words})
    return row


@transaction.atomic
def approve_document(document: Document, *, by: User, note: str = "") -> Document:
    """Issue a document: the next number of its county, kind and year, and the day by which it has to be published.

    A refusal gives the number back, so that none is skipped.
    """
    if document.parent_id is not None:
        Document.objects.select_for_update(of=("self",)).get(pk=document.parent_id)
    today, rules = timezone.localdate(), document.rules
    county = document.region.county
    serial = next_number(f"document.{document.kind}", county.code, today.year)
    days = rule(rules.publish, document.region_id) if rules.publish else 0
    advance(
        document, "approve", by=by, note=note, approved_by=by, issued_on=today, year=today.year, serial=serial,
        number=f"（{county.name[:1]}）应急{rules.word}〔{today.year}〕{serial}号",
        publish_by=add_workdays(today, days) if days else None,
    )  # fmt: skip
    if rules.rechecks:
        for line in document.lines.select_related("hazard"):
            line.outcome = _became(line.hazard)
            line.save(update_fields=["outcome"])
    return document


@transaction.atomic
def close_document(
    *, by: User, document: Document, scan: File[bytes], received_by: str, received_on: dt.date
) -> Document:
    """Keep the signed scan with who signed for it and when; that closes the document."""
    issued = document.issued_on
    if issued is not None and not issued <= received_on <= timezone.localdate():
        raise Refused("请核对签收日期。", fields={"received_on": ["签收日期应在签发日期和今天之间。"]})
    advance(document, "close", by=by, received_by=received_by.strip(), received_on=received_on)
    store_evidence(file=scan, by=by, about=document, caption="签字盖章扫描件")
    return document


@transaction.atomic
def publish_document(*, by: User, document: Document, published_on: dt.date, published_at: str) -> Document:
    """Enter where and when a decision was published."""
    row = _locked(document, by)
    if not row.in_force or row.publish_by is None or row.issued_on is None:
        raise Conflict("签发以后的处罚决定才需要公示。")
    if row.published_on is not None:
        raise Conflict("已经登记过公示。")
    if not row.issued_on <= published_on <= timezone.localdate():
        raise Refused("请核对公示日期。", fields={"published_on": ["公示日期应在签发日期和今天之间。"]})
    row.published_on, row.published_at = published_on, published_at.strip()
    row.save(update_fields=["published_on", "published_at"])
    record("document.published", row, by=by, after={"published_on": published_on, "published_at": row.published_at})
    document.refresh_from_db()
    return row


@transaction.atomic
def pay_penalty(*, by: User, penalty: Penalty, paid_on: dt.date) -> Penalty:
    """Enter the day on which a penalty of an issued decision was paid."""
    document = _locked(penalty.document, by)
    row = Penalty.objects.select_for_update().get(pk=penalty.pk)
    if not document.in_force or not document.rules.publish or document.issued_on is None:
        raise Conflict("处罚决定签发以后，才能登记缴款。")
    if row.paid_on is not None:
        raise Conflict("已经登记过缴款。")
    if not document.issued_on <= paid_on <= timezone.localdate():
        raise Refused("请核对缴纳日期。", fields={"paid_on": ["缴纳日期应在签发日期和今天之间。"]})
    row.paid_on = paid_on
    row.save(update_fields=["paid_on"])
    record("document.paid", document, by=by, note=str(row), after={"paid_on": paid_on})
    return row


def _locked(document: Document, by: User) -> Document:
    rows = Document.objects.select_for_update(of=("self",)).select_related("visit", "region")
    row: Document = rows.get(pk=document.pk)
    if not row.relations_of(by) & {"officer", "bureau"}:
        raise NotAllowed("执法文书由到场的检查人员和应急管理局办理。")
    return row


def _write(document: Document, by: User, **words: object) -> None:
    for name, value in words.items():
        if name not in WORDS:
            raise TypeError(f"no field of a draft: {name}")
        setattr(document, name, value.strip() if isinstance(value, str) else value)
    faults: dict[str, list[str]] = {}
    for name in ("facts", "demand"):
        if not getattr(document, name):
            faults[name] = ["请填写这一项。"]
    today = timezone.localdate()
    latest = latest_day(document.kind, document.region_id, today)
    if latest is not None and document.due_on is None:
        faults["due_on"] = ["请填写期限。"]
    elif latest is not None and document.due_on is not None and not today <= document.due_on <= latest:
        faults["due_on"] = [f"期限应在今天和{latest:%Y-%m-%d}之间。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    document.save()


def _set_lines(document: Document, hazards: Sequence[Hazard]) -> None:
    of_mine = {one.mine_id for one in hazards} <= {document.visit.mine_id}
    if not of_mine:
        raise Refused("只能列入这座矿山的隐患。", fields={"hazards": ["只能列入这座矿山的隐患。"]})
    document.lines.all().delete()
    DocumentHazard.objects.bulk_create(
        DocumentHazard(
            document=document, hazard=one, position=index, text=f"{one.place}：{one.description}", due_on=one.due_on
        )
        for index, one in enumerate(hazards, 1)
    )  # fmt: skip


def _set_penalties(document: Document, penalties: Penalties) -> None:
    document.penalties.all().delete()
    Penalty.objects.bulk_create(
        Penalty(document=document, subject=subject, name=name, amount=amount)
        for subject, (name, amount) in penalties.items()
    )


def _set_measures(document: Document, measures: Mapping[str, int]) -> None:
    document.measures.all().delete()
    Measure.objects.bulk_create(
        Measure(document=document, kind=kind, quantity=quantity) for kind, quantity in measures.items()
    )


def _became(hazard: Hazard) -> str:
    if hazard.state == Hazard.State.CLOSED:
        return f"已整改，{hazard.closed_on:%Y-%m-%d}销号"
    return f"未完成整改（{hazard.get_state_display()}）"
