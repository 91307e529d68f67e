"""The lives of a county's hazards as rows: what was found, by whom it was treated, what proves it, and who did what."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from operator import itemgetter
from random import Random
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from common.bulk import insert_rows, reserve_keys
from common.evidence import store_evidence
from common.models import Event, Evidence
from common.serials import next_numbers
from common.workdays import add_workdays
from hazards.demo import picture
from hazards.models import (
    Clause,
    DoubleReport,
    Facet,
    Hazard,
    Implementation,
    Level,
    MajorReport,
    Rectification,
    Reinspection,
    ReinspectionOfficer,
    Source,
    TreatmentPlan,
)
from hazards.populate.places import County, Person, PlacedMine
from units.models import User
from units.rules import rule

State = Hazard.State
DAYS_BACK = 730
PICTURES = 12
MAJOR, VOID, STUCK, RETURNED = 0.04, 0.015, 0.05, 0.08
"""Shares of hazards that are major, entered by mistake, left lying by their mine, and sent back once."""
SOURCES = [Source.SELF_CHECK] * 60 + [Source.INSPECTION] * 30 + [Source.ASSIGNED] * 5 + [Source.TIP_OFF] * 3 + [
    Source.MONITORING] * 2  # fmt: skip

NAMES: dict[Any, tuple[str, ...]] = {
    Hazard: (
        "id", "region_id", "number", "mine_id", "place", "description", "source", "found_on", "found_by", "clause_id",
        "proposed_level", "level", "level_reason", "measures", "responsible_person", "due_on", "state",
        "returned_count", "rectifier_id", "rectified_on", "closed_on", "closed_by_id", "registered_by_id",
        "registered_at", "updated_at",
    ),
    Implementation: (
        "id", "hazard_id", "facet", "in_place", "since", "statement", "person", "planned", "until", "has_evidence",
        "stated_by_id", "confirmed_by_id", "confirmed_at",
    ),
    MajorReport: ("hazard_id", "present_state", "harm", "treatment", "made_by_id", "made_at"),
    DoubleReport: (
        "hazard_id", "due_on", "regulator_on", "regulator_receipt", "congress_on", "congress_receipt",
    ),
    TreatmentPlan: (
        "hazard_id", "goals", "methods", "resources", "people", "schedule", "safety", "made_by_id", "made_at",
    ),
    Rectification: ("id", "hazard_id", "round", "statement", "done_on", "made_by_id", "made_at"),
    Reinspection: (
        "id", "hazard_id", "round", "on", "on_site", "result", "opinion", "recorded_by_id", "recorded_at",
    ),
    ReinspectionOfficer: ("reinspection_id", "officer_id"),
    Evidence: (
        "public_id", "content_type_id", "object_id", "sha256", "size", "media_type", "kind", "name", "caption",
        "width", "height", "uploaded_by_id", "uploaded_at",
    ),
    Event: (
        "at", "actor_id", "actor_name", "actor_unit", "verb", "content_type_id", "object_id", "object_text", "before",
        "after", "note", "batch",
    ),
}  # fmt: skip


class Pictures:
    """A few drawings that stand for all photographs and papers; each is stored once, however many rows prove by it."""

    def __init__(self) -> None:
        self.kept: list[Evidence] = []

    def draw(self, *, by: User) -> None:
        if not self.kept:
            for number in range(PICTURES):
                file = picture(f"populate-{number}", f"现场{number + 1}")
                self.kept.append(store_evidence(file=file, by=by, about=by, caption="现场"))


class Lives:
    """Writes the hazards of one county."""

    def __init__(
        self, words: dict[str, Any], dice: Random, county: County, pictures: Pictures, now: dt.datetime
    ) -> None:
        self.words, self.dice, self.county, self.pictures = words, dice, county, pictures
        # Everything happens in local time: a hundred thousand lives convert no zones.
        self.now = timezone.localtime(now)
        self.today = self.now.date()
        self.batch = uuid.UUID(int=dice.getrandbits(128), version=4)
        self.types = ContentType.objects.get_for_models(Hazard, Rectification, Implementation)
        self.keys = {model: _keys_of(model) for model in (Rectification, Reinspection, Implementation)}
        self.clauses = [
            (clause.pk, clause.mine_types, clause.standard.in_force_from, clause.standard.in_force_until or dt.date.max)
            for clause in Clause.objects.filter(is_selectable=True).select_related("standard").order_by("pk")
        ]
        days = rule("double_report_workdays", county.region.code)
        self.report_by = cache(lambda found_on: add_workdays(found_on, days))
        self.rows: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)

    def write(self, count: int) -> None:
        """Write so many hazards; their numbers follow the order in which they were registered."""
        if not count:
            return
        found = sorted(self.day_of_finding() for _ in range(count))
        code = self.county.region.code
        years = Counter(day.year for day in found)
        serials = {year: iter(next_numbers("hazard", code, year, years[year])) for year in sorted(years)}
        keys = reserve_keys(Hazard, count)
        self.pictures.draw(by=User.objects.get(pk=self.county.admin.pk))
        for key, day in zip(keys, found, strict=True):
            _Life(self, key, f"{code}-{day.year}-{next(serials[day.year]):05d}", day).live()
        self.rows[Event].sort(key=itemgetter(0))
        for model, names in NAMES.items():
            insert_rows(model, names, self.rows[model])
        # The database refuses a hazard that is born closed; now its proof is there.
        proved = Hazard.objects.filter(pk__range=(keys[0], keys[-1]), region=code, state=State.AWAITING)
        proved.filter(closed_on__isnull=False).update(state=State.CLOSED)

    def day_of_finding(self) -> dt.date:
        return self.today - dt.timedelta(days=int(DAYS_BACK * self.dice.random() ** 1.6))


def _keys_of(model: Any) -> Iterator[int]:
    while True:
        yield from reserve_keys(model, 500)


class _Life:
    """One hazard: its steps one after another, as far as the days have come."""

    def __init__(self, lives: Lives, key: int, number: str, found_on: dt.date) -> None:
        dice = lives.dice
        self.lives, self.dice, self.key, self.number, self.found_on = lives, dice, key, number, found_on
        self.mine: PlacedMine = dice.choice(lives.county.mines)
        about = lives.words["kinds"][self.mine.kind]
        what, self.done = dice.choice(about["faults"])
        self.place = dice.choice(about["places"]).replace("{n}", str(dice.randrange(1101, 3699)))
        self.text = what.replace("{n}", str(dice.randrange(2, 60)))
        self.source = dice.choice(SOURCES)
        self.is_major = dice.random() < MAJOR
        self.is_sent_back = dice.random() < RETURNED
        self.is_stuck = dice.random() < STUCK
        self.finder = self.mine.clerk if self.source == Source.SELF_CHECK else dice.choice(lives.county.inspectors)
        self.staff: Person = dice.choice(lives.county.staff)
        self.officers: list[Person] = dice.sample(lives.county.inspectors, 2 if self.is_major else 1)
        self.due_on = found_on + dt.timedelta(days=dice.randrange(60, 180) if self.is_major else dice.randrange(5, 30))
        self.at = dt.datetime.combine(found_on, dt.time(8), lives.now.tzinfo) + dt.timedelta(hours=dice.random())
        self.state, self.level, self.rounds = str(State.REGISTERED), "", 0
        self.clause: int | None = None
        self.rectified_on: dt.date | None = None
        self.closed_on: dt.date | None = None
        self.facets: list[tuple[int, str]] = []
        self.reported_on: dt.date | None = None
        self.stated_on: dt.date | None = None
        self.confirmed_at: dt.datetime | None = None

    def live(self) -> None:
        """Go through the steps until one lies in the future, or its mine leaves the hazard lying."""
        self.at = min(self.at, self.lives.now)
        registered_at = self.at
        told = {"mine": self.mine.name, "place": self.place, "source": str(self.source)}
        self.note("registered", self.finder, after=told | {"found_on": self.found_on.isoformat()})
        steps = self.voided() if self.dice.random() < VOID else self.treated()
        for wait in steps:
            if not self.passes(*wait) or (self.is_stuck and self.dice.random() < 0.25):
                break
        clerk, officer = self.mine.clerk, self.officers[0]
        self.add(Hazard, (
            self.key, self.lives.county.region.code, self.number, self.mine.pk, self.place, f"{self.place}{self.text}。",
            self.source, self.found_on, self.finder.name, self.clause, Level.MAJOR if self.clause else Level.GENERAL,
            self.level, "可能造成群死群伤，按重大隐患管理。" if self.level == Level.MAJOR and not self.clause else "",
            self.done if self.level else "", self.mine.head.name, self.due_on if self.level else None, self.state,
            int(self.is_sent_back and self.rounds > 0), clerk.pk if self.rectified_on else None, self.rectified_on,
            self.closed_on, officer.pk if self.closed_on else None, self.finder.pk, registered_at, self.at,
        ))  # fmt: skip
        if self.facets:
            self.write_duties()

    def passes(self, least: float, most: float) -> bool:
        """Let so many days pass (from a half of an hour on); False when that would be in the future."""
        later = self.at + dt.timedelta(days=self.dice.uniform(least, most))
        if not 8 <= later.hour < 18:  # work goes on in the morning
            late = later.hour >= 18
            later = later.replace(hour=8, minute=30) + dt.timedelta(days=late, minutes=240 * self.dice.random())
        if later > self.lives.now:
            return False
        self.at = later
        return True

    # ---- The steps. Each asks for the days that pass before it is done.

    def voided(self) -> Iterator[tuple[float, float]]:
        yield 0.1, 3
        self.move("void", State.VOID, self.lives.county.admin, "与另一条隐患重复登记。")

    def treated(self) -> Iterator[tuple[float, float]]:
        clerk, head = self.mine.clerk, self.mine.head
        yield 0.1, 2
        self.grade()
        if self.is_major:
            yield 0.1, 2
            self.write_papers()
        yield 0.1, 1.5
        self.move("start", State.TREATING, clerk)
        if self.is_major:
            yield 1, 6
            self.state_facets()
            yield 0.2, 4
            self.confirm_facets()
        for number in (1, 2) if self.is_sent_back else (2,):
            yield (10, 90) if self.is_major else (0.5, 16)
            self.rectify()
            yield 0.05, 1
            self.move("self_accept", State.SELF_ACCEPTED, head)
            yield 0.03, 0.3
            self.move("ask", State.AWAITING, clerk)
            yield 0.5, 5
            self.reinspect(passed=number == 2)

    def grade(self) -> None:
        self.level = str(Level.MAJOR if self.is_major else Level.GENERAL)
        if self.is_major and self.dice.random() < 0.85:
            day, kind = self.found_on, self.mine.kind
            fitting = [pk for pk, kinds, since, until in self.lives.clauses if kind in kinds and since <= day <= until]
            self.clause = self.dice.choice(fitting) if fitting else None
        self.move("grade", State.GRADED, self.staff, level=self.level, due_on=self.due_on.isoformat())
        if self.is_major:
            self.facets = [(next(self.lives.keys[Implementation]), facet) for facet in Facet.values]

    def write_papers(self) -> None:
        words, clerk, day = self.lives.words, self.mine.clerk, self.at.date()
        self.note("double_reported", clerk, after={"regulator_on": day.isoformat(), "congress_on": day.isoformat()})
        self.add(MajorReport, (self.key, f"{self.text}。", *words["report"].values(), clerk.pk, self.at))
        self.note("reported", clerk)
        plan = words["plan"]
        self.add(TreatmentPlan, (
            self.key, plan["goals"], f"{self.done}。", plan["resources"], plan["people"], plan["schedule"],
            plan["safety"], clerk.pk, self.at,
        ))  # fmt: skip
        self.note("planned", clerk)
        self.reported_on = day

    def state_facets(self) -> None:
        self.stated_on = self.at.date()
        for key, facet in self.facets:
            self.prove(Implementation, key, "印证资料")
            told = {"facet": facet, "in_place": True, "statement": self.lives.words["facets"][facet], "files": 1}
            self.note("facet", self.mine.clerk, after=told, note=str(Facet(facet).label))

    def confirm_facets(self) -> None:
        self.confirmed_at = self.at
        for _, facet in self.facets:
            self.note("facet_confirmed", self.staff, note=str(Facet(facet).label))

    def write_duties(self) -> None:
        """The double report and the five implementations, as far as they have come."""
        receipts = ("县应急局收文回执", "职代会纪要") if self.reported_on else ("", "")
        self.add(DoubleReport, (
            self.key, self.lives.report_by(self.found_on), self.reported_on, receipts[0], self.reported_on, receipts[1],
        ))  # fmt: skip
        stated, confirmed = self.stated_on, self.confirmed_at
        for key, facet in self.facets:
            funds, limit = facet == Facet.FUNDS, facet == Facet.TIME_LIMIT
            self.add(Implementation, (
                key, self.key, facet, bool(stated), stated, self.lives.words["facets"][facet] if stated else "",
                self.mine.head.name if stated else "", Decimal(self.dice.randrange(5, 200)) if stated and funds else None,
                self.due_on if stated and limit else None, bool(stated), self.mine.clerk.pk if stated else None,
                self.staff.pk if confirmed else None, confirmed,
            ))  # fmt: skip

    def rectify(self) -> None:
        self.rounds += 1
        self.rectified_on = self.at.date()
        key = next(self.lives.keys[Rectification])
        statement, clerk = f"{self.place}{self.done}。", self.mine.clerk
        self.add(Rectification, (key, self.key, self.rounds, statement, self.rectified_on, clerk.pk, self.at))
        self.prove(Rectification, key, "整改后")
        self.note("rectified", clerk, after={"round": self.rounds, "statement": statement, "files": 1})

    def reinspect(self, *, passed: bool) -> None:
        first, day = self.officers[0], self.at.date()
        opinion = self.dice.choice(self.lives.words["seen" if passed else "lacking"])
        result = Reinspection.Result.PASSED if passed else Reinspection.Result.FAILED
        key = next(self.lives.keys[Reinspection])
        self.add(Reinspection, (key, self.key, self.rounds, day, True, result, opinion, first.pk, self.at))
        for officer in self.officers:
            self.add(ReinspectionOfficer, (key, officer.pk))
        self.note("reinspected", first, after={"round": self.rounds, "result": str(result), "on_site": True})
        if passed:
            self.closed_on = day
            self.note("close", first, before={"state": "awaiting"}, after={"state": "closed"}, note=opinion)
        else:
            self.move("return", State.RETURNED, first, opinion, returned_count=1)

    # ---- Rows

    def move(self, action: str, state: str, by: Person, note: str = "", **changes: Any) -> None:
        before = {"state": self.state}
        self.state = str(state)
        self.note(action, by, before=before, after={"state": self.state} | changes, note=note)

    def note(
        self,
        verb: str,
        by: Person,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        note: str = "",
    ) -> None:
        about, text = self.lives.types[Hazard].pk, f"{self.number} {self.place}{self.text}"
        self.add(Event, (
            self.at, by.pk, by.name, by.unit, f"hazard.{verb}", about, str(self.key), text, before, after, note,
            self.lives.batch,
        ))  # fmt: skip

    def prove(self, model: Any, key: int, caption: str) -> None:
        """Let one of the drawings stand for the paper."""
        kept = self.dice.choice(self.lives.pictures.kept)
        name = f"{self.place}{caption}.jpg"
        self.add(Evidence, (
            uuid.UUID(int=self.dice.getrandbits(128), version=4), self.lives.types[model].pk, str(key), kept.sha256,
            kept.size, kept.media_type, kept.kind, name, caption, kept.width, kept.height, self.mine.clerk.pk, self.at,
        ))  # fmt: skip

    def add(self, model: Any, row: tuple[Any, ...]) -> None:
        self.lives.rows[model].append(row)
