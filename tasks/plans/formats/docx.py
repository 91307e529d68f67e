"""Word documents: paragraphs and tables in the order of print, with the numbers Word draws, as the accepted text reads.

Read straight from WordprocessingML (ECMA-376, part 1, 17): insertions are taken, deletions and hidden text left out,
headers, footers, notes and comments are not part of the body, text boxes follow the paragraph they hang on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import limits
from tasks.plans.formats.building import DocumentBuilder, TableCell
from tasks.plans.formats.detection import Kind
from tasks.plans.formats.html import add_html, decode_page
from tasks.plans.formats.numbering import Numbering, W
from tasks.plans.formats.package import DAMAGED, Package

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
V = "{urn:schemas-microsoft-com:vml}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

ONLY_PICTURES = "文件里只有图片没有文字，请上传原来的Word文件，或先识别成文字再上传。"
NO_WORDS = "文件里没有文字，请检查后重新上传。"
EMBEDDED = "文档里嵌有其他文件（如Excel表格），嵌入的内容没有读取，请核对。"

# Wrappers whose content simply belongs to the paragraph or body.
TRANSPARENT = frozenset(
    W + name
    for name in [
        "ins",
        "moveTo",
        "hyperlink",
        "smartTag",
        "sdtContent",
        "fldSimple",
        "customXml",
        "dir",
        "bdo",
        "rubyBase",
        "txbxContent",
    ]
)
BREAKS = frozenset((W + "br", W + "cr"))
DASHES = {W + "noBreakHyphen": "-", W + "tab": "\t", W + "ptab": "\t"}


@dataclass(slots=True)
class Style:
    """What matters of a style: its name, parent, list, outline level and whether its text is hidden."""

    name: str = ""
    parent: str = ""
    list_id: str = ""
    list_level: int | None = None
    outline: int | None = None
    hidden: bool = False


@dataclass(slots=True)
class Line:
    """The text of a paragraph while it is gathered, with what hangs on it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    art: list[str] = field(default_factory=list)


def open_docx(name: str, package: Package) -> Document:
    """Opens a .docx (or .docm, .dotx; macros are never looked at). Raises UnreadableDocument."""
    builder = DocumentBuilder(name, Kind.DOCX)
    # Nearly always word/document.xml, but the package itself says which member is the document.
    main = dict(package.relations("").values()).get("officeDocument", "")
    part = main if main in package.names else "word/document.xml"
    relations = package.relations(part)
    body = package.xml(part).find(f"{W}body")
    if body is None:
        raise UnreadableDocument(DAMAGED)
    related = {kind: target for kind, target in relations.values() if target in package.names}
    styles = read_styles(package.xml(related["styles"])) if "styles" in related else {}
    numbering = Numbering(package.xml(related["numbering"]) if "numbering" in related else None)
    _Body(builder, package, relations, styles, numbering).blocks(body)
    if not builder.blocks:
        pictures = any(member.startswith("word/media/") for member in package.names)
        raise UnreadableDocument(ONLY_PICTURES if pictures else NO_WORDS)
    return builder.document()


def read_styles(root: Any) -> dict[str, Style]:
    styles = {}
    for element in root.iter(f"{W}style"):
        style = Style(name=_val(element.find(f"{W}name")).lower(), parent=_val(element.find(f"{W}basedOn")))
        style.hidden = _on(element.find(f"{W}rPr/{W}vanish"))
        properties = element.find(f"{W}pPr")
        if properties is not None:
            style.list_id = _val(properties.find(f"{W}numPr/{W}numId"))
            style.list_level = _number(properties.find(f"{W}numPr/{W}ilvl"))
            style.outline = _number(properties.find(f"{W}outlineLvl"))
        styles[element.get(f"{W}styleId", "")] = style
    return styles


def _val(element: Any | None) -> str:
    return "" if element is None else element.get(f"{W}val", "")


def _number(element: Any | None) -> int | None:
    value = _val(element)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


def _on(element: Any | None) -> bool:
    """A switch such as <w:vanish/> is on unless it says otherwise."""
    return element is not None and _val(element) not in ("0", "false", "off", "none")


class _Body:
    def __init__(
        self,
        builder: DocumentBuilder,
        package: Package,
        relations: dict[str, tuple[str, str]],
        styles: dict[str, Style],
        numbering: Numbering,
    ) -> None:
        self.builder = builder
        self.package = package
        self.relations = relations
        self.styles = styles
        self.numbering = numbering
        self._carried = ""  # text of a paragraph whose end mark was deleted: it runs on into the next

    def blocks(self, parent: Any, depth: int = 0) -> None:
        """Adds the paragraphs and tables under `parent` in order."""
        for element in self._children(parent, depth):
            if element.tag == f"{W}p":
                self._paragraph(element)
            elif element.tag == f"{W}tbl":
                self.builder.table(self._table(element, depth + 1))
            elif element.tag == f"{W}altChunk":
                self._foreign_part(element)
        if self._carried:
            self.builder.paragraph(self._carried)
            self._carried = ""

    def _children(self, parent: Any, depth: int) -> Iterator[Any]:
        """Block elements under `parent`, through content controls and accepted changes."""
        if depth > limits.DEPTH:
            raise UnreadableDocument(DAMAGED)
        for element in parent:
            tag = element.tag
            if tag == f"{W}sdt":
                gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
                content = element.find(f"{W}sdtContent")
                if _val(gallery) != "Table of Contents" and content is not None:
                    yield from self._children(content, depth + 1)
            elif tag in TRANSPARENT:
                yield from self._children(element, depth + 1)
            elif tag == f"{MC}AlternateContent":
                for choice in element[:1]:
                    yield from self._children(choice, depth + 1)
            elif tag in (f"{W}p", f"{W}tbl", f"{W}altChunk"):
                yield element

    # Paragraphs

    def _paragraph(self, element: Any) -> None:
        line = self.line_of(element)
        style_name = self._style_name(element)
        if style_name != "toc":
            text = "".join(line.pieces)
            if element.find(f"{W}pPr/{W}rPr/{W}del") is not None:
                self._carried += text
            else:
                text = self._carried + text
                self._carried = ""
                numbered = self._numbered(element, text)
                self.builder.paragraph(numbered if text.strip() else "", style=style_name)
        for words in line.art:
            self.builder.paragraph(words)
        for box in line.boxes:
            self.blocks(box)

    def line_of(self, element: Any) -> Line:
        line = Line()
        self._runs(element, line, 0)
        return line

    def _numbered(self, element: Any, text: str) -> str:
        """The text with the number of its list; Word numbers an empty paragraph too."""
        list_id, level = self._list_of(element)
        if list_id in ("", "0"):
            return text
        number = self.numbering.next_number(list_id, level)
        return number + text.lstrip() if number else text

    def _list_of(self, element: Any) -> tuple[str, int]:
        """The list and level of a paragraph: its own, else those of its style and the styles below it."""
        own = element.find(f"{W}pPr/{W}numPr")
        list_id = _val(own.find(f"{W}numId")) if own is not None else ""
        level = _number(own.find(f"{W}ilvl")) if own is not None else None
        style_id = _val(element.find(f"{W}pPr/{W}pStyle"))
        for chained_id, style in self._chain(style_id):
            if not list_id and style.list_id:
                list_id = style.list_id
                if level is None:
                    level = self.numbering.level_of_style(list_id, chained_id)
            if level is None:
                level = style.list_level
            if list_id and level is not None:
                break
        return list_id, min(level or 0, 8)

    def _chain(self, style_id: str) -> Iterator[tuple[str, Style]]:
        for _ in range(20):
            style = self.styles.get(style_id)
            if style is None:
                return
            yield style_id, style
            style_id = style.parent

    def _style_name(self, element: Any) -> str:
        """ "h1" to "h6" or "title" for headings, "toc" for lines of a table of contents, otherwise ""."""
        outline = _number(element.find(f"{W}pPr/{W}outlineLvl"))
        for _, style in self._chain(_val(element.find(f"{W}pPr/{W}pStyle"))):
            name = style.name
            if name.startswith(("toc ", "目录 ")):
                return "toc"
            if name in ("title", "标题"):
                return "title"
            level = name.removeprefix("heading ").removeprefix("标题 ")
            if level != name and level.isdigit() and 1 <= int(level) <= 6:
                return f"h{level}"
            if outline is None:
                outline = style.outline
        return f"h{outline + 1}" if outline is not None and outline < 6 else ""

    # Runs

    def _runs(self, parent: Any, line: Line, depth: int) -> None:
        if depth > limits.DEPTH:
            return
        for element in parent:
            tag = element.tag
            if tag == f"{W}r":
                if not self._is_hidden(element):
                    self._run(element, line, depth)
            elif tag in TRANSPARENT:
                self._runs(element, line, depth + 1)
            elif tag == f"{W}sdt":
                for content in element.iterchildren(f"{W}sdtContent"):
                    self._runs(content, line, depth + 1)
            elif tag == f"{MC}AlternateContent":
                for choice in element[:1]:
                    self._runs(choice, line, depth + 1)
            elif tag == f"{M}oMath" or tag == f"{M}oMathPara":
                line.pieces.extend(piece.text or "" for piece in element.iter(f"{M}t"))

    def _run(self, run: Any, line: Line, depth: int) -> None:
        for element in run:
            tag = element.tag
            if tag == f"{W}t":
                line.pieces.append(element.text or "")
            elif tag in BREAKS:
                line.pieces.append("\n")
            elif tag in DASHES:
                line.pieces.append(DASHES[tag])
            elif tag == f"{W}ruby":
                # Pinyin above the characters is not part of the words.
                for base in element.iterchildren(f"{W}rubyBase"):
                    self._runs(base, line, depth + 1)
            elif tag in (f"{W}drawing", f"{W}pict", f"{W}object", f"{MC}AlternateContent"):
                if tag == f"{W}object":
                    self.builder.warn(EMBEDDED)
                chosen = element[0] if tag == f"{MC}AlternateContent" and len(element) else element
                line.boxes.extend(_outermost_boxes(chosen))
                # The red heading of a letter is often drawn as word art.
                line.art.extend(art.get("string", "") for art in chosen.iter(f"{V}textpath"))

    def _is_hidden(self, run: Any) -> bool:
        properties = run.find(f"{W}rPr")
        if properties is None:
            return False
        vanish = properties.find(f"{W}vanish")
        if vanish is not None:
            return _on(vanish)
        return any(style.hidden for _, style in self._chain(_val(properties.find(f"{W}rStyle"))))

    # Tables

    def _table(self, table: Any, depth: int) -> list[TableCell]:
        """The cells of a table on its grid: gridSpan and vMerge become spans, nested tables lines of their cell."""
        if depth > 20:
            raise UnreadableDocument(DAMAGED)
        cells: list[TableCell] = []
        open_merges: dict[int, int] = {}  # column → index in `cells` of the cell that a vertical merge continues
        number = -1
        for row in self._parts(table, f"{W}tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            number += 1
            column = _number(row.find(f"{W}trPr/{W}gridBefore")) or 0
            for cell in self._parts(row, f"{W}tc"):
                wide = max(1, _number(cell.find(f"{W}tcPr/{W}gridSpan")) or 1)
                if column + wide > limits.COLUMNS or number > limits.ROWS:
                    raise UnreadableDocument(limits.TOO_LONG)
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                above = open_merges.get(column)
                if merge is not None and _val(merge) != "restart" and above is not None:
                    # Word shows nothing of what stands in a cell that continues a merge.
                    cells[above] = replace(cells[above], row_span=number - cells[above].row + 1)
                else:
                    if merge is not None:
                        open_merges[column] = len(cells)
                    else:
                        open_merges.pop(column, None)
                    cells.append(TableCell(number, column, self._cell_text(cell, depth), 1, wide))
                column += wide
        return cells

    def _parts(self, parent: Any, tag: str, depth: int = 0) -> Iterator[Any]:
        """Rows of a table or cells of a row, through content controls."""
        for element in parent:
            if element.tag == tag:
                yield element
            elif (element.tag == f"{W}sdt" or element.tag in TRANSPARENT) and depth < 20:
                yield from self._parts(element, tag, depth + 1)

    def _cell_text(self, cell: Any, depth: int) -> str:
        lines: list[str] = []
        for element in self._children(cell, depth):
            if element.tag == f"{W}p":
                line = self.line_of(element)
                lines.append(self._numbered(element, "".join(line.pieces)))
                lines.extend(self._cell_text(box, depth + 1) for box in line.boxes)
            elif element.tag == f"{W}tbl":
                lines.extend(_rows_as_lines(self._table(element, depth + 1)))
        return "\n".join(lines)

    def _foreign_part(self, element: Any) -> None:
        """Some systems export a .docx that only wraps a web page or a text."""
        _, target = self.relations.get(element.get(f"{R}id", ""), ("", ""))
        if target not in self.package.names:
            return
        if target.lower().endswith((".html", ".htm", ".xhtml")):
            add_html(self.builder, decode_page(self.package.read(target)))
        elif target.lower().endswith(".txt"):
            self.builder.paragraph(self.package.read(target).decode("utf-8", "replace"))


def _outermost_boxes(element: Any) -> Iterator[Any]:
    """The text boxes in a drawing; the same box drawn twice (new form and fallback) is taken once."""
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag == f"{MC}AlternateContent":
            yield from _outermost_boxes(child[0]) if len(child) else ()
        else:
            yield from _outermost_boxes(child)


def _rows_as_lines(cells: list[TableCell]) -> Iterator[str]:
    rows: dict[int, list[str]] = {}
    for cell in cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell.text.strip())
    return (" ".join(row) for row in rows.values())
