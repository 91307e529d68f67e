"""Web pages as saved from government sites: the words and tables of the document, nothing of the site's frame.

Nothing is fetched and no script runs. Sentences are never dropped: only link lists, navigation and page furniture.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import limits, text
from tasks.plans.formats.building import DocumentBuilder, TableCell, lines_in
from tasks.plans.formats.detection import Kind
from tasks.plans.formats.html_frame import HEADINGS, drop_frame, length_of

Element = Any  # lxml ships no types

# fmt: off
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul", "caption",
))
# fmt: on
CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.I)
SPACES = re.compile(r"[ \t\r\n\f]+")
LIST_NUMBERS = {"1": "{}. ", "a": "", "i": ""}


def open_html(name: str, data: bytes) -> Document:
    """Opens a web page; its charset is that of the byte-order mark, else UTF-8, else what it declares, else GB18030."""
    builder = DocumentBuilder(name, Kind.HTML)
    add_html(builder, decode_page(data))
    return builder.document()


def decode_page(data: bytes) -> str:
    if not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        declared = CHARSET.search(data[:8192])
        if declared and declared[1].lower() == b"big5":
            return data.decode("big5hkscs", "replace")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            # One broken character in a long page is no reason to read all of it in the wrong encoding.
            if declared and declared[1].lower() in (b"utf-8", b"utf8"):
                return data.decode("utf-8", "replace")
            if declared and declared[1].lower() in (b"gb2312", b"gbk", b"gb18030"):
                return data.decode("gb18030", "replace")
    return text.decode(data)


def add_html(builder: DocumentBuilder, page: str) -> None:
    """Adds the paragraphs and tables of a page or fragment. Raises UnreadableDocument when it holds no words."""
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    page = re.sub(r"^\s*<\?xml[^>]*\?>", "", page.lstrip("\ufeff"))
    if page.count("<") > limits.TAGS:
        raise UnreadableDocument(limits.TOO_LONG)
    root = etree.fromstring(page, parser)
    if root is None:
        raise UnreadableDocument(text.NOT_TEXT)
    body = root.find("body")
    body = root if body is None else body
    drop_frame(body, builder.watch)
    _Flow(builder).children(body)
    title = root.findtext("head/title")
    if not builder.blocks and title and not len(body):
        raise UnreadableDocument(text.NOT_TEXT)


class _Flow:
    """Walks the page in reading order and cuts it into paragraphs at block elements and line breaks."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self.builder = builder
        self.line: list[str] = []

    def children(self, element: Element, style: str = "", depth: int = 0) -> None:
        if depth > limits.DEPTH:
            self.line.append("".join(element.itertext()))
            self.flush(style)
            return
        self._text(element.text)
        for child in element:
            self._child(child, style, depth + 1)
            self._text(child.tail)
        if element.tag in BLOCKS:
            self.flush(style)

    def _child(self, child: Element, style: str, depth: int) -> None:
        tag = child.tag
        if tag == "br":
            self.flush(style)
        elif tag == "table":
            self.flush(style)
            if is_layout(child):
                self.children(child, style, depth)
            else:
                caption = child.find("caption")
                if caption is not None:
                    self.children(caption, style, depth)
                self.builder.table(table_cells(child))
        elif tag in BLOCKS:
            self.flush(style)
            if tag == "li":
                self._list_number(child)
            self.children(child, tag if tag in HEADINGS else style, depth)
        else:
            self.children(child, style, depth)

    def _list_number(self, item: Element) -> None:
        """The number a browser draws before an item of an ordered list is part of the document."""
        parent = item.getparent()
        if parent.tag != "ol" or "none" in (parent.get("style") or ""):
            return
        numbering = LIST_NUMBERS.get((parent.get("type") or "1").lower(), "")
        position = sum(1 for _ in item.itersiblings("li", preceding=True))
        start = parent.get("start") or "1"
        if numbering and start.isdigit():
            self.line.append(numbering.format(int(start) + position))

    def _text(self, piece: str | None) -> None:
        if piece:
            self.line.append(piece)

    def flush(self, style: str) -> None:
        # Lines of the source file mean nothing in a page; inside Chinese text they are not even a space.
        line = SPACES.sub(_space, "".join(self.line))
        self.line.clear()
        self.builder.paragraph(line.strip(" "), style=style)


def _space(match: re.Match[str]) -> str:
    if "\n" not in match[0]:
        return " "
    # One character on each side; a slice of the whole line for every space would cost the square of its length.
    before, after = match.string[max(match.start() - 1, 0) : match.start()], match.string[match.end() : match.end() + 1]
    return "" if before > "\u2e80" and after > "\u2e80" else " "


def is_layout(table: Element) -> bool:
    """Whether a table only arranges the page: it holds other tables, one row, or one column."""
    if table.get("role") in ("presentation", "none"):
        return True
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in _own_rows(table)]
    rows = [row for row in rows if any(length_of(cell) for cell in row)]
    if max((len(row) for row in rows), default=0) < 2:
        return True
    nested = sum(length_of(inner) for inner in table.iterdescendants("table") if _nearest_table(inner) is table)
    if nested * 2 > length_of(table):
        return True
    return len(rows) < 2 and not any(cell.tag == "th" for cell in rows[0])


def _nearest_table(element: Element) -> Element:
    return next(element.iterancestors("table"))


def _own_rows(table: Element) -> list[Element]:
    return [row for row in table.iter("tr") if _nearest_table(row) is table]


def table_cells(table: Element) -> list[TableCell]:
    """The cells of a data table on their grid; rowspan and colspan are honoured and overlaps are pushed right."""
    cells: list[TableCell] = []
    taken: dict[int, set[int]] = {}
    rows = _own_rows(table)
    if len(rows) > limits.ROWS:
        raise UnreadableDocument(limits.TOO_LONG)
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while column in taken.get(number, ()):
                column += 1
            if column >= limits.COLUMNS:
                raise UnreadableDocument(limits.TOO_LONG)
            wide = _span(cell.get("colspan"), limits.COLUMNS - column)
            high = _span(cell.get("rowspan"), len(rows) - number)
            for below in range(number, number + high):
                taken.setdefault(below, set()).update(range(column, column + wide))
            cells.append(TableCell(number, column, cell_words(cell), high, wide))
            column += wide
        taken.pop(number, None)
    return cells


def _span(value: str | None, most: int) -> int:
    if value is None or not value.strip().isdigit():
        return 1
    # rowspan="0" means to the end of the table.
    return max(1, min(int(value.strip()[:6]) or most, most))


def cell_words(cell: Element) -> str:
    """The text of one cell; its paragraphs, breaks and nested rows become lines."""
    inner = DocumentBuilder("", "")
    flow = _Flow(inner)
    flow.children(cell)
    flow.flush("")
    return lines_in(inner)
