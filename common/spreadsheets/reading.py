"""Reading a table out of an untrusted file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from common.errors import Refused

from .columns import Column, header_key, match_header
from .noise import is_noise
from .results import ERROR_TITLE, CellError
from .sheet import MAX_COLUMNS, MAX_UNPACKED, Sheet
from .sources import open_sheets
from .values import clean_cell, read_value

MAX_ROWS = 20_000
_MAX_FILLED = 400_000
_HEADER_WITHIN = 40
_GROUP_WITHIN = 2
_LONGEST_GROUP = 14


@dataclass(frozen=True)
class Row:
    """One row: its number as Excel shows it, values by column key, what was written, and what is wrong with it."""

    number: int
    values: dict[str, Any]
    texts: dict[str, str]
    errors: list[CellError] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """A table that was read. `unknown` are headings that name no column, `skipped` rows that hold no record."""

    sheet: str
    header_row: int
    columns: list[Column]
    rows: list[Row]
    unknown: list[str]
    skipped: list[tuple[int, str]]

    @property
    def errors(self) -> list[CellError]:
        return [error for row in self.rows for error in row.errors]


def read_rows(
    data: bytes, columns: Sequence[Column], *, sheet: str = "", year: int | None = None, max_rows: int = MAX_ROWS
) -> Table:
    """Read the table with these columns out of a file of any kind that `formats` knows.

    Headings may stand in any order, under other names (`Column.aliases`), below title lines, over two rows; the first
    sheet that has them is taken unless `sheet` names one. `year` completes dates written without a year. Cells that
    cannot be read become errors of their row; raises Refused where the whole file is of no use.
    """
    wanted = [column for column in columns if not column.export_only]
    best: tuple[Sheet, int, dict[int, Column]] | None = None
    for candidate in _sheets(data, sheet, max_rows):
        row, found = _find_header(candidate, columns)
        if best is None or len(found) > len(best[2]):
            best = (candidate, row, found)
        if found and _missing(wanted, found) == []:
            break
    if best is None or not best[2]:
        titles = "、".join(column.title for column in wanted if column.required) or wanted[0].title
        raise Refused(f"没有找到表头。请在表中用一行写明列名，至少要有：{titles}。", code="table_no_header")
    source, header_row, header = best
    if missing := _missing(wanted, header):
        raise Refused(
            f"“{source.title}”第 {header_row} 行的表头缺少：{'、'.join(missing)}。请补上后再导入。",
            code="table_columns",
        )
    return _table(source, header_row, header, year, max_rows)


def _sheets(data: bytes, wanted: str, max_rows: int) -> Iterator[Sheet]:
    found = False
    for title, lines, merges in open_sheets(data, max_unpacked=MAX_UNPACKED, percents=True):
        if wanted not in ("", title):
            continue
        found = True
        read = list(islice(lines, max_rows + _HEADER_WITHIN + 2))
        if len(read) > max_rows + _HEADER_WITHIN + 1:
            raise _too_many(max_rows)
        yield Sheet(title, read, merges)
    if wanted and not found:
        raise Refused(f"文件里没有名为“{wanted}”的工作表。", code="table_no_sheet")


def _find_header(sheet: Sheet, columns: Sequence[Column]) -> tuple[int, dict[int, Column]]:
    """The row that names the most columns among the first, and what its cells name.

    Merged headings count in every row and column they cover; so of a heading over two rows the lower one wins.
    """
    best_row, best = 0, dict[int, Column]()
    for number, cells in sheet.lines[:_HEADER_WITHIN]:
        found = match_header(_with_merged(sheet, number, cells), columns, groups_above(sheet, number, cells))
        if len(found) > len(best) or (found and number == best_row + 1 and len(found) == len(best)):
            best_row, best = number, found
    return best_row, best


def _with_merged(sheet: Sheet, number: int, values: list[object]) -> list[object]:
    filled = list(values)
    for first_column, first_row, last_column, last_row in sheet.merges:
        if first_row <= number <= last_row:
            source = next((cells for row, cells in sheet.lines if row == first_row), [])
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
    width = sum(bool(clean_cell(cell)) for cell in cells)
    groups: dict[int, str] = {}
    for first_column, first_row, last_column, last_row in sheet.merges:
        columns = last_column - first_column + 1
        # What is as wide as the table is its title, what has a colon the line of who reports and when.
        if number - _GROUP_WITHIN <= last_row < number and 1 < columns < width:
            above = next((line for row, line in sheet.lines if row == first_row), [])
            text = clean_cell(above[first_column]) if first_column < len(above) else ""
            if text and len(text) <= _LONGEST_GROUP and not set(text) & set("：:"):
                groups.update(dict.fromkeys(range(first_column, min(last_column, MAX_COLUMNS) + 1), text))
    return groups


def _missing(columns: Iterable[Column], found: Mapping[int, Column]) -> list[str]:
    present = {column.key for column in found.values()}
    return [column.title for column in columns if column.required and column.key not in present]


def _table(sheet: Sheet, header_row: int, header: dict[int, Column], year: int | None, max_rows: int) -> Table:
    known = {position: column for position, column in header.items() if not column.export_only}
    down, wide = _merge_maps(sheet, header_row, len(known))
    by_number = dict(sheet.lines)
    rows: list[Row] = []
    skipped: list[tuple[int, str]] = []
    unknown: list[str] = []
    heading: list[str] = []
    for number, cells in sheet.lines:
        if number < header_row:
            continue
        texts = [clean_cell(cell) for cell in cells]
        if number == header_row:
            heading = _heading(texts)
            unknown = [text for position, text in enumerate(texts) if text and position not in header]
            continue
        cells = _filled_down(by_number, number, cells, down)
        if not any(clean_cell(cells[position]) for position in known if position < len(cells)):
            if any(texts):
                skipped.append((number, next(filter(None, texts))))
            continue
        if _heading(texts) == heading:
            continue  # the heading again, at the top of a printed page
        if number in wide or is_noise(texts, len(known)):
            skipped.append((number, next(filter(None, texts), "")))
            continue
        if len(rows) >= max_rows:
            raise _too_many(max_rows)
        rows.append(_row(sheet.title, number, cells, known, year))
    columns = [column for _, column in sorted(known.items())]
    return Table(sheet.title, header_row, columns, rows, [text for text in unknown if text != ERROR_TITLE], skipped)


def _heading(texts: Sequence[str]) -> list[str]:
    keys = [header_key(text) for text in texts]
    while keys and not keys[-1]:
        keys.pop()
    return keys


def _merge_maps(sheet: Sheet, header_row: int, width: int) -> tuple[dict[tuple[int, int], int], set[int]]:
    """Where a cell takes its value from a row above, and the rows that one wide merged cell fills."""
    down: dict[tuple[int, int], int] = {}
    wide: set[int] = set()
    filled = 0
    for first_column, first_row, last_column, last_row in sheet.merges:
        if first_row <= header_row:
            continue
        if last_column - first_column + 1 >= max(3, width // 2 + 1):
            wide.update(range(first_row, min(last_row, first_row + 50) + 1))
        filled += last_row - first_row
        if filled > _MAX_FILLED:
            raise Refused("合并单元格过多。请取消合并并填好每一行后再导入。", code="table_merges")
        down.update({(row, first_column): first_row for row in range(first_row + 1, last_row + 1)})
    return down, wide


def _filled_down(
    by_number: Mapping[int, list[object]], number: int, cells: list[object], down: Mapping[tuple[int, int], int]
) -> list[object]:
    filled = list(cells)
    for column in range(MAX_COLUMNS if down else 0):
        above = by_number.get(down.get((number, column), 0), [])
        if column < len(above):
            filled.extend([None] * (column + 1 - len(filled)))
            if filled[column] in (None, ""):
                filled[column] = above[column]
    return filled


def _row(sheet: str, number: int, cells: Sequence[object], known: Mapping[int, Column], year: int | None) -> Row:
    row = Row(number, {}, {})
    for position, column in known.items():
        cell = cells[position] if position < len(cells) else None
        text = clean_cell(cell)
        row.texts[column.key] = text
        try:
            value = read_value(cell, column, year=year)
        except ValueError as error:
            row.values[column.key] = None
            row.errors.append(CellError(sheet, number, column.title, text, f"{error}。"))
            continue
        row.values[column.key] = value
        if value is None and column.required:
            row.errors.append(CellError(sheet, number, column.title, text, "必须填写。"))
    return row


def _too_many(max_rows: int) -> Refused:
    return Refused(f"表格超过 {max_rows} 行。请拆成几个文件分别导入。", code="table_too_long")
