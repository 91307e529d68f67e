"""PDF files: paragraphs out of printed lines, tables out of ruling lines, nothing of what every page repeats."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import open_document
from tasks.plans.formats.detection import Kind
from tasks.plans.tests import writers
from tasks.plans.tests.plan_files import SAMPLES

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def drawn(draw: Callable[[Canvas], object], pagesize: tuple[float, float] = A4, **options: object) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=pagesize, **options)
    canvas.setFont(FONT, 12)
    draw(canvas)
    canvas.save()
    return stream.getvalue()


def opened(draw: Callable[[Canvas], object], **options: object) -> Document:
    return open_document("方案.pdf", drawn(draw, **options))


def lines(canvas: Canvas, *texts: str, top: float = 750, left: float = 90, step: float = 20) -> None:
    for index, text in enumerate(texts):
        canvas.drawString(left, top - index * step, text)


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if not block.cell]


def grid(document: Document) -> dict[tuple[int, int], str]:
    return {(b.cell.row, b.cell.column): b.text for b in document.blocks if b.cell}


def box(canvas: Canvas, xs: list[float], ys: list[float]) -> None:
    canvas.grid(xs, ys)


SENTENCE = "各矿山企业要对照清单逐项开展自查自改并如实报告存在的问题不得隐瞒"  # 32 characters: one full line below


def test_full_lines_run_on_and_short_lines_end_a_paragraph() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "　　" + SENTENCE[2:], SENTENCE, "到此结束。", "　　" + SENTENCE[2:], "也到此结束。")

    document = opened(draw)
    assert paragraphs(document) == [SENTENCE[2:] + SENTENCE + "到此结束。", SENTENCE[2:] + "也到此结束。"]
    assert document.media_type == Kind.PDF
    assert {block.page for block in document.blocks} == {1}


def test_a_paragraph_runs_on_over_the_page_and_what_every_page_repeats_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        for page in (1, 2, 3):
            canvas.setFont(FONT, 12)
            canvas.drawString(90, 800, "某县安全生产委员会办公室文件")
            canvas.drawString(280, 30, f"— {page} —")
            lines(canvas, SENTENCE, SENTENCE, SENTENCE, SENTENCE, top=700)
            canvas.showPage()

    document = opened(draw)
    assert paragraphs(document) == [SENTENCE * 12]


def test_a_number_that_stands_alone_inside_the_text_is_kept() -> None:
    document = opened(lambda canvas: lines(canvas, SENTENCE, "12", SENTENCE, "3。", top=700))
    assert "隐瞒12" in "".join(paragraphs(document))


def test_ruling_lines_make_cells_and_missing_ones_merge_them() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "重点任务清单", top=780)
        for y in (700, 670, 610):
            canvas.line(90, y, 450, y)
        canvas.line(90, 640, 300, 640)
        for x in (90, 150, 300, 450):
            canvas.line(x, 700, x, 610)
        for x, y, text in (
            (95, 680, "序号"),
            (155, 680, "任务"),
            (305, 680, "单位"),
            (95, 650, "1"),
            (155, 650, "查"),
            (305, 635, "县局"),
            (95, 620, "2"),
            (155, 620, "改"),
        ):
            canvas.drawString(x, y, text)
        lines(canvas, "表后的字", top=500)

    document = opened(draw)
    assert paragraphs(document) == ["重点任务清单", "表后的字"]
    assert grid(document) == {
        (0, 0): "序号",
        (0, 1): "任务",
        (0, 2): "单位",
        (1, 0): "1",
        (1, 1): "查",
        (1, 2): "县局",
        (2, 0): "2",
        (2, 1): "改",
    }
    spans = {(b.cell.row, b.cell.column): b.cell.row_span for b in document.blocks if b.cell}
    assert spans[1, 2] == 2


def test_a_table_without_outer_sides_and_drawn_with_thin_boxes_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (700, 670, 640):
            canvas.rect(90, y, 360, 0.5, stroke=0, fill=1)
        canvas.rect(150, 640, 0.5, 60, stroke=0, fill=1)
        for x, y, text in ((95, 680, "序号"), (155, 680, "任务"), (95, 650, "1"), (155, 650, "查")):
            canvas.drawString(x, y, text)

    assert grid(opened(draw)) == {(0, 0): "序号", (0, 1): "任务", (1, 0): "1", (1, 1): "查"}


def test_lines_of_a_cell_are_joined_when_full_and_kept_when_not() -> None:
    def draw(canvas: Canvas) -> None:
        box(canvas, [90, 150, 300], [700, 600])
        lines(canvas, "1", left=100, top=650)
        # 150 points less padding hold eleven squares of twelve points.
        lines(
            canvas,
            "(1)检查露天边坡测量位",
            "移并报告。",
            "(2)封闭废弃巷道",
            "县应急管理局",
            "县水利局",
            left=156,
            top=685,
            step=16,
        )

    assert grid(opened(draw))[0, 1] == "(1)检查露天边坡测量位移并报告。\n(2)封闭废弃巷道\n县应急管理局\n县水利局"


@pytest.mark.parametrize("head_again", [True, False])
def test_a_table_goes_on_over_the_page_unless_its_head_is_printed_again(head_again: bool) -> None:
    def draw(canvas: Canvas) -> None:
        for page in (1, 2):
            canvas.setFont(FONT, 12)
            canvas.drawString(280, 30, str(page))
            box(canvas, [90, 150, 300], [700, 670, 640])
            first, second = ("序号", "任务") if page == 1 or head_again else ("1甲", "验")
            for x, y, text in ((95, 680, first), (155, 680, second), (95, 650, str(page)), (155, 650, "查" * page)):
                canvas.drawString(x, y, text)
            canvas.showPage()

    document = opened(draw)
    assert paragraphs(document) == []
    assert [block.page for block in document.blocks] == [1, 1, 1, 1, 2, 2, 2, 2]
    tables = [block.cell.table for block in document.blocks if block.cell]
    rows = [block.cell.row for block in document.blocks if block.cell]
    assert tables == ([0, 0, 0, 0, 1, 1, 1, 1] if head_again else [0] * 8)
    assert rows == ([0, 0, 1, 1] * 2 if head_again else [0, 0, 1, 1, 2, 2, 3, 3])


def ruled(
    canvas: Canvas, top: float, rows: list[tuple[list[str], int]], xs: tuple[int, ...] = (70, 110, 330, 430, 520)
) -> None:
    """Rows with their heights; a line feed begins another printed line of a cell."""
    for row, height in rows:
        for left, text in zip(xs, row, strict=False):
            lines(canvas, *text.split("\n"), left=left + 4, top=top - 14, step=14)
        for x in xs:
            canvas.line(x, top, x, top - height)
        canvas.line(xs[0], top, xs[-1], top)
        canvas.line(xs[0], top - height, xs[-1], top - height)
        top -= height


HEAD = ["序号", "任务", "责任部门", "完成时限"]
CUT = ["1", "逐座排查露天边坡并建立监测档案，发\n现位移立即停产撤人，并将监测数据报", "县应急管理局", "2025年6月底"]


@pytest.mark.parametrize("head_again", [True, False])
def test_a_row_that_the_end_of_a_page_cuts_in_two_is_one_row(head_again: bool) -> None:
    def draw(canvas: Canvas) -> None:
        ruled(canvas, 740, [(HEAD, 20), (CUT, 50)])
        canvas.showPage()
        canvas.setFont(FONT, 12)
        rest = [
            (["", "县自然资源局备案，每月更新一次。", "县水利局", "前"], 30),
            (["2", "封闭废弃巷道。", "乡镇", "长期坚持"], 30),
        ]
        ruled(canvas, 760, [(HEAD, 20), *rest] if head_again else rest)

    rows = [b.text for b in opened(draw).blocks if b.cell and b.text not in HEAD]
    assert rows == [
        "1",
        "逐座排查露天边坡并建立监测档案，发现位移立即停产撤人，并将监测数据报县自然资源局备案，每月更新一次。",
        "县应急管理局\n县水利局",
        "2025年6月底前",
        "2",
        "封闭废弃巷道。",
        "乡镇",
        "长期坚持",
    ]


def test_a_row_without_a_number_that_begins_like_an_item_stays_a_row() -> None:
    def draw(canvas: Canvas) -> None:
        ruled(canvas, 740, [(HEAD, 20), (CUT, 50)])
        canvas.showPage()
        canvas.setFont(FONT, 12)
        ruled(canvas, 760, [(["", "(2)封闭废弃巷道。", "乡镇", "长期坚持"], 30), (["2", "查", "乡镇", "6月"], 30)])

    assert grid(opened(draw))[2, 1] == "(2)封闭废弃巷道。"


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_text_printed_sideways_is_read_upright(degrees: int) -> None:
    def turned(canvas: Canvas) -> None:
        width, height = A4
        canvas.translate(*{90: (width, 0), 180: (width, height), 270: (0, height)}[degrees])
        canvas.rotate(degrees)
        box(canvas, [90, 150, 300], [500, 470, 440])
        lines(canvas, "重点任务清单", top=550)
        for x, y, text in ((95, 480, "序号"), (155, 480, "任务"), (95, 450, "1"), (155, 450, "查边坡")):
            canvas.drawString(x, y, text)
        lines(canvas, "表后的字", top=300)

    document = opened(turned)
    assert paragraphs(document) == ["重点任务清单", "表后的字"]
    assert grid(document) == {(0, 0): "序号", (0, 1): "任务", (1, 0): "1", (1, 1): "查边坡"}


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_as_it_is_shown(degrees: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(degrees)
        width, height = A4
        canvas.translate(*{0: (0, 0), 90: (width, 0), 180: (width, height), 270: (0, height)}[degrees])
        canvas.rotate(degrees)
        lines(canvas, "第一行", "第二行", "第三行", top=500)

    assert paragraphs(opened(draw)) == ["第一行", "第二行", "第三行"]


def test_a_watermark_printed_askew_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, SENTENCE, "正文。")
        canvas.translate(300, 400)
        canvas.rotate(45)
        canvas.drawString(0, 0, "内部资料")

    assert paragraphs(opened(draw)) == [SENTENCE + "正文。"]


def test_bold_printed_twice_and_spaces_in_the_file() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(90, 700, "标题")
        canvas.drawString(90.4, 700, "标题")
        canvas.drawString(90, 600, "县应急局 县能源局 A B")

    assert paragraphs(opened(draw)) == ["标题", "县应急局 县能源局 A B"]


def test_a_font_that_the_file_only_names_is_not_sought_on_the_machine() -> None:
    document = pypdfium2.PdfDocument(drawn(lambda canvas: lines(canvas, "一")))
    _, bottom, _, top = document[0].get_textpage().get_charbox(0)
    assert top - bottom > 12, "the bar, and not the flat stroke that a font of the machine has for this character"


def test_a_landscape_page_is_read() -> None:
    assert paragraphs(opened(lambda canvas: lines(canvas, "横排的页", top=400), pagesize=landscape(A4))) == ["横排的页"]


def test_a_scan_is_refused_and_a_page_of_pictures_is_named() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.new("RGB", (60, 80), "white"))
    with pytest.raises(UnreadableDocument, match="扫描"):
        opened(lambda canvas: canvas.drawImage(picture, 0, 0, *A4))

    def mixed(canvas: Canvas) -> None:
        lines(canvas, SENTENCE)
        canvas.showPage()
        canvas.drawImage(picture, 0, 0, *A4)

    assert opened(mixed).warnings == ("第2页只有图片没有文字，这些页没有读取，请核对。",)


def test_empty_locked_and_endless_files_are_refused() -> None:
    with pytest.raises(UnreadableDocument, match="没有文字"):
        opened(lambda canvas: canvas.showPage())
    with pytest.raises(UnreadableDocument, match="密码"):
        opened(lambda canvas: lines(canvas, SENTENCE), encrypt="secret")
    with pytest.raises(UnreadableDocument, match="500页"):
        opened(lambda canvas: [canvas.showPage() for _ in range(501)])


def test_a_file_that_only_forbids_changes_is_read() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    lock = StandardEncryption("", ownerPassword="owner", canModify=0)
    assert paragraphs(opened(lambda canvas: lines(canvas, "正文"), encrypt=lock)) == ["正文"]


def test_wrapped_paragraphs_of_a_whole_plan_come_back_as_they_were_written() -> None:
    parts = writers.parts_of((SAMPLES / "invented_plan.md").read_text("utf-8"))
    written = [part.text.replace(" ", "") for part in parts if isinstance(part, writers.Paragraph)]
    for indent in (True, False):
        document = open_document("a.pdf", writers.to_pdf(parts, indent=indent))
        assert [text.replace(" ", "") for text in paragraphs(document)] == written


def test_fifty_thousand_characters_open_in_a_few_seconds_at_the_very_worst() -> None:
    data = writers.to_pdf([writers.Paragraph(SENTENCE * 50) for _ in range(32)])
    start = time.process_time()
    document = open_document("a.pdf", data)
    assert document.characters > 50_000
    assert time.process_time() - start < 20  # measured: about half a second
