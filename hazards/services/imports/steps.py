"""Handing in a register as a spreadsheet, step by step: keep the file, map its columns, check it, confirm it."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from common.spreadsheets import Heading, propose_columns, read_heading, table_file_type
from hazards.imports.columns import BY_KEY, COLUMNS
from hazards.imports.given import CHOICES, propose_given
from hazards.imports.register import CLOSED_ROWS, REFUSE, RegisterChecker
from hazards.models import RegisterImport, RememberedHeading
from hazards.services.imports.checking import check_rows
from hazards.services.imports.kept import KeptRows, Stale
from hazards.services.imports.writing import Writer
from units.models import Role, Unit, User
from units.services.directory import learn_alias

CHECK, CONFIRM = "hazards.check_import", "hazards.confirm_import"
LONGEST_ALIAS = 100


def check_may_import(by: User) -> None:
    """Refuse readers, and units that neither own a mine's register nor oversee one."""
    of_mine = by.reports and by.unit is not None and by.unit.kind == Unit.Kind.MINE
    of_bureau = by.unit is not None and (by.reviews or by.role == Role.INSPECTOR)
    if not (of_mine or of_bureau):
        raise NotAllowed("隐患台账由矿山和应急管理局导入，您的账号不能导入。")


@transaction.atomic
def start_import(*, by: User, file: File[bytes]) -> RegisterImport:
    """Keep a file that was handed in and find its heading; the mapping is proposed, nothing is checked yet.

    Raises Refused where the file is no table, damaged, or made to do harm.
    """
    check_may_import(by)
    assert by.unit is not None
    data = file.read()
    heading = read_heading(data, COLUMNS)
    mapping = propose_mapping(by, heading.titles)
    run: RegisterImport = RegisterImport.objects.create(
        region=by.unit.region,
        unit=by.unit,
        by=by,
        file_name=(file.name or "")[-150:],
        sha256=hashlib.sha256(data).hexdigest(),
        sheet=heading.sheet[:100],
        header_row=heading.row,
        headings=[title[:100] for title in heading.titles],
        samples=[[cell[:60] for cell in cells] for cells in heading.samples],
        mapping=mapping,
        sheets=list(heading.sheets.items()),
        left_out=[title[:100] for title in heading.left_out],
        given=_propose_given(by, heading, mapping),
    )
    store_evidence(file=ContentFile(data, name=file.name), by=by, about=run, file_type=table_file_type(data))
    return run


def propose_mapping(by: User, titles: Sequence[str]) -> dict[str, str]:
    """Position → column: what this unit chose before, else what the headings seem to mean."""
    keys = {position: title[:100] for position, title in enumerate(titles) if title}
    rows = RememberedHeading.objects.filter(unit=by.unit_id, heading__in=set(keys.values()))
    remembered = dict(rows.values_list("heading", "column"))
    proposed = {
        position: key
        for position, key in propose_columns(titles, COLUMNS).items()
        if keys.get(position) not in remembered and key not in remembered.values()
    }
    for position, title in keys.items():
        if remembered.get(title) and remembered[title] not in proposed.values():
            proposed[position] = remembered[title]
    taken = {key: position for position, key in proposed.items()}
    if "mine" not in taken and "responsible_unit" in taken:
        # A contractor's register names the mine only as the one that answers for it.
        proposed[taken["responsible_unit"]] = "mine"
    return {str(position): key for position, key in sorted(proposed.items())}


def _propose_given(by: User, heading: Heading, mapping: Mapping[str, str]) -> dict[str, str]:
    of_mine = by.unit is not None and by.unit.kind == Unit.Kind.MINE
    missing = {"found_on"} if of_mine else {"mine", "found_on"}
    missing -= set(mapping.values())
    if not missing:
        return {}
    checker = RegisterChecker(by, titles={}, closed_rows=REFUSE)
    is_mine = lambda name: isinstance(checker.find_mine(name), Unit)  # noqa: E731
    return propose_given(heading, missing, is_mine=is_mine, today=timezone.localdate())


@transaction.atomic
def map_import(
    *,
    by: User,
    run: RegisterImport,
    mapping: Mapping[str, str],
    closed_rows: str,
    given: Mapping[str, str] | None = None,
) -> RegisterImport:
    """Settle which heading fills which column, and remember it for the unit's next file.

    `given` holds for the whole table: `mine` (a name, or `SHEET_NAME`) and `found_on` (ISO) for columns that it does
    not have, and what a `blank` cell means. Raises Refused where a column is named twice or one is missing without which no hazard can be told.
    """
    check_may_import(by)
    run = _held(run, RegisterImport.State.UPLOADED, RegisterImport.State.CHECKED)
    chosen = {position: key for position, key in mapping.items() if key}
    faults = [f"“{BY_KEY[key].title}”选了 {count} 次" for key, count in Counter(chosen.values()).items() if count > 1]
    given = {key: text for key, text in (given or {}).items() if text}
    given |= {key: run.given[key] for key in CHOICES if key in run.given}
    named = set(chosen.values()) | {key for key in ("mine", "found_on") if key in given}
    if "number" not in named:
        wanted = ["description", "found_on", *(["mine"] if by.unit and by.unit.kind != Unit.Kind.MINE else [])]
        faults += [f"没有指定哪一列是“{BY_KEY[key].title}”{_or_given(key)}" for key in wanted if key not in named]
    if closed_rows not in CLOSED_ROWS:
        faults.append("请选择已销号的行怎样处理")
    if faults:
        raise Refused(f"{'；'.join(faults)}。", code="mapping")
    run.mapping, run.closed_rows, run.given, run.marked_sha256 = chosen, closed_rows, given, ""
    run.save(update_fields=["mapping", "closed_rows", "given", "marked_sha256"])
    for position, title in enumerate(run.headings):
        # Of two columns with one heading, the one that is read says what the heading means.
        twin = any(other == title and str(at) in chosen for at, other in enumerate(run.headings) if at != position)
        if title and (str(position) in chosen or not twin):
            RememberedHeading.objects.update_or_create(
                unit=run.unit, heading=title, defaults={"column": chosen.get(str(position), "")}
            )
    return run


def _or_given(key: str) -> str:
    return {"mine": "，也没有写整张表是哪座矿的", "found_on": "，也没有写整张表的发现日期"}.get(key, "")


@transaction.atomic
def name_mines(*, by: User, run: RegisterImport, names: Mapping[str, int], learn: bool) -> RegisterImport:
    """Say which mines are meant by names that the directory does not know; the file is to be checked again.

    `names` gives the key of a mine's unit for each. With `learn`, those who keep the directory make aliases of them.
    Raises Refused where a mine is not within reach.
    """
    check_may_import(by)
    run = _held(run, RegisterImport.State.CHECKED)
    mines = RegisterChecker(by, titles={}, closed_rows=REFUSE).mines
    if set(names.values()) - set(mines):
        raise Refused("所选的矿山不在您的范围，请重新选择。", code="mine_out_of_reach")
    run.names, run.marked_sha256 = run.names | dict(names), ""
    run.save(update_fields=["names", "marked_sha256"])
    for name, key in names.items() if learn and by.reviews else ():
        if len(name) <= LONGEST_ALIAS:
            learn_alias(by=by, region=mines[key].region.county, name=name, unit=mines[key])
    return run


@transaction.atomic
def choose_rows(*, by: User, run: RegisterImport, choice: str, value: str) -> RegisterImport:
    """Say whether hidden rows are left out, or hazards numbered in one cell taken apart; the file is to be checked again.

    `choice` and `value` are those of `CHOICES`. Raises Refused for any other.
    """
    check_may_import(by)
    run = _held(run, RegisterImport.State.CHECKED)
    if value not in CHOICES.get(choice, ()):
        raise Refused("没有这个选项，请刷新页面重新选择。", code="choice")
    run.given, run.marked_sha256 = {**run.given, choice: value}, ""
    run.save(update_fields=["given", "marked_sha256"])
    return run


def check_import(*, by: User, run: RegisterImport, progress: Any = None) -> RegisterImport:
    """Check the whole file and keep what was found: counts, the first rows and errors, the wrong rows as a workbook.

    Rows are read one at a time, so that a hundred thousand need no more room than one chunk; the right ones are kept
    in a file for the confirmation. `progress` is told how many rows are done.
    """
    check_may_import(by)
    counts = check_rows(by, run, progress)
    with transaction.atomic():
        held = _held(run, RegisterImport.State.UPLOADED, RegisterImport.State.CHECKED)
        held.preview, held.marked_sha256 = run.preview, run.marked_sha256
        held.state, held.checked_at = RegisterImport.State.CHECKED, timezone.now()
        held.save(update_fields=["preview", "marked_sha256", "state", "checked_at"])
        record("registerimport.checked", held, by=by, after=counts)
    run.refresh_from_db()
    return run


def confirm_import(*, by: User, run: RegisterImport, progress: Any = None) -> RegisterImport:
    """Write the rows that are right, all or none, under one batch; wrong rows stay out and can be handed in again.

    What the check kept is written in one transaction without reading the file again, so that on SQLite others wait
    for seconds only. Where the register has moved on since, the file is checked anew, outside of the transaction.
    Raises Conflict when it was written or put aside before, Refused when it has nothing to write.
    """
    check_may_import(by)
    _held(run, RegisterImport.State.CHECKED, lock=False)
    try:
        _write(by, run)
    except Stale:
        run = check_import(by=by, run=run, progress=progress)
        try:
            _write(by, run)
        except Stale as error:
            raise Conflict("导入时台账正在被别人修改，没有写入任何内容。请过一会儿再确认导入。") from error
    KeptRows(run).drop()
    run.refresh_from_db()
    return run


@transaction.atomic
def _write(by: User, run: RegisterImport) -> None:
    held = _held(run, RegisterImport.State.CHECKED)
    held.batch, held.state, held.confirmed_at = uuid.uuid4(), RegisterImport.State.CONFIRMED, timezone.now()
    if not Writer(by, held, KeptRows(held)).write():
        raise Refused("表里没有要写入的内容。", code="nothing_to_write")
    held.save()
    counts = held.preview["counts"]
    record("registerimport.confirmed", held, by=by, after=counts, note=held.file_name, batch=held.batch)


@transaction.atomic
def drop_import(*, by: User, run: RegisterImport) -> None:
    """Put a file aside; it stays for the record."""
    check_may_import(by)
    held = _held(run, RegisterImport.State.UPLOADED, RegisterImport.State.CHECKED)
    held.state = RegisterImport.State.DROPPED
    held.save(update_fields=["state"])
    KeptRows(run).drop()
    run.refresh_from_db()


def _held(run: RegisterImport, *states: str, lock: bool = True) -> RegisterImport:
    rows = RegisterImport.objects.select_for_update(of=("self",)) if lock else RegisterImport.objects
    held: RegisterImport = rows.get(pk=run.pk)
    if held.state not in states:
        raise Conflict(f"这个文件{held.get_state_display()}，不能再办理这一步。需要时请重新上传。")
    return held
