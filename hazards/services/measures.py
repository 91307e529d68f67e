"""The list of institutional measures: entered, kept current, handed in as a table."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction

from common.errors import NotAllowed, Refused
from common.history import record, snapshot
from common.spreadsheets import ImportResult, Outcome
from hazards.imports.measures import check_measures
from hazards.models import InstitutionalMeasure
from units.models import User

FIELDS = (
    "name", "gist", "campaign", "lead_unit", "responsible_units", "due_on", "progress", "document", "issued_on",
)  # fmt: skip
REPORTED = ("progress", "document", "issued_on")
"""What the lead unit writes about its own measures; the rest is set by the bureau."""


def check_may_keep(by: User) -> None:
    """The bureau keeps the list of its region."""
    if not by.reviews or by.unit is None:
        raise NotAllowed("制度措施清单由应急管理局的工作人员维护。")


@transaction.atomic
def create_measure(*, by: User, batch: uuid.UUID | None = None, **fields: Any) -> InstitutionalMeasure:
    """Enter a measure (see FIELDS) into the list of the user's region.

    Raises Refused where the lead unit has one of the same name already.
    """
    check_may_keep(by)
    assert by.unit is not None
    measure = InstitutionalMeasure(region=by.unit.region, created_by=by, **_clean(fields))
    _check(measure)
    measure.save()
    record("institutionalmeasure.created", measure, by=by, after=snapshot(measure, FIELDS), batch=batch)
    return measure


@transaction.atomic
def change_measure(
    *, by: User, measure: InstitutionalMeasure, batch: uuid.UUID | None = None, **fields: Any
) -> InstitutionalMeasure:
    """Bring a measure up to date; the lead unit may change what it reports (REPORTED), the bureau everything."""
    held: InstitutionalMeasure = InstitutionalMeasure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    relations = held.relations_of(by)
    if not relations:
        raise NotAllowed("您的账号只能查看这项制度措施。")
    if "bureau" not in relations and set(fields) - set(REPORTED):
        raise NotAllowed("牵头单位填报进展和印发文件，其他内容由应急管理局修改。")
    before = snapshot(held, FIELDS)
    for name, value in _clean(fields).items():
        setattr(held, name, value)
    _check(held)
    held.save()
    after = snapshot(held, FIELDS)
    if before != after:
        record("institutionalmeasure.changed", held, by=by, before=before, after=after, batch=batch)
    measure.refresh_from_db()
    return measure


def import_measures(*, by: User, data: bytes, leave_hidden: bool = False) -> ImportResult:
    """Write a table of measures in the official form, all rows or none; the result says what became of each row.

    Nothing is written while a row is wrong: the result then names every fault. Raises Refused where the file as a
    whole is of no use.
    """
    check_may_keep(by)
    with transaction.atomic():
        result = check_measures(data, by=by, leave_hidden=leave_hidden)
        if result.is_clean:
            batch = uuid.uuid4()
            known = InstitutionalMeasure.objects.visible_to(by).in_bulk(
                [row.values["measure_pk"] for row in result.rows if "measure_pk" in row.values]
            )
            for row in result.with_outcome(Outcome.NEW, Outcome.CHANGED):
                fields = {name: row.values[name] for name in FIELDS if name in row.values and name != "lead_unit"}
                if "measure_pk" in row.values:
                    change_measure(by=by, measure=known[row.values["measure_pk"]], batch=batch, **fields)
                else:
                    create_measure(by=by, batch=batch, lead_unit=row.values["unit"], **fields)
    return result


def _clean(fields: dict[str, Any]) -> dict[str, Any]:
    texts = ("name", "gist", "responsible_units", "progress", "document")
    return {name: (value or "").strip() if name in texts else value for name, value in fields.items()}


def _check(measure: InstitutionalMeasure) -> None:
    faults: dict[str, list[str]] = {}
    if not measure.name:
        faults["name"] = ["请填写名称。"]
    if measure.state == InstitutionalMeasure.State.ISSUED and not measure.document:
        faults["document"] = ["已印发的制度措施必须有印发文件。"]
    twins = InstitutionalMeasure.objects.filter(
        region=measure.region_id, lead_unit=measure.lead_unit_id, name=measure.name
    )
    if twins.exclude(pk=measure.pk).exists():
        faults["name"] = ["这个牵头单位已有同名的制度措施，请直接修改那一项。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
