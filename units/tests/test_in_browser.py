"""The main paths of accounts as a person walks them, in a real browser."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from units.models import User
from units.tests.people import PASSWORD

NEW = "Shimen#Kuang-77"


def log_in(page: Page, address: str, username: str, password: str = PASSWORD) -> None:
    page.goto(f"{address}/login/")
    page.get_by_label("登录名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def test_the_first_password_is_changed_before_anything_else(page, live_server, staff):
    User.objects.filter(pk=staff.pk).update(must_change_password=True)
    page.goto(f"{live_server.url}/units/?kind=mine")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.get_by_label("登录名").fill("staff.wang")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("首次登录，请先把初始密码改成")).to_be_visible()
    page.goto(f"{live_server.url}/groups/")
    expect(page.get_by_role("heading", name="修改密码")).to_be_visible()
    page.get_by_label("当前密码").fill(PASSWORD)
    page.get_by_label("新密码", exact=False).first.fill("abcdefgh12")
    page.get_by_label("再输一次新密码").fill("abcdefgh12")
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("alert")).to_contain_text("至少要有其中三类")
    page.get_by_label("当前密码").fill(PASSWORD)
    page.get_by_label("新密码", exact=False).first.fill(NEW)
    page.get_by_label("再输一次新密码").fill(NEW)
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("heading", name="单位组")).to_be_visible()
    expect(page.get_by_text("密码已修改")).to_be_visible()


def test_a_list_of_people_becomes_accounts_that_they_open_themselves(
    page, live_server, browser, admin, county, tmp_path, settings
):
    settings.MEDIA_ROOT = tmp_path / "media"
    log_in(page, live_server.url, "admin.li")
    page.goto(f"{live_server.url}/accounts/")
    page.get_by_role("link", name="批量导入").click()
    page.get_by_label("Excel、WPS 或 CSV 文件").set_input_files(people_table(tmp_path, role="领导"))
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("“矿山”的人员可选角色")).to_be_visible()
    page.get_by_role("navigation", name="位置").get_by_role("link", name="批量导入").click()
    page.get_by_label("Excel、WPS 或 CSV 文件").set_input_files(people_table(tmp_path, role="矿长"))
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("确认后一次写入 1 行")).to_be_visible()
    page.get_by_role("button", name="确认导入").click()
    page.wait_for_url("**/jobs/**")
    page.get_by_role("link", name="查看结果").click()
    expect(page.get_by_text("新增 1 行")).to_be_visible()
    page.get_by_role("link", name="打印激活单").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="生成并下载激活单").click()
    slip = next(
        load_workbook(io.BytesIO(waiting.value.path().read_bytes())).active.iter_rows(min_row=3, values_only=True)
    )
    assert slip[1:3] == ("马大山", "madashan")

    own = browser.new_context(locale="zh-CN").new_page()
    own.goto(f"{live_server.url}/login/")
    own.get_by_role("link", name="用激活码设置密码").click()
    own.get_by_label("激活码").fill(slip[3])
    own.get_by_role("button", name="下一步").click()
    expect(own.get_by_text("马大山")).to_be_visible()
    own.get_by_label("新密码", exact=False).first.fill(NEW)
    own.get_by_label("再输一次新密码").fill(NEW)
    own.get_by_role("button", name="设置密码并登录").click()
    own.goto(f"{live_server.url}/profile/")
    expect(own.get_by_role("heading", name="我的账号")).to_be_visible()
    own.context.close()


def people_table(folder: Path, *, role: str) -> Path:
    book = Workbook()
    for row in (["姓名", "账号", "单位名称", "角色"], ["马大山", "madashan", "石门煤矿", role]):
        book.active.append(row)
    path = folder / f"{role}.xlsx"
    book.save(path)
    return path


@pytest.mark.once
@pytest.mark.parametrize("width", [1440, 390])
def test_no_page_is_wider_than_its_window(page, live_server, admin, county, clerk, width):
    """With the long names that enterprises have."""
    county.enterprise.name = "青岚县晋北恒泰玉溪煤矿有限责任公司安全生产调度指挥中心（黑石沟矿区）"
    county.enterprise.save()
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, live_server.url, "admin.li")
    urls = ("/units/", f"/units/{county.enterprise.pk}/", f"/units/{county.mine.pk}/edit/", "/groups/", "/regions/")
    urls += (f"/groups/{county.mines.pk}/", "/accounts/", f"/accounts/{clerk.pk}/", "/accounts/new/", "/profile/")
    for url in (*urls, "/units/import/", "/accounts/import/", "/accounts/slips/", "/password/"):
        page.goto(live_server.url + url)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, url
