"""Gives the demo county's mines their files, by fixtures/demo_county/mines.json and a little arithmetic."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from mines.demo_lines import load_lines
from mines.ledgers import ledger_named
from mines.models import FileConfirmation, Mine
from mines.querysets import month_of
from mines.services.file import confirm_file, open_confirmations, open_file, save_file
from mines.services.lines import add_line
from mines.services.suspension import new_suspension, request_resumption
from mines.services.targets import set_target
from units.models import Unit, User
from units.rules import rules_for

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures" / "demo_county" / "mines.json"
STATES = {"construction": "building"}
"""Words of the fixture → states; the others are the same."""
METHODS = {
    "coal_underground": "斜井开拓、综合机械化开采",
    "coal_open_pit": "单斗—卡车间断开采",
    "noncoal_underground": "竖井开拓、浅孔留矿法",
    "noncoal_open_pit": "自上而下分台阶开采",
    "tailings_pond": "上游式尾矿筑坝",
}


def load_mines(units: Mapping[str, Unit], *, by: User, speakers: Mapping[int, User]) -> None:
    """Open the file of every mine of the county, with licences, grades and the word of this month."""
    today, rules = timezone.localdate(), rules_for(by.unit.region if by.unit else "")
    for number, row in enumerate(json.loads(FIXTURE.read_text(encoding="utf-8"))):
        unit = units[row["unit"]]
        clerk = speakers.get(unit.pk)
        mine = _open(unit, row, number, by, today)
        if mine.state == Mine.State.SUSPENDED:
            _stand_still(mine, number, by, today)
        _lines(mine, row, number, by, today)
        load_lines(mine, number, by=by, today=today, rules=rules)
        if clerk is not None and mine.state != Mine.State.CLOSING:
            _words_of_the_mine(mine, number, clerk, today)
    set_target(by=by, year=today.year, subject="death_rate", value=Decimal("0.1"), source="县安委会年度安全生产目标")
    set_target(by=by, year=today.year, subject="deaths", value=Decimal(1), source="县安委会年度安全生产目标")
    set_target(by=by, year=today.year, subject="pond_closure", value=Decimal(1), source="市下达年度闭库计划")
    open_confirmations(today)


def _open(unit: Unit, row: Mapping[str, Any], number: int, by: User, today: dt.date) -> Mine:
    kind = row["type"]
    coal = kind == "coal_underground"
    capacity = row["capacity"]
    return open_file(
        by=by,
        unit=unit,
        state=STATES.get(row["state"], row["state"]),
        state_since=today - dt.timedelta(days=40 + number * 23),
        mine_type=kind,
        mineral=row.get("mineral", "煤" if kind.startswith("coal") else ""),
        capacity=Decimal(capacity) if capacity else None,
        mining_method=METHODS[kind],
        gas_grade=row.get("gas", ""),
        water_grade=row.get("water", "medium" if coal else ""),
        self_ignition=("prone", "hard", "easy")[number % 3] if coal else "",
        rock_burst="none" if coal else "",
        pond_grade=str(row.get("pond_grade", "")),
        supervising_unit=by.unit,
        address=f"{unit.region.name}",
        longitude=Decimal("112.800000") + Decimal(number) * Decimal("0.013570"),
        latitude=Decimal("36.200000") + Decimal(number % 7) * Decimal("0.021310"),
        duty_phone=f"0999-66{number:02}119",
    )


REASONS = ("主要通风机更换检修", "资源接续调整", "市场原因主动停产", "检查发现重大隐患，责令停产整顿")


def _stand_still(mine: Mine, number: int, by: User, today: dt.date) -> None:
    """Four mines stand still: one of them has asked to work again."""
    since = mine.state_since or today
    row = new_suspension(
        by=by, mine=mine, kind=("planned", "long", "ordered")[number % 3], reason=REASONS[number % 4], since=since,
        until=today + dt.timedelta(days=30), counted_from=today - dt.timedelta(days=number % 4),
        measures="井口封闭、每班两人值守，每周巡查两次；限电运行，火工品全部清退。", paper=f"停产报告〔{since.year}〕{number}号",
    )  # fmt: skip
    if number % 4 == 0:
        request_resumption(by=by, suspension=row, words="停产原因已消除，各系统检修完毕，自查合格，申请复产复工。")


def _lines(mine: Mine, row: Mapping[str, Any], number: int, by: User, today: dt.date) -> None:
    def add(slug: str, **values: Any) -> None:
        ledger = ledger_named(slug)
        assert ledger is not None
        add_line(by=by, mine=mine, ledger=ledger, values=values)

    if row["type"] != "tailings_pond":
        until = today + dt.timedelta(days=900 + number * 31)
        issued = dt.date(until.year - 10, until.month, 1)
        add(
            "licences",
            kind="mining",
            number=f"C69032420{10 + number}0711{number:04}",
            issuer="省自然资源厅",
            issued_on=issued,
            expires_on=until,
        )
    # A few run out soon, and one has run out, so that the list shows what it warns of.
    until = today + dt.timedelta(days=(60, 400, 820, 20, 650)[number % 5] if number != 13 else -12)
    issued = until - dt.timedelta(days=1095)
    add(
        "licences",
        kind="safety",
        number=f"（青）FM安许证字〔{issued.year}〕{number + 1:03}号",
        issuer="省应急管理厅",
        issued_on=issued,
        expires_on=until,
    )
    grade = row["standardization_grade"]
    if grade:
        since = today - dt.timedelta(days=200 + number * 17)
        if number % 4 == 1 and grade > 1:
            add(
                "grades",
                grade=str(grade - 1),
                since=since - dt.timedelta(days=400),
                body="市应急管理局",
                reason="考核定级",
            )
        add(
            "grades",
            grade=str(grade),
            since=since,
            until=since + dt.timedelta(days=1095),
            body="市应急管理局",
            reason="考核定级",
        )


def _words_of_the_mine(mine: Mine, number: int, clerk: User, today: dt.date) -> None:
    month = month_of(today)
    for back in range(1, 4):
        first = month_of(month - dt.timedelta(days=28 * back - 20))
        on = first.replace(day=10 + number % 12)
        FileConfirmation.objects.get_or_create(
            mine=mine,
            month=first,
            defaults={"due_on": first.replace(day=25), "confirmed_on": on, "confirmed_by": clerk},
        )
    if number % 3 == 0:
        confirm_file(by=clerk, mine=mine)
    if number == 5:
        save_file(by=clerk, mine=mine, reason="新水平揭露后重新鉴定", water_grade="complex")
