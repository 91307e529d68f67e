"""The audit page: every act of every account, refusals and files too, and the proof that no line was changed."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client

from common.history import history_of, record
from common.models import Event, Job
from common.seals import seal_history, verify_history
from common.tests.isolation import remove_triggers
from units.models import Role
from units.tests.people import PASSWORD, person

pytestmark = pytest.mark.django_db
DESK = "10.66.7.8"


def visitor(account) -> Client:
    found = Client(REMOTE_ADDR=DESK)
    found.post("/login/", {"username": account.username, "password": PASSWORD})
    return found


def lines(client: Client, **wanted: str) -> list[dict[str, str]]:
    """The audit as the table that is exported."""
    answer = client.get("/audit/", {**wanted, "export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_an_auditor_reads_who_came_who_was_refused_and_who_took_what(auditor, staff, clerk, county):
    Client(REMOTE_ADDR=DESK).post("/login/", {"username": clerk.username, "password": "wrong"})
    for _ in range(3):
        Client(REMOTE_ADDR=DESK).post("/login/", {"username": "Nobody-Secret-1", "password": "x"})
    office, mine = visitor(staff), visitor(clerk)
    b"".join(office.get("/units/", {"q": "石门", "export": "csv"}).streaming_content)
    assert mine.get("/accounts/").status_code == 403
    assert mine.get("/accounts/").status_code == 403, "told once a minute"
    assert office.get("/audit/").status_code == 403
    office.post("/units/new/", {"name": "南沟煤矿", "kind": "mine", "region": county.town.pk})
    desk = visitor(auditor)
    page = desk.get("/audit/").content.decode()
    assert "新建单位" in page and DESK in page and "历史记录还没有核对过" in page
    [taken] = lines(desk, kind="file", actor=str(staff.pk))
    assert taken["操作人"] == "王科员" and "单位" in taken["内容"] and "q=石门" in taken["内容"]
    assert taken["网络地址"] == DESK
    failed = lines(desk, kind="failure")
    assert [(line["操作人"], line["动作"], line["对象"]) for line in failed] == [
        ("王科员", "操作被拒绝", "王科员"),
        ("刘填报", "操作被拒绝", "刘填报"),
        ("系统", "登录失败", "没有这个登录名"),
        ("系统", "登录失败", "刘填报"),
    ]
    assert "GET /accounts/" in failed[1]["内容"]
    assert "Nobody-Secret" not in str(lines(desk)), "it may be a password in the wrong field"
    [made] = lines(desk, verb="新建单位")
    assert made["对象"] == "南沟煤矿" and "类别：空 → 矿山" in made["内容"]
    assert {line["操作人"] for line in lines(desk, kind="door", q="王")} == {"王科员"}
    assert lines(desk, address="10.66.") and not lines(desk, address="10.77.")
    assert not lines(desk, at_before="2020-01-01")


def test_an_act_that_is_refused_by_the_rules_is_told(admin, county):
    desk = visitor(admin)
    desk.post(f"/accounts/{admin.pk}/act/", {"act": "disable"})
    [refused] = lines(desk, kind="failure")
    assert "POST" in refused["内容"] and "不能停用自己的账号" in refused["内容"]


def test_another_county_reads_its_own(admin, clerk, stranger, county):
    other = person("admin.bai", "白管理", Role.BUREAU_ADMIN, county.other_bureau)
    for account in (clerk, stranger):
        record("user.changed", account, by=account, note="改了")
        record("user.locked_out", account, by=None)
    seen = {(line["操作人"], line["对象"]) for line in lines(visitor(other), noun="", q="")}
    assert (stranger.name, stranger.name) in seen and ("系统", stranger.name) in seen
    assert not {pair for pair in seen if clerk.name in pair}
    assert {line["对象"] for line in lines(visitor(admin), verb="登录被暂停")} == {clerk.name}


def test_the_history_is_checked_from_the_page_and_a_changed_address_is_found(
    auditor, clerk, django_capture_on_commit_callbacks
):
    desk = visitor(auditor)
    seal_history()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post("/audit/check/")
    assert Job.objects.get().result["url"] == "/audit/"
    page = desk.get("/audit/").content.decode()
    assert "历史记录完好" in page and verify_history().last_digest in page
    assert history_of(auditor).filter(verb="user.history_checked").exists()
    remove_triggers(connection)
    Event.objects.filter(address=DESK).update(address="10.0.0.1")
    with django_capture_on_commit_callbacks(execute=True):
        desk.post("/audit/check/")
    page = desk.get("/audit/").content.decode()
    assert "历史记录有问题" in page and "被改动" in page
    assert visitor(clerk).post("/audit/check/").status_code == 403


def test_a_page_of_the_audit_costs_the_same_for_two_acts_and_for_many(
    auditor, staff, clerk, django_assert_max_num_queries
):
    desk = visitor(auditor)
    desk.get("/audit/")
    for number in range(30):
        record("user.changed", clerk, by=staff, before={"duty": str(number)}, after={"duty": "队长"})
    with django_assert_max_num_queries(15):
        desk.get("/audit/")
