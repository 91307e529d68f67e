"""The mines that a table names in its own way: without the group, with the county before, 有限公司 behind."""

from __future__ import annotations

import re
from collections.abc import Iterable

from units.models import Region, Unit
from units.names import name_key

_ORDINAL = re.compile(r"^[\d一二三四五六七八九十]{1,3}[.、:]")
_REMARK = re.compile(r"[(\[【][^)\]】]*[)\]】]")
_COMPANY = re.compile(r"(股份)?有限(责任)?公司")
_SHORTEST = 3


class MineNames:
    """Knows the mines within somebody's reach, and answers only where a name can mean a single one of them."""

    def __init__(self, mines: Iterable[Unit], home: Region) -> None:
        self.mines = [(one, folded(one.name), folded(one.short_name)) for one in mines]
        county = home.county
        self.places = {name_key(name) for name in (county.name, county.short_name) if name}

    def find(self, text: str) -> Unit | None:
        """The one mine that a name means although it is written otherwise, or None."""
        key = folded(text)
        if len(key) < _SHORTEST:
            return None
        found = {one.pk: one for one, name, short in self.mines if self.means(key, name, short)}
        return next(iter(found.values())) if len(found) == 1 else None

    def means(self, key: str, name: str, short: str) -> bool:
        if key in (name, short):
            return True
        if not short or not key.endswith(short):
            return False
        before = key.removesuffix(short)
        return before in self.places or name.endswith(key)


def folded(name: str) -> str:
    """A name without numbering, remarks in brackets, kind of company and colons; 煤矿 and 矿 are the same."""
    key = _REMARK.sub("", _ORDINAL.sub("", name_key(name))).strip(":。,、;.")
    return _COMPANY.sub("", key).replace("煤矿", "矿")
