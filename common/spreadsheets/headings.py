"""Where a table begins, and what the cells above its rows name: merged, over several rows, in groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .columns import Column, header_key, match_header, together
from .sheet import MAX_COLUMNS, Sheet
from .values import clean_cell

_HEADER_WITHIN = 40
_GROUP_WITHIN = 2
_LONGEST_GROUP = 14
_FORM_NAMES = 4


def find_heading(sheet: Sheet, columns: Sequence[Column]) -> tuple[int, dict[int, Column]]:
    """The last row of the heading, and what its cells name; 0 where none of the first rows names a column.

    Merged headings count in every row and column they cover; so of a heading over two rows the lower one wins.
    """
    best_row, best = 0, dict[int, Column]()
    for number, cells in sheet.lines[:_HEADER_WITHIN]:
        found = _named(sheet, number, columns, cells)
        if len(found) > len(best) or (found and number == best_row + 1 and len(found) == len(best)):
            best_row, best = number, found
    if not best:
        return 0, {}
    lowest = max((last for _, first, _, last in sheet.merges if first <= best_row < last), default=best_row)
    if best_row < lowest <= best_row + _GROUP_WITHIN:
        # What stands beside cells that reach further down are headings as well, and no record.
        below, groups = _named(sheet, lowest, columns), groups_above(sheet, lowest, line_at(sheet, lowest))
        ticked = ticked_groups(sheet, lowest, columns)
        return lowest, {at: name for at, name in best.items() if at not in groups or at in ticked} | below
    return best_row, best


def _named(
    sheet: Sheet, number: int, columns: Sequence[Column], cells: Sequence[object] | None = None
) -> dict[int, Column]:
    cells = line_at(sheet, number) if cells is None else cells
    return match_header(with_merged(sheet, number, cells), columns, groups_above(sheet, number, cells))


def line_at(sheet: Sheet, number: int) -> Sequence[object]:
    return next((cells for row, cells in sheet.lines if row == number), ())


def with_merged(sheet: Sheet, number: int, values: Sequence[object]) -> list[object]:
    """The cells of a heading row with those that reach into it from above."""
    filled = list(values)
    for first_column, first_row, last_column, last_row in sheet.merges:
        if first_row <= number <= last_row:
            source = line_at(sheet, first_row)
            if first_column >= len(source):
                continue
            for column in range(first_column, min(last_column, MAX_COLUMNS - 1) + 1):
                filled.extend([None] * (column + 1 - len(filled)))
                # Side by side only the first cell carries the heading, or one heading would name two columns.
                if filled[column] in (None, "") and column == first_column:
                    filled[column] = source[first_column]
    return filled


def groups_above(sheet: Sheet, number: int, cells: Sequence[object]) -> dict[int, str]:
    """The heading over several columns that stands above each: 隐患 above 时间 and 地点, where one row alone says little."""
    width = sum(bool(clean_cell(cell)) for cell in with_merged(sheet, number, cells))
    groups: dict[int, str] = {}
    for first_column, first_row, last_column, last_row in sheet.merges:
        columns = last_column - first_column + 1
        # What is as wide as the table is its title, what has a colon the line of who reports and when.
        if number - _GROUP_WITHIN <= last_row < number and 1 < columns < width:
            above = line_at(sheet, first_row)
            text = clean_cell(above[first_column]) if first_column < len(above) else ""
            if text and len(text) <= _LONGEST_GROUP and not set(text) & set("：:"):
                groups.update(dict.fromkeys(range(first_column, min(last_column, MAX_COLUMNS) + 1), text))
    return groups


def ticked_groups(sheet: Sheet, row: int, columns: Sequence[Column]) -> dict[int, dict[int, str]]:
    """Columns that are answered by a tick below one of several words, as 隐患等级 above 一般 and 重大: the words by position.

    They are known by their first position, and by the ticks that stand below in the lines of the sheet.
    """
    found = {}
    for group, words in _spans(sheet, row).items():
        below = [_sign(cells, at) for number, cells in sheet.lines if number > row for at in words]
        ticks, others = (sum(sign in signs for sign in below) for signs in (_TICKS, {"other"}))
        if ticks > others and match_header([group], columns) and not match_header(list(words.values()), columns):
            found[min(words)] = words
    return found


def groups_read(sheet: Sheet, row: int, header: Mapping[int, Column]) -> dict[int, dict[int, str]]:
    """Those of `ticked_groups` that a header names by their group."""
    spans = {min(words): (group, words) for group, words in _spans(sheet, row).items()}
    return {at: spans[at][1] for at in header if at in spans and match_header([spans[at][0]], [header[at]])}


def answered(cells: Sequence[object], groups: Mapping[int, Mapping[int, str]]) -> list[object]:
    """A row with the word that is ticked, or whatever else stands there, in the first cell of each group."""
    filled = list(cells)
    for first, words in groups.items():
        filled.extend([None] * (first + 1 - len(filled)))
        said = [
            word if _sign(cells, at) in _TICKS else clean_cell(cells[at])
            for at, word in words.items()
            if _sign(cells, at) not in _BLANKS
        ]
        for at in words:
            if at < len(filled):
                filled[at] = None
        filled[first] = "、".join(said)
    return filled


_TICKS = {"√", "✓", "✔", "☑", "■", "●", "v", "是", "1"}
_BLANKS = {"", "×", "✗", "☒", "□", "○", "x", "否", "0", "-", "/"}


def _sign(cells: Sequence[object], at: int) -> str:
    text = clean_cell(cells[at]).lower() if at < len(cells) else ""
    return text if text in _TICKS | _BLANKS else "other"


def _spans(sheet: Sheet, row: int) -> dict[str, dict[int, str]]:
    """Each group above the heading row with what stands below it, by position."""
    values = line_at(sheet, row)
    titles = [clean_cell(cell) for cell in with_merged(sheet, row, values)]
    spans: dict[str, dict[int, str]] = {}
    for at, group in groups_above(sheet, row, values).items():
        if at < len(titles) and titles[at]:
            spans.setdefault(group, {})[at] = titles[at]
    return spans


def titles_of(sheet: Sheet, row: int, columns: Sequence[Column]) -> list[str]:
    """The headings, together with the group above where only both tell what a column is, or tell two apart."""
    values = line_at(sheet, row)
    cells = with_merged(sheet, row, values)
    titles = [clean_cell(cell) for cell in cells]
    groups = groups_above(sheet, row, values)
    ticked = ticked_groups(sheet, row, columns)
    for first, words in ticked.items():
        titles[first : max(words) + 1] = [groups[first], *[""] * (max(words) - first)]
    alone, grouped = match_header(cells, columns), match_header(cells, columns, groups)

    def title_at(position: int, title: str) -> str:
        names = together(groups.get(position, ""), title)
        tells = titles.count(title) > 1 or alone.get(position) != grouped.get(position)
        # Below 隐患等级, 一般 and 重大 say little alone.
        if not names or not (tells or (position not in grouped and match_header([groups[position]], columns))):
            return title
        named = grouped.get(position)
        return next((name for name in names if named and match_header([name], [named])), names[-1])

    return [title if position in ticked else title_at(position, title) for position, title in enumerate(titles)]


def heading_keys(texts: Sequence[str]) -> list[str]:
    """A heading row to compare others with: it stands again at the top of every printed page."""
    keys = [header_key(text) for text in texts]
    while keys and not keys[-1]:
        keys.pop()
    return keys


def is_turned(sheet: Sheet, columns: Sequence[Column]) -> bool:
    """Whether the names of columns stand below each other, in a list or in a form with answers beside them."""
    rows = [match_header(cells, columns) for _, cells in sheet.lines[:_HEADER_WITHIN]]
    named = {column.key for found in rows for column in found.values()}
    first = [cells[0] for _, cells in sheet.lines[:_HEADER_WITHIN] if cells]
    in_form = len(named) >= _FORM_NAMES and max(map(len, rows), default=0) <= len(named) / 2
    return in_form or len(match_header(first, columns)) >= _FORM_NAMES
