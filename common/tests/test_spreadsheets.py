"""Tables in and out, as counties really write them."""

import csv
import datetime
import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from common.errors import Refused
from common.spreadsheets import (
    Column,
    Kind,
    Outcome,
    compare_rows,
    csv_lines,
    iter_rows,
    parse_date,
    parse_number,
    read_heading,
    read_rows,
    sources,
    write_errors,
    write_rows,
)
from common.spreadsheets.values import read_value
from common.tests.files import archive, docx, workbook

NUMBER = Column("number", "序号", Kind.INTEGER)
TASK = Column("task", "任务", required=True, aliases=("工作任务", "任务内容"), max_length=40, width=40)
UNIT = Column("unit", "责任部门", aliases=("责任单位",))
DUE = Column("due", "完成时限", Kind.DATE, aliases=("完成时间",))
SHARE = Column("share", "进度", Kind.PERCENT)
FUNDS = Column("funds", "资金（万元）", Kind.DECIMAL, aliases=("资金",))
URGENT = Column("urgent", "是否紧急", Kind.BOOLEAN)
ROLE = Column("role", "角色", Kind.CHOICE, choices={"lead": "牵头", "help": "配合"})
ALL = [NUMBER, TASK, UNIT, DUE, SHARE, FUNDS, URGENT, ROLE]


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def values(table) -> list[dict[str, Any]]:
    return [row.values for row in table.rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-05", "2024-03-05"),
        ("2024.3.5", "2024-03-05"),
        ("2024/3/5", "2024-03-05"),
        ("２０２４．３．５", "2024-03-05"),
        ("2024年3月5日", "2024-03-05"),
        (" 2024 年 3 月 5 日 前", "2024-03-05"),
        ("2024年3月5号之前", "2024-03-05"),
        ("24年3月5日", "2024-03-05"),
        ("20240305", "2024-03-05"),
        ("2024-03-05 00:00:00", "2024-03-05"),
        ("2024-03-05T08:30", "2024-03-05"),
        ("二〇二四年三月五日", "2024-03-05"),
        ("二○二四年十二月三十一日", "2024-12-31"),
        ("2024年十月二十日", "2024-10-20"),
        ("2024年3月", "2024-03-31"),
        ("2024.10", "2024-10-31"),
        ("2024.3", "2024-03-31"),
        ("2024-02", "2024-02-29"),
        ("2024年3月底", "2024-03-31"),
        ("2024年3月底前", "2024-03-31"),
        ("2024年6月末", "2024-06-30"),
        ("2024年3月上旬", "2024-03-10"),
        ("2024年3月中旬", "2024-03-20"),
        ("2024年2月下旬", "2024-02-29"),
        ("2024年", "2024-12-31"),
        ("2024年底", "2024-12-31"),
        ("2024年年底前", "2024-12-31"),
        ("2024", "2024-12-31"),
        ("2024年上半年", "2024-06-30"),
        ("2024年下半年", "2024-12-31"),
        ("2024年第二季度", "2024-06-30"),
        ("2024年一季度末", "2024-03-31"),
        ("45356", "2024-03-05"),
    ],
)
def test_dates_as_counties_type_them(text, expected):
    assert parse_date(text) == day(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3月5日", "2023-03-05"),
        ("3.5", "2023-03-05"),
        ("3月底", "2023-03-31"),
        ("年底前", "2023-12-31"),
        ("12月", "2023-12-31"),
    ],
)
def test_a_date_without_a_year_needs_one(text, expected):
    assert parse_date(text, year=2023) == day(expected)
    with pytest.raises(ValueError, match="年份"):
        parse_date(text)


@pytest.mark.parametrize(
    "text", ["长期坚持", "每月", "2024年2月30日", "2024-13-01", "2024年13月", "5.3.24", "明天", "3", "0.5"]
)
def test_what_is_no_date_is_told(text):
    with pytest.raises(ValueError, match=r"[一-鿿]"):
        parse_date(text, year=2024)


def test_a_bare_month_can_mean_its_first_day_or_nothing():
    assert parse_date("2024年3月", month_day="first") == day("2024-03-01")
    assert parse_date("2024年", month_day="first") == day("2024-01-01")
    assert parse_date("2024年3月底", month_day=None) == day("2024-03-31")
    with pytest.raises(ValueError, match="能识别的日期"):
        parse_date("2024年3月", month_day=None)


@given(st.dates(datetime.date(1954, 10, 4), datetime.date(2119, 1, 1)))
def test_every_usual_form_of_a_date_is_read(date):
    serial = (date - datetime.date(1899, 12, 30)).days
    forms = [
        date.isoformat(),
        f"{date.year}.{date.month}.{date.day}",
        f"{date.year}年{date.month}月{date.day}日",
        f"{date:%Y%m%d}",
        str(serial),
    ]
    assert [parse_date(form) for form in forms] == [date] * len(forms)


@given(st.text(max_size=20))
def test_no_text_breaks_the_parsers(text):
    for parse in (parse_date, parse_number):
        try:
            parse(text)
        except ValueError as error:
            assert any("一" <= char <= "鿿" for char in str(error)), "the sentence is ours, not Python's"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.5", "1234.5"),
        ("５０", "50"),
        (" 12 % ", "12"),
        ("30％", "30"),
        ("-3", "-3"),
        ("－3", "-3"),
        (".5", "0.5"),
    ],
)
def test_numbers_as_counties_type_them(text, expected):
    assert parse_number(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["约100", "3万", "1,23", "1e5", "nan", "Infinity", "十", "--1"])
def test_what_is_no_number_is_told(text):
    with pytest.raises(ValueError, match="只填数字"):
        parse_number(text)


def test_a_table_below_title_lines_with_columns_in_any_order():
    data = workbook(
        [
            ["附件2"],
            ["矿山安全治本攻坚任务清单"],
            ["填报单位：向阳镇", None, "2024年"],
            ["完成 时限：", "任务内容 ＊", "责任单位（全称）", "序 号", "备注"],
            ["2024.3.5", "  清查采空区\u3000", "自然资源局", 1.0, "x"],
            [None, None, None, None, None],
            [datetime.datetime(2024, 6, 30), "安装监测设备", None, "2", None],
            ["注：本表每月28日前报送"],
        ]
    )
    table = read_rows(data, [NUMBER, TASK, UNIT, DUE])
    assert table.header_row == 4 and table.unknown == ["备注"]
    assert values(table) == [
        {"number": 1, "task": "清查采空区", "unit": "自然资源局", "due": day("2024-03-05")},
        {"number": 2, "task": "安装监测设备", "unit": None, "due": day("2024-06-30")},
    ]
    assert [row.number for row in table.rows] == [5, 7]
    assert table.skipped == [(8, "注：本表每月28日前报送")]
    assert table.errors == []


def test_every_wrong_cell_is_told_with_its_place():
    data = workbook(
        [
            ["序号", "任务", "完成时限", "资金", "是否紧急", "角色"],
            ["一点五", None, "长期坚持", "约100", "也许", "主办"],
            [1.5, "长" * 41, 20.0, "#REF!", "是", "配合"],
        ],
        title="清单",
    )
    table = read_rows(data, ALL)
    errors = {(error.row, error.column): error for error in table.errors}
    assert set(errors) == {
        (2, "序号"),
        (2, "任务"),
        (2, "完成时限"),
        (2, "资金（万元）"),
        (2, "是否紧急"),
        (2, "角色"),
        (3, "序号"),
        (3, "任务"),
        (3, "完成时限"),
        (3, "资金（万元）"),
    }
    assert all(error.sheet == "清单" and error.message.endswith("。") for error in table.errors)
    assert errors[2, "角色"].value == "主办" and "牵头、配合" in errors[2, "角色"].message
    assert str(errors[2, "完成时限"]).startswith("完成时限“长期坚持”：")
    assert "41 个" in errors[3, "任务"].message
    assert table.rows[1].values["urgent"] is True and table.rows[1].values["role"] == "help"


def test_percent_is_read_as_it_is_seen():
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["任务", "进度"])
    for value, number_format in [(0.125, "0.0%"), (12.5, "General"), ("12.5 %", "@"), ("12.5", "@"), (None, "0%")]:
        sheet.append(["x", value])
        sheet.cell(sheet.max_row, 2).number_format = number_format
    target = io.BytesIO()
    book.save(target)
    table = read_rows(target.getvalue(), [TASK, SHARE])
    assert [row.values["share"] for row in table.rows] == [Decimal("12.5")] * 4 + [None]


@pytest.mark.parametrize("raw", [float("inf"), float("-inf"), 1.5e308, 10**30, "9" * 30])
@pytest.mark.parametrize("column", [NUMBER, DUE, SHARE, FUNDS], ids=["integer", "date", "percent", "decimal"])
def test_a_number_without_end_is_an_error_of_its_cell(raw, column):
    with pytest.raises(ValueError, match=r"数字太大|不是能识别的日期"):
        read_value(raw, column)


def test_numbers_in_text_columns_read_as_they_are_seen():
    data = workbook([["任务", "责任部门"], [13800138000.0, 3.5], [911308000000000000, datetime.datetime(2024, 3, 5)]])
    table = read_rows(data, [TASK, UNIT])
    assert table.rows[0].values == {"task": "13800138000", "unit": "3.5"}
    assert table.rows[1].values["unit"] == "2024-03-05"
    assert "丢了末几位" in table.rows[1].errors[0].message, "Excel keeps 15 digits of a long number"


def test_a_month_typed_as_a_number_is_not_guessed():
    data = workbook([["任务", "完成时限"], ["a", 2024.1], ["b", 2024.12], ["c", 2024.3], ["d", 2024]])
    table = read_rows(data, [TASK, DUE])
    assert [row.values["due"] for row in table.rows] == [None, day("2024-12-31"), day("2024-03-31"), day("2024-12-31")]
    assert "1月还是10月" in table.rows[0].errors[0].message


def merged(rows: list[list[Any]], *ranges: str) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    for cells in ranges:
        sheet.merge_cells(cells)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_merged_cells_count_in_every_row_they_cover():
    data = merged(
        [
            ["序号", "任务", "责任部门", "完成时限"],
            [1, "清查采空区", "自然资源局", "2024.3.5"],
            [None, None, "应急管理局", None],
            ["（二）强化监管", None, None, None],
            [2, "安装监测设备", "应急管理局", "2024.6.30"],
        ],
        "A2:A3",
        "B2:B3",
        "D2:D3",
        "A4:D4",
    )
    table = read_rows(data, [NUMBER, TASK, UNIT, DUE])
    assert [(row.values["number"], row.values["task"], row.values["unit"]) for row in table.rows] == [
        (1, "清查采空区", "自然资源局"),
        (1, "清查采空区", "应急管理局"),
        (2, "安装监测设备", "应急管理局"),
    ]
    assert table.rows[1].values["due"] == day("2024-03-05")
    assert table.skipped == [(4, "（二）强化监管")]


def test_a_heading_over_two_rows():
    lead, helper = Column("lead", "牵头"), Column("helper", "配合")
    data = merged(
        [["任务", "责任单位", None, "完成时限"], [None, "牵头", "配合", None], ["清查", "甲局", "乙局", "2024.3.5"]],
        "A1:A2",
        "B1:C1",
        "D1:D2",
    )
    table = read_rows(data, [TASK, lead, helper, DUE])
    assert table.header_row == 2
    assert values(table) == [{"task": "清查", "lead": "甲局", "helper": "乙局", "due": day("2024-03-05")}]


def test_a_heading_repeated_on_every_page_is_no_row():
    data = workbook([["序号", "任务"], [1, "甲"], ["序号", "任务"], [2, "乙"]])
    assert [row.values["task"] for row in read_rows(data, [NUMBER, TASK]).rows] == ["甲", "乙"]


def test_the_sheet_with_the_table_is_found_or_named():
    book = Workbook()
    cover: Any = book.active
    cover.append(["说明"])
    for title, task in [("一月", "甲"), ("二月", "乙")]:
        sheet = book.create_sheet(title)
        sheet.append(["任务"])
        sheet.append([task])
    hidden = book.create_sheet("旧表", 0)
    hidden.sheet_state = "hidden"
    hidden.append(["任务"])
    hidden.append(["不要"])
    target = io.BytesIO()
    book.save(target)
    assert read_rows(target.getvalue(), [TASK]).rows[0].values == {"task": "甲"}
    assert read_rows(target.getvalue(), [TASK], sheet="二月").rows[0].values == {"task": "乙"}
    with pytest.raises(Refused, match="三月"):
        read_rows(target.getvalue(), [TASK], sheet="三月")


def test_a_heading_without_rows_is_an_empty_table():
    assert read_rows(workbook([["任务"]]), [TASK]).rows == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_every_usual_dress(encoding, delimiter):
    text = '序号|任务|完成时限\r\n1|"清查\n采空区"|2024.3.5\r\n\r\n2|监测|\r\n'.replace("|", delimiter)
    table = read_rows(text.encode(encoding), [NUMBER, TASK, DUE])
    assert [(row.number, row.values["task"]) for row in table.rows] == [(2, "清查\n采空区"), (4, "监测")]


BAD = {
    "empty": (b"", "table_empty"),
    "no header": (workbook([["甲", "乙"], ["丙", "丁"]]), "table_no_header"),
    "column missing": (workbook([["序号", "责任部门"], [1, "甲局"]]), "table_columns"),
    "word": (docx(), "table_unknown"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "file_old_office"),
    "password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "file_encrypted",
    ),
    "bytes": (bytes(range(256)) * 4, "table_unknown"),
    "cut": (workbook([["任务"], ["甲"]])[:-200], "file_damaged"),
    "bomb": (archive({"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": b" " * 50_000_000}), "file_bomb"),
    "entities": (
        archive({"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'}),
        "file_unsafe",
    ),
    "hollow": (archive({"xl/workbook.xml": "<workbook/>"}), "table_damaged"),
}


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD.keys())
def test_a_file_of_no_use_is_refused_with_a_sentence(data, code):
    with pytest.raises(Refused) as refusal:
        read_rows(data, [NUMBER, TASK])
    assert refusal.value.code == code
    assert refusal.value.message.endswith("。")


def test_a_file_read_by_rows_may_hold_long_sheets_but_little_beside_them(monkeypatch):
    monkeypatch.setattr(sources, "MAX_UNPACKED", 20_000)
    sheet = workbook([["任务"], *[[f"清查{number}号采空区"] for number in range(400)]])
    with zipfile.ZipFile(io.BytesIO(sheet)) as source:
        members: dict[str, bytes | str] = {name: source.read(name) for name in source.namelist()}
    assert len(members["xl/worksheets/sheet1.xml"]) > 20_000
    heading = read_heading(sheet, [TASK])
    assert sum(1 for _ in iter_rows(sheet, {0: TASK}, sheets=heading.sheets)) == 400
    members["xl/sharedStrings.xml"] = f"<sst>{'文' * 20_000}</sst>"
    with pytest.raises(Refused) as refusal:
        read_heading(archive(members), [TASK])
    assert refusal.value.code == "file_bomb"


def test_too_many_rows_are_refused():
    with pytest.raises(Refused, match="5 行"):
        read_rows(workbook([["任务"], *[["x"] for _ in range(6)]]), [TASK], max_rows=5)
    assert len(read_rows(workbook([["任务"], *[["x"] for _ in range(5)]]), [TASK], max_rows=5).rows) == 5


def test_merges_beyond_reason_are_refused():
    sheet = workbook([["任务"], ["甲"]])
    with zipfile.ZipFile(io.BytesIO(sheet)) as source:
        members: dict[str, bytes | str] = {name: source.read(name) for name in source.namelist()}
    page = members["xl/worksheets/sheet1.xml"]
    assert isinstance(page, bytes)
    merges = "".join(f'<mergeCell ref="A{row}:A{row + 100000}"/>' for row in range(2, 12)).encode()
    members["xl/worksheets/sheet1.xml"] = page.replace(
        b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>"
    )
    with pytest.raises(Refused) as refusal:
        read_rows(archive(members), [TASK])
    assert refusal.value.code == "table_merges"


ROWS: list[dict[str, Any]] = [
    {
        "number": 1,
        "task": '=HYPERLINK("http://evil")',
        "unit": "@SUM(A1)",
        "due": day("2024-03-05"),
        "share": Decimal("12.5"),
        "funds": Decimal("1234.50"),
        "urgent": True,
        "role": "lead",
    },
    {
        "number": 2,
        "task": "+86 矿山\n第二行",
        "unit": "-甲局",
        "due": None,
        "share": Decimal(100),
        "funds": None,
        "urgent": False,
        "role": None,
    },
]


def written(rows: list[dict[str, Any]], **options: Any) -> bytes:
    target = io.BytesIO()
    assert write_rows(target, ALL, iter(rows), **options) == len(rows)
    return target.getvalue()


def test_what_is_written_can_be_read_back():
    assert values(read_rows(written(ROWS, title="任务清单"), ALL)) == ROWS
    assert values(read_rows("".join(csv_lines(ALL, ROWS)).encode(), ALL)) == ROWS


def test_text_never_becomes_a_formula():
    sheet: Any = load_workbook(io.BytesIO(written(ROWS))).active
    assert all(cell.data_type != "f" for row in sheet for cell in row)
    assert sheet["B2"].value.startswith("=HYPERLINK") and sheet["B2"].quotePrefix
    for record in csv.reader(io.StringIO("".join(csv_lines(ALL, ROWS)), newline="")):
        assert not record[1].startswith(("=", "+", "-", "@")) and not record[2].startswith(("=", "+", "-", "@"))


def test_control_characters_and_endless_texts_do_not_break_the_file():
    sheet: Any = load_workbook(io.BytesIO(written([{"task": "甲\x00\x0b乙"}, {"task": "长" * 40_000}]))).active
    assert sheet["B2"].value == "甲乙" and len(sheet["B3"].value) == 32_767


def test_the_printed_page_is_a4_landscape_with_the_head_on_every_page():
    sheet: Any = load_workbook(io.BytesIO(written(ROWS, title="任务清单", sheet="清单"))).active
    assert sheet.title == "清单" and sheet["A1"].value == "任务清单"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.print_title_rows == "$2:$2" and sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref == f"A2:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert sheet.column_dimensions["B"].width == 40
    assert {str(rule.formula1) for rule in sheet.data_validations.dataValidation} == {'"是,否"', '"牵头,配合"'}


def test_long_exports_hold_one_row_at_a_time():
    alive = 0
    most = 0

    class Counted(dict[str, Any]):
        def __init__(self, number: int) -> None:
            nonlocal alive, most
            super().__init__(task=str(number))
            alive += 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    rows = (Counted(number) for number in range(500))
    assert write_rows(io.BytesIO(), [TASK], rows) == 500
    assert most <= 3


def find_by_task(row):
    if row.values["task"] == "禁止":
        raise Refused("这项任务已结束，不能再改。")
    if row.values["task"] == "无此单位":
        raise Refused("单位有误。", fields={"unit": ["目录中没有这个单位。"]})
    present = {"甲": {"task": "甲", "unit": "一局"}, "乙": {"task": "乙", "unit": ""}}
    return present.get(row.values["task"])


def sample_import():
    data = workbook(
        [
            ["任务", "责任部门", "完成时限"],
            ["甲", "二局", None],
            ["乙", None, None],
            ["丙", "三局", "2024.3.5"],
            ["丁", "三局", "某日"],
            ["禁止", "三局", None],
            ["无此单位", "四局", None],
            ["丙", "五局", None],
        ],
        title="清单",
    )
    table = read_rows(data, [TASK, UNIT, DUE])
    return data, compare_rows(table, find_by_task, key=lambda row: row.values["task"])


def test_a_preview_says_what_becomes_of_each_row():
    _, result = sample_import()
    assert [row.outcome for row in result.rows] == ["changed", "unchanged", "new", "wrong", "wrong", "wrong", "wrong"]
    assert result.counts == {"new": 1, "changed": 1, "unchanged": 1, "wrong": 4}
    assert result.rows[0].before == {"unit": "一局"}
    assert not result.is_clean
    assert [str(error) for error in result.errors[1:]] == [
        "这项任务已结束，不能再改。",
        "责任部门“四局”：目录中没有这个单位。",
        "与第 4 行重复。",
    ]
    assert [row.number for row in result.with_outcome(Outcome.NEW, Outcome.CHANGED)] == [2, 4]


def test_the_workbook_comes_back_with_its_errors():
    data, result = sample_import()
    back = write_errors(data, result.errors, header_row=result.table.header_row, sheet=result.table.sheet)
    sheet: Any = load_workbook(io.BytesIO(back))["清单"]
    assert sheet["D1"].value == "导入问题" and sheet["D2"].value is None
    assert "某日" in sheet["D5"].value and "没有这个单位" in sheet["D7"].value
    assert sheet["C5"].fill.fgColor.rgb == "00FDE2E2"
    assert sheet["A2"].value == "甲", "what was handed in is still there"

    again = read_rows(back, [TASK, UNIT, DUE])
    assert again.unknown == [], "the column of the errors is ours"
    cleared = write_errors(back, [], header_row=1, sheet="清单")
    sheet = load_workbook(io.BytesIO(cleared))["清单"]
    assert sheet["D1"].value == "导入问题" and sheet["D5"].value is None and sheet["E1"].value is None


def test_a_csv_file_comes_back_as_csv_with_its_errors():
    data = "任务,完成时限\n甲,某日\n乙,2024.3.5\n".encode("gb18030")
    table = read_rows(data, [TASK, DUE])
    back = write_errors(data, table.errors, header_row=table.header_row)
    records = list(csv.reader(io.StringIO(back.decode("utf-8-sig"))))
    assert records[0] == ["任务", "完成时限", "导入问题"]
    assert "某日" in records[1][2] and records[2][2] == ""


def test_a_mark_in_an_error_is_no_formula():
    data = workbook([["任务", "完成时限"], ["甲", "=1+1x"]])
    table = read_rows(workbook([["任务", "序号"], ["甲", "@1"]]), [TASK, NUMBER])
    back = write_errors(data, table.errors, header_row=1)
    sheet: Any = load_workbook(io.BytesIO(back)).active
    assert sheet["C2"].data_type == "s"


def made(rows, merges=(), hidden_rows=(), hidden_columns=()) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for merge in merges:
        sheet.merge_cells(merge)
    for row in hidden_rows:
        sheet.row_dimensions[row].hidden = True
    for column in hidden_columns:
        sheet.column_dimensions[column].hidden = True
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


class TestHeadings:
    def test_groups_complete_what_stands_below_them(self):
        licence = Column("licence", "采矿许可证号", aliases=("采矿证号",))
        until = Column("until", "采矿证有效期至", Kind.DATE, ends=True, blanks=("长期",))
        found = Column("found", "隐患时间")
        rows = [
            ["矿山名称", "采矿证", None, "隐患情况", None, "备注"],
            [None, "证号", "有效期至", "时间", "其他", None],
            ["石门矿", "C1", "2024.5.6-2027.5.5", "3月", "无", None],
            ["西塬矿", "C2", "长期", "4月", "无", None],
        ]
        data = made(rows, ("A1:A2", "B1:C1", "D1:E1", "F1:F2"))
        table = read_rows(data, [Column("name", "矿山名称", required=True), licence, until, found])
        assert [row.values["licence"] for row in table.rows] == ["C1", "C2"]
        assert [row.values["until"] for row in table.rows] == [day("2027-05-05"), None]
        assert [row.values["found"] for row in table.rows] == ["3月", "4月"]
        assert table.unknown == ["其他", "备注"]  # also what is merged from the row above

    def test_lower_cells_beside_merged_ones_are_headings_and_no_record(self):
        rows = [["任务", "完成时限", "是否完成", None], [None, None, "是", "否"], ["检查", "2026.3.5", "甲", None]]
        data = made(rows, ("A1:A2", "B1:B2", "C1:D1"))
        assert values(read_rows(data, ALL)) == [{"task": "检查", "due": day("2026-03-05")}]
        heading = read_heading(data, [*ALL, Column("done", "是否完成")])
        assert heading.row == 2 and heading.titles == ["任务", "完成时限", "是否完成是", "是否完成否"]

    def test_a_tick_below_a_word_is_that_word(self):
        level = Column("level", "等级", Kind.CHOICE, choices={"a": "一般", "b": "重大"}, aliases=("隐患等级",))
        rows = [
            ["任务", "隐患等级", None, "完成时限"], [None, "一般", "重大", None],
            ["甲", "√", None, "3月"], ["乙", None, "√", "4月"], ["丙", "√", "√", "5月"], ["丁", "×", "□", "6月"], ["合计", 2, 2],
        ]  # fmt: skip
        data = made(rows, ("A1:A2", "B1:C1", "D1:D2"))
        table = read_rows(data, [TASK, level, Column("due", "完成时限")])
        assert [row.values["level"] for row in table.rows] == ["a", "b", None, None] and table.unknown == []
        assert [(error.row, error.value) for error in table.errors] == [(5, "一般、重大")]
        heading = read_heading(data, [TASK, level])
        assert heading.titles == ["任务", "隐患等级", "", "完成时限"] and heading.samples[1][1:3] == ["重大", ""]
        streamed = iter_rows(data, {1: Column("level", "隐患等级")}, sheets=heading.sheets)
        assert [row.values["level"] for row in streamed][:3] == ["一般", "重大", "一般、重大"]

    def test_its_own_title_names_a_column_before_another_name_and_words_before_and_count(self):
        rows = [["工作任务", "任务", "责任单位及责任人", "完成时限（必填）"], ["甲", "乙", "丙", "2026.3.5"]]
        assert values(read_rows(made(rows), ALL)) == [{"task": "乙", "unit": "丙", "due": day("2026-03-05")}]

    def test_a_form_with_answers_beside_the_names_is_refused_as_such(self):
        rows = [
            ["任务", "检查", "责任部门", "甲局"],
            ["完成时限", "2026.3.5", "角色", "牵头"],
            ["资金", "3", "进度", "5"],
        ]
        required = [*ALL, Column("name", "矿山名称", required=True)]
        with pytest.raises(Refused, match="登记表"):
            read_rows(made(rows), required)


class TestHidden:
    ROWS = (["任务", "责任部门"], ["甲", "a"], ["乙", "b"], ["丙", "c"], ["丁", "d"], ["合计", "4"])

    def test_rows_and_columns_that_nobody_sees_are_told_and_left_out_when_asked(self):
        data = made(self.ROWS, hidden_rows=(3, 4, 6, 9), hidden_columns=("B",))
        table = read_rows(data, ALL)
        assert [row.values["task"] for row in table.rows] == ["甲", "乙", "丙", "丁"]
        assert table.hidden == [3, 4] and table.hidden_in_words == "第 3–4 行" and table.hidden_columns == ["责任部门"]
        left = read_rows(data, ALL, leave_hidden=True)
        assert [row.values["task"] for row in left.rows] == ["甲", "丁"] and left.hidden == [3, 4]
        heading = read_heading(data, ALL)
        streamed = iter_rows(data, {0: TASK}, sheets=heading.sheets)
        assert [row.number for row in streamed if row.hidden] == [3, 4]

    def test_what_is_passed_over_row_by_row_is_told(self):
        rows = [["任务", "责任部门"], ["一、甲矿", None], ["甲", "a"], ["（二）乙矿"], ["乙", "b"], ["合计", "2"]]
        skipped: list[tuple[str, str]] = []
        data = made(rows, ("A2:C2", "A4:C4"))
        read = iter_rows(data, {0: TASK, 1: UNIT, 2: DUE}, sheets={"Sheet": 1}, skipped=skipped)
        assert [(row.values["task"], row.section) for row in read] == [("甲", "甲矿"), ("乙", "乙矿")]
        assert skipped == [("第 2 行", "一、甲矿"), ("第 4 行", "（二）乙矿"), ("第 6 行", "合计")]


def test_days_numbers_and_places_with_signs():
    assert parse_date("2025、3、5") == parse_date("2025-03-05（周三）") == day("2025-03-05")
    with pytest.raises(ValueError, match="不止一天"):
        parse_date("2025.3.5-3.6")
    due = Column("due", "期限", in_words=Kind.DATE)
    assert read_value("3.2", due) == "3.2" and read_value(3.5, due) == "3.5"
    with pytest.raises(ValueError, match="3月2日 或 3月20日"):
        read_value(3.2, due)
    assert parse_number("112°34′12″") == Decimal("112.57") and parse_number("E112.5") == Decimal("112.5")
    capacity = Column("capacity", "生产能力（万吨/年）", Kind.DECIMAL)
    assert read_value("30万t/a", capacity) == read_value("30万吨", capacity) == 30
    with pytest.raises(ValueError, match="不是数字"):
        read_value("50万立方米/年", capacity)


def test_cells_that_cannot_be_read_do_not_hide_what_else_is_wrong():
    def find(row):
        raise Refused("x", fields={"unit": ["没有这个部门。"], "due": ["太早。"], "funds": ["必须填写。"]})

    table = read_rows(made([["任务", "责任部门", "完成时限"], ["甲", "乙局", "某天"], [None, "乙局", "某天"]]), [*ALL])
    result = compare_rows(table, find)
    assert [(error.row, error.column) for error in result.errors] == [
        (2, "完成时限"), (2, "责任部门"), (2, "资金（万元）"), (3, "任务"), (3, "完成时限"),
    ]  # fmt: skip
