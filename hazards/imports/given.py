"""What a register says once for many rows: in its title, in the name of a sheet, or with 同上."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from common.spreadsheets import Heading, StreamedRow
from hazards.imports.words import read_found_on

SHEET_NAME = "工作表名"
MISSING, AS_ABOVE = "missing", "above"
BLANKS = {
    MISSING: "按漏填处理，列入有误的行",
    AS_ABOVE: "与上一行相同（只在第一行写一次的表）",
}
_DITTO = {"同上", "〃", "″", '"', "”", "“", "''", "，，", "ditto"}
_FILLED_DOWN = ("mine", "found_on")
_WHO = re.compile(r"(?:填报|报送|检查|被检查|受检)?(?:单位|煤矿|矿山|企业)(?:名称)?[：:]\s*([^\s：:（(]+)")
_WHEN = re.compile(r"(?:填报|报送|排查|检查)?(?:日期|时间)[：:]\s*([^\s：:]+)")
_SUBJECT = re.compile(r"^(?:\d{4}年)?(.{3,30}?)(?:\d{4}年.*)?(?:安全生产|重大|事故|问题|安全|生产)*隐患")


def completed(rows: Iterable[StreamedRow], mapped: Collection[str], given: Mapping[str, str]) -> Iterator[StreamedRow]:
    """Fill into each row what the whole table gives, and what 同上 or a blank cell takes from the row above it."""
    downwards = _FILLED_DOWN if given.get("blank") == AS_ABOVE else ()
    mine, found_on = given.get("mine", ""), given.get("found_on", "")
    above: dict[str, str] = {}
    sheet = ""
    for row in rows:
        if row.sheet != sheet:
            above, sheet = {}, row.sheet
        for key in mapped:
            text = row.values.get(key) or ""
            if text in _DITTO or (not text and key in downwards):
                row.values[key] = row.texts[key] = above.get(key, text)
            else:
                above[key] = text
        if mine and "mine" not in mapped:
            row.values["mine"] = row.sheet if mine == SHEET_NAME else mine
        if found_on and "found_on" not in mapped:
            row.values["found_on"] = found_on
        yield row


def propose_given(
    heading: Heading, missing: Collection[str], *, is_mine: Callable[[str], bool], today: dt.date
) -> dict[str, str]:
    """What the lines above the heading and the names of the sheets say of columns that a table does not have."""
    given: dict[str, str] = {}
    lines = "\n".join(heading.above)
    if "mine" in missing:
        named = [*_WHO.findall(lines), *(found[1] for line in heading.above if (found := _SUBJECT.match(line)))]
        if all(is_mine(title) for title in heading.sheets):
            given["mine"] = SHEET_NAME
        elif mine := next((name for name in named if is_mine(name)), ""):
            given["mine"] = mine
    if "found_on" in missing:
        for text in _WHEN.findall(lines):
            try:
                given["found_on"] = read_found_on(text, today).isoformat()
            except ValueError:
                continue
            break
    return given
