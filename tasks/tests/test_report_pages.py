"""The pages of reports, as the people of a unit and of the bureau use them, and the Excel way round."""

from __future__ import annotations

import io
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from common.models import Evidence
from tasks.models import Assignment, Campaign, ProgressEntry, ProgressReport
from tasks.reporting import Sheet, token
from tasks.services.campaigns import create_campaign
from tasks.services.reports import Answers, LineAnswer, correct_report, save_report
from tasks.tests.plans import long_plan, small_matches
from tasks.tests.reporting import ON_THE_20TH, accepted, filled, handed_in, monthly, report_of, small_campaign


@pytest.fixture(autouse=True)
def clock(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(ON_THE_20TH, tick=False) as clock:
        yield clock


@pytest.fixture
def campaign(county, staff):
    return small_campaign(county, staff)


@pytest.fixture
def report(campaign, county, staff):
    monthly(campaign, county, staff)
    return report_of(county.mine)


def page_of(client, who, report):
    client.force_login(who)
    answer = client.get(report.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def values_on(html):
    """What the form of a page would send, as the browser reads it."""
    form = html[html.index('data-draft="report"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="file"' not in tag:
            found[name[1]] = value[1] if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        found[name] = text
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        found[name] = re.search(r'value="([^"]*)" selected', options)[1]
    return found


@pytest.fixture
def line(report):
    return Sheet(report).lines[0]


def test_a_clerk_writes_signs_and_hands_in(client, report, line, clerk, staff, county):
    values = values_on(page_of(client, clerk, report))
    assert values["stated-tasks.total"] == "1"
    picture = SimpleUploadedFile("培训.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    lacking = client.post(report.get_absolute_url(), values | {"stated-tasks.total": "2", "then": "sign"}, follow=True)
    assert lacking.redirect_chain == [(report.get_absolute_url(), 302)]
    assert "还不能签发：“进展情况”没有写" in lacking.content.decode() and "要写明理由" in lacking.content.decode()
    values = values_on(page_of(client, clerk, report)) | {"stated-tasks.total": "1"}
    values |= {"progress": "本月组织培训。", f"text-{line.pk}": "培训两批。", f"percent-{line.pk}": "50"}
    answer = client.post(report.get_absolute_url(), values | {f"files-{line.pk}": picture, "then": "sign"}, follow=True)
    assert "签发负责人" in answer.content.decode()
    client.post(f"{report.get_absolute_url()}sign/", {"signed_for": "何矿长"})
    client.post(f"{report.get_absolute_url()}act/", {"act": "submit"})
    report.refresh_from_db()
    assert (report.state, report.signed_for) == ("submitted", "何矿长")
    assert Evidence.objects.about(report.entries.get()).count() == 1
    html = page_of(client, staff, report)
    assert "培训两批。" in html and "审核通过" in html
    waiting = "/reports/?state=submitted"
    html = client.get(report.get_absolute_url(), {"back": waiting}).content.decode()
    assert html.count(f'name="back" value="{waiting}"') == 1
    answer = client.post(f"{report.get_absolute_url()}review/", {"act": "accept", "back": waiting})
    assert answer.headers["Location"] == waiting
    entry = ProgressEntry.objects.get()
    assert (entry.percent, entry.text, Evidence.objects.about(entry).count()) == (50, "培训两批。", 1)


def test_a_returned_report_shows_the_marks_at_its_lines(client, report, line, clerk, staff):
    handed_in(report, clerk)
    client.force_login(staff)
    url = f"{report.get_absolute_url()}review/"
    client.post(url, {"act": "accept", f"remark-line-{line.pk}": "没有人数"})
    report.refresh_from_db()
    assert report.state == "submitted"  # a mark and an acceptance contradict each other
    client.post(url, {"act": "return", f"remark-line-{line.pk}": "没有人数", "remark-figure-tasks.total": "应为2"})
    html = page_of(client, clerk, report)
    assert "没有人数" in html and "应为2" in html and "有2处意见" in html


def test_two_people_see_each_others_text_and_nothing_is_lost(client, report, line, clerk, mine_head):
    seen = values_on(page_of(client, mine_head, report))
    save_report(
        by=clerk,
        report=report,
        answers=Answers({}, {line.pk: LineAnswer("in_progress", 30, "填报员写的一批。", line.token)}),
    )
    mine = seen | {f"text-{line.pk}": "矿长写的两批。", "plans": "下月复训。"}
    answer = client.post(report.get_absolute_url(), mine)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "填报员写的一批。" in html and "矿长写的两批。" in html and "刘填报" in html
    report.refresh_from_db()
    assert (report.plans, report.entries.get().text) == ("下月复训。", "填报员写的一批。")
    both = values_on(html) | {f"text-{line.pk}": "填报员写的一批，矿长写的两批。"}
    assert client.post(report.get_absolute_url(), both).status_code == 302
    assert report.entries.get().text == "填报员写的一批，矿长写的两批。"


def test_the_page_keeps_its_draft_and_may_only_go_on_from_what_it_shows(client, report, line, clerk, mine_head):
    values = values_on(page_of(client, clerk, report))
    url = f"{report.get_absolute_url()}draft/"
    answer = client.post(url, values | {"progress": "写了一半"}).content.decode()
    assert "已自动保存" in answer and f'id="token-progress" name="token-progress" value="{token("写了一半")}"' in answer
    report.refresh_from_db()
    assert report.progress == "写了一半"
    # The head changes the line; the clerk's page, which still shows the old one, gets no token for it.
    save_report(
        by=mine_head,
        report=report,
        answers=Answers({}, {line.pk: LineAnswer("in_progress", 9, "矿长写的", line.token)}),
    )
    again = client.post(url, values | {"progress": "写完了", "token-progress": token("写了一半")}).content.decode()
    assert "已自动保存" in again and f"token-line-{line.pk}" not in again
    assert report.entries.get().text == "矿长写的"


def test_faulty_numbers_are_told_and_nothing_typed_is_lost(client, report, line, clerk):
    values = values_on(page_of(client, clerk, report))
    answer = client.post(report.get_absolute_url(), values | {f"percent-{line.pk}": "120", "progress": "写了"})
    assert answer.status_code == 422 and "写了" in answer.content.decode()
    report.refresh_from_db()
    assert report.progress == ""


def test_last_months_words_are_at_hand(client, report, county, clerk, staff, clock):
    from tasks.services.reporting_rules import create_reports

    accepted(report, clerk, staff, text="二月培训一批。")
    clock.move_to(ON_THE_20TH.replace(month=3))
    create_reports()
    html = page_of(client, clerk, report_of(county.mine, period="2026-03"))
    assert "二月培训一批。" in html and "data-copy" in html and "本月正常推进。" in html


def test_who_sees_and_who_may_what(
    client, report, clerk, sister_clerk, enterprise_clerk, township_liaison, leader, stranger, staff
):
    url = report.get_absolute_url()
    for who, status in (
        (clerk, 200),
        (enterprise_clerk, 200),
        (township_liaison, 200),
        (leader, 200),
        (staff, 200),
        (sister_clerk, 404),
        (stranger, 404),
    ):
        client.force_login(who)
        assert client.get(url).status_code == status
        if who is not clerk:
            expected = 404 if status == 404 else 403
            assert client.post(url, {"progress": "越权"}).status_code in (expected, 405)
            assert client.get(f"{url}form.xlsx").status_code == expected
            assert client.get(f"{url}sign/").status_code == expected
            assert (
                client.post(f"{url}draft/", {"token-progress": token(""), "progress": "越权"}).status_code == expected
            )
    handed_in(report, clerk)
    for who in (clerk, enterprise_clerk, township_liaison, leader):
        client.force_login(who)
        assert client.post(f"{url}review/", {"act": "accept"}).status_code == 403
    report.refresh_from_db()
    assert (report.state, report.progress) == ("submitted", "本月正常推进。")


def test_a_correction_shows_what_differs(client, report, clerk, staff):
    accepted(report, clerk, staff, text="原来写的。")
    client.force_login(clerk)
    answer = client.post(f"{report.get_absolute_url()}correction/", {"reason": "漏写一批"}, follow=True)
    copy = ProgressReport.objects.get(version=2)
    assert "第2版" in answer.content.decode()
    filled(copy, clerk, text="更正后的。")
    html = page_of(client, staff, copy)
    assert "原为：原来写的。" in html and "更正后的。" in html
    assert "有更正" in page_of(client, staff, report)


def test_a_list_costs_the_same_for_two_and_for_twenty(client, campaign, county, staff):
    counts = []
    for size in (1, 10):
        for number in range(size):
            monthly(campaign, county, staff, title=f"月报{size}-{number}")
        client.force_login(staff)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/reports/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_a_report_costs_the_same_for_two_tasks_and_for_twenty(client, county, staff, clerk, state):
    counts = []
    for size in (2, 20):
        plan = long_plan(size)
        campaign = create_campaign(by=staff, region=county.region, plan=plan, matches=small_matches(county))
        monthly(campaign, county, staff)
        report = report_of(county.mine, campaign=campaign)
        filled(report, clerk)
        if state == "submitted":
            handed_in(report, clerk)
        client.force_login(clerk if state == "draft" else staff)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(report.get_absolute_url()).content.decode().count("已按要求办理。") >= size
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_home_says_what_is_due_and_what_waits(client, report, clerk, staff, clock):
    client.force_login(clerk)
    assert "要报送的月报" in client.get("/").content.decode()
    handed_in(report, clerk)
    clock.move_to(ON_THE_20TH.replace(month=3, day=2))
    client.force_login(staff)
    html = client.get("/").content.decode()
    assert "待审核的月报" in html and "逾期未报的单位" in html
    client.force_login(clerk)
    assert "要报送的月报" not in client.get("/").content.decode()


# -- rules -----------------------------------------------------------------------------------------------------------


def test_the_bureau_sets_a_rule_from_the_papers_own_words(client, campaign, county, staff, clerk):
    client.force_login(staff)
    html = client.get(f"/campaigns/{campaign.pk}/reporting/").content.decode()
    duty = campaign.reporting_duties.get()
    assert f"new/?duty={duty.pk}" in html
    new = f"/campaigns/{campaign.pk}/reporting/new/?duty={duty.pk}"
    form = client.get(new).context["form"]
    assert (form["title"].value(), form["kind"].value(), form["due_day"].value()) == ("进展情况", "month", 28)
    values = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    assert client.post(new, values | {"due_day": "31", "on_day_off": "before"}).status_code == 302
    assert {str(r.due_on) for r in campaign.reports.all()} == {"2026-02-27"}
    rule = campaign.reporting_rules.get()
    assert client.post(f"/reporting-rules/{rule.pk}/edit/", values | {"due_day": "25"}).status_code == 302
    assert {str(r.due_on) for r in campaign.reports.all()} == {"2026-02-25"}
    client.force_login(clerk)
    assert client.get(f"/campaigns/{campaign.pk}/reporting/").status_code == 200
    assert client.get(new).status_code == 403


# -- the Excel way ---------------------------------------------------------------------------------------------------

HEADS = {"item": "A", "state": "D", "number": "E", "text": "F", "seal": "G"}


class Form:
    """The workbook of one report on somebody's desk."""

    def __init__(self, client, who, report):
        self.client, self.report = client, report
        client.force_login(who)
        answer = client.get(f"{report.get_absolute_url()}form.xlsx")
        self.book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        self.sheet = self.book.active

    def row(self, words):
        return next(cell.row for cell in self.sheet["A"] if cell.row > 3 and words in str(cell.value))

    def write(self, words, **cells):
        for key, value in cells.items():
            self.sheet[f"{HEADS[key]}{self.row(words)}"] = value

    def hand_in(self, report=None):
        target = io.BytesIO()
        self.book.save(target)
        url = f"{(report or self.report).get_absolute_url()}upload/"
        answer = self.client.post(url, {"file": SimpleUploadedFile("月报.xlsx", target.getvalue())}, follow=True)
        return answer, answer.content.decode()


def test_the_form_is_locked_but_for_its_answers_and_hides_its_seals(client, report, clerk):
    form = Form(client, clerk, report)
    assert form.sheet.protection.sheet and form.sheet.column_dimensions["G"].hidden
    row = form.row("全员培训")
    assert [form.sheet[f"{column}{row}"].protection.locked for column in "ABCDEFG"] == [True] * 3 + [False] * 3 + [True]
    lists = [rule for rule in form.sheet.data_validations.dataValidation if rule.type == "list"]
    assert [rule.formula1 for rule in lists] == ['"未开展,推进中,已完成"']
    assert "石门煤矿2026年2月月报" in form.sheet["A1"].value and "2026-02-28前报" in form.sheet["A1"].value


def test_out_filled_in_and_back(client, report, clerk):
    form = Form(client, clerk, report)
    form.write("进展情况", text="本月培训两批。")
    form.write("全员培训", state="推进中", number=60, text="培训两批，共86人。")
    form.write("承担任务", number=2, text="台账漏一项")
    answer, html = form.hand_in()
    assert "有新进展" in html and "培训两批，共86人。" in html and "推进中 60%" in html
    assert not report.entries.exists()
    client.post(answer.request["PATH_INFO"], {"act": "confirm"})
    report.refresh_from_db()
    assert report.progress == "本月培训两批。"
    assert (report.entries.get().percent, report.entries.get().text) == (60, "培训两批，共86人。")
    figure = report.figures.get()
    assert (figure.key, figure.stated, figure.computed, figure.reason) == ("tasks.total", 2, 1, "台账漏一项")


def test_all_faults_at_once_and_the_marked_workbook_back(client, report, clerk):
    form = Form(client, clerk, report)
    form.write("全员培训", state="推进中", number=160, text="培训两批。")
    form.write("承担任务", number=7)
    form.write("其中逾期", number="若干")
    answer, html = form.hand_in()
    for sentence in ("进度填0到100之间的整数", "请写明理由", "不是数字"):
        assert sentence in html, sentence
    marked = client.get(f"{answer.request['PATH_INFO']}marked/")
    sheet = load_workbook(io.BytesIO(marked.content)).active
    assert "请写明理由" in str([cell.value for cell in sheet[form.row("承担任务")]])
    assert not report.figures.exists()


def test_a_unit_that_only_reports_sees_what_its_form_would_write(client, report, county, sister_clerk):
    other = report_of(county.sister_mine)
    Assignment.objects.filter(unit=county.sister_mine).delete()
    assert not Campaign.objects.visible_to(sister_clerk).exists()
    form = Form(client, sister_clerk, other)
    form.write("进展情况", text="本月没有承担任务。")
    form.sheet.append(["自己加的一项", None, None, None, None, "写在这里"])
    answer, html = form.hand_in()
    assert answer.status_code == 200 and "本月没有承担任务。" in html and "这一行是下载以后加的" in html


def test_anothers_form_and_another_period_are_refused_in_a_sentence(
    client, report, county, clerk, sister_clerk, enterprise_clerk, staff
):
    other = report_of(county.sister_mine)
    form = Form(client, sister_clerk, other)
    client.force_login(clerk)
    _, html = form.hand_in(report)
    assert "这张表不是石门煤矿2026年2月月报的：是北沟煤矿2026年2月月报的。" in html


@pytest.mark.parametrize("fault", ["renamed", "shuffled", "row gone", "seal gone", "not ours"])
def test_a_form_that_is_no_longer_what_was_sent(client, report, clerk, fault):
    form = Form(client, clerk, report)
    sheet = form.sheet
    if fault == "renamed":
        sheet["E3"] = "数量"
    elif fault == "shuffled":
        sheet["E3"], sheet["F3"] = sheet["F3"].value, sheet["E3"].value
    elif fault == "row gone":
        sheet.delete_rows(form.row("承担任务"))
    elif fault == "seal gone":
        sheet["G3"] = ""
    else:
        for cell in sheet["G"][3:]:
            cell.value = "x"
    _, html = form.hand_in()
    words = {
        "row gone": "有的行被删除了",
        "seal gone": "这不是本系统下载的月报表",
        "not ours": "这不是本系统下载的月报表",
    }
    assert words.get(fault, "列名或列的顺序被改动了") in html
    assert not report.form_imports.exists()


def test_what_was_overtaken_is_not_written_over(client, report, line, clerk, mine_head):
    form = Form(client, clerk, report)
    form.write("全员培训", state="推进中", number=60, text="离线写的。")
    save_report(
        by=mine_head,
        report=report,
        answers=Answers({}, {line.pk: LineAnswer("in_progress", 20, "网上写的。", line.token)}),
    )
    _, html = form.hand_in()
    assert "又有人填过" in html
    assert report.entries.get().text == "网上写的。"


def test_a_correction_by_someone_elses_unit_is_not_theirs(report, clerk, staff, sister_clerk):
    from common.errors import NotAllowed

    accepted(report, clerk, staff)
    with pytest.raises(NotAllowed):
        correct_report(by=sister_clerk, report=report, reason="越权")
    assert Assignment.objects.filter(unit=report.unit).count() == 1
