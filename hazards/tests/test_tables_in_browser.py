"""Further main paths of the register in a real browser: a file comes in, a listing runs and is lifted, a sign is judged,
and a hazard is entered at the bureau's desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hazards.models import Hazard, Listing, LookBack, Sign
from hazards.tests.tables import workbook
from hazards.tests.test_life import major as major
from hazards.tests.test_life import prove_all, to_awaiting
from hazards.tests.test_life_in_browser import (
    DESK,
    PHONE,
    Sit,
    fits,
    press,
    said,
)
from hazards.tests.test_life_in_browser import complaints as complaints
from hazards.tests.test_life_in_browser import media as media
from hazards.tests.test_life_in_browser import sit as sit
from hazards.tests.test_listing import close
from hazards.tests.test_look_backs import closed as closed
from tasks.models import Assignment, Campaign, Task
from units.models import Unit, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_register_comes_in_with_its_wrong_rows_shown(
    sit: Sit, county: Any, coal_mine: Unit, staff: User, complaints: list[str]
) -> None:
    file = workbook(
        [
            ["单位", "存在问题", "部位", "检查日期", "级别", "隐患来源", "限期"],
            ["石门煤矿", "皮带护罩缺失", "3号皮带巷", "2026.3.5", "一般", "监管检查", "2026.3.20"],
            ["没有这座矿", "信号灯不亮", "副井", "2026.3.5", "一般", "监管检查", "2026.3.20"],
            ["石门煤矿", "风门关不严", "回风巷", "三月初", "一般", "监管检查", "2026.3.20"],
        ]
    )
    desk = sit(staff, DESK)
    desk.goto("/hazards/import/")
    sheet = {"name": "台账.xlsx", "mimeType": "application/octet-stream", "buffer": file.read()}
    desk.get_by_label("Excel、WPS 或 CSV 文件").set_input_files(sheet)  # type: ignore[arg-type]
    press(desk, "上传")
    expect(desk.get_by_label("存在问题")).to_have_value("description")
    expect(desk.get_by_label("部位")).to_have_value("place")
    press(desk, "检查全部内容")
    errors = desk.locator("#errors")
    expect(errors).to_contain_text("没有这座矿")
    expect(errors).to_contain_text("三月初")
    assert not Hazard.objects.exists()
    press(desk, "确认写入")
    said(desk, "已写入隐患台账")
    assert Hazard.objects.get().description == "皮带护罩缺失"
    expect(desk.get_by_role("link", name="下载有误的行")).to_be_visible()
    desk.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert fits(desk) and complaints == []


def test_a_listing_from_its_notice_to_its_lifting(
    sit: Sit, major: Hazard, clerk: User, staff: User, second_staff: User, inspector: User, complaints: list[str]
) -> None:
    today = timezone.localdate()
    desk = sit(staff, DESK)
    desk.goto(major.get_absolute_url())
    desk.locator("#listing").get_by_role("link", name="挂牌督办").click()
    due_on = (today + dt.timedelta(days=120)).isoformat()
    desk.get_by_label("整改期限").first.fill(due_on)
    press(desk, "挂牌并生成通知")
    said(desk, "已挂牌督办")
    listing = Listing.objects.get()

    phone = sit(clerk, PHONE)
    phone.goto(listing.get_absolute_url())
    phone.get_by_role("link", name="申请延期").click()
    phone.get_by_label("申请延至").fill((today + dt.timedelta(days=150)).isoformat())
    phone.get_by_label("理由").fill("设备未到")
    assert fits(phone)
    press(phone, "提交申请")
    said(phone, "申请已提交")

    desk.goto("/")
    desk.locator("#listings").get_by_role("link", name=major.place).click()
    press(desk, "同意延期")
    said(desk, "挂牌督办中")

    prove_all(major, clerk, inspector, today)
    to_awaiting(major, clerk, today)
    phone.goto(listing.get_absolute_url())
    press(phone, "申请验收摘牌")
    said(phone, "待验收")
    close(major, inspector, second_staff, today)
    desk.goto(listing.get_absolute_url())
    desk.get_by_role("link", name="登记现场验收").click()
    desk.get_by_label("陈执法").check()
    desk.get_by_label("王科员").check()
    desk.get_by_label("验收意见").fill("已经消除")
    desk.get_by_label("合格，摘牌", exact=True).check()
    press(desk, "提交验收结论")
    said(desk, "已摘牌")
    with desk.expect_download() as download:
        desk.get_by_role("row", name="摘牌通知").get_by_role("link", name="Word").click()
    assert download.value.suggested_filename.startswith("摘牌通知") and complaints == []


def test_a_sign_is_judged_and_the_hazard_looked_at_again(
    sit: Sit, closed: Hazard, staff: User, second_staff: User, complaints: list[str]
) -> None:
    Sign.objects.create(hazard=closed, kind="copied_words", key="x", words="整改说明与另一条隐患逐字相同")
    desk = sit(staff, DESK)
    desk.goto("/")
    desk.get_by_role("link", name="整改疑点待判断").first.click()
    desk.get_by_role("link", name="整改说明雷同").click()
    desk.get_by_label("可疑").check()
    desk.get_by_label("说明").fill("照片看不出更换了什么")
    press(desk, "保存判断")
    desk.locator("#next").get_by_role("link", name="安排回头看").click()
    expect(desk.get_by_label("安排理由")).to_have_value("整改说明雷同：照片看不出更换了什么")
    press(desk, "安排")
    said(desk, "已安排回头看")

    field = sit(second_staff, PHONE)
    field.goto("/")
    field.get_by_role("link", name="待回头看").first.click()
    field.get_by_role("link", name=closed.number).click()
    field.get_by_label("王科员").check()
    field.get_by_label("看到的情况").fill("防护罩已被拆下")
    field.get_by_label("整改不属实，或已经反弹").check()
    assert fits(field)
    press(field, "提交结果")
    said(field, "已退回重新整改")
    assert LookBack.objects.get().holds is False
    assert "复查退回" in (field.locator("h1").inner_text())
    assert fits(field) and complaints == []


def test_the_bureau_finds_a_mine_by_its_first_letters(
    sit: Sit, county: Any, coal_mine: Unit, catalogue: Any, staff: User, complaints: list[str]
) -> None:
    campaign = Campaign.objects.create(region=county.region, title="治本攻坚", created_by=staff)
    task = Task.objects.create(campaign=campaign, position=1, ref="1", title="皮带防护排查")
    Assignment.objects.create(region=county.region, campaign=campaign, task=task, unit=coal_mine)
    desk = sit(staff, DESK)
    desk.goto("/hazards/new/")
    desk.get_by_label("查找矿山").press_sequentially("smmk")
    expect(desk.locator("#mine-choices")).to_contain_text("找到1座")
    desk.locator("#id_mine").select_option(label="石门煤矿")
    expect(desk.locator("#clause-choices")).to_contain_text("主要通风机没有备用")
    desk.locator("summary", has_text="更多内容").click()
    expect(desk.locator("#task-choices")).to_contain_text("皮带防护排查")
    desk.get_by_label("所属行动任务").select_option(str(task.pk))
    desk.get_by_label("责任人", exact=False).last.fill("孙队长")
    desk.get_by_label("地点").fill("3号皮带巷")
    desk.get_by_label("隐患内容").fill("防护罩缺失")
    press(desk, "登记")
    said(desk, "已登记")
    found = Hazard.objects.get()
    assert (found.task, found.mine, found.responsible_person) == (task, coal_mine, "孙队长") and complaints == []
