"""Gives the demo county three months of visits: most of them finished, one still running, with their documents."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from common.transitions import advance
from hazards.demo import picture
from hazards.models import Hazard, Level
from inspections.coverage import monday_of
from inspections.document_kinds import KINDS
from inspections.models import Checklist, Document, Outcome, PatrolGroup, Visit
from inspections.proposals import next_week, proposals_for
from inspections.services.checklists import (
    add_item,
    create_checklist,
    draw_from_catalogue,
    issue_checklist,
    keep_certificate,
    next_version,
)
from inspections.services.clues import keep_clue, send_clue
from inspections.services.documents import approve_document, close_document, draft_document, pay_penalty
from inspections.services.draws import draw_look_backs, pool_of
from inspections.services.plans import change_plan, keep_group, plan_visits, start_plan
from inspections.services.visits import (
    Answer,
    Finding,
    change_visit,
    fill_results,
    finish_visit,
    open_visit,
    register_findings,
)
from mines.models import MineType
from tasks.demo.county import County, read
from tasks.demo.dice import Dice
from units.models import Unit, User

VISITS = 14
INSPECTOR = "sunzhiyuan"
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
    group = _group_and_plan(county, told, people)
    rounds = _rounds([county.units[key] for key in told["group"]["mines"]])
    for turn in range(VISITS):
        while rounds and rounds[0][0] <= day_of(turn):
            walk_round(*rounds.pop(0), group, officers, told)
        row = mines[turn % len(mines)]
        coal = row["type"] == MineType.COAL_UNDERGROUND
        checklist = lists[MineType.COAL_UNDERGROUND if coal else ""]
        team = [officers[(turn + 2) % 3], officers[turn % 3]]
        mine = county.units[row["unit"]]
        play_visit(mine, checklist, team, told, turn, county.staff[0], group if coal else None)
    _plan_next_week(county, people)
    _draw_look_backs(county)
    _hand_over_clues(county, people)


def _hand_over_clues(county: County, people: dict[str, User]) -> None:
    """Two clues: one with the department of natural resources, sent; one still a draft."""
    by, approver = people[INSPECTOR], county.staff[0]
    visit = Visit.objects.filter(state=Visit.State.FINISHED, officers__officer=by).order_by("pk")[0]
    receiver = Unit.objects.filter(kind=Unit.Kind.DEPARTMENT, name__contains="自然资源", region=county.region).first()
    sent = keep_clue(
        by=by, visit=visit, subject=visit.mine.name, receiver=receiver, receiver_name="县自然资源局",
        facts="检查发现该矿采掘工程平面图与现场不符，一处巷道有超出采矿许可证范围掘进的迹象。",
        basis="越界开采的查处属于自然资源主管部门职责（《中华人民共和国矿产资源法》）。",
    )  # fmt: skip
    advance(sent, "submit", by=by)
    send_clue(sent, by=approver)
    keep_clue(
        by=by, subject=visit.mine.name, receiver_name="县公安局", facts="爆炸物品领用登记与现场剩余数量不符。",
        basis="民用爆炸物品的公共安全管理属于公安机关职责。",
    )  # fmt: skip


def _draw_look_backs(county: County) -> None:
    """Some of what was closed is drawn to be looked at again."""
    today, staff = timezone.localdate(), county.staff[0]
    since = today - dt.timedelta(days=400)
    if not pool_of(county.region, since, today):
        return
    draw_look_backs(
        by=staff, region=county.region, closed_from=since, closed_until=today, random_count=2, risk_count=1,
        due_on=today + dt.timedelta(days=20),
    )  # fmt: skip


def _group_and_plan(county: County, told: dict[str, Any], people: dict[str, User]) -> PatrolGroup:
    """A five-person group with its mines, and the plan of the year, in force since the first visit."""
    staff, today = county.staff[0], timezone.localdate()
    group = keep_group(
        by=staff, region=county.region, name=told["group"]["name"],
        members=[people[name] for name in told["certificates"]],
        mines=[county.units[key] for key in told["group"]["mines"]],
    )  # fmt: skip
    plan = start_plan(by=staff, region=county.region, year=today.year)
    begins_on = max(dt.date(today.year, 1, 1), monday_of(day_of(0)))
    change_plan(by=staff, plan=plan, begins_on=begins_on, words=told["plan"], paper="")
    advance(plan, "issue", by=staff)
    return group


def day_of(turn: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=1 + (VISITS - 1 - turn) * EVERY_DAYS)


def _rounds(mines: list[Unit]) -> list[tuple[dt.date, Unit, bool]]:
    """Days and mines of the group's weekly rounds, of which some were not made; every fourth looks at everything."""
    first, last = monday_of(day_of(0)), day_of(VISITS - 1)
    found = []
    for week in range((last - first).days // 7 + 1):
        for index, mine in enumerate(mines):
            day = first + dt.timedelta(days=7 * week + index % 5)
            if first <= day <= last and Dice("round", mine.name, week).number("made", 1, 8) > 1:
                found.append((day, mine, week % 4 == index % 4))
    return sorted(found, key=lambda one: (one[0], one[1].pk))


def walk_round(
    day: dt.date, mine: Unit, is_full: bool, group: PatrolGroup, officers: list[User], told: dict[str, Any]
) -> None:
    """One round of the group that found nothing: no checklist, one page of words."""
    dice, by = Dice("round", mine.name, day), officers[day.toordinal() % 3]
    visit = open_visit(
        by=by, mine=mine, kind=Visit.Kind.FIVE_GROUP, officers=[by, officers[(day.toordinal() + 1) % 3]],
        begun_on=day, ended_on=day, places=dice.pick("places", told["places"]), companion=told["companion"],
        group=group, is_full=is_full,
    )  # fmt: skip
    change_visit(by=by, visit=visit, summary=told["round"])
    finish_visit(visit, by=by)


def _plan_next_week(county: County, people: dict[str, User]) -> None:
    """The three most pressing mines are planned for next week, and one that is wanted this week."""
    today, staff = timezone.localdate(), people[INSPECTOR]
    begins_on, due_on = next_week(today)
    proposals = proposals_for(county.region, today)
    first = {one.mine: one.reason for one in proposals[:3]}
    plan_visits(by=staff, mines=first, begins_on=begins_on, due_on=due_on)
    this = {one.mine: one.reason for one in proposals[3:4]}
    plan_visits(by=staff, mines=this, begins_on=monday_of(today), due_on=due_on - dt.timedelta(days=7))


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


def play_visit(
    mine: Unit,
    checklist: Checklist,
    team: list[User],
    told: dict[str, Any],
    turn: int,
    approver: User,
    group: PatrolGroup | None = None,
) -> Visit:
    """One visit with none, one or two faults; the latest is half filled in."""
    dice, first = Dice("visit", mine.name, turn), team[0]
    kinds = [kind for kind in Visit.Kind.values if kind != Visit.Kind.LOOK_BACK]
    day = day_of(turn)
    kind = Visit.Kind.FIVE_GROUP if group is not None else kinds[turn % len(kinds)]
    visit = open_visit(
        by=first, mine=mine, kind=kind, officers=team, begun_on=day, ended_on=day,
        places=dice.pick("places", told["places"]), checklist=checklist, companion=told["companion"],
        group=group, is_full=group is not None and turn % 2 == 0,
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
    finish_visit(visit, by=first)
    if findings:
        write_documents(visit, first, approver, turn)
    return visit


def write_documents(visit: Visit, by: User, approver: User, turn: int) -> None:
    """The papers of a visit that found something: the record, the order, and on the latest the notice and decision."""
    hazards = list(Hazard.objects.filter(finding__visit=visit).order_by("pk"))
    county = visit.region.county.name
    appeal = {"review_organ": f"{county}人民政府", "court": f"{county}人民法院"}
    record = issued("record", visit, by, approver, facts=visit.summary, hazards=hazards)
    if turn % 4 == 1:
        return
    scan = picture(f"{visit.number}-scan", "现场检查记录")
    close_document(by=by, document=record, scan=scan, received_by="安全副矿长", received_on=timezone.localdate())
    due_on = timezone.localdate() + dt.timedelta(days=20)
    order: dict[str, Any] = {"parent": record, "hazards": hazards, "due_on": due_on, **appeal}
    if turn < VISITS // 2:
        stop: dict[str, Any] = {**order, "measures": {"stop_equipment": 1, "stop_part": 1}}
        issued("measure", visit, by, approver, facts="现场存在下列问题，需立即处理。", **stop)
        issued("order", visit, by, approver, facts="检查发现的问题见下表。", **order)
        return
    draft_document(
        by=by, visit=visit, kind="order", facts="检查发现的问题见下表。", demand=KINDS["order"].demand, **order
    )
    penalties = {"unit": (visit.mine.name, Decimal(20000)), "head": ("矿长", Decimal(5000))}
    penal: dict[str, Any] = {"facts": "未按规定落实安全管理制度。", "hazards": hazards, "penalties": penalties}
    notice = issued("notice", visit, by, approver, parent=record, **penal)
    decision = issued("decision", visit, by, approver, parent=notice, **penal, **appeal, measures={"exposure": 1})
    pay_penalty(by=by, penalty=decision.penalties.all()[0], paid_on=timezone.localdate())


def issued(kind: str, visit: Visit, by: User, approver: User, **words: Any) -> Document:
    """A document that was drafted by one and approved by another."""
    made = draft_document(by=by, visit=visit, kind=kind, demand=KINDS[kind].demand, **words)
    advance(made, "submit", by=by)
    return approve_document(made, by=approver)
