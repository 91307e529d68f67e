"""Web pages and XML that systems export under the name .xls."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from lxml import etree, html

from common.errors import Refused
from common.spreadsheets.sheet import MAX_COLUMNS, Merge, Sheet
from common.spreadsheets.text import decode_text

_MOST_ROWS = 200_000
_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def html_sheets(data: bytes) -> list[Sheet]:
    """Every table of the page that holds no further table, as a sheet of its own."""
    text = re.sub(r"^\s*<\?xml[^>]*>", "", decode_text(data))
    page = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, huge_tree=False))
    tables = [table for table in page.iter("table") if table.find(".//table") is None]
    return [_table(table, f"表格{number}") for number, table in enumerate(tables, start=1)]


def xml_sheets(data: bytes) -> list[Sheet]:
    """The visible sheets of an "XML spreadsheet 2003"."""
    if re.search(rb"<!(DOCTYPE|ENTITY)", data.replace(b"\x00", b""), re.IGNORECASE):
        raise Refused("文件内含不安全的定义，不予接收。请打开后另存一份再上传。", code="file_unsafe")
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    book = etree.fromstring(data, parser)
    return [
        _worksheet(sheet)
        for sheet in book.iter(f"{_SS}Worksheet")
        if not any(hidden.text in ("SheetHidden", "SheetVeryHidden") for hidden in sheet.iter("{*}Visible"))
    ]


class _Grid:
    """Cells that are placed one after another around those that reach down from above."""

    def __init__(self, title: str) -> None:
        self.sheet = Sheet(title, [], [])
        self.taken: dict[int, int] = {}
        """Column → the last row that a cell from above covers."""

    def row(self, number: int, cells: list[tuple[int | None, int, int, object]]) -> None:
        """One row's cells: column where it is named, columns and rows covered, value."""
        if number > _MOST_ROWS:
            raise Refused("表格过大。请拆成几个文件分别导入。", code="table_too_long")
        values: list[object] = []
        column = 0
        for place, wide, high, value in cells:
            column = place if place is not None else column
            while place is None and self.taken.get(column, 0) >= number:
                column += 1
            if column >= MAX_COLUMNS:
                break
            wide = min(wide, MAX_COLUMNS - column)
            values += [None] * (column + 1 - len(values))
            values[column] = value
            if wide > 1 or high > 1:
                merge: Merge = (column, number, column + wide - 1, number + high - 1)
                self.sheet.merges.append(merge)
                self.taken |= dict.fromkeys(range(column, column + wide), number + high - 1)
            column += wide
        if any(value not in (None, "") for value in values):
            self.sheet.lines.append((number, values))


def _table(table: Any, title: str) -> Sheet:
    grid = _Grid(title)
    for number, row in enumerate(table.iter("tr"), start=1):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        grid.row(number, [(None, _span(cell, "colspan"), _span(cell, "rowspan"), _words(cell)) for cell in cells])
    return grid.sheet


def _span(cell: Any, name: str) -> int:
    digits = re.match(r"\d{1,5}", cell.get(name) or "")
    return max(1, int(digits[0])) if digits else 1


def _words(cell: Any) -> str:
    for line_break in cell.iter("br"):
        line_break.tail = f"\u2028{line_break.tail or ''}"
    # A new line in the page's source is a space; only <br> begins a line.
    return "\n".join(" ".join(line.split()) for line in cell.text_content().split("\u2028")).strip()


def _worksheet(sheet: Any) -> Sheet:
    grid = _Grid(sheet.get(f"{_SS}Name") or "")
    number = 0
    for row in sheet.iter(f"{_SS}Row"):
        number = _index(row) or number + 1
        if row.get(f"{_SS}Hidden") == "1":
            grid.sheet.hidden.hide(number, number)
        cells: list[tuple[int | None, int, int, object]] = []
        for cell in row.iter(f"{_SS}Cell"):
            place = _index(cell)
            wide, high = (1 + int(cell.get(f"{_SS}{name}") or 0) for name in ("MergeAcross", "MergeDown"))
            cells.append((place - 1 if place else None, wide, high, _data(cell.find(f"{_SS}Data"))))
        grid.row(number, cells)
    return grid.sheet


def _index(node: Any) -> int | None:
    written = node.get(f"{_SS}Index")
    return int(written) if written else None


def _data(node: Any) -> object:
    if node is None:
        return None
    text = "".join(node.itertext())
    kind = node.get(f"{_SS}Type")
    if kind == "Number":
        return float(text)
    if kind == "DateTime":
        return dt.datetime.fromisoformat(text[:19])
    return text
