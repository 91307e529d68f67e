"""Word files: order of print, automatic numbers, merged cells, accepted changes, what is hidden or not body."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import open_document
from tasks.plans.formats.numbering import chinese_number, write_number
from tasks.plans.tests import writers
from tasks.plans.tests.test_formats_refusals import replaced_member

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def opened(body: str, **members: str) -> Document:
    """A Word file with this body, and other members such as numbering."""
    data = writers.to_docx([])
    data = replaced_member(
        data, "word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>".encode()
    )
    for name, content in members.items():
        data = replaced_member(data, f"word/{name}.xml", content.encode())
    return open_document("方案.docx", data)


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def listed(text: str, list_id: int = 1, level: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def numbering(*levels: tuple[str, str], overrides: str = "") -> str:
    """A numbering part with one list (1) of these (format, pattern), and a second (2) on the same definition."""
    described = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for index, (form, pattern) in enumerate(levels)
    )
    return (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="7">{described}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{overrides}</w:num></w:numbering>'
    )


PLAN = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimalEnclosedCircle", "%4"))


def test_paragraphs_and_tables_come_in_the_order_of_print() -> None:
    parts = [writers.Paragraph("甲"), writers.Table([["序号", "任务"], ["1", "查\n改"]]), writers.Paragraph("乙")]
    document = open_document("a.docx", writers.to_docx(parts))
    assert texts(document) == ["甲", "序号", "任务", "1", "查\n改", "乙"]
    assert [(b.cell.row, b.cell.column) for b in document.blocks if b.cell] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_automatic_numbers_are_printed_as_word_prints_them() -> None:
    body = (
        listed("总体要求")
        + listed("主要任务")
        + listed("清查", level=1)
        + listed("边坡", level=2)
        + listed("测量", level=3)
        + listed("通风", level=2)
        + listed("整改", level=1)
        + listed("巷道", level=2)
        + paragraph("正文")
        + listed("保障")
    )
    assert texts(opened(body, numbering=numbering(*PLAN))) == [
        "一、总体要求",
        "二、主要任务",
        "（一）清查",
        "1. 边坡",
        "①测量",
        "2. 通风",
        "（二）整改",
        "1. 巷道",
        "正文",
        "三、保障",
    ]


def test_two_lists_on_one_definition_count_on_unless_one_starts_anew() -> None:
    body = listed("甲") + listed("乙", list_id=2) + listed("丙")
    assert texts(opened(body, numbering=numbering(*PLAN))) == ["一、甲", "二、乙", "三、丙"]
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    assert texts(opened(body, numbering=numbering(*PLAN, overrides=anew)))[1] == "五、乙"


def test_a_style_may_carry_the_number() -> None:
    styles = (
        f'<w:styles {NAMESPACES}><w:style w:styleId="a1"><w:name w:val="heading 1"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="a2"><w:name w:val="我的标题"/><w:basedOn w:val="a1"/></w:style></w:styles>'
    )
    body = paragraph("总则", '<w:pStyle w:val="a1"/>') + paragraph("任务", '<w:pStyle w:val="a2"/>')
    body += paragraph("不编号", '<w:pStyle w:val="a1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    document = opened(body, numbering=numbering(*PLAN), styles=styles)
    assert texts(document) == ["一、总则", "二、任务", "不编号"]
    assert [block.style for block in document.blocks] == ["h1", "h1", "h1"]


def test_a_column_of_automatic_numbers_in_empty_cells_is_read() -> None:
    def row(text: str) -> str:
        number = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>'
        return f"<w:tr><w:tc>{number}</w:tc><w:tc>{paragraph(text)}</w:tc></w:tr>"

    document = opened(f"<w:tbl>{row('查')}{row('改')}</w:tbl>", numbering=numbering(("decimal", "%1")))
    assert texts(document) == ["1", "查", "2", "改"]


def test_bullets_are_not_numbers() -> None:
    assert texts(opened(listed("查"), numbering=numbering(("bullet", "\uf0b7")))) == ["查"]


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (10, "chineseCounting", "十"),
        (11, "chineseCountingThousand", "十一"),
        (20, "chineseCounting", "二十"),
        (105, "chineseCountingThousand", "一百零五"),
        (110, "japaneseCounting", "一百一十"),
        (3, "chineseLegalSimplified", "叁"),
        (12, "ideographDigital", "一二"),
        (2, "ideographTraditional", "乙"),
        (1, "ideographZodiac", "子"),
        (7, "decimalEnclosedCircleChinese", "⑦"),
        (21, "decimalEnclosedCircle", "㉑"),
        (3, "decimalEnclosedParen", "⑶"),
        (3, "decimalEnclosedFullstop", "⒊"),
        (12, "decimalFullWidth", "１２"),
        (5, "decimalZero", "05"),
        (28, "lowerLetter", "bb"),
        (4, "upperRoman", "IV"),
        (49, "lowerRoman", "xlix"),
        (9, "nobodyKnows", "9"),
        (99999, "chineseCounting", "99999"),
        (0, "chineseCounting", "零"),
        (-1, "decimal", "-1"),
        (1, "none", ""),
    ],
)
def test_numbers_are_written_in_every_format(value: int, form: str, written: str) -> None:
    assert write_number(value, form) == written


def test_chinese_numbers_read_back_as_themselves() -> None:
    for value in range(1, 100):
        assert writers.from_chinese(chinese_number(value)) == value


def test_merged_cells_become_spans() -> None:
    table = writers.Table(
        [["序号", "任务", "单位"], ["1", "查", "县局"], ["2", "改", ""], ["合计", "", "三项"]],
        [(1, 2, 2, 2), (3, 0, 3, 1)],
    )
    document = open_document("a.docx", writers.to_docx([table]))
    cells = {
        (b.cell.row, b.cell.column): (b.text, b.cell.row_span, b.cell.column_span) for b in document.blocks if b.cell
    }
    assert cells[1, 2] == ("县局", 2, 1)
    assert (2, 2) not in cells
    assert cells[3, 0] == ("合计", 1, 2)
    assert cells[3, 2] == ("三项", 1, 1)


def test_title_rows_and_notes_over_the_whole_width_are_paragraphs() -> None:
    rows = [["任务清单", ""], ["序号", "任务"], ["一、清查", ""], ["1", "查"], ["注：每月报送。", ""]]
    table = writers.Table(rows, [(0, 0, 0, 1), (2, 0, 2, 1), (4, 0, 4, 1)])
    document = open_document("a.docx", writers.to_docx([table]))
    assert [block.text for block in document.blocks if not block.cell] == ["任务清单", "注：每月报送。"]
    assert {(b.cell.row, b.cell.column): b.text for b in document.blocks if b.cell} == {
        (0, 0): "序号",
        (0, 1): "任务",
        (1, 0): "一、清查",
        (2, 0): "1",
        (2, 1): "查",
    }
    assert document.blocks[0].text == "任务清单"


def test_a_nested_table_becomes_lines_of_its_cell() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('甲')}</w:tc><w:tc>{paragraph('乙')}</w:tc></w:tr></w:tbl>"
    body = f"<w:tbl><w:tr><w:tc>{paragraph('外')}</w:tc><w:tc>{inner}{paragraph('')}</w:tc></w:tr></w:tbl>"
    assert texts(opened(body)) == ["外", "甲 乙"]


def test_a_frame_of_one_cell_is_read_as_paragraphs() -> None:
    document = opened(f"<w:tbl><w:tr><w:tc>{paragraph('甲')}{paragraph('乙')}</w:tc></w:tr></w:tbl>")
    assert [(block.text, block.cell) for block in document.blocks] == [("甲", None), ("乙", None)]


def test_changes_are_read_as_accepted() -> None:
    body = (
        f"<w:p>{run('三月')}<w:del><w:r><w:delText>底</w:delText></w:r></w:del><w:ins>{run('十日')}</w:ins>{run('前')}</w:p>"
        f"<w:p><w:moveFrom>{run('旧处')}</w:moveFrom><w:moveTo>{run('新处')}</w:moveTo></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('上半')}</w:p><w:p>{run('下半')}</w:p>"
    )
    assert texts(opened(body)) == ["三月十日前", "新处", "上半下半"]


def test_hidden_text_and_fields_codes_are_left_out() -> None:
    body = (
        f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>{run('显')}"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>也显</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>3</w:t></w:r></w:p>'
    )
    assert texts(opened(body)) == ["显也显3"]


def test_line_breaks_part_paragraphs_and_tabs_stay() -> None:
    assert texts(opened("<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r></w:p>")) == [
        "甲",
        "乙\t丙",
    ]


def test_pinyin_above_characters_is_not_text() -> None:
    ruby = f"<w:ruby><w:rt>{run('shan')}</w:rt><w:rubyBase>{run('山')}</w:rubyBase></w:ruby>"
    assert texts(opened(f"<w:p><w:r>{ruby}</w:r></w:p>")) == ["山"]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('框中')}</w:txbxContent>"
    body = (
        f"<w:p>{run('框前')}<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert texts(opened(body)) == ["框前", "框中"]


def test_a_heading_drawn_as_word_art_is_read() -> None:
    art = '<w:pict><v:shape><v:textpath string="青岭县人民政府文件"/></v:shape></w:pict>'
    assert texts(opened(f"<w:p><w:r>{art}</w:r></w:p>{paragraph('正文')}")) == ["青岭县人民政府文件", "正文"]


def test_the_document_is_the_member_that_the_package_names() -> None:
    data = writers.to_docx([writers.Paragraph("正文")])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content, relations = archive.read("word/document.xml"), archive.read("_rels/.rels")
    data = replaced_member(data, "word/document.xml", b"<nothing/>")
    data = replaced_member(data, "word/document2.xml", content)
    data = replaced_member(data, "_rels/.rels", relations.replace(b"document.xml", b"document2.xml"))
    assert texts(open_document("a.docx", data)) == ["正文"]


def test_content_controls_links_and_smart_tags_are_seen_through() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{paragraph('甲')}</w:sdtContent></w:sdt>"
        f"<w:p><w:hyperlink>{run('乙')}</w:hyperlink><w:smartTag>{run('丙')}</w:smartTag></w:p>"
    )
    assert texts(opened(body)) == ["甲", "乙丙"]


def test_a_table_of_contents_is_left_out() -> None:
    styles = f'<w:styles {NAMESPACES}><w:style w:styleId="t"><w:name w:val="toc 1"/></w:style></w:styles>'
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    body = (
        paragraph("一、总则 1", '<w:pStyle w:val="t"/>')
        + f"<w:sdt>{gallery}<w:sdtContent>{paragraph('目录')}</w:sdtContent></w:sdt>"
        + paragraph("一、总则")
    )
    assert texts(opened(body, styles=styles)) == ["一、总则"]


def test_headers_and_footers_are_not_part_of_the_body() -> None:
    assert texts(open_document("a.docx", writers.to_docx([writers.Paragraph("正文")]))) == ["正文"]


def test_heading_styles_are_named() -> None:
    document = docx.Document()
    document.add_heading("方案", 0)
    document.add_heading("一、总则", 1)
    document.add_paragraph("正文")
    stream = io.BytesIO()
    document.save(stream)
    blocks = open_document("a.docx", stream.getvalue()).blocks
    assert [(block.text, block.style) for block in blocks] == [("方案", "title"), ("一、总则", "h1"), ("正文", "")]


def test_strict_open_xml_reads_the_same() -> None:
    data = writers.to_docx([writers.Paragraph("甲"), writers.Table([["序号", "任务"], ["1", "查"]])], numbered=False)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("word/document.xml")
    usual, strict = (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    document = open_document("a.docx", replaced_member(data, "word/document.xml", content.replace(usual, strict)))
    assert texts(document) == ["甲", "序号", "任务", "1", "查"]


def test_a_wrapped_web_page_is_opened() -> None:
    data = writers.to_docx([])
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk" '
        'Target="/word/a.html"/></Relationships>'
    )
    data = replaced_member(data, "word/_rels/document.xml.rels", relations.encode())
    data = replaced_member(data, "word/a.html", "<html><body><p>一、查</p><p>二、改</p></body></html>".encode())
    body = f'<w:document {NAMESPACES}><w:body><w:altChunk r:id="rId9"/></w:body></w:document>'
    document = open_document("a.docx", replaced_member(data, "word/document.xml", body.encode()))
    assert texts(document) == ["一、查", "二、改"]


def test_a_word_file_of_pictures_only_is_refused() -> None:
    data = replaced_member(writers.to_docx([]), "word/media/image1.png", b"\x89PNG")
    with pytest.raises(UnreadableDocument, match="只有图片"):
        open_document("方案.docx", data)
    with pytest.raises(UnreadableDocument, match="没有文字"):
        open_document("方案.docx", writers.to_docx([]))


def test_an_embedded_workbook_is_mentioned() -> None:
    document = opened(f"<w:p>{run('附表')}<w:r><w:object/></w:r></w:p>")
    assert document.warnings == ("文档里嵌有其他文件（如Excel表格），嵌入的内容没有读取，请核对。",)
