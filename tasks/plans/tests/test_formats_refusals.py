"""What is refused, and with which sentence. Each sentence is one sentence and says what to do."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tasks.plans.document import UnreadableDocument
from tasks.plans.formats import limits, open_document, open_text
from tasks.plans.tests import writers
from tasks.plans.tests.ofd_writer import to_ofd
from tasks.plans.tests.plan_files import SAMPLES
from tasks.plans.tests.test_formats_old_office import RICH_TEXT

PARTS = [writers.Paragraph("一、检查边坡，消除险情。"), writers.Table([["序号", "任务"], ["1", "检查"]])]


def package(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return stream.getvalue()


def replaced_member(data: bytes, name: str, content: bytes) -> bytes:
    """The package with one member replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, content if item.filename == name else old.read(item))
        if name not in old.namelist():
            new.writestr(name, content)
    return stream.getvalue()


def compound(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + stream.encode("utf-16-le") + b"\x00" * 600


def encrypted_zip() -> bytes:
    data = bytearray(package(a_dot_txt=b"secret"))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + chunk(b"IEND", b"")
    )


REFUSED = {
    "an empty file": ("方案.docx", b"", "空的"),
    "a file of spaces": ("方案.txt", b" \r\n\t\n", "空的"),
    "an old Word file": ("方案.doc", compound("WordDocument"), "另存为.docx"),
    "an old WPS file": ("方案.wps", compound("WordDocument"), "另存为.docx"),
    "an old Word file named docx": ("方案.docx", compound("WordDocument"), "另存为.docx"),
    "an old Excel file": ("清单.xls", compound("Workbook"), "另存为.xlsx"),
    "an Office file with a password": ("方案.docx", compound("EncryptedPackage"), "取消密码"),
    "old slides": ("方案.ppt", compound("PowerPoint Document"), "幻灯片"),
    "some other old file": ("a.msg", compound("__substg"), "另存为"),
    "a picture": ("方案.png", png(), "图片"),
    "a picture named docx": ("方案.docx", png(), "图片"),
    "a photo": ("方案.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 100, "图片"),
    "a program": ("方案.exe", b"MZ\x90\x00" + b"\x00" * 200, "程序"),
    "a Linux program": ("方案", b"\x7fELF\x02\x01\x01" + b"\x00" * 200, "程序"),
    "a script": ("方案.txt", b"#!/bin/sh\necho hello\n", "程序"),
    "rich text without words": ("方案.rtf", b"{\\rtf1\\ansi{\\fonttbl{\\f0 a;}}\\par}", "RTF"),
    "a web archive": ("方案.mht", b"MIME-Version: 1.0\nContent-Type: multipart/related;\n\n", "mht"),
    "a Word XML file": (
        "方案.xml",
        b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><a/>',
        "Word的XML",
    ),
    "some XML": ("a.xml", b'<?xml version="1.0"?><a>b</a>', "认不出"),
    "XML with entities": ("a.txt", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "认不出"),
    "a zip without a document": ("方案.zip", package(a_dot_exe=b"x"), "解压"),
    "a zip of two plans": ("方案.zip", package(a_dot_txt=b"x", b_dot_doc=b"x"), "有2个文件"),
    "a zip in a zip": ("方案.zip", package(a_dot_docx=package(b_dot_txt=b"x")), "解压"),
    "a zip with a password": ("方案.zip", encrypted_zip(), "密码"),
    "a rar": ("方案.rar", b"Rar!\x1a\x07\x00" + b"\0" * 50, "解压"),
    "a 7z": ("方案.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 50, "解压"),
    "an OFD without pages": ("方案.ofd", package(OFD_dot_xml=b"<a/>"), "OFD"),
    "an OFD of pictures": ("方案.ofd", to_ofd(writers.to_pdf(PARTS), picture=True), "扫描的OFD"),
    "an OpenDocument without its body": ("方案.odt", package(mimetype=b"x", content_dot_xml=b"<a/>"), "损坏"),
    "an OpenDocument with a password": (
        "方案.odt",
        package(mimetype=b"x", content_dot_xml=b"?", **{"META-INF/manifest_dot_xml": b"<a><encryption-data/></a>"}),
        "取消密码",
    ),
    "slides": ("方案.pptx", package(ppt__presentation_dot_xml=b"<a/>"), "幻灯片"),
    "a binary workbook": ("清单.xlsb", package(xl__workbook_dot_bin=b"x"), "xlsb"),
    "half a zip": ("方案.docx", writers.to_docx(PARTS)[:-300], "损坏"),
    "half a PDF": ("方案.pdf", b"%PDF-1.7\n1 0 obj\n<<", "损坏"),
    "a Word file without its body": ("a.docx", package(word__document_dot_xml=b"<a/>"), "损坏"),
    "a Word file of broken XML": ("a.docx", package(word__document_dot_xml=b"<w:document"), "损坏"),
    "bytes of nothing known": ("a.bin", bytes(range(256)) * 4, "认不出"),
    "a PDF in a picture's name but empty": ("a.png", b"%PDF-1.4\n%%EOF", "损坏"),
}


@pytest.mark.parametrize(("name", "data", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_with_one_sentence_that_says_what_to_do(name: str, data: bytes, words: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        open_document(name, data)
    message = refused.value.message
    assert words in message
    assert message.endswith("。")
    assert message.count("。") == 1
    assert "请" in message


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
BODY = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>'


@pytest.mark.parametrize("member", ["word/document.xml", "word/styles.xml", "word/numbering.xml"])
def test_a_word_file_that_defines_entities_is_refused(member: str) -> None:
    data = replaced_member(writers.to_docx(PARTS), member, DOCTYPE + BODY % b"&x;")
    with pytest.raises(UnreadableDocument, match="另存为"):
        open_document("方案.docx", data)


def test_entities_hidden_by_another_charset_are_refused() -> None:
    hidden = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16")
    with pytest.raises(UnreadableDocument, match="另存为"):
        open_document("方案.docx", replaced_member(writers.to_docx(PARTS), "word/document.xml", hidden))
    named = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a>'
    with pytest.raises(UnreadableDocument, match="另存为"):
        open_document("方案.docx", replaced_member(writers.to_docx(PARTS), "word/document.xml", named))


@pytest.mark.parametrize(
    "member", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"]
)
def test_a_workbook_that_defines_entities_is_refused(member: str) -> None:
    data = replaced_member(writers.to_xlsx(PARTS), member, DOCTYPE + b"<a>&x;</a>")
    with pytest.raises(UnreadableDocument, match="另存为"):
        open_document("清单.xlsx", data)


def test_a_member_that_unpacks_to_far_more_than_it_weighs_is_refused() -> None:
    bomb = replaced_member(writers.to_docx(PARTS), "word/document.xml", BODY % (b"a" * 30_000_000))
    assert len(bomb) < 200_000
    with pytest.raises(UnreadableDocument, match="解压后过大"):
        open_document("方案.docx", bomb)


def test_a_package_of_too_many_members_is_refused() -> None:
    data = package(**{f"m{i}": b"" for i in range(limits.PACKAGE_MEMBERS + 1)})
    with pytest.raises(UnreadableDocument, match="解压后过大"):
        open_document("方案.docx", data)


def test_a_sheet_of_too_many_columns_or_rows_is_refused() -> None:
    wide = writers.to_xlsx([writers.Table([["序号", "任务"], ["1"] * (limits.COLUMNS * 5 + 2)])])
    with pytest.raises(UnreadableDocument, match="太多"):
        open_document("清单.xlsx", wide)


def test_a_table_cell_that_claims_to_be_endlessly_wide_stays_small() -> None:
    page = (
        b"<table><tr><td colspan=999999999 rowspan=999999999>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    )
    with pytest.raises(UnreadableDocument):
        open_document("a.html", page * 1)


def test_a_start_made_to_trap_a_pattern_is_passed_at_once() -> None:
    start = time.process_time()
    open_document("a.txt", b"<!-- -->" * 4000 + b"<?xml")
    open_document("a.html", ("<p>" + "安 全\n 生 产 " * 50_000 + "</p>").encode())
    assert time.process_time() - start < 20


def test_more_tags_than_a_document_can_have_are_refused_before_a_tree_is_built() -> None:
    with pytest.raises(UnreadableDocument, match="太多"):
        open_document("a.html", b"<html><body>" + b"<b>" * (limits.TAGS + 1))


def test_deep_nesting_is_survived() -> None:
    page = "<html><body>" + "<div>" * 5000 + "各矿山企业立即开展自查。" + "</div>" * 5000 + "</body></html>"
    try:
        document = open_document("a.html", page.encode())
    except UnreadableDocument:
        return
    assert "自查" in "".join(block.text for block in document.blocks)


def test_a_web_page_reads_no_file_and_runs_nothing() -> None:
    page = (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><script>document.write("脚本")</script>'
        "<p onclick='x()'>矿山企业开展自查&x;</p></body></html>"
    )
    text = "".join(block.text for block in open_document("a.html", page.encode()).blocks)
    assert "root:" not in text
    assert "脚本" not in text
    assert "矿山企业开展自查" in text


SEEDS = [writers.to_docx(PARTS), writers.to_xlsx(PARTS), writers.to_html(PARTS), writers.to_pdf(PARTS)]
SEEDS += [(SAMPLES / name).read_bytes() for name in ("numbered.doc", "invented_plan.xls")] + [RICH_TEXT]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.html", "a.csv", "a.docx", "a.pdf", ""]))
@example(b"PK\x03\x04", "a.docx")
@example(b"%PDF-", "a.pdf")
@example(b"\xff\xfe\x00", "a.txt")
@example(b"<", "a.html")
@example(b"<html><body><!--", "a.html")
def test_any_bytes_open_or_are_refused(data: bytes, name: str) -> None:
    try:
        document = open_document(name, data)
    except UnreadableDocument as refused:
        assert refused.message.endswith("。")
    else:
        assert document.blocks


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_any_damage_to_a_good_file_opens_or_is_refused(seed: bytes, damage: list[tuple[float, int]]) -> None:
    data = bytearray(seed)
    for place, value in damage:
        data[int(place * (len(data) - 1))] = value
    try:
        open_document("方案", bytes(data))
    except UnreadableDocument as refused:
        assert refused.message.endswith("。")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_pasted_text_opens_or_is_refused(text: str) -> None:
    try:
        open_text(text)
    except UnreadableDocument as refused:
        assert refused.message.endswith("。")


# The members of a package, damaged before they are packed, so that checksums do not hide the parsers.
MARKUP = st.text(st.sampled_from(list("<>/&\"'=wptblrc:0129 安全\n")), max_size=60)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.floats(0, 1), MARKUP, st.sampled_from(["word/document.xml", "word/numbering.xml", "word/styles.xml"]))
def test_any_markup_inside_a_word_file_opens_or_is_refused(place: float, markup: str, member: str) -> None:
    with zipfile.ZipFile(io.BytesIO(SEEDS[0])) as archive:
        content = archive.read(member)
    cut = int(place * len(content))
    try:
        open_document("方案.docx", replaced_member(SEEDS[0], member, content[:cut] + markup.encode() + content[cut:]))
    except UnreadableDocument as refused:
        assert refused.message.endswith("。")
