"""Handing in a register as a spreadsheet: map its columns, check every row, write the right ones."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import evidence_path, store_evidence
from common.history import record, record_many
from common.serials import next_numbers
from common.spreadsheets import Column, ImportRow, Outcome, iter_rows, propose_columns, read_heading, write_rows
from common.spreadsheets.results import ERROR_TITLE
from common.workdays import add_workdays
from hazards.imports.columns import BY_KEY, COLUMNS
from hazards.imports.register import CHUNK, CLOSED_ROWS, RegisterChecker
from hazards.models import (
    Clause,
    DoubleReport,
    Facet,
    Hazard,
    Implementation,
    Level,
    RegisterImport,
    RememberedHeading,
)
from hazards.services.register import grade_hazard, proposed_level
from units.models import Role, Unit, User
from units.rules import rule

CHECK, CONFIRM = "hazards.check_import", "hazards.confirm_import"
MOST_SHOWN = 200
MOST_MARKED = 20_000
"""Wrong rows given back in the marked workbook; whoever has more has the wrong file."""
_DAYS = ("found_on", "due_on")


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
        mapping=propose_mapping(by, heading.titles),
    )
    store_evidence(file=ContentFile(data, name=file.name), by=by, about=run)
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


@transaction.atomic
def map_import(*, by: User, run: RegisterImport, mapping: Mapping[str, str], closed_rows: str) -> RegisterImport:
    """Settle which heading fills which column, and remember it for the unit's next file.

    Raises Refused where a column is named twice or one is missing without which no hazard can be told.
    """
    check_may_import(by)
    run = _held(run, RegisterImport.State.UPLOADED, RegisterImport.State.CHECKED)
    chosen = {position: key for position, key in mapping.items() if key}
    faults = [f"“{BY_KEY[key].title}”选了 {count} 次" for key, count in Counter(chosen.values()).items() if count > 1]
    named = set(chosen.values())
    if "number" not in named:
        wanted = ["description", "found_on", *(["mine"] if by.unit and by.unit.kind != Unit.Kind.MINE else [])]
        faults += [f"没有指定哪一列是“{BY_KEY[key].title}”" for key in wanted if key not in named]
    if closed_rows not in CLOSED_ROWS:
        faults.append("请选择已销号的行怎样处理")
    if faults:
        raise Refused(f"{'；'.join(faults)}。", code="mapping")
    run.mapping, run.closed_rows, run.marked_sha256 = chosen, closed_rows, ""
    run.save(update_fields=["mapping", "closed_rows", "marked_sha256"])
    for position, title in enumerate(run.headings):
        if title:
            RememberedHeading.objects.update_or_create(
                unit=run.unit, heading=title, defaults={"column": chosen.get(str(position), "")}
            )
    return run


def check_import(*, by: User, run: RegisterImport, progress: Any = None) -> RegisterImport:
    """Check the whole file and keep what was found: counts, the first rows and errors, the wrong rows as a workbook.

    Rows are read one at a time, so that a hundred thousand need no more room than one chunk. `progress` is told how
    many rows are done.
    """
    check_may_import(by)
    spool, counts = _spool(by, run, progress)
    spool.close()
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

    The file is checked anew before, outside of the transaction: on SQLite nobody else can write during it. Raises
    Conflict when it was written or put aside before, Refused when it has nothing to write.
    """
    check_may_import(by)
    _held(run, RegisterImport.State.CHECKED, lock=False)
    spool, counts = _spool(by, run, progress)
    try:
        if not counts[Outcome.NEW] + counts[Outcome.CHANGED]:
            raise Refused("表里没有要写入的内容。", code="nothing_to_write")
        with transaction.atomic():
            held = _held(run, RegisterImport.State.CHECKED)
            held.batch, held.state, held.confirmed_at = uuid.uuid4(), RegisterImport.State.CONFIRMED, timezone.now()
            held.preview, held.marked_sha256 = run.preview, run.marked_sha256
            _Writer(by, held).write(spool)
            held.save()
            record("registerimport.confirmed", held, by=by, after=counts, note=held.file_name, batch=held.batch)
    finally:
        spool.close()
    run.refresh_from_db()
    return run


@transaction.atomic
def drop_import(*, by: User, run: RegisterImport) -> None:
    """Put a file aside; it stays for the record."""
    check_may_import(by)
    held = _held(run, RegisterImport.State.UPLOADED, RegisterImport.State.CHECKED)
    held.state = RegisterImport.State.DROPPED
    held.save(update_fields=["state"])
    run.refresh_from_db()


def read_import(run: RegisterImport) -> bytes:
    """The bytes that were handed in."""
    return evidence_path(run.sha256).read_bytes()


def _held(run: RegisterImport, *states: str, lock: bool = True) -> RegisterImport:
    rows = RegisterImport.objects.select_for_update(of=("self",)) if lock else RegisterImport.objects
    held: RegisterImport = rows.get(pk=run.pk)
    if held.state not in states:
        raise Conflict(f"这个文件{held.get_state_display()}，不能再办理这一步。需要时请重新上传。")
    return held


# ---- Checking


def _spool(by: User, run: RegisterImport, progress: Any) -> tuple[IO[str], Counter[str]]:
    """Check every row: the right ones to a temporary file, one JSON object a line; the rest into `run.preview`."""
    titles = {key: run.headings[int(position)] or BY_KEY[key].title for position, key in run.mapping.items()}
    header = {int(p): replace(BY_KEY[key], title=titles[key], aliases=()) for p, key in run.mapping.items()}
    rows = iter_rows(read_import(run), header, sheet=run.sheet, header_row=run.header_row)
    checker = RegisterChecker(by, titles=titles, closed_rows=run.closed_rows)
    counts: Counter[str] = Counter({outcome.value: 0 for outcome in Outcome})
    shown: dict[str, list[Any]] = {"new": [], "changed": [], "errors": []}
    errors = 0
    cells: dict[int, tuple[str, ...]] = {}
    spool = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - the caller closes it

    def read() -> Iterator[Any]:
        for row in rows:
            cells[row.number] = row.cells
            yield row

    def wrong_rows() -> Iterator[dict[str, Any]]:
        nonlocal errors
        for row in checker.check(read()):
            counts[row.outcome] += 1
            there = cells.pop(row.number, ())
            if progress is not None:
                progress(sum(counts.values()))
            if row.outcome == Outcome.WRONG:
                errors += len(row.errors)
                room = MOST_SHOWN - len(shown["errors"])
                shown["errors"] += [[one.row, one.column, one.value[:100], one.message] for one in row.errors[:room]]
                if counts[Outcome.WRONG] <= MOST_MARKED:
                    yield _marked(row, there)
            elif row.outcome != Outcome.UNCHANGED:
                if len(shown[row.outcome]) < MOST_SHOWN:
                    shown[row.outcome].append(_shown(row))
                spool.write(json.dumps([row.outcome, row.values, row.before], ensure_ascii=False, default=str) + "\n")

    with tempfile.TemporaryFile() as marked:
        columns = [
            Column(str(place), title or f"第{place + 1}列", width=18) for place, title in enumerate(run.headings)
        ]
        number, words = Column("row", "原行号", width=8), Column("errors", ERROR_TITLE, width=60)
        write_rows(marked, [*columns, number, words], wrong_rows(), sheet="有误的行")
        if run.marked_sha256 and counts[Outcome.WRONG] == run.preview.get("counts", {}).get(Outcome.WRONG):
            pass  # as many as at the last check: the workbook that was given out then still says what is wrong
        elif counts[Outcome.WRONG]:
            marked.seek(0)
            stem = run.file_name.rpartition(".")[0] or run.file_name
            kept = store_evidence(file=File(marked, name=f"{stem}-有误的行.xlsx"), by=by, about=run, caption="有误的行")
            run.marked_sha256 = kept.sha256
        else:
            run.marked_sha256 = ""
    if not sum(counts.values()):
        raise Refused("表头下面没有数据行。请填好内容再上传。", code="table_no_rows")
    run.preview = {"counts": dict(counts), "errors_count": errors, **shown}
    spool.seek(0)
    return spool, counts


def _marked(row: ImportRow, cells: Sequence[str]) -> dict[str, Any]:
    words = "\n".join(str(error) for error in row.errors)
    return {str(place): text for place, text in enumerate(cells)} | {"row": row.number, "errors": words}


def _shown(row: ImportRow) -> dict[str, Any]:
    """What the preview prints of a row: its words, and what changes from what to what."""
    return {
        "row": row.number,
        "number": row.values.get("number", ""),
        "values": {key: _words(key, value) for key, value in row.values.items() if not key.endswith("_pk")},
        "changes": [
            [BY_KEY[key].title, _words(key, old), _words(key, row.values.get(key))]
            for key, old in row.before.items()
            if key in BY_KEY
        ],
    }


def _words(key: str, value: Any) -> str:
    if key == "level" and value:
        return str(Level(value).label)
    if key == "source" and value:
        return str(dict(Hazard._meta.get_field("source").flatchoices).get(value, value))
    return "" if value is None else str(value)[:200]


# ---- Writing


class _Writer:
    """Writes checked rows in chunks; numbers are reserved in one step for each county."""

    def __init__(self, by: User, run: RegisterImport) -> None:
        self.by, self.run = by, run
        self.year = timezone.localdate().year
        self.note = f"导入台账：{run.file_name}"
        self.double_report_days: dict[str, int] = {}

    def write(self, spool: IO[str]) -> None:
        lines = (json.loads(line) for line in spool)
        needed: Counter[str] = Counter()
        counties: dict[int, str] = {}
        for outcome, values, _ in lines:
            if outcome == Outcome.NEW:
                county = self._county(values["mine_pk"], counties)
                needed[county] += 1
        numbers = {code: iter(next_numbers("hazard", code, self.year, count)) for code, count in sorted(needed.items())}
        spool.seek(0)
        lines = (json.loads(line, object_hook=_with_days) for line in spool)
        while chunk := list(islice(lines, CHUNK)):
            fresh = [values for outcome, values, _ in chunk if outcome == Outcome.NEW]
            self.create([(values, counties[values["mine_pk"]]) for values in fresh], numbers)
            for outcome, values, before in chunk:
                if outcome == Outcome.CHANGED:
                    self.change(values, before)

    def _county(self, mine: int, counties: dict[int, str]) -> str:
        if mine not in counties:
            counties[mine] = Unit.objects.select_related("region").get(pk=mine).region.county.code
        return counties[mine]

    def create(self, rows: list[tuple[dict[str, Any], str]], numbers: Mapping[str, Iterator[int]]) -> None:
        clauses = Clause.objects.in_bulk({values["clause_pk"] for values, _ in rows if values.get("clause_pk")})
        hazards = []
        for values, county in rows:
            level = values.get("level", "")
            clause = clauses.get(values.get("clause_pk"))
            hazards.append(
                Hazard(
                    region_id=county,
                    number=f"{county}-{self.year}-{next(numbers[county]):05d}",
                    mine_id=values["mine_pk"],
                    place=values.get("place", ""),
                    description=values["description"],
                    source=values["source"],
                    found_on=values["found_on"],
                    found_by=values.get("found_by") or self.by.name,
                    clause=clause,
                    proposed_level=proposed_level(clause),
                    level=level,
                    level_reason=values.get("level_reason", "") if level else "",
                    measures=values.get("measures", ""),
                    responsible_unit=values.get("responsible_unit", ""),
                    responsible_person=values.get("responsible_person", ""),
                    remark=values.get("remark", ""),
                    due_on=values.get("due_on"),
                    state=Hazard.State.GRADED if level else Hazard.State.REGISTERED,
                    registered_by=self.by,
                )
            )
        Hazard.objects.bulk_create(hazards, batch_size=CHUNK)
        self.open_majors([hazard for hazard in hazards if hazard.level == Level.MAJOR])
        record_many("hazard.registered", hazards, by=self.by, note=self.note, batch=self.run.batch)
        graded = [hazard for hazard in hazards if hazard.level]
        record_many("hazard.grade", graded, by=self.by, note=f"按{self.note}", batch=self.run.batch)

    def open_majors(self, hazards: Iterable[Hazard]) -> None:
        """The same as `open_major` for many at once."""
        hazards = list(hazards)
        Implementation.objects.bulk_create(
            [Implementation(hazard=hazard, facet=facet) for hazard in hazards for facet in Facet.values],
            batch_size=CHUNK,
        )
        reports = []
        for hazard in hazards:
            days = self.double_report_days.setdefault(
                hazard.region_id, rule("double_report_workdays", hazard.region_id)
            )
            reports.append(DoubleReport(hazard=hazard, due_on=add_workdays(hazard.found_on, days)))
        DoubleReport.objects.bulk_create(reports, batch_size=CHUNK)

    def change(self, values: dict[str, Any], before: dict[str, Any]) -> None:
        """Bring one hazard up to date, unless somebody settled it since the check."""
        hazard = Hazard.objects.select_for_update(of=("self",)).select_related("mine").get(pk=values["hazard_pk"])
        if hazard.state in (Hazard.State.CLOSED, Hazard.State.VOID):
            raise Conflict(f"{hazard.number} 刚刚{hazard.get_state_display()}。请重新检查后再导入。")
        grading = "level" in before
        plain = {key: values[key] for key in before if not (grading and key in ("level", "due_on"))}
        if plain:
            old = {key: getattr(hazard, key) for key in plain}
            for key, value in plain.items():
                setattr(hazard, key, value)
            hazard.save(update_fields=[*plain, "updated_at"])
            record("hazard.changed", hazard, by=self.by, before=old, after=plain, note=self.note, batch=self.run.batch)
        if grading:
            grade_hazard(
                by=self.by,
                hazard=hazard,
                level=values["level"],
                due_on=values["due_on"],
                clause=Clause.objects.filter(pk=values.get("clause_pk") or 0).select_related("standard").first(),
                reason=values.get("level_reason", ""),
                note=self.note,
            )


def _with_days(values: dict[str, Any]) -> dict[str, Any]:
    for key in _DAYS:
        if values.get(key):
            values[key] = dt.date.fromisoformat(values[key])
    return values
