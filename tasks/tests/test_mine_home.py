"""The first page tells a mine's people what its file owes, and the bureau what waits for it about mines."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.utils import timezone

from mines.models import HiddenCause, Licence
from mines.services.file import open_confirmations, open_file, save_file
from mines.services.suspension import suspend_mine


def first_page(user) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/").content.decode()


def test_heaps_about_files_and_standstills(county, staff, clerk, sister_clerk):
    today = timezone.localdate()
    since = today - dt.timedelta(days=400)
    mine = open_file(by=staff, unit=county.mine, mine_type="coal_underground", state_since=since)
    assert "本月档案待确认" not in first_page(clerk)
    open_confirmations()
    Licence.objects.create(mine=mine, kind="safety", number="安许1号", expires_on=today, renew_by=today)
    for area, days in (("一采区", 10), ("二采区", 100)):
        HiddenCause.objects.create(
            mine=mine, area=area, kind="goaf", surveyed_on=since, found="积水", treatment="疏放",
            due_on=today + dt.timedelta(days=days),
        )  # fmt: skip
    shown = first_page(clerk)
    for words in ("本月档案待确认 <b>1</b>", "证照待延期 <b>1</b>", "隐蔽致灾因素待治理 <b>1</b>"):
        assert words in shown
    assert "证照待延期" not in first_page(sister_clerk) and "停产名单待上报" not in first_page(staff)
    save_file(by=clerk, mine=mine, gas_grade="high")
    suspend_mine(by=staff, mine=mine, kind="planned", reason="检修", since=today, measures="值守")
    shown = first_page(staff)
    assert "档案修改待核定 <b>1</b>" in shown and "停产名单待上报 <b>1</b>" in shown
