"""The daily round in a real browser: a clerk with a phone, the bureau at its desk."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from common.tests.files import picture
from tasks.models import Assignment, Campaign
from tasks.services.campaigns import create_campaign
from tasks.tests.plans import date, small_matches, small_plan
from units.models import User
from units.tests.people import County

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
Sit = Callable[[User, dict[str, int]], Page]


@pytest.fixture
def campaign(county: County, staff: User, settings, tmp_path: Path) -> Campaign:
    settings.MEDIA_ROOT = tmp_path
    plan = small_plan()
    plan["tasks"][2]["deadlines"] = [date((dt.date.today() + dt.timedelta(days=60)).isoformat())]
    return create_campaign(by=staff, region=county.region, plan=plan, matches=small_matches(county))


@pytest.fixture
def owed(campaign: Campaign, county: County) -> Assignment:
    return campaign.assignments.get(task__ref="3", unit=county.mine)


@pytest.fixture
def complaints() -> list[str]:
    """What any of the browsers complained about: script errors, and what the content security policy stopped."""
    return []


@pytest.fixture
def sit(browser: Browser, live_server: LiveServer, complaints: list[str]) -> Iterator[Sit]:
    """A person at a screen of their own, logged in."""
    contexts = []

    def sit_down(user: User, screen: dict[str, int]) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(viewport=screen, base_url=live_server.url, accept_downloads=True)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        return page

    yield sit_down
    for context in contexts:
        context.close()


def decide(page: Page, label: str, reason: str = "") -> None:
    """Press a button of the record; one that asks for a reason opens first."""
    if reason:
        page.locator("summary", has_text=label).first.click()
        page.get_by_label(f"{label}的理由").fill(reason)
    page.get_by_role("button", name=label, exact=True).first.click()
    if page.locator("#confirm[open]").count():
        page.click("#confirm button[value=yes]")


def test_a_clerk_reports_with_a_photo_is_returned_and_then_accepted(
    sit: Sit, owed: Assignment, clerk: User, staff: User, second_staff: User, complaints: list[str]
) -> None:
    phone = sit(clerk, PHONE)
    phone.goto("/")
    phone.get_by_role("link", name="全员培训").click()
    phone.get_by_label("进度（%）").fill("100")
    phone.get_by_label("进展情况").fill("三个班组全部培训完毕")
    phone.get_by_label("印证资料").set_input_files(
        {"name": "培训现场.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(600, 400))}
    )
    phone.get_by_role("button", name="保存进展").click()
    # What is complete has still to be handed in, on the same page.
    expect(phone.locator("#notes")).to_contain_text("请接着在本页提交审核")
    shown = phone.locator("article.entry img")
    shown.scroll_into_view_if_needed()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    decide(phone, "提交审核")
    expect(phone.locator("#notes")).to_contain_text("待审核")

    desk = sit(staff, DESK)
    desk.goto("/")
    desk.locator("#review").get_by_role("link", name="全员培训").click()
    decide(desk, "退回", "缺少签到表")
    expect(desk.locator("#notes")).to_contain_text("已退回")

    phone.goto("/")
    phone.locator("#returned").get_by_role("link", name="全员培训").click()
    expect(phone.get_by_text("退回理由：缺少签到表")).to_be_visible()
    phone.get_by_label("进展情况").fill("补上签到表")
    phone.get_by_role("button", name="保存进展").click()
    decide(phone, "再次提交")
    expect(phone.locator("#notes")).to_contain_text("待审核")

    second = sit(second_staff, DESK)
    second.goto(owed.get_absolute_url())
    decide(second, "审核通过")
    expect(second.locator("#notes")).to_contain_text("已完成")
    owed.refresh_from_db()
    assert (owed.state, owed.returned_count) == ("done", 1)
    assert complaints == []


def test_a_later_day_is_asked_for_on_the_phone_and_granted_at_the_desk(
    sit: Sit, owed: Assignment, clerk: User, staff: User, complaints: list[str]
) -> None:
    later = owed.due_on + dt.timedelta(days=30)
    phone = sit(clerk, PHONE)
    phone.goto(owed.get_absolute_url())
    phone.get_by_role("link", name="申请延期").click()
    phone.get_by_label("申请延至").fill(later.isoformat())
    phone.get_by_label("理由").fill("培训教材月底才到")
    phone.get_by_role("button", name="提交申请").click()
    expect(phone.locator("#notes")).to_contain_text("等待审批")

    desk = sit(staff, DESK)
    desk.goto("/extensions/")
    expect(desk.get_by_text("培训教材月底才到")).to_be_visible()
    decide(desk, "同意延期")
    expect(desk.locator("#notes")).to_contain_text("已同意")
    phone.reload()
    expect(phone.get_by_text(f"延期：{owed.due_on.isoformat()} → {later.isoformat()}")).to_be_visible()
    owed.refresh_from_db()
    assert owed.due_on == later
    assert complaints == []


def test_the_bureau_filters_the_ledger_and_takes_papers(
    sit: Sit, campaign: Campaign, staff: User, complaints: list[str], tmp_path: Path
) -> None:
    desk = sit(staff, DESK)
    desk.goto(campaign.get_absolute_url())
    expect(desk.locator("tbody tr[id]")).to_have_count(4)
    desk.get_by_label("责任部门").select_option(label="石门煤矿")
    expect(desk.locator("tbody tr[id]")).to_have_count(1)
    expect(desk).to_have_url(re.compile("unit="))
    for label, name in (("任务清单 Word", "list.docx"), ("任务清单 Excel", "list.xlsx")):
        desk.locator("summary", has_text="导出").click()
        with desk.expect_download() as waiting:
            desk.get_by_role("link", name=label).click()
        waiting.value.save_as(tmp_path / name)
        assert waiting.value.suggested_filename.startswith("青岚县矿山安全整治方案任务清单")
        desk.keyboard.press("Escape")
    words = [cell.text for row in Document(str(tmp_path / "list.docx")).tables[0].rows for cell in row.cells]
    assert any("全员培训" in word for word in words) and not any("建立隐患台账" in word for word in words)
    assert "筛选条件：责任部门：石门煤矿" in load_workbook(tmp_path / "list.xlsx").active["A2"].value
    assert complaints == []


def test_a_form_goes_home_and_comes_back_filled_in(
    sit: Sit, campaign: Campaign, owed: Assignment, clerk: User, complaints: list[str], tmp_path: Path
) -> None:
    desk = sit(clerk, DESK)
    desk.goto(campaign.get_absolute_url())
    desk.get_by_role("link", name="导入进展").click()
    with desk.expect_download() as waiting:
        desk.get_by_role("link", name="下载填报表").click()
    path = tmp_path / "填报表.xlsx"
    waiting.value.save_as(path)
    book = load_workbook(path)
    head = [cell.value for cell in book.active[3]]
    book.active.cell(4, head.index("进度（%）") + 1).value = 60
    book.active.cell(4, head.index("主要进展及完成情况") + 1).value = "井下没有网络，表里填的"
    book.save(path)
    desk.get_by_label("填好的进展填报表").set_input_files(path)
    desk.get_by_role("button", name="上传并检查").click()
    expect(desk.get_by_text("确认后写入 1 项进展")).to_be_visible()
    desk.get_by_role("button", name="确认写入").click()
    expect(desk.locator("#notes")).to_contain_text("进展已写入")
    owed.refresh_from_db()
    assert (owed.percent, owed.summary) == (60, "井下没有网络，表里填的")
    assert complaints == []


@pytest.mark.once
@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["1440", "390"])
def test_no_page_of_the_ledger_is_wider_than_its_screen(
    sit: Sit, campaign: Campaign, owed: Assignment, staff: User, complaints: list[str], screen: dict[str, int]
) -> None:
    page = sit(staff, screen)
    for address in (
        "/",
        "/campaigns/",
        campaign.get_absolute_url(),
        f"{campaign.get_absolute_url()}plan/",
        f"{campaign.get_absolute_url()}progress/",
        owed.task.get_absolute_url(),
        owed.get_absolute_url(),
        "/assignments/",
        "/due-items/",
        "/extensions/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"], address
    assert complaints == []
