"""Gives the demo county's mines a register: hazards of all levels in all states, done by the people whose turn it was."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.files.base import ContentFile, File
from django.utils import timezone
from PIL import Image, ImageDraw

from common.transitions import advance
from hazards.demo_risks import load_risks, load_tip_offs
from hazards.forms.register import clauses_offered
from hazards.letters import proposed_items
from hazards.models import Facet, Hazard, Level, Listing, Sign, Source
from hazards.services.catalogue import load_shipped_standards
from hazards.services.extensions import decide_hazard_extension, request_hazard_extension
from hazards.services.investigation import (
    add_liability,
    add_recommendation,
    move_investigation,
    write_investigation,
)
from hazards.services.listing import (
    ask_listing_extension,
    list_hazard,
    move_listing,
    publish_listing,
    record_acceptance,
)
from hazards.services.look_backs import order_look_back
from hazards.services.measures import create_measure
from hazards.services.proofs import (
    confirm_facet,
    prove_facet,
    record_double_report,
    record_reinspection,
    rectify_hazard,
    write_major_report,
    write_treatment_plan,
)
from hazards.services.register import grade_hazard, move_hazard, register_hazard
from hazards.services.signs import judge_sign, may_judge
from hazards.services.waiting import hand_over_hazard, record_receipt, suspend_hazard, tell_treatment
from mines.demo import load_mines
from tasks.demo.county import County, read
from tasks.demo.dice import Dice
from tasks.models import Task
from units.models import Role, Unit, User

STEPS = ("registered", "graded", "treating", "rectified", "awaiting", "returned", "closed")
"""How far a hazard has come, each step after those before it; a closed one may have been returned on the way."""
FEW_SIGNS = 3


def load_hazards(county: County) -> None:
    """Write the file of every mine, the standards, and the register by fixtures/demo_county/hazards.json."""
    load_shipped_standards()
    load_mines(county.units, by=county.staff[0], speakers=county.speakers)
    load_risks(county)
    rules = read("demo_county/hazards")
    for number, mine in enumerate(read("demo_county/mines")):
        life = MineLife(county, county.units[mine["unit"]], mine["type"], rules, number)
        for turn in range(rules["each"]):
            life.play(turn)
    keep_a_few_signs()
    load_measures(county, rules["measures"])
    load_tip_offs(county)
    look_again(county, rules["look_back"])


def load_measures(county: County, told: list[dict[str, Any]]) -> None:
    """The rules that the county's offices owe: issued, being made, and one late."""
    staff, today = county.staff[0], timezone.localdate()
    for one in told:
        made = create_measure(
            by=staff, name=one["name"], gist=one["gist"], lead_unit=county.units[one["lead"]],
            responsible_units=one["responsible"], due_on=today + dt.timedelta(days=one["due_in"]),
            progress=one["progress"], document=one.get("document", ""),
            issued_on=today - dt.timedelta(days=one["issued"]) if "issued" in one else None,
        )  # fmt: skip
        if "issued" in one:
            advance(made, "issue", by=staff)


def look_again(county: County, told: dict[str, str]) -> None:
    """Judge one sign of a closed hazard as suspicious, and have the hazard looked at again."""
    for sign in Sign.objects.filter(hazard__state=Hazard.State.CLOSED).select_related("hazard__mine").order_by("pk"):
        judge = next((one for one in county.staff if may_judge(one, sign)), None)
        if judge is not None:
            judge_sign(by=judge, sign=sign, verdict=Sign.Verdict.SUSPICIOUS, words=told["words"])
            due_on = timezone.localdate() + dt.timedelta(days=7)
            order_look_back(by=judge, hazard=sign.hazard, sign=sign, reason=told["reason"], due_on=due_on)
            return


def keep_a_few_signs() -> None:
    """Take away the signs that the demo gives only because a year of work is written in a minute with few sentences."""
    few = Sign.objects.filter(kind=Sign.Kind.COPIED_WORDS).order_by("-pk").values_list("pk", flat=True)[:FEW_SIGNS]
    Sign.objects.exclude(pk__in=list(few)).delete()


@dataclass
class MineLife:
    """The hazards of one mine."""

    county: County
    mine: Unit
    kind: str
    rules: dict[str, Any]
    number: int
    today: dt.date = field(default_factory=timezone.localdate)

    @cached_property
    def clerk(self) -> User:
        return self.county.speakers[self.mine.pk]

    @cached_property
    def officers(self) -> list[User]:
        return list(User.objects.filter(role=Role.INSPECTOR, unit__region=self.county.region).order_by("pk"))

    @cached_property
    def scenes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [one for one in self.rules["scenes"] if self.kind in one["kinds"]]
        return found

    @cached_property
    def tasks(self) -> list[Task]:
        """Some tasks in force that the mine has a part in."""
        owed = self.mine.assignments.filter(campaign__state="active", withdrawn_on=None, task__is_parent=False)
        return [one.task for one in owed.select_related("task").order_by("-campaign_id", "pk")[:3]]

    def play(self, turn: int) -> None:
        """Let one hazard be found some weeks ago and come as far as its plan says."""
        dice = Dice("hazard", self.mine.name, turn)
        times, which = divmod(self.number * self.rules["each"] + turn, len(self.rules["plans"]))
        plan = dict(self.rules["plans"][which])
        for name in ("listing", "investigation"):
            plan[name] = dict(enumerate(plan.get(name, ()))).get(times, "")
        scene = self.scenes[(self.number + turn) % len(self.scenes)]
        found_on = self.today - dt.timedelta(days=dice.number("age", *plan["age"]))
        major = plan["level"] == Level.MAJOR
        offered = clauses_offered(self.mine, found_on) if major else []
        clause = dice.pick("clause", offered) if offered else None
        own = dice.number("source", 0, 9) < 6
        source = Source.SELF_CHECK if own else dice.pick("from", self.rules["sources"])
        finder = self.clerk if own else self.officers[dice.number("finder", 0, len(self.officers) - 1)]
        text = f"{scene['what']}{'，已停止该处作业' if major else ''}。"
        hazard = register_hazard(
            by=finder, mine=self.mine, place=scene["place"], description=text, source=source, found_on=found_on,
            clause=clause, task=self.tasks[turn] if turn < len(self.tasks) and turn % 2 == 0 else None, files=[picture(f"{self.number}-{turn}", scene["place"], before=True)],
        )  # fmt: skip
        Hazard.objects.filter(pk=hazard.pk).update(
            registered_at=timezone.make_aware(dt.datetime.combine(found_on, dt.time(9 + turn, 20)))
        )
        due_on = found_on + dt.timedelta(days=plan["days"])
        if plan.get("due_in"):
            due_on = self.today + dt.timedelta(days=plan["due_in"])
        self.advance(hazard, plan, scene, clause, due_on, dice)

    def advance(
        self, hazard: Hazard, plan: dict[str, Any], scene: dict[str, Any], clause: Any, due_on: dt.date, dice: Dice
    ) -> None:
        if plan["step"] == "void":
            move_hazard(by=self.county.admin, hazard=hazard, action="void", note="与本矿另一条隐患重复登记。")
            return
        step = STEPS.index(plan["step"])
        major = plan["level"] == Level.MAJOR
        staff = self.county.staff[self.number % len(self.county.staff)]
        if step < 1:
            return
        reason = "" if clause or not major else "经现场核实，可能造成群死群伤，按重大隐患管理。"
        grade_hazard(by=staff, hazard=hazard, level=plan["level"], due_on=due_on, clause=clause, reason=reason)
        if major:
            self.write_papers(hazard, scene, plan)
        if plan.get("aside") == "handed_over":
            self.hand_over(hazard, staff)
        if step < 2 or plan.get("aside") == "handed_over":
            return
        move_hazard(by=self.clerk, hazard=hazard, action="start")
        if major:
            self.prove(hazard, plan.get("facets", 5), staff)
        listing = self.put_on_list(hazard, plan["listing"], staff) if plan["listing"] else None
        if plan["investigation"]:
            self.investigate(hazard, plan["investigation"], staff)
        if plan.get("aside") == "suspended":
            since = self.today - dt.timedelta(days=2)
            suspend_hazard(by=staff, hazard=hazard, since=since, **self.rules["asides"]["suspended"])
            return
        if plan.get("extension"):
            self.extend(hazard, staff, decided=plan["extension"] == "approved")
        if step < 3:
            return
        done_on = min(hazard.found_on + dt.timedelta(days=dice.number("work", 2, max(3, plan["days"] - 2))), self.today)
        if plan["step"] == "returned" or plan.get("returned"):
            self.rectify(hazard, scene, done_on, "1")
            self.check(hazard, done_on, passed=False, opinion=scene["lacking"])
            if plan["step"] == "returned":
                return
        self.rectify(hazard, scene, done_on, "2" if plan.get("returned") else "1", ask=step > 3)
        if listing is not None:
            move_listing(by=self.clerk, listing=listing, action="ask_acceptance")
        if plan["step"] == "closed":
            seen_on = min(done_on + dt.timedelta(days=dice.number("seen", 1, 4)), self.today)
            self.check(hazard, seen_on, passed=True, opinion=scene["seen"])
        if listing is not None and plan["listing"] == "lifted":
            self.lift(listing, staff)

    def hand_over(self, hazard: Hazard, staff: User) -> None:
        told = self.rules["asides"]["handed_over"]
        sent = hand_over_hazard(
            by=staff, hazard=hazard, receiver=told["receiver"], reason=told["reason"], sent_on=hazard.found_on
        )
        liaison = User.objects.filter(unit=sent.unit, role=Role.LIAISON).first()
        if self.number % 2:
            record_receipt(by=staff, hazard=hazard, received_on=self.today, receipt=told["receipt"])
        elif liaison is not None:
            tell_treatment(by=liaison, hazard=hazard, treatment=told["treatment"])

    def put_on_list(self, hazard: Hazard, how: str, staff: User) -> Listing:
        assert hazard.due_on is not None
        listed_on = hazard.found_on + dt.timedelta(days=5)
        due_on = self.today + dt.timedelta(days=75) if how == "extension" else hazard.due_on
        listing = list_hazard(
            by=staff, hazard=hazard, level="county", listed_on=listed_on, due_on=due_on, items=proposed_items(hazard)
        )
        if self.number % 2 or how == "lifted":
            publish_listing(
                by=staff, listing=listing, reported_on=listed_on + dt.timedelta(days=1),
                published_on=listed_on + dt.timedelta(days=3), published_at=self.rules["listings"]["published_at"],
            )  # fmt: skip
        if how == "extension":
            later, reason = due_on + dt.timedelta(days=60), self.rules["listings"]["extension"]
            ask_listing_extension(by=self.clerk, listing=listing, new_due_on=later, reason=reason)
        return listing

    def investigate(self, hazard: Hazard, how: str, staff: User) -> None:
        told = self.rules["investigation"]
        begun_on = hazard.found_on + dt.timedelta(days=6)
        made = write_investigation(by=staff, hazard=hazard, begun_on=begun_on, parts=told["parts"])
        add_liability(by=staff, investigation=made, **told["liability"])
        due_on = self.today + dt.timedelta(days=30)
        add_recommendation(by=staff, investigation=made, text=told["recommendation"], unit=self.mine, due_on=due_on)
        if how != "drafting":
            move_investigation(by=staff, investigation=made, action="submit")
        if how == "signed":
            signer = next(one for one in self.county.staff if one.pk != staff.pk)
            move_investigation(by=signer, investigation=made, action="sign")

    def lift(self, listing: Listing, staff: User) -> None:
        record_acceptance(
            by=staff, listing=listing, on=self.today, officers=self.officers[:2], passed=True,
            opinion=self.rules["listings"]["accepted"],
        )  # fmt: skip

    def write_papers(self, hazard: Hazard, scene: dict[str, Any], plan: dict[str, Any]) -> None:
        papers = plan.get("papers", "all")
        if papers == "none":
            return
        day = min(hazard.found_on + dt.timedelta(days=2), self.today)
        whole = papers == "all"
        record_double_report(
            by=self.clerk,
            hazard=hazard,
            regulator_on=day,
            regulator_receipt=f"县应急局收文{hazard.number[-5:]}号",
            congress_on=day if whole else None,
            congress_receipt="职代会纪要第3号" if whole else "",
        )
        write_major_report(by=self.clerk, hazard=hazard, parts=self.rules["report"] | {"present_state": scene["what"]})
        if whole:
            write_treatment_plan(by=self.clerk, hazard=hazard, parts=self.rules["plan"] | {"methods": scene["done"]})

    def prove(self, hazard: Hazard, facets: int, staff: User) -> None:
        since = min(hazard.found_on + dt.timedelta(days=3), self.today)
        for number, facet in enumerate(Facet.values):
            if number > facets:
                return
            fields = {"in_place": True, "since": since, **self.rules["facets"][facet]}
            if facet == Facet.TIME_LIMIT:
                fields["until"] = hazard.due_on
            file = picture(f"{hazard.number}-{facet}", f"{Facet(facet).label}落实")
            prove_facet(by=self.clerk, hazard=hazard, facet=facet, fields=fields, files=[file])
            if number < facets:
                confirm_facet(by=staff, hazard=hazard, facet=facet)

    def extend(self, hazard: Hazard, staff: User, *, decided: bool) -> None:
        assert hazard.due_on is not None
        extension = request_hazard_extension(
            by=self.clerk,
            hazard=hazard,
            new_due_on=max(hazard.due_on, self.today) + dt.timedelta(days=20),
            reason="更换的设备由厂家定制，预计20天后到矿；期间停用原设备并派专人看守。",
        )
        if decided:
            decide_hazard_extension(by=staff, extension=extension, action="approve", note="情况属实，同意。")
            hazard.refresh_from_db()

    def rectify(self, hazard: Hazard, scene: dict[str, Any], done_on: dt.date, which: str, *, ask: bool = True) -> None:
        file = picture(f"{hazard.number}-{which}", f"{scene['place']}整改后")
        rectify_hazard(by=self.clerk, hazard=hazard, statement=scene["done"], done_on=done_on, files=[file])
        if ask:
            move_hazard(by=self.clerk, hazard=hazard, action="self_accept")
            move_hazard(by=self.clerk, hazard=hazard, action="ask")

    def check(self, hazard: Hazard, on: dt.date, *, passed: bool, opinion: str) -> None:
        pair = [self.officers[(self.number + i) % len(self.officers)] for i in range(2 if hazard.is_major else 1)]
        record_reinspection(
            by=pair[0], hazard=hazard, on=on, on_site=True, officers=pair, passed=passed, opinion=opinion
        )


def picture(words: str, name: str, *, before: bool = False) -> File[bytes]:
    """A drawing in place of a photograph, unlike any other: bands of colour that follow from `words`."""
    dice = Dice("picture", words)
    image = Image.new("RGB", (480, 360), "#5b5148" if before else "#7d8f86")
    pen = ImageDraw.Draw(image)
    for i in range(7):
        left, top = dice.number(f"x{i}", -60, 420), dice.number(f"y{i}", -40, 320)
        width, height = dice.number(f"w{i}", 30, 220), dice.number(f"h{i}", 20, 180)
        shade = dice.number(f"c{i}", 40, 200)
        colour = (shade, int(shade * 0.85), int(shade * 0.7)) if before else (int(shade * 0.8), shade, int(shade * 0.9))
        pen.rectangle((left, top, left + width, top + height), fill=colour)
    content = io.BytesIO()
    image.save(content, "JPEG", quality=70)
    return ContentFile(content.getvalue(), name=f"{name}.jpg")
