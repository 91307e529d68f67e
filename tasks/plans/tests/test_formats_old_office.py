"""What offices send besides .docx, .xlsx and PDF: .doc, .wps, .xls, .et, .rtf, .odt, .ods, .mht and archives.

The samples were typed in our own words and saved by an office program in these formats.
"""

from __future__ import annotations

import base64
import io
import zipfile

import pytest

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import open_document
from tasks.plans.formats.detection import ENCRYPTED_OFFICE, Kind
from tasks.plans.tests.plan_files import SAMPLES
from tasks.plans.tests.test_same_result import result_of

# As WPS writes it: GBK bytes of which some look like marks, \u with a stand-in, numbers beside the paragraphs.
RICH_TEXT = (
    rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\fcharset0 Arial;}}{\header \'d2\'b3\par}"
    + b"\\pard\\f0 "
    + "".join(f"\\'{byte:02x}" for byte in "青禾县矿山整治方案".encode("gbk")).encode()
    + rb"\par{\listtext\f0 1.\tab}\uc1\u21508?\u30719?\u33258?\u26597?{\v \u26080?}{\deleted \u26080?}\par"
    + rb"\trowd\clvmgf\cellx1000\cellx2000\cellx3000\intbl \u29002?\cell 1\cell 2\cell\row"
    + rb"\trowd\clvmrg\cellx1000\cellx3010\intbl\cell 3\cell\row\pard end\par}"
)


def opened(name: str, as_name: str = "") -> Document:
    return open_document(as_name or name, (SAMPLES / name).read_bytes())


@pytest.mark.parametrize(
    ("sample", "name"),
    [
        ("invented_plan.doc", "方案.doc"),
        ("invented_plan.doc", "方案.wps"),
        ("invented_plan.doc", "方案.docx"),
        ("invented_plan.xls", "方案.xls"),
        ("invented_plan.xls", "方案.et"),
        ("invented_plan.odt", "方案.odt"),
        ("invented_plan.ods", "清单.ods"),
    ],
)
def test_the_plan_reads_as_in_every_other_format(sample: str, name: str) -> None:
    typed = result_of(("方案.md", (SAMPLES / "invented_plan.md").read_bytes()))
    assert result_of((name, (SAMPLES / sample).read_bytes())) == typed


def test_numbers_that_word_counts_and_words_that_it_does_not_print() -> None:
    document = opened("numbered.doc")
    assert document.media_type == Kind.DOC
    assert [block.text for block in document.blocks if block.cell is None] == [
        "青禾县矿山边坡整治方案",
        "为整治边坡，制定本方案。",
        "一、整治目标",
        "隐患清零。",
        "二、主要任务",
        "（一）查清边坡",
        "1.逐座测量，2025年6月底前完成。（责任单位：县应急局）",  # hidden and deleted words stood between
        "2.建立档案。（责任单位：县自然资源局）1",  # the result of a field, not its code
        "（二）治理边坡",
        "1.清除浮石。（责任单位：各矿山企业）",
        "附表",
    ]


def test_numbers_of_styles_and_words_in_boxes() -> None:
    """The lists are taken out of the paragraphs of the sample, so that only the styles of its headings name them."""
    data = (SAMPLES / "styled.doc").read_bytes()
    at = data.index(b"\xec\xa5")  # the document stream; the styles stand in the next one
    end = at + 4096
    for sample in (data, data[:at] + data[at:end].replace(b"\x0b\x46", b"\x0e\x84") + data[end:]):
        assert [(block.text, block.style) for block in open_document("方案.doc", sample).blocks] == [
            ("青禾县尾矿库治理方案", ""),
            ("为治理尾矿库，制定本方案。", ""),
            ("框里：咨询电话1234567。", ""),
            ("一、治理目标", "h1"),
            ("隐患清零。", ""),
            ("二、主要任务", "h1"),
            ("（一）查清坝体", "h2"),
            ("1.逐座测量，2025年6月底前完成。（责任单位：县应急局）", "h3"),
            ("2.建立档案。（责任单位：县自然资源局）", "h3"),
            ("（二）治理坝体", "h2"),
            ("1.清除浮渣。（责任单位：各矿山企业）", "h3"),
        ]


def test_merged_cells_keep_their_places() -> None:
    cells = {block.text: block.cell for block in opened("numbered.doc").blocks if block.cell}
    assert [
        (text, cell.row, cell.column, cell.row_span, cell.column_span)
        for text, cell in cells.items()
        if cell.row_span > 1 or cell.column_span > 1
    ] == [("序号", 0, 0, 2, 1), ("任务", 0, 1, 2, 1), ("责任单位", 0, 2, 1, 2), ("削坡减载", 2, 1, 2, 1)]


def test_a_password_and_damage_are_told() -> None:
    locked = bytearray((SAMPLES / "numbered.doc").read_bytes())
    at = locked.index(b"\xec\xa5")  # the first bytes of the document stream
    locked[at + 11] |= 1
    with pytest.raises(UnreadableDocument) as refused:
        open_document("方案.doc", bytes(locked))
    assert refused.value.message == ENCRYPTED_OFFICE
    locked[at + 11] &= 0xFE
    locked[at + 2 : at + 4] = b"\x68\x00"  # Word 95, whose files are laid out otherwise
    with pytest.raises(UnreadableDocument, match=r"另存为[.]docx"):
        open_document("方案.doc", bytes(locked))
    with pytest.raises(UnreadableDocument, match=r"另存为[.]xlsx"):
        open_document("清单.xls", (SAMPLES / "invented_plan.xls").read_bytes().replace(b"\x09\x08\x10\x00", bytes(4)))


@pytest.mark.parametrize("name", ["方案.rtf", "方案.doc"])
def test_rich_text(name: str) -> None:
    document = open_document(name, RICH_TEXT)
    assert [block.text for block in document.blocks if block.cell is None] == [
        "青禾县矿山整治方案",
        "1.\t各矿自查",
        "end",
    ]
    assert [
        (block.text, block.cell.row, block.cell.column, block.cell.row_span, block.cell.column_span)
        for block in document.blocks
        if block.cell
    ] == [("煊", 0, 0, 2, 1), ("1", 0, 1, 1, 1), ("2", 0, 2, 1, 1), ("3", 1, 1, 1, 2)]


def test_a_page_saved_as_one_file_and_named_doc() -> None:
    page = "<html><body><h1>青禾县矿山整治方案</h1><p>各矿山企业立即开展自查。</p></body></html>"
    archive = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
        'Content-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + base64.b64encode(page.encode("gb2312")).decode()
        + "\r\n--x--\r\n"
    )
    document = open_document("方案.doc", archive.encode())
    assert [block.text for block in document.blocks] == ["青禾县矿山整治方案", "各矿山企业立即开展自查。"]


def test_the_one_plan_in_an_archive() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.write(SAMPLES / "invented_plan.odt", "附件/方案.odt")
        archive.writestr("附件/印章.png", b"\x89PNG")
        archive.writestr("__MACOSX/附件/._方案.odt", b"")
    document = open_document("方案.zip", stream.getvalue())
    assert (document.name, document.media_type) == ("方案.odt", Kind.ODF)


FLAT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>
<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>
<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/>
<text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix="." text:display-levels="2"/></text:list-style>
</office:automatic-styles><office:body><office:text>
<text:tracked-changes><text:changed-region><text:deletion><text:p>删去的话</text:p></text:deletion></text:changed-region></text:tracked-changes>
<text:table-of-content><text:index-body><text:p>一、任务……1</text:p></text:index-body></text:table-of-content>
<text:h text:outline-level="1">青禾县矿山整治方案<text:note><text:note-body><text:p>脚注</text:p></text:note-body></text:note></text:h>
<text:list text:style-name="L"><text:list-item><text:p>整治<text:span text:style-name="H">藏</text:span>目标</text:p></text:list-item></text:list>
<text:p>隐患<text:s text:c="2"/>清零。<draw:frame><draw:text-box><text:p>框里的话。</text:p></draw:text-box></draw:frame></text:p>
<text:list text:style-name="L" text:continue-numbering="true"><text:list-item><text:p>任务</text:p>
<text:list><text:list-item text:start-value="3"><text:p>各矿自查。</text:p><text:p>同一条的第二段。</text:p></text:list-item></text:list></text:list-item></text:list>
<text:list text:style-name="L"><text:list-item><text:p>另一列</text:p></text:list-item></text:list>
<table:table><table:table-header-rows><table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>序号</text:p></table:table-cell>
<table:table-cell table:number-columns-spanned="2"><text:p>单位</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table-header-rows>
<table:table-row><table:covered-table-cell/><table:table-cell table:number-columns-repeated="2"><text:p>县局</text:p></table:table-cell></table:table-row></table:table>
</office:text></office:body></office:document>"""


def test_what_open_document_prints_and_what_it_does_not() -> None:
    document = open_document("方案.fodt", FLAT.encode())
    assert [(block.text, block.style) for block in document.blocks if not block.cell] == [
        ("青禾县矿山整治方案", "h1"),
        ("一、整治目标", ""),
        ("隐患  清零。", ""),
        ("框里的话。", ""),
        ("二、任务", ""),
        ("二.3. 各矿自查。", ""),
        ("同一条的第二段。", ""),
        ("一、另一列", ""),
    ]
    assert [
        (block.text, block.cell.row, block.cell.column, block.cell.row_span, block.cell.column_span)
        for block in document.blocks
        if block.cell
    ] == [("序号", 0, 0, 2, 1), ("单位", 0, 1, 1, 2), ("县局", 1, 1, 1, 1), ("县局", 1, 2, 1, 1)]
    with pytest.raises(UnreadableDocument):
        open_document(
            "方案.fodt",
            FLAT.replace("<office:document ", "<!DOCTYPE a [<!ENTITY b 'c'>]><office:document ", 1).encode(),
        )
