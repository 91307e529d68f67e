"""A unit that is late climbs the ladder over two weeks, in a browser: reminders to its people, then a paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from supervision.services.reminders import run_reminders
from supervision.tests.conftest import MONDAY, at, days
from tasks.models import DueItem
from units.models import User


class Desk:
    """One person's browser after another."""

    def __init__(self, live_server: LiveServer, page: Page) -> None:
        self.live_server, self.page = live_server, page

    def open(self, who: User, address: str) -> Page:
        client = Client()
        client.force_login(who)
        cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.live_server.url}
        self.page.context.clear_cookies()
        self.page.context.add_cookies([cookie])
        self.page.goto(self.live_server.url + address)
        return self.page


def clock_runs(first: dt.date, last: dt.date) -> None:
    """Let the run of every morning in between happen."""
    for ahead in range((last - first).days + 1):
        run_reminders(now=at(first + days(ahead)))


@pytest.mark.django_db(transaction=True)
def test_a_late_unit_climbs_the_ladder(
    county: Any,
    item: DueItem,
    clerk: User,
    mine_head: User,
    township_liaison: User,
    staff: User,
    leader: User,
    live_server: LiveServer,
    page: Page,
) -> None:
    desk = Desk(live_server, page)
    thing = f"/assignments/{item.assignment_id}/"

    # The first day after: the mine's head and the township know.
    clock_runs(MONDAY - days(14), MONDAY + days(1))
    with time_machine.travel(at(MONDAY + days(1), 10)):
        shown = desk.open(township_liaison, "/")
        expect(shown.locator(".bell-count")).to_contain_text("1")
        shown.locator(".bell").click()
        row = shown.get_by_role("row", name="第1项排查整治任务")
        expect(row).to_contain_text("逾期1个工作日")
        expect(row).to_contain_text("石门煤矿")

    # The third: the section sees it, and a prompt is proposed, written, approved by the leader and sent.
    clock_runs(MONDAY + days(2), MONDAY + days(3))
    with time_machine.travel(at(MONDAY + days(3), 10)):
        shown = desk.open(staff, "/letters/proposals/")
        shown.get_by_role("button", name="拟提示函").click()
        shown.wait_for_url("**/letters/*/")
        letter = shown.url.removeprefix(live_server.url).split("?")[0]
        desk.open(leader, letter).get_by_role("button", name="审签同意").click()
        desk.open(staff, letter).get_by_role("button", name="编号发出").click()
        expect(shown.locator("main")).to_contain_text("提〔2026〕1号")
        desk.open(clerk, letter).get_by_role("button", name="签收").click()

    # A week and a half: the leader knows. The prompt was not answered in time, and the next paper is proposed.
    clock_runs(MONDAY + days(4), MONDAY + days(14))
    with time_machine.travel(at(MONDAY + days(14), 10)):
        expect(desk.open(leader, "/inbox/").get_by_role("row", name="第1项排查整治任务")).to_contain_text(
            "逾期7个工作日"
        )
        expect(desk.open(staff, "/letters/proposals/").get_by_role("button", name="拟督办函")).to_be_visible()

        # All of it stands on the page of the thing itself.
        ladder = desk.open(staff, thing).locator("#reminders")
        for words in ("到期前7个工作日", "到期当日", "逾期1个工作日", "郑乡联", "逾期7个工作日", "周县长"):
            expect(ladder).to_contain_text(words)
        expect(ladder).to_contain_text("逾期15个工作日")
        expect(ladder).to_contain_text("下一次")
        expect(shown.locator("#loop")).to_contain_text("提〔2026〕1号")

    # Handed in: the ladder ends.
    DueItem.objects.filter(pk=item.pk).update(state=DueItem.State.REPORTED)
    clock_runs(MONDAY + days(15), MONDAY + days(40))
    with time_machine.travel(at(MONDAY + days(40), 10)):
        expect(desk.open(staff, thing).locator("#reminders")).not_to_contain_text("逾期15个工作日")
