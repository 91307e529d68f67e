"""A mine stands still and works again, step by step in a real browser, as the bureau and the mine see it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from mines.models import Mine, Suspension
from mines.services.file import open_file
from units.models import User
from units.tests.people import County

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_from_the_standstill_to_the_second_announcement(
    page: Page, live_server: LiveServer, county: County, staff: User, second_staff: User, clerk: User
) -> None:
    today = dt.date.today()
    begun = today - dt.timedelta(days=365)
    mine: Mine = open_file(by=staff, unit=county.mine, mine_type="coal_underground", state_since=begun)

    def as_user(user: User) -> None:
        client = Client()
        client.force_login(user)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).click()

    def follow(name: str) -> None:
        page.get_by_role("link", name=name).first.click()

    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    as_user(staff)
    page.goto(f"{live_server.url}/mines/{mine.pk}/")
    follow("登记停产停建")
    page.get_by_label("类别").select_option(label="责令停产停建")
    page.get_by_label("停产停建日期").fill((today - dt.timedelta(days=2)).isoformat())
    page.get_by_label("原因").fill("检查发现重大隐患，责令停产整顿")
    page.get_by_label("停产期间的看守措施").fill("井口封闭，两人值守")
    press("保存")
    expect(page.locator("main")).to_contain_text("名单应在")
    standstill = page.url

    page.goto(f"{live_server.url}/mines/{mine.pk}/state/")
    expect(page.locator("main")).not_to_contain_text("恢复生产建设")
    page.goto(f"{live_server.url}/suspended-mines/")
    expect(page.locator("main")).to_contain_text("石门煤矿")

    page.goto(f"{live_server.url}/mines/suspensions/")
    press("生成上报名单")
    expect(page.locator("h1")).to_contain_text("停产停建矿山名单")
    follow("登记上报")
    page.get_by_label("上报单位").fill("市应急管理局")
    press("登记")
    expect(page.locator("main")).to_contain_text("已上报市应急管理局")
    page.goto(standstill)
    follow("登记公告")
    page.get_by_label("在哪里公告").fill("县政府网站")
    press("保存")

    as_user(clerk)
    page.goto(standstill)
    follow("申请复产复工")
    page.get_by_label("自查情况").fill("重大隐患已整改，自查合格")
    press("提交申请")
    expect(page.locator("main")).to_contain_text("由应急管理局验收")
    expect(page.get_by_role("link", name="登记验收")).to_have_count(0)

    as_user(staff)
    page.goto(standstill)
    follow("登记验收")
    for choice in page.locator("select[name^=item_]").all():
        choice.select_option("yes")
    page.get_by_label("验收人员").fill("王科员、陈执法")
    page.get_by_label("合格", exact=True).check()
    press("保存验收")
    expect(page.locator("main")).to_contain_text("请按次序签字")
    expect(page.get_by_role("link", name="恢复生产建设")).to_have_count(0)
    for office, name in (("监管部门主要负责人", "赵局长"), ("政府主要负责人", "周县长")):
        follow(f"登记{office}签字")
        page.get_by_label("签字人").fill(name)
        press("登记签字")
        expect(page.locator("main")).to_contain_text(f"已登记{office}签字")
    mine.refresh_from_db()
    assert mine.state == "suspended"
    as_user(second_staff)
    page.goto(standstill)
    follow("恢复生产建设")
    page.get_by_label("同意复产复工的文书").fill("青应急复〔2026〕1号")
    press("恢复生产建设")
    follow("登记公告")
    page.get_by_label("在哪里公告").fill("县政府网站")
    press("保存")
    expect(page.locator(".steps li.done")).to_have_count(6)
    mine.refresh_from_db()
    row = Suspension.objects.get()
    assert (mine.state, row.state, row.resumption_announced_on) == ("producing", "resumed", today)
    page.goto(f"{live_server.url}/suspended-mines/")
    expect(page.locator("main")).not_to_contain_text("石门煤矿")
    assert complaints == []
