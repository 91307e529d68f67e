"""The whole life of a hazard in a real browser: a clerk with a phone, the bureau at its desk, inspectors on site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from common.tests.files import picture
from hazards.models import Clause, Facet, Hazard
from units.models import Unit, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
Sit = Callable[[User, dict[str, int]], Page]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


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
        context = browser.new_context(viewport=screen, base_url=live_server.url)
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


def photo(name: str, width: int = 600) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture(size=(width, 400))}


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"])


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).first.click()
    if page.locator("#confirm[open]").count():
        page.click("#confirm button[value=yes]")


def said(page: Page, words: str) -> None:
    expect(page.locator("#notes")).to_contain_text(words)


def register(phone: Page) -> Hazard:
    phone.goto("/")
    phone.get_by_role("link", name="登记隐患").click()
    phone.get_by_label("地点").fill("3号皮带巷机头")
    phone.get_by_label("隐患内容").fill("皮带机头防护罩缺失")
    phone.get_by_label("现场照片").set_input_files([photo("护罩.jpg"), photo("远景.jpg", 640)])
    assert fits(phone)
    press(phone, "登记")
    said(phone, "已登记")
    return Hazard.objects.get()


def rectify(phone: Page, address: str) -> None:
    phone.goto(address)
    phone.get_by_role("link", name="填报整改").click()
    phone.get_by_label("整改情况").fill("已装防护罩并试运行")
    phone.get_by_label("整改后的照片和资料").set_input_files(photo("整改后.jpg", 620))
    press(phone, "保存整改情况")
    said(phone, "整改情况已保存")
    phone.get_by_role("button", name="自验合格").click()
    said(phone, "自验合格")
    press(phone, "申请复查")
    said(phone, "待复查")


def test_a_general_hazard_from_the_phone_to_the_closing(
    sit: Sit, coal_mine: Unit, catalogue: dict[str, Clause], clerk: User, staff: User, inspector: User,
    complaints: list[str],
) -> None:  # fmt: skip
    phone = sit(clerk, PHONE)
    hazard = register(phone)
    address = hazard.get_absolute_url()
    assert fits(phone) and phone.locator(".evidence img").count() == 2

    desk = sit(staff, DESK)
    desk.goto("/")
    desk.locator("#hazards-registered").get_by_role("link", name="3号皮带巷机头").click()
    desk.get_by_role("link", name="定级").click()
    desk.get_by_label("一般隐患").check()
    desk.get_by_label("整改期限").fill((timezone.localdate() + dt.timedelta(days=7)).isoformat())
    press(desk, "确定等级")
    said(desk, "一般隐患")

    phone.goto("/")
    phone.locator("#hazards-open").get_by_role("link", name="3号皮带巷机头").click()
    press(phone, "开始治理")
    said(phone, "治理中")
    rectify(phone, address)
    assert fits(phone)

    field = sit(inspector, PHONE)
    field.goto("/")
    field.locator("#hazards-awaiting").get_by_role("link", name="3号皮带巷机头").click()
    field.get_by_role("link", name="登记复查").click()
    expect(field.get_by_label("陈执法")).to_be_checked()
    field.get_by_label("复查意见").fill("防护罩牢固")
    field.get_by_label("合格，销号", exact=True).check()
    assert fits(field)
    press(field, "提交复查结论")
    said(field, "已销号")
    hazard.refresh_from_db()
    assert (hazard.state, hazard.rectifier, hazard.closed_by) == ("closed", clerk, inspector)

    field.get_by_role("link", name="档案").click()
    for words in ("刘填报", "王科员", "陈执法", "护罩.jpg", "整改后.jpg", "防护罩牢固"):
        expect(field.locator("#content").get_by_text(words).first).to_be_visible()
    assert fits(field) and complaints == []


def test_a_major_hazard_by_four_people(
    sit: Sit, coal_mine: Unit, catalogue: dict[str, Clause], clerk: User, staff: User, inspector: User,
    second_staff: User, complaints: list[str],
) -> None:  # fmt: skip
    today = timezone.localdate().isoformat()
    phone = sit(clerk, PHONE)
    hazard = register(phone)
    address = hazard.get_absolute_url()

    desk = sit(staff, DESK)
    desk.goto(f"{address}grade/")
    desk.get_by_label("重大隐患").check()
    desk.get_by_label("查找条款").press_sequentially("zytfj")
    expect(desk.locator("#clause-choices")).to_contain_text("找到1条")
    desk.locator("#id_clause").select_option(label="T1-1 主要通风机没有备用")
    desk.get_by_label("整改期限").fill((timezone.localdate() + dt.timedelta(days=30)).isoformat())
    press(desk, "确定等级")
    said(desk, "重大隐患")
    expect(desk.locator("article.facet")).to_have_count(5)
    expect(desk.locator("#closing")).to_contain_text("还没有制定治理方案")

    phone.goto(address)
    phone.locator("summary", has_text="开始治理").click()
    expect(phone.locator(".act-panel").first).to_contain_text("双报告")
    for panel, button, labels in (
        ("#major-report", "填写", ("现状及其产生原因", "危害程度和整改难易程度分析", "治理方案")),
        ("#treatment-plan", "填写", ("目标和任务", "方法和措施", "经费和物资", "机构和人员", "时限和要求", "应急预案")),
    ):
        phone.locator(panel).get_by_role("link", name=button).click()
        for label in labels:
            phone.get_by_label(label).fill(f"{label}已经写明")
        assert fits(phone)
        press(phone, "保存")
        said(phone, "已保存")
    phone.locator("#double-report").get_by_role("link", name="登记").click()
    for day in phone.get_by_label("报告日期").all():
        day.fill(today)
    phone.get_by_label("监管部门回执").fill("收文12号")
    phone.get_by_label("职工代表大会回执").fill("纪要3号")
    press(phone, "保存")
    said(phone, "双报告已完成")
    press(phone, "开始治理")
    said(phone, "治理中")

    own = {"responsibility": {"责任人": "何矿长", "职务": "矿长", "电话": "0000-000"}, "funds": {"计划资金": "30"}}
    own["time_limit"] = {"完成期限": today}
    for facet in Facet.values:
        phone.locator(f"#facet-{facet}").get_by_role("link", name="填报").click()
        for label, value in own.get(facet, {}).items():
            phone.get_by_label(label).fill(value)
        phone.get_by_label("落实情况").fill("已按要求落实")
        phone.get_by_label("已经落实").check()
        phone.get_by_label("落实日期").fill(today)
        phone.get_by_label("印证资料").set_input_files(photo(f"{facet}.jpg"))
        assert fits(phone)
        press(phone, "保存")
        said(phone, "等待应急管理局确认")

    desk.goto("/")
    desk.locator("#hazards-facets").get_by_role("link", name="3号皮带巷机头").click()
    for facet in Facet:
        desk.get_by_role("button", name=f"确认{facet.label}落实").click()
        said(desk, f"已确认“{facet.label}”落实")
    expect(desk.locator("#five")).not_to_contain_text("待确认")

    rectify(phone, address)

    field = sit(inspector, PHONE)
    field.goto(f"{address}reinspection/")
    field.get_by_label("复查意见").fill("备用风机已装，切换正常")
    field.get_by_label("合格，销号", exact=True).check()
    press(field, "提交复查结论")
    expect(field.locator("[data-error-summary]")).to_contain_text("至少2人")
    expect(field.get_by_label("复查意见")).to_have_value("备用风机已装，切换正常")
    field.get_by_label("赵科长").check()
    press(field, "提交复查结论")
    said(field, "已销号")
    hazard.refresh_from_db()
    assert (hazard.state, hazard.reinspections.get().officers.count()) == ("closed", 2)
    expect(field.locator("#closing")).not_to_contain_text("还缺")
    # The one refusal on the way: a re-inspection by one person (422).
    assert [line for line in complaints if "422" not in line] == []
