"""Plain text, pasted text, Markdown and separated values."""

from __future__ import annotations

import pytest

from tasks.plans.document import UnreadableDocument
from tasks.plans.formats import limits, open_document, open_text
from tasks.plans.formats.detection import Kind

TEXT = "一、总体要求\n　　各矿山企业要在三月底前完成自查，报县应急管理局。\n\n二、主要任务\n"
LINES = ["一、总体要求", "　　各矿山企业要在三月底前完成自查，报县应急管理局。", "二、主要任务"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_file_reads_the_same_in_every_encoding_offices_use(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    document = open_document("方案.txt", mark + TEXT.encode(encoding))
    assert [block.text for block in document.blocks] == LINES
    assert [block.index for block in document.blocks] == [0, 1, 2]
    assert document.media_type == Kind.TEXT
    assert document.name == "方案.txt"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\u2028", "\x0c"])
def test_every_line_ending_ends_a_block(ending: str) -> None:
    document = open_document("a.txt", TEXT.replace("\n", ending).encode())
    assert [block.text for block in document.blocks] == LINES


def test_text_cut_off_inside_a_character_still_opens() -> None:
    document = open_document("a.txt", TEXT.strip().encode() + "完".encode()[:2])
    assert [block.text for block in document.blocks] == LINES


def test_markdown_keeps_its_tables_as_text_for_the_cleaning_step() -> None:
    document = open_document("方案.md", "# 方案\n| 序号 | 任务 |\n|--|--|\n| 1 | <p>检查</p> |".encode())
    assert document.media_type == Kind.MARKDOWN
    assert [block.text for block in document.blocks][-1] == "| 1 | <p>检查</p> |"
    assert all(block.cell is None for block in document.blocks)


def test_the_folder_in_an_uploaded_name_is_dropped() -> None:
    assert open_document("/etc/../方案.txt", TEXT.encode()).name == "方案.txt"


def test_separated_values_become_a_table_under_its_title() -> None:
    data = '重点任务清单,,\n序号,任务,责任单位\n1,"检查边坡，\n逐座建档",县自然资源局\n2,清理巷道,县应急管理局\n'
    for encoding in ("utf-8-sig", "gb18030"):
        document = open_document("清单.csv", data.encode(encoding))
        assert document.blocks[0].text == "重点任务清单"
        cells = {(b.cell.row, b.cell.column): b.text for b in document.blocks if b.cell}
        assert cells[0, 1] == "任务"
        assert cells[1, 1] == "检查边坡，\n逐座建档"
        assert cells[2, 2] == "县应急管理局"


def test_invisible_characters_are_left_out() -> None:
    document = open_document("a.txt", "\ufeff矿山\u200b安全\u00ad生产".encode())
    assert document.blocks[0].text == "矿山安全生产"


def test_pasted_text_opens_line_by_line() -> None:
    document = open_text(TEXT)
    assert [block.text for block in document.blocks] == LINES
    assert document.name == "粘贴的文字"


def test_a_table_copied_out_of_excel_is_a_table() -> None:
    copied = (
        '任务清单\t\t\n序号\t任务\t责任单位\n1\t"检查边坡，\n逐座建档"\t县自然资源局\n2\t清理"废弃"巷道\t县应急管理局\n'
        "\n以上各项\t按月报送。\n"
    )
    for document in (open_text(copied), open_document("a.txt", copied.replace("\n", "\r\n").encode())):
        cells = {(b.cell.row, b.cell.column): b.text for b in document.blocks if b.cell}
        assert cells == {
            (0, 0): "序号",
            (0, 1): "任务",
            (0, 2): "责任单位",
            (1, 0): "1",
            (1, 1): "检查边坡，\n逐座建档",
            (1, 2): "县自然资源局",
            (2, 0): "2",
            (2, 1): '清理"废弃"巷道',
            (2, 2): "县应急管理局",
        }
        assert [b.text.strip() for b in document.blocks if not b.cell] == ["任务清单", "以上各项\t按月报送。"]


def test_a_quotation_mark_that_never_closes_takes_nothing_away() -> None:
    copied = '序号\t任务\n1\t"检查\n' + "后文一行\n" * 300
    assert sum("后文一行" in block.text for block in open_text(copied).blocks) == 300
    assert "序号" in open_text('"序号\t任务\t单位\n' + "后文一行\n" * 300).blocks[0].text


MOJIBAKE = (TEXT * 3).encode().decode("gb18030", "replace")


@pytest.mark.parametrize(
    ("pasted", "words"),
    [("", "没有粘贴"), (" \n\t", "没有粘贴"), (MOJIBAKE, "乱码"), ("锟斤拷" * 40, "乱码"), ("安全" * 600_000, "太多")],
    ids=["nothing", "blank", "mojibake", "lost characters", "endless"],
)
def test_pasted_text_that_cannot_be_read_is_refused(pasted: str, words: str) -> None:
    with pytest.raises(UnreadableDocument, match=words):
        open_text(pasted)


@pytest.mark.parametrize(
    "data",
    [
        MOJIBAKE.encode(),
        (TEXT * 3).encode().decode("latin-1").encode(),
        (TEXT * 3).encode("gb18030").decode("latin-1").encode(),
        (TEXT * 3).encode("utf-8")[1:],
        ("安全" + "\ufffd\ufffd生产").encode() * 9,
        TEXT.encode("utf-16-le"),
    ],
    ids=["utf8 as gbk", "utf8 as latin1", "gbk as latin1", "shifted by a byte", "replaced", "utf16 without a mark"],
)
def test_garbled_files_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        open_document("方案.txt", data)
    assert refused.value.message.count("。") == 1


def test_traditional_characters_are_not_taken_for_garbled_text() -> None:
    text = "各縣人民政府應當組織礦山企業開展隱患排查治理，對檢查發現的問題建立臺賬，限期整改並覆核驗收，確保安全。"
    assert open_document("a.txt", text.encode()).blocks[0].text == text


def test_a_file_at_the_limit_is_weighed_before_it_is_read() -> None:
    with pytest.raises(UnreadableDocument, match="20MB"):
        open_document("a.txt", b"a" * (limits.FILE_BYTES + 1))
