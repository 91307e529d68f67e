"""A tip-off from a telephone in a real browser, answered at a desk, and read again with its code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from common.tests.files import picture
from hazards.models import MineArea, TipOff
from hazards.services.risks import area_named
from hazards.services.tipoffs import decline_tip_off
from units.models import User
from units.tests.people import County

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A telephone of somebody whom nobody knows."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=live_server.url)
    yield context.new_page()
    context.close()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"])


def test_from_a_telephone_to_the_answer(phone: Page, county: County, staff: User) -> None:
    complaints: list[str] = []
    phone.on("pageerror", lambda error: complaints.append(str(error)))
    phone.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    phone.goto(reverse("hazards:tip_off_public"))
    assert fits(phone)
    expect(phone.get_by_label("请留空")).not_to_be_in_viewport()
    phone.get_by_label("所在县（区）").select_option(label="青岚县")
    phone.get_by_label("哪座矿山").press_sequentially("石门")
    phone.get_by_label("石门煤矿").check()
    phone.get_by_label("看到了什么").fill("夜班把瓦斯传感器包住")
    phone.get_by_label("照片").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    phone.get_by_text("留下联系方式").click()
    phone.get_by_label("联系电话").fill("13900000000")
    assert fits(phone)
    phone.get_by_role("button", name="提交举报").click()
    code = phone.locator("#query-code").inner_text()
    assert re.fullmatch(r"([2-9A-Z]{4}-){3}[2-9A-Z]{4}", code) and fits(phone)
    kept = phone.evaluate("JSON.stringify(localStorage)")
    assert "13900000000" not in kept and "传感器" not in kept
    phone.reload()
    expect(phone.locator("#query-code")).to_have_count(0)

    tip_off = TipOff.objects.get()
    assert tip_off.mine == county.mine and tip_off.contact.phone == "13900000000"
    decline_tip_off(by=staff, tip_off=tip_off, answer="已转应急值班室立即处置。")
    phone.get_by_role("link", name="查询办理情况").click()
    phone.get_by_label("查询码").fill(code.lower())
    phone.get_by_role("button", name="查询").click()
    expect(phone.locator("main")).to_contain_text("已转应急值班室立即处置。")
    assert fits(phone) and code not in phone.url and complaints == []


def test_areas_follow_what_is_typed_and_dragged(page: Page, live_server: LiveServer, county: County, clerk: User,
                                                client: Any) -> None:  # fmt: skip
    area_named(by=clerk, mine=county.mine, name="井口")
    client.force_login(clerk)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.goto(live_server.url + reverse("hazards:areas", args=[county.mine.pk]))
    page.locator("[name=a0-width]").fill("10")
    expect(page.locator(".risk-moving rect")).to_have_attribute("width", "400")
    page.locator("[name=a1-name]").fill("变电所")
    page.locator("[name=a1-name]").blur()
    expect(page.locator("[name=a1-x]")).to_have_value("12")
    box = page.locator(".risk-moving rect").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 20 + box["height"] * 2, steps=4)
    page.mouse.up()
    expect(page.locator("[name=a0-y]")).to_have_value("8")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("svg text", has_text="变电所").first).to_be_visible()
    assert list(MineArea.objects.order_by("pk").values_list("x", "y", "width")) == [(0, 8, 10), (12, 0, 6)]
