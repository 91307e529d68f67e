"""A mine's month in real browsers: its clerk, its head and the bureau, each at a screen of their own; and the Excel way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tasks.models import Assignment, ProgressReport
from tasks.tests.reporting import monthly, report_of, small_campaign
from units.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Sit = Callable[..., Page]


@pytest.fixture
def sit(browser: Browser, live_server: LiveServer) -> Iterator[Sit]:
    """A person at a screen of their own, logged in; whatever the browser complains about fails the test."""
    contexts, complaints = [], []

    def sit_down(user: User, width: int = 1440, height: int = 900) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=live_server.url, accept_downloads=True
        )
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    yield sit_down
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def report(county: Any, staff: User, settings: Any, tmp_path: Path) -> ProgressReport:
    settings.MEDIA_ROOT = tmp_path
    first = timezone.localdate().replace(day=1)
    campaign = small_campaign(county, staff)
    campaign.end = None
    campaign.save()
    monthly(campaign, county, staff, begins_on=first, opens_days=60, due_day=31)
    return report_of(county.mine)


def test_a_month_from_draft_to_accepted_returned_once(
    report: ProgressReport, sit: Sit, clerk: User, mine_head: User, staff: User
) -> None:
    url = report.get_absolute_url()
    line = Assignment.objects.get(unit=report.unit).pk
    # The clerk writes on the phone; the page saves by itself.
    phone = sit(clerk, 390, 844)
    phone.goto("/")
    phone.get_by_role("link", name=f"{report.label}月报").click()
    phone.fill("#id_progress", "本月组织全员培训。")
    phone.fill(f"#id_text-{line}", "培训两批。")
    phone.fill(f"#id_percent-{line}", "50")
    expect(phone.locator("#kept")).to_contain_text("已自动保存")
    assert report.entries.get().text == "培训两批。"
    phone.get_by_role("button", name="保存并检查").click()
    expect(phone.get_by_text("由矿长签发")).to_be_visible()
    # The head signs, the clerk hands in.
    desk = sit(mine_head)
    desk.goto(url)
    desk.get_by_role("button", name="保存并签发").click()
    desk.get_by_role("button", name="签发").click()
    expect(desk.get_by_text("已签发").first).to_be_visible()
    phone.goto(url)
    phone.get_by_role("button", name="报送", exact=True).click()
    # The bureau marks a line and returns the report.
    bureau = sit(staff)
    bureau.goto(url)
    bureau.fill(f"[name=remark-line-{line}]", "没有写人数")
    bureau.get_by_role("button", name="退回").click()
    expect(bureau.get_by_text("已退回").first).to_be_visible()
    # The clerk sees the mark at the line and mends it.
    phone.goto(url)
    expect(phone.get_by_text("没有写人数")).to_be_visible()
    phone.fill(f"#id_text-{line}", "培训两批，共86人。")
    phone.get_by_role("button", name="保存", exact=True).click()
    desk.goto(f"{url}sign/")
    desk.get_by_role("button", name="签发").click()
    phone.goto(url)
    phone.get_by_role("button", name="报送", exact=True).click()
    bureau.goto(url)
    bureau.get_by_role("button", name="审核通过").click()
    expect(bureau.get_by_text("已通过").first).to_be_visible()
    owed = Assignment.objects.get(pk=line)
    assert (owed.percent, owed.summary) == (50, "培训两批，共86人。")


def test_the_excel_way(report: ProgressReport, sit: Sit, clerk: User, tmp_path: Path) -> None:
    desk = sit(clerk)
    desk.goto(report.get_absolute_url())
    with desk.expect_download() as download:
        desk.get_by_role("link", name="下载填报表").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    book = load_workbook(path)
    for row in book.active.iter_rows(min_row=4):
        if "全员培训" in str(row[0].value):
            row[3].value, row[4].value, row[5].value = "推进中", 60, "离线填的进展。"
        elif row[0].value == "进展情况":
            row[5].value = "离线写的综合情况。"
    book.save(path)
    desk.get_by_role("link", name="上传填好的表").click()
    desk.set_input_files("input[type=file]", path)
    desk.get_by_role("button", name="上传并检查").click()
    expect(desk.get_by_text("离线填的进展。")).to_be_visible()
    desk.get_by_role("button", name="确认写入").click()
    expect(desk.locator("#id_progress")).to_have_value("离线写的综合情况。")
    assert report.entries.get().percent == 60
