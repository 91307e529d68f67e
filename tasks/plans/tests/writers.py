"""Writes a plan given as plain text (tables as Markdown rows) into the formats that offices send.

The files look like those of real offices: automatic numbers in Word, title rows above Excel tables, wrapped lines,
page headers and page numbers in PDF, navigation around a web page.
"""

from __future__ import annotations

import html
import io
import re
from dataclasses import dataclass, field

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import KeepTogether, SimpleDocTemplate, Spacer
from reportlab.platypus import Paragraph as Flowing
from reportlab.platypus import Table as FlowingTable

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass
class Paragraph:
    text: str


@dataclass
class Table:
    rows: list[list[str]]
    merges: list[Merge] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max(len(row) for row in self.rows)


Part = Paragraph | Table


def parts_of(text: str) -> list[Part]:
    """The paragraphs and Markdown tables of a text; <p> and <br> in a cell become line feeds."""
    parts: list[Part] = []
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("|"):
            cells = [_cell(cell) for cell in line.strip("|").split("|")]
            if all(set(cell) <= set("-: ") and cell for cell in cells):
                continue
            if not parts or not isinstance(parts[-1], Table):
                parts.append(Table([]))
            parts[-1].rows.append(cells)
        elif line:
            parts.append(Paragraph(line))
        elif parts and isinstance(parts[-1], Table):
            parts.append(Paragraph(""))
    return [part for part in parts if isinstance(part, Table) or part.text]


def _cell(markup: str) -> str:
    lines = re.sub(r"</p>|<br\s*/?>", "\n", re.sub(r"<p>", "", markup)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def merge_empty_below(table: Table, columns: range) -> Table:
    """The table with the empty cells of some columns merged into the filled cell above them."""
    merges = []
    for column in columns:
        start = 1
        for row in range(1, len(table.rows) + 1):
            if row == len(table.rows) or table.rows[row][column]:
                if row - 1 > start and table.rows[start][column]:
                    merges.append((start, column, row - 1, column))
                start = row
    return Table(table.rows, merges)


# Word

NUMBERS = (
    (re.compile(r"^([一二三四五六七八九十]+)、"), 0),
    (re.compile(r"^[（(]([一二三四五六七八九十]+)[)）]"), 1),
    (re.compile(r"^(\d+)[.．]"), 2),
)
CHINESE_DIGITS = "零一二三四五六七八九"


def to_docx(parts: list[Part], *, numbered: bool = True) -> bytes:
    """A Word file. With `numbered`, the printed numbers are taken out of the text and set as automatic numbers."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉文字"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    lists = _WordLists(document) if numbered else None
    for part in parts:
        if isinstance(part, Paragraph):
            _word_paragraph(document, lists, part.text)
        else:
            _word_table(document, part)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _word_paragraph(document, lists, text: str) -> None:
    paragraph = document.add_paragraph()
    for pattern, level in NUMBERS if lists else ():
        if match := pattern.match(text):
            value = int(match[1]) if match[1].isdigit() else from_chinese(match[1])
            lists.number(paragraph, level, value, match[0].replace(match[1], f"%{level + 1}"))
            text = text[match.end() :]
            break
    # Word cuts runs wherever an editor stopped; rules must not lean on them.
    middle = len(text) // 2
    paragraph.add_run(text[:middle])
    paragraph.add_run(text[middle:])


def _word_table(document, table: Table) -> None:
    grid = document.add_table(rows=len(table.rows), cols=table.width)
    cells = [row.cells for row in grid.rows]
    for number, row in enumerate(table.rows):
        for column, text in enumerate(row):
            first, *more = text.split("\n")
            cells[number][column].paragraphs[0].text = first
            for line in more:
                cells[number][column].add_paragraph(line)
    for top, left, bottom, right in table.merges:
        cells[top][left].merge(cells[bottom][right])


class _WordLists:
    """Automatic numbers: one list for each way of writing a number, with a restart wherever the count jumps."""

    def __init__(self, document) -> None:
        self.root = document.part.numbering_part.element
        self.abstract: dict[tuple[int, str], str] = {}
        self.lists: dict[tuple[int, str], str] = {}
        self.counts: dict[tuple[int, str], int] = {}
        self.next_id = 500

    def number(self, paragraph, level: int, value: int, pattern: str) -> None:
        key = (level, pattern)
        if key not in self.abstract:
            self.abstract[key] = self._add_abstract(level, pattern)
        if self.counts.get(key, -1) + 1 != value:
            self.lists[key] = self._add_list(self.abstract[key], level, value)
        self.counts[key] = value
        properties = paragraph._p.get_or_add_pPr()
        number = OxmlElement("w:numPr")
        number.append(_word_element("w:ilvl", level))
        number.append(_word_element("w:numId", self.lists[key]))
        properties.append(number)

    def _add_abstract(self, level: int, pattern: str) -> str:
        self.next_id += 1
        abstract = OxmlElement("w:abstractNum")
        abstract.set(qn("w:abstractNumId"), str(self.next_id))
        element = OxmlElement("w:lvl")
        element.set(qn("w:ilvl"), str(level))
        element.append(_word_element("w:start", 1))
        element.append(_word_element("w:numFmt", "decimal" if level == 2 else "chineseCounting"))
        element.append(_word_element("w:suff", "nothing"))
        element.append(_word_element("w:lvlText", pattern))
        abstract.append(element)
        self.root.insert(0, abstract)
        return str(self.next_id)

    def _add_list(self, abstract: str, level: int, start: int) -> str:
        self.next_id += 1
        number = OxmlElement("w:num")
        number.set(qn("w:numId"), str(self.next_id))
        number.append(_word_element("w:abstractNumId", abstract))
        override = OxmlElement("w:lvlOverride")
        override.set(qn("w:ilvl"), str(level))
        override.append(_word_element("w:startOverride", start))
        number.append(override)
        self.root.append(number)
        return str(self.next_id)


def _word_element(tag: str, value: object):
    element = OxmlElement(tag)
    element.set(qn("w:val"), str(value))
    return element


def from_chinese(number: str) -> int:
    tens, _, ones = number.rpartition("十")
    if "十" not in number:
        return CHINESE_DIGITS.index(number) if len(number) == 1 else -1
    return 10 * (CHINESE_DIGITS.index(tens) if tens else 1) + (CHINESE_DIGITS.index(ones) if ones else 0)


# Excel


def to_xlsx(parts: list[Part]) -> bytes:
    """A workbook: paragraphs one a row in the first column, tables on their grid, an empty row around each table."""
    book = Workbook()
    sheet = book.active
    row = 1
    for part in parts:
        if isinstance(part, Paragraph):
            sheet.cell(row, 1, part.text).data_type = "s"
            row += 1
            continue
        row += 1
        for number, cells in enumerate(part.rows):
            for column, text in enumerate(cells):
                if text:
                    sheet.cell(row + number, column + 1, text).data_type = "s"
        for top, left, bottom, right in part.merges:
            sheet.merge_cells(start_row=row + top, start_column=left + 1, end_row=row + bottom, end_column=right + 1)
        row += len(part.rows) + 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# Web page

PAGE = """<!DOCTYPE html>
<html lang="zh"><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">
<title>通知公告 - 某县人民政府</title><style>p {{ text-indent: 2em }}</style>
<script>document.write("脚本里的文字不是正文");</script></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zw">政务公开</a></li>
<li><a href="/fw">办事服务</a></li><li><a href="/hd">互动交流</a></li></ul></div>
<div class="position"><a href="/">首页</a> &gt; <a href="/a">政务公开</a> &gt; <a href="/b">通知公告</a></div>
<div class="main"><div class="TRS_Editor">
{body}
</div></div>
<div class="related"><h4>相关阅读</h4><ul><li><a href="/1">县里召开安全生产工作会</a></li>
<li><a href="/2">县里开展防汛演练</a></li><li><a href="/3">县里发布大风预警</a></li></ul></div>
<div class="footer">版权所有：某县人民政府办公室　网站标识码：0000000000</div></body></html>
"""


def to_html(parts: list[Part], *, charset: str = "utf-8") -> bytes:
    """A page as a government site serves it, with the document in the middle."""
    body = []
    for part in parts:
        if isinstance(part, Paragraph):
            middle = len(part.text) // 2
            first, second = html.escape(part.text[:middle]), html.escape(part.text[middle:])
            body.append(f'<p style="text-align: justify">　　<span style="font-size: 16pt">{first}</span>{second}</p>')
        else:
            body.append(_html_table(part))
    return PAGE.format(charset=charset, body="\n".join(body)).encode("gb18030" if charset == "gb2312" else charset)


def _html_table(table: Table) -> str:
    covered = {
        (row, column)
        for top, left, bottom, right in table.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in table.merges}
    lines = ['<table border="1" cellspacing="0"><tbody>']
    for number, row in enumerate(table.rows):
        lines.append("<tr>")
        for column, text in enumerate([*row, *[""] * (table.width - len(row))]):
            if (number, column) in covered:
                continue
            high, wide = spans.get((number, column), (1, 1))
            inner = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n")) if text else "&nbsp;"
            lines.append(f'<td rowspan="{high}" colspan="{wide}">{inner}</td>')
        lines.append("</tr>")
    return "\n".join([*lines, "</tbody></table>"])


# PDF


def to_pdf(parts: list[Part], *, running_header: str = "某县安全生产委员会办公室文件", indent: bool = True) -> bytes:
    """Pages of A4 with a running header, page numbers, first lines set in by two characters, and ruled tables."""
    font = "STSong-Light"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    body = ParagraphStyle(
        "body", fontName=font, fontSize=14, leading=24, firstLineIndent=28 if indent else 0, wordWrap="CJK"
    )
    title = ParagraphStyle("title", parent=body, fontSize=20, leading=30, firstLineIndent=0, alignment=TA_CENTER)
    small = ParagraphStyle("cell", fontName=font, fontSize=9, leading=12, wordWrap="CJK")
    flow: list[object] = []
    for index, part in enumerate(parts):
        if isinstance(part, Paragraph):
            flow.append(Flowing(html.escape(part.text), title if index == 0 and len(part.text) < 40 else body))
        else:
            # A table that fits on a page is kept whole: where pages end says something about merged cells.
            flow += [KeepTogether(_pdf_table(part, small)), Spacer(1, 14)]

    def decorate(canvas, template) -> None:
        canvas.setFont(font, 9)
        if running_header:
            canvas.drawCentredString(A4[0] / 2, A4[1] - 40, running_header)
        canvas.drawCentredString(A4[0] / 2, 36, f"— {template.page} —")

    stream = io.BytesIO()
    SimpleDocTemplate(stream, pagesize=A4, leftMargin=79, rightMargin=74, topMargin=72, bottomMargin=72).build(
        flow, onFirstPage=decorate, onLaterPages=decorate
    )
    return stream.getvalue()


def _pdf_table(table: Table, style: ParagraphStyle) -> FlowingTable:
    rows = [
        [
            [Flowing(html.escape(line), style) for line in text.split("\n")]
            for text in [*row, *[""] * (table.width - len(row))]
        ]
        for row in table.rows
    ]
    full = A4[0] - 79 - 74
    longest = [
        max((len(row[column]) for row in table.rows if column < len(row)), default=1) for column in range(table.width)
    ]
    weights = [max(3.0, min(length, 400) ** 0.5) for length in longest]
    widths = [full * weight / sum(weights) for weight in weights]
    flowing = FlowingTable(rows, colWidths=widths, repeatRows=1)
    spans = [("SPAN", (left, top), (right, bottom)) for top, left, bottom, right in table.merges]
    flowing.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *spans])
    return flowing
