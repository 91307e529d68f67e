"""The visit on a telephone without a network: nothing is lost, nothing arrives twice, nothing is shown to others."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import ExifTags, Image
from playwright.sync_api import BrowserContext, BrowserType, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from common.evidence import evidence_path
from common.models import Evidence
from hazards.tests.photographs import photograph, scene
from inspections.models import FieldEntry, Visit, VisitResult
from inspections.services.visits import Answer, fill_results
from units.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ITEMS, PHOTOS = 40, 12
PAGE = "/inspections/field/"
TAKEN = dt.datetime(2026, 3, 5, 14, 30)

Phone = Callable[..., Page]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def forty(visit: Visit) -> Visit:
    visit.results.all().delete()
    VisitResult.objects.bulk_create(
        VisitResult(visit=visit, position=index, section="通风" if index < 21 else "机电", text=f"第{index}个检查项")
        for index in range(1, ITEMS + 1)
    )
    return visit


@pytest.fixture
def phone(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], live_server: LiveServer, tmp_path: Path
) -> Iterator[Phone]:
    """Open the telephone's browser: the same one each time, as whoever was logged in, with or without a network."""
    opened: list[BrowserContext] = []

    def open_phone(*, offline: bool = False) -> Page:
        for one in opened:
            one.close()
        opened.clear()
        context = browser_type.launch_persistent_context(
            tmp_path / "phone", **browser_type_launch_args, viewport={"width": 390, "height": 844}, locale="zh-CN",
            timezone_id="Asia/Shanghai", base_url=live_server.url,
        )  # fmt: skip
        opened.append(context)
        context.set_offline(offline)
        return context.pages[0]

    yield open_phone
    for one in opened:
        one.close()


def enter(page: Page, client: Client, user: User | None, url: str) -> None:
    """Log a person in on this telephone, or whoever is there out."""
    page.context.clear_cookies()
    if user is not None:
        client.force_login(user)
        lasting = int(timezone.now().timestamp()) + 3600
        cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url, "expires": lasting}
        page.context.add_cookies([cookie])


def item(page: Page, number: int) -> Any:
    return page.locator("section", has=page.locator(f'strong:text-is("{number}. 第{number}个检查项")'))


def choose(page: Page, number: int, word: str) -> None:
    item(page, number).get_by_label(word, exact=True).check()


def ready(page: Page) -> None:
    """Wait until the telephone could do without a network."""
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    sent(page)


def sent(page: Page) -> None:
    expect(page.locator("#unsent")).to_contain_text("全部已上传")


def camera() -> dict[str, Any]:
    """A large photograph, lying on its side, with what the camera noted."""
    made = photograph(scene(7, size=(2400, 1200)), taken=TAKEN)
    image = Image.open(made)
    exif = image.getexif()
    exif[ExifTags.Base.Orientation] = 6
    data = io.BytesIO()
    image.save(data, "JPEG", exif=exif)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def small(seed: int) -> dict[str, Any]:
    return {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": photograph(scene(seed, size=(200, 150))).read()}


def test_forty_items_and_twelve_photographs_without_a_network(
    phone: Phone, live_server: LiveServer, client: Client, forty: Visit, team: list[User]
) -> None:
    page = phone()
    enter(page, client, team[0], live_server.url)
    page.goto(f"/inspections/{forty.pk}/")
    page.evaluate("async () => { await navigator.serviceWorker.ready; while (!await Field.store.who()); }")

    page.context.set_offline(True)
    # The page of the visit itself cannot come; the one that works without a network takes its place.
    page.goto(f"/inspections/{forty.pk}/fill/")
    expect(page.locator("#title")).to_have_text("石门煤矿")
    for number in range(1, 21):
        choose(page, number, "不合格" if number == 3 else "合格")
    item(page, 3).get_by_label("情况").fill("风筒破损")
    item(page, 3).get_by_label("初定等级").select_option("major")
    item(page, 3).get_by_label("整改期限").fill("2026-12-31")
    item(page, 3).get_by_label("地点").fill("二号风门")
    item(page, 3).locator("input[type=file]").set_input_files([camera(), *(small(seed) for seed in range(1, PHOTOS))])
    expect(page.locator("#unsent")).to_contain_text("还有20项、12张照片没有上传")
    expect(page.locator("#unsent")).to_contain_text("没有网络")

    # Closed and opened again, still underground: everything is there, and the rest is filled in.
    page = phone(offline=True)
    page.goto(PAGE)
    expect(page.locator("#view")).to_contain_text("已填 20/40 项")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="石门煤矿").click()
    expect(item(page, 3).get_by_label("情况")).to_have_value("风筒破损")
    expect(item(page, 3).locator("img")).to_have_count(PHOTOS)
    for number in range(21, ITEMS + 1):
        choose(page, number, "不涉及")
    page.get_by_label("检查内容").fill("绞车房无人值守")
    page.get_by_role("button", name="添加").click()
    expect(page.locator("#unsent")).to_contain_text("还有41项、12张照片没有上传")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.context.set_offline(False)
    sent(page)
    page.reload()
    ready(page)

    rows = list(forty.results.all())
    assert len(rows) == ITEMS + 1 and rows[-1].is_own and rows[-1].text == "绞车房无人值守"
    assert [one.outcome for one in rows[:ITEMS]] == ["passed"] * 2 + ["failed"] + ["passed"] * 17 + ["na"] * 20
    assert (rows[2].level, rows[2].due_on, rows[2].place) == ("major", dt.date(2026, 12, 31), "二号风门")
    assert rows[2].words == "风筒破损" and {one.checked_by for one in rows[:ITEMS]} == {team[0]}
    assert rows[0].checked_at < FieldEntry.objects.get(result=rows[0]).received_at, "when it was seen, not when it came"
    photos = list(Evidence.objects.about(rows[2]))
    assert len(photos) == PHOTOS == Evidence.objects.count() and FieldEntry.objects.count() == ITEMS + PHOTOS
    first = Image.open(evidence_path(photos[0].sha256))
    assert first.size == (800, 1600), "made smaller and upright"
    assert first.getexif().get(ExifTags.Base.Orientation, 1) == 1
    assert first.getexif().get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] == "2026:03:05 14:30:00"


def test_lost_answers_conflicts_and_a_log_in_that_ended(
    phone: Phone, live_server: LiveServer, client: Client, forty: Visit, team: list[User]
) -> None:
    first, second, third = forty.results.all()[:3]
    page = phone()
    enter(page, client, team[0], live_server.url)
    page.goto(f"{PAGE}#{forty.pk}")
    ready(page)

    # The server has taken it, but the telephone never hears so; the answer is even changed before it is sent again.
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/answers/", lose, times=1)
    choose(page, 1, "合格")
    expect(page.locator("#unsent")).to_contain_text("没有网络")
    assert VisitResult.objects.get(pk=first.pk).outcome == "passed"
    choose(page, 1, "不涉及")
    sent(page)
    assert VisitResult.objects.get(pk=first.pk).outcome == "na"

    # Meanwhile somebody else answers two items: both answers are shown, and the officer chooses.
    page.context.set_offline(True)
    choose(page, 2, "合格")
    choose(page, 3, "合格")
    theirs = {second.pk: Answer("failed", "没有签字"), third.pk: Answer("na")}
    fill_results(by=team[1], visit=forty, answers=theirs)
    page.context.set_offline(False)
    both = item(page, 2).locator("[data-part=conflict]")
    expect(both).to_contain_text("不合格：没有签字")
    expect(both).to_contain_text("赵科长")
    assert set(VisitResult.objects.filter(pk__in=theirs).values_list("outcome", flat=True)) == {"failed", "na"}
    both.get_by_role("button", name="保留系统里的").click()
    item(page, 3).get_by_role("button", name="用我填的").click()
    sent(page)
    expect(item(page, 2).get_by_label("情况")).to_have_value("没有签字")
    outcomes = dict(VisitResult.objects.filter(pk__in=theirs).values_list("pk", "outcome"))
    assert outcomes == {second.pk: "failed", third.pk: "passed"}

    # The log-in ends underground; a fault waits for its words.
    enter(page, client, None, live_server.url)
    choose(page, 4, "不合格")
    expect(page.locator("#unsent-list")).to_contain_text("请写明问题，写好后上传。")
    item(page, 4).get_by_label("情况").fill("接地不良")
    expect(page.locator("#unsent")).to_contain_text("登录已失效")
    enter(page, client, team[0], live_server.url)
    page.reload()
    ready(page)
    assert forty.results.get(position=4).words == "接地不良"


def test_another_person_on_the_same_telephone(
    phone: Phone, live_server: LiveServer, client: Client, forty: Visit, team: list[User]
) -> None:
    page = phone()
    enter(page, client, team[0], live_server.url)
    page.goto(f"{PAGE}#{forty.pk}")
    ready(page)
    page.context.set_offline(True)
    choose(page, 1, "不合格")
    item(page, 1).get_by_label("情况").fill("瓦斯传感器被包住")
    expect(page.locator("#unsent")).to_contain_text("还有1项没有上传")
    # Before the network is back: the page sends what waits as soon as it hears of it.
    page.route("**/answers/", lambda route: route.abort())
    page.context.set_offline(False)

    # Logged out: without a network the page tells nothing of the visit, only that something waits.
    page.goto("/inspections/")
    page.locator("details.account summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/login/**")
    page.context.set_offline(True)
    page.goto(PAGE)
    expect(page.locator("#view")).to_contain_text("请先登录")
    expect(page.locator("#others")).to_contain_text("还有陈执法的1项内容没有上传")
    assert "瓦斯传感器" not in page.content() and "石门煤矿" not in page.content()

    page.context.set_offline(False)
    page.unroute("**/answers/")
    enter(page, client, team[1], live_server.url)
    page.goto("/inspections/")
    page.goto(f"{PAGE}#{forty.pk}")
    ready(page)
    assert "瓦斯传感器" not in page.content() and not FieldEntry.objects.exists()

    enter(page, client, team[0], live_server.url)
    page.goto("/inspections/")
    expect(page.locator("#field-note")).to_contain_text("还有 1 项")
    page.goto(PAGE)
    ready(page)
    assert forty.results.get(position=1).words == "瓦斯传感器被包住"
    assert FieldEntry.objects.get().by == team[0]
