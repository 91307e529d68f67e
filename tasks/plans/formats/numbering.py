"""Word's automatic numbers: they stand in no text of the file and are counted as Word does (ECMA-376, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEVELS = 9


@dataclass(slots=True)
class Level:
    """One level of a list: where it starts, how its number is written and what follows it."""

    start: int = 1
    number_format: str = "decimal"
    pattern: str = ""
    suffix: str = "tab"
    legal: bool = False
    restart_after: int | None = None
    style: str = ""


class Numbering:
    """Counts the lists of one document in reading order."""

    def __init__(self, root: Any | None) -> None:
        self._abstract: dict[str, dict[int, Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._restarted: set[tuple[str, int]] = set()
        if root is not None:
            self._load(root)

    def _load(self, root: Any) -> None:
        linked: dict[str, str] = {}
        style_lists: dict[str, str] = {}
        for abstract in root.iter(f"{W}abstractNum"):
            key = abstract.get(f"{W}abstractNumId", "")
            self._abstract[key] = {_index(level): _level(level) for level in abstract.iter(f"{W}lvl")}
            if (own := abstract.find(f"{W}styleLink")) is not None:
                style_lists[own.get(f"{W}val", "")] = key
            if (other := abstract.find(f"{W}numStyleLink")) is not None:
                linked[key] = other.get(f"{W}val", "")
        for number in root.iter(f"{W}num"):
            key = _value(number.find(f"{W}abstractNumId"))
            key = style_lists.get(linked.get(key, ""), key)
            overrides: dict[int, Level] = {}
            starts: dict[int, int] = {}
            for override in number.iter(f"{W}lvlOverride"):
                index = _index(override)
                if (level := override.find(f"{W}lvl")) is not None:
                    overrides[index] = _level(level)
                if (start := override.find(f"{W}startOverride")) is not None:
                    starts[index] = _integer(_value(start), 1)
            self._lists[number.get(f"{W}numId", "")] = (key, overrides, starts)

    def add(self, list_id: str, key: str, levels: dict[int, Level], starts: dict[int, int]) -> None:
        """A list that was read from another format: its levels, and the levels at which it starts anew."""
        self._lists[list_id] = (key, levels, starts)

    def level_of_style(self, list_id: str, style: str) -> int | None:
        """The level that a list keeps for a paragraph style."""
        levels = self._levels(list_id)
        return next((index for index, level in levels.items() if level.style == style), None)

    def _levels(self, list_id: str) -> dict[int, Level]:
        if list_id not in self._lists:
            return {}
        key, overrides, _ = self._lists[list_id]
        return {**self._abstract.get(key, {}), **overrides}

    def next_number(self, list_id: str, level: int, start: int | None = None) -> str:
        """Counts one paragraph of the list and returns the number printed before it, with its space; "" for bullets.

        `start` is the number that the paragraph itself asks for.
        """
        levels = self._levels(list_id)
        if level not in levels:
            return ""
        key, _, starts = self._lists[list_id]
        counters = self._counters.setdefault(key, [None] * LEVELS)
        if level in starts and (list_id, level) not in self._restarted:
            counters[level] = None
        self._restarted.add((list_id, level))
        current = counters[level] if start is None else start - 1
        counters[level] = starts.get(level, levels[level].start) if current is None else current + 1
        for deeper in range(level + 1, LEVELS):
            after = levels[deeper].restart_after if deeper in levels else None
            if after is None or (after != 0 and level < after):
                counters[deeper] = None
        return self._print(levels, level, counters)

    def _print(self, levels: dict[int, Level], level: int, counters: list[int | None]) -> str:
        own = levels[level]
        if own.number_format in ("bullet", "none") and "%" not in own.pattern:
            return own.pattern if own.number_format == "none" else ""

        def written(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            if index not in levels:
                return ""
            count = counters[index]
            value = levels[index].start if count is None else count
            return write_number(value, "decimal" if own.legal else levels[index].number_format)

        number = re.sub(r"%([1-9])", written, own.pattern)
        # After 、 and ） print sets no space; after a bare figure the space keeps “1.” and “2022年” apart.
        wants_space = own.suffix != "nothing" and number[-1:].isascii() and number[-1:] != ")"
        return number + " " if number and wants_space else number


def _value(element: Any | None) -> str:
    return "" if element is None else element.get(f"{W}val", "")


def _integer(value: str, otherwise: int) -> int:
    try:
        return max(-1_000_000, min(1_000_000, int(value)))
    except ValueError:
        return otherwise


def _index(element: Any) -> int:
    return max(0, min(LEVELS - 1, _integer(element.get(f"{W}ilvl", "0"), 0)))


def _level(element: Any) -> Level:
    restart = element.find(f"{W}lvlRestart")
    legal = element.find(f"{W}isLgl")
    number_format = element.find(f"{W}numFmt")
    if number_format is None:
        # Newer formats stand in an alternative with an older one as the fallback.
        number_format = next(element.iter(f"{W}numFmt"), None)
    return Level(
        start=_integer(_value(element.find(f"{W}start")) or "1", 1),
        number_format=_value(number_format) or "decimal",
        pattern=_value(element.find(f"{W}lvlText")),
        suffix=_value(element.find(f"{W}suff")) or "tab",
        legal=legal is not None and _value(legal) not in ("0", "false"),
        restart_after=None if restart is None else _integer(_value(restart), 0),
        style=_value(element.find(f"{W}pStyle")),
    )


DIGITS = "〇一二三四五六七八九"
FINANCIAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
ROMAN_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")


def write_number(value: int, number_format: str) -> str:
    """Writes a list number in one of the formats of ECMA-376 (17.18.59); unknown formats are written in figures."""
    if number_format in ("none", "bullet"):
        return ""
    if value < 0:
        return str(value)
    if number_format in CHINESE:
        return chinese_number(value)
    if number_format in ("chineseLegalSimplified", "ideographLegalTraditional"):
        return chinese_number(value, FINANCIAL_DIGITS, ("", "拾", "佰", "仟"))
    if number_format in ("ideographDigital", "japaneseDigitalTenThousand", "koreanDigital"):
        return "".join(DIGITS[int(digit)] for digit in str(value))
    if number_format in ("ideographTraditional", "ideographZodiac") and value:
        signs = STEMS if number_format == "ideographTraditional" else BRANCHES
        return signs[(value - 1) % len(signs)]
    if number_format in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and value <= 50:
        return _circled(value)
    if number_format == "decimalEnclosedParen" and 1 <= value <= 20:
        return chr(0x2474 + value - 1)
    if number_format == "decimalEnclosedFullstop" and 1 <= value <= 20:
        return chr(0x2488 + value - 1)
    if number_format in ("decimalFullWidth", "decimalFullWidth2"):
        return str(value).translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    if number_format == "decimalZero":
        return f"{value:02d}"
    if number_format in ("upperLetter", "lowerLetter") and value:
        letter = chr(97 + (value - 1) % 26) * min(1 + (value - 1) // 26, 20)
        return letter.upper() if number_format == "upperLetter" else letter
    if number_format in ("upperRoman", "lowerRoman") and value < 4000:
        return _roman(value).upper() if number_format == "upperRoman" else _roman(value)
    return str(value)


CHINESE = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "japaneseCounting",
        "ideographEnclosedCircle",
        "koreanCounting",
    ]
)


def chinese_number(
    value: int, digits: str = "零一二三四五六七八九", places: tuple[str, ...] = ("", "十", "百", "千")
) -> str:
    """Writes 0 to 9999 as 一百零五; ten to nineteen without the leading 一; greater numbers in figures."""
    if not 0 <= value <= 9999:
        return str(value)
    if value == 0:
        return digits[0]
    written, gap = "", False
    for place in range(len(str(value)) - 1, -1, -1):
        digit = value // 10**place % 10
        if digit:
            written += (digits[0] if gap and written else "") + digits[digit] + places[place]
        gap = not digit
    return written.removeprefix(digits[1]) if 10 <= value <= 19 and places[1] == "十" else written


def _circled(value: int) -> str:
    if value == 0:
        return "⓪"
    if value <= 20:
        return chr(0x2460 + value - 1)
    return chr(0x3251 + value - 21) if value <= 35 else chr(0x32B1 + value - 36)


def _roman(value: int) -> str:
    written = ""
    for worth, sign in ROMAN:
        written += sign * (value // worth)
        value %= worth
    return written + ROMAN_ONES[value]
