"""Checklists are drafted, put into use and replaced by their next version."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.history import record
from common.transitions import advance
from hazards.models import Clause
from inspections.models import Certificate, Checklist, ChecklistItem
from inspections.relations import may_inspect, relations_in
from units.models import Region, User

NO_STANDARD = (
    "系统里没有今天施行、适用于这类矿山的判定标准，请先在“判定标准”里载入现行标准。"
    "检查项可以照常逐条添加、启用；检查发现重大隐患时写明认定理由。"
)


def check_may_draft(by: User, region: Region) -> None:
    """Raises NotAllowed unless the user is of the region's bureau."""
    if "bureau" not in relations_in(region.code, by):
        raise NotAllowed("检查表由应急管理局的工作人员编制。")


@transaction.atomic
def create_checklist(*, by: User, region: Region, name: str, mine_type: str = "") -> Checklist:
    """Begin the first version of a checklist; an empty `mine_type` means every kind of mine."""
    check_may_draft(by, region)
    name = name.strip()
    if not name:
        raise Refused("请填写名称。", fields={"name": ["请填写名称。"]})
    if Checklist.objects.filter(region=region, name=name).exists():
        raise Refused("请换一个名称。", fields={"name": ["已有这个名称的检查表；要修改它，请在它的页面上编制新版本。"]})
    made = Checklist.objects.create(region=region, name=name, mine_type=mine_type, made_by=by)
    record("checklist.created", made, by=by, after={"name": name, "mine_type": mine_type, "version": 1})
    return made


@transaction.atomic
def next_version(*, by: User, checklist: Checklist) -> Checklist:
    """Draft the next version out of the items of this one. Raises Conflict while another draft is open."""
    check_may_draft(by, checklist.region)
    same = Checklist.objects.select_for_update().filter(region=checklist.region, name=checklist.name)
    if any(one.is_open for one in same):
        raise Conflict("已经有一个编制中的新版本，请先启用它。")
    made = Checklist.objects.create(
        region=checklist.region, name=checklist.name, mine_type=checklist.mine_type, made_by=by,
        version=max(one.version for one in same) + 1,
    )  # fmt: skip
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            checklist=made, position=one.position, section=one.section, text=one.text, basis=one.basis,
            clause_id=one.clause_id,
        )
        for one in checklist.items.all()
    )  # fmt: skip
    record("checklist.created", made, by=by, after={"name": made.name, "version": made.version})
    return made


@transaction.atomic
def add_item(
    *, by: User, checklist: Checklist, text: str, section: str = "", basis: str = "", clause: Clause | None = None
) -> ChecklistItem:
    """Add one item at the end of a draft."""
    row = _drafted(checklist, by)
    if not text.strip():
        raise Refused("请填写检查内容。", fields={"text": ["请填写检查内容。"]})
    item = ChecklistItem.objects.create(
        checklist=row, position=_next_position(row), section=section.strip(), text=text.strip(), basis=basis.strip(),
        clause=clause,
    )  # fmt: skip
    record("checklist.item_added", row, by=by, note=item.text)
    return item


@transaction.atomic
def change_item(
    *, by: User, item: ChecklistItem, text: str, section: str = "", basis: str = "", clause: Clause | None = None
) -> ChecklistItem:
    """Put the words of one item of a draft right."""
    row = _drafted(item.checklist, by)
    before = {"text": item.text, "section": item.section, "basis": item.basis}
    item.text, item.section, item.basis, item.clause = text.strip(), section.strip(), basis.strip(), clause
    item.save()
    after = {"text": item.text, "section": item.section, "basis": item.basis}
    record("checklist.item_changed", row, by=by, before=before, after=after)
    return item


@transaction.atomic
def drop_item(*, by: User, item: ChecklistItem) -> None:
    """Take one item out of a draft; the history keeps its words."""
    row = _drafted(item.checklist, by)
    record("checklist.item_dropped", row, by=by, note=item.text)
    item.delete()


@transaction.atomic
def draw_from_catalogue(*, by: User, checklist: Checklist, day: dt.date | None = None) -> int:
    """Add an item for every clause in force that fits the kind of mine and is not in the draft yet; how many."""
    row = _drafted(checklist, by)
    there = set(row.items.filter(clause__isnull=False).values_list("clause_id", flat=True))
    offered = Clause.objects.offered(day=day or timezone.localdate(), mine_type=row.mine_type or None)
    if not offered:
        raise Refused(NO_STANDARD)
    position = _next_position(row)
    made = ChecklistItem.objects.bulk_create(
        ChecklistItem(
            checklist=row, position=position + index, section=clause.category.title[:60],
            text=f"有无“{clause.label}”的情形", basis=f"{clause.standard.name} {clause.code}"[:300], clause=clause,
        )
        for index, clause in enumerate(one for one in offered if one.pk not in there)
    )  # fmt: skip
    if not made:
        raise Refused("没有可以添加的条款：当天施行、适用于这类矿山的条款都已在表里。")
    record("checklist.drawn", row, by=by, note=f"{len(made)}项")
    return len(made)


@transaction.atomic
def issue_checklist(checklist: Checklist, *, by: User, note: str = "") -> Checklist:
    """Put a draft into use; the version that was in use until now is retired."""
    former = Checklist.objects.filter(
        region=checklist.region_id, name=checklist.name, state=Checklist.State.IN_USE
    ).first()
    if former is not None:
        advance(former, "retire", by=by, note=f"由第{checklist.version}版替代")
    return advance(checklist, "issue", by=by, note=note)


def check_may_keep(by: User, officer: User) -> None:
    """Raises NotAllowed unless the certificate is the user's own, or of an officer of the user's bureau."""
    if by.pk != officer.pk and (officer.unit is None or "bureau" not in relations_in(officer.unit.region_id, by)):
        raise NotAllowed("执法证件由应急管理局登记，或由本人登记。")


@transaction.atomic
def keep_certificate(*, by: User, officer: User, number: str, valid_until: dt.date | None = None) -> Certificate:
    """Enter or renew the certificate of an inspector: by the bureau, or by the person."""
    if officer.unit is None or not may_inspect(officer):
        raise Refused("只有应急管理局的工作人员和执法检查人员有执法证件。")
    check_may_keep(by, officer)
    number = number.strip()
    if Certificate.objects.filter(number=number).exclude(officer=officer).exists():
        raise Refused("请核对证号。", fields={"number": ["这个证号已登记在别人名下。"]})
    known = Certificate.objects.filter(officer=officer).first()
    before = {"number": known.number, "valid_until": known.valid_until} if known else {}
    kept, _ = Certificate.objects.update_or_create(
        officer=officer, defaults={"number": number, "valid_until": valid_until}
    )
    record("certificate.kept", kept, by=by, before=before, after={"number": number, "valid_until": valid_until})
    return kept


def _drafted(checklist: Checklist, by: User) -> Checklist:
    """The row under lock. Raises NotAllowed for others than the bureau, Conflict unless it is being drafted."""
    row: Checklist = Checklist.objects.select_for_update(of=("self",)).select_related("region").get(pk=checklist.pk)
    check_may_draft(by, row.region)
    if not row.is_open:
        raise Conflict("启用后的检查表不再改动，请编制新版本。")
    return row


def _next_position(checklist: Checklist) -> int:
    last: int | None = checklist.items.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
