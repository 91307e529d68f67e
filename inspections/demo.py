"""Gives the demo county three months of visits: most of them finished, one still running."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from common.transitions import advance
from hazards.demo import picture
from hazards.models import Level
from inspections.models import Checklist, Outcome, Visit
from inspections.services.checklists import (
    add_item,
    create_checklist,
    draw_from_catalogue,
    issue_checklist,
    keep_certificate,
    next_version,
)
from inspections.services.visits import Answer, Finding, change_visit, fill_results, open_visit, register_findings
from mines.models import MineType
from tasks.demo.county import County, read
from tasks.demo.dice import Dice
from units.models import Unit, User

VISITS = 14
EVERY_DAYS = 6
"""Days between two visits; the last one began yesterday and is still running."""


def load_inspections(county: County) -> None:
    """Enter certificates and checklists, and play the visits of fixtures/demo_county/inspections.json."""
    told = read("demo_county/inspections")
    people = {user.username: user for user in User.objects.filter(username__in=told["certificates"])}
    for username, number in told["certificates"].items():
        until = timezone.localdate() + dt.timedelta(days=700)
        keep_certificate(by=county.admin, officer=people[username], number=number, valid_until=until)
    lists = {row["mine_type"]: _checklist(county, row) for row in told["checklists"]}
    officers = [people[name] for name in list(told["certificates"])[:3]]
    mines = read("demo_county/mines")
    for turn in range(VISITS):
        row = mines[turn % len(mines)]
        coal = row["type"] == MineType.COAL_UNDERGROUND
        checklist = lists[MineType.COAL_UNDERGROUND if coal else ""]
        team = [officers[turn % 3], officers[(turn + 1) % 3]]
        play_visit(county.units[row["unit"]], checklist, team, told, turn)


def _checklist(county: County, row: dict[str, Any]) -> Checklist:
    staff = county.staff[0]
    made = create_checklist(by=staff, region=county.region, name=row["name"], mine_type=row["mine_type"])
    for section, text, basis in row["items"]:
        add_item(by=staff, checklist=made, section=section, text=text, basis=basis)
    issue_checklist(made, by=staff)
    if not row["mine_type"]:
        # The next version is being drafted, with the clauses of the catalogue.
        draw_from_catalogue(by=staff, checklist=next_version(by=staff, checklist=made))
    return made


def play_visit(mine: Unit, checklist: Checklist, team: list[User], told: dict[str, Any], turn: int) -> Visit:
    """One visit with none, one or two faults; the latest is half filled in."""
    dice, first = Dice("visit", mine.name, turn), team[0]
    kinds = [kind for kind in Visit.Kind.values if kind != Visit.Kind.LOOK_BACK]
    day = timezone.localdate() - dt.timedelta(days=1 + (VISITS - 1 - turn) * EVERY_DAYS)
    visit = open_visit(
        by=first, mine=mine, kind=kinds[turn % len(kinds)], officers=team, begun_on=day, ended_on=day,
        places=dice.pick("places", told["places"]), checklist=checklist, companion=told["companion"],
    )  # fmt: skip
    last = turn == VISITS - 1
    results = list(visit.results.all())
    bad = {1} if last else {dice.number(f"bad{i}", 0, len(results) - 1) for i in range(turn % 3)}
    answers = {}
    for index, result in enumerate(results[: len(results) // 2] if last else results):
        if index in bad:
            photos = [picture(f"{visit.number}-{index}", "检查现场", before=True)]
            answers[result.pk] = Answer(Outcome.FAILED, dice.pick(f"fault{index}", told["faults"]), photos)
        else:
            answers[result.pk] = Answer(Outcome.NOT_APPLICABLE if index == 6 else Outcome.PASSED)
    fill_results(by=first, visit=visit, answers=answers)
    if last:
        return visit
    due_on = day + dt.timedelta(days=15)
    findings = {
        one.pk: Finding(visit.places.split("、")[0], f"{one.words}。", Level.GENERAL, due_on)
        for one in visit.results.unregistered()
    }
    if findings:
        register_findings(by=first, visit=visit, findings=findings)
    change_visit(by=first, visit=visit, summary=told["summary"])
    return advance(visit, "finish", by=first)
