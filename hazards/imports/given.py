"""What a register says once for many rows (in its title, in the name of a sheet, with 同上), or in one row for many."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from common.spreadsheets import Heading, StreamedRow
from hazards.imports.words import read_found_on
from tasks.plans.nodes import ordinal

SHEET_NAME = "工作表名"
SECTION = "分段标题"
"""As the mine: the name of each row's sheet, or the line that heads the rows below it (一、黑石沟煤矿)."""
MISSING, AS_ABOVE = "missing", "above"
BLANKS = {
    MISSING: "按漏填处理，列入有误的行",
    AS_ABOVE: "与上一行相同（只在第一行写一次的表）",
}
HIDDEN, SEVERAL = "hidden", "several"
CHOICES = {HIDDEN: ("", "leave"), SEVERAL: ("", "apart")}
"""What a person may say of the file after the check: hidden rows stay out, hazards numbered in one cell are several."""
_ITEM = re.compile(
    r"(?:^|(?<=[\s；;。，,：:]))"
    r"(?:[（(]?(?P<figure>\d{1,2})[）).、．](?!\d)|(?P<ring>[①-⑳])|[（(](?P<bracket>[一二三四五六七八九十]{1,3})[）)]|(?P<first>[一二三四五六七八九十]{1,3})是)\s*"
)
_SECOND = re.compile(r"2[）).、．]|②|二[）)是]")
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
            row.values["mine"] = {SHEET_NAME: row.sheet, SECTION: row.section}.get(mine, mine)
        if found_on and "found_on" not in mapped:
            row.values["found_on"] = found_on
        if row.hidden and given.get(HIDDEN):
            continue
        yield from _apart(row) if given.get(SEVERAL) else (row,)


def items_of(text: str) -> list[str]:
    """What one cell numbers 1. 2. 3. (or ① ②, 一是 二是), each with the words before the first; nothing if it does not."""
    found = list(_ITEM.finditer(text)) if _SECOND.search(text) else []
    if len(found) < 2 or [_number_of(one) for one in found] != list(range(1, len(found) + 1)):
        return []
    before = text[: found[0].start()].strip()
    ends = [*(one.start() for one in found[1:]), len(text)]
    return [before + text[one.end() : end].strip(" \n;；") for one, end in zip(found, ends, strict=True)]


def _number_of(item: re.Match[str]) -> int:
    if item["ring"]:
        return ord(item["ring"]) - ord("①") + 1
    return int(item["figure"]) if item["figure"] else ordinal(item["bracket"] or item["first"])


def _apart(row: StreamedRow) -> Iterator[StreamedRow]:
    """One row for each hazard that the description numbers, with its own measures where they are numbered alike."""
    written = {key: row.values.get(key) or "" for key in ("description", "measures")}
    items = items_of(written["description"])
    if not items:
        yield row
        return
    measures = items_of(written["measures"])
    for at, description in enumerate(items):
        own = {"description": description} | ({"measures": measures[at]} if len(measures) == len(items) else {})
        replaced = {written[key]: text for key, text in own.items()}
        yield replace(
            row,
            values=row.values | own,
            texts=row.texts | own,
            cells=tuple(replaced.get(cell, cell) for cell in row.cells),
            place=f"{row.place}第 {at + 1} 条",
        )


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
        elif heading.sections and all(is_mine(line) for line in heading.sections):
            given["mine"] = SECTION
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
