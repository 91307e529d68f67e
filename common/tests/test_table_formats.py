"""Tables that are no .xlsx: old Excel, WPS, OpenDocument, and web pages and XML under the name of Excel."""

import datetime as dt
import io
import random
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from common.errors import Refused
from common.spreadsheets import CellError, Column, Kind, read_heading, read_rows, table_file_type, write_errors
from common.tests.files import archive

SAMPLES = Path(__file__).parent / "samples"
COLUMNS = [
    Column("number", "序号", Kind.INTEGER),
    Column("task", "任务", required=True),
    Column("unit", "责任部门"),
    Column("due", "完成时限", Kind.DATE),
    Column("share", "进度", Kind.PERCENT),
    Column("funds", "资金（万元）", Kind.DECIMAL),
]
# One workbook with merged, dated and percent cells, a comment and a hidden sheet, saved by an office program.
OFFICE = ["tasks.xls", "tasks.ods"]
HEAD = "".join(f"<th>{column.title}</th>" for column in COLUMNS)
PAGE = f"""<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="gb2312"></head><body>
<table><tr><td>版式<table><tr><td colspan=6>任务清单</td></tr><tr>{HEAD}</tr>
<tr><td>1</td><td>排查<br>隐
 患</td><td rowspan="2">应急局</td><td>2026/3/5</td><td>50%</td><td>3.5</td></tr>
<tr><td>2</td><td>整改隐患</td><td>2026-03-06 14:00</td><td>100%</td><td>12&nbsp;</td></tr>
</table></td></tr></table></body></html>""".encode("gb18030")
CELLS = "".join(f'<Cell><Data ss:Type="String">{column.title}</Data></Cell>' for column in COLUMNS)
XML = f"""<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="三月"><Table><Row ss:Index="2">{CELLS}</Row>
<Row><Cell><Data ss:Type="Number">1</Data></Cell><Cell><Data ss:Type="String">排查&#10;隐患</Data></Cell>
<Cell ss:MergeDown="1"><Data ss:Type="String">应急局</Data></Cell>
<Cell><Data ss:Type="DateTime">2026-03-05T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="String">50%</Data></Cell><Cell><Data ss:Type="Number">3.5</Data></Cell></Row>
<Row><Cell><Data ss:Type="Number">2</Data></Cell><Cell><Data ss:Type="String">整改隐患</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="DateTime">2026-03-06T14:00:00.000</Data></Cell>
<Cell><Data ss:Type="String">100%</Data></Cell><Cell><Data ss:Type="Number">12</Data></Cell></Row>
</Table></Worksheet></Workbook>""".encode()


def files() -> dict[str, bytes]:
    return {name: (SAMPLES / name).read_bytes() for name in OFFICE} | {"page.xls": PAGE, "export.xls": XML}


@pytest.mark.parametrize("name", [*OFFICE, "page.xls", "export.xls"])
def test_every_kind_reads_alike(name):
    data = files()[name]
    table = read_rows(data, COLUMNS)
    first, second = table.rows[:2]
    assert first.values == {
        "number": 1, "task": "排查\n隐患" if name != "page.xls" else "排查\n隐 患", "unit": "应急局",
        "due": dt.date(2026, 3, 5), "share": Decimal(50), "funds": Decimal("3.5"),
    }  # fmt: skip
    assert second.values["unit"] == "应急局", "a cell that is merged over two rows counts in both"
    assert (second.values["due"], second.values["share"]) == (dt.date(2026, 3, 6), Decimal(100))
    assert "批注" not in second.values["task"] and len(table.rows) <= 3, "comments and hidden sheets are not read"
    assert read_heading(data, COLUMNS).titles == [column.title for column in COLUMNS]


@pytest.mark.parametrize("name", [*OFFICE, "page.xls"])
def test_the_marked_file_comes_back_as_a_workbook_with_the_same_cells(name):
    data = files()[name]
    table = read_rows(data, COLUMNS)
    wrong = CellError(table.sheet, table.rows[1].number, "任务", "整改隐患", "太短。")
    marked = write_errors(data, [wrong], header_row=table.header_row, sheet=table.sheet)
    sheet = load_workbook(io.BytesIO(marked)).active
    assert sheet.cell(table.rows[1].number, 7).value == "任务“整改隐患”：太短。"
    assert read_rows(marked, COLUMNS).rows[0].values["task"] == table.rows[0].values["task"]


def test_what_is_kept_is_kept_as_what_it_is():
    kinds = {name: table_file_type(data) for name, data in files().items()}
    assert {kind.suffix for kind in kinds.values() if kind} == {".xls", ".ods"}
    assert kinds["page.xls"].media_type == "application/vnd.ms-excel", "a page of somebody else's is never shown as one"
    assert table_file_type("序号,任务\n1,排查".encode()) is None


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
BAD = {
    "word": (OLE + "WordDocument".encode("utf-16-le"), "file_old_office"),
    "locked": (OLE + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
    "macros": (OLE + "Workbook_VBA_PROJECT_CUR".encode("utf-16-le"), "file_macro"),
    "damaged old": ((SAMPLES / "tasks.xls").read_bytes()[:4000] + "Workbook".encode("utf-16-le"), "table_damaged"),
    "binary": (archive({"xl/workbook.bin": b"\x83\x01"}), "table_unknown"),
    "mht": (b"MIME-Version: 1.0\nContent-Type: multipart/related", "table_unknown"),
    "pdf": (b"%PDF-1.4\n%%EOF", "table_unknown"),
    "page without a table": (b"<html><body><p>\xe6\xb2\xa1\xe6\x9c\x89</p></body></html>", "table_no_header"),
    "entities": (XML.replace(b"<Workbook", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><Workbook'), "file_unsafe"),
    "locked document": (
        archive({
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"\x01\x02",
            "META-INF/manifest.xml": "<manifest><encryption-data/></manifest>",
        }),
        "file_encrypted",
    ),
    "a million repeated rows": (
        archive({
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><table:table table:name="x">'
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384">'
            "<text:p>满</text:p></table:table-cell></table:table-row></table:table></office:document-content>",
        }),
        "table_too_long",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_read_is_refused_in_a_sentence(data, code):
    with pytest.raises(Refused) as refusal:
        read_rows(data, COLUMNS)
    assert refusal.value.code == code
    assert refusal.value.message.endswith("。")


@pytest.mark.parametrize("name", [*OFFICE, "page.xls", "export.xls"])
def test_damaged_bytes_never_break_a_reader(name):
    chance = random.Random(name)
    for _ in range(25):
        data = bytearray(files()[name])
        for _ in range(chance.choice([1, 5, 50])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read_rows(bytes(data), COLUMNS)
        except Refused as refusal:
            assert refusal.message.endswith("。")
