"""Web pages as saved from government sites: the words and tables of the document, nothing of the site's frame.

Nothing is fetched and no script runs. Sentences are never dropped: only link lists, navigation and page furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import limits, text
from tasks.plans.formats.building import DocumentBuilder, TableCell
from tasks.plans.formats.detection import Kind

Element = Any  # lxml ships no types

DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "map",
        "head",
        "link",
        "meta",
        "nav",
        "footer",
        "select",
        "option",
        "datalist",
        "button",
        "input",
        "textarea",
        "label",
        "rt",
        "rp",
        "del",
        "dialog",
        "menu",
        "frameset",
        "noframes",
    ]
)
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
FURNITURE_TAGS = frozenset(("div", "ul", "ol", "dl", "table", "section", "header", "aside", "form", "p", "span"))
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
# Names that site templates give to what surrounds an article.
FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:nav\w*|menu\w*|foot\w*|breadcrumb\w*|crumbs?|share\w*|sidebar\w*|copyright\w*|toolbar\w*|login\w*|"
    r"search\w*|related\w*|recommend\w*|pag(?:er|ination)\w*|friendlink\w*|links?|qrcode\w*|ewm|position|location|"
    r"bdsharebuttonbox|prevnext|banner\w*|logo\w*|topbar\w*)(?:$|[-_\s])",
    re.I,
)
SENTENCE_END = re.compile(r"[。；;：:！？]")
DUTY = re.compile(r"责任|牵头|时限|[一二三四五六七八九十]、|[（(][一二三四五六七八九十]+[)）]")
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
    _drop_invisible(body)
    _drop_furniture(body, builder.watch)
    _Flow(builder).children(body)
    title = root.findtext("head/title")
    if not builder.blocks and title and not len(body):
        raise UnreadableDocument(text.NOT_TEXT)


def _drop(element: Element) -> None:
    """Takes an element out and leaves the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


class _Sizes:
    """How many characters each element holds, how many of them in links, and in how many links; counted once."""

    def __init__(self, body: Element) -> None:
        self.elements = list(body.iter())
        self.length = dict.fromkeys(self.elements, 0)
        self.linked = dict.fromkeys(self.elements, 0)
        self.links = dict.fromkeys(self.elements, 0)
        for element in reversed(self.elements):  # children come before their parents
            self.length[element] += len((element.text or "").strip())
            if element.tag == "a":
                self.linked[element] = self.length[element]
                self.links[element] += 1
            parent = element.getparent()
            if parent in self.length:
                self.length[parent] += self.length[element] + len((element.tail or "").strip())
                self.linked[parent] += self.linked[element]
                self.links[parent] += self.links[element]

    def unlinked(self, element: Element) -> int:
        return self.length[element] - self.linked[element]


def _drop_invisible(body: Element) -> None:
    sizes = _Sizes(body)
    for element in sizes.elements:
        if element is body:
            continue
        if not isinstance(element.tag, str):
            _drop(element)
        elif element.tag in DROPPED:
            if element.tag != "label" or sizes.length[element] <= 20:
                _drop(element)
        elif _is_hidden(element) and sizes.length[element] * 3 < sizes.length[body]:
            # The bound is there because some sites hide the whole article until a script shows it.
            _drop(element)


def _is_hidden(element: Element) -> bool:
    return bool(HIDDEN.search(element.get("style") or "")) or element.get("hidden") is not None


def _drop_furniture(body: Element, watch: limits.Watch) -> None:
    """Drops lists of links, and what templates name as navigation unless it holds a document's words."""
    sizes = _Sizes(body)
    article = _article(body, sizes)
    above = set(article.iterancestors()) | {article, body}
    for element in sizes.elements:
        if element.tag not in FURNITURE_TAGS or element in above:
            continue
        watch.check()
        links = element.tag not in ("p", "span") and _is_link_list(element, sizes)
        if links or (FURNITURE.search(_template_name(element)) and not _holds_document_words(element)):
            _drop(element)


def _template_name(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _is_link_list(element: Element, sizes: _Sizes) -> bool:
    links, linked = sizes.links[element], sizes.linked[element]
    if links < 3 or linked < 0.7 * sizes.length[element] or linked / links >= 60:
        return False
    return "附件" not in "".join(element.itertext())


def _article(body: Element, sizes: _Sizes) -> Element:
    """The innermost element that holds nine tenths of the page's text outside links."""
    article, total = body, sizes.unlinked(body)
    while True:
        inner = [child for child in article if sizes.unlinked(child) >= 0.9 * total]
        if not inner or not total:
            return article
        article = inner[0]


def _holds_document_words(element: Element) -> bool:
    """Whether the element holds a heading, prose, or words of duty; then its name does not matter."""
    if next(element.iter(*HEADINGS), None) is not None:
        return True
    prose = "".join(_unlinked(element))
    long_sentence = any(len(part) > 30 for part in SENTENCE_END.split(prose)[:-1])
    return long_sentence or len(prose) > 200 or bool(DUTY.search(prose))


def _unlinked(element: Element) -> Iterator[str]:
    if element.tag == "a":
        return
    if element.text:
        yield element.text.strip()
    for child in element:
        yield from _unlinked(child)
        if child.tail:
            yield child.tail.strip()


def _length(element: Element) -> int:
    return sum(len(piece.strip()) for piece in element.itertext())


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
    rows = [row for row in rows if any(_length(cell) for cell in row)]
    if max((len(row) for row in rows), default=0) < 2:
        return True
    nested = sum(_length(inner) for inner in table.iterdescendants("table") if _nearest_table(inner) is table)
    if nested * 2 > _length(table):
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
    lines: list[str] = []
    last_row: tuple[int, int] | None = None
    for block in inner.blocks:
        row = (block.cell.table, block.cell.row) if block.cell else None
        if row is not None and row == last_row:
            lines[-1] = f"{lines[-1]} {block.text}".strip()
        else:
            lines.append(block.text)
        last_row = row
    return "\n".join(lines)
