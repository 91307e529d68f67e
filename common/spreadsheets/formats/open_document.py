"""OpenDocument spreadsheets (.ods), as LibreOffice and WPS on Linux write them."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from lxml import etree

from common.archives import open_archive
from common.errors import Refused
from common.spreadsheets.sheet import MAX_COLUMNS, MAX_UNPACKED, Merge, Sheet
from common.spreadsheets.values import PercentNumber

_SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
_MOST_CELLS = 2_000_000


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"


_TABLE, _ROW, _STYLE = _tag("table:table"), _tag("table:table-row"), _tag("style:style")
_COLUMN = _tag("table:table-column")
_CELL, _COVERED = _tag("table:table-cell"), _tag("table:covered-table-cell")


def document_sheets(data: bytes) -> list[Sheet]:
    """The visible sheets, read row by row."""
    with open_archive(io.BytesIO(data), max_unpacked=MAX_UNPACKED) as archive, archive.open("content.xml") as member:
        return _Reader().read(member)


class _Reader:
    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.hidden: set[str] = set()
        self.cells = 0
        self.row = 0
        self.column = 0

    def read(self, member: Any) -> list[Sheet]:
        visible: list[Sheet] = []
        depth = 0
        events = etree.iterparse(
            member, events=("start", "end"), tag=(_TABLE, _ROW, _COLUMN, _STYLE), resolve_entities=False, load_dtd=False, no_network=True
        )  # fmt: skip
        for event, node in events:
            if node.tag == _STYLE:
                self.style(node)
            elif node.tag == _TABLE:
                # A table inside a cell is part of that cell, not a sheet.
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1:
                    self.row = self.column = 0
                    sheet = Sheet(node.get(_tag("table:name"), ""), [], [])
                    if node.get(_tag("table:style-name")) not in self.hidden:
                        visible.append(sheet)
                    self.sheets.append(sheet)
            elif node.tag == _COLUMN:
                if event == "end" and depth == 1:
                    self.columns(node, self.sheets[-1])
            elif event == "end" and depth == 1:
                self.line(node, self.sheets[-1])
                node.clear()
        return visible

    def style(self, node: Any) -> None:
        shown = node.find(_tag("style:table-properties"))
        if shown is not None and shown.get(_tag("table:display")) == "false":
            self.hidden.add(node.get(_tag("style:name")))

    def columns(self, node: Any, sheet: Sheet) -> None:
        repeated = min(int(node.get(_tag("table:number-columns-repeated"), 1)), MAX_COLUMNS)
        if node.get(_tag("table:visibility")) in ("collapse", "filter"):
            sheet.hidden.columns.update(range(self.column, self.column + repeated))
        self.column += repeated

    def line(self, node: Any, sheet: Sheet) -> None:
        """One row, as often as it is repeated; the blank ones below a table are repeated a million times."""
        cells: list[object] = []
        repeated = int(node.get(_tag("table:number-rows-repeated"), 1))
        for cell in node:
            if cell.tag not in (_CELL, _COVERED):
                continue
            times = int(cell.get(_tag("table:number-columns-repeated"), 1))
            if len(cells) >= MAX_COLUMNS:
                break
            if merge := self.merge(cell, len(cells)):
                sheet.merges.append(merge)
            cells += [_value(cell) if cell.tag == _CELL else None] * min(times, MAX_COLUMNS - len(cells))
        while cells and cells[-1] in (None, ""):
            cells.pop()
        if cells and node.get(_tag("table:visibility")) in ("collapse", "filter"):
            sheet.hidden.hide(self.row + 1, self.row + repeated)
        if cells:
            self.cells += repeated * len(cells)
            if self.cells > _MOST_CELLS:
                raise Refused("表格过大。请拆成几个文件分别导入。", code="table_too_long")
            sheet.lines.extend((self.row + one, list(cells)) for one in range(1, repeated + 1))
        self.row += repeated

    def merge(self, cell: Any, column: int) -> Merge | None:
        wide = int(cell.get(_tag("table:number-columns-spanned"), 1))
        high = int(cell.get(_tag("table:number-rows-spanned"), 1))
        return (column, self.row + 1, column + wide - 1, self.row + high) if wide > 1 or high > 1 else None


def _value(cell: Any) -> object:
    kind, value = cell.get(_tag("office:value-type")), cell.get(_tag("office:value"))
    if kind == "date" and (day := cell.get(_tag("office:date-value"))):
        return dt.datetime.fromisoformat(day[:19])
    if kind == "percentage" and value:
        return PercentNumber(value)
    if kind in ("float", "currency") and value:
        return float(value)
    # Only the cell's own paragraphs: a comment or a picture in it has paragraphs as well.
    return "\n".join(_words(one) for one in cell.findall(_tag("text:p"))) or None


def _words(paragraph: Any) -> str:
    words = [paragraph.text or ""]
    for child in paragraph:
        if child.tag == _tag("text:s"):
            words.append(" " * min(int(child.get(_tag("text:c"), 1)), 100))
        elif child.tag == _tag("text:line-break"):
            words.append("\n")
        elif child.tag in (_tag("text:span"), _tag("text:a")):
            words.append(_words(child))
        words.append(child.tail or "")
    return "".join(words)
