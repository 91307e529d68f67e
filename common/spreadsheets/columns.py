from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Kind(StrEnum):
    """What the cells of a column hold, in Python: str, date, int, Decimal, Decimal of percent, bool, or a key."""

    TEXT = "text"
    DATE = "date"
    INTEGER = "integer"
    DECIMAL = "decimal"
    PERCENT = "percent"
    BOOLEAN = "boolean"
    CHOICE = "choice"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `choices` maps stored keys to the labels that people write, `words` further words to those keys. What is in `blanks`
    says as much as an empty cell. `month_day` says which day "2024年3月" means; None
    refuses it. Where `ends`, 2024.3.5-2027.3.4 means its last day. `in_words` is what a text tells that the caller
    reads. `width` is in characters, as Excel counts them. An `export_only` column is ignored when it comes back.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    blanks: tuple[str, ...] = ()
    max_length: int | None = None
    month_day: Literal["first", "last"] | None = "last"
    ends: bool = False
    in_words: Kind = Kind.TEXT
    width: float = 14
    export_only: bool = False


def header_key(title: object) -> str:
    """A heading without width forms, spaces, stars and colons, so that "责任 单位 ＊" is "责任单位"."""
    text = unicodedata.normalize("NFKC", str(title or ""))
    return re.sub(r"[\s*:#、]+", "", text).lower()


def match_header(
    cells: Sequence[object], columns: Sequence[Column], groups: Mapping[int, str] | None = None
) -> dict[int, Column]:
    """Which cell of a heading row names which column, by position from 0; the first of two equal headings counts.

    `groups` are the headings that stand above several cells: with 隐患 above it, 时间 is 隐患时间.
    """
    titles = {header_key(column.title): column for column in columns}
    aliases = {header_key(name): column for column in reversed(columns) for name in reversed(column.aliases)}
    found: dict[int, Column] = {}
    taken: set[str] = set()
    keys = [header_key(cell) for cell in cells]
    above = [header_key((groups or {}).get(at)) for at in range(len(keys))]
    whole = [[*together(group, key), key, _REMARK.sub("", key)] for group, key in zip(above, keys, strict=True)]
    # Whole headings first, a column's own title before its other names; then what stands before 及: 责任人及电话.
    for names, spellings in (
        (titles, whole),
        (aliases, whole),
        (aliases | titles, [[_AND.split(_REMARK.sub("", key))[0]] for key in keys]),
    ):
        for position, position_names in enumerate(spellings):
            named = next((names[name] for name in position_names if name in names), None)
            if named is not None and position not in found and named.key not in taken:
                found[position] = named
                taken.add(named.key)
    return found


_REMARK = re.compile(r"[(\[【].*?[)\]】]")
_AND = re.compile(r"以?及|[和与或/]")
_GROUP_ENDS = re.compile(r"(基本)?(情况|信息|内容)$")


def together(group: str, title: str) -> list[str]:
    """What a heading below another may be called as one: 隐患情况 above 时间 is 隐患时间, 采矿证 above 证号 采矿证号."""
    if not group or not title:
        return []
    overlap = [group + title[1:]] if group[-1] == title[0] else []
    return [_GROUP_ENDS.sub("", group) + title, *overlap, group + title]
