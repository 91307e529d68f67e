"""Rows of a table of units, compared with the directory."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from common.errors import Refused
from common.spreadsheets import ImportResult, Row, Table, compare_rows
from units.exports import SEPARATOR, unit_row
from units.matching import own_names
from units.models import Region, Unit, UnitAlias, UnitTag, User, check_credit_code
from units.names import clean_credit_code, name_key, tidy_name

_PARTS = re.compile(r"[、，,;；/\n]+")


class Faults:
    """The faults of one row, all of them, before it is refused."""

    def __init__(self) -> None:
        self.fields: dict[str, list[str]] = defaultdict(list)

    def add(self, name: str, sentence: str) -> None:
        self.fields[name].append(sentence)

    def raise_if_any(self) -> None:
        if self.fields:
            words = "；".join(sentence for sentences in self.fields.values() for sentence in sentences)
            raise Refused(words, fields=dict(self.fields))


class NameBook:
    """Rows of the directory by folded name; more than one under a name is known as such."""

    def __init__(self, rows: Iterable[tuple[str, Any]]) -> None:
        self.rows: dict[str, list[Any]] = defaultdict(list)
        for name, row in rows:
            if name and row not in self.rows[name_key(name)]:
                self.rows[name_key(name)].append(row)

    def find(self, name: str) -> list[Any]:
        return self.rows.get(name_key(name), [])


def parts_of(text: str | None) -> list[str]:
    """The names in one cell, however they are parted."""
    return [tidy_name(part) for part in _PARTS.split(text or "") if part.strip()]


class UnitChecker:
    """Knows the directory of the user's region (6 queries) and checks each row of a table against it."""

    def __init__(self, by: User, table: Table) -> None:
        self.by, self.table = by, table
        self.home: Region | None = by.unit.region if by.unit else None
        regions = list(Region.objects.visible_to(by))
        self.regions = NameBook([(name, one) for one in regions for name in {one.name, one.short_name, one.code}])
        units = list(Unit.objects.visible_to(by).for_export())
        self.units = NameBook((one.name, one) for one in units)
        self.short_names = NameBook((one.short_name, one) for one in units)
        self.papers_names = NameBook((name, one) for one in units for name in own_names(one))
        self.by_pk = {one.pk: one for one in units}
        self.by_code = {one.credit_code: one for one in units if one.credit_code}
        codes = [clean_credit_code(row.values.get("credit_code")) for row in table.rows]
        self.foreign_codes = set(
            Unit.objects.filter(credit_code__in=[code for code in codes if code])
            .exclude(pk__in=Unit.objects.visible_to(by).values("pk"))
            .values_list("credit_code", flat=True)
        )
        self.aliases = {
            (alias.region_id, alias.key): alias.unit_id
            for alias in UnitAlias.objects.filter(region__in=[one.pk for one in regions])
        }
        self.tags = NameBook((tag.name, tag) for tag in UnitTag.objects.all())
        self.in_file = {name_key(row.values["name"]) for row in table.rows if row.values.get("name")}
        self.codes_seen: dict[str, int] = {}
        self.aliases_seen: dict[tuple[str, str], int] = {}

    def result(self) -> ImportResult:
        return compare_rows(
            self.table, self.find, key=lambda row: (row.values.get("region"), name_key(row.values["name"]))
        )

    def find(self, row: Row) -> Mapping[str, Any] | None:
        """Settle one row's values and answer what the directory holds now, or None for a new unit."""
        faults, values = Faults(), row.values
        values["name"] = tidy_name(values["name"])
        code = self.credit_code(row, faults)
        region = self.region(values.get("region"), faults)
        unit = self.unit(values["name"], code, region, faults)
        faults.raise_if_any()
        if unit is not None and not unit.is_active:
            faults.add("name", "这个单位已停用；请先在单位页面启用，或从表中删去这一行")
        self.tags_of(values, faults)
        self.parent(values, unit, faults)
        self.aliases_of(row, unit, region or (unit.region if unit else self.home), faults)
        if unit is None:
            region = region or self.home
            if not values.get("kind"):
                faults.add("kind", f"新单位必须填写类别：{'、'.join(str(label) for label in Unit.Kind.labels)}")
        if region is not None:
            values["region"], values["region_pk"] = region.name, region.pk
        faults.raise_if_any()
        if unit is None:
            return None
        present = unit_row(unit)
        if self.names_alike(values["name"], unit):
            values["name"] = unit.name
        self.keep_blanks(values, present)
        values["unit_pk"] = unit.pk
        return present

    def names_alike(self, name: str, unit: Unit) -> bool:
        """Whether a name only stands for the unit's own, as 县水利局 does, and is no new one."""
        known = self.aliases.get((unit.region_id, name_key(name))) == unit.pk
        return known or unit in self.papers_names.find(name)

    def keep_blanks(self, values: dict[str, Any], present: dict[str, Any]) -> None:
        """An empty cell leaves what is there: most tables that come in hold only part of what is known."""
        for name in present:
            if name in values and values[name] is None:
                values[name] = present[name]
        if "aliases" in values:
            known = {name_key(one) for one in parts_of(present["aliases"])}
            fresh = [one for one in values["new_aliases"] if name_key(one) not in known]
            values["new_aliases"] = fresh
            values["aliases"] = SEPARATOR.join([*parts_of(present["aliases"]), *fresh])
        if "tags" in values and set(parts_of(values["tags"])) == set(parts_of(present["tags"])):
            values["tags"] = present["tags"]

    def credit_code(self, row: Row, faults: Faults) -> str | None:
        code = clean_credit_code(row.values.get("credit_code"))
        if "credit_code" in row.values:
            row.values["credit_code"] = code
        if code is None:
            return None
        try:
            check_credit_code(code)
        except ValidationError as error:
            faults.add("credit_code", str(error.messages[0]).rstrip("。"))
            return None
        if code in self.foreign_codes:
            faults.add("credit_code", "这个代码已被其他地区的单位使用，请核对")
        first = self.codes_seen.setdefault(code, row.number)
        if first != row.number:
            faults.add("credit_code", f"与第 {first} 行的信用代码相同，请核对是否重复")
        return code

    def region(self, text: str | None, faults: Faults) -> Region | None:
        if not text:
            return None
        found = self.regions.find(text)
        if len(found) == 1:
            region: Region = found[0]
            return region
        if found:
            codes = "、".join(one.code for one in found)
            faults.add("region", f"有多个同名区划，请改填区划代码：{codes}")
        else:
            faults.add("region", "本地区没有这个乡镇，请核对名称，或先在“行政区划”中新增")
        return None

    def unit(self, name: str, code: str | None, region: Region | None, faults: Faults) -> Unit | None:
        """The unit that a row means: by credit code first, since names change; else by name in its region."""
        named: list[Unit] = self.units.find(name) or self.otherwise_named(name)
        if region is not None:
            elsewhere = [one for one in named if one.region_id != region.pk and region.pk.startswith(one.region_id)]
            named = [one for one in named if one.region_id == region.pk]
            if elsewhere and not named and not code:
                known = elsewhere[0]
                faults.add(
                    "region",
                    f"目录里的“{known.name}”属于{known.region.name}；是同一个单位就把这一格留空，不是就写清全称",
                )
        coded = self.by_code.get(code) if code else None
        if coded is not None:
            others = [one for one in named if one.pk != coded.pk and one.region_id == (region or coded.region).pk]
            if others:
                faults.add("credit_code", f"这个代码属于“{coded.name}”，与本行名称不符，请核对")
            return coded
        if len(named) > 1:
            faults.add("region", "有多个同名单位，请填写所在区划来区分")
            return None
        return named[0] if named else None

    def otherwise_named(self, name: str) -> list[Unit]:
        """The one unit that papers of the region mean by a name which is not its full one, or nothing."""
        alias = self.by_pk.get(self.aliases.get((self.home.pk if self.home else "", name_key(name))) or 0)
        found = [alias] if alias else self.papers_names.find(name)
        return found if len(found) == 1 else []

    def tags_of(self, values: dict[str, Any], faults: Faults) -> None:
        if not values.get("tags"):
            return
        names = []
        for part in parts_of(values["tags"]):
            found = self.tags.find(part)
            if found:
                names.append(found[0].name)
            else:
                known = "、".join(rows[0].name for rows in self.tags.rows.values())
                faults.add("tags", f"没有“{part}”这个标记，可用的标记：{known}")
        values["tags"] = SEPARATOR.join(dict.fromkeys(names))

    def parent(self, values: dict[str, Any], unit: Unit | None, faults: Faults) -> None:
        text = values.get("parent")
        if not text:
            return
        if name_key(text) == name_key(values["name"]):
            faults.add("parent", "上级单位不能是它自己")
            return
        found: list[Unit] = self.units.find(text) or self.short_names.find(text)
        if not found and self.home is not None:
            alias = self.by_pk.get(self.aliases.get((self.home.pk, name_key(text))) or 0)
            found = [alias] if alias else []
        found = [one for one in found if one.is_active]
        if len(found) > 1:
            faults.add("parent", "有多个同名单位，无法确定是哪一个，请在页面上填写")
        elif found and unit is not None and found[0].path.startswith(unit.path):
            faults.add("parent", "上级单位不能是它自己的下级")
        elif found:
            values["parent"], values["parent_pk"] = found[0].name, found[0].pk
        elif name_key(text) not in self.in_file:
            faults.add("parent", "目录和本表中都没有这个单位，请核对名称，或在本表中另加一行")

    def aliases_of(self, row: Row, unit: Unit | None, region: Region | None, faults: Faults) -> None:
        """Check the other names, and leave them as `new_aliases`; names that the row's unit has are no news."""
        fresh = []
        for part in parts_of(row.values.get("aliases")):
            if len(part) > 100:
                faults.add("aliases", "别名不能超过100个字")
            place = (region.pk if region else "", name_key(part))
            named = [one for one in self.units.find(part) if one != unit]
            known = self.aliases.get(place)
            if named or (place in self.aliases and (unit is None or known != unit.pk)):
                faults.add("aliases", f"“{part}”已经是别的单位或单位组的名称或别名，请核对")
            elif self.aliases_seen.setdefault(place, row.number) != row.number:
                faults.add("aliases", f"别名“{part}”与第 {self.aliases_seen[place]} 行重复")
            else:
                fresh.append(part)
        if "aliases" in row.values:
            row.values["new_aliases"] = list(dict.fromkeys(fresh))
