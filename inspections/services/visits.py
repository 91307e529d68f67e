"""A visit is opened, its items are looked at, its faults become hazards, and it is finished."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import evidence_path, store_evidence
from common.history import record
from common.models import Evidence
from common.serials import next_number
from common.transitions import advance
from hazards.models import Clause, Hazard, Source
from hazards.services.register import grade_hazard, register_hazard
from inspections.models import (
    Certificate,
    Checklist,
    Outcome,
    PatrolGroup,
    PlannedVisit,
    Visit,
    VisitOfficer,
    VisitResult,
)
from inspections.relations import may_inspect, relations_in
from inspections.services.visit_look_backs import (
    add_look_backs,
    look_back_faults,
    looks_of,
    open_look_backs,
    settle_look_backs,
)
from units.models import Unit, User

CHANGEABLE = ("kind", "group", "is_full", "begun_on", "ended_on", "places", "companion", "measures", "summary")
PHOTOS = 12


@dataclass(frozen=True, slots=True)
class Proposed:
    """Where a fault lies, how bad it is and until when it should be gone, as the officer thought on the spot."""

    place: str = ""
    level: str = ""
    due_on: dt.date | None = None

    @classmethod
    def of(cls, result: VisitResult) -> Proposed:
        return cls(result.place, result.level, result.due_on)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was seen of one item, and when, where it was written down before it was sent.

    `proposed` stays as it was where it is None, and goes with the fault.
    """

    outcome: str
    words: str = ""
    photos: Sequence[File[bytes]] = field(default_factory=tuple)
    seen_at: dt.datetime | None = None
    proposed: Proposed | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """How one fault is entered in the register."""

    place: str
    description: str
    level: str
    due_on: dt.date
    clause: Clause | None = None
    reason: str = ""


def check_may_open(by: User, mine: Unit) -> None:
    """Raises NotAllowed unless the user inspects in the mine's region, Refused unless the unit is a mine."""
    if not may_inspect(by) or not Unit.objects.visible_to(by).filter(pk=mine.pk).exists():
        raise NotAllowed("检查由应急管理局的工作人员和执法检查人员登记。")
    if mine.kind != Unit.Kind.MINE:
        raise Refused("请选择矿山。", fields={"mine": ["请选择矿山。"]})


def check_may_fill(by: User, visit: Visit) -> None:
    """Raises NotAllowed for others than those who came and the bureau, Conflict unless the visit is running."""
    if not visit.relations_of(by) & {"officer", "bureau"}:
        raise NotAllowed("检查内容由到场的检查人员填写。")
    if not visit.is_running:
        raise Conflict(f"检查{visit.get_state_display()}，不能再填写。")


@transaction.atomic
def open_visit(
    *,
    by: User,
    mine: Unit,
    kind: str,
    officers: Sequence[User],
    begun_on: dt.date,
    ended_on: dt.date,
    places: str,
    checklist: Checklist | None = None,
    companion: str = "",
    group: PatrolGroup | None = None,
    is_full: bool = False,
    planned: PlannedVisit | None = None,
    client_id: uuid.UUID | None = None,
) -> Visit:
    """Open a visit with a running number of its county and year, and copy the items of its checklist.

    A `client_id` that is known already answers the visit that it opened. Officers without a valid certificate are
    refused; that there are enough of them is asked when the visit is finished (rule `visit_officers`). `planned` is the
    planned visit that this one makes, `is_full` says that everything is looked at (全面检查), not a part.
    """
    check_may_open(by, mine)
    known = Visit.objects.filter(client_id=client_id, opened_by=by).first() if client_id else None
    if known is not None:
        return known
    faults = _faults(begun_on, ended_on, places) | _team_faults(officers, mine, begun_on)
    if checklist is not None and checklist.state != Checklist.State.IN_USE:
        faults["checklist"] = ["这份检查表没有启用，请选择使用中的。"]
    region = mine.region.county
    faults |= _group_faults(group, region.pk)
    looks = open_look_backs(mine) if kind == Visit.Kind.LOOK_BACK else []
    faults |= look_back_faults(looks, officers)
    if planned is not None and planned.mine_id != mine.pk:
        faults["mine"] = [f"这次检查安排的是{planned.mine}，请选择这座矿山，或者另行开始检查。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    number = next_number("visit", region.code, begun_on.year)
    visit = Visit.objects.create(
        client_id=client_id or uuid.uuid4(),
        region=region,
        number=f"{region.code}-JC{begun_on.year}-{number:04d}",
        mine=mine,
        kind=kind,
        checklist=checklist,
        begun_on=begun_on,
        ended_on=ended_on,
        places=places.strip(),
        companion=companion.strip(),
        group=group,
        is_full=is_full,
        planned=planned,
        opened_by=by,
    )
    _set_team(visit, officers)
    items = checklist.items.all() if checklist is not None else ()
    VisitResult.objects.bulk_create(
        VisitResult(
            visit=visit, position=index, section=item.section, text=item.text, basis=item.basis, clause_id=item.clause_id
        )
        for index, item in enumerate(items, len(looks) + 1)
    )  # fmt: skip
    add_look_backs(visit, looks)
    record(
        "visit.opened", visit, by=by, after={"mine": mine.name, "kind": kind, "begun_on": begun_on, "places": places}
    )
    return visit


@transaction.atomic
def change_visit(*, by: User, visit: Visit, officers: Sequence[User] | None = None, **fields: Any) -> Visit:
    """Put right what is written about a running visit, and who came."""
    row = _running(visit, by)
    if set(fields) - set(CHANGEABLE):
        raise Conflict("矿山和检查表在开始检查时选定，不能再改；确需改正的，请作废后重新登记。")
    given = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    state = {name: given.get(name, getattr(row, name)) for name in CHANGEABLE}
    faults = _faults(state["begun_on"], state["ended_on"], state["places"])
    if officers is not None:
        faults |= _team_faults(officers, row.mine, state["begun_on"])
        faults |= look_back_faults(looks_of(row), officers)
    faults |= _group_faults(state["group"], row.region_id)
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    before = {name: getattr(row, name) for name in given} | {"officers": _names(row)}
    for name, value in given.items():
        setattr(row, name, value)
    row.save(update_fields=[*given])
    if officers is not None:
        _set_team(row, officers)
    after = {**given, "officers": _names(row)}
    for told in (before, after):
        if told.get("group") is not None:
            told["group"] = str(told["group"])
    record("visit.changed", row, by=by, before=before, after=after)
    visit.refresh_from_db()
    return row


@transaction.atomic
def add_result(
    *, by: User, visit: Visit, text: str, section: str = "", client_id: uuid.UUID | None = None
) -> VisitResult:
    """Add something that no checklist asked for; a known `client_id` answers the item that it made."""
    row = _running(visit, by)
    known = VisitResult.objects.filter(client_id=client_id, visit=row).first() if client_id else None
    if known is not None:
        return known
    if not text.strip():
        raise Refused("请填写检查内容。", fields={"text": ["请填写检查内容。"]})
    last = row.results.aggregate(last=Max("position"))["last"] or 0
    made = VisitResult.objects.create(
        client_id=client_id or uuid.uuid4(), visit=row, position=last + 1, section=section.strip(), text=text.strip(),
        is_own=True,
    )  # fmt: skip
    record("visit.item_added", row, by=by, note=made.text)
    return made


@transaction.atomic
def fill_results(*, by: User, visit: Visit, answers: Mapping[int, Answer]) -> int:
    """Write what was seen, by the keys of results, and keep the photographs; how many items changed.

    A fault needs words. What is a hazard of the register already keeps its answer. Photographs that were sent before
    are kept once.
    """
    row = _running(visit, by)
    results = {one.pk: one for one in row.results.select_for_update().filter(pk__in=list(answers))}
    faults: dict[str, list[str]] = {}
    for key, answer in answers.items():
        if key not in results:
            raise Conflict("检查项已经变动，请刷新页面后再填写。")
        if answer.outcome and answer.outcome not in Outcome.values:
            faults[f"outcome_{key}"] = ["请选择合格、不合格或不涉及。"]
        if answer.outcome == Outcome.FAILED and not answer.words.strip():
            faults[f"words_{key}"] = ["不合格的，请写明问题。"]
    if faults:
        raise Refused("有的不合格项没有写明问题，请补充后再保存。", code="invalid", fields=faults)
    changed, told = 0, []
    now = timezone.now()
    for key, answer in answers.items():
        result, words = results[key], answer.words.strip()
        before = Proposed.of(result)
        proposed = (answer.proposed or before) if answer.outcome == Outcome.FAILED else Proposed()
        is_new = (result.outcome, result.words, before) != (answer.outcome, words, proposed)
        if is_new and result.hazard_id is None:
            result.outcome, result.words, result.checked_by = answer.outcome, words, by
            result.checked_at = answer.seen_at or now
            result.place, result.level, result.due_on = proposed.place, proposed.level, proposed.due_on
            result.save(update_fields=["outcome", "words", "place", "level", "due_on", "checked_by", "checked_at"])
            told.append(f"{result.position}.{Outcome(answer.outcome).label if answer.outcome else '未填'}")
        for photo in answer.photos:
            store_evidence(file=photo, by=by, about=result, caption=result.text[:60])
        changed += is_new or bool(answer.photos)
    if told:
        record("visit.filled", row, by=by, note="、".join(told)[:500])
    return changed


@transaction.atomic
def register_findings(*, by: User, visit: Visit, findings: Mapping[int, Finding]) -> list[Hazard]:
    """Enter the faults of a visit in the register of hazards, graded and dated, with their photographs, all or none.

    Raises Refused with the faults of each field, named `<field>_<key of the result>`.
    """
    row = _running(visit, by)
    rows = row.results.select_for_update(of=("self",)).unregistered().select_related("clause__standard")
    results = {one.pk: one for one in rows.filter(pk__in=list(findings))}
    if len(results) != len(findings):
        raise Conflict("有的检查项已经登记为隐患，或不再是不合格，请刷新页面。")
    made: list[Hazard] = []
    faults: dict[str, list[str]] = {}
    for key, finding in findings.items():
        try:
            made.append(_register(by, row, results[key], finding))
        except NotAllowed:
            raise
        except Refused as refusal:
            lines = refusal.fields or {"description": [refusal.message]}
            faults |= {f"{name}_{key}": sentences for name, sentences in lines.items()}
    if faults:
        raise Refused("请改正标出的内容后再登记。", code="invalid", fields=faults)
    return made


@transaction.atomic
def finish_visit(visit: Visit, *, by: User, note: str = "") -> Visit:
    """Finish a visit. Its look-backs are recorded, and a hazard whose rectification does not hold is opened again."""
    advance(visit, "finish", by=by, note=note)
    settle_look_backs(visit, by, photos_of)
    return visit


def _register(by: User, visit: Visit, result: VisitResult, finding: Finding) -> Hazard:
    hazard = register_hazard(
        by=by, mine=visit.mine, place=finding.place, description=finding.description, source=Source.INSPECTION,
        found_on=visit.begun_on, found_by=_names(visit)[:60],
        clause=finding.clause, due_on=finding.due_on, remark=f"检查编号{visit.number}", files=photos_of(result),
    )  # fmt: skip
    grade_hazard(
        by=by, hazard=hazard, level=finding.level, due_on=finding.due_on, clause=finding.clause, reason=finding.reason
    )
    result.hazard = hazard
    result.save(update_fields=["hazard"])
    record("visit.finding", visit, by=by, note=f"{result.position}. {hazard.number}")
    return hazard


def photos_of(result: VisitResult) -> list[File[bytes]]:
    """The photographs of a result once more, to be kept with its hazard too (the same bytes lie on the disk once)."""
    kept = Evidence.objects.about(result)
    return [ContentFile(evidence_path(one.sha256).read_bytes(), name=one.name) for one in kept]


def _running(visit: Visit, by: User) -> Visit:
    """The row under lock, for those who may fill it in."""
    row: Visit = Visit.objects.select_for_update(of=("self",)).select_related("mine__region").get(pk=visit.pk)
    check_may_fill(by, row)
    return row


def _faults(begun_on: dt.date, ended_on: dt.date, places: str) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if begun_on > timezone.localdate():
        faults["begun_on"] = ["检查开始日期不能晚于今天。"]
    if ended_on < begun_on:
        faults["ended_on"] = ["检查结束日期不能早于开始日期。"]
    if not places.strip():
        faults["places"] = ["请写明检查了哪些地点。"]
    return faults


def _team_faults(officers: Sequence[User], mine: Unit, day: dt.date) -> dict[str, list[str]]:
    """Why these people cannot be the team: not of the region's inspectors, or without a certificate valid that day."""
    held = {one.officer_id: one for one in Certificate.objects.filter(officer__in=[one.pk for one in officers])}
    lacking = []
    for officer in officers:
        certificate = held.get(officer.pk)
        if "inspector" not in relations_in(mine.region_id, officer):
            lacking.append(f"{officer.name}不是本地的执法检查人员")
        elif certificate is None:
            lacking.append(f"{officer.name}没有登记执法证号")
        elif certificate.valid_until is not None and certificate.valid_until < day:
            lacking.append(f"{officer.name}的执法证在检查当天已过期")
    if not officers:
        lacking.append("请选择检查人员")
    return {"officers": ["；".join(lacking) + "。"]} if lacking else {}


def _group_faults(group: PatrolGroup | None, region_id: str) -> dict[str, list[str]]:
    return {"group": ["请选择本地的检查小组。"]} if group is not None and group.region_id != region_id else {}


def _set_team(visit: Visit, officers: Sequence[User]) -> None:
    held = dict(
        Certificate.objects.filter(officer__in=[one.pk for one in officers]).values_list("officer_id", "number")
    )
    there = {one.officer_id for one in visit.officers.all()}
    visit.officers.exclude(officer__in=[one.pk for one in officers]).delete()
    VisitOfficer.objects.bulk_create(
        VisitOfficer(visit=visit, officer=one, certificate=held[one.pk]) for one in officers if one.pk not in there
    )


def _names(visit: Visit) -> str:
    return "、".join(VisitOfficer.objects.filter(visit=visit).values_list("officer__name", flat=True))
