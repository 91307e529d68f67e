"""The published administrative divisions (GB/T 2260), out of the table that python-stdnum ships for identity cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stdnum import numdb

# Codes that stand for "everything else in the city" and name no place.
_NO_PLACE = ("市辖区", "县", "市", "省直辖县级行政区划", "自治区直辖县级行政区划")
_PERIOD = re.compile(r"\[(?P<since>\d{4})?-(?P<until>\d{4})?\](?P<name>.+)")


@dataclass(frozen=True, slots=True)
class PublishedRegion:
    """A province, city or county in force today; `code` has six digits."""

    code: str
    name: str


def published_regions(prefix: str = "") -> Iterator[PublishedRegion]:
    """Yield the divisions in force whose code begins with `prefix` (all of China without it), in order of code."""
    for _, province, _, _, children in numdb.get("cn/loc").prefixes:
        for _, rest, _, properties, _ in children:
            code, name = province + rest, name_in_force(properties.get("county", ""))
            if name and name not in _NO_PLACE and code.startswith(prefix):
                yield PublishedRegion(code, name)


def chain_of(code: str) -> list[PublishedRegion]:
    """The published divisions from the province down to a county, city or province, as far as they are known."""
    above = list(dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code[:6])))
    known = {one.code: one for one in published_regions(code[:2])}
    return [known[one] for one in above if one in known]


def name_in_force(text: str) -> str:
    """The name without an end among the names that a code has had: "[-1991]东郊区,[1992-]东丽区" is 东丽区."""
    for part in text.split(","):
        found = _PERIOD.fullmatch(part.strip())
        if found is None:
            return part.strip()
        if found["until"] is None:
            return found["name"]
    return ""
