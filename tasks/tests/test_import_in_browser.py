"""The import of a plan as a person walks it, in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tasks.models import Campaign, PlanImport
from tasks.plans.tests.plan_files import shared_plans
from tasks.plans.tests.writers import parts_of, to_docx
from tasks.services.comparisons import norm
from tasks.tests.importing import PLAN
from tasks.tests.test_import_pages import WRITTEN
from units.models import UnitAlias
from units.tests.people import County
from units.tests.test_in_browser import log_in

NARROW = {"width": 390, "height": 844}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "青岚县整治方案.docx"
    path.write_bytes(to_docx(parts_of(PLAN)))
    return path


def hand_in(page: Page, address: str, path: Path) -> None:
    page.goto(f"{address}/imports/new/")
    page.get_by_label("把文件拖到这里").set_input_files(path)
    page.get_by_role("button", name="上传并读取").click()


def test_from_a_word_file_to_a_campaign(page, live_server, staff, county: County, document: Path):
    log_in(page, live_server.url, "staff.wang")
    hand_in(page, live_server.url, document)
    expect(page.get_by_text("共 4 项任务")).to_be_visible()

    # A field shows its words in the source, and words of the source show their task.
    page.locator("#task-0").get_by_text("县能源局").click()
    expect(page.locator("#source mark")).to_have_text("县能源局")
    page.locator("#source p", has_text="每半年组织一次").click()
    expect(page.locator("#task-3")).to_have_class("draft-task here")

    # Correct in place: a title, one more unit than there were lines, and a fault that is told.
    line = page.locator("#task-2")
    line.get_by_role("link", name="修改").click()
    expect(page.locator("#source mark").first).to_contain_text("严查重大隐患")
    line.get_by_label("标题").fill("严查严惩重大隐患")
    line.get_by_label("单位名称").nth(1).fill("县应急管理局")
    line.get_by_label("单位名称").nth(2).fill("石门镇人民政府")
    line.get_by_label("日期", exact=True).first.fill("")
    line.get_by_role("button", name="保存").click()
    expect(line.get_by_text("请选日期")).to_be_visible()
    expect(line.get_by_label("单位名称").nth(2)).to_have_value("石门镇人民政府")
    line.get_by_label("日期", exact=True).first.fill("2026-10-31")
    line.get_by_role("button", name="保存").click()
    expect(line).to_contain_text("严查严惩重大隐患")
    expect(line).to_contain_text("2026-10-31")
    expect(line).to_contain_text("已修改")

    # Split where the caret stands, merge back, strike out and take back.
    first = page.locator("#task-0")
    first.get_by_role("link", name="修改").click()
    text = first.get_by_label("任务内容")
    text.evaluate(
        "box => { box.focus(); box.setSelectionRange(12, 12); box.dispatchEvent(new Event('select', {bubbles: true})); }"
    )
    expect(first.get_by_label("从哪里拆开").locator("option:checked")).to_contain_text("光标处")
    first.get_by_role("button", name="从这里拆开").click()
    expect(page.locator("#counts")).to_contain_text("共 5 项任务")
    first.get_by_role("link", name="修改").click()
    first.get_by_role("button", name="与下一项合并").click()
    expect(page.get_by_text("已并入上一项")).to_be_visible()
    page.locator("#task-3").get_by_role("link", name="修改").click()
    page.locator("#task-3").get_by_role("button", name="删去这一项").click()
    page.locator("#task-3").get_by_role("button", name="找回").click()
    expect(page.locator("#counts")).to_contain_text("共 4 项任务")

    # Come back another day: nothing is lost.
    page.goto(f"{live_server.url}/imports/")
    page.get_by_role("link", name="青岚县整治方案.docx").click()
    expect(page.locator("#task-2")).to_contain_text("严查严惩重大隐患")

    page.get_by_role("link", name="下一步：对应单位").click()
    page.get_by_label("县能源管理部对应的其他单位").fill("青岚县能源局")
    page.get_by_role("button", name="保存，下一步").click()
    expect(page.get_by_text("派给单位的事项")).to_be_visible()
    page.get_by_role("button", name="确认，建立行动").click()
    campaign = Campaign.objects.get()
    expect(page).to_have_url(live_server.url + campaign.get_absolute_url())
    expect(page.get_by_role("heading", name="青岚县矿山安全专项整治实施方案")).to_be_visible()
    assert campaign.tasks.filter(title="严查严惩重大隐患").exists()
    assert UnitAlias.objects.get().unit == county.energy


@pytest.mark.once
def test_words_in_a_written_table_are_marked_in_their_cell(page, live_server, staff, tmp_path: Path):
    path = tmp_path / "清单.md"
    path.write_text(WRITTEN, encoding="utf-8")
    log_in(page, live_server.url, "staff.wang")
    hand_in(page, live_server.url, path)
    unit = page.locator(".draft-task", has_text="每月组织").get_by_text("县能源局")
    unit.click()
    expect(page.locator("#source td mark")).to_have_text("县能源局")
    page.locator("#source td", has_text="逐矿登记").click()
    expect(page.locator(".draft-task.here")).to_contain_text("逐矿登记")
    expect(page.locator("#source td mark")).to_have_text("逐矿登记隐患并建立台账。")


@pytest.mark.once
def test_watching_a_real_worker_read(page, live_server, staff, document: Path, celery_worker_process):
    log_in(page, live_server.url, "staff.wang")
    hand_in(page, live_server.url, document)
    expect(page.locator("#source")).to_be_visible()
    assert PlanImport.objects.get().job.state == "done"


@pytest.mark.once
def test_on_a_phone_source_and_tree_are_two_tabs(page, live_server, staff, document: Path):
    page.set_viewport_size(NARROW)
    log_in(page, live_server.url, "staff.wang")
    hand_in(page, live_server.url, document)
    expect(page.locator("#draft")).to_be_visible()
    expect(page.locator("#source")).to_be_hidden()
    page.locator("#task-0").get_by_text("县能源局").click()
    expect(page.locator("#source mark")).to_be_in_viewport()
    page.get_by_text("读出的内容", exact=True).click()
    expect(page.locator("#task-0")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_javascript_a_plan_is_read_corrected_and_confirmed(browser, live_server, staff, document: Path):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    log_in(page, live_server.url, "staff.wang")
    hand_in(page, live_server.url, document)
    page.locator("#task-1").get_by_role("link", name="修改").click()
    page.get_by_label("标题").fill("每月自查自改")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#task-1")).to_contain_text("每月自查自改")
    page.get_by_role("link", name="下一步：对应单位").click()
    page.get_by_role("button", name="保存，下一步").click()
    page.get_by_role("button", name="确认，建立行动").click()
    expect(page.get_by_role("heading", name="青岚县矿山安全专项整治实施方案")).to_be_visible()
    context.close()


@pytest.mark.skipif(not shared_plans(), reason="no shared plans: set CAMPAIGN_TRACKER_PLANS to their folder")
@pytest.mark.parametrize("path", shared_plans() or [None], ids=lambda path: path.name[:3] if path else "none")
def test_the_shared_plans_from_upload_to_campaign(page, live_server, staff, path: Path):
    log_in(page, live_server.url, "staff.wang")
    hand_in(page, live_server.url, path)
    row = PlanImport.objects.get()
    page.goto(live_server.url + reverse("tasks:import_confirm", args=[row.pk]))
    page.get_by_role("button", name="确认，建立行动").click()
    campaign = Campaign.objects.get()
    expect(page).to_have_url(live_server.url + campaign.get_absolute_url())
    gold = path.parent.parent / "gold" / f"plan_{path.name[:3]}.json"
    compare_with_gold(campaign, gold)


def compare_with_gold(campaign: Campaign, gold: Path) -> None:
    """What stands in the database against what people read in the same document."""
    expected = json.loads(gold.read_text(encoding="utf-8"))
    leaves = [task for task in expected["tasks"] if not task.get("children") and not task.get("optional")]
    stored = [(norm(task.text), task) for task in campaign.tasks.filter(is_parent=False)]
    found = {
        task["id"]: next((row for text, row in stored if text.startswith(norm(task["text_start"]))), None)
        for task in leaves
    }
    assert [ref for ref, row in found.items() if row is None] == []
    assert campaign.stages.count() == len(expected["stages"])
    units = kept = agreed = 0
    for task in leaves:
        row = found[task["id"]]
        names = {
            norm(form) for r in row.responsibilities.filter(is_blanket=False) for form in (r.printed_name, r.expanded)
        }
        units += len(task["units"])
        kept += row.responsibilities.filter(is_blanket=False).count()
        agreed += sum(norm(u["name"]) in names or norm(u.get("expanded")) in names for u in task["units"])
    assert agreed >= 0.98 * units
    assert kept <= 1.02 * units
    wanted = {(task["id"], d["date"]) for task in leaves for d in task["deadlines"] if d["kind"] == "date"}
    dated = {(ref, d.date.isoformat()) for ref, row in found.items() for d in row.deadlines.all() if d.date}
    assert len(wanted ^ dated) <= max(1, len(wanted) // 50)
