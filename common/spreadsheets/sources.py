"""The sheets of an untrusted file, row by row, whatever kind of table it is."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from openpyxl.utils import range_boundaries

from common.archives import open_archive, refuse_doctype
from common.errors import Refused

from .formats import Format, foreign_sheets, format_of
from .sheet import MAX_COLUMNS, MAX_UNPACKED, Line, Merge
from .text import decode_text, text_lines
from .unsized import open_workbook
from .values import PercentNumber

_MOST_SHEETS = 60
_MAX_MERGES = 20_000
_BLANK_ROWS_END = 70_000
"""So many blank rows end a sheet: more than a sheet of old Excel has, which people drag formats down to."""

OpenSheet = tuple[str, Iterator[Line], list[Merge]]


def open_sheets(data: bytes, *, max_unpacked: int, percents: bool = False) -> Iterator[OpenSheet]:
    """Each visible sheet: its title, its rows that hold anything as they are asked for, its merged ranges.

    With `percents`, numbers that a cell shows as percent come as `PercentNumber`. Raises Refused for what is no table,
    damaged, locked, or made to do harm.
    """
    form = format_of(data)
    if form == Format.TEXT:
        yield "CSV", text_lines(decode_text(data)), []
    elif form == Format.XLSX:
        yield from _workbook(data, max_unpacked, percents)
    else:
        for sheet in foreign_sheets(data, form)[:_MOST_SHEETS]:
            yield sheet.title, iter(sheet.lines), sheet.merges[:_MAX_MERGES]


def _workbook(data: bytes, max_unpacked: int, percents: bool) -> Iterator[OpenSheet]:
    with open_archive(io.BytesIO(data), max_unpacked=max_unpacked) as archive:
        # The sheets go by row by row; all the rest, the table of shared texts above all, is held in memory.
        held = sum(one.file_size for one in archive.infolist() if not one.filename.startswith("xl/worksheets/"))
        if held > MAX_UNPACKED:
            raise Refused("文件解开后过大，为安全起见不予接收。请删去多余内容后另存一份再上传。", code="file_bomb")
        refuse_doctype(archive, [name for name in archive.namelist() if name.endswith((".xml", ".rels"))])
    try:
        book = open_workbook(io.BytesIO(data))
        for page in [page for page in book.worksheets if page.sheet_state == "visible"][:_MOST_SHEETS]:
            merges = list(_merges(data, page._worksheet_path, max_unpacked))
            yield page.title, _lines(page, percents), merges
    except Refused:
        raise
    except Exception as error:
        raise _damaged() from error


def _lines(page: Any, percents: bool) -> Iterator[Line]:
    last = 0
    try:
        for number, cells in enumerate(page.iter_rows(max_col=MAX_COLUMNS, values_only=not percents), start=1):
            values = [_value(cell) for cell in cells] if percents else list(cells)
            while values and values[-1] in (None, ""):
                values.pop()
            if values:
                last = number
                yield number, values
            elif number - last > _BLANK_ROWS_END:
                return
    except (Refused, GeneratorExit):
        raise
    except Exception as error:
        # A damaged workbook makes openpyxl fail in as many ways as there are elements.
        raise _damaged() from error


def _value(cell: Any) -> object:
    value = cell.value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and "%" in str(cell.number_format):
        return PercentNumber(value)
    return value


def _merges(data: bytes, path: str, max_unpacked: int) -> Iterator[Merge]:
    """The merged ranges of a sheet, which openpyxl's read-only mode leaves out."""
    pattern = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
    count = 0
    with open_archive(io.BytesIO(data), max_unpacked=max_unpacked) as archive, archive.open(path) as member:
        rest = b""
        while chunk := member.read(1 << 20):
            text = rest + chunk
            end = 0
            # Looked for plainly first: the pattern alone takes ten seconds for a hundred thousand rows.
            for found in pattern.finditer(text) if b"mergeCell" in text else ():
                count += 1
                if count > _MAX_MERGES:
                    return
                first_column, first_row, last_column, last_row = range_boundaries(found[1].decode())
                yield first_column - 1, first_row, last_column - 1, last_row
                end = found.end()
            rest = text[max(end, len(text) - 200) :]


def _damaged() -> Refused:
    return Refused("文件已损坏，读不出来。请用 Excel 或 WPS 打开后另存为 xlsx 再导入。", code="table_damaged")
