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
    refuses it. `width` is in characters, as Excel counts them. An `export_only` column is ignored when it comes back.
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
    names: dict[str, Column] = {}
    for column in columns:
        for name in (column.title, *column.aliases):
            names.setdefault(header_key(name), column)
    found: dict[int, Column] = {}
    taken: set[str] = set()
    keys = [header_key(cell) for cell in cells]
    grouped = [header_key(groups.get(position)) + key if key and groups else "" for position, key in enumerate(keys)]
    # Whole headings first; then those that carry a remark in brackets, such as 完成时限（必填）.
    for names_here in (grouped, keys, [re.sub(r"[(\[【].*?[)\]】]", "", key) for key in keys]):
        for position, name in enumerate(names_here):
            named = names.get(name)
            if named is not None and position not in found and named.key not in taken:
                found[position] = named
                taken.add(named.key)
    return found
