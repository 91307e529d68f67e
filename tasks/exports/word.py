"""The task list as a Word document: A4 across, the head on every page; only a long row may be cut by a page's end."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import IO, Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from tasks.exports.task_list import HEADS, TaskLine, TaskList

SONG, FANGSONG, HEI = "方正小标宋简体", "仿宋_GB2312", "黑体"
"""The faces of official documents (GB/T 9704-2012): title, body, headings."""

WIDTHS_MM = (16, 76, 40, 32, 93)
CHARACTER_MM = 3.9
LONG = 12
"""Lines, about a third of a page. A longer row runs on over the page: kept whole, it would leave half a page empty."""
TWIPS_PER_MM = 56.7

# Style by its id in the file: face, size in points, alignment.
STYLES = {
    "ListTitle": (SONG, 20, WD_ALIGN_PARAGRAPH.CENTER),
    "ListRemark": (FANGSONG, 11, WD_ALIGN_PARAGRAPH.CENTER),
    "ListHead": (HEI, 12, WD_ALIGN_PARAGRAPH.CENTER),
    "ListSection": (HEI, 12, WD_ALIGN_PARAGRAPH.LEFT),
    "ListCell": (FANGSONG, 11, WD_ALIGN_PARAGRAPH.LEFT),
    "ListCentred": (FANGSONG, 11, WD_ALIGN_PARAGRAPH.CENTER),
}


def write_docx(paper: TaskList, target: IO[bytes]) -> None:
    """Write the paper as .docx."""
    document = Document()
    _set_up_page(document.sections[0])
    for name, look in STYLES.items():
        _add_style(document, name, *look)
    document.styles["ListSection"].paragraph_format.keep_with_next = True
    document.core_properties.title = paper.title
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.add_paragraph(paper.title, style="ListTitle")
    document.add_paragraph(paper.remark, style="ListRemark").paragraph_format.space_after = Pt(6)
    # One parse of the whole table: python-docx looks for every cell anew, which takes minutes on long tables.
    document.element.body.insert_element_before(parse_xml("".join(_table(paper))), "w:sectPr")
    document.save(target)


def _set_up_page(section: Any) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    section.footer_distance = Mm(10)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = '<w:fldSimple {ns} w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    footer.add_run("第 ")
    footer._p.append(parse_xml(field.format(ns=nsdecls("w"), code="PAGE")))
    footer.add_run(" 页，共 ")
    footer._p.append(parse_xml(field.format(ns=nsdecls("w"), code="NUMPAGES")))
    footer.add_run(" 页")


def _add_style(document: Any, name: str, face: str, points: int, alignment: Any) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.size = Pt(points)
    style.font.name = face
    # Word takes the face of Chinese characters from an attribute of its own.
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    style.paragraph_format.alignment = alignment
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.space_before = Pt(0)


def _table(paper: TaskList) -> Iterator[str]:
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    twips = [round(width * TWIPS_PER_MM) for width in WIDTHS_MM]
    yield (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{''.join(f'<w:gridCol w:w={chr(34)}{width}{chr(34)}/>' for width in twips)}</w:tblGrid>"
    )
    heads = "".join(_cell(width, (head,), "ListHead") for width, head in zip(twips, HEADS, strict=True))
    yield f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>"
    for line in paper.lines:
        if isinstance(line, TaskLine):
            is_long = _is_long(line)
            whole = "" if is_long else "<w:cantSplit/>"
            yield f"<w:tr><w:trPr>{whole}</w:trPr>{_task_cells(line, twips, 'top' if is_long else 'center')}</w:tr>"
        else:
            yield (
                f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(sum(twips), (line,), 'ListSection', len(HEADS))}</w:tr>"
            )
    yield "</w:tbl>"


def _is_long(line: TaskLine) -> bool:
    texts = (line.task, line.units, line.deadlines, "\n".join(line.progress))
    return any(
        sum(ceil(len(piece) * CHARACTER_MM / width) or 1 for piece in text.split("\n")) > LONG
        for text, width in zip(texts, WIDTHS_MM[1:], strict=True)
    )


def _task_cells(line: TaskLine, twips: list[int], place: str) -> str:
    progress = [text for said in line.progress for text in said.split("\n")] or [""]
    cells = ([line.ref], line.task.split("\n"), [line.units], [line.deadlines], progress)
    return "".join(
        _cell(width, texts, "ListCell" if column else "ListCentred", place=place)
        for column, (width, texts) in enumerate(zip(twips, cells, strict=True))
    )


def _cell(
    width: int, paragraphs: tuple[str, ...] | list[str], style: str, span: int = 1, *, place: str = "center"
) -> str:
    words = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        for text in paragraphs
    )
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    look = f'<w:tcW w:w="{width}" w:type="dxa"/>{spanned}<w:vAlign w:val="{place}"/>'
    return f"<w:tc><w:tcPr>{look}</w:tcPr>{words}</w:tc>"
