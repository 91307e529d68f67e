"""Gives the demo county's mines areas with risks in four colours, and its bureau tip-offs at all steps."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from hazards.models import TipOff
from hazards.services.register import grade_hazard
from hazards.services.risks import AreaDraft, area_named, create_risk, save_areas
from hazards.services.tipoffs import (
    account_tip_off,
    answer_tip_off,
    decline_tip_off,
    handle_tip_off,
    move_reward,
    move_tip_off,
    propose_reward,
    receive_tip_off,
    register_tip_off_hazard,
    verify_tip_off,
)
from tasks.demo.county import County, read
from tasks.demo.dice import Dice


def load_risks(county: County) -> None:
    """Lay out every mine and enter its risks by fixtures/demo_county/risks.json, by the mine's own people."""
    kinds = read("demo_county/risks")["kinds"]
    today = timezone.localdate()
    begun: set[str] = set()
    for row in read("demo_county/mines"):
        mine, plan = county.units[row["unit"]], kinds[row["type"]]
        clerk = county.speakers[mine.pk]
        dice = Dice("risk", mine.name)
        save_areas(by=clerk, mine=mine, drafts=[AreaDraft(area["area"], *area["at"]) for area in plan])
        for place in plan:
            for number, risk in enumerate(place["risks"]):
                late = row["type"] not in begun and place is plan[-1]
                days = -6 if late else max(5, risk["days"] - dice.number(f"{place['area']}{number}", 0, 20))
                create_risk(
                    by=clerk,
                    area=area_named(by=clerk, mine=mine, name=place["area"]),
                    name=risk["name"],
                    description=risk["what"],
                    level=risk["level"],
                    accident_types=risk["accidents"],
                    measures=risk["measures"],
                    responsible_unit=risk["unit"],
                    responsible_person=f"{risk['unit'][:-1]}科长" if risk["unit"].endswith("科") else "队长",
                    review_on=today + dt.timedelta(days=days),
                )
        begun.add(row["type"])


def load_tip_offs(county: County) -> None:
    """Take the tip-offs of the file and bring each as far as it says. None has a name: nobody was invented for it."""
    for row in read("demo_county/risks")["tip_offs"]:
        day = timezone.localdate() - dt.timedelta(days=row["age"])
        tip_off, _ = receive_tip_off(
            region=county.region,
            mine=county.units[row["mine"]] if "mine" in row else None,
            mine_name=row.get("name", ""),
            place=row["place"],
            happened=row["happened"],
            description=row["what"],
        )
        received = timezone.make_aware(dt.datetime.combine(day, dt.time(21, 40)))
        TipOff.objects.filter(pk=tip_off.pk).update(
            received_at=received,
            verify_by=day + (tip_off.verify_by - timezone.localdate()),
            answer_by=day + (tip_off.answer_by - timezone.localdate()),
        )
        tip_off.refresh_from_db()
        bring_on(county, tip_off, row, day)


def bring_on(county: County, tip_off: TipOff, row: dict[str, Any], day: dt.date) -> None:
    staff, second = county.staff[0], county.staff[1]
    if row["step"] == "declined":
        decline_tip_off(by=staff, tip_off=tip_off, answer=row["answer"])
    if row["step"] in ("received", "declined"):
        return
    seen = day + dt.timedelta(days=min(4, row["age"]))
    verify_tip_off(by=staff, tip_off=tip_off, finding=row["finding"], finding_words=row["found"], verified_on=seen)
    if "hazard" in row and tip_off.mine is not None:
        hazard = register_tip_off_hazard(
            by=staff, tip_off=tip_off, mine=tip_off.mine, place=row["place"], description=row["hazard"]
        )
        grade_hazard(by=staff, hazard=hazard, level="general", due_on=timezone.localdate() + dt.timedelta(days=5))
    if "handled" in row:
        handle_tip_off(by=staff, tip_off=tip_off, handling=row["handled"], handled_on=seen)
    if "answer" in row:
        answer_tip_off(by=staff, tip_off=tip_off, answer=row["answer"])
    if "accounted" in row:
        account_tip_off(by=staff, tip_off=tip_off, accountability=row["accounted"])
    if "reward" in row:
        reward = propose_reward(
            by=staff, tip_off=tip_off, amount=Decimal(row["reward"]), basis="罚款2万元的15%，按最低金额3000元计。"
        )
        move_reward(by=second, reward=reward, action="approve")
        move_reward(by=second, reward=reward, action="pay")
    if row["step"] == "closed":
        move_tip_off(by=staff, tip_off=tip_off, action="close")
