"""The monthly hazard table on paper: the official form as .xlsx and .docx, A4 across."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from hazards.monthly import FIGURES, LABELS, Table, shown

SONG, FANGSONG, HEI = "方正小标宋简体", "仿宋_GB2312", "黑体"
"""The faces of official documents (GB/T 9704-2012): title, body, headings."""
GROUPS = (("排查企业（家）", 1), ("一般隐患", 3), ("重大隐患", 7), ("累计落实治理资金（万元）", 1))
SHORT = (
    "", "排查（项）", "已整改（项）", "整改率（%）", "排查（项）", "已整改销号（项）", "整改率（%）", "列入治理计划（项）",
    "达到“五到位”（项）", "挂牌督办（项）", "其中省级挂牌（项）", "",
)  # fmt: skip
FIRST = "行业领域"
_WIDTH = len(FIGURES) + 1
_THIN = Side(style="thin")
_EDGES = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


@dataclass(frozen=True)
class MonthlyPaper:
    """What the form prints: title, remark beneath it, the tables with their headings, the notes."""

    title: str
    remark: str
    parts: Sequence[tuple[str, Table]]
    notes: Sequence[str]


def lines_of(table: Table) -> list[list[str]]:
    """The rows of a table in the order of the form, figures as they are printed."""
    return [[LABELS[key], *(shown(table[key], figure) for figure in FIGURES)] for key in LABELS if key in table]


def write_xlsx(paper: MonthlyPaper) -> IO[bytes]:
    book = Workbook()
    fill_sheet(book.active, paper)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(target)
    target.seek(0)
    return target


def fill_sheet(sheet: Any, paper: MonthlyPaper) -> None:
    """Write the form into an empty sheet of a workbook."""
    sheet.title = "隐患月报"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    for column in range(1, _WIDTH + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 18 if column == 1 else 11
    _across(sheet, 1, paper.title, Font(name=SONG, size=18), "center")
    sheet.row_dimensions[1].height = 34
    _across(sheet, 2, paper.remark, Font(name=FANGSONG, size=11), "center")
    row = 3
    for heading, table in paper.parts:
        _across(sheet, row, heading, Font(name=HEI, size=12), "left")
        row = _head(sheet, row + 1)
        for line in lines_of(table):
            for column, text in enumerate(line, start=1):
                number = column > 1 and text.replace(".", "", 1).removeprefix("-").isdecimal()
                cell = _cell(sheet, row, column, text, Font(name=FANGSONG, size=12))
                if number:
                    cell.value = float(text) if "." in text else int(text)
            row += 1
        row += 1
    for note in paper.notes:
        _across(sheet, row, note, Font(name=FANGSONG, size=10), "left")
        row += 1


def _head(sheet: Any, row: int) -> int:
    """The heading over two rows and the row of column numbers; answer the next free row."""
    font = Font(name=HEI, size=11)
    _cell(sheet, row, 1, FIRST, font)
    _cell(sheet, row + 1, 1, "", font)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row + 1, end_column=1)
    column = 2
    for words, span in GROUPS:
        for place in range(column, column + span):
            _cell(sheet, row, place, words if place == column else "", font)
            _cell(sheet, row + 1, place, SHORT[place - 2], font)
        last_row = row + 1 if span == 1 else row
        sheet.merge_cells(start_row=row, start_column=column, end_row=last_row, end_column=column + span - 1)
        column += span
    sheet.row_dimensions[row + 1].height = 32
    _cell(sheet, row + 2, 1, "序号", font)
    for figure in FIGURES:
        _cell(sheet, row + 2, figure.number + 1, str(figure.number), font)
    return row + 3


def _cell(sheet: Any, row: int, column: int, text: str, font: Font) -> Any:
    cell = sheet.cell(row, column, text or None)
    cell.font, cell.border = font, _EDGES
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def _across(sheet: Any, row: int, text: str, font: Font, horizontal: str) -> None:
    cell = sheet.cell(row, 1, text)
    # Names of regions are typed by people: text stays text, whatever it begins with.
    cell.data_type = "s"
    cell.font, cell.alignment = font, Alignment(horizontal=horizontal, vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=_WIDTH)


def write_docx(paper: MonthlyPaper) -> IO[bytes]:
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    document.core_properties.title, document.core_properties.author = paper.title, ""
    document.core_properties.comments = ""
    _paragraph(document.add_paragraph(), paper.title, SONG, 20, WD_ALIGN_PARAGRAPH.CENTER)
    _paragraph(document.add_paragraph(), paper.remark, FANGSONG, 12, WD_ALIGN_PARAGRAPH.CENTER)
    for heading, table in paper.parts:
        _paragraph(document.add_paragraph(), heading, HEI, 12, WD_ALIGN_PARAGRAPH.LEFT)
        _table(document, lines_of(table))
    for note in paper.notes:
        _paragraph(document.add_paragraph(), note, FANGSONG, 10, WD_ALIGN_PARAGRAPH.LEFT)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    document.save(target)
    target.seek(0)
    return target


def _table(document: Any, lines: list[list[str]]) -> None:
    table = document.add_table(rows=3 + len(lines), cols=_WIDTH, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    top, below, numbers = (table.rows[place].cells for place in range(3))
    column = 1
    for words, span in GROUPS:
        for place in range(column, column + span):
            _write(below[place], SHORT[place - 1], HEI)
        last = below[column] if span == 1 else top[column + span - 1]
        _write(top[column].merge(last), words, HEI)
        column += span
    _write(top[0].merge(below[0]), FIRST, HEI)
    for place, text in enumerate(["序号", *(str(figure.number) for figure in FIGURES)]):
        _write(numbers[place], text, HEI)
    for row, line in zip(table.rows[3:], lines, strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            _write(cell, text, FANGSONG)


def _write(cell: Any, text: str, face: str) -> None:
    cell.text = ""
    _paragraph(cell.paragraphs[0], text, face, 10, WD_ALIGN_PARAGRAPH.CENTER)


def _paragraph(paragraph: Any, text: str, face: str, points: int, alignment: Any) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = face, Pt(points)
    # Word takes the face of Chinese characters from an attribute of its own.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    paragraph.alignment = alignment
    paragraph.paragraph_format.space_after = Pt(2)
