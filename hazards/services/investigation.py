"""A major hazard is investigated: written by one, signed by another, and its recommendations put on the measure list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from common.serials import next_number
from common.transitions import advance
from hazards.models import Hazard, InstitutionalMeasure, Investigation, Liability, Recommendation
from hazards.services.measures import create_measure
from units.models import Unit, User

NAME_LENGTH = 60
"""Characters of a recommendation that become the name of its measure."""


def check_may_investigate(by: User, hazard: Hazard) -> None:
    """Raises NotAllowed unless the user is of the bureau, Conflict unless the hazard is major."""
    if "bureau" not in hazard.relations_of(by):
        raise NotAllowed("重大隐患调查由应急管理局办理。")
    if not hazard.is_major or hazard.state == Hazard.State.VOID:
        raise Conflict("只有重大隐患需要调查原因和责任。")


@transaction.atomic
def write_investigation(
    *, by: User, hazard: Hazard, begun_on: dt.date, parts: Mapping[str, str], files: Sequence[File[bytes]] = ()
) -> Investigation:
    """Open the investigation of a major hazard, or write on while it is drafted (see Investigation.PARTS).

    Only `team` has to be there at first; the rest is needed when it is handed in for signing.
    """
    row = Hazard.objects.select_for_update(of=("self",)).select_related("mine").get(pk=hazard.pk)
    check_may_investigate(by, row)
    found = Investigation.objects.select_for_update().filter(hazard=row).first()
    if found is not None and not found.is_open:
        raise Conflict(f"调查报告{found.get_state_display()}，不能再修改。")
    faults: dict[str, list[str]] = {}
    if not parts.get("team", "").strip():
        faults["team"] = ["请写明由谁调查。"]
    if not row.found_on <= begun_on <= timezone.localdate():
        faults["begun_on"] = ["开始日期应在发现日期和今天之间。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    given = {name: parts.get(name, "").strip() for name in Investigation.PARTS}
    investigation = found or Investigation(hazard=row)
    for name, text in {**given, "begun_on": begun_on, "written_by": by, "written_at": timezone.now()}.items():
        setattr(investigation, name, text)
    investigation.save()
    for file in files:
        store_evidence(file=file, by=by, about=investigation)
    record("investigation.written", investigation, by=by, after=given)
    return investigation


@transaction.atomic
def add_liability(*, by: User, investigation: Investigation, **fields: str) -> Liability:
    """Name a person or unit that answers for the hazard: `name`, `post`, `kind`, `fault`, `handling`."""
    row = _drafted(investigation, by)
    liability = Liability.objects.create(investigation=row, **{name: text.strip() for name, text in fields.items()})
    record("investigation.liability", row, by=by, note=f"{liability}：{liability.handling}")
    return liability


@transaction.atomic
def add_recommendation(
    *, by: User, investigation: Investigation, text: str, unit: Unit, due_on: dt.date
) -> Recommendation:
    """Say what has to change, whose business that is and until when."""
    row = _drafted(investigation, by)
    if due_on < row.begun_on:
        raise Refused("请改正标出的内容。", code="invalid", fields={"due_on": ["完成时限不能早于调查开始日期。"]})
    made = Recommendation.objects.create(investigation=row, text=text.strip(), unit=unit, due_on=due_on)
    record("investigation.recommendation", row, by=by, note=f"{unit.name}，{due_on:%Y-%m-%d}前：{made.text}")
    return made


@transaction.atomic
def drop_line(*, by: User, line: Liability | Recommendation) -> None:
    """Take a liability or recommendation out of a draft; the history keeps what it said."""
    row = _drafted(line.investigation, by)
    record("investigation.dropped", row, by=by, note=str(line))
    line.delete()


@transaction.atomic
def move_investigation(*, by: User, investigation: Investigation, action: str, note: str = "") -> Investigation:
    """Hand in, sign, send back or open again (see INVESTIGATION_MOVES); signing gives the report its number."""
    if action != "sign":
        cleared = {"signed_by": None, "signed_on": None} if action == "reopen" else {}
        return advance(investigation, action, by=by, note=note, **cleared)
    today = timezone.localdate()
    advance(investigation, "sign", by=by, note=note, signed_by=by, signed_on=today)
    if not investigation.number:
        # The number is taken last: a refused signature gives none away.
        county = investigation.hazard.region.county
        serial = next_number("investigation", county.code, today.year)
        investigation.number = f"{county.name[:1]}应急调〔{today.year}〕{serial}号"
        investigation.save(update_fields=["number"])
    record("hazard.investigated", investigation.hazard, by=by, note=investigation.number)
    return investigation


@transaction.atomic
def list_as_measure(*, by: User, recommendation: Recommendation) -> InstitutionalMeasure:
    """Put a signed recommendation on the list of institutional measures, with its unit and day."""
    row = (
        Recommendation.objects.select_for_update(of=("self",))
        .select_related("investigation__hazard__mine", "unit")
        .get(pk=recommendation.pk)
    )
    check_may_investigate(by, row.investigation.hazard)
    if not row.investigation.is_signed:
        raise Conflict("调查报告签发以后，才能列入制度措施清单。")
    if row.measure_id is not None:
        raise Conflict("这条建议已经列入制度措施清单。")
    gist = f"{row.text}\n（来自{row.investigation.hazard.number}重大隐患调查报告{row.investigation.number}）"
    row.measure = create_measure(by=by, name=row.text[:NAME_LENGTH], gist=gist, lead_unit=row.unit, due_on=row.due_on)
    row.save(update_fields=["measure"])
    record("investigation.listed", row.investigation, by=by, note=row.measure.name)
    return row.measure


def _drafted(investigation: Investigation, by: User) -> Investigation:
    """The row under lock, to be written on: whoever does so last may not sign it.

    Raises NotAllowed for others than the bureau, Conflict unless it is being drafted.
    """
    row: Investigation = (
        Investigation.objects.select_for_update(of=("self",)).select_related("hazard__mine").get(pk=investigation.pk)
    )
    check_may_investigate(by, row.hazard)
    if not row.is_open:
        raise Conflict(f"调查报告{row.get_state_display()}，不能再修改。")
    row.written_by, row.written_at = by, timezone.now()
    row.save(update_fields=["written_by", "written_at"])
    return row
