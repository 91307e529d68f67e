"""Letters as Word files."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from common.letters.letter import (
    FIGURES,
    TITLE_EMS,
    Block,
    Heading,
    Letter,
    Paragraph,
    Table,
    attachment_lines,
    lines_of,
    printable,
    signature_lines,
    title_lines,
)

SIZE = 16
"""三号, in points."""
LINE = 28
BODY, TITLE, HEADING, SUBHEADING, PAGE = "仿宋", "方正小标宋简体", "黑体", "楷体", "宋体"
RED = RGBColor(0xD7, 0x00, 0x0F)
_BODY_MM = 156


def to_docx(letter: Letter) -> bytes:
    """Write a letter as a Word file on A4, with the fonts that the standard names."""
    document = _blank_document(letter)
    if letter.organ:
        _red_head(document, letter)
    for line, width in title_lines(letter.title):
        form = _line(document, line, font=TITLE, size=22, spacing=35, centre=True).paragraph_format
        form.left_indent = form.right_indent = Pt((TITLE_EMS - width) / 2 * 22)
    if letter.number and not letter.organ:
        _line(document, printable(letter.number), centre=True)
    _line(document, "")
    if letter.to:
        _line(document, f"{printable(letter.to)}：")
    for block in letter.body:
        _block(document, block)
    if letter.body and isinstance(letter.body[-1], Paragraph):
        # The signature never stands alone on a page.
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    names = attachment_lines(letter.attachments)
    if names:
        _line(document, "")
    for index, name in enumerate(names):
        paragraph = _line(document, f"附件：{name}" if index == 0 else name)
        paragraph.paragraph_format.left_indent = Pt(5 * SIZE)
        paragraph.paragraph_format.first_line_indent = Pt(-3 * SIZE if index == 0 else 0)
    _signatures(document, letter)
    if letter.note:
        _line(document, f"（{printable(letter.note)}）", indent=True)
    if letter.copies:
        copies = _line(document, f"抄送：{'，'.join(map(printable, letter.copies))}。", size=14)
        _rule(copies, ("top", "bottom"), "000000", 8)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def _blank_document(letter: Letter) -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    # The page number stands 7 mm below the body: 35 mm less 7 mm less its own line.
    section.footer_distance = Mm(22)
    style = document.styles["Normal"]
    _dress(style, BODY, SIZE)
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
    form.widow_control = False
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    document.core_properties.title = " ".join(lines_of(letter.title))
    document.core_properties.author = printable("，".join(letter.signers))
    document.core_properties.comments = ""
    return document


def _dress(target: Any, font: str, size: float) -> None:
    """Set a font for all scripts: Word asks for the Chinese one apart."""
    target.font.name, target.font.size = font, Pt(size)
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), font)


def _line(
    document: Any,
    text: str,
    *,
    font: str = BODY,
    size: float = SIZE,
    spacing: float = LINE,
    centre: bool = False,
    indent: bool = False,
) -> Any:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.line_spacing = Pt(spacing)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indent:
        form.first_line_indent = Pt(2 * size)
    _dress(paragraph.add_run(text), font, size)
    return paragraph


def _red_head(document: Any, letter: Letter) -> None:
    organ = _line(document, printable(letter.organ), font=TITLE, size=32, spacing=48, centre=True)
    organ.runs[0].font.color.rgb = RED
    number = _line(document, printable(letter.number), centre=True)
    number.paragraph_format.space_before = Pt(16)
    number.paragraph_format.space_after = Pt(22)
    _rule(number, ("bottom",), "D7000F", 12)


def _rule(paragraph: Any, sides: tuple[str, ...], colour: str, eighths: int) -> None:
    """Draw lines along a paragraph, `eighths` of a point thick."""
    borders = OxmlElement("w:pBdr")
    for side in sides:
        border = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "6"), ("color", colour)):
            border.set(qn(f"w:{name}"), value)
        borders.append(border)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _block(document: Any, block: Block) -> None:
    if isinstance(block, Table):
        _table(document, block)
        return
    font = {1: HEADING, 2: SUBHEADING}[block.level] if isinstance(block, Heading) else BODY
    for line in lines_of(block.text):
        paragraph = _line(document, line, font=font, indent=True)
        if isinstance(block, Heading):
            paragraph.paragraph_format.keep_with_next = True
        else:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _table(document: Any, block: Table) -> None:
    if not block.width:
        return
    table = document.add_table(rows=0, cols=block.width, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    shares = block.widths()
    # Word goes by the cells, other office programs by the columns.
    for column, share in zip(table.columns, shares):
        column.width = Mm(_BODY_MM * share / sum(shares))
    head = [printable(cell) for cell in block.head]
    head += [""] * (block.width - len(head)) if head else []
    for index, cells in enumerate([head, *block.filled()] if head else block.filled()):
        row = table.add_row()
        is_head = bool(head) and index == 0
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if is_head:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, text, share in zip(row.cells, cells, shares):
            cell.width = Mm(_BODY_MM * share / sum(shares))
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = Pt(20)
            if is_head or FIGURES.fullmatch(text):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _dress(paragraph.add_run(text), HEADING if is_head else BODY, 12)


def _signatures(document: Any, letter: Letter) -> None:
    """Signers and date, held together on one page."""
    lines = signature_lines(letter.signers, letter.date_in_words)
    if lines:
        _line(document, "").paragraph_format.keep_with_next = True
    for index, (text, indent) in enumerate(lines, 1):
        paragraph = _line(document, text)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(indent * SIZE)
        paragraph.paragraph_format.keep_with_next = index < len(lines)


def _page_number(footer: Any, side: Any) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    form = paragraph.paragraph_format
    form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    form.left_indent = form.right_indent = Pt(14)
    _dress(paragraph.add_run("— "), PAGE, 14)
    number = paragraph.add_run()
    _dress(number, PAGE, 14)
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = code
        number._r.append(mark)
    _dress(paragraph.add_run(" —"), PAGE, 14)
