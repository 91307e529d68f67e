"""What only a browser can show: drafts that survive, filters without a reload, ticks, questions, width."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from units.models import Unit, User
from units.tests.people import County, person

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.urls("campaign_tracker.tests.test_lists"), pytest.mark.once,
]  # fmt: skip
Enter = Callable[[User], None]
DRAFTS = "Object.keys(localStorage).filter(key => key.startsWith('draft:')).length"


@pytest.fixture
def enter(client: Client, live_server: LiveServer, context: BrowserContext) -> Enter:
    """Log a person in, in this browser."""

    def enter(user: User) -> None:
        client.force_login(user)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    return enter


@pytest.fixture
def quiet(page: Page) -> list[str]:
    """Everything the browser complained about: script errors and what the content security policy stopped."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def until(page: Page, condition: str) -> None:
    """Wait for a condition; Playwright's own way builds a function from a string, which the pages' policy forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {condition}")


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.fill(f"[name={name}]", value)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("address", ["/styleguide/", "/styleguide/list/", "/styleguide/form/", "/units/"])
def test_nothing_is_wider_than_the_page(
    page: Page, live_server: LiveServer, enter: Enter, admin: User, quiet: list[str], width: int, address: str
) -> None:
    enter(admin)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(live_server.url + address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert quiet == []


def test_what_was_typed_survives_leaving_and_is_forgotten_once_saved(
    page: Page, live_server: LiveServer, enter: Enter, admin: User, quiet: list[str]
) -> None:
    enter(admin)
    form = f"{live_server.url}/styleguide/form/"
    page.goto(form)
    fill(page, title="三采区排查", text="已查两个工作面", share="40")
    page.check("[name=role][value=lead]")
    until(page, f"{DRAFTS} === 1")
    questions: list[str] = []

    def leave(dialog: Any) -> None:
        questions.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(f"{live_server.url}/styleguide/")
    assert questions == ["beforeunload"], "leaving with unsaved words must ask"

    page.goto(form)
    expect(page.get_by_text("已恢复您")).to_be_visible()
    assert page.input_value("[name=title]") == "三采区排查"
    assert page.is_checked("[name=role][value=lead]")

    # Refused by a rule of the server: the words stay, in the form and in the draft.
    page.select_option("[name=kind]", "a")
    fill(page, share="99")
    page.click("text=提交审核")
    expect(page.get_by_role("alert").first).to_contain_text("请先上传印证资料")
    assert page.input_value("[name=title]") == "三采区排查"
    assert page.evaluate(DRAFTS) == 1

    fill(page, share="60")
    page.click("text=提交审核")
    page.wait_for_url("**/styleguide/")
    # The next page of the house drops the draft; the styleguide itself shows an error note and so counts as a refusal.
    page.goto(f"{live_server.url}/units/")
    page.goto(form)
    assert page.input_value("[name=title]") == "三采区排查", "a page with an error note keeps the draft"
    page.click("text=放弃这些内容")
    assert page.input_value("[name=title]") == ""
    assert quiet == []


def test_a_saved_form_leaves_no_draft(page: Page, live_server: LiveServer, enter: Enter, admin: User) -> None:
    enter(admin)
    form = f"{live_server.url}/styleguide/form/?back=/units/"
    page.goto(form)
    fill(page, title="三采区排查", text="已查两个工作面", share="40")
    page.check("[name=role][value=lead]")
    page.select_option("[name=kind]", "a")
    until(page, f"{DRAFTS} === 1")
    page.click("text=提交审核")
    page.wait_for_url("**/units/")
    expect(page.locator("#notes")).to_contain_text("已提交")
    page.goto(form)
    assert page.input_value("[name=title]") == ""


def test_a_draft_is_one_persons_own(
    page: Page, live_server: LiveServer, enter: Enter, admin: User, county: County
) -> None:
    enter(admin)
    page.goto(f"{live_server.url}/styleguide/form/")
    fill(page, title="三采区排查")
    until(page, f"{DRAFTS} === 1")
    page.on("dialog", lambda dialog: dialog.accept())
    enter(person("admin.two", "赵管理", admin.role, county.bureau))
    page.goto(f"{live_server.url}/styleguide/form/")
    assert page.input_value("[name=title]") == ""


def test_a_filter_needs_no_reload_and_the_address_follows(
    page: Page, live_server: LiveServer, enter: Enter, staff: User, quiet: list[str]
) -> None:
    enter(staff)
    page.goto(f"{live_server.url}/units/?order=-name")
    page.evaluate("window.notReloaded = true")
    page.fill("main [name=q]", "煤矿")
    page.wait_for_url("**q=%E7%85%A4%E7%9F%BF**")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert "order=-name" in page.url
    assert page.evaluate("window.notReloaded")
    page.click("th >> text=名称")
    until(page, "!location.search.includes('order')")
    page.go_back()
    page.wait_for_url("**order=-name**")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert quiet == []


def test_ticks_are_counted_and_the_act_asks_first(
    page: Page, live_server: LiveServer, enter: Enter, admin: User, quiet: list[str]
) -> None:
    enter(admin)
    page.goto(f"{live_server.url}/styleguide/list/")
    bar = page.locator(".bulk")
    expect(bar).to_be_hidden()
    page.check("tbody tr:nth-child(2) [name=selected]")
    expect(bar).to_contain_text("已选择 1 条")
    page.check("[data-tick-all]")
    expect(bar).to_contain_text("已选择 50 条")
    page.check("[name=scope]")
    expect(bar).to_contain_text("已选择全部 1234 条")
    page.click("text=取消任务")
    expect(page.locator("#confirm")).to_be_visible()
    page.click("#confirm button[value=no]")
    assert page.url.endswith("/styleguide/list/")
    page.click(".bulk >> text=取消任务")
    page.click("#confirm button[value=yes]")
    expect(page.locator("#notes")).to_contain_text("样例页面不改动任何数据")
    assert quiet == []


def test_a_file_too_big_is_named_before_it_is_sent(
    page: Page, live_server: LiveServer, enter: Enter, admin: User, quiet: list[str]
) -> None:
    enter(admin)
    page.goto(f"{live_server.url}/styleguide/form/")
    page.set_input_files("[name=file]", {"name": "现场.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"})
    expect(page.locator(".field-error")).to_contain_text("类型不能上传")
    page.set_input_files("[name=file]", {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": b"x"})
    expect(page.locator(".field-error")).to_be_hidden()


def test_coming_back_marks_the_row_one_came_from(
    page: Page, live_server: LiveServer, enter: Enter, staff: User, county: County
) -> None:
    enter(staff)
    page.goto(f"{live_server.url}/units/?q=煤矿#row-{county.mine.pk}")
    colour = "getComputedStyle(document.querySelector('#row-%d td')).backgroundColor"
    assert page.evaluate(colour % county.mine.pk) != page.evaluate(colour % county.sister_mine.pk)


def test_reading_filtering_and_sending_work_without_script(
    live_server: LiveServer, browser: Any, client: Client, admin: User, county: County
) -> None:
    context = browser.new_context(java_script_enabled=False)
    client.force_login(admin)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/units/")
    page.fill("main [name=q]", "煤矿")
    page.click("#filters button")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.check("tbody tr:first-child [name=selected]")
    page.click(".bulk button >> text=停用")
    expect(page.locator("#notes")).to_contain_text("已停用1个单位。")
    page.goto(f"{live_server.url}/styleguide/form/")
    fill(page, title="三采区排查", text="已查", share="40")
    page.check("[name=role][value=lead]")
    page.select_option("[name=kind]", "a")
    page.click("text=提交审核")
    expect(page.locator("#notes")).to_contain_text("已提交")
    context.close()


def test_the_network_failing_is_said(
    page: Page, live_server: LiveServer, enter: Enter, staff: User, county: County
) -> None:
    enter(staff)
    page.goto(f"{live_server.url}/units/")
    page.context.set_offline(True)
    page.fill("main [name=q]", "煤矿")
    expect(page.locator("#notes")).to_contain_text("网络不通")
    assert Unit.objects.count()
