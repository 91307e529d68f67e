"""Handing in a spreadsheet, and writing what it says."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import evidence_path, store_evidence
from common.history import record, record_many
from common.spreadsheets import ImportResult, ImportRow, Outcome, table_file_type
from units.imports import CHECKERS, SHEETS, check_table
from units.imports.units import parts_of
from units.models import DirectoryImport, Region, Unit, UnitAlias, UnitTag, User
from units.names import name_key
from units.services.accounts import change_account, check_keeps_accounts, create_account
from units.services.directory import change_unit, check_keeps_directory, create_alias

if TYPE_CHECKING:
    from units.exports import Sheet


SINGLE_ROWS = (DirectoryImport.Noun.ACCOUNTS, DirectoryImport.Noun.MINES)
"""Tables in which no row depends on another."""
Writer = Callable[[User, list[ImportRow], uuid.UUID], None]
_further: dict[DirectoryImport.Noun, tuple[Callable[[User], None], Writer]] = {}


def register_table(
    noun: DirectoryImport.Noun,
    *,
    sheet: Sheet,
    checker: Callable[..., Any],
    check_right: Callable[[User], None],
    write: Writer,
) -> None:
    """Let an app upstairs take a table of its own through the same steps; called from `AppConfig.ready`."""
    SHEETS[noun], CHECKERS[noun], _further[noun] = sheet, checker, (check_right, write)


def check_may_import(by: User, noun: str) -> None:
    """Refuse whoever does not keep what the table holds, and whoever has no region to import into."""
    own = check_keeps_accounts if noun == DirectoryImport.Noun.ACCOUNTS else check_keeps_directory
    further = _further.get(DirectoryImport.Noun(noun))
    (further[0] if further else own)(by)
    if by.unit is None:
        raise NotAllowed("您的账号没有单位，不能确定导入到哪个地区。")


@transaction.atomic
def start_import(*, by: User, noun: str, file: File[bytes]) -> DirectoryImport:
    """Keep a spreadsheet that was handed in, after reading it once; nothing of it is in the directory yet.

    Raises Refused where the file cannot be read as a table at all; faults of single rows are shown in the preview.
    """
    check_may_import(by, noun)
    assert by.unit is not None
    data = file.read()
    result = check_table(data, noun=noun, by=by)
    if not result.rows:
        raise Refused("表里没有数据行。请在表头下面填好内容再上传。", code="table_no_rows")
    run = DirectoryImport.objects.create(
        noun=noun,
        by=by,
        region=by.unit.region,
        file_name=(file.name or "")[-150:],
        sha256=hashlib.sha256(data).hexdigest(),
        counts=result.counts,
    )
    store_evidence(file=ContentFile(data, name=file.name), by=by, about=run, file_type=table_file_type(data))
    return run


def read_import(run: DirectoryImport) -> bytes:
    """The bytes that were handed in."""
    return evidence_path(run.sha256).read_bytes()


def check_import(*, by: User, run: DirectoryImport, leave_hidden: bool = False) -> ImportResult:
    """Compare an import with the directory as it is now, without its hidden rows if they are to be left out."""
    return check_table(read_import(run), noun=run.noun, by=by, leave_hidden=leave_hidden)


@transaction.atomic
def confirm_import(
    *, by: User, run: DirectoryImport, leave_hidden: bool = False, leave_wrong: bool = False
) -> DirectoryImport:
    """Write the new and the changed rows, all or none, under one batch; what was checked is checked again.

    With `leave_wrong` the wrong rows stay out; not of units, whose rows name each other.

    Raises Conflict when it was confirmed or dropped before, Refused when the directory changed so that a row no
    longer fits.
    """
    check_may_import(by, run.noun)
    run = DirectoryImport.objects.select_for_update().get(pk=run.pk)
    if run.state != DirectoryImport.State.CHECKED:
        raise Conflict(f"这个文件{run.get_state_display()}，不能再次导入。需要时请重新上传。")
    result = check_import(by=by, run=run, leave_hidden=leave_hidden)
    if not result.is_clean and not (leave_wrong and run.noun in SINGLE_ROWS):
        count = result.counts[Outcome.WRONG]
        raise Refused(f"有 {count} 行有误，没有写入任何内容。请下载标有问题的表格，改好后重新上传。", code="rows_wrong")
    run.batch, run.state, run.confirmed_at = uuid.uuid4(), DirectoryImport.State.CONFIRMED, timezone.now()
    run.counts = result.counts
    rows = result.with_outcome(Outcome.NEW, Outcome.CHANGED)
    own = _write_units if run.noun == DirectoryImport.Noun.UNITS else _write_accounts
    further = _further.get(DirectoryImport.Noun(run.noun))
    (further[1] if further else own)(by, rows, run.batch)
    run.save()
    record("directoryimport.confirmed", run, by=by, after=result.counts, note=run.file_name, batch=run.batch)
    return run


@transaction.atomic
def drop_import(*, by: User, run: DirectoryImport) -> None:
    """Put an import aside; the file stays for the record."""
    check_may_import(by, run.noun)
    changed = DirectoryImport.objects.filter(pk=run.pk, state=DirectoryImport.State.CHECKED)
    if not changed.update(state=DirectoryImport.State.DROPPED):
        raise Conflict(f"这个文件{run.get_state_display()}，不用放弃。")


def _write_units(by: User, rows: list[ImportRow], batch: uuid.UUID) -> None:
    writer = _UnitWriter(by, batch)
    for level in _by_level(rows):
        writer.write([row for row in level if "unit_pk" not in row.values])
        for row in level:
            if "unit_pk" in row.values:
                writer.change(row)


class _UnitWriter:
    """Writes checked rows of units, new ones in bulk: a county's first list must not keep other writers waiting."""

    def __init__(self, by: User, batch: uuid.UUID) -> None:
        self.by, self.batch = by, batch
        self.tags = {tag.name: tag for tag in UnitTag.objects.all()}
        self.regions = Region.objects.visible_to(by).in_bulk()
        self.units = {unit.pk: unit for unit in Unit.objects.visible_to(by).select_related("region", "parent")}
        self.written: dict[str, Unit] = {}

    def fields(self, values: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {
            name: values[name] or "" for name in ("name", "short_name", "credit_code") if name in values
        }
        if values.get("kind"):
            found["kind"] = values["kind"]
        if values.get("region_pk"):
            found["region"] = self.regions[values["region_pk"]]
        if values.get("parent_pk"):
            found["parent"] = self.units[values["parent_pk"]]
        elif values.get("parent") and name_key(values["parent"]) in self.written:
            found["parent"] = self.written[name_key(values["parent"])]
        return found

    def write(self, rows: list[ImportRow]) -> None:
        """Enter new units, their tags and other names; the units above them are written already."""
        assert self.by.unit is not None
        units = [Unit(**{"region": self.by.unit.region} | self.fields(row.values)) for row in rows]
        for unit in units:
            unit.set_keys()
        Unit.objects.bulk_create(units, batch_size=500)
        for unit in units:
            unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
        Unit.objects.bulk_update(units, ["path"], batch_size=500)
        marks, names = [], []
        for unit, row in zip(units, rows):
            self.written[name_key(unit.name)] = unit
            marks += [
                Unit.tags.through(unit_id=unit.pk, unittag_id=self.tags[name].pk)
                for name in parts_of(row.values.get("tags"))
            ]
            names += [
                UnitAlias(region_id=unit.region_id, unit=unit, name=name, key=name_key(name))
                for name in row.values.get("new_aliases", ())
            ]
        Unit.tags.through.objects.bulk_create(marks, batch_size=500)
        UnitAlias.objects.bulk_create(names, batch_size=500)
        record_many("unit.created", units, by=self.by, batch=self.batch)

    def change(self, row: ImportRow) -> None:
        """Bring one unit up to date."""
        values = row.values
        fields = self.fields(values)
        if "tags" in values:
            fields["tags"] = [self.tags[name] for name in parts_of(values["tags"])]
        unit = change_unit(by=self.by, unit=self.units[values["unit_pk"]], batch=self.batch, **fields)
        self.written[name_key(unit.name)] = unit
        for name in values.get("new_aliases", ()):
            create_alias(by=self.by, unit=unit, name=name)


def _by_level(rows: list[ImportRow]) -> Iterator[list[ImportRow]]:
    """The rows in layers, so that a unit comes after its superior from the same table; a circle is refused."""
    waiting = {name_key(row.values["name"]): row for row in rows}
    while waiting:
        ready = [key for key, row in waiting.items() if name_key(row.values.get("parent") or "") not in waiting]
        if not ready:
            names = "、".join(row.values["name"] for row in list(waiting.values())[:3])
            raise Refused(f"上级单位绕成了圈：{names}。请改正上级单位后重新上传。", code="circle")
        yield [waiting.pop(key) for key in ready]


def _write_accounts(by: User, rows: list[ImportRow], batch: uuid.UUID) -> None:
    units = Unit.objects.in_bulk({row.values["unit_pk"] for row in rows})
    for row in rows:
        values = row.values
        fields: dict[str, Any] = {
            name: values[name] for name in ("name", "role", "duty", "phone", "email") if name in values
        }
        fields["unit"] = units[values["unit_pk"]]
        if "account_pk" in values:
            change_account(by=by, account=User.objects.get(pk=values["account_pk"]), batch=batch, **fields)
        else:
            create_account(by=by, username=values["username"], batch=batch, **fields)
