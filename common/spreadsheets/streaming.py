"""Reading a table row by row, for files whose headings a person maps and whose rows may be a hundred thousand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from common.errors import Refused

from . import reading
from .columns import Column, Kind, match_header
from .headings import answered, find_heading, groups_read, heading_keys, is_turned, ticked_groups, titles_of
from .noise import is_noise
from .results import ERROR_TITLE, CellError
from .sheet import Line, Sheet
from .sources import open_sheets
from .values import clean_cell, read_value

MAX_STREAMED_ROWS = 200_000
MAX_UNPACKED = 400 * 1024 * 1024
"""What the XML of a file read row by row may unpack to: a register's row with all its columns takes 1.6 KB."""
_LOOKED_AT = 60
SAMPLES = 3


@dataclass(frozen=True)
class Heading:
    """Where the table begins: sheet, number of the heading row, its titles by position, the first rows beneath.

    `sheets` are all that have the very same headings, with the number of the heading row, in the file's order;
    `left_out` the others that hold something; `above` what stands over the heading: title, who reports, and when; `sections` lines that head the rows below them.
    """

    sheet: str
    row: int
    titles: list[str]
    samples: list[list[str]]
    sheets: dict[str, int]
    left_out: list[str]
    above: list[str]
    sections: list[str]


@dataclass(frozen=True)
class StreamedRow(reading.Row):
    """A row together with all that stood in it, also under headings that are not read, and where it stands.

    `section` is the last line above that heads the rows below it; a `hidden` row nobody sees on the screen.
    """

    cells: tuple[str, ...] = ()
    sheet: str = ""
    place: str = ""
    section: str = ""
    hidden: bool = False


def read_heading(data: bytes, columns: Sequence[Column]) -> Heading:
    """Find the heading row of a table by looking at the first rows of its sheets only.

    The row that names most of `columns` wins; where none is named, the fullest of the first rows. Raises Refused
    where the file is of no use at all.
    """
    found: list[tuple[Sheet, int, int]] = []
    for opened in open_sheets(data, max_unpacked=MAX_UNPACKED):
        sheet = Sheet(opened.title, list(islice(opened.lines, _LOOKED_AT)), opened.merges)
        if sheet.lines:
            row, named = find_heading(sheet, columns)
            found.append((sheet, row, len(named)))
    if not found:
        raise Refused("表里没有内容。请检查后重新选择。", code="table_no_rows")
    sheet, row, named_here = max(found, key=lambda one: one[2])
    if named_here <= 1 and is_turned(sheet, columns):
        raise Refused("这张表的列名排在一列里，一条记录占一列。请转置成一条记录占一行再导入。", code="table_turned")
    if not named_here:
        row = max(sheet.lines[:5], key=lambda line: sum(bool(clean_cell(cell)) for cell in line[1]))[0]
    titles = titles_of(sheet, row, columns)
    wide = reading._merge_maps(sheet, row, sum(map(bool, titles)))[1]
    ticked = ticked_groups(sheet, row, columns)
    below = {
        number: [clean_cell(cell) for cell in answered(cells, ticked)] for number, cells in sheet.lines if number > row
    }
    samples = [texts for number, texts in below.items() if number not in wide]
    if not samples:
        raise Refused("表头下面没有数据行。请填好内容再上传。", code="table_no_rows")
    alike = {
        other.title: at
        for other, at, named in found
        if other is sheet or (named and named == named_here and titles_of(other, at, columns) == titles)
    }
    return Heading(
        sheet.title,
        row,
        [title if title != ERROR_TITLE else "" for title in titles],
        samples[:SAMPLES],
        alike | {sheet.title: row},
        [other.title for other, _, _ in found if other.title not in alike],
        [clean_cell(cell) for number, cells in sheet.lines if number < row for cell in cells if clean_cell(cell)],
        [text for number in sorted(wide & set(below)) if (text := _section(below[number]))],
    )


def _section(texts: Sequence[str]) -> str:
    """What a line over the whole table says of the rows below it, without its number: 一、黑石沟煤矿 is 黑石沟煤矿."""
    return re.sub(r"^[(（]?[\d一二三四五六七八九十]{1,3}[)）、.．]\s*", "", next(filter(None, texts), ""))


def iter_rows(
    data: bytes,
    header: Mapping[int, Column],
    *,
    sheets: Mapping[str, int],
    max_rows: int = MAX_STREAMED_ROWS,
    skipped: list[tuple[str, str]] | None = None,
) -> Iterator[StreamedRow]:
    """Yield the rows of some sheets, each given with the number of its heading row.

    `header` says which position (from 0) holds which column, in all of them. Merged cells count in every row that they
    cover; lines that hold no record are left out, and added to `skipped` with where they stand. One row is held at a
    time.
    """
    read = 0
    for opened in open_sheets(data, max_unpacked=MAX_UNPACKED):
        if opened.title in sheets:
            read += 1
            where = f"“{opened.title}”" if len(sheets) > 1 else ""
            sheet = Sheet(opened.title, [], opened.merges, opened.hidden)
            yield from _rows(sheet, opened.lines, header, sheets[opened.title], max_rows, where, skipped)
    if not read:
        raise Refused(f"文件里没有名为“{'、'.join(sheets)}”的工作表。", code="table_no_sheet")


def _rows(
    sheet: Sheet,
    lines: Iterator[Line],
    header: Mapping[int, Column],
    header_row: int,
    max_rows: int,
    where: str,
    skipped: list[tuple[str, str]] | None,
) -> Iterator[StreamedRow]:
    down, wide = reading._merge_maps(sheet, header_row, len(header))
    origins = set(down.values())
    kept: dict[int, list[object]] = {}
    heading: list[str] = []
    groups: dict[int, dict[int, str]] = {}
    count, section = 0, ""
    for number, cells in lines:
        if number <= header_row:
            sheet.lines.append((number, cells))
            if number == header_row:
                heading = heading_keys([clean_cell(cell) for cell in cells])
                groups = groups_read(sheet, header_row, header)
            continue
        if down:
            cells = reading._filled_down(kept, number, cells, down)
            if number in origins:
                kept[number] = cells
        if groups:
            cells = answered(cells, groups)
        texts = tuple(clean_cell(cell) for cell in cells)
        if heading_keys(texts[:1]) == heading[:1] != []:
            continue  # the heading again, at the top of a printed page
        place = f"{where}第 {number} 行"
        if (
            number in wide
            or is_noise(texts, len(header))
            or not any(texts[position] for position in header if position < len(texts))
        ):
            if number in wide or sum(map(bool, texts)) == 1:
                section = _section(texts)
            if skipped is not None and any(texts):
                skipped.append((place, next(filter(None, texts))))
            continue
        count += 1
        if count > max_rows:
            raise reading._too_many(max_rows)
        hidden = sheet.hidden.has_row(number)
        yield _row(StreamedRow(number, {}, {}, [], texts, sheet.title, place, section, hidden), cells, header)


def _row(row: StreamedRow, cells: Sequence[object], header: Mapping[int, Column]) -> StreamedRow:
    """The same as for a whole table, but every cell is cleaned once only: it is half of the work."""
    texts = row.cells
    for position, column in header.items():
        there = position < len(texts)
        text = texts[position] if there else ""
        row.texts[column.key] = text
        plain = column.kind == Kind.TEXT and (not there or isinstance(cells[position], str))
        try:
            if plain and text[:1] != "#" and (column.max_length is None or len(text) <= column.max_length):
                row.values[column.key] = text or None
            else:
                row.values[column.key] = read_value(cells[position] if there else None, column)
        except ValueError as error:
            row.values[column.key] = None
            row.errors.append(CellError(row.sheet, row.number, column.title, text, f"{error}。"))
    return row


def propose_columns(titles: Sequence[str], columns: Sequence[Column]) -> dict[int, str]:
    """Which position of a heading row seems to name which column, by titles and their aliases."""
    return {position: column.key for position, column in match_header(titles, columns).items()}
