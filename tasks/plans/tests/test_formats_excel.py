"""Workbooks: title rows, headers, merged cells, several tables on a sheet, values as a person sees them."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import open_document

HEADER = ["序号", "任务", "责任单位", "完成时限"]


def opened(fill: Callable[[Worksheet], object], others: Callable[[Workbook], object] = lambda book: None) -> Document:
    book = Workbook()
    fill(book.active)
    others(book)
    stream = io.BytesIO()
    book.save(stream)
    return open_document("清单.xlsx", stream.getvalue())


def grid(document: Document, table: int = 0) -> dict[tuple[int, int], str]:
    return {(b.cell.row, b.cell.column): b.text for b in document.blocks if b.cell and b.cell.table == table}


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if not block.cell]


def test_a_sheet_that_is_one_chart_does_no_harm() -> None:
    document = opened(lambda sheet: sheet.append(HEADER), lambda book: book.create_chartsheet("走势图"))
    assert grid(document) or paragraphs(document)


def test_title_rows_above_the_header_are_paragraphs() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["附件1"])
        sheet.append(["重点任务清单"])
        sheet.merge_cells("A2:D2")
        sheet.append(["填报单位：县应急管理局", "", "2025年3月"])
        sheet.append(HEADER)
        sheet.append([1, "查", "县应急管理局", datetime.date(2025, 6, 30)])

    document = opened(fill)
    assert paragraphs(document) == ["附件1", "重点任务清单", "填报单位：县应急管理局 2025年3月"]
    assert grid(document) == {
        (0, 0): "序号",
        (0, 1): "任务",
        (0, 2): "责任单位",
        (0, 3): "完成时限",
        (1, 0): "1",
        (1, 1): "查",
        (1, 2): "县应急管理局",
        (1, 3): "2025-06-30",
    }


def test_merged_cells_and_section_rows_stay_in_the_table() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(HEADER)
        sheet.append(["一、压实责任"])
        sheet.merge_cells("A2:D2")
        sheet.append([1, "查", "县应急管理局", "6月底前"])
        sheet.append([2, "改", None, None])
        sheet.merge_cells("C3:C4")
        sheet.merge_cells("D3:D4")

    document = opened(fill)
    spans = {(b.cell.row, b.cell.column): (b.cell.row_span, b.cell.column_span) for b in document.blocks if b.cell}
    assert spans[1, 0] == (1, 4)
    assert spans[2, 2] == spans[2, 3] == (2, 1)
    assert (3, 2) not in spans
    assert {b.cell.table for b in document.blocks if b.cell} == {0}


def test_a_header_of_two_rows_stays_whole() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["重点任务清单"])
        sheet.append(["序号", "任务", "责任分工", None, "完成时限"])
        sheet.append([None, None, "牵头单位", "配合单位", None])
        sheet.append([1, "查", "县应急管理局", "县公安局", "6月底前"])
        for merged in ("A2:A3", "B2:B3", "C2:D2", "E2:E3"):
            sheet.merge_cells(merged)

    document = opened(fill)
    assert paragraphs(document) == ["重点任务清单"]
    assert grid(document)[1, 2] == "牵头单位"
    assert grid(document)[2, 3] == "县公安局"


def test_two_tables_on_one_sheet_are_parted_by_their_headers() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["清单一"])
        sheet.append(HEADER)
        sheet.append([1, "查", "甲局", "6月"])
        sheet.append([])
        sheet.append([2, "验", "甲局", "7月"])
        sheet.append([])
        sheet.append(["清单二"])
        sheet.append(HEADER)
        sheet.append([1, "改", "乙局", "8月"])
        sheet.append([])
        sheet.append(["注：各单位按时报送。"])

    document = opened(fill)
    assert paragraphs(document) == ["清单一", "清单二", "注：各单位按时报送。"]
    assert grid(document)[2, 1] == "验"  # the empty row is only air
    assert grid(document, 1)[1, 1] == "改"


def test_a_plan_written_down_one_column_is_read_as_paragraphs() -> None:
    document = opened(lambda sheet: [sheet.append([line]) for line in ("方案", "一、总则", "各单位：\n请落实。")])
    assert paragraphs(document) == ["方案", "一、总则", "各单位：", "请落实。"]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (datetime.datetime(2025, 6, 30), "yyyy-mm-dd", "2025-06-30"),
        (datetime.datetime(2025, 6, 1), 'yyyy"年"m"月"', "2025年6月"),
        (datetime.datetime(2025, 6, 30, 9, 5), "yyyy-mm-dd hh:mm", "2025-06-30 09:05"),
        (0.95, "0%", "95%"),
        (1, "0%", "100%"),
        (3.0, "General", "3"),
        (2.5, "General", "2.5"),
        (True, "General", "是"),
        ("  县局\r\n\n乡镇 ", "General", "县局\n乡镇"),
    ],
)
def test_values_are_shown_as_a_person_sees_them(value: object, form: str, shown: str) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["序号", "完成时限"])
        sheet.append([1, value])
        sheet["B2"].number_format = form

    assert grid(opened(fill))[1, 1] == shown


def test_hidden_sheets_are_skipped_and_named() -> None:
    def others(book: Workbook) -> None:
        book.create_sheet("下拉选项").append(["隐藏的内容"])
        book["下拉选项"].sheet_state = "hidden"

    document = opened(lambda sheet: (sheet.append(HEADER), sheet.append([1, "查", "甲局", "6月"])), others)
    assert "隐藏的内容" not in [block.text for block in document.blocks]
    assert document.warnings == ("隐藏的工作表“下拉选项”没有读取，需要时请取消隐藏后重新上传。",)


def test_a_sheet_without_a_title_row_is_headed_by_its_name() -> None:
    def others(book: Workbook) -> None:
        for name in ("煤矿", "Sheet9"):
            sheet = book.create_sheet(name)
            sheet.append(HEADER)
            sheet.append([1, "查", "甲局", "6月"])

    document = opened(lambda sheet: sheet.append(["方案"]), others)
    assert paragraphs(document) == ["方案", "煤矿"]
    assert {block.cell.table for block in document.blocks if block.cell} == {0, 1}


def test_empty_columns_between_and_rows_around_are_dropped() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["C5"], sheet["D5"], sheet["C6"], sheet["D6"] = "序号", "任务", 1, "查"
        sheet["H400"].number_format = "0.00"

    assert grid(opened(fill)) == {(0, 0): "序号", (0, 1): "任务", (1, 0): "1", (1, 1): "查"}


def test_formats_drawn_to_the_last_row_cost_nothing_and_add_nothing() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(HEADER)
        sheet.append([1, "查", "甲局", "6月"])
        sheet["A1048576"].number_format = "0.00"

    assert max(row for row, _ in grid(opened(fill))) == 1


def test_a_formula_that_was_never_calculated_is_mentioned() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(HEADER)
        sheet.append([1, "查", "=A1&A2", "6月"])

    assert opened(fill).warnings == ("有的单元格是公式而没有计算结果，请用Excel打开并保存后重新上传。",)


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="没有内容"):
        opened(lambda sheet: None)


def test_rows_that_the_writer_hid_are_left_out_and_counted() -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (HEADER, [1, "查", "甲局", "6月"], [2, "作废", "", ""], [3, "改", "", "9月"]):
            sheet.append(row)
        sheet.merge_cells("C3:C4")
        sheet["C3"] = "乙局"
        sheet.row_dimensions[3].hidden = True

    document = opened(fill)
    assert [grid(document).get((row, 1)) for row in range(3)] == ["任务", "查", "改"]
    assert grid(document)[2, 2] == "乙局"
    assert "1个隐藏的行没有读取" in document.warnings[0]


def test_rows_that_a_filter_hides_are_read() -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (HEADER, [1, "查", "甲局", "6月"], [2, "改", "乙局", "9月"]):
            sheet.append(row)
        sheet.auto_filter.ref = "A1:D3"
        sheet.auto_filter.add_filter_column(2, ["甲局"])
        sheet.row_dimensions[3].hidden = True

    document = opened(fill)
    assert grid(document)[2, 1] == "改"
    assert "已一并读取" in document.warnings[0]
