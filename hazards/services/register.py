"""A hazard is found, graded, and moved along its life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.county import follow_head
from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from common.serials import next_number
from common.transitions import advance
from common.workdays import add_workdays
from hazards.models import (
    Clause,
    DoubleReport,
    Facet,
    Hazard,
    Implementation,
    Level,
    MineArea,
    PhotoPrint,
    Risk,
    Source,
    StatementPrint,
)
from hazards.services.signs import note_photo
from tasks.models import Task
from units.models import Role, Unit, User
from units.rules import rule

SIMPLE_MOVES = ("start", "self_accept", "ask", "reopen", "void")
FOUND = ("place", "description")
ARRANGED = ("measures", "responsible_unit", "responsible_person", "remark", "task")
BUREAU_SOURCES = (Source.INSPECTION, Source.TIP_OFF, Source.ASSIGNED, Source.MONITORING)


@transaction.atomic
def register_hazard(
    *,
    by: User,
    mine: Unit,
    place: str,
    description: str,
    source: str,
    found_on: dt.date,
    found_by: str = "",
    clause: Clause | None = None,
    due_on: dt.date | None = None,
    task: Task | None = None,
    measures: str = "",
    responsible_unit: str = "",
    responsible_person: str = "",
    remark: str = "",
    area: MineArea | None = None,
    files: Sequence[File[bytes]] = (),
) -> Hazard:
    """Enter a hazard with a running number of its county and year (690324-2026-00012) and the photographs before.

    A mine enters what it found itself, the bureau's people what they found or were told. Without an `area` it belongs to
    the mine's area whose name the place contains. Raises NotAllowed for others, Refused with the faults of each field.
    """
    check_may_register(by, mine, source)
    faults: dict[str, list[str]] = {}
    if not place.strip():
        faults["place"] = ["请写明隐患在什么地点。"]
    if not description.strip():
        faults["description"] = ["请写明是什么隐患。"]
    if found_on > timezone.localdate():
        faults["found_on"] = ["发现日期不能晚于今天。"]
    if due_on is not None and due_on < found_on:
        faults["due_on"] = ["整改期限不能早于发现日期。"]
    if clause is not None and not fits(clause, mine, found_on):
        faults["clause"] = ["这一条款在发现当天没有施行，或不适用于这类矿山，请重新选择。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    region = mine.region.county
    year = timezone.localdate().year
    number = next_number("hazard", region.code, year)
    hazard = Hazard.objects.create(
        region=region,
        number=f"{region.code}-{year}-{number:05d}",
        mine=mine,
        area=area if area is not None and area.mine_id == mine.pk else area_in(mine, place),
        task=task,
        place=place.strip(),
        description=description.strip(),
        source=source,
        found_on=found_on,
        found_by=found_by.strip() or by.name,
        clause=clause,
        proposed_level=proposed_level(clause),
        due_on=due_on,
        measures=measures.strip(),
        responsible_unit=responsible_unit.strip(),
        responsible_person=responsible_person.strip(),
        remark=remark.strip(),
        registered_by=by,
    )
    for file in files:
        evidence = store_evidence(file=file, by=by, about=hazard, caption="整改前")
        note_photo(hazard=hazard, evidence=evidence, side=PhotoPrint.Side.BEFORE)
    record(
        "hazard.registered",
        hazard,
        by=by,
        after={"mine": mine.name, "place": hazard.place, "source": source, "found_on": found_on, "files": len(files)},
    )
    return hazard


def changeable(hazard: Hazard) -> tuple[str, ...]:
    """What may be put right on a hazard now: what was found only until somebody has graded it."""
    if hazard.state in (Hazard.State.CLOSED, Hazard.State.VOID):
        return ()
    return (*FOUND, *ARRANGED) if hazard.state == Hazard.State.REGISTERED else ARRANGED


def check_may_change(by: User, hazard: Hazard) -> None:
    """Raises NotAllowed unless the user is of the mine or the bureau, Conflict once the hazard is settled."""
    if not hazard.relations_of(by) & {"mine", "bureau"}:
        raise NotAllowed("隐患的内容由所在矿山和应急管理局填写。")
    if not changeable(hazard):
        raise Conflict(f"隐患已经{hazard.get_state_display()}，不能再修改。")


@transaction.atomic
def change_hazard(*, by: User, hazard: Hazard, **fields: Any) -> Hazard:
    """Put right what is written on a hazard (see `changeable`); the history keeps both wordings."""
    row: Hazard = Hazard.objects.select_for_update(of=("self",)).select_related("mine").get(pk=hazard.pk)
    check_may_change(by, row)
    if set(fields) - set(changeable(row)):
        raise Conflict("已经定级的隐患不能再改地点和内容；确需改正的，请由应急管理局作废后重新登记。")
    given = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    if faults := {name: ["请填写这一项。"] for name in FOUND if name in given and not given[name]}:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    before = {name: getattr(row, name) for name in given}
    if before != given:
        for name, value in given.items():
            setattr(row, name, value)
        row.save(update_fields=[*given, "updated_at"])
        record("hazard.changed", row, by=by, before=before, after=given)
    hazard.refresh_from_db()
    return row


def area_in(mine: Unit, place: str) -> MineArea | None:
    """The mine's area whose name the words of a place contain, the longest name first; None where none does."""
    found = [area for area in MineArea.objects.filter(mine=mine) if area.name in place]
    return max(found, key=lambda area: len(area.name), default=None)


def check_may_register(by: User, mine: Unit, source: str) -> None:
    if mine.kind != Unit.Kind.MINE:
        raise Refused("隐患要登记在一座矿山名下，请选择矿山。", fields={"mine": ["请选择矿山。"]})
    of_mine = by.reports and by.unit_id == mine.pk and source == Source.SELF_CHECK
    of_bureau = (by.reviews or by.role == Role.INSPECTOR) and Unit.objects.visible_to(by).filter(pk=mine.pk).exists()
    if of_bureau and source in Source.values:
        return
    if not of_mine:
        raise NotAllowed("矿山登记本矿自查的隐患，应急管理局登记检查、举报、交办和监测发现的隐患。")


def fits(clause: Clause, mine: Unit, found_on: dt.date) -> bool:
    """Whether a clause was in force on the day and speaks of this kind of mine (an unknown kind fits all)."""
    standard = clause.standard
    in_force = standard.in_force_from <= found_on and (
        standard.in_force_until is None or found_on <= standard.in_force_until
    )
    kind = getattr(getattr(mine, "mine", None), "mine_type", None)
    return in_force and clause.is_selectable and (kind is None or kind in clause.mine_types)


def proposed_level(clause: Clause | None) -> str:
    """What the system proposes: the catalogues name major hazards only; without a clause it proposes general."""
    return Level.MAJOR if clause is not None else Level.GENERAL


@transaction.atomic
def grade_hazard(
    *,
    by: User,
    hazard: Hazard,
    level: str,
    due_on: dt.date,
    clause: Clause | None = None,
    reason: str = "",
    note: str = "",
) -> Hazard:
    """Decide the level, by a person; a decision other than the proposal needs its `reason`.

    The bureau grades, and an inspector what they found on a visit. A mine may grade what it found itself as general,
    nothing else, and not where a clause was named: the clauses are those of major hazards, and the mine closes its own
    general ones. Grading as major opens the five implementations
    and the double report with its day.
    """
    proposal = proposed_level(clause)
    faults: dict[str, list[str]] = {}
    if level not in Level.values:
        faults["level"] = ["请选择等级。"]
    if level == Level.MAJOR and clause is None and not reason.strip():
        faults["reason"] = ["没有对应条款的重大隐患，请写明认定理由。"]
    if clause is not None and level == Level.GENERAL and not reason.strip():
        faults["reason"] = ["所选条款属于重大隐患，定为一般隐患请写明理由。"]
    if clause is not None and not fits(clause, hazard.mine, hazard.found_on):
        faults["clause"] = ["这一条款在发现当天没有施行，或不适用于这类矿山，请重新选择。"]
    if due_on < hazard.found_on:
        faults["due_on"] = ["整改期限不能早于发现日期。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    if not hazard.relations_of(by) & {"bureau", "finder"}:
        if level == Level.MAJOR:
            raise NotAllowed("重大隐患由应急管理局定级。请按现状登记，等待定级。")
        if clause is not None or hazard.clause_id is not None:
            raise NotAllowed("选了重大隐患判定条款的隐患由应急管理局定级，请等待定级。")
    advance(
        hazard,
        "grade",
        by=by,
        note=note or reason,
        level=level,
        clause=clause,
        proposed_level=proposal,
        level_reason=reason.strip(),
        due_on=due_on,
    )
    if level == Level.MAJOR:
        open_major(hazard)
    return hazard


def open_major(hazard: Hazard) -> None:
    """Lay out what a major hazard needs: five facets, and the double report due so many working days after it was found."""
    for facet in Facet.values:
        Implementation.objects.get_or_create(hazard=hazard, facet=facet)
    days = rule("double_report_workdays", hazard.region_id)
    DoubleReport.objects.get_or_create(hazard=hazard, defaults={"due_on": add_workdays(hazard.found_on, days)})


@transaction.atomic
def move_hazard(*, by: User, hazard: Hazard, action: str, note: str = "") -> Hazard:
    """Start, self-accept, ask for re-inspection, re-open or make void (see HAZARD_MOVES)."""
    if action not in SIMPLE_MOVES:
        raise Conflict("这一步有自己的表单，请在隐患页面上办理。")
    changes: dict[str, Any] = {}
    if action == "reopen":
        changes = {"returned_count": hazard.returned_count + 1, "closed_on": None, "closed_by": None}
    return advance(hazard, action, by=by, note=note, **changes)


def move_register(*, instance: Unit, created: bool, **kwargs: Any) -> None:
    """Receiver of a saved unit: the hazards of a mine that moved go on in its new county's register; numbers stay."""
    if not created and instance.kind == Unit.Kind.MINE:
        county = instance.region_id[:6]
        hazards = Hazard.objects.filter(mine=instance)
        if hazards.exclude(region=county).update(region=county):
            for prints in (PhotoPrint, StatementPrint):
                prints.objects.filter(hazard__in=hazards.values("pk")).update(region=county)
            follow_head(hazards, county)
        Risk.objects.filter(area__mine=instance).exclude(region=county).update(region=county)
        follow_head(Unit.objects.filter(pk=instance.pk), county)
