"""Rows of a table of accounts, compared with those of the region."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain, count
from typing import Any

from django.core.exceptions import ValidationError

from common.errors import Refused
from common.pinyin import spelling
from common.spreadsheets import ImportResult, Row, Table, compare_rows
from units.exports import account_row
from units.imports.units import Faults, NameBook
from units.matching import own_names
from units.models import Role, Unit, UnitAlias, User
from units.names import tidy_name
from units.services.accounts import check_placement


class AccountChecker:
    """Knows the units and the accounts of the administrator's region (4 queries)."""

    def __init__(self, by: User, table: Table) -> None:
        self.by, self.table = by, table
        units = list(Unit.objects.visible_to(by).select_related("region"))
        self.units = NameBook((one.name, one) for one in units)
        short = [(name, one) for one in units for name in (one.short_name, *own_names(one))]
        by_pk = {one.pk: one for one in units}
        aliases = UnitAlias.objects.filter(unit__in=Unit.objects.visible_to(by)).values_list("name", "unit_id")
        self.other_names = NameBook([*short, *((name, by_pk[pk]) for name, pk in aliases)])
        names = [_username(row.values.get("username")) for row in table.rows]
        taken = User.objects.filter(username__in=[name for name in names if name])
        self.accounts = {one.username: one for one in taken.select_related("unit")}
        visible = list(User.objects.visible_to(by).select_related("unit"))
        self.visible = {one.pk for one in visible}
        self.people = {(one.unit_id, one.name): one for one in visible}
        self.usernames: set[str] = set()
        if not all(names):
            self.usernames = {*User.objects.values_list("username", flat=True), *names}
        self.proposed: dict[tuple[int, str], str] = {}

    def result(self) -> ImportResult:
        return compare_rows(self.table, self.find, key=lambda row: row.values["username"])

    def find(self, row: Row) -> Mapping[str, Any] | None:
        """Settle one row's values and answer the account as it is now, or None for a new one."""
        faults, values = Faults(), row.values
        values["name"] = tidy_name(values["name"])
        unit = self.unit(values["unit"], faults)
        faults.raise_if_any()
        assert unit is not None
        account = self.account(unit, values)
        if account is not None and account.pk not in self.visible:
            faults.add("username", "这个登录名已被其他地区使用，请换一个")
            faults.raise_if_any()
        values["unit"], values["unit_pk"] = unit.name, unit.pk
        present = account_row(account) if account is not None else None
        for name in ("duty", "phone", "email"):
            if name in values and values[name] is None:
                values[name] = present[name] if present else ""
        self.check_fields(values, unit, account, faults)
        faults.raise_if_any()
        if account is not None:
            values["account_pk"] = account.pk
        return present

    def account(self, unit: Unit, values: dict[str, Any]) -> User | None:
        """The account that a row means, or None; a list of contacts names neither log-in nor role, so both are proposed."""
        values["username"] = _username(values.get("username"))
        account = (
            self.accounts.get(values["username"]) if values["username"] else self.people.get((unit.pk, values["name"]))
        )
        if account is not None:
            values["username"] = account.username
        elif not values["username"]:
            values["username"] = self.proposed.setdefault((unit.pk, values["name"]), self.free_username(values["name"]))
        if values.get("role") is None:
            usual = Role.MINE_CLERK if unit.kind == Unit.Kind.MINE else Role.LIAISON
            # The bureau's own people have several to choose from.
            proposed = None if unit.pk == self.by.unit_id else usual.value
            values["role"] = account.role if account is not None else proposed
        return account

    def free_username(self, name: str) -> str:
        """The name in Latin letters, with a number where it is taken."""
        base = re.sub(r"[^a-z]", "", spelling(name))[:30].ljust(3, "0")
        numbered = (f"{base}{number}" for number in count(2))
        username = next(one for one in chain([base], numbered) if one not in self.usernames)
        self.usernames.add(username)
        return username

    def unit(self, text: str, faults: Faults) -> Unit | None:
        found: list[Unit] = self.units.find(text) or self.other_names.find(text)
        if len(found) == 1:
            return found[0]
        if found:
            faults.add("unit", "有多个同名单位，请在页面上新建这个账号")
        else:
            faults.add("unit", "单位目录里没有这个单位，请核对名称，或先导入单位")
        return None

    def check_fields(self, values: Mapping[str, Any], unit: Unit, account: User | None, faults: Faults) -> None:
        moved = account is None or account.role != values["role"] or account.unit_id != unit.pk
        if moved and account is not None and account.pk == self.by.pk:
            faults.add("role", "不能更改自己的角色和单位，请由另一位局管理员办理")
        elif values["role"] is None:
            faults.add("role", "本局人员请写明角色")
        elif moved:
            try:
                check_placement(self.by, unit, values["role"])
            except Refused as refusal:
                for name, sentences in refusal.fields.items():
                    for sentence in sentences:
                        faults.add(name, sentence.rstrip("。"))
        fields = ("username", "name", "duty", "phone", "email")
        draft = User(**{name: values.get(name) or "" for name in fields})
        try:
            draft.clean_fields(exclude=["password", "role", "unit"])
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                several = name == "phone" and len(_NUMBER.findall(values["phone"])) > 1
                faults.add(name, "只能写一个号码" if several else sentences[0].rstrip("。"))


_NUMBER = re.compile(r"\d[\d-]{5,}")


def _username(text: Any) -> str:
    return "".join(str(text or "").split()).lower()
