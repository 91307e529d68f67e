"""Letters are read back out of the files that people get."""

import datetime as dt
import io
import re

import pypdfium2
import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from common.letters import Heading, Letter, Paragraph, Table, to_docx, to_pdf
from common.letters.letter import ems, signature_lines, title_lines

MARKUP = '#read("/etc/passwd") $x^2$ *粗* _斜_ [#sys.inputs] \\ <w:p> & `码`'


def letter(**changes):
    given = {
        "title": "关于检查灯具的函",
        "number": "青应急〔2026〕3号",
        "organ": "青岚县应急管理局文件",
        "to": "石门煤矿",
        "body": [Heading("一、事由"), Paragraph("第一段。\n第二段。"), Heading("（一）细目", level=2)],
        "signers": ["青岚县应急管理局"],
        "date": dt.date(2026, 3, 5),
    }
    return Letter(**(given | changes))


def pages_of(data):
    document = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_bounded() for page in document], document[0].get_size()
    finally:
        document.close()


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_a_pdf_says_all_of_it_on_a4():
    pages, size = pages_of(to_pdf(letter(attachments=["清单", "照片。"], copies=["县政府"], note="联系人：王科员")))
    text = squeezed(pages[0])
    for words in ("青岚县应急管理局文件", "青应急〔2026〕3号", "关于检查灯具的函", "石门煤矿：", "一、事由", "第二段。", "（一）细目",
                  "附件：1.清单2.照片", "2026年3月5日", "（联系人：王科员）", "抄送：县政府。", "—1—"):  # fmt: skip
        assert words in text
    assert [round(side / 72 * 25.4) for side in size] == [210, 297]


def test_a_page_holds_22_lines_of_28_characters():
    body = [Paragraph("矿" * 28 * 60)]
    pages, _ = pages_of(to_pdf(letter(body=body)))
    assert [len(line.strip()) for line in pages[1].splitlines() if "矿" in line] == [28] * 22
    assert "— 2 —" in pages[1]


@pytest.mark.parametrize("field", ["title", "number", "organ", "to", "note"])
def test_nothing_in_a_name_is_run_as_markup(field):
    shown, _ = pages_of(to_pdf(letter(**{field: MARKUP})))
    assert squeezed(MARKUP) in squeezed("".join(shown))
    document = Document(io.BytesIO(to_docx(letter(**{field: MARKUP}))))
    assert any(MARKUP in paragraph.text for paragraph in document.paragraphs)


def test_markup_in_body_table_signers_and_lists_stays_text():
    hostile = letter(
        body=[Paragraph(MARKUP), Heading(MARKUP), Table([[MARKUP, "b"]], head=[MARKUP])],
        signers=[MARKUP],
        attachments=[MARKUP],
        copies=[MARKUP],
    )
    text = squeezed("".join(pages_of(to_pdf(hostile))[0]))
    assert text.count("/etc/passwd") == 7
    assert "root:" not in text


def test_what_no_file_can_hold_is_left_out():
    odd = letter(title="甲\x00乙\x07丙\ud800", body=[Paragraph("\x0b"), Paragraph("丁\ufffe")], signers=[])
    assert "甲乙丙" in squeezed(pages_of(to_pdf(odd))[0][0])
    assert any(paragraph.text == "甲乙丙" for paragraph in Document(io.BytesIO(to_docx(odd))).paragraphs)


def test_the_word_file_is_laid_out_as_the_standard_says():
    document = Document(io.BytesIO(to_docx(letter())))
    section = document.sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    assert [round(side.mm) for side in (section.top_margin, section.bottom_margin)] == [37, 35]
    assert [round(side.mm) for side in (section.left_margin, section.right_margin)] == [28, 26]
    by_text = {paragraph.text: paragraph for paragraph in document.paragraphs}
    body, title = by_text["第一段。"], by_text["关于检查灯具的函"]
    assert (body.paragraph_format.line_spacing, body.paragraph_format.first_line_indent) == (Pt(28), Pt(32))
    assert body.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋" and body.runs[0].font.size == Pt(16)
    assert title.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体" and title.runs[0].font.size == Pt(22)
    assert by_text["一、事由"].runs[0].font.name == "黑体"
    assert by_text["（一）细目"].runs[0].font.name == "楷体"
    assert by_text["2026年3月5日"].paragraph_format.right_indent == Pt(64)
    assert "PAGE" in section.footer._element.xml and "PAGE" in section.even_page_footer._element.xml


def test_a_word_table_has_its_shares_and_a_head_on_each_page():
    table = Table([["一", "-3.5%"], ["三"]], head=["项目", "内容"], shares=[1, 3])
    document = Document(io.BytesIO(to_docx(letter(body=[table]))))
    made = document.tables[0]
    assert [[cell.text for cell in row.cells] for row in made.rows] == [["项目", "内容"], ["一", "-3.5%"], ["三", ""]]
    assert made.rows[0].cells[1].width == pytest.approx(made.rows[0].cells[0].width * 3, rel=0.01)
    assert made.columns[1].width == pytest.approx(made.columns[0].width * 3, rel=0.01), "for other programs than Word"
    assert made.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.paragraphs[0].alignment for cell in made.rows[1].cells] == [None, WD_ALIGN_PARAGRAPH.CENTER]


def test_an_empty_table_is_no_table():
    empty = letter(body=[Table([])])
    assert to_pdf(empty).startswith(b"%PDF") and not Document(io.BytesIO(to_docx(empty))).tables


def test_the_signer_stands_centred_above_the_date():
    (_, signer), (_, date) = signature_lines(["青岚县应急管理局"], "2026年3月5日")
    assert signer + ems("青岚县应急管理局") / 2 == date + ems("2026年3月5日") / 2
    assert signature_lines(["很" * 28], "2026年3月5日")[0][1] == 0
    assert signature_lines([], "") == []


def test_a_signature_is_never_alone_on_its_page():
    for lines in range(10, 22):
        pages, _ = pages_of(to_pdf(letter(body=[Paragraph("矿")] * lines, copies=["县政府"])))
        assert all("矿" in page for page in pages)


def test_a_long_title_breaks_into_even_lines():
    (line, width), *_ = title_lines("关于对青岚煤业集团有限公司石门煤矿重大事故隐患实施挂牌督办的通知")
    assert 2 * width >= ems(line) and width < 20
