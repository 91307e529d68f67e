"""The main path of a visit in a real browser: seen on a phone, ordered and approved at desks, closed by the signed scan."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hazards.models import Hazard
from hazards.tests.test_life_in_browser import DESK, PHONE, Sit, fits, photo, press, said
from hazards.tests.test_life_in_browser import complaints as complaints
from hazards.tests.test_life_in_browser import media as media
from hazards.tests.test_life_in_browser import sit as sit
from inspections.models import Checklist, Document, Visit
from units.models import Unit, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_gate_to_the_signed_recheck(
    sit: Sit, coal_mine: Unit, team: list[User], staff: User, checklist: Checklist, complaints: list[str]
) -> None:
    inspector, today = team[0], timezone.localdate()
    phone = sit(inspector, PHONE)
    phone.goto(f"/inspections/new/?mine={coal_mine.pk}")
    phone.get_by_label("检查表").select_option(label=str(checklist))
    phone.get_by_label("检查地点").fill("3号皮带巷")
    phone.get_by_label("赵科长").check()
    assert fits(phone)
    press(phone, "开始检查")
    said(phone, "检查已开始")
    visit = Visit.objects.get()
    for result, outcome in zip(visit.results.all(), ("合格", "不涉及", "不合格"), strict=True):
        phone.locator(f"#item-{result.pk}").get_by_label(outcome, exact=True).check()
    last = phone.locator(f"#item-{result.pk}")
    last.get_by_label("情况").fill("一台甲烷传感器过期3天")
    last.locator("input[type=file]").set_input_files([photo("传感器.jpg")])
    assert fits(phone)
    press(phone, "保存")
    said(phone, "全部填写完了")
    phone.goto(visit.get_absolute_url())
    expect(phone.locator(".evidence img")).to_have_count(1)
    phone.get_by_role("link", name="登记为隐患（1）").click()
    assert fits(phone)
    press(phone, "全部登记")
    said(phone, "已登记1条隐患")
    phone.get_by_role("link", name="填写检查情况").click()
    phone.get_by_label("检查情况").fill("逐项核对，发现一处问题。")
    press(phone, "保存")
    press(phone, "完成检查")
    expect(phone.locator("h1")).to_contain_text("已完成")

    desk, approver = sit(inspector, DESK), sit(staff, DESK)
    record = drafted(desk, visit, "现场检查记录")
    approved(desk, approver, record)
    order = drafted(desk, visit, "责令限期整改指令书", 期限=today.isoformat())
    expect(desk.locator("table").filter(has_text="问题隐患")).to_contain_text("1")
    expect(desk.locator("table").filter(has_text="问题隐患")).to_contain_text("3号皮带巷：一台甲烷传感器过期3天")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Word").click()
    assert download.value.suggested_filename.startswith("责令限期整改指令书")

    desk.goto(visit.get_absolute_url())
    expect(desk.get_by_role("link", name="整改复查意见书")).to_have_count(0)
    answer = desk.goto(f"{visit.get_absolute_url()}documents/recheck/")
    assert answer is not None and answer.status == 409
    expect(desk.locator("main")).to_contain_text("签发以后，才能起草整改复查意见书")
    refused = [line for line in complaints if "409" in line]
    complaints[:] = [line for line in complaints if line not in refused]

    approved(desk, approver, order)
    recheck = drafted(desk, visit, "整改复查意见书")
    approved(desk, approver, recheck)
    desk.goto(recheck.get_absolute_url())
    expect(desk.locator("table").filter(has_text="复查情况")).to_contain_text("未完成整改")
    desk.get_by_role("link", name="上传签字扫描件").click()
    desk.get_by_label("签字盖章扫描件").set_input_files([photo("复查.jpg")])
    desk.get_by_label("签收人").fill("何矿长")
    desk.get_by_label("签收日期").fill(today.isoformat())
    press(desk, "归档")
    expect(desk.locator("h1")).to_contain_text("已归档")
    assert Document.objects.get(kind="recheck").state == "closed" and Hazard.objects.count() == 1
    desk.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert fits(desk) and complaints == []


def drafted(page: Any, visit: Visit, label: str, **fields: str) -> Document:
    """Draft a document by its button on the page of the visit."""
    page.goto(visit.get_absolute_url())
    page.get_by_role("link", name=label, exact=True).click()
    for name, value in fields.items():
        page.get_by_label(name).first.fill(value)
    press(page, "保存草稿")
    said(page, "草稿已保存")
    made: Document = Document.objects.order_by("-pk")[0]
    return made


def approved(desk: Any, approver: Any, document: Document) -> None:
    """Handed in by the one, approved by the other."""
    desk.goto(document.get_absolute_url())
    press(desk, "送审批")
    expect(desk.locator("h1")).to_contain_text("待审批")
    approver.goto(document.get_absolute_url())
    press(approver, "签发")
    expect(approver.locator("h1")).to_contain_text("已签发")
