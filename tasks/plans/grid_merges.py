"""Merged cells, rows cut by pages and text that slipped into a neighbouring column."""

from __future__ import annotations

import re
from itertools import zip_longest

from .grid_rows import Row, TaskTable
from .traced import Traced
from .units import is_unit_list, looks_like_body, parse_units

# (1) 1. ① at the start of an item inside a cell.
ITEM = re.compile(
    r"(?:^|(?<=[\s。;:!?)”》]))[(](?P<n>\d{1,2})[)]|(?:^|(?<=\s))(?P<m>\d{1,2})[.、](?!\d)|(?:^|(?<=[\s。;:]))(?P<c>[①-⑳])"
)


def fill_merged(table: TaskTable) -> None:
    """Give empty cells the value of the merged cell they belong to.

    A file says itself what is merged. In a printed copy a merged value stands in one of its rows: when the first row of
    a page is empty, values stand in the middle of their rows and reach as far down as they reach up; otherwise they
    stand in the first of their rows.
    """
    _move_items(table)
    _drop_stray(table)
    if not table.rows:
        return
    first, rest = table.rows[0], table.rows[1:]
    late_units = not first.units and any(row.units for row in rest)
    late_days = first.deadline is None and any(row.deadline for row in rest)
    centred = not table.placed and (late_units or late_days)
    _fill_units(table, centred)
    days = {row.deadline.compact().folded for row in table.rows if row.deadline}
    if days and any(row.deadline is None for row in table.rows):
        values = [row.deadline for row in table.rows]
        one = next((row.deadline for row in table.rows if row.deadline), None)
        sources = _sources([value is not None for value in values], [row.page for row in table.rows], centred)
        for row, source in zip(table.rows, sources, strict=True):
            if row.deadline is None and (source is not None or len(days) == 1):
                row.deadline = values[source] if source is not None else one
                row.deadline_inherited = True


def _fill_units(table: TaskTable, centred: bool) -> None:
    values = [row.units for row in table.rows]
    filled = [bool(row.units) or row.units_dashed or slipped(row) for row in table.rows]
    for row, source in zip(table.rows, _sources(filled, [row.page for row in table.rows], centred), strict=True):
        if not row.units and not row.units_dashed and not slipped(row) and source is not None:
            row.units, row.units_inherited = values[source], True


def slipped(row: Row) -> bool:
    """The names of bodies stand in the progress column."""
    return row.progress is not None and is_unit_list(row.progress.compact().folded)


def _sources(filled: list[bool], pages: list[int], centred: bool) -> list[int | None]:
    """For each row the row whose value it shares."""
    sources: list[int | None] = [number if here else None for number, here in enumerate(filled)]
    if not centred:
        for number in range(1, len(filled)):
            if sources[number] is None:
                sources[number] = sources[number - 1]
        return sources
    for page in sorted(set(pages)):
        rows = [number for number, where in enumerate(pages) if where == page]
        owners = [number for number in rows if filled[number]]
        for owner, (low, high) in _centred(rows, owners).items():
            for number in rows:
                if low <= number <= high:
                    sources[number] = owner
    return sources


def _centred(rows: list[int], owners: list[int]) -> dict[int, tuple[int, int]]:
    """The rows that each value reaches, chosen so that every value stands as near to the middle of its rows as can be.

    Works down the page; `best` holds, for each row at which the last value may stop, the smallest total distance from
    the middle and the reaches that give it. Of two equal ways the one that gives the rows between to the upper value wins.
    """
    if not owners:
        return {}
    best: dict[int, tuple[int, tuple[tuple[int, int], ...]]] = {rows[0] - 1: (0, ())}
    for owner, following in zip_longest(owners, owners[1:]):
        stops = range(owner, following) if following is not None else range(rows[-1], rows[-1] + 1)
        step: dict[int, tuple[int, tuple[tuple[int, int], ...]]] = {}
        for stop in stops:
            ways = [
                (cost + abs((owner - before - 1) - (stop - owner)), -before, reaches)
                for before, (cost, reaches) in best.items()
                if before < owner
            ]
            cost, before, reaches = min(ways)
            step[stop] = (cost, (*reaches, (1 - before, stop)))
        best = step
    return dict(zip(owners, min(best.values())[1], strict=True))


def _move_items(table: TaskTable) -> None:
    """An item (4) at the top of a row whose next item is (1) ends the row above, cut by the page."""
    for above, row in zip(table.rows, table.rows[1:], strict=False):
        if not row.texts:
            continue
        items = list(ITEM.finditer(row.texts[0].folded))
        if len(items) < 2 or items[0].start() > 0:
            continue
        numbers = [item_number(item) for item in items]
        last = max((item_number(item) for text in above.texts for item in ITEM.finditer(text.folded)), default=0)
        if numbers[0] == last + 1 and numbers[0] > 1 and 1 in numbers:
            cut = items[numbers.index(1)].start()
            above.texts.append(row.texts[0][:cut])
            row.texts[0] = row.texts[0][cut:]


def item_number(match: re.Match[str]) -> int:
    if match.group("c"):
        return ord(match.group("c")) - ord("①") + 1
    return int(match.group("n") or match.group("m"))


def _drop_stray(table: TaskTable) -> None:
    """Text in the unit column that names no body has slipped there from the task column."""
    for row in table.rows:
        row.units = {kind: text for kind, text in row.units.items() if _names_somebody(text)}


def _names_somebody(text: Traced) -> bool:
    folded = text.compact().folded
    units, _ = parse_units(text)
    if not units:
        return False
    if "。" in folded.rstrip("。"):
        return False
    good = sum(1 for unit in units if looks_like_body(unit.expanded or unit.name) or looks_like_body(unit.name))
    return good * 2 >= len(units)
