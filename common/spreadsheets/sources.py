"""The sheets of an untrusted file, row by row, whatever kind of table it is."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import range_boundaries

from common.archives import open_archive, refuse_doctype
from common.errors import Refused

from .formats import Format, foreign_sheets, format_of
from .sheet import MAX_COLUMNS, MAX_UNPACKED, Hidden, Line, Merge
from .text import decode_text, text_lines
from .unsized import open_workbook
from .values import PercentNumber

_MOST_SHEETS = 60
_MAX_MERGES = 20_000
_BLANK_ROWS_END = 70_000
"""So many blank rows end a sheet whose rows are not numbered: more than a sheet of old Excel has in all."""


@dataclass(frozen=True)
class OpenSheet:
    """A visible sheet: its rows that hold anything come as they are asked for."""

    title: str
    lines: Iterator[Line]
    merges: list[Merge]
    hidden: Hidden = field(default_factory=Hidden)


def open_sheets(data: bytes, *, max_unpacked: int, percents: bool = False) -> Iterator[OpenSheet]:
    """Each visible sheet of a file.

    With `percents`, numbers that a cell shows as percent come as `PercentNumber`. Raises Refused for what is no table,
    damaged, locked, or made to do harm.
    """
    form = format_of(data)
    if form == Format.TEXT:
        yield OpenSheet("CSV", text_lines(decode_text(data)), [])
    elif form == Format.XLSX:
        yield from _workbook(data, max_unpacked, percents)
    else:
        for sheet in foreign_sheets(data, form)[:_MOST_SHEETS]:
            yield OpenSheet(sheet.title, iter(sheet.lines), sheet.merges[:_MAX_MERGES], sheet.hidden)


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
            layout = _layout(data, page._worksheet_path, max_unpacked)
            yield OpenSheet(page.title, _lines(page, percents, layout.last_row), layout.merges, layout.hidden)
    except Refused:
        raise
    except Exception as error:
        raise _damaged() from error


def _lines(page: Any, percents: bool, last_row: int | None) -> Iterator[Line]:
    last = 0
    rows = page.iter_rows(max_col=MAX_COLUMNS, max_row=last_row, values_only=not percents)
    try:
        for number, cells in enumerate(rows if last_row != 0 else (), start=1):
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


@dataclass
class _Layout:
    """What a sheet's XML tells that openpyxl's read-only mode leaves out: what is merged and hidden, the last row with a value."""

    merges: list[Merge] = field(default_factory=list)
    hidden: Hidden = field(default_factory=Hidden)
    last_row: int | None = 0
    """None where rows are not numbered."""


_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
_FORMULA = re.compile(rb"<c\s(?P<about>[^>]*)>\s*<f[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_HIDDEN_ROW = re.compile(rb"<row (?=[^>]*\bhidden=\"(?:1|true)\")[^>]*?\br=\"(\d{1,7})\"")
_HIDDEN_COLUMNS = re.compile(rb"<col (?=[^>]*\bhidden=\"(?:1|true)\")[^>]*>")
_ROW_NUMBER = re.compile(rb"<row [^>]*?\br=\"(\d{1,7})\"")


def _layout(data: bytes, path: str, max_unpacked: int) -> _Layout:
    """Look through a sheet's XML once. Raises Refused for formulas that no program computed: their cells look empty."""
    layout = _Layout()
    above: int | None = None
    with open_archive(io.BytesIO(data), max_unpacked=max_unpacked) as archive, archive.open(path) as member:
        rest = b""
        while chunk := member.read(1 << 20):
            text = rest + chunk
            end = 0
            # Looked for plainly first: a pattern alone takes ten seconds for a hundred thousand rows.
            for found in _FORMULA.finditer(text) if b"<f" in text else ():
                # An empty text that was computed is kept as such.
                if b't="str"' not in found["about"]:
                    raise _not_computed(found["about"])
            filled = max(text.rfind(mark) for mark in (b"<v>", b"<v ", b"<is>", b":v>", b":is>"))
            if filled >= 0:
                layout.last_row = _row_before(text, filled) or above
            for found in _HIDDEN_ROW.finditer(text) if b" hidden=" in text else ():
                layout.hidden.hide(int(found[1]), int(found[1]))
            for found in _HIDDEN_COLUMNS.finditer(text) if above is None and b"<col " in text else ():
                first, last = (int(re.search(rb'%s="(\d{1,5})"' % side, found[0])[1]) for side in (b"min", b"max"))  # type: ignore[index]
                layout.hidden.columns.update(range(first - 1, min(last, MAX_COLUMNS)))
            for found in _MERGED.finditer(text) if b"mergeCell" in text else ():
                if len(layout.merges) == _MAX_MERGES:
                    return layout
                first_column, first_row, last_column, last_row = range_boundaries(found[1].decode())
                layout.merges.append((first_column - 1, first_row, last_column - 1, last_row))
                end = found.end()
            above = _row_before(text, len(text)) or above
            rest = text[max(end, len(text) - 200) :]
    return layout


def _row_before(text: bytes, place: int) -> int | None:
    tag = text.rfind(b"<row ", 0, place)
    number = _ROW_NUMBER.match(text, tag) if tag >= 0 else None
    return int(number[1]) if number else None


def _not_computed(about: bytes) -> Refused:
    place = re.search(rb'r="([A-Z]{1,3}\d{1,7})"', about)
    where = f"（如 {place[1].decode()}）" if place else ""
    return Refused(
        f"表里有公式{where}还没有算出结果，读不出内容。请用 Excel 或 WPS 打开这个文件，保存一次后再导入。",
        code="table_formulas",
    )


def _damaged() -> Refused:
    return Refused("文件已损坏，读不出来。请用 Excel 或 WPS 打开后另存为 xlsx 再导入。", code="table_damaged")
