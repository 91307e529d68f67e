"""Rows of a county's table of mines, compared with their files."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils import timezone

from common.errors import NotAllowed, Refused
from common.spreadsheets import ImportResult, ImportRow, Row, Table, compare_rows
from mines.exports import HEAD, LICENCES, mine_row
from mines.ledgers import ledger_named
from mines.models import Licence, Mine, Suspension
from mines.names import MineNames
from mines.querysets import mine_units
from mines.services.file import open_file, save_file
from mines.services.lines import add_line
from mines.services.suspension import new_suspension
from units.imports.units import Faults, NameBook
from units.matching import own_names
from units.models import Unit, UnitAlias, User
from units.names import name_key


def with_licences(rows: Any) -> Any:
    """Mines of `mine_units()` with the licences that their table shows."""
    current = Licence.objects.filter(is_current=True, kind__in=LICENCES.values())
    return rows.prefetch_related(Prefetch("mine__licences", current, to_attr="current_licences"))


def check_imports_mines(by: User) -> None:
    if not by.reviews:
        raise NotAllowed("矿山档案由应急管理局导入。")


class MineChecker:
    """Knows the mines of the user's region with their files (4 queries) and checks each row against them."""

    def __init__(self, by: User, table: Table) -> None:
        self.by, self.table = by, table
        self.mines = {one.pk: one for one in with_licences(mine_units(by))}
        self.names = NameBook((one.name, one) for one in self.mines.values())
        aliases = UnitAlias.objects.filter(unit__in=Unit.objects.visible_to(by)).values_list("name", "unit_id")
        short = [(one.short_name, one) for one in self.mines.values()]
        self.other_names = NameBook([*short, *((name, self.mines[pk]) for name, pk in aliases if pk in self.mines)])
        assert by.unit is not None
        self.likely_names = MineNames(self.mines.values(), by.unit.region)
        rows = Unit.objects.visible_to(by).filter(is_active=True).exclude(kind=Unit.Kind.MINE)
        units = list(rows.select_related("region"))
        self.bodies = NameBook((name, one) for one in units for name in (one.name, one.short_name, *own_names(one)))

    def result(self) -> ImportResult:
        return compare_rows(self.table, self.find, key=lambda row: row.values.get("unit_pk", row.values["name"]))

    def find(self, row: Row) -> Mapping[str, Any] | None:
        """Settle one row's values and answer the mine's file as it is now, or None where it has none yet."""
        faults, values = Faults(), row.values
        found: list[Unit] = self.names.find(values["name"]) or self.other_names.find(values["name"])
        if not found and (likely := self.likely_names.find(values["name"])):
            found = [likely]
        if len(found) != 1:
            faults.add("name", "有多座同名矿山，请在页面上填写" if found else self.unknown(values["name"]))
            faults.raise_if_any()
        unit = found[0]
        values["name"], values["unit_pk"] = unit.name, unit.pk
        mine: Mine | None = getattr(unit, "mine", None)
        self.supervisor(values, faults)
        self.check_fields(values, mine, faults)
        faults.raise_if_any()
        if mine is None:
            return None
        present = dict(mine_row(unit))
        for key in LICENCES:
            if values.get(f"{key}_number") not in (None, present[f"{key}_number"]):
                # A new licence does not end on the day of the old one.
                present[f"{key}_until"] = None
        for name, value in present.items():
            if name in values and values[name] is None:
                values[name] = value
        return present

    def unknown(self, name: str) -> str:
        near = [one.name for one in self.mines.values() if name_key(name) in name_key(one.name)][:3]
        if near:
            return f"单位目录里没有这个名称，是不是：{'、'.join(near)}？请写全称"
        return "单位目录里没有这座矿山，请核对名称，或先在“单位”中导入"

    def supervisor(self, values: dict[str, Any], faults: Faults) -> None:
        text = values.get("supervising_unit")
        if not text:
            return
        found: list[Unit] = self.bodies.find(text)
        if len(found) == 1:
            values["supervising_unit"], values["supervising_pk"] = found[0].name, found[0].pk
        else:
            faults.add(
                "supervising_unit",
                "单位目录里没有这个单位，请写全称" if not found else "有多个同名单位，请在页面上填写",
            )

    def check_fields(self, values: dict[str, Any], mine: Mine | None, faults: Faults) -> None:
        if mine is None and not values.get("mine_type"):
            faults.add("mine_type", "第一次导入必须填写矿山类型")
        if mine is not None and values.get("state") and values["state"] != mine.state:
            faults.add("state", f"现在是“{mine.get_state_display()}”，状态的变更请在矿山页面登记（要有日期和文书）")
        since = values.get("state_since")
        if since and since > timezone.localdate():
            faults.add("state_since", "日期不能晚于今天")
        # Without its unit: the unit would take the draft for its file.
        draft = Mine(**{name: values[name] for name in HEAD if values.get(name) is not None})
        try:
            draft.clean_fields(exclude=["unit", "mine_type"])
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                for sentence in sentences:
                    faults.add(name, sentence.rstrip("。"))
        if (values.get("longitude") is None) != (values.get("latitude") is None):
            faults.add("longitude", "经度和纬度要一起填写")
        for key in LICENCES:
            if values.get(f"{key}_until") and not values.get(f"{key}_number"):
                faults.add(f"{key}_number", "填写了有效期，还要填写证号")


def write_mines(by: User, rows: list[ImportRow], batch: uuid.UUID) -> None:
    """Write checked rows: the head of the file, and a new line where a licence or the grade is another than before."""
    units = {
        one.pk: one for one in with_licences(mine_units(by)).filter(pk__in=[row.values["unit_pk"] for row in rows])
    }
    bodies = Unit.objects.in_bulk({row.values["supervising_pk"] for row in rows if "supervising_pk" in row.values})
    for row in rows:
        _MineWriter(by, batch, bodies).write(units[row.values["unit_pk"]], row.values)


class _MineWriter:
    def __init__(self, by: User, batch: uuid.UUID, bodies: dict[int, Unit]) -> None:
        self.by, self.batch, self.bodies = by, batch, bodies

    def write(self, unit: Unit, values: dict[str, Any]) -> None:
        head = {
            name: _stored(name, values[name]) for name in (*HEAD, "mine_type") if values.get(name) not in (None, "")
        }
        if "supervising_pk" in values:
            head["supervising_unit"] = self.bodies[values["supervising_pk"]]
        mine: Mine | None = getattr(unit, "mine", None)
        former = {one.kind: one for one in getattr(mine, "current_licences", ())}
        if mine is None:
            state = values.get("state") or Mine.State.PRODUCING
            mine = open_file(
                by=self.by, unit=unit, state=state, state_since=values.get("state_since"), batch=self.batch, **head
            )
            if state == Mine.State.SUSPENDED:
                stands_still(mine, self.by)
        else:
            save_file(by=self.by, mine=mine, batch=self.batch, **head)
        if values.get("grade") and values["grade"] != mine.grade:
            self.line("grades", mine, {"grade": values["grade"], "since": timezone.localdate(), "reason": "导入台账"})
        for key, kind in LICENCES.items():
            number, until = values.get(f"{key}_number"), values.get(f"{key}_until")
            known = former.get(kind)
            if number and (known is None or (known.number, known.expires_on) != (number, until)):
                self.line("licences", mine, {"kind": kind, "number": number, "expires_on": until})

    def line(self, slug: str, mine: Mine, values: dict[str, Any]) -> None:
        ledger = ledger_named(slug)
        if ledger is None:
            raise Refused(f"没有“{slug}”这一项。")
        add_line(by=self.by, mine=mine, ledger=ledger, values=values)


def stands_still(mine: Mine, by: User) -> None:
    """Enter the standstill of a mine that stood still before its file was begun; its days count from today."""
    new_suspension(
        by=by, mine=mine, kind=Suspension.Kind.LONG, reason="建立档案时已停产停建", since=mine.state_since or timezone.localdate(),
        measures="建立档案时未填写，请补充值守巡查等措施。", counted_from=timezone.localdate(),
    )  # fmt: skip


def _stored(name: str, value: Any) -> Any:
    """Coordinates out of a spreadsheet come with more digits than the field keeps."""
    return round(value, 6) if name in ("longitude", "latitude") else value
