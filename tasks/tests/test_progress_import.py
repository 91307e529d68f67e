"""The form of progress: out, filled in somewhere else, and back into the ledger."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from common.history import history_of
from common.models import Event
from tasks.imports.progress import COLUMNS
from tasks.models import ProgressEntry, ProgressImport
from tasks.services.assignments import move_assignment, report_progress
from tasks.services.campaigns import close_campaign, create_campaign
from tasks.tests.plans import long_plan, small_matches, small_plan

TITLES = [column.title for column in COLUMNS]
PERCENT, TEXT, SEAL = (TITLES.index(title) + 1 for title in ("进度（%）", "主要进展及完成情况", "系统识别码"))


@pytest.fixture(autouse=True)
def in_february(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(dt.datetime(2026, 2, 10, 1, 0, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def campaign(county, staff):
    return create_campaign(by=staff, region=county.region, plan=small_plan(), matches=small_matches(county))


@pytest.fixture
def many(county, staff):
    """Twelve tasks for every mine."""
    return create_campaign(by=staff, region=county.region, plan=long_plan(12), matches=small_matches(county))


@pytest.fixture
def owed(campaign, county):
    return campaign.assignments.get(task__ref="3", unit=county.mine)


class Desk:
    """A person at their computer."""

    def __init__(self, client, campaign):
        self.client, self.campaign = client, campaign

    def enter(self, who):
        self.client.force_login(who)
        return self

    def form(self):
        answer = self.client.get(self.campaign.get_absolute_url(), {"export": "progress"})
        assert answer.status_code == 200
        return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))

    def hand_in(self, book, name="填报表.xlsx"):
        data = book
        if not isinstance(book, bytes):
            target = io.BytesIO()
            book.save(target)
            data = target.getvalue()
        address = f"{self.campaign.get_absolute_url()}progress/"
        answer = self.client.post(address, {"file": SimpleUploadedFile(name, data)}, follow=True)
        return answer, answer.content.decode()

    def confirm(self, run=None):
        run = run or ProgressImport.objects.get()
        return self.client.post(run.get_absolute_url(), {"act": "confirm"}, follow=True)


@pytest.fixture
def desk(client, campaign):
    return Desk(client, campaign)


def answer(book, row, percent, text):
    sheet = book.active
    sheet.cell(row, PERCENT).value, sheet.cell(row, TEXT).value = percent, text
    return book


def rows_of(book):
    return list(book.active.iter_rows(min_row=4, values_only=True))


def test_the_form_holds_what_the_unit_may_report_on_and_only_answers_are_open(desk, clerk, owed):
    book = desk.enter(clerk).form()
    sheet = book.active
    assert [cell.value for cell in sheet[3]] == TITLES
    (row,) = rows_of(book)
    assert row[:7] == ("3", owed.task.printed, "石门煤矿", "2026-09-30", "未开始", 0, None)[:7]
    assert sheet.protection.sheet
    assert [not cell.protection.locked for cell in sheet[4]] == [
        n in (PERCENT, TEXT) for n in range(1, len(TITLES) + 1)
    ]
    assert sheet.column_dimensions["H"].hidden
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"whole", "textLength"}


def test_the_bureau_gets_the_rows_of_all_and_readers_none(desk, staff, leader, auditor, campaign):
    assert len(rows_of(desk.enter(staff).form())) == campaign.assignments.count() == 5
    for who in (leader, auditor):
        desk.enter(who)
        page = desk.client.get(campaign.get_absolute_url()).content.decode()
        assert "export=progress" not in page and "导入进展" not in page
        assert desk.client.get(f"{campaign.get_absolute_url()}progress/").status_code == 403
        plain = desk.client.get(campaign.get_absolute_url(), {"export": "progress"})
        assert plain.status_code == 302, "an unknown form of export is sent back to the page"


def test_a_filled_in_form_is_shown_first_and_written_when_confirmed(desk, clerk, owed):
    book = answer(desk.enter(clerk).form(), 4, 40, "已培训两个班组。")
    _, page = desk.hand_in(book)
    assert "确认后写入 1 项进展" in page and "已培训两个班组。" in page
    assert not ProgressEntry.objects.exists(), "nothing is written before it is confirmed"
    page = desk.confirm().content.decode()
    assert "已写入 1 项进展" in page
    owed.refresh_from_db()
    assert (owed.state, owed.percent, owed.summary) == ("in_progress", 40, "已培训两个班组。")
    run = ProgressImport.objects.get()
    assert set(Event.objects.filter(batch=run.batch).values_list("verb", flat=True)) == {
        "assignment.progress",
        "progressimport.confirmed",
    }
    assert history_of(owed).filter(batch=run.batch, actor=clerk).exists()


def test_a_form_is_written_once(desk, clerk, owed):
    book = answer(desk.enter(clerk).form(), 4, 40, "已培训两个班组。")
    desk.hand_in(book)
    desk.confirm()
    assert "不能再次写入" in desk.confirm().content.decode()
    _, page = desk.hand_in(book)
    assert "没有可以写入的内容" in page
    assert "没有要写入的内容" in desk.confirm(ProgressImport.objects.first()).content.decode()
    assert owed.progress.count() == 1


def test_what_nobody_touched_is_not_written(client, many, clerk):
    desk = Desk(client, many).enter(clerk)
    book = desk.form()
    assert len(rows_of(book)) == 12
    answer(answer(book, 5, "60%", "完成"), 7, 0.25, "开始")
    book.active.cell(7, PERCENT).number_format = "0%"
    _, page = desk.hand_in(book)
    assert "确认后写入 2 项进展" in page
    desk.confirm()
    assert sorted(many.assignments.filter(percent__gt=0).values_list("percent", flat=True)) == [25, 60]
    assert ProgressImport.objects.get().counts == {"new": 2, "changed": 0, "unchanged": 10, "wrong": 0}


@pytest.mark.parametrize(
    ("percent", "text", "sentence"),
    [
        (101, "好", "进度填0到100之间的整数"),
        (-1, "好", "进度填0到100之间的整数"),
        (33.3, "好", "进度填0到100之间的整数"),
        ("一半", "好", "不是数字"),
        (None, "好", "进度填0到100之间的整数"),
        (50, "  ", "请写明做了什么"),
        (50, "长" * 5001, "最多 5000 个字"),
    ],
)
def test_a_faulty_answer_is_named_with_row_and_column_and_marked_in_the_workbook(
    desk, clerk, owed, percent, text, sentence
):
    _, page = desk.hand_in(answer(desk.enter(clerk).form(), 4, percent, text))
    assert sentence in page and '<td class="number short" data-label="行">4</td>' in page
    run = ProgressImport.objects.get()
    marked = load_workbook(io.BytesIO(desk.client.get(f"{run.get_absolute_url()}marked/").content)).active
    assert marked.cell(3, len(TITLES) + 1).value == "导入问题"
    assert sentence in marked.cell(4, len(TITLES) + 1).value
    assert not owed.progress.exists()


def test_the_good_rows_are_written_and_the_others_come_back(client, many, clerk, staff):
    desk = Desk(client, many).enter(clerk)
    book = desk.form()
    for row in (4, 5, 6):
        answer(book, row, 50, f"第{row}行完成一半")
    waiting, overtaken, _ = many.assignments.filter(unit=clerk.unit).order_by("task__position")[:3]
    report_progress(by=clerk, assignment=waiting, percent=100, text="完成")
    waiting.refresh_from_db()
    move_assignment(by=clerk, assignment=waiting, action="submit")
    report_progress(by=clerk, assignment=overtaken, percent=70, text="后来又填的")
    _, page = desk.hand_in(book)
    assert "确认后写入 1 项进展" in page
    assert "正在等待审核" in page and "导出这张表以后，这一事项又填报过进展（现为70%）" in page
    page = desk.confirm().content.decode()
    assert "已写入 1 项进展" in page and "正在等待审核" in page, "the receipt still names what was left out"
    overtaken.refresh_from_db()
    assert overtaken.summary == "后来又填的"


def test_renamed_and_shuffled_columns_are_understood(desk, clerk, owed):
    source = rows_of(desk.enter(clerk).form())[0]
    book = Workbook()
    book.active.append(["某矿自己的表头"])
    book.active.append(["识别码", "进展情况", "进度", "备注"])
    book.active.append([source[SEAL - 1], "换了列的次序", 30, "内部"])
    _, page = desk.hand_in(book)
    assert "确认后写入 1 项进展" in page and "这些列不认识，没有读取：备注" in page
    desk.confirm()
    owed.refresh_from_db()
    assert (owed.percent, owed.summary) == (30, "换了列的次序")


def test_a_form_of_another_campaign_or_another_county_is_refused_as_a_whole(desk, clerk, many, settings, owed):
    desk.enter(clerk)
    foreign = answer(Desk(desk.client, many).form(), 4, 40, "好")
    reply, page = desk.hand_in(foreign)
    assert reply.status_code == 422 and "不是“青岚县矿山安全整治方案”的填报表" in page
    settings.SECRET_KEY = "the key of another installation, which signs otherwise"
    desk.enter(clerk)
    other = answer(desk.form(), 4, 40, "好")
    settings.SECRET_KEY = "ours again, and long enough to be one"
    desk.enter(clerk)
    reply, page = desk.hand_in(other)
    assert reply.status_code == 422 and "不是本系统导出的进展填报表" in page
    assert not ProgressImport.objects.exists()


def test_a_forged_seal_of_one_row_stops_that_row(client, many, clerk):
    desk = Desk(client, many).enter(clerk)
    book = answer(answer(desk.form(), 4, 40, "好"), 5, 40, "好")
    book.active.cell(5, SEAL).value = str(book.active.cell(5, SEAL).value).replace(":", "1:", 1)
    _, page = desk.hand_in(book)
    assert "确认后写入 1 项进展" in page and "认不出是哪一项" in page


def test_files_that_are_no_form_are_refused_with_a_sentence(desk, clerk, owed):
    desk.enter(clerk)
    book = Workbook()
    book.active.append(["序号", "任务"])
    for data, words in (
        (book, "不是本系统导出的进展填报表"),
        (b"", "空"),
        (b"PK\x03\x04damaged", "xlsx"),
    ):
        reply, page = desk.hand_in(data)
        assert reply.status_code == 422 and words in page
    book = desk.form()
    book.active.delete_cols(PERCENT)
    reply, page = desk.hand_in(book)
    assert reply.status_code == 422 and "表头缺少：进度（%）" in page


def test_nobody_answers_for_another_unit(desk, campaign, county, clerk, sister_clerk, staff, enterprise_clerk, owed):
    """The bureau sends one form round to all; each unit's rows count only from its own hand."""
    book = desk.enter(staff).form()
    at = {row[2]: number for number, row in enumerate(rows_of(book), start=4) if row[0] == "3"}
    answer(book, at["石门煤矿"], 40, "石门填的")
    for who, words in (
        (sister_clerk, "这一行不是您单位的责任事项"),
        (enterprise_clerk, "只有责任单位自己的人员可以填报进展"),
        (staff, "只有责任单位自己的人员可以填报进展"),
    ):
        _, page = desk.enter(who).hand_in(book)
        assert words in page and "没有可以写入的内容" in page
    _, page = desk.enter(clerk).hand_in(book)
    assert "确认后写入 1 项进展" in page


def test_a_handed_in_form_is_its_senders_own(desk, clerk, mine_head, sister_clerk, staff, stranger, owed):
    desk.enter(clerk)
    desk.hand_in(answer(desk.form(), 4, 40, "好"))
    run = ProgressImport.objects.get()
    for who in (mine_head, sister_clerk, staff, stranger):
        desk.enter(who)
        assert desk.client.get(run.get_absolute_url()).status_code == 404
        assert desk.client.get(f"{run.get_absolute_url()}marked/").status_code == 404
        assert desk.confirm().status_code == 404
    assert not owed.progress.exists()


def test_put_aside_is_put_aside(desk, clerk, owed):
    desk.enter(clerk)
    desk.hand_in(answer(desk.form(), 4, 40, "好"))
    run = ProgressImport.objects.get()
    page = desk.client.post(run.get_absolute_url(), {"act": "drop"}, follow=True).content.decode()
    assert "已放弃，没有写入任何内容" in page
    assert "不能再次写入" in desk.confirm().content.decode()
    assert "这张表已放弃" in desk.client.get(run.get_absolute_url()).content.decode()
    assert not owed.progress.exists()


def test_an_ended_campaign_takes_no_form(desk, clerk, staff, campaign, owed):
    book = answer(desk.enter(clerk).form(), 4, 40, "好")
    desk.hand_in(book)
    close_campaign(by=staff, campaign=campaign, note="到期")
    assert "这个行动已经结束" in desk.confirm().content.decode()
    reply, page = desk.hand_in(book)
    assert reply.status_code == 409 and "这个行动已经结束" in page
    assert not owed.progress.exists()


def test_a_unit_with_nothing_to_report_on_is_told_so(desk, liaison, campaign, county):
    campaign.assignments.filter(unit=county.energy).update(withdrawn_on=dt.date(2026, 2, 1))
    campaign.assignments.filter(unit=county.mine).update(unit=county.energy, state="submitted", percent=100)
    reply = desk.enter(liaison).client.get(campaign.get_absolute_url(), {"export": "progress"})
    assert reply.status_code == 400 and "没有可以填报的责任事项" in reply.content.decode()


def test_a_long_form_is_written_by_a_job(client, county, staff, clerk, django_capture_on_commit_callbacks):
    campaign = create_campaign(by=staff, region=county.region, plan=long_plan(60), matches=small_matches(county))
    desk = Desk(client, campaign).enter(clerk)
    book = desk.form()
    for row in range(4, 64):
        answer(book, row, 10, "开始")
    desk.hand_in(book)
    run = ProgressImport.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        reply = client.post(run.get_absolute_url(), {"act": "confirm"})
    assert "/jobs/" in reply["Location"]
    run.refresh_from_db()
    assert run.state == "confirmed" and ProgressEntry.objects.count() == 60
