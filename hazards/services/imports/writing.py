"""Writing checked rows into the register: thousands at a time, under one batch, with a line of history for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.utils import timezone

from common.bulk import insert_rows, reserve_keys
from common.history import record_rows
from common.serials import next_numbers
from common.spreadsheets import Outcome
from common.spreadsheets.values import clean_cell
from common.workdays import add_workdays
from hazards.imports.register import ALWAYS, BEFORE_GRADING
from hazards.models import Clause, DoubleReport, Facet, Hazard, Implementation, Level, RegisterImport
from hazards.services.imports.kept import KeptRows, Stale
from hazards.services.register import grade_hazard
from units.models import User
from units.rules import rule

CHUNK = 2_000
GIVEN = ("place", "description", "measures", "responsible_unit", "responsible_person", "remark")
"""What goes from a row into a new hazard as it is."""
_HAZARD = (
    "id", "region_id", "number", "mine_id", "source", "found_on", "found_by", "clause_id", "proposed_level", "level",
    "level_reason", "due_on", "state", "registered_by_id", "registered_at", *GIVEN,
)  # fmt: skip

Row = tuple[str, dict[str, Any], dict[str, Any]]


class Writer:
    """Writes the rows that a check kept, inside the caller's transaction.

    Raises Stale where a row means a hazard that was registered, changed or settled after the check.
    """

    def __init__(self, by: User, run: RegisterImport, kept: KeptRows) -> None:
        self.by, self.run, self.kept = by, run, kept
        self.now = timezone.now()
        self.year = timezone.localdate(self.now).year
        self.note = f"导入台账：{run.file_name}"
        self.report_days: dict[str, int] = {}
        self.newcomers: dict[str, set[tuple[Any, ...]]] = {}

    def write(self) -> Counter[str]:
        """Write all rows and answer how many of each outcome there were."""
        assert self.run.batch is not None
        rows: Iterator[Row] = self.kept.rows(self.by)
        counts: Counter[str] = Counter()
        while chunk := list(islice(rows, CHUNK)):
            counts.update(outcome for outcome, _, _ in chunk)
            self.create([values for outcome, values, _ in chunk if outcome == Outcome.NEW])
            self.change([(values, before) for outcome, values, before in chunk if outcome == Outcome.CHANGED])
        return counts

    def create(self, fresh: list[dict[str, Any]]) -> None:
        """Register new hazards, with their numbers in the order of the rows."""
        if not fresh:
            return
        needed = Counter(values["county"] for values in fresh)
        # Taking the numbers locks the series: from here on nobody registers a hazard in these counties.
        numbers = {code: iter(next_numbers("hazard", code, self.year, needed[code])) for code in sorted(needed)}
        self.refuse_newcomers(fresh, needed)
        made: list[tuple[Any, ...]] = []
        told: list[tuple[Any, ...]] = []
        majors: list[tuple[int, str, Any]] = []
        for key, values in zip(reserve_keys(Hazard, len(fresh)), fresh, strict=True):
            code, level, clause = values["county"], values.get("level", ""), values.get("clause_pk")
            number = f"{code}-{self.year}-{next(numbers[code]):05d}"
            state = Hazard.State.GRADED if level else Hazard.State.REGISTERED
            reason = values.get("level_reason", "") if level else ""
            found_by = values.get("found_by") or self.by.name
            proposed = Level.MAJOR if clause else Level.GENERAL
            made.append((
                key, code, number, values["mine_pk"], values["source"], values["found_on"], found_by, clause, proposed,
                level, reason, values.get("due_on"), state, self.by.pk, self.now,
                *(values.get(name, "") for name in GIVEN),
            ))  # fmt: skip
            after = {name: values.get(name) for name in ("level", "due_on") if values.get(name)}
            told.append((key, f"{number} {values['description'][:30]}", None, {"state": state} | after, code))
            if level == Level.MAJOR:
                majors.append((key, code, values["found_on"]))
        insert_rows(Hazard, _HAZARD, made)
        self.open_majors(majors)
        self.record("hazard.imported", told)

    def refuse_newcomers(self, fresh: Iterable[dict[str, Any]], counties: Iterable[str]) -> None:
        """Raise Stale where a row means a hazard that somebody registered since the check."""
        for code in counties:
            if code not in self.newcomers:
                since = Hazard.objects.filter(region=code, pk__gt=self.kept.newest).on_record()
                self.newcomers[code] = set(since.values_list("mine", "found_on", "description", "place"))
        for values in fresh:
            known = self.newcomers[values["county"]]
            told = (values["mine_pk"], values["found_on"], values["description"], values.get("place", ""))
            if told in known:
                raise Stale

    def open_majors(self, majors: list[tuple[int, str, Any]]) -> None:
        """The same as `open_major` for many at once."""
        facets = ((key, code, facet) for key, code, _ in majors for facet in Facet)
        insert_rows(Implementation, ("hazard_id", "county", "facet"), facets)
        reports = []
        for key, code, found_on in majors:
            days = self.report_days.setdefault(code, rule("double_report_workdays", code))
            reports.append((key, code, add_workdays(found_on, days)))
        insert_rows(DoubleReport, ("hazard_id", "county", "due_on"), reports)

    def change(self, rows: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
        """Bring known hazards up to date; one that is graded by its row goes the way of every grading."""
        if not rows:
            return
        keys = [values["hazard_pk"] for values, _ in rows]
        found = Hazard.objects.select_for_update(of=("self",)).select_related("mine").in_bulk(keys)
        changed: list[Hazard] = []
        told: list[tuple[Any, ...]] = []
        for values, before in rows:
            hazard = found[values["hazard_pk"]]
            settled = hazard.state in (Hazard.State.CLOSED, Hazard.State.VOID)
            if settled or any(clean_cell(now_stands(hazard, key)) != clean_cell(before[key]) for key in before):
                raise Stale
            grading = "level" in before
            plain = {key: values[key] for key in before if not (grading and key in ("level", "due_on"))}
            if plain:
                had = {key: getattr(hazard, key) for key in plain}
                told.append((hazard.pk, str(hazard), had, plain, hazard.region_id))
                for key, value in plain.items():
                    setattr(hazard, key, value)
                hazard.updated_at = self.now
                changed.append(hazard)
        fields = [*ALWAYS, *BEFORE_GRADING, "due_on", "updated_at"]
        used = {key for _, before in rows for key in before} | {"updated_at"}
        Hazard.objects.bulk_update(changed, [name for name in fields if name in used], batch_size=200)
        self.record("hazard.changed", told)
        for values, before in rows:
            if "level" in before:
                self.grade(found[values["hazard_pk"]], values)

    def grade(self, hazard: Hazard, values: dict[str, Any]) -> None:
        grade_hazard(
            by=self.by,
            hazard=hazard,
            level=values["level"],
            due_on=values["due_on"],
            clause=Clause.objects.filter(pk=values.get("clause_pk") or 0).select_related("standard").first(),
            reason=values.get("level_reason", ""),
            note=self.note,
        )

    def record(self, verb: str, told: list[tuple[Any, ...]]) -> None:
        assert self.run.batch is not None
        record_rows(verb, Hazard, told, by=self.by, note=self.note, batch=self.run.batch)


def now_stands(hazard: Hazard, key: str) -> Any:
    """What a check finds in a hazard under the key of a column; see `RegisterChecker.check_known`."""
    value = getattr(hazard, key)
    return value or hazard.mine.name if key == "responsible_unit" else value
