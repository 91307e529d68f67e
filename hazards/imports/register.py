"""Rows of a register, compared with the hazards that are known."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils import timezone

from common.spreadsheets import CellError, ImportRow, Outcome, StreamedRow
from common.spreadsheets.values import NOTHING, clean_cell
from hazards.imports.columns import BY_KEY
from hazards.imports.words import narrow, read_due_on, read_found_on, read_level, read_source, says_closed
from hazards.models import Clause, Hazard, Level, Source
from hazards.services.register import fits
from mines.names import MineNames
from units.matching import Directory
from units.models import Role, Unit, User
from units.names import name_key

CHUNK = 500
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}")
_OURS = re.compile(r"\d{6}-\d{4}-\d{5,}")
REFUSE, REGISTER = "refuse", "register"
CLOSED_ROWS = {
    REFUSE: "不导入，列入有误的行",
    REGISTER: "按未销号登记，备注写明原台账已销号，补齐整改和复查后再销号",
}
ALWAYS = ("measures", "responsible_unit", "responsible_person", "remark")
"""What may be put right in a table as long as the hazard is open; all else is settled when it is graded."""
BEFORE_GRADING = ("place", "description", "found_on", "found_by", "source")


class Faults(Exception):
    """Every fault of one row: pairs of column key (empty: the whole row) and sentence."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def add(self, key: str, sentence: str) -> None:
        self.found.append((key, sentence if sentence.endswith("。") else f"{sentence}。"))

    def forget(self, key: str) -> None:
        self.found = [(at, sentence) for at, sentence in self.found if at != key]


@dataclass
class Settled:
    """A row whose cells were understood."""

    row: StreamedRow
    faults: Faults
    number: str
    mine: Unit | None
    values: dict[str, Any]
    closed: str
    """The column that says so, if any."""


class RegisterChecker:
    """Knows the mines and clauses within the user's reach and checks rows in chunks, two queries to each chunk."""

    def __init__(
        self, by: User, *, titles: Mapping[str, str], closed_rows: str, names: Mapping[str, int] | None = None
    ) -> None:
        self.by, self.titles, self.closed_rows = by, titles, closed_rows
        self.chosen = names or {}
        """Which mine somebody said is meant by a name that the directory does not know."""
        self.unknown: Counter[str] = Counter()
        self.near: dict[str, list[int]] = {}
        self.today = timezone.localdate()
        self.of_bureau = by.reviews or by.role == Role.INSPECTOR
        assert by.unit is not None
        mines = Unit.objects.visible_to(by).filter(kind=Unit.Kind.MINE).select_related("mine", "region")
        self.mines = {unit.pk: unit for unit in mines}
        self.namesakes = Counter(name_key(unit.name) for unit in self.mines.values())
        self.directory = Directory(by.unit.region.county if self.of_bureau else by.unit.region)
        self.other_names = MineNames(self.mines.values(), by.unit.region)
        self.names: dict[str, Unit | str] = {}
        self.clauses: dict[str, list[Clause]] = {}
        for clause in Clause.objects.filter(is_selectable=True).select_related("standard"):
            self.clauses.setdefault(clause.code.upper(), []).append(clause)
        self.seen: dict[int, str] = {}

    def check(self, rows: Iterable[StreamedRow]) -> Iterator[ImportRow]:
        """What would become of each row, in their order."""
        waiting = iter(rows)
        while chunk := list(islice(waiting, CHUNK)):
            settled = [self.settle(row) for row in chunk]
            known = self.known(settled)
            for one in settled:
                yield self.outcome(one, known)

    # ---- What stands in a row

    def settle(self, row: StreamedRow) -> Settled:
        faults, text = Faults(), {key: row.values.get(key) or "" for key in BY_KEY}
        text |= {key: "" for key in ("due_on", "level", "found_on", "source") if narrow(text[key]) in NOTHING}
        for error in row.errors:
            key = next((key for key, title in self.titles.items() if title == error.column), "")
            faults.add(key, error.message)
        values: dict[str, Any] = {
            key: text[key]
            for key in (*ALWAYS, "place", "description", "found_by", "level_reason", "clause")
            if key in self.titles and text[key]
        }
        number = text["number"].strip()
        mine = self.mine_of(text["mine"], faults)
        self.read(values, "found_on", text["found_on"], lambda word: read_found_on(word, self.today), faults)
        found_on = values.get("found_on")
        if text["due_on"] and (found_on or not text["found_on"]):
            since = found_on or dt.date(1990, 1, 1)
            self.read(values, "due_on", text["due_on"], lambda word: read_due_on(word, since), faults)
        self.read(values, "level", text["level"], read_level, faults)
        self.read(values, "source", text["source"], read_source, faults)
        closed = says_closed(text["state"], text["progress"], text["result"], text["closed_on"])
        return Settled(row, faults, number, mine, values, closed)

    def read(self, values: dict[str, Any], key: str, text: str, reader: Any, faults: Faults) -> None:
        if not text:
            return
        try:
            values[key] = reader(text)
        except ValueError as error:
            faults.add(key, str(error))

    def mine_of(self, text: str, faults: Faults) -> Unit | None:
        own = self.by.unit
        if not text:
            return self.mines.get(own.pk) if own and not self.of_bureau else None
        if text not in self.names:
            self.names[text] = self.find_mine(text)
        found = self.names[text]
        if isinstance(found, str):
            if text in self.near:
                self.unknown[text] += 1
            faults.add("mine", found)
            return None
        if not self.of_bureau and own is not None and found.pk != own.pk:
            faults.add("mine", "只能导入本矿的隐患")
            return None
        return found

    def find_mine(self, text: str) -> Unit | str:
        if unit := self.mines.get(self.chosen.get(text, 0)):
            return unit
        if (twins := self.namesakes[name_key(text)]) > 1:
            return f"范围内有 {twins} 座矿山都叫这个名称，分不清是哪一座；请按县分开导入"
        match = self.directory.match(text)
        if match.certain is not None and match.certain.unit is not None:
            if unit := self.mines.get(match.certain.unit):
                return unit
            return f"“{match.certain.label}”不是矿山，或不在您的范围，隐患要登记在矿山名下"
        if unit := self.other_names.find(text):
            return unit
        self.near[text] = [one.unit for one in match.proposals if one.unit in self.mines][:3]
        if near := [self.mines[pk].name for pk in self.near[text]]:
            return f"单位目录里没有这个名称，是不是：{'、'.join(near)}？请在预览页选定，或写全称"
        return "单位目录里没有这个名称，请核对，或先在“单位”中新增"

    # ---- What is known already

    def known(self, rows: list[Settled]) -> dict[object, Hazard]:
        """The hazards that these rows may mean, by number and by what they say."""
        visible = Hazard.objects.visible_to(self.by).select_related("mine", "clause")
        if not self.of_bureau:
            visible = visible.filter(mine=self.by.unit)
        known: dict[object, Hazard] = {}
        numbers = [row.number for row in rows if row.number]
        for hazard in visible.filter(number__in=numbers) if numbers else ():
            known[hazard.number] = hazard
        told: dict[int, set[dt.date]] = {}
        words: set[str] = set()
        for row in rows:
            if row.number not in known and row.mine and row.values.get("found_on"):
                told.setdefault(row.mine.pk, set()).add(row.values["found_on"])
                words.add(row.values.get("description", ""))
        if told:
            # The days of each mine by themselves: all days of all mines together would be half the register.
            places = reduce(or_, (Q(mine=mine, found_on__in=days) for mine, days in told.items()))
            alike = visible.filter(places, description__in=words).on_record()
            for hazard in alike.order_by("-pk"):
                known[(hazard.mine_id, hazard.found_on, hazard.description, hazard.place)] = hazard
        return known

    # ---- What becomes of a row

    def outcome(self, one: Settled, known: Mapping[object, Hazard]) -> ImportRow:
        values, faults = one.values, one.faults
        hazard = known.get(one.number) if one.number else None
        if hazard is not None and name_key(one.row.values.get("mine") or "") == name_key(hazard.mine.name):
            # The number tells which of several mines of that name is meant.
            one.mine = hazard.mine
            faults.forget("mine")
        told = (
            one.mine.pk if one.mine else None,
            values.get("found_on"),
            values.get("description"),
            values.get("place", ""),
        )
        hazard = hazard or known.get(told)
        if hazard is None and _OURS.fullmatch(one.number):
            faults.add("number", "系统里没有这个编号的隐患，或不在您的范围；新隐患请把编号留空")
        self.first_time(one, hazard, told)
        before: dict[str, Any] = {}
        if hazard is None:
            self.check_new(one)
        elif not faults.found:
            before = self.check_known(one, hazard)
        if faults.found:
            return ImportRow(one.row.number, Outcome.WRONG, values, errors=self.errors(one))
        if hazard is None:
            assert one.mine is not None
            place = {"mine": one.mine.name, "mine_pk": one.mine.pk, "county": one.mine.region.code[:6]}
            return ImportRow(one.row.number, Outcome.NEW, values | place)
        changed = {key: values[key] for key in before} | {"hazard_pk": hazard.pk, "number": hazard.number}
        for key in ("level_reason", "clause_pk", "due_on"):
            if "level" in before and key in values:
                changed[key] = values[key]
        return ImportRow(one.row.number, Outcome.CHANGED if before else Outcome.UNCHANGED, changed, before=before)

    def first_time(self, one: Settled, hazard: Hazard | None, told: tuple[Any, ...]) -> None:
        """Two rows about one hazard: which of them is meant, nobody can tell."""
        first = self.seen.setdefault(hash(hazard.pk if hazard else told), one.row.place)
        if first != one.row.place and not one.faults.found:
            one.faults.add("", f"与{first}是同一条隐患，请只留一行")

    def check_new(self, one: Settled) -> None:
        values, faults = one.values, one.faults
        named = {key for key, _ in faults.found}
        given = {"mine": one.mine, "description": values.get("description"), "found_on": values.get("found_on")}
        for key, value in given.items():
            if not value and key not in named:
                faults.add(key, "必须填写")
        values.setdefault("source", str(Source.INSPECTION if self.of_bureau else Source.SELF_CHECK))
        if not self.of_bureau and values["source"] != Source.SELF_CHECK:
            faults.add("source", "矿山只能导入本矿自查发现的隐患")
        if one.closed:
            if self.closed_rows == REFUSE:
                faults.add(one.closed, self.closed_words())
            else:
                values["remark"] = "；".join(filter(None, (values.get("remark"), "原台账记为已销号，待补整改和复查")))[
                    :500
                ]
        self.check_level(one, one.mine)

    def closed_words(self) -> str:
        return "表中写已销号，但系统里没有这条隐患的整改和复查记录，不能直接销号"

    def check_level(self, one: Settled, mine: Unit | None, *, named: bool = False) -> None:
        """The same rules as grading by hand; what a mine may not grade, as where a clause is `named`, waits for the bureau."""
        values, faults = one.values, one.faults
        found_on = values.get("found_on")
        code = values.pop("clause", "")
        clause = None
        if _WORDS.search(code) and code.upper().split()[0] not in self.clauses:
            # 《判定标准》第五条 is no clause that can be told, but says why the level is what it is.
            values.setdefault("level_reason", code[:300])
            code = ""
        if code and mine is not None and found_on is not None:
            fitting = [row for row in self.clauses.get(code.upper().split()[0], ()) if fits(row, mine, found_on)]
            if len(fitting) == 1:
                clause = fitting[0]
                values["clause_pk"] = clause.pk
            else:
                faults.add("clause", "没有这个条款，或它在发现当天没有施行、不适用于这类矿山；请填条款代码，或留空")
        level = values.get("level")
        if level is None:
            return
        if not self.by.reviews and (self.of_bureau or level == Level.MAJOR or named or clause is not None):
            values.pop("level")
            said = f"导入的台账记为{Level(level).label}，待定级"
            if said not in values.get("remark", ""):
                values["remark"] = "；".join(filter(None, (values.get("remark"), said)))[:500]
            return
        if "due_on" not in values and not one.row.texts.get("due_on"):
            faults.add("due_on", "写了等级就要写完成时限")
        if level == Level.MAJOR and clause is None and not values.get("level_reason") and not faults.found:
            faults.add(
                "clause" if "clause" in self.titles else "level",
                "重大隐患要写判定条款的代码，或在“认定理由”一列中写明理由（没有这一列就加一列）",
            )
        if level == Level.GENERAL and clause is not None and not values.get("level_reason"):
            faults.add("level", "所写条款属于重大隐患，定为一般隐患请在“认定理由”中写明理由")

    def check_known(self, one: Settled, hazard: Hazard) -> dict[str, Any]:
        """The present values of what would change; what a table must not change is a fault."""
        values, faults = one.values, one.faults
        present = {key: getattr(hazard, key) for key in (*ALWAYS, *BEFORE_GRADING, "level", "due_on")}
        # An empty cell of the one and the mine's own name are the same unit.
        present["responsible_unit"] = present["responsible_unit"] or hazard.mine.name
        changed = {
            key: present[key]
            for key in present
            if key in values and clean_cell(values[key]) != clean_cell(present[key])
        }
        if one.mine is not None and one.mine.pk != hazard.mine_id:
            faults.add("mine", f"编号 {hazard.number} 的隐患属于“{hazard.mine.name}”，请核对")
        if one.closed and hazard.state != Hazard.State.CLOSED:
            faults.add(
                one.closed,
                f"表中写已销号，系统里是“{hazard.get_state_display()}”；请在隐患页面办理复查",
            )
        if not changed:
            return {}
        if hazard.state in (Hazard.State.CLOSED, Hazard.State.VOID):
            faults.add(next(iter(changed)), f"这条隐患{hazard.get_state_display()}，不能再修改")
        elif hazard.state != Hazard.State.REGISTERED:
            for key in (*BEFORE_GRADING, "level", "due_on"):
                if key in changed:
                    way = "请在隐患页面申请延期" if key == "due_on" else "请在隐患页面办理"
                    faults.add(key, f"定级以后不能用表格修改，{way}")
        elif not self.of_bureau and hazard.source != Source.SELF_CHECK:
            faults.add(next(iter(changed)), "这条隐患不是本矿自查发现的，由应急管理局修改和定级")
        elif "level" in changed:
            values.setdefault("found_on", hazard.found_on)
            if hazard.due_on and "due_on" not in values:
                values["due_on"] = hazard.due_on
            self.check_level(one, hazard.mine, named=hazard.clause_id is not None)
            if "level" not in values:
                changed = {key: old for key, old in changed.items() if key not in ("level", "remark")}
        return changed

    def errors(self, one: Settled) -> list[CellError]:
        return [
            CellError("", one.row.number, self.titles.get(key, ""), one.row.texts.get(key, ""), sentence)
            for key, sentence in one.faults.found
        ]
