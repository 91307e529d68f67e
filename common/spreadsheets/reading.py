"""Reading a table out of an untrusted file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from common.errors import Refused

from .columns import Column
from .headings import answered, find_heading, groups_read, heading_keys, is_turned, line_at, with_merged
from .noise import is_noise
from .results import ERROR_TITLE, CellError
from .sheet import MAX_COLUMNS, MAX_UNPACKED, Sheet, rows_in_words
from .sources import open_sheets
from .values import clean_cell, read_value

MAX_ROWS = 20_000
_MAX_FILLED = 400_000
_TITLE_LINES = 40


@dataclass(frozen=True)
class Row:
    """One row: its number as Excel shows it, values by column key, what was written, and what is wrong with it."""

    number: int
    values: dict[str, Any]
    texts: dict[str, str]
    errors: list[CellError] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """A table that was read. `unknown` are headings that name no column, `skipped` rows that hold no record.

    `titles` are those of all columns that were asked for, `hidden` the rows with a record that nobody sees on the
    screen: among `rows`, unless they were to be left out. `hidden_columns` are headings that were read unseen.
    """

    sheet: str
    header_row: int
    columns: list[Column]
    rows: list[Row]
    unknown: list[str]
    skipped: list[tuple[int, str]]
    titles: dict[str, str]
    hidden: list[int]
    hidden_columns: list[str]

    @property
    def hidden_in_words(self) -> str:
        return rows_in_words(self.hidden)

    @property
    def errors(self) -> list[CellError]:
        return [error for row in self.rows for error in row.errors]


def read_rows(
    data: bytes,
    columns: Sequence[Column],
    *,
    sheet: str = "",
    year: int | None = None,
    max_rows: int = MAX_ROWS,
    leave_hidden: bool = False,
) -> Table:
    """Read the table with these columns out of a file of any kind that `formats` knows.

    Headings may stand in any order, under other names (`Column.aliases`), below title lines, over two rows; the first
    sheet that has them is taken unless `sheet` names one. `year` completes dates written without a year;
    `leave_hidden` leaves out the rows that nobody sees on the screen. Cells that cannot be read become errors of
    their row; raises Refused where the whole file is of no use.
    """
    wanted = [column for column in columns if not column.export_only]
    best: tuple[Sheet, int, dict[int, Column]] | None = None
    for candidate in _sheets(data, sheet, max_rows):
        row, found = find_heading(candidate, columns)
        if best is None or len(found) > len(best[2]):
            best = (candidate, row, found)
        if found and _missing(wanted, found) == []:
            break
    if best is None or not best[2]:
        titles = "、".join(column.title for column in wanted if column.required) or wanted[0].title
        raise Refused(f"没有找到表头。请在表中用一行写明列名，至少要有：{titles}。", code="table_no_header")
    source, header_row, header = best
    missing = _missing(wanted, header)
    if missing and is_turned(source, columns):
        raise Refused(
            "这张表的列名不在同一行，像是一张登记表。请改成一行列名、一条记录占一行再导入。", code="table_turned"
        )
    if missing:
        raise Refused(
            f"“{source.title}”第 {header_row} 行的表头缺少：{'、'.join(missing)}。请补上后再导入。",
            code="table_columns",
        )
    return _table(source, header_row, header, columns, year, max_rows, leave_hidden)


def _sheets(data: bytes, wanted: str, max_rows: int) -> Iterator[Sheet]:
    found = False
    for opened in open_sheets(data, max_unpacked=MAX_UNPACKED, percents=True):
        if wanted not in ("", opened.title):
            continue
        found = True
        read = list(islice(opened.lines, max_rows + _TITLE_LINES + 2))
        if len(read) > max_rows + _TITLE_LINES + 1:
            raise _too_many(max_rows)
        yield Sheet(opened.title, read, opened.merges, opened.hidden)
    if wanted and not found:
        raise Refused(f"文件里没有名为“{wanted}”的工作表。", code="table_no_sheet")


def _missing(columns: Iterable[Column], found: Mapping[int, Column]) -> list[str]:
    present = {column.key for column in found.values()}
    return [column.title for column in columns if column.required and column.key not in present]


def _table(
    sheet: Sheet,
    header_row: int,
    header: dict[int, Column],
    columns: Sequence[Column],
    year: int | None,
    max_rows: int,
    leave_hidden: bool,
) -> Table:
    known = {position: column for position, column in header.items() if not column.export_only}
    down, wide = _merge_maps(sheet, header_row, len(known))
    by_number = dict(sheet.lines)
    rows: list[Row] = []
    skipped: list[tuple[int, str]] = []
    hidden: list[int] = []
    groups = groups_read(sheet, header_row, known)
    titles = [clean_cell(cell) for cell in with_merged(sheet, header_row, line_at(sheet, header_row))]
    heading = heading_keys([clean_cell(cell) for cell in line_at(sheet, header_row)])
    for number, cells in sheet.lines:
        if number <= header_row:
            continue
        texts = [clean_cell(cell) for cell in cells]
        cells = answered(_filled_down(by_number, number, cells, down), groups)
        if not any(clean_cell(cells[position]) for position in known if position < len(cells)):
            if any(texts):
                skipped.append((number, next(filter(None, texts))))
            continue
        if heading_keys(texts) == heading:
            continue  # the heading again, at the top of a printed page
        if number in wide or is_noise(texts, len(known)):
            skipped.append((number, next(filter(None, texts), "")))
            continue
        if sheet.hidden.has_row(number):
            hidden.append(number)
            if leave_hidden:
                continue
        if len(rows) >= max_rows:
            raise _too_many(max_rows)
        rows.append(_row(sheet.title, number, cells, known, year))
    answers = {*header, *(at for words in groups.values() for at in words)}
    return Table(
        sheet.title,
        header_row,
        [column for _, column in sorted(known.items())],
        rows,
        [text for at, text in enumerate(titles) if text and at not in answers and text != ERROR_TITLE],
        skipped,
        {column.key: column.title for column in columns},
        hidden,
        [titles[at] for at in sorted(known) if at in sheet.hidden.columns and at < len(titles)],
    )


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
