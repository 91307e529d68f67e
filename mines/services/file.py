"""The head of a mine's file: what the mine is, its state of production, and its monthly word that all is right."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files import File
from django.db import models, transaction
from django.utils import timezone

from common.bulk import insert_rows
from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record, snapshot
from common.transitions import advance
from mines.models import FileConfirmation, FileProposal, Mine, ProductionSpan
from mines.models.file import relations_to
from mines.querysets import month_of
from units.models import Unit, User
from units.rules import rules_for
from units.services.directory import check_fields

BUREAU_FIELDS = (
    "mine_type", "capacity", "gas_grade", "water_grade", "self_ignition", "rock_burst", "pond_grade", "supervising_unit",
)  # fmt: skip
"""What others than the mine decide; the mine proposes a change."""
OWN_FIELDS = ("mineral", "mining_method", "address", "longitude", "latitude", "duty_phone")
FILE_FIELDS = (*BUREAU_FIELDS, *OWN_FIELDS)
NOT_YOURS = "矿山档案由矿山自己和应急管理局维护。"


def check_keeps_file(by: User, unit: Unit) -> frozenset[str]:
    """What the user is to the mine. Raises NotAllowed unless of the mine or of its bureau."""
    relations = relations_to(by, unit)
    if not relations & {"mine", "bureau"}:
        raise NotAllowed(NOT_YOURS)
    return relations


@transaction.atomic
def open_file(
    *,
    by: User,
    unit: Unit,
    state: str = Mine.State.PRODUCING,
    state_since: dt.date | None = None,
    batch: uuid.UUID | None = None,
    **values: Any,
) -> Mine:
    """Begin the file of a mine; the bureau does, because the catalogues follow from the type.

    Raises Conflict where the mine has a file, Refused for a unit that is no mine.
    """
    if "bureau" not in check_keeps_file(by, unit):
        raise NotAllowed("矿山档案由应急管理局建立，请联系局里先确定矿山类型。")
    if unit.kind != Unit.Kind.MINE:
        raise Refused("只有矿山才有“一矿一册”，请核对单位类别。")
    if Mine.objects.filter(pk=unit.pk).exists():
        raise Conflict("这座矿山已经有档案，请刷新页面后修改。")
    former = Mine.State.PRODUCING if state == Mine.State.SUSPENDED else ""
    since = state_since or timezone.localdate()
    mine = Mine(unit=unit, state=state, former_state=former, state_since=since, **values)
    check_fields(mine)
    mine.save(force_insert=True)
    ProductionSpan.objects.create(mine=mine, state=mine.state, since=since, note="建立档案", recorded_by=by)
    record("mine.opened", mine, by=by, after=snapshot(mine, (*FILE_FIELDS, "state")), batch=batch)
    return mine


@transaction.atomic
def save_file(
    *, by: User, mine: Mine, reason: str = "", batch: uuid.UUID | None = None, **values: Any
) -> FileProposal | None:
    """Change the head of the file. The bureau writes all of it; of a mine, what the bureau keeps becomes a proposal.

    Answers the proposal, or None where everything was written.
    """
    row: Mine = Mine.objects.select_for_update(of=("self",)).select_related("unit__region").get(pk=mine.pk)
    relations = check_keeps_file(by, row.unit)
    proposed: dict[str, Any] = {}
    if "bureau" not in relations:
        proposed = {
            name: values.pop(name) for name in BUREAU_FIELDS if name in values and values[name] != getattr(row, name)
        }
        values = {name: value for name, value in values.items() if name in OWN_FIELDS}
    _write(row, values, by=by, batch=batch)
    proposal = _propose(row, proposed, reason, by) if proposed else None
    mine.refresh_from_db()
    return proposal


def _write(row: Mine, values: Mapping[str, Any], *, by: User, note: str = "", batch: uuid.UUID | None = None) -> None:
    before = snapshot(row, FILE_FIELDS)
    for name, value in values.items():
        setattr(row, name, value)
    check_fields(row)
    after = snapshot(row, FILE_FIELDS)
    if before != after:
        row.save()
        record("mine.changed", row, by=by, before=before, after=after, note=note, batch=batch)


def _propose(row: Mine, changes: Mapping[str, Any], reason: str, by: User) -> FileProposal:
    for name, value in changes.items():
        setattr(row, name, value)
    check_fields(row)
    texts = {
        name: str(value.pk) if isinstance(value, models.Model) else "" if value is None else str(value)
        for name, value in changes.items()
    }
    proposal = FileProposal.objects.create(mine=row, changes=texts, reason=reason.strip(), made_by=by)
    record("mine.proposed", row, by=by, after=snapshot(row, changes), note=reason)
    return proposal


@transaction.atomic
def decide_proposal(*, by: User, proposal: FileProposal, accept: bool, answer: str = "") -> FileProposal:
    """Take over what a mine proposed, or decline it with a reason."""
    row: FileProposal = FileProposal.objects.select_for_update().get(pk=proposal.pk)
    mine: Mine = Mine.objects.select_for_update(of=("self",)).select_related("unit__region").get(pk=row.mine_id)
    if "bureau" not in relations_to(by, mine.unit):
        raise NotAllowed("档案修改申请由应急管理局核定。")
    if row.state != FileProposal.State.WAITING:
        raise Conflict(f"这份申请{row.get_state_display()}，不用再核定。")
    if not accept and not answer.strip():
        raise Refused("不采纳的，请写明理由。", fields={"answer": ["请写明理由。"]})
    row.state = FileProposal.State.ACCEPTED if accept else FileProposal.State.DECLINED
    row.decided_by, row.decided_at, row.answer = by, timezone.now(), answer.strip()
    row.save()
    if accept:
        _write(mine, proposed_values(row), by=by, note=f"采纳{row.made_by.name}提出的修改")
    else:
        record("mine.declined", mine, by=by, note=answer)
    return row


def proposed_values(proposal: FileProposal) -> dict[str, Any]:
    """The proposed values as the fields hold them."""
    values: dict[str, Any] = {}
    for name, text in proposal.changes.items():
        field: Any = Mine._meta.get_field(name)
        if field.is_relation:
            values[name] = field.related_model.objects.filter(pk=text).first() if text else None
        else:
            values[name] = field.to_python(text) if text or not field.null else None
    return values


@transaction.atomic
def change_state(
    *, by: User, mine: Mine, action: str, since: dt.date, note: str, paper: str = "", files: Sequence[File[bytes]] = ()
) -> Mine:
    """Move the mine to another state of production from a day on, by a paper. Days are kept in order."""
    row: Mine = Mine.objects.select_for_update(of=("self",)).select_related("unit__region").get(pk=mine.pk)
    if since > timezone.localdate():
        raise Refused("日期不能晚于今天。", fields={"since": ["日期不能晚于今天。"]})
    if row.state_since and since < row.state_since:
        words = f"现在的状态从{row.state_since:%Y-%m-%d}开始，新的状态不能更早。"
        raise Refused(words, fields={"since": [words]})
    move = row.moves.get((row.state, action))
    former = row.state if move is not None and move.to == Mine.State.SUSPENDED else ""
    advance(row, action, by=by, note="；".join(filter(None, (paper, note))), state_since=since)
    if row.former_state != former:
        row.former_state = former
        row.save(update_fields=["former_state"])
    ProductionSpan.objects.create(
        mine=row, state=row.state, since=since, paper=paper.strip(), note=note.strip()[:300], recorded_by=by
    )
    for file in files:
        store_evidence(file=file, by=by, about=row, caption=f"{row.get_state_display()}：{paper or note}"[:100])
    mine.refresh_from_db()
    return row


def open_confirmations(day: dt.date | None = None) -> int:
    """Give every mine with a file its word to say this month; twice does no harm. Answers how many were missing."""
    today = day or timezone.localdate()
    month = month_of(today)
    mines = (
        Mine.objects.exclude(state=Mine.State.CLOSED)
        .filter(unit__is_active=True)
        .exclude(confirmations__month=month)
        .values_list("pk", "unit__region__code")
    )
    days: dict[str, dt.date] = {}
    rows = []
    for pk, code in mines:
        county = code[:6]
        if county not in days:
            days[county] = month.replace(day=min(28, max(1, rules_for(county)["file_confirm_day"])))
        rows.append((pk, month, days[county]))
    return insert_rows(FileConfirmation, ("mine_id", "month", "due_on"), rows, skip_known=True)


def check_may_confirm(by: User, mine: Mine) -> None:
    """Raises NotAllowed for all but the mine itself."""
    if "mine" not in relations_to(by, mine.unit):
        raise NotAllowed("档案由矿山自己确认，请本矿人员登录办理。")


@transaction.atomic
def confirm_file(*, by: User, mine: Mine, note: str = "") -> FileConfirmation:
    """The mine says that its file is right, for this month. Raises NotAllowed for all others."""
    check_may_confirm(by, mine)
    today = timezone.localdate()
    month = month_of(today)
    county = mine.unit.region_id[:6]
    due_on = month.replace(day=min(28, max(1, rules_for(county)["file_confirm_day"])))
    row: FileConfirmation
    row, _ = FileConfirmation.objects.select_for_update().get_or_create(
        mine=mine, month=month, defaults={"due_on": due_on}
    )
    if row.confirmed_on:
        raise Conflict("本月已经确认过了，档案有变化直接修改就行。")
    row.confirmed_on, row.confirmed_by, row.note = today, by, note.strip()
    row.save()
    record("mine.confirmed", mine, by=by, note=f"{month:%Y年%m月}{note}")
    return row
