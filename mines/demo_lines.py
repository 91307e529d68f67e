"""What a few years leave in the files of the demo county's mines: people, leaders, accidents, output, contractors, what the ground hides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mines.models import (
    Accident,
    Contractor,
    ContractorCheck,
    CreditMark,
    FileLine,
    HiddenCause,
    KeyPost,
    LeaderAct,
    Mine,
    MonthlyOutput,
    PhaseOut,
    ResponsibleLeader,
)
from mines.querysets import FIVE_HEADS
from units.models import Role, Unit, User

FAMILY, GIVEN = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林郑谢罗梁", "建国志强永平海军德胜文斌立新国栋玉林春生卫东长河"
SPECIALISTS = ("mining", "geology", "survey", "ventilation", "machines")
MAJORS = {"geology": "地质工程", "survey": "测绘工程", "ventilation": "安全工程", "machines": "机电一体化"}


def load_lines(mine: Mine, number: int, *, by: User, today: dt.date, rules: Mapping[str, int]) -> None:
    """Fill the sections of one mine's file as a lively county would have them."""

    def keep(model: type[FileLine], *rows: dict[str, Any]) -> list[Any]:
        lines = [model(mine=mine, created_by=by, **row) for row in rows]
        for line in lines:
            line.settle(rules)
        return list(model.objects.bulk_create(lines))

    if mine.mine_type != "tailings_pond":
        keep(KeyPost, *_posts(number, today))
    keep(MonthlyOutput, *_output(mine, number, today))
    keep(Accident, *_accidents(number, today))
    leaders = keep(ResponsibleLeader, *_leaders(mine, number, by, today))
    keep(LeaderAct, *_acts(leaders, number, today))
    for leader in leaders:
        leader.set_days()
        leader.save()
    contractors = keep(Contractor, *_contractors(mine, number, today))
    keep(ContractorCheck, *_checks(contractors, today))
    for contractor in contractors:
        contractor.set_day()
        contractor.save()
    keep(HiddenCause, *_causes(mine, number, today))
    keep(PhaseOut, *_closures(mine, number, today))
    if number == 15:
        keep(CreditMark, {
            "kind": "blacklist", "reason": "停产整顿期间擅自组织生产", "body": "市应急管理局", "paper": "市应急〔2026〕21号",
            "since": today - dt.timedelta(days=90), "until": today + dt.timedelta(days=275), "is_public": True,
        })  # fmt: skip


def _name(seed: int) -> str:
    place = seed * 7 % (len(GIVEN) // 2) * 2
    return FAMILY[seed % len(FAMILY)] + GIVEN[place : place + 2]


def _posts(number: int, today: dt.date) -> list[dict[str, Any]]:
    """Five heads and some specialists; here somebody left, there one lacks a degree, one post changes hands often."""
    found = []
    for place, post in enumerate((*FIVE_HEADS, *SPECIALISTS[: 2 + number % 4])):
        seed = number * 11 + place
        row = {
            "post": post, "name": _name(seed), "education": "2" if seed % 23 == 5 else "345"[seed % 3],
            "major": MAJORS.get(post, "采矿工程"), "years": 11 + seed % 17, "certificate": f"14A{seed:06}",
            "since": today - dt.timedelta(days=420 + seed * 13 % 1500), "until": None,
        }  # fmt: skip
        if number % 6 == 1 and post == "chief":
            row["until"] = today - dt.timedelta(days=18 if number == 1 else 47)
        found.append(row)
        if number % 9 == 4 and post == "safety":
            row["until"], left = today - dt.timedelta(days=180), today - dt.timedelta(days=30)
            later = row | {
                "name": _name(seed + 5),
                "certificate": f"14B{seed:06}",
                "since": row["until"],
                "until": left,
            }
            found += [
                later,
                later | {"name": _name(seed + 9), "certificate": f"14C{seed:06}", "since": left, "until": None},
            ]
    return found


def _output(mine: Mine, number: int, today: dt.date) -> list[dict[str, Any]]:
    if mine.capacity is None or mine.state != "producing":
        return []
    found = []
    month = today.replace(day=1)
    for back in range(1, 35):
        month = (month - dt.timedelta(days=1)).replace(day=1)
        share = Decimal(60 + (number * 5 + back * 7) % 35) / 100
        found.append({"month": month, "tonnes": (mine.capacity / 12 * share).quantize(Decimal("0.001"))})
    return found


def _accidents(number: int, today: dt.date) -> list[dict[str, Any]]:
    """Three in three years: one followed up, one soon to be, one whose case is open."""
    kinds = {2: ("roof", 1, "综采面端头支护不及时，顶板冒落伤人。"), 7: ("transport", 0, "斜巷提升连接装置失效，矿车跑车。"),
             12: ("fall", 1, "天井作业未系安全带坠落。")}  # fmt: skip
    if number not in kinds:
        return []
    kind, deaths, words = kinds[number]
    day = today - dt.timedelta(days={2: 700, 7: 400, 12: 60}[number])
    row: dict[str, Any] = {"happened_on": day, "kind": kind, "deaths": deaths, "injured": 1, "words": words}
    if number != 12:
        row |= {"loss": Decimal(180), "case_closed_on": day + dt.timedelta(days=55)}
    if number == 2:
        row |= {"followed_up_on": day + dt.timedelta(days=380), "follow_up_words": "防范措施已落实，责任追究到位。"}
    return [row]


def _leaders(mine: Mine, number: int, by: User, today: dt.date) -> list[dict[str, Any]]:
    county = mine.unit.region_id[:6]
    accounts = list(User.objects.filter(role=Role.LEADER, unit__region__code=county).order_by("-unit__kind", "pk"))
    account = accounts[number % len(accounts)] if accounts else None
    begun = {"since": today - dt.timedelta(days=400)}
    town = Unit.objects.filter(kind="township", region_id=mine.unit.region_id).first()
    found: list[dict[str, Any]] = []
    if account is not None and number != 15:
        position = account.duty or "县领导"
        found.append({"name": account.name, "rank": "county" if account.unit != by.unit else "department",
                      "position": position, "unit": account.unit, "account": account, **begun})  # fmt: skip
    if town is not None:
        found.append({"name": _name(number + 40), "rank": "township", "position": "乡镇长", "unit": town, **begun})
    return found


def _acts(leaders: list[Any], number: int, today: dt.date) -> list[dict[str, Any]]:
    found = []
    for place, leader in enumerate(leaders):
        for back in range(0 if (number + place) % 3 else 1, 7):
            day = today - dt.timedelta(days=2 + number % 5 + back * 30)
            visits = back % 3 == 1
            found.append({
                "leader": leader, "kind": "visit" if visits else "prompt", "done_on": day,
                "words": "到矿检查通风、排水和带班下井，提出整改意见3条。" if visits else "电话提醒落实雨雪天气停产撤人措施。",
            })  # fmt: skip
    return found


def _contractors(mine: Mine, number: int, today: dt.date) -> list[dict[str, Any]]:
    if mine.state not in ("producing", "building") or number % 4 not in (1, 2) or mine.mine_type == "tailings_pond":
        return []
    row: dict[str, Any] = {
        "kind": "contract", "name": "太行矿山工程有限公司", "licence_number": f"D2140{number:05}",
        "licence_until": today + dt.timedelta(days=-9 if number == 9 else 500), "work": "井巷掘进和支护工程",
        "person": _name(number + 60), "people": 36 + number, "underground": 30 if "underground" in mine.mine_type else 0,
        "since": today - dt.timedelta(days=230),
    }  # fmt: skip
    gone = row | {
        "name": "华岳建设集团第三工程处",
        "since": row["since"] - dt.timedelta(days=700),
        "until": row["since"],
    }
    return [row, gone]


def _checks(contractors: list[Any], today: dt.date) -> list[dict[str, Any]]:
    return [
        {
            "contractor": one, "checked_on": today - dt.timedelta(days=12 + back * 31), "checker": "矿安全科",
            "result": "faults" if back == 1 else "good", "words": "查人员证件、班前会和临时支护。",
        }
        for one in contractors if one.until is None for back in range(4)
    ]  # fmt: skip


def _causes(mine: Mine, number: int, today: dt.date) -> list[dict[str, Any]]:
    kinds = {
        "tailings_pond": ("slope", "初期坝右坝肩", "坝肩山体有松动岩块。", "清除松动岩块、挂网防护。"),
        "coal_open_pit": ("slope", "北帮+1120平盘", "边坡有张裂缝，宽2—5厘米。", "削坡减载、安装位移监测。"),
        "noncoal_open_pit": ("slope", "采场南帮", "台阶坡面角超过设计。", "按设计修整台阶。"),
    }
    kind, area, found, treatment = kinds.get(
        mine.mine_type,
        ("goaf", f"{1 + number % 3}采区西翼", "老空区积水约2600立方米，位置已圈定。", "探放水，编制专项设计。"),
    )
    row = {"area": area, "kind": kind, "surveyed_on": today - dt.timedelta(days=160), "surveyor": "省煤田地质局勘查院",
           "found": found, "treatment": treatment}  # fmt: skip
    due_on = today + dt.timedelta(days=(25, -8, 90, 4)[number % 4])
    if number % 5 == 0:
        return [
            row | {"due_on": due_on, "done_on": today - dt.timedelta(days=10), "result": "治理完成，效果检验合格。"}
        ]
    return [row | {"due_on": due_on}]


def _closures(mine: Mine, number: int, today: dt.date) -> list[dict[str, Any]]:
    if mine.mine_type == "tailings_pond" and mine.state == "closing":
        return [
            {
                "kind": "pond_closure",
                "year": today.year,
                "plan": "县尾矿库闭库治理计划",
                "measures": "坝体整治、排洪完善、覆土绿化。",
            }
        ]
    if number == 8:
        return [
            {
                "kind": "phase_out",
                "year": today.year + 1,
                "plan": "县煤矿淘汰退出计划",
                "measures": "封闭井口、回填井筒、拆除设备。",
            }
        ]
    return []
