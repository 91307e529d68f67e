"""The official task list: as filtered, as seen by its reader, whole, printable, harmless, and readable again."""

import datetime as dt
import io
import zipfile

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from tasks.exports.excel import write_xlsx
from tasks.exports.task_list import HEADS, TaskLine, TaskList
from tasks.exports.word import write_docx
from tasks.models import Task
from tasks.plans.formats import open_document
from tasks.plans.reader import read_plan
from tasks.plans.tests.plan_files import every_plan
from tasks.services.assignments import report_progress
from tasks.services.campaigns import create_campaign
from tasks.tests.plans import long_plan, shipped_plans, small_matches, small_plan

FORMS = ["word", "form"]
ENDINGS = {"word": "docx", "form": "xlsx"}


@pytest.fixture(autouse=True)
def in_february():
    with time_machine.travel(dt.datetime(2026, 2, 10, 1, 0, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def campaign(county, staff):
    return create_campaign(by=staff, region=county.region, plan=small_plan(), matches=small_matches(county))


def download(client, who, campaign, form, **filters):
    client.force_login(who)
    answer = client.get(campaign.get_absolute_url(), {"export": form, **filters})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def grid(data: bytes) -> list[list[str]]:
    """The rows of either file below its head."""
    if data[30:50].startswith(b"[Content_Types].xml") and b"word/document.xml" in data:
        table = Document(io.BytesIO(data)).tables[0]
        return [[cell.text for cell in row.cells] for row in table.rows][1:]
    sheet = load_workbook(io.BytesIO(data)).active
    return [[str(cell.value or "") for cell in row] for row in sheet.iter_rows(min_row=4)]


def words(data: bytes) -> str:
    return "\n".join("".join(row) for row in grid(data))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("number", range(6))
def test_what_is_exported_is_read_as_the_same_plan(client, county, staff, form, number):
    plan = [small_plan(), *shipped_plans()][number]
    campaign = create_campaign(by=staff, region=county.region, plan=plan, matches={})
    assert_same(campaign, download(client, staff, campaign, form), form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", every_plan())
def test_a_plan_imported_word_for_word_comes_back_whole(client, county, staff, form, path):
    plan = read_plan(open_document(path.name, path.read_bytes())).to_json()
    plan["campaign"]["title"] = plan["campaign"]["title"] or "安全生产重点工作任务"
    campaign = create_campaign(by=staff, region=county.region, plan=plan, matches={})
    assert_same(campaign, download(client, staff, campaign, form), form)


def assert_same(campaign, data, form):
    read = read_plan(open_document(f"任务清单.{ENDINGS[form]}", data)).leaves()
    printed = list(campaign.tasks.filter(is_parent=False).prefetch_related("responsibilities", "deadlines"))
    assert len(read) == len(printed) > 0
    for task, again in zip(printed, read, strict=True):
        assert len(again.units) == task.responsibilities.count(), task.ref
        assert sorted(unit.role for unit in again.units) == sorted(r.role for r in task.responsibilities.all())
        assert sorted(str(d.date) for d in again.deadlines) == sorted(str(d.date) for d in task.deadlines.all())
        assert squeezed(task.printed) in squeezed(again.text) + "。", task.ref


def squeezed(text: str) -> str:
    return "".join(text.split()).rstrip("。")


@pytest.mark.parametrize("form", FORMS)
def test_a_reader_gets_the_progress_of_the_units_in_reach_only(
    client, campaign, county, form, clerk, sister_clerk, leader
):
    for who, unit, said in ((clerk, county.mine, "培训了两个班组"), (sister_clerk, county.sister_mine, "教材已发")):
        owed = campaign.assignments.get(task__ref="3", unit=unit)
        report_progress(by=who, assignment=owed, percent=40, text=said)
    assert "石门煤矿：培训了两个班组（推进中，40%）" in words(download(client, leader, campaign, form))
    assert "北沟煤矿：教材已发" in words(download(client, leader, campaign, form))
    own = words(download(client, clerk, campaign, form))
    assert "培训了两个班组（推进中，40%）" in own
    assert "教材已发" not in own and "北沟煤矿" not in own


@pytest.mark.parametrize("form", FORMS)
def test_units_that_say_the_same_stand_together(client, campaign, county, form, clerk, sister_clerk, leader):
    for who, unit in ((clerk, county.mine), (sister_clerk, county.sister_mine)):
        report_progress(
            by=who, assignment=campaign.assignments.get(task__ref="3", unit=unit), percent=40, text="已培训"
        )
    paper = words(download(client, leader, campaign, form))
    assert paper.count("已培训（推进中，40%）") == 1
    assert "石门煤矿、北沟煤矿：已培训" in paper or "北沟煤矿、石门煤矿：已培训" in paper


def test_rows_are_as_high_as_their_text(client, campaign, staff):
    """Not every program makes rows grow when it opens a file."""
    sheet = load_workbook(io.BytesIO(download(client, staff, campaign, "form"))).active
    filled = [row for row in range(4, sheet.max_row + 1) if sheet.cell(row, 2).value]
    assert filled and all(sheet.row_dimensions[row].height >= 15 for row in filled)


@pytest.mark.parametrize("form", FORMS)
def test_the_filter_of_the_page_is_the_filter_of_the_paper(client, campaign, county, staff, form):
    data = download(client, staff, campaign, form, unit=county.mine.pk)
    assert "全员培训" in words(data) and "建立隐患台账" not in words(data)
    assert "筛选条件：责任部门：石门煤矿" in remark(data, form)
    whole = download(client, staff, campaign, form)
    assert "筛选条件" not in remark(whole, form)
    assert "文号：青安办〔2026〕1号" in remark(whole, form) and "导出日期：2026年2月10日" in remark(whole, form)


def remark(data: bytes, form: str) -> str:
    if form == "word":
        return Document(io.BytesIO(data)).paragraphs[1].text
    return str(load_workbook(io.BytesIO(data)).active["A2"].value)


@pytest.mark.parametrize("form", FORMS)
def test_late_silent_and_unowned_tasks_are_told_apart(client, campaign, county, staff, clerk, form):
    owed = campaign.assignments.get(task__ref="3", unit=county.mine)
    report_progress(by=clerk, assignment=owed, percent=40, text="培训了两个班组")
    campaign.assignments.filter(pk=owed.pk).update(due_on=dt.date(2026, 2, 9))
    rows = grid(download(client, staff, campaign, form))
    by_ref = {row[0]: row for row in rows}
    assert "石门煤矿：培训了两个班组（推进中，40%，已逾期）" in by_ref["3"][4]
    assert "北沟煤矿尚未开展工作（1个单位）。" in by_ref["3"][4]
    assert by_ref["4"][2] == by_ref["4"][3] == "—"
    assert "县应急管理局牵头，县能源局负责" in by_ref["1"][2]
    assert by_ref["1"][3] == "2026年12月31日前；其中完成摸底在2026年6月30日前完成"


def test_every_word_of_a_long_task_is_on_the_sheet_and_no_row_is_higher_than_excel_shows():
    task = "".join(f"第{n}句要求。" for n in range(700))
    said = tuple(f"煤矿{n}：" + "已完成" * 90 for n in range(20))
    paper = TaskList("清单", "", ("一、任务", TaskLine("1", task, "局、" * 300, "长期坚持", said)))
    target = io.BytesIO()
    write_xlsx(paper, target)
    rows = grid(target.getvalue())
    assert "".join(row[1] for row in rows[1:]) == task
    assert "".join(row[4] for row in rows[1:]).replace("\n", "") == "".join(said)
    assert [row[0] for row in rows[1:]] == ["1"] + [""] * (len(rows) - 2)
    # 44 columns hold 20 Chinese characters of 12 points, and 20 lines of them are 320 of Excel's 409 points.
    assert max(len(row[4]) for row in rows) <= 20 * 20


@pytest.mark.parametrize("write", [write_docx, write_xlsx])
def test_text_that_looks_like_a_formula_or_like_tags_stays_text(write):
    nasty = '=HYPERLINK("http://x")'
    line = TaskLine("1", "<b>&任务", "@局", "-1", (nasty, "+1\n第二行"))
    target = io.BytesIO()
    write(TaskList("=1+1", "=2", ("=3", line)), target)
    rows = grid(target.getvalue())
    assert rows[1][1] == "<b>&任务" and nasty in rows[1][4] and "第二行" in rows[1][4]
    if write is write_xlsx:
        sheet = load_workbook(target).active
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
        assert sheet["E5"].quotePrefix


def test_control_characters_do_not_break_the_files(client, campaign, staff):
    Task.objects.filter(campaign=campaign, ref="1").update(text="坏\x0b字符和\r\n换行")
    for form in FORMS:
        assert "坏字符和\n换行" in words(download(client, staff, campaign, form))


def test_the_sheet_prints_on_a4_with_its_head_on_every_page(client, campaign, staff):
    sheet = load_workbook(io.BytesIO(download(client, staff, campaign, "form"))).active
    assert [cell.value for cell in sheet[3]] == list(HEADS)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$3:$3" and "&P" in sheet.oddFooter.center.text
    assert sheet["A3"].font.name == "黑体" and sheet["B6"].font.name == "仿宋_GB2312"
    assert sheet["B6"].alignment.wrap_text


def test_the_document_prints_on_a4_with_its_head_on_every_page_and_whole_rows(client, campaign, staff):
    long = campaign.tasks.filter(children=None).first()
    campaign.tasks.filter(pk=long.pk).update(text="逐项排查整治并按月报告。" * 40)
    data = download(client, staff, campaign, "word")
    document = Document(io.BytesIO(data))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    first, *others = document.tables[0].rows
    assert [cell.text for cell in first.cells] == list(HEADS)
    assert first._tr.trPr.find(qn("w:tblHeader")) is not None
    cut = [row for row in [first, *others] if row._tr.trPr.find(qn("w:cantSplit")) is None]
    assert [row.cells[0].text for row in cut] == [long.ref], "only a row that takes a third of a page may be cut"
    assert document.styles["ListHead"].element.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    assert document.styles["ListCell"].element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    footer = zipfile.ZipFile(io.BytesIO(data)).read("word/footer1.xml").decode()
    assert " PAGE " in footer and " NUMPAGES " in footer


@pytest.mark.parametrize("form", FORMS)
def test_a_long_list_asks_the_database_as_often_as_a_short_one(client, county, staff, form):
    asked = []
    for size in (2, 20):
        campaign = create_campaign(by=staff, region=county.region, plan=long_plan(size), matches=small_matches(county))
        download(client, staff, campaign, form)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(campaign.get_absolute_url(), {"export": form})
        assert len(b"".join(answer.streaming_content)) > 5000
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 15


def test_a_stranger_gets_no_paper_and_the_menu_offers_all(client, campaign, staff, stranger):
    client.force_login(stranger)
    assert client.get(campaign.get_absolute_url(), {"export": "word"}).status_code == 404
    client.force_login(staff)
    page = client.get(campaign.get_absolute_url(), {"state": "not_started"}).content.decode()
    assert "state=not_started&amp;export=word" in page and "任务清单 Excel（官方表式）" in page
