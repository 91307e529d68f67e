"""The lists of a Word 97–2003 file, in the form in which `numbering.Numbering` counts them ([MS-DOC] 2.9.131 to 2.9.150)."""

from __future__ import annotations

from struct import unpack_from

from tasks.plans.formats.numbering import Level, Numbering
from tasks.plans.formats.word97_layout import LIST_OVERRIDES, LISTS, Layout

# Number formats by the figure that stands for them ([MS-OSHARED] 2.2.1.3) in the words of ECMA-376.
_FORMATS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 10: "ideographDigital",
    11: "japaneseCounting", 14: "decimalFullWidth", 18: "decimalEnclosedCircle", 19: "decimalFullWidth", 22: "decimalZero",
    23: "bullet", 26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen", 28: "decimalEnclosedCircleChinese",
    30: "ideographTraditional", 31: "ideographZodiac", 33: "taiwaneseCounting", 34: "ideographLegalTraditional",
    35: "taiwaneseCountingThousand", 37: "chineseCounting", 38: "chineseLegalSimplified", 39: "chineseCountingThousand",
    255: "none",
}  # fmt: skip
_MOST_LISTS = 20_000
_SUFFIXES = ("tab", "space", "nothing")


def read_lists(layout: Layout) -> Numbering:
    numbering = Numbering(None)
    offset, length = layout.place(LISTS)
    if length < 2:
        return numbering
    table = layout.table
    count = unpack_from("<H", table, offset)[0]
    at = offset + 2 + 28 * count
    levels: dict[int, dict[int, Level]] = {}
    for number in range(count):
        head = offset + 2 + 28 * number
        key, flags = unpack_from("<i", table, head)[0], table[head + 26]
        levels[key] = {}
        for level in range(1 if flags & 1 else 9):
            levels[key][level], at = _level(table, at)
    offset, length = layout.place(LIST_OVERRIDES)
    count = unpack_from("<I", table, offset)[0] if length >= 4 else 0
    at = offset + 4 + 16 * count
    for number in range(min(count, length // 16, _MOST_LISTS)):
        head = offset + 4 + 16 * number
        key, changes = unpack_from("<i", table, head)[0], table[head + 12]
        at += 4
        changed: dict[int, Level] = {}
        starts: dict[int, int] = {}
        for _ in range(changes):
            start, flags = unpack_from("<iI", table, at)
            at += 8
            if flags & 0x20:
                changed[flags & 15], at = _level(table, at)
            elif flags & 0x10:
                starts[flags & 15] = start
        numbering.add(str(number + 1), str(key), {**levels.get(key, {}), **changed}, starts)
    return numbering


def _level(table: bytes, at: int) -> tuple[Level, int]:
    """One level, and where the next begins."""
    start, kind, flags = unpack_from("<iBB", table, at)
    follow, character_size, paragraph_size, restart = table[at + 15], table[at + 24], table[at + 25], table[at + 26]
    at += 28 + character_size + paragraph_size
    size = unpack_from("<H", table, at)[0]
    printed = table[at + 2 : at + 2 + 2 * size].decode("utf-16-le", "replace")
    pattern = "".join(f"%{ord(sign) + 1}" if ord(sign) < 9 else sign for sign in printed)
    level = Level(
        start=start, number_format=_FORMATS.get(kind, "decimal"), pattern=pattern,
        suffix=_SUFFIXES[follow] if follow < 3 else "tab", legal=bool(flags & 4),
        restart_after=restart if flags & 8 else None,
    )  # fmt: skip
    return level, at + 2 + 2 * size
